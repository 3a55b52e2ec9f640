"""Parse JSON as a portal does: more leniently than the standard, but with a limit on nesting."""

from __future__ import annotations

import json
import math
import re
from typing import Any

Json = Any
DEEPEST = 100  # levels of containers; json's own limit depends on the Python version
BRACKETS = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{\]}]', re.DOTALL
)  # a whole string, so that brackets in it don't count
UNFINISHED = re.compile(r"\s*(-?[0-9]+(?:\.[0-9]+)?)[eE][-+]?\s*")


class BadValue(ValueError):
    """An error: a text is no JSON, even for a portal."""


class OutOfBounds(BadValue):
    """An error: JSON has more than 100 levels, or a number that is too large for a float."""


def parse_value(text: str) -> Json:
    """Return the value of a JSON text. A text that is only an unfinished number (`1e`, `1e+`) is a float: 1.0.

    Raises:
        OutOfBounds: more than 100 levels, or a number like 1e999.
        BadValue: the text is no JSON. `NaN` and `Infinity` are no JSON.
    """
    unfinished = UNFINISHED.fullmatch(text)
    return _parsed(unfinished[1], as_float=True) if unfinished else _parsed(text)


def parse_body(body: bytes) -> Json:
    """Return the value of a JSON body in UTF-8, UTF-16 or UTF-32.

    Raises:
        OutOfBounds: as for `parse_value`.
        BadValue: no JSON (also an empty body, and `1e`), or wrongly encoded.
    """
    try:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
    except UnicodeDecodeError as error:
        raise BadValue("wrong encoding") from error
    return _parsed(text)


def _parsed(text: str, *, as_float: bool = False) -> Json:
    if _depth(text) > DEEPEST:
        raise OutOfBounds("nests too deeply")
    try:
        value = json.loads(text, parse_constant=_constant, parse_float=_finite)
    except OutOfBounds:
        raise
    except ValueError as error:
        raise BadValue(str(error)) from error
    return _finite(text) if as_float else value


def _depth(text: str) -> int:
    """Return how deeply brackets are nested, whether or not the text is valid JSON."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return 0
    depth = deepest = 0
    for bracket in BRACKETS.finditer(text):
        match text[bracket.start()]:
            case "[" | "{":
                depth += 1
                deepest = max(deepest, depth)
            case "]" | "}":
                depth -= 1
    return deepest


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise OutOfBounds(f"{digits[:20]} is out of range")
    return number


def _constant(name: str) -> float:
    raise BadValue(f"{name} is no JSON")
