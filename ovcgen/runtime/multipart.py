"""Write multipart forms in which each part has a content type and headers of its own."""

from __future__ import annotations

from collections.abc import Iterator
from mimetypes import types_map
from pathlib import PurePath
from typing import Any

from .content_type_choice import fits
from .file_and_text_bodies import Part, Written, encoded, file_of, is_file, json_text_of
from .media_types import is_json
from .parameter_styles import Style, explodes, pairs, unchanged
from .styled_parameters import BodySpec, FieldSpec
from .typeguards import is_dict, is_sequence
from .upload import ESCAPES, Multipart, Upload, heading_of
from .urlencoded_forms import USUAL, flat_texts, scalar_text, without_nulls
from .value_encoding import Unsendable


def written_multipart(body: BodySpec, content_type: str, value: Any) -> Written:
    """Return a dict as a multipart form, and its content type with the boundary; `content_type` is not used.

    A list becomes a part for each item, unless `body` declares another style; None, an empty list and an empty dict
    become no part.

    Raises:
        Unsendable: it is no dict, or one of its values can't be written.
    """
    del content_type  # of the caller; ours has the boundary
    if not is_dict(value):
        raise Unsendable("a dict, whose members are the parts of the form")
    declared = dict(body.fields)
    fields: list[tuple[str, str | Upload]] = []
    headings: list[str] = []
    for key, inner in value.items():
        field = declared.get(key, USUAL)
        for name, part in _items(str(key), inner, field):
            content, heading = _written_part(name, part, field)
            fields.append((name, content))
            headings.append(heading)
    written = Multipart(fields, headings)
    return written, written.content_type


def _items(name: str, value: Any, field: FieldSpec) -> Iterator[tuple[str, Part]]:
    """Yield (name, part) of one property: one for each item of a list; none for None."""
    value = without_nulls(value)
    if value is None:
        return
    if field.style or field.explode is not None:
        style = Style(field.style or "form", explodes(field.style or "form", field.explode), unchanged, unchanged)
        yield from ((own, Part(text)) for own, text, _ in pairs(style, name, flat_texts(name, value, style)))
        return
    for item in value if is_sequence(value) else [value]:
        yield name, item if isinstance(item, Part) else Part(item)


def _written_part(name: str, part: Part, field: FieldSpec) -> tuple[str | Upload, str]:
    """Return the content and the headers of one part."""
    value = part.content
    kind = part.content_type or _picked(field.content_type, value)
    content: str | Upload
    if is_file(value):
        content = file_of(value)
        content.name = part.filename or content.name
    elif field.binary:
        raise Unsendable(f"for {name!r} bytes, a pathlib.Path or a file opened in binary mode: it is a file")
    elif is_dict(value) or is_sequence(value) or (kind and is_json(kind)):
        if kind and not is_json(kind):
            raise Unsendable(f"for {name!r} a text or bytes: it is sent as {kind}")
        content, kind = json_text_of(value, f"for {name!r} "), kind or "application/json"
    else:
        content = encoded(scalar_text(value), kind) if kind else scalar_text(value)
        if isinstance(content, Upload):  # in another charset than UTF-8
            return content, _text_heading(name, kind, part, field)
    if isinstance(content, str):
        return content, _text_heading(name, kind, part, field)
    return content, heading_of(name, content, kind) + _more(part, field)


def _text_heading(name: str, kind: str, part: Part, field: FieldSpec) -> str:
    file = f'; filename="{part.filename.translate(ESCAPES)}"' if part.filename else ""
    first, *rest = heading_of(name, "", kind).split("\r\n")
    return "\r\n".join([first + file, *rest]) + _more(part, field)


def _more(part: Part, field: FieldSpec) -> str:
    """Return the further headers of a part as lines."""
    given = {name.lower() for name in part.headers}
    declared = [(name, value) for name, value in field.headers if name.lower() not in given]
    return "".join(f"\r\n{name}: {value}" for name, value in (*declared, *part.headers.items()))


def _picked(declared: str, value: Any) -> str:
    """Return the content type for a value: of several that are declared the one that its file name implies.

    "" if nothing is declared, or a range that leaves it open.
    """
    kinds = [kind.strip() for kind in declared.split(",") if kind.strip()]
    if len(kinds) == 1 and "*" not in kinds[0]:
        return kinds[0]
    guessed = types_map.get(PurePath(file_of(value).name).suffix.lower()) if kinds and is_file(value) else None
    if guessed and any(fits(guessed, kind) for kind in kinds):
        return guessed
    if not is_file(value) and (is_dict(value) or is_sequence(value)):
        return next((kind for kind in kinds if is_json(kind)), "")
    return next((kind for kind in kinds if "*" not in kind), "")
