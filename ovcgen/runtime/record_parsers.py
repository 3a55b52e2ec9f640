"""Parse bodies that are sequences of records: server-sent events, JSON lines, JSON text sequences.

A parser does no I/O: it is fed with chunks of bytes and returns the records that are complete.
"""

from __future__ import annotations

import codecs
import re
from typing import Any, Protocol

from .media_types import JSON, json_text, plain_type

EVENT_STREAM = "text/event-stream"
JSON_LINES = r"application/(x-)?(ndjson|jsonl|jsonlines|json-lines)"
JSON_SEQUENCE = r"application/(.*\+)?json-seq"
RECORD_SEPARATOR = b"\x1e"  # RFC 7464, section 2.2
BLANKS = " \t\r\n"  # those of JSON
DONE = "[DONE]"  # how many services mark the last event; it is no JSON
LARGEST_RECORD = 64 * 1024 * 1024  # bytes


class RecordTooLarge(ValueError):
    """A record of a stream is larger than the parser's limit; probably the separator after it is missing."""


class RecordParser(Protocol):
    """Protocol of EventParser and JsonParser, which take chunks of a body and return its records."""

    def feed(self, chunk: bytes) -> list[Any]:
        """Return the records that this chunk completes; [] if it completes none. Chunks may end anywhere.

        Raises:
            ValueError: a record can't be read, or is larger than the parser's limit (RecordTooLarge).
        """
        raise NotImplementedError

    def close(self) -> list[Any]:
        """Return the records that are complete because the body has ended; call it once, at the end.

        Raises:
            ValueError: a record can't be read.
        """
        raise NotImplementedError


class ServerSentEvent:
    """One event of a `text/event-stream`.

    Attributes:
        data: Its text; several `data` lines are joined by line breaks.
        event: The type, `message` if the stream names none.
        id: The last id that the stream has named, which a new request can send as `Last-Event-ID`; "" before the first.
        retry: The milliseconds that the stream asks to wait before a new request; None if it asks for none.
    """

    __slots__ = ("data", "event", "id", "retry")

    def __init__(self, data: str, event: str = "message", id: str = "", retry: int | None = None) -> None:
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry

    def __repr__(self) -> str:
        return f"<ServerSentEvent {self.event!r} of {len(self.data)} characters>"

    def json(self) -> Any:
        """Return the value of the data, which is JSON.

        Raises:
            ValueError: it is not JSON; NaN and a name that occurs twice are none.
        """
        return JSON.decode(self.data)


class EventParser:
    """Parses server-sent events (HTML standard, section 9.2.6). An event that the end cuts off is dropped.

    `largest` is the largest size of an event in characters; `feed` raises RecordTooLarge for a larger one. Other errors
    do not occur: undecodable bytes are replaced, and unknown fields are ignored.
    """

    def __init__(self, largest: int = LARGEST_RECORD) -> None:
        self._largest = largest
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._is_first = True
        self._data: list[str] = []
        self._event = ""
        self._id = ""
        self._retry: int | None = None

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Return the events that this chunk completes; [] if it completes none. Events without data are left out.

        Raises:
            RecordTooLarge: an event has more characters than the limit.
        """
        self._text += self._decoder.decode(chunk)
        if self._is_first and self._text:
            self._text, self._is_first = self._text.removeprefix("\ufeff"), False
        # A carriage return at the end may be the first half of a line break.
        held = "\r" if self._text.endswith("\r") else ""
        *lines, rest = re.split("\r\n|\r|\n", self._text.removesuffix(held))
        self._text = rest + held
        _check_size(len(self._text) + sum(map(len, self._data)), self._largest)
        return [event for line in lines if (event := self._take(line)) is not None]

    def close(self) -> list[ServerSentEvent]:
        """Return [the event] whose last line break is a lone carriage return; else []: what is left is incomplete."""
        if self._text == "\r":
            event = self._take("")
            return [] if event is None else [event]
        return []

    def _take(self, line: str) -> ServerSentEvent | None:
        """Take one line; return the event that it completes, if any. A line that begins with a colon is a comment."""
        if not line:
            return self._completed()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._data.append(value)
            case "event":
                self._event = value
            case "id" if "\0" not in value:
                self._id = value
            case "retry" if value.isascii() and value.isdecimal():
                self._retry = int(value[:18])
            case _:
                pass  # a field that the standard does not know is ignored
        return None

    def _completed(self) -> ServerSentEvent | None:
        data, self._data = self._data, []
        event, self._event = self._event or "message", ""
        retry, self._retry = self._retry, None if data else self._retry
        return ServerSentEvent("\n".join(data), event, self._id, retry) if data else None


class JsonParser:
    """Parses JSON texts that a byte separates: line breaks, or the record separator of RFC 7464.

    `largest` is the largest size of a text in bytes; `feed` raises RecordTooLarge for a larger one. Blank texts are
    skipped; a text that is not JSON raises ValueError.
    """

    def __init__(self, separator: bytes = b"\n", largest: int = LARGEST_RECORD) -> None:
        self._separator = separator
        self._largest = largest
        self._kept: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[Any]:
        """Return the values that this chunk completes; [] if it completes none.

        Raises:
            ValueError: a text is not JSON or not UTF-8, or is larger than the limit (RecordTooLarge).
        """
        if self._separator not in chunk:
            self._kept.append(chunk)
            self._size += len(chunk)
            _check_size(self._size, self._largest)
            return []
        *records, rest = b"".join([*self._kept, chunk]).split(self._separator)
        self._kept, self._size = [rest], len(rest)
        return self._values(records)

    def close(self) -> list[Any]:
        """Return [the last value] if no separator follows it; [] if nothing is left.

        Raises:
            ValueError: the rest is not JSON or not UTF-8, for example because the body was cut off.
        """
        rest, self._kept = b"".join(self._kept), []
        return self._values([rest])

    def _values(self, records: list[bytes]) -> list[Any]:
        texts = (json_text(record).strip(BLANKS) for record in records)
        return [JSON.decode(text) for text in texts if text]


def _check_size(size: int, largest: int) -> None:
    if size > largest:
        raise RecordTooLarge(f"a record has more than {largest} bytes")


def parser_for(content_type: str) -> RecordParser | None:
    """Return a new parser for a content type; None if it is no sequence of records.

    An EventParser for `text/event-stream`, a JsonParser for JSON lines (`application/x-ndjson`, `application/jsonl`,
    ...) and for `json-seq`. Case and parameters of the content type do not matter.
    """
    kind = plain_type(content_type)
    if kind == EVENT_STREAM:
        return EventParser()
    if re.fullmatch(JSON_LINES, kind):
        return JsonParser()
    return JsonParser(RECORD_SEPARATOR) if re.fullmatch(JSON_SEQUENCE, kind) else None


def is_sequential(content_type: str) -> bool:
    """Return whether a content type is a sequence of records that can be read one by one; see `parser_for`."""
    return parser_for(content_type) is not None
