"""Read strict JSON with limits on size, depth and numbers (RFC 8259, RFC 7493)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ovcgen.documents.depth_limit import DEPTH, depth_of
from ovcgen.documents.document import Document, Json, Problem
from ovcgen.documents.errors import HtmlPage, NotJson, NotYaml, TooLarge, printable
from ovcgen.documents.pointers import printable_pointer
from ovcgen.documents.source_map import decoded, repeated_keys_and_numbers

LIMIT = 32 * 2**20  # bytes
VALUES = 2_000_000  # the largest number of commas and opening brackets; such a document needs little memory
DIGITS = 100  # of one number
LAST = "the last one counts"


Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A record of one document that was read from a text, with the facts about the text that the values do not hold.

    A path is a tuple of keys and list indexes, all as strings.

    Attributes:
        document: The document, a JSON object.
        repeated: The line numbers of each key that an object has more than once, by (path of the object, key).
        texts: How numbers and words such as `true` are written, by path. For JSON only numbers with a fraction or
            exponent that Python would write differently, such as `1.10`.
        faults: Other mistakes in the text, such as YAML merge keys that merge no object.
        unquoted: Whether strings can stand without quotes, so that a number may have been meant as a string (YAML).
    """

    document: Document
    repeated: Mapping[tuple[Path, str], list[int]] = field(default_factory=dict)
    texts: Mapping[Path, str] = field(default_factory=dict)
    faults: tuple[Problem, ...] = ()
    unquoted: bool = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return the faults, then one problem for each repeated key; () if there are none.

        Mistakes against Swagger or OpenAPI are not among them.
        """
        return self.faults + tuple(
            Problem(
                printable_pointer((*path, key)), f"the key {printable(repr(key), 60)} is there {_times(lines)}", LAST
            )
            for (path, key), lines in self.repeated.items()
        )

    @property
    def fault(self) -> str:
        """Return the first fault, else the first repeated key, as a phrase for an error message; "" for neither."""
        for fault in self.faults:
            return f"{fault.what} at {fault.pointer}"
        for (_, key), lines in self.repeated.items():
            return f"it has the key {printable(key)} {_times(lines)}, in one object"
        return ""


def _times(lines: list[int]) -> str:
    often = "twice" if len(lines) == 2 else f"{len(lines)} times"
    places = list(map(str, dict.fromkeys(lines)))
    if len(places) == 1:
        return f"{often}, in line {places[0]}"
    return f"{often}, in lines {', '.join(places[:-1])} and {places[-1]}"


def join_chunks(chunks: Iterable[bytes], source: str) -> bytes:
    """Return the joined chunks of a response body. No more chunks are read once the sum is larger than 32 MiB.

    `source` names the document in error messages.

    Raises:
        TooLarge: the body is larger than 32 MiB.
    """
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LIMIT:
            raise TooLarge(source, LIMIT)
        parts.append(chunk)
    return b"".join(parts)


def parse(data: bytes, source: str) -> Document:
    """Return the JSON object in the bytes. `source` names the document in error messages.

    The encoding is UTF-8, or what a byte order mark of UTF-8, UTF-16 or UTF-32 says.

    Raises:
        TooLarge: there are more than 32 MiB.
        HtmlPage: the bytes begin with `<`.
        NotJson: the bytes are not a JSON object in that encoding, break a limit (64 levels, 2,000,000 values, 100
            digits of one number), have NaN, an infinite number or a lone surrogate, or repeat a key.
    """
    loaded = load_json(data, source)
    if loaded.fault:
        raise NotJson(source, loaded.fault)
    return loaded.document


def load_json(data: bytes, source: str) -> Loaded:
    """Return the JSON object in the bytes, with the repeated keys and the spelling of numbers in the text.

    Unlike `parse`, repeated keys are accepted: the last one counts. `source` names the document in error messages. The
    encoding is UTF-8, or what a byte order mark of UTF-8, UTF-16 or UTF-32 says.

    Raises:
        TooLarge: there are more than 32 MiB.
        HtmlPage: the bytes begin with `<`.
        NotJson: the bytes are not a JSON object in that encoding, break a limit (64 levels, 2,000,000 values, 100
            digits of one number), or have NaN, an infinite number or a lone surrogate.
    """
    text = _text(data, source)
    hooks = _Hooks()
    value = _value(text, source, hooks)
    if not isinstance(value, dict):
        raise NotJson(source, "it holds no object")
    document = checked(value, source)
    return Loaded(document, *repeated_keys_and_numbers(text)) if hooks.doubt else Loaded(document)


def checked(value: dict[str, Json], source: str, refusal: type[NotJson] | type[NotYaml] = NotJson) -> Document:
    """Check the depth and the characters of a JSON object, which may come from YAML, and return the object itself.

    `source` names the document in error messages. `refusal` is the class of the error.

    Raises:
        NotJson, NotYaml: the object has more than 64 levels, or holds a lone surrogate, which UTF-8 can't encode.
    """
    if depth_of(value) > DEPTH:
        raise refusal(source, f"it nests deeper than {DEPTH} levels")
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise refusal(source, f"it has half a character, {printable(error.object[error.start])}") from None
    return value


def _text(data: bytes, source: str) -> str:
    if len(data) > LIMIT:
        raise TooLarge(source, LIMIT)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise HtmlPage(source)
    if data.count(b",") + data.count(b"[") + data.count(b"{") > VALUES:
        raise NotJson(source, f"it holds more than {VALUES} values")
    try:
        return decoded(data)
    except UnicodeDecodeError as error:
        raise NotJson(source, f"byte {error.start} is not {error.encoding.upper()}") from None


def _value(text: str, source: str, hooks: _Hooks) -> Json:
    try:
        return json.loads(
            text,
            object_pairs_hook=hooks.members,
            parse_int=_integer,
            parse_float=hooks.number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise NotJson(source, reason.removesuffix(".")) from None
    except RecursionError:
        raise NotJson(source, f"it nests deeper than {DEPTH} levels") from None
    except ValueError as error:
        raise NotJson(source, str(error)) from None


class _Hooks:
    """Callbacks of the JSON decoder. `doubt` says that the text must be scanned again for repeated keys and numbers."""

    def __init__(self) -> None:
        self.doubt = False

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return an object; note whether a key is repeated, because readers differ in which one they use."""
        members = dict(pairs)
        self.doubt = self.doubt or len(members) < len(pairs)
        return members

    def number(self, digits: str) -> float:
        """Return a number with a fraction or an exponent; note whether its text matters: 1.10 may be a version."""
        number = float(digits)
        if len(digits) > DIGITS or not math.isfinite(number):
            raise ValueError(f"the number {printable(digits, 40)} is out of range")
        self.doubt = self.doubt or repr(number) != digits
        return number


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"it has a number of {len(digits)} digits")
    return int(digits)


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON value")
