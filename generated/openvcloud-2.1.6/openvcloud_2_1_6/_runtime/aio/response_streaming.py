"""Leave the body of a response on its connection, for a stream that reads it piece by piece."""

from __future__ import annotations

import math
from typing import Any, Self

import anyio  # type: ignore[import-not-found,unused-ignore]
import httpx2  # type: ignore[import-not-found,unused-ignore]
from requests import PreparedRequest, Response  # type: ignore[import-untyped,unused-ignore]
from urllib3.exceptions import DecodeError  # type: ignore[import-untyped,unused-ignore]

from ..adapter import failure
from ..policy import Failure, Moment
from ..tracked_connections import Attempt
from .adapter import BROKEN, AsyncAdapter, close_iterator, discard


class OpenBody:
    """The unread body of a response of httpx2 on its connection, which a stream reads piece by piece.

    It is closed by its stream, at the latest when its client is closed.
    """

    def __init__(self, answer: httpx2.Response, attempt: Attempt) -> None:
        self._answer = answer
        self._attempt = attempt
        self._pieces: Any = answer.aiter_bytes()
        self._is_closed = False

    async def read(self) -> bytes | Failure:
        """Return the next decompressed bytes; b"" at the end; a Failure if the rest of the body is lost."""
        if self._is_closed:
            return Failure("the client was closed", Moment.CUT_OFF, status=self._attempt.status)
        try:
            piece: bytes = await anext(self._pieces, b"")
            return piece
        except httpx2.DecodingError as error:
            return failure(DecodeError(error), self._attempt)
        except BROKEN as error:
            return failure(error, self._attempt)

    async def aclose(self) -> None:
        """Close the connection; if the body was read to its end, return the connection to the pool instead.

        May be called again. A later `read` returns a Failure.
        """
        self._is_closed = True
        with anyio.CancelScope(shield=True):
            await close_iterator(self._pieces)
            await discard(self._answer)


class OpeningAdapter:
    """Sends the requests of one call over an AsyncAdapter, and leaves the body of a streamed response unread.

    Use it in an `async with` block: if the block raises an error, the connection of an unread body is closed. After the
    block, the stream that reads the body has to close it.
    """

    def __init__(self, adapter: AsyncAdapter) -> None:
        self._adapter = adapter
        self._body: OpenBody | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        if any(error):
            await self._close_body()

    async def _close_body(self) -> None:
        if self._body is not None:
            await self._body.aclose()

    async def exchange(self, request: PreparedRequest, attempt: Attempt) -> Response:
        """Send the request and return the response; the errors are those of `AsyncAdapter.exchange`.

        If `request.streamed` is set and the status is below 300, the response's `raw` is an OpenBody. Otherwise the
        response is complete.
        """
        await self._close_body()  # of an attempt before
        if not getattr(request, "streamed", False):
            return await self._adapter.exchange(request, attempt)
        answer = await self._adapter.head(request, attempt)
        if answer.status_code >= 300:
            return await self._adapter.read(request, answer)
        self._body = OpenBody(answer, attempt)
        response = self._adapter.left_open(request, answer, self._body)
        attempt.deadline = math.inf  # from now on only the wait for the next byte is limited
        return response
