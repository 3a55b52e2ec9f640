"""Read the records of a response one by one while it arrives."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from requests import Response  # type: ignore[import-untyped,unused-ignore]

from .adapter import FAILURES, failure
from .connections import Attempt
from .record_streams import DONE, RecordParser, ServerSentEvent, parser_for
from .responses import lost, unreadable

if TYPE_CHECKING:
    from .styled_operation import StyledOperation

T = TypeVar("T")
PIECE = 64 * 1024  # bytes


class Stream(Generic[T], Iterator[T]):
    """The records of a response, read while they arrive. It holds a connection until its end, or until `close`.

    A stream of events also ends at an event `[DONE]`, which is left out.

    Example: `with client.chat.create(body=..., _stream=True) as events: for event in events: ...`.

    Raises these errors when it is created; those of reading are listed at `__next__`.

    Raises:
        DecodeError: the response is no sequence of records, for a call that changes nothing.
        OutcomeUnknown: the same for a call that may have changed something.
    """

    def __init__(self, operation: StyledOperation, response: Response) -> None:
        self._operation = operation
        self._response = response
        self._raw: Any = response.raw
        self._parser = self._parser_of(response)
        self._ready: deque[Any] = deque()
        self._is_open = True

    def __repr__(self) -> str:
        return f"<Stream of {self._operation.name}>"

    def _parser_of(self, response: Response) -> RecordParser:
        parser = parser_for(response.headers.get("Content-Type", ""))
        if parser is None:
            kind = response.headers.get("Content-Type") or "without a type"
            self._raw.close()
            raise unreadable(self._operation, response, f"is {kind}, and no stream")
        return parser

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        """Return the next record, and wait for it if it has not arrived.

        Raises:
            TransportError: the connection broke, in a call that changes nothing.
            OutcomeUnknown: the same for a call that may have changed something.
            DecodeError: a record can't be read.
        """
        while not self._ready and self._is_open:
            self._read()
        if not self._ready:
            raise StopIteration
        record = self._ready.popleft()
        if isinstance(record, ServerSentEvent) and record.data.strip() == DONE:
            self._ready.clear()
            self.close()
            raise StopIteration
        return cast("T", record)

    def _read(self) -> None:
        """Read one piece of the body, or its end, and keep the records that it completes."""
        try:
            piece = self._raw.read1(PIECE, decode_content=True)
        except FAILURES as error:
            self.close()
            raise self._lost(error) from None
        try:
            self._ready.extend(self._parser.feed(piece) if piece else self._parser.close())
        except (ValueError, RecursionError):
            self.close()
            raise unreadable(self._operation, self._response, "has a record that can't be read") from None
        if not piece:
            self._raw.release_conn()
            self._is_open = False

    def _lost(self, error: Exception) -> Exception:
        attempt = Attempt(0.0, 0.0, 0.0)
        attempt.status = self._response.status_code
        return lost(self._operation, getattr(self._response.request, "root", ""), failure(error, attempt))

    def close(self) -> None:
        """Stop reading, and close the connection if the response has not ended."""
        if self._is_open:
            self._is_open = False
            self._raw.close()
