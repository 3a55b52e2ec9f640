"""Call an asynchronous client from a test that is written for blocking ones."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

END = object()
PLAIN = (str, bytes, int, float, list, dict, tuple, type(None))


class Blocking:
    """A value of an asynchronous client: what it returns as an awaitable is waited for."""

    def __init__(self, value: Any, loop: BlockingPortal) -> None:
        self._value = value
        self._loop = loop

    def __enter__(self) -> Blocking:
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call(self._value.aclose)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._value, name)
        if isinstance(found, PLAIN):
            return found
        return self._waiting(found) if inspect.isroutine(found) else Blocking(found, self._loop)

    def _waiting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*positional: Any, **named: Any) -> Any:
            result = function(*positional, **named)
            result = self._loop.call(_awaited, result) if inspect.isawaitable(result) else result
            return BlockingStream(result, self._loop) if hasattr(result, "__anext__") else result

        return call


class BlockingStream:
    """A stream of an asynchronous client, read as a blocking one."""

    def __init__(self, stream: Any, loop: BlockingPortal) -> None:
        self._stream = stream
        self._loop = loop

    def __enter__(self) -> BlockingStream:
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call(self._stream.aclose)

    def __iter__(self) -> BlockingStream:
        return self

    def __next__(self) -> Any:
        record = self._loop.call(_next_of, self._stream)
        if record is END:
            raise StopIteration
        return record


async def _next_of(stream: Any) -> Any:
    return await anext(stream, END)


async def _awaited(value: Any) -> Any:
    return await value


@contextmanager
def blocking(client: Any, backend: str = "asyncio") -> Iterator[Any]:
    """Give an asynchronous client whose calls block; an event loop in a thread carries them out."""
    with start_blocking_portal(backend) as loop:
        try:
            yield Blocking(client, loop)
        finally:
            loop.call(client.aclose)
