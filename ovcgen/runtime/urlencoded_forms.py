"""Write URL-encoded forms."""

from __future__ import annotations

from typing import Any

from .file_and_text_bodies import Written, encoded, file_of, is_file, json_text_of
from .media_types import is_json
from .parameter_styles import DEEP, DEEPEST, RESERVED, Style, explodes, form_encoded, parts, with_reserved
from .styled_parameters import BodySpec, FieldSpec
from .typeguards import is_dict, is_sequence
from .value_encoding import Unsendable, dated, text_of

USUAL = FieldSpec()
IN_A_FORM = RESERVED.replace("&", "").replace("=", "").replace("+", "")  # these three have a meaning in a form


def written_form(body: BodySpec, content_type: str, value: Any) -> Written:
    """Return a dict as a URL-encoded form, and `content_type` unchanged. A text counts as a complete form.

    Raises:
        Unsendable: it is neither, or one of its values can't be written.
    """
    if isinstance(value, str):
        return encoded(value, content_type), content_type  # written by the caller
    if not is_dict(value):
        raise Unsendable("a dict, whose members are the fields of the form")
    fields = dict(body.fields)
    written = [
        part
        for name, inner in value.items()
        for part in field_parts(str(name), inner, fields.get(name, USUAL), exploded=body.exploded)
    ]
    return "&".join(written), content_type


def field_parts(name: str, value: Any, field: FieldSpec, *, exploded: bool = False) -> list[str]:
    """Return the encoded `name=value` parts of one property of a URL-encoded form.

    [] for None, an empty list and an empty dict. If `field` declares a style, it decides. Otherwise a list has a part
    for each item, and a dict is one part of JSON. With `exploded`, the members of a dict are parts with names of their
    own, but not if it has lists or dicts inside or `field` has a content type.

    Raises:
        Unsendable: the value can't be written.
    """
    value = without_nulls(value)
    if value is None:
        return []
    if field.style or field.explode is not None or field.reserved:
        return _styled(name, value, field)
    if exploded and is_dict(value) and not field.content_type and is_flat(value):
        style = Style("form", True, form_encoded, form_encoded)
        return parts(style, name, flat_texts(name, value, style))
    items = value if is_sequence(value) else [value]
    return [f"{form_encoded(name)}={form_encoded(property_text(name, item, field.content_type))}" for item in items]


def _styled(name: str, value: Any, field: FieldSpec) -> list[str]:
    """Return the parts of a property that is written like a query parameter."""
    kind = field.style or "form"
    write = _reserved if field.reserved else form_encoded
    style = Style(kind, explodes(kind, field.explode), write, form_encoded)
    texts = deep_texts(value) if field.nested and is_dict(value) else flat_texts(name, value, style)
    return [] if texts is None else parts(style, name, texts)


def deep_texts(value: Any, depth: int = 0) -> Any:
    """Return a copy of a `deepObject` with its scalars as texts, without None, empty lists and empty dicts.

    None if nothing is left. `depth` is the level of `value`; callers leave it at 0.

    Raises:
        Unsendable: a scalar can't be written, or the value has too many levels.
    """
    if depth > DEEPEST:
        raise Unsendable(f"a dict of at most {DEEPEST} levels")
    if is_dict(value):
        members = {str(key): deep_texts(inner, depth + 1) for key, inner in value.items()}
        return {key: inner for key, inner in members.items() if inner is not None} or None
    if is_sequence(value):
        items = [deep_texts(item, depth + 1) for item in value]
        return [item for item in items if item is not None] or None
    return None if value is None else scalar_text(value)


def _reserved(text: str) -> str:
    return with_reserved(text, IN_A_FORM).replace("%20", "+")


def is_flat(value: Any) -> bool:
    """Return whether a value is a scalar, or a list or dict of scalars only."""
    inside = value.values() if is_dict(value) else value if is_sequence(value) else ()
    return not any(is_dict(inner) or is_sequence(inner) for inner in inside)


def without_nulls(value: Any) -> Any:
    """Return a copy of a list or dict without the items or members that are None; None if nothing is left of it.

    Only the first level is searched. Other values are returned unchanged.
    """
    if is_dict(value):
        return {key: inner for key, inner in value.items() if inner is not None} or None
    if is_sequence(value):
        return [item for item in value if item is not None] or None
    return value


def flat_texts(name: str, value: Any, style: Style) -> Any:
    """Return a scalar as text, or a copy of a list or dict with its scalars as texts.

    The result is what `parameter_styles.parts` takes.

    Raises:
        Unsendable: a scalar of the property `name` can't be written, there are lists or dicts inside of the value, or
            it is a list and the style is `deepObject`.
    """
    if not is_flat(value) or (style.name == DEEP and is_sequence(value)):
        raise Unsendable(f"for {name!r} a value without lists or dicts inside: no style can write them")
    if is_dict(value):
        return {str(key): scalar_text(inner) for key, inner in value.items()}
    return [scalar_text(item) for item in value] if is_sequence(value) else scalar_text(value)


def scalar_text(value: Any) -> str:
    """Return a single value of a form as text: strings as they are, dates and UUIDs as text, others as in JSON.

    Raises:
        Unsendable: it can't be written, such as NaN, a datetime without a time zone, or a lone surrogate.
    """
    try:
        text = text_of(dated(value))
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise error if isinstance(error, Unsendable) else Unsendable("what a text can say") from None
    return text


def property_text(name: str, value: Any, content_type: str) -> str:
    """Return one property of a URL-encoded form as text in the media type `content_type`, not yet URL-encoded.

    "" means text for scalars and JSON for lists and dicts. The bytes of a file become Latin-1 characters. `name` is for
    errors.

    Raises:
        Unsendable: the value can't be written in that media type.
    """
    is_structured = is_dict(value) or is_sequence(value)
    if is_json(content_type) if content_type else is_structured:
        return json_text_of(value, f"for {name!r} ")
    if is_structured:
        raise Unsendable(f"a text for {name!r}: it is sent as {content_type}")
    if is_file(value):
        return b"".join(file_of(value)).decode("latin-1")
    return scalar_text(value)
