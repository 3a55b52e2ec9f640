"""Read long lists page by page on an event loop: `async for page in paginate(client.pets.list, limit=50)`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from ..operation import OperationSpec
from ..pagination import PageWalk, PagingClientBase, paged_method
from ..pagination import RepeatedPage as RepeatedPage

P = ParamSpec("P")
T = TypeVar("T")


async def paginate(call: Callable[P, Awaitable[T]], /, *positional: P.args, **given: P.kwargs) -> AsyncIterator[T]:
    """Await a call once for each page of its result, and yield the results, as the blocking `paginate` does.

    Raises:
        ArgumentError: `call` is not a method of a client, the document does not say how its result is divided into
            pages or which number the first page has, or a link to the next page has an undeclared parameter.
        RepeatedPage: the service sends the same page again.

    Errors of the calls are raised unchanged. All errors are raised by the iteration, none by `paginate` itself.
    """
    del positional  # methods take keywords only; the type checker sees the signature of `call`
    group, function = paged_method(call)
    walk = PageWalk(given)
    while walk.arguments is not None:
        page: T = await function(type(group)(_PagingClient(group._client, walk)), **walk.arguments)
        if walk.has_page():
            yield page


class _PagingClient(PagingClientBase):
    """A stand-in for an asynchronous client during one call."""

    async def call(self, operation: OperationSpec, arguments: Mapping[str, object]) -> Any:
        """Call an operation like `AsyncClient.call`, and update the PageWalk."""
        scheme = self._walk.scheme_of(operation)
        answer = await self._client._answer(operation, arguments)
        self._walk.note(operation, scheme, answer)
        return self._client._value(operation, arguments, answer)
