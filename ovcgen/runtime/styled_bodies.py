"""Write request bodies: choose the media type for a value, and write the value as that type says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .arguments import check_inside, unsendable_error
from .content_type_choice import FORM, JSON, JSON_PATCH, MULTIPART, fits
from .errors import ArgumentError
from .file_and_text_bodies import Part, Written, is_file, json_text_of, written_lines, written_plainly
from .media_types import is_json, plain_type
from .operation import CONTENT_TYPE, ParameterSpec
from .record_parsers import JSON_LINES, JSON_SEQUENCE
from .styled_parameters import BodySpec
from .typeguards import is_dict, is_list, is_sequence
from .upload import Multipart, Upload
from .value_encoding import Unsendable, compact_json

if TYPE_CHECKING:
    from .styled_operation import StyledOperation

ANY_BYTES = "application/octet-stream"


class Payload(NamedTuple):
    """A request body as it is sent.

    Attributes:
        content: The body: a text (sent as UTF-8), or what is read while it is sent.
        content_type: The Content-Type header.
        given: The value that the caller passed, for errors.
    """

    content: str | Upload | Multipart
    content_type: str
    given: Any

    def __repr__(self) -> str:
        return f"<body of {self.content_type}>"


def payload_of(
    operation: StyledOperation, parameter: ParameterSpec, value: object, arguments: Mapping[str, object]
) -> Payload:
    """Return the body to send for a value.

    Args:
        operation: The called operation, which declares the media types.
        parameter: The parameter that is the body.
        value: The value; not None.
        arguments: All arguments of the call; `_content_type` among them chooses the media type. Without it, files go as
            a type that is neither JSON nor a form, dicts with files in them as multipart, lists as a JSON patch if one
            is declared, other values and lists as JSON. If there is no such type, the first declared one is taken.

    Raises:
        ArgumentError: `_content_type` is not declared, only a range such as `*/*` is declared and leaves the type open,
            the value can't be sent as that type, or a form lacks a required field.
    """
    body, content_type = _chosen(operation, value, arguments.get(CONTENT_TYPE))
    if body.required and is_dict(value):
        _check_fields(operation, parameter, body, value)
    kind = plain_type(content_type)
    if parameter.dates and is_json(kind):
        check_inside(operation, parameter, value)
    try:
        if is_json(kind):
            return Payload(compact_json(value), content_type, value)
        content, written_type = writer_of(kind)(body, content_type, value)
        return Payload(content, written_type, value)
    except Unsendable as error:
        raise unsendable_error(operation, parameter, value, str(error)) from None
    except ArgumentError:
        raise
    except (TypeError, ValueError, RecursionError):
        check_inside(operation, parameter, value)
        raise unsendable_error(operation, parameter, value, "what JSON can say") from None


def _check_fields(
    operation: StyledOperation, parameter: ParameterSpec, body: BodySpec, form: Mapping[str, object]
) -> None:
    """Raise ArgumentError if a required field of a form is absent, or if nothing would be sent for its value."""
    from .urlencoded_forms import without_nulls  # only forms need it

    missing = [repr(name) for name in body.required if without_nulls(form.get(name)) is None]
    if missing:
        listed = f"{', '.join(missing[:-1])} and {missing[-1]}" if len(missing) > 1 else missing[0]
        raise ArgumentError(
            f"{operation.name}() needs a value for {listed} in {parameter.key!r}.",
            fix="None and an empty list are the same as leaving it out; pass a value.",
        )


def _chosen(operation: StyledOperation, value: object, wanted: object) -> tuple[BodySpec, str]:
    """Return the declared body and the content type of one call: the caller's `_content_type`, else by the value."""
    bodies = operation.bodies
    if wanted is None:
        body = _by_value(bodies, value)
        return body, _concrete(operation, body.content_type, value)
    if isinstance(wanted, str) and "*" not in wanted:
        fitting = [body for body in bodies if fits(wanted, body.content_type)]
        for body in sorted(fitting, key=lambda body: (body.content_type != wanted, "*" in body.content_type)):
            return body, wanted
    raise ArgumentError(
        f"{operation.name}() does not take {wanted!a:.60} for {CONTENT_TYPE!r}.",
        fix=f"Pass one of {', '.join(body.content_type for body in bodies)}.",
    )


def _by_value(bodies: tuple[BodySpec, ...], value: object) -> BodySpec:
    """Return the body for a value without a choice of the caller.

    Files go as a type that is not structured, dicts with files in them as multipart; other values as JSON if it is
    declared, else as the first type.
    """
    kinds = [plain_type(body.content_type) for body in bodies]
    structured = [is_json(kind) or kind in (FORM, MULTIPART) or "*" in kind for kind in kinds]
    if is_file(value):
        places = [place for place, is_structured in enumerate(structured) if not is_structured]
        places += [place for place, kind in enumerate(kinds) if "*" in kind]
    elif is_dict(value) and any(
        isinstance(part, Part) or is_file(part) for inner in value.values() for part in _each(inner)
    ):
        places = [place for place, kind in enumerate(kinds) if kind == MULTIPART]
    elif is_list(value) and JSON_PATCH in kinds:
        places = [kinds.index(JSON_PATCH)]
    else:
        json_types = [place for place, kind in enumerate(kinds) if is_json(kind)]
        places = [place for place in json_types if kinds[place] != JSON_PATCH] or json_types
    return bodies[places[0] if places else 0]


def _each(value: object) -> list[Any]:
    return list(value) if is_sequence(value) else [value]


def _concrete(operation: StyledOperation, declared: str, value: object) -> str:
    """Return the content type for a declared one, which may be a range.

    Raises:
        ArgumentError: it is a range that leaves open what the value is.
    """
    if "*" not in declared:
        return declared
    usual = ANY_BYTES if is_file(value) else "text/plain" if declared.startswith("text/") else JSON
    if fits(usual, declared):
        return usual
    raise ArgumentError(
        f"{operation.name}() takes a body of {declared}, which says too little.",
        fix=f"Pass the type of yours as {CONTENT_TYPE}.",
    )


def writer_of(kind: str) -> Callable[[BodySpec, str, Any], Written]:
    """Return the function that writes a value as a media type other than JSON.

    `kind` is the media type in lower case without parameters. Unknown types are written by `written_plainly`. The
    arguments of the function are the declared body, the content type and the value. It returns the content and the
    Content-Type header, which may have a boundary, and raises Unsendable.
    """
    if kind == FORM:
        from .urlencoded_forms import written_form

        return written_form
    if kind == MULTIPART:
        from .multipart import written_multipart

        return written_multipart
    is_lines = re.fullmatch(f"{JSON_LINES}|{JSON_SEQUENCE}", kind)
    return written_lines if is_lines else written_plainly


def media_text(media: str, value: Any) -> str:
    """Return the value of a parameter (of one with `content` in OpenAPI 3) as text in the media type `media`.

    Raises:
        Unsendable: the value can't be written in that media type, or only as bytes.
    """
    kind = plain_type(media)
    if is_json(kind):
        return json_text_of(value)
    content, _ = writer_of(kind)(BodySpec(media), media, value)
    if not isinstance(content, str):
        raise Unsendable("a text")
    return content
