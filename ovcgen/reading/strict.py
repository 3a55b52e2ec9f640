"""JSON as the standards want it: one meaning for every reader, and a bound on everything (RFC 8259, RFC 7493)."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ovcgen.reading.refusals import HtmlPage, NotJson, TooLarge, printable
from ovcgen.spec import Document, Json

LIMIT = 32 * 2**20  # bytes
DEPTH = 64  # containers in containers
VALUES = 2_000_000  # commas and brackets: a document of this size fits into memory many times over
DIGITS = 100  # of one number


def gathered(chunks: Iterable[bytes], source: str) -> bytes:
    """The bytes of an answer, of which never more than the limit (and one chunk) is read."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LIMIT:
            raise TooLarge(source, LIMIT)
        parts.append(chunk)
    return b"".join(parts)


def parse(data: bytes, source: str) -> Document:
    """The JSON object in these bytes; `source` is how messages name it."""
    value = _value(_text(data, source), source)
    if not isinstance(value, dict):
        raise NotJson(source, "it holds no object")
    return checked(value, source)


def checked(value: dict[str, Json], source: str) -> Document:
    """The same object, if it is not too deep and can be written out again."""
    if _depth(value) > DEPTH:
        raise NotJson(source, f"it nests deeper than {DEPTH} levels")
    _encodable(value, source)
    return value


def _text(data: bytes, source: str) -> str:
    if len(data) > LIMIT:
        raise TooLarge(source, LIMIT)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise HtmlPage(source)
    if data.count(b",") + data.count(b"[") + data.count(b"{") > VALUES:
        raise NotJson(source, f"it holds more than {VALUES} values")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJson(source, f"byte {error.start} is not UTF-8") from None


def _value(text: str, source: str) -> Json:
    try:
        return json.loads(
            text, object_pairs_hook=_members, parse_int=_integer, parse_float=_number, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise NotJson(source, reason.removesuffix(".")) from None
    except RecursionError:
        raise NotJson(source, f"it nests deeper than {DEPTH} levels") from None
    except ValueError as error:
        raise NotJson(source, str(error)) from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Readers differ in which of two equal keys they believe."""
    members = dict(pairs)
    if len(members) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValueError(f"it has the key {printable(twice)} twice in one object")
    return members


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"it has a number of {len(digits)} digits")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if len(digits) > DIGITS or not math.isfinite(number):
        raise ValueError(f"the number {printable(digits, 40)} is out of range")
    return number


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON value")


def _depth(value: Json) -> int:
    """How many containers lie in one another, without trusting the stack."""
    level, depth = [value], 0
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        level = [inner for each in level for inner in _inside(each)]
    return depth


def _inside(value: dict[str, Json] | list[Json]) -> Iterator[Json]:
    return iter(value.values() if isinstance(value, dict) else value)


def _encodable(value: Json, source: str) -> None:
    """Refuse half characters, which an escape can bring in and nothing can write out."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NotJson(source, f"it has half a character, {printable(error.object[error.start])}") from None
