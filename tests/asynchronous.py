"""Call an asynchronous client from a test that is written for blocking ones."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

PLAIN = (str, bytes, int, float, list, dict, tuple, type(None))


class Blocking:
    """A value of an asynchronous client: what it returns as an awaitable is waited for."""

    def __init__(self, value: Any, loop: BlockingPortal) -> None:
        self._value = value
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._value, name)
        if isinstance(found, PLAIN):
            return found
        return self._waiting(found) if inspect.isroutine(found) else Blocking(found, self._loop)

    def _waiting(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*positional: Any, **named: Any) -> Any:
            result = function(*positional, **named)
            return self._loop.call(_awaited, result) if inspect.isawaitable(result) else result

        return call


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
