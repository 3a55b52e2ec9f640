"""Check the arguments of operations whose parameters have styles, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .arguments import (
    check_required,
    dated_text,
    is_on,
    missing_value_error,
    rule_violation,
    type_violation,
    unsendable_error,
)
from .operation import MISSING, STREAM, ParameterSpec
from .parameter_styles import DEEP, DEEPEST, DEFAULT_STYLES
from .styled_parameters import STREAMED, StyledParameter
from .typeguards import is_bytes, is_dict, is_sequence
from .value_encoding import Unsendable, text_of

if TYPE_CHECKING:
    from .styled_bodies import Payload
    from .styled_operation import StyledOperation

Arguments = Mapping[str, object]
DELIMITED = "texts without ',', which stands between them"
LATIN = "a text of printable Latin-1, as it goes into a header"


def check_styled(operation: StyledOperation, arguments: Arguments) -> list[tuple[ParameterSpec, Any]]:
    """Return the (parameter, value) pairs to send, in document order; the value of a body is a Payload.

    For parameters outside of a body, dates become texts and bytes base64url; None, an empty list and an empty dict
    leave the parameter out, and None leaves out an item or a member. None for a required parameter sends its default,
    if it has one. With `_stream=True` the last pair is (STREAMED, True).

    Raises:
        TypeError: a required keyword is absent, or its value is MISSING.
        ArgumentError: a value can't be sent, or a required parameter would be left out.
    """
    check_required(operation, arguments)
    sent: list[tuple[ParameterSpec, Any]] = []
    for parameter in operation.parameters:
        value = arguments.get(parameter.key)
        if value is None and parameter.required and parameter.default is not MISSING:
            value = parameter.default
        if parameter.place == "body":
            value = None if value is None else _payload(operation, parameter, value, arguments)
        elif value is not None:
            value = _checked(operation, parameter, value)
        if value is not None:
            sent.append((parameter, value))
        elif parameter.required and not parameter.login:
            raise missing_value_error(operation, parameter)
    if operation.streams and is_on(operation, STREAM, arguments):
        sent.append((STREAMED, True))
    return sent


def _payload(operation: StyledOperation, parameter: ParameterSpec, value: object, arguments: Arguments) -> Payload:
    from .styled_bodies import payload_of  # calls without a body do not need it

    return payload_of(operation, parameter, value, arguments)


def _checked(operation: StyledOperation, parameter: ParameterSpec, value: object) -> Any:
    """Return the value to send, with dates as texts; None if nothing is left of it."""
    if value == "" and parameter.empty:
        return value
    if isinstance(parameter, StyledParameter) and (parameter.media or parameter.place == "querystring"):
        return _checked_media(operation, parameter, value)
    if is_dict(value):
        return _checked_members(operation, parameter, value) or None
    if is_sequence(value):
        return _checked_items(operation, parameter, value) or None
    if parameter.kind in ("array", "object"):
        items = f"a list of {parameter.items or 'value'}s"
        raise unsendable_error(operation, parameter, value, items if parameter.kind == "array" else "a dict")
    return _scalar(operation, parameter, parameter.kind, value)


def _checked_items(operation: StyledOperation, parameter: ParameterSpec, value: Any) -> list[Any]:
    if parameter.kind not in ("array", "json"):
        raise unsendable_error(operation, parameter, value, type_violation(parameter.kind, value) or "a single value")
    if _style(parameter) == DEEP and any(item is not None for item in value):
        raise unsendable_error(operation, parameter, value, "a dict: a list has no meaning here")
    kind = parameter.items or "json"
    return [_scalar(operation, parameter, kind, item, among=True) for item in value if item is not None]


def _checked_members(operation: StyledOperation, parameter: ParameterSpec, value: dict[str, Any]) -> dict[str, Any]:
    if parameter.kind not in ("object", "json"):
        raise unsendable_error(operation, parameter, value, type_violation(parameter.kind, value) or "a list")
    if isinstance(parameter, StyledParameter) and parameter.nested:
        return _nested(operation, parameter, value) or {}
    members: dict[str, Any] = {}
    for key, inner in value.items():
        if inner is not None:
            name = _scalar(operation, parameter, "string", key, among=True)
            members[name] = _scalar(operation, parameter, "json", inner, among=True)
    return members


def _nested(operation: StyledOperation, parameter: ParameterSpec, value: object, depth: int = 0) -> Any:
    """Return the checked value, or member, of a `deepObject`, without None inside; None if nothing is left of it."""
    if depth > DEEPEST:
        raise unsendable_error(operation, parameter, value, f"a dict of at most {DEEPEST} levels")
    if is_dict(value):
        members: dict[str, Any] = {}
        for key, inner in value.items():
            written = None if inner is None else _nested(operation, parameter, inner, depth + 1)
            if written is not None:
                members[_scalar(operation, parameter, "string", key, among=True)] = written
        return members or None
    if is_sequence(value):
        items = [_nested(operation, parameter, item, depth + 1) for item in value if item is not None]
        return [item for item in items if item is not None] or None
    return _scalar(operation, parameter, "json", value, among=True)


def _scalar(operation: StyledOperation, parameter: ParameterSpec, kind: str, value: object, among: bool = False) -> Any:
    """Return a single value, or one of several (`among`), with dates as texts.

    Raises:
        ArgumentError: it can't be sent, or it is a list or dict: no style says how to write one inside of another.
    """
    if is_dict(value) or is_sequence(value):
        raise unsendable_error(
            operation, parameter, value, "single values: no style can write lists or dicts inside of another"
        )
    if is_bytes(value) and kind in ("string", "json"):
        from base64 import urlsafe_b64encode  # rare

        plain: Any = urlsafe_b64encode(value).decode()
    elif kind in ("string", "json") and not isinstance(value, str):
        plain = getattr(value, "_wire_text", value)
        plain = dated_text(operation, parameter, plain)
    else:
        plain = value
    own = "string" if kind == "json" and isinstance(plain, str) else kind
    wanted = type_violation(own, plain) or rule_violation(parameter, plain) or _misplaced(parameter, plain, among)
    if wanted:
        raise unsendable_error(operation, parameter, value, wanted)
    return plain


def _style(parameter: ParameterSpec) -> str:
    declared = parameter.style if isinstance(parameter, StyledParameter) else ""
    return declared or DEFAULT_STYLES.get(parameter.place, "form")


def _misplaced(parameter: ParameterSpec, value: object, among: bool) -> str:
    """Return what the value must be by its location, "" if it can stand there."""
    if parameter.place != "header" and _style(parameter) != "cookie":
        return ""
    text = text_of(value)
    if not is_header_text(text):
        return LATIN
    if parameter.place == "cookie" and ";" in text:
        return "a text without ';', which ends a cookie"
    if among and "," in text:
        return DELIMITED
    return ""


def is_header_text(text: str) -> bool:
    """Return whether a text can be the value of a header: Latin-1, without control characters other than tab.

    The no-break space and the soft hyphen of Latin-1 pass, and so does an empty text.
    """
    return (text.isascii() and text.isprintable()) or all(
        letter <= "\xff" and (letter.isprintable() or letter in "\t\xa0\xad") for letter in text
    )


def _checked_media(operation: StyledOperation, parameter: StyledParameter, value: object) -> str:
    """Return the text of a parameter that is written by media type."""
    from .styled_bodies import media_text  # few parameters need it

    try:
        text = media_text(parameter.media, value)
    except Unsendable as error:
        raise unsendable_error(operation, parameter, value, str(error)) from None
    if parameter.place == "header" and not is_header_text(text):
        raise unsendable_error(operation, parameter, value, LATIN)
    return text
