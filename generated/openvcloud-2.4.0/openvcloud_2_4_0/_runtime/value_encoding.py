"""Write checked values as text for a form, a query, a path, a header or a body."""

from __future__ import annotations

import datetime
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from .operation import ParameterSpec
from .typeguards import is_dict, is_list, is_sequence

SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
JSON = json.JSONEncoder(allow_nan=False)


def encode(parameter: ParameterSpec, value: Any) -> list[tuple[str, str]]:
    """Return the (name, text) fields of one checked value, not yet encoded for a URL or form, as plain Swagger says.

    A list becomes a field for each item (none for an empty list), or one text with a separator if the parameter's
    `collection` says so. Inner lists are always one text.
    """
    if is_list(value):
        outer, *inner = parameter.collection.split()
        texts = [_joined(item, inner) for item in value]
        separator = SEPARATORS.get(outer)
        return [(parameter.name, separator.join(texts))] if separator else [(parameter.name, text) for text in texts]
    return [(parameter.name, text_of(value))]


Encoder = Callable[[ParameterSpec, Any], "list[tuple[str, str]]"]
ENCODERS: dict[bool, Encoder] = {True: encode}  # by `OperationSpec.plain`; another module adds the one for False


def _joined(value: Any, collections: Sequence[str]) -> str:
    """Return an inner list as text with separators; inner lists are never repeated keys."""
    if not collections:
        return text_of(value)
    return SEPARATORS.get(collections[0], ",").join(_joined(item, collections[1:]) for item in value)


def text_of(value: object) -> str:
    """Return a single value as text for a form, a query, a path or a header: strings as they are, others as in JSON.

    Raises:
        ValueError: NaN or an infinite float.
        TypeError: JSON can't hold the value, such as a datetime.
    """
    if isinstance(value, str):
        return str.__str__(value)  # the text of a StrEnum or (str, Enum) member, not its name
    return str(value) if type(value) is int or isinstance(value, Decimal) else JSON.encode(value)


def json_of(value: object) -> str:
    """Return a value as JSON text in ASCII, with blanks after commas and colons.

    Dates and UUIDs become strings; a Decimal becomes a number with all of its digits.

    Raises:
        Unsendable: a datetime without a time zone, or a Decimal that is not finite.
        ValueError: NaN, an infinite float, or a value that contains itself.
        TypeError: JSON can't hold a part of the value.
    """
    text = BODY.encode(value)
    return re.sub(EXACT, r"\1", text) if MARK in text else text


def compact_json(value: object) -> str:
    """Return a value as JSON text without blanks. Values and errors are otherwise those of `json_of`."""
    text = COMPACT.encode(value)
    return re.sub(EXACT, r"\1", text) if MARK in text else text


class Unsendable(ValueError):
    """Raised for a value that can't be written. The message is what to pass instead, such as `a finite number`."""


def dated(value: object, wanted: str = "") -> object:
    """Return a date, a datetime or a UUID as text (RFC 3339, RFC 9562), any other value unchanged.

    `wanted` is the declared format (`date` or `date-time`), "" for none.

    Raises:
        Unsendable: a datetime without time zone, a date for `date-time`, or a datetime for `date`.
    """
    uuid = sys.modules.get("uuid")  # nobody has a UUID before it is imported
    if uuid is not None and isinstance(value, uuid.UUID):
        return str(value)
    if not isinstance(value, datetime.date):  # a datetime is a date
        return value
    if not isinstance(value, datetime.datetime):
        if wanted == "date-time":
            raise Unsendable("a datetime with a time zone: a date says no time")
    elif wanted == "date":
        raise Unsendable("a date, such as value.date(): a datetime says more than is asked for")
    elif value.utcoffset() is None:
        raise Unsendable("a datetime with a time zone, such as value.astimezone() or datetime.now(timezone.utc)")
    return value.isoformat()


def _written(value: object) -> object:
    """Return a value that the JSON encoder does not know as text; raise Unsendable or TypeError if impossible."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise Unsendable("a finite number")
        return f"{MARK}{value}"  # the encoder can't write a number's digits; `json_of` removes the mark and the quotes
    text = dated(value)
    if text is value:
        raise TypeError(type(value).__name__)
    return text


def first_unwritable_part(value: object, dates: tuple[tuple[str, str], ...] = ()) -> tuple[str, str, str]:
    """Find the first part of a value that JSON can't hold: also a lone surrogate, or what is below 500 levels.

    `dates` are the date strings inside, as in `ParameterSpec.dates`.

    Returns:
        The dotted path of the part ("" for the value itself), the name of its type, and what to pass instead; three
        empty strings if there is none.
    """
    return _misfit(value, [(tuple(path.split("/")), kind) for path, kind in dates], 0)


Formats = list[tuple[tuple[str, ...], str]]


def _misfit(value: object, formats: Formats, depth: int) -> tuple[str, str, str]:
    if depth > DEEPEST:
        return "", type(value).__name__, f"a value of at most {DEEPEST} levels"
    for key, inner in _members(value):
        if is_dict(value) and not isinstance(key, (str, int, float, type(None))):
            return f"{key!a:.60}", type(key).__name__, "texts for keys"
        below = [(path[1:], kind) for path, kind in formats if path and path[0] in ("*", str(key))]
        path, found, wanted = _misfit(inner, below, depth + 1)
        if wanted:
            return f"{key}.{path}" if path else str(key), found, wanted
    if is_dict(value) or is_sequence(value):
        return "", "", ""
    kind = next((kind for path, kind in formats if not path), "")
    try:
        json_of(dated(value, kind)).encode()
    except Unsendable as error:
        return "", type(value).__name__, str(error)
    except (TypeError, ValueError, RecursionError):
        return "", type(value).__name__, "what JSON can say"
    return "", "", ""


def _members(value: object) -> Iterable[tuple[object, object]]:
    if is_dict(value):
        return value.items()
    return enumerate(value) if is_sequence(value) else ()


DEEPEST = 500
MARK = f"decimal {os.urandom(8).hex()} "  # random, so that no value can contain it
EXACT = rf'"{MARK}([^"]*)"'
BODY = json.JSONEncoder(allow_nan=False, default=_written)
COMPACT = json.JSONEncoder(allow_nan=False, default=_written, separators=(",", ":"))
