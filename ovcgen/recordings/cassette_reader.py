"""Read vcrpy cassettes, YAML or JSON. Files are not trusted.

YAML values are built from parser events, not by a loader: the result is only dicts, lists, strings and bytes, tags
create no objects, and deep nesting can't overflow the stack (it crashes libyaml's own loader).
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ovcgen.documents.depth_limit import read_json, yaml_events
from ovcgen.documents.document import Json
from ovcgen.documents.errors import printable
from ovcgen.errors import SpecRefused, UsageError

LIMIT = 64 * 2**20  # bytes of a cassette, and of one decompressed response
DEPTH = 32  # levels of nesting; recorded bodies are strings and do not count
STANDARD = "tag:yaml.org,2002:"
BINARY = f"{STANDARD}binary"
TAGS = {f"{STANDARD}{name}" for name in ("int", "map", "null", "python/str", "python/unicode", "seq", "str")}
NULLS = ("", "null", "~")
PACKED = ("gzip", "deflate")


class UnreadableCassette(UsageError):
    """An error: the file of a cassette can't be opened or read.

    Args:
        path: The path of the file.
        reason: Why, as the end of a sentence, such as `Permission denied`.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"Can't read {printable(str(path))}: {reason}.", fix="Pass recordings that vcrpy wrote.")


class BrokenCassette(SpecRefused):
    """An error: a file is not a vcrpy cassette, or is unsafe to read.

    Args:
        path: The path of the file.
        reason: Why, as the end of a sentence, such as `it has no list of interactions`.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{printable(str(path))} is not a cassette: {reason}.",
            fix="Record it again with ovcgen.recordings.recorder.recorder.",
        )


@dataclass(frozen=True, slots=True)
class Interaction:
    """A record of one recorded call: a request and its response.

    Attributes:
        method, url: The HTTP method in upper case, and the URL of the request as recorded.
        sent: The body of the request, as text (UTF-8; invalid bytes become U+FFFD); "" if it has none.
        status: The HTTP status of the response.
        kind: The media type of the response, in lower case and without parameters; "" if it has none.
        body: The body of the response, decompressed if its `Content-Encoding` is gzip or deflate, else as recorded.
        headers: (name, value) pairs of the request, as far as they are recorded, sorted by name; names are in lower
            case, and of several values under one name only the first is kept. Headers and `content` do not count for
            equality.
        content: The body of the request, as bytes.
    """

    method: str
    url: str
    sent: str
    status: int
    kind: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    content: bytes = field(default=b"", compare=False)


def interactions(path: Path, *, limit: int = LIMIT) -> tuple[Interaction, ...]:
    """Return all interactions of a cassette file, in order.

    `limit` is the largest size in bytes of the file, and of each decompressed response. A file whose first character
    after whitespace is `{` is read as JSON, any other as YAML.

    Raises:
        UnreadableCassette: the file can't be read.
        BrokenCassette: it is not a cassette, is too large, is nested more than 32 levels deep, or has a YAML tag that
            creates an object.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UnreadableCassette(path, error.strerror or str(error)) from error
    if len(data) > limit:
        raise BrokenCassette(path, f"it is larger than {limit} bytes")
    try:
        content = _json(data) if data.lstrip().startswith(b"{") else _yaml(data)
    except ValueError as error:
        raise BrokenCassette(path, str(error)) from None
    listed = content.get("interactions") if isinstance(content, dict) else None
    if not isinstance(listed, list):
        raise BrokenCassette(path, "it has no list of interactions")
    return tuple(_interaction(path, number, recorded, limit=limit) for number, recorded in enumerate(listed, start=1))


def _interaction(path: Path, number: int, recorded: Json, *, limit: int) -> Interaction:
    """Return one interaction. Raises BrokenCassette."""
    try:
        request, response = recorded["request"], recorded["response"]
        headers, content = _headers(response), _bytes(request.get("body"))
        return Interaction(
            method=str(request["method"]).upper(),
            url=str(request["uri"]),
            sent=content.decode("utf-8", "replace"),
            status=int(response["status"]["code"]),
            kind=headers.get("content-type", "").partition(";")[0].strip().lower(),
            body=_unpacked(_bytes(response.get("body")), headers.get("content-encoding", ""), limit=limit),
            headers=tuple(sorted(_headers(request).items())),
            content=content,
        )
    except (AttributeError, LookupError, TypeError, ValueError, zlib.error):
        raise BrokenCassette(path, f"its interaction {number} is not as vcrpy writes it") from None


def _headers(message: Json) -> dict[str, str]:
    """Return the headers of a recorded request or response; names are in lower case."""
    return {str(name).lower(): _first(value) for name, value in (message.get("headers") or {}).items()}


def _first(value: Json) -> str:
    """Return the value of a header; vcrpy writes a list of values."""
    return str((value or [""])[0] if isinstance(value, list) else value)


def _bytes(body: Json) -> bytes:
    """Return a body from any of the forms that versions of vcrpy write. Raises ValueError for others."""
    match body:
        case None:
            return b""
        case bytes():
            return body
        case str():
            return body.encode("utf-8", "surrogatepass")
        case {"base64_string": str(text)}:
            return base64.b64decode(text)
        case {"string": inner}:
            return _bytes(inner)
    raise ValueError("no body")


def _unpacked(body: bytes, encoding: str, *, limit: int) -> bytes:
    """Return the decompressed body. Raises ValueError if it exceeds `limit` bytes."""
    if encoding.strip().lower() not in PACKED or not body:
        return body
    inflater = zlib.decompressobj(wbits=47)  # gzip or zlib, as its first bytes say
    plain = inflater.decompress(body, limit)
    if inflater.unconsumed_tail:
        raise ValueError("an answer of unreasonable size")
    return plain


def _json(data: bytes) -> Json:
    try:
        return read_json(data, DEPTH)
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise ValueError("it is no JSON that can be read") from None


def _yaml(data: bytes) -> Json:
    """Return the value of a YAML text.

    This is not `documents.yaml_reader`, which refuses bytes (`!!binary`) and vcrpy's `!!python/` strings, and gives
    numbers and booleans. Here each scalar is a string, bytes or None.
    """
    import yaml  # not needed before a cassette is read

    try:
        return _composed(yaml_events(data.decode("utf-8-sig"), DEPTH))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"it is no YAML at line {mark.line + 1}" if mark else "it is no YAML") from None


def _composed(stream: Iterator[Any]) -> Json:
    """Return the value of a stream of YAML events."""
    open_ones: list[list[Json]] = [
        []
    ]  # per open collection: its anchor, then its items, or its keys and values in turn
    anchors: dict[str | None, Json] = {}
    for event in stream:
        match type(event).__name__:
            case "MappingStartEvent" | "SequenceStartEvent":
                _admit(event.tag)
                open_ones.append([event.anchor])
                continue
            case "MappingEndEvent" | "SequenceEndEvent" as name:
                anchor, *parts = open_ones.pop()
                value = _mapping(parts) if name == "MappingEndEvent" else parts
            case "ScalarEvent":
                anchor, value = event.anchor, _scalar(event)
            case "AliasEvent" if event.anchor in anchors:
                anchor, value = event.anchor, anchors[event.anchor]
            case "AliasEvent":
                raise ValueError("it refers to what it does not have")
            case _:
                continue
        anchors[anchor] = value
        open_ones[-1].append(value)
    return open_ones[0][0] if len(open_ones[0]) == 1 else None


def _mapping(parts: list[Json]) -> Mapping[str, Json]:
    keys = parts[::2]
    if not all(isinstance(key, str) for key in keys):
        raise ValueError("it has a key that is no text")
    return dict(zip(keys, parts[1::2], strict=True))


def _scalar(event: Any) -> Json:
    if event.tag == BINARY:
        try:
            return base64.b64decode(event.value)
        except binascii.Error:
            raise ValueError("it has bytes that are no base64") from None
    _admit(event.tag)
    return None if event.implicit[0] and event.tag is None and event.value in NULLS else event.value


def _admit(tag: str | None) -> None:
    """Raise ValueError for a YAML tag that asks for a Python or other object."""
    if tag not in (None, "!") and tag not in TAGS:
        raise ValueError(f"it asks for an object, {printable(str(tag), 60)}")
