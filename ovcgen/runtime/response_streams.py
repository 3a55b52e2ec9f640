"""Read the records of a response one by one while it arrives, with blocking I/O and on an event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

from requests import Response  # type: ignore[import-untyped,unused-ignore]

from .adapter import FAILURES, failure
from .policy import Failure
from .record_parsers import DONE, RecordParser, ServerSentEvent, parser_for
from .response_decoding import no_response_error, unreadable_body_error
from .tracked_connections import Attempt

if TYPE_CHECKING:
    from .styled_operation import StyledOperation

T = TypeVar("T")
PIECE = 64 * 1024  # bytes


class StreamBase(Generic[T]):
    """The base class of Stream and AsyncStream, which keeps the records that have been read. It does no I/O.

    The errors of reading are listed at `__next__`. The constructor raises the following ones.

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
            raise unreadable_body_error(self._operation, response, f"is {kind}, and no stream")
        return parser

    def _needs_more(self) -> bool:
        """Return whether the next record has not been read yet."""
        return not self._ready and self._is_open

    def _has_ended(self) -> bool:
        """Return whether there is no next record: the response, or the service with `[DONE]`, has ended the stream."""
        if self._ready:
            record = self._ready[0]
            if not isinstance(record, ServerSentEvent) or record.data.strip() != DONE:
                return False
            self._ready.clear()
        return True

    def _take(self, piece: bytes) -> None:
        """Keep the records that a piece of the body completes; b"" is its end."""
        try:
            self._ready.extend(self._parser.feed(piece) if piece else self._parser.close())
        except (ValueError, RecursionError):
            raise unreadable_body_error(self._operation, self._response, "has a record that can't be read") from None

    def _lost(self, failed: Failure) -> Exception:
        return no_response_error(self._operation, getattr(self._response.request, "root", ""), failed)


class Stream(StreamBase[T], Iterator[T]):
    """The records of a response, read while they arrive. It holds a connection until its end, or until `close`.

    The records of `text/event-stream` are ServerSentEvents, all others are values of JSON. A stream of events also ends
    at an event `[DONE]`, which is left out.

    Example: `with client.chat.create(body=..., _stream=True) as events: for event in events: ...`.
    """

    def _parser_of(self, response: Response) -> RecordParser:
        try:
            return super()._parser_of(response)
        except Exception:
            self._raw.close()
            raise

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
            DecodeError: a record can't be read or is larger than 64 MiB, in a call that changes nothing.
            OutcomeUnknown: one of both, in a call that may have changed something.
        """
        while self._needs_more():
            self._read()
        if self._has_ended():
            self.close()
            raise StopIteration
        return cast("T", self._ready.popleft())

    def _read(self) -> None:
        """Read one piece of the body, or its end, and keep the records that it completes."""
        try:
            if getattr(self._raw, "abandoned", False):
                raise ConnectionAbortedError("the client was closed")
            piece = self._raw.read1(PIECE, decode_content=True)
        except FAILURES as error:
            self.close()
            attempt = Attempt(0.0, 0.0, 0.0)
            attempt.status = self._response.status_code
            raise self._lost(failure(error, attempt)) from None
        try:
            self._take(piece)
        except Exception:
            self.close()
            raise
        if not piece:
            self._raw.release_conn()
            self._is_open = False

    def close(self) -> None:
        """Stop reading, and close the connection if the response has not ended; may be called again.

        Records that have been read already are still returned.
        """
        if self._is_open:
            self._is_open = False
            self._raw.close()


class AsyncStream(StreamBase[T], AsyncIterator[T]):
    """The records of a response, read on an event loop while they arrive; otherwise like Stream.

    It holds a connection until its end, until `aclose`, or until reading is cancelled.

    Example: `async with await client.chat.create(body=..., _stream=True) as events: async for event in events: ...`.
    """

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        """Return the next record, and wait for it if it has not arrived; the errors are those of `Stream.__next__`.

        After an error or a cancellation the stream is closed.
        """
        try:
            while self._needs_more():
                piece = await self._raw.read()
                if isinstance(piece, Failure):
                    raise self._lost(piece)
                self._take(piece)
                self._is_open = bool(piece)
        except BaseException:
            await self.aclose()
            raise
        if self._has_ended():
            await self.aclose()
            raise StopAsyncIteration
        return cast("T", self._ready.popleft())

    async def aclose(self) -> None:
        """Stop reading, and close the connection if the response has not ended."""
        self._is_open = False
        await self._raw.aclose()


def stream_of(operation: StyledOperation, response: Response) -> Stream[Any] | AsyncStream[Any]:
    """Return the stream of the records in the unread body of a response; AsyncStream for a response on an event loop.

    Raises:
        DecodeError: the response is no sequence of records, for a call that changes nothing.
        OutcomeUnknown: the same for a call that may have changed something.
    """
    on_a_loop = hasattr(response.raw, "aclose")
    return AsyncStream(operation, response) if on_a_loop else Stream(operation, response)
