"""Define the base classes of asynchronous clients: `await client.<group>.<actor>.<method>(...)`.

Generated SDKs and the asynchronous runtime client both inherit from these classes. A client belongs to the event loop
on which it was first used.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

import anyio  # type: ignore[import-not-found,unused-ignore]

from ..client import ClientBase, GroupBase
from ..errors import OutcomeUnknown
from ..operation import OperationSpec
from ..policy import CallLimits, Failure
from ..request_building import Sent
from ..response_decoding import no_response_error
from ..session import DecodedResponse, Session
from ..typeguards import is_dict, is_list
from .adapter import AsyncAdapter
from .driver import LARGE, AsyncDriver
from .response_streaming import OpeningAdapter

if TYPE_CHECKING:
    from ..full_response import FullResponse

P = ParamSpec("P")
T = TypeVar("T")


def is_large(value: object) -> bool:
    """Return whether a value may become more than 1 MiB of JSON, by a quick estimate.

    Such values are checked and encoded in a thread, so that they don't block the event loop.
    """
    seen, waiting = 0, [value]
    while waiting:
        value = waiting.pop()
        seen += len(value) if isinstance(value, (str, bytes)) else 8
        if seen > LARGE:
            return True
        if is_dict(value):
            waiting += [*value, *value.values()]
        elif is_list(value):
            waiting += value
        if 8 * len(waiting) > LARGE:
            return True
    return False


class AsyncSession:
    """A session with one service on an event loop. Requests, logins and limits are those of a blocking Session.

    The arguments and errors of the constructor are those of Session.

    Attributes:
        blocking: The session that builds the requests and reads the responses. It sends nothing.
        limits: The timeout and retries of a call without limits of its own.
    """

    def __init__(self, url: str, **options: Any) -> None:
        self.blocking = Session(url, **options)
        self.limits = self.blocking.limits
        self._drivers: dict[Session, tuple[AsyncAdapter, AsyncDriver]] = {}

    async def exchange(
        self,
        operation: OperationSpec,
        sent: Sent,
        *,
        switches: tuple[str, ...] = (),
        to: Path | None = None,
        limits: CallLimits | None = None,
    ) -> DecodedResponse:
        """Send one call and return the decoded response; arguments and errors are those of `Session.exchange`.

        If it is cancelled, the cancellation gets a note that says whether the call was sent.
        """

        def note(failed: Failure) -> str:
            error = no_response_error(operation, session.root, failed)
            return f"{type(error).__name__}: {error}"

        sent = list(sent)
        session, limits = self.blocking.session_for(operation), limits or self.limits
        flow = session.exchange_flow(operation, sent, switches=switches, to=to, limits=limits)
        adapter, driver = self._sending_to(session)
        in_thread = any(is_large(value) for _, value in sent)
        if not getattr(operation, "streams", ()):
            return await driver.run(flow, note, in_thread=in_thread)
        async with OpeningAdapter(adapter) as opening:
            return await AsyncDriver(opening).run(flow, note, in_thread=in_thread)

    def _sending_to(self, session: Session) -> tuple[AsyncAdapter, AsyncDriver]:
        """Return the adapter and the driver that send to the address of a session."""
        if session not in self._drivers:
            adapter = AsyncAdapter(session.adapter, session.root)
            self._drivers[session] = adapter, AsyncDriver(adapter)
        return self._drivers[session]

    async def aclose(self) -> None:
        """Close the connections to all addresses; the next call opens new ones."""
        for adapter, _ in self._drivers.values():
            await adapter.aclose()
        self.blocking.close()


class AsyncClient(ClientBase):
    """The asynchronous client of one running service; leaving an `async with` block closes its connections.

    It belongs to the event loop on which it was first used. Arguments and errors are those of ClientBase.
    """

    _session_class = AsyncSession
    _session: AsyncSession

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; the next call opens new ones."""
        await self._session.aclose()

    async def reconcile(self, error: OutcomeUnknown) -> list[Any]:
        """Return the objects with the name that a lost call was to create, as `Client.reconcile` does.

        Raises:
            ArgumentError: there is no operation `list` beside the lost one, it needs arguments that the lost call did
                not have, or the lost call named no object.
            ClientError: the list could not be read.
        """
        from ..created_object_search import listing_for, objects_named

        return objects_named(await listing_for(self, error), error)

    async def call(self, operation: OperationSpec, arguments: Mapping[str, object]) -> T:  # type: ignore[type-var,unused-ignore] # pyright: ignore[reportInvalidTypeVarUse]
        """Check the arguments, send one call and return its result; arguments and errors are those of `Client.call`.

        If it is cancelled, its connection is closed, and the cancellation has a note: that nothing was sent
        (TransportError), or that it may have been carried out (OutcomeUnknown).
        """
        value: T = self._value(operation, arguments, await self._answer(operation, arguments))
        return value

    async def with_response(
        self, call: Callable[P, Awaitable[T]], /, *positional: P.args, **given: P.kwargs
    ) -> FullResponse[T]:
        """Make a call of this client and return its result with the status and the headers of the response.

        Example: `(await client.with_response(client.pets.create, body={"name": "Rex"})).headers["Location"]`. Errors of
        the call are raised unchanged.

        Raises:
            ArgumentError: `call` is not a method of one of this client's groups.
        """
        from ..full_response import FullResponse

        group, function = self._bound(call)
        noting = _Noting(self)
        value: T = await function(type(group)(noting), *positional, **given)
        return FullResponse(value, noting.status, noting.headers)

    async def _answer(self, operation: OperationSpec, arguments: Mapping[str, object]) -> DecodedResponse:
        """Check the arguments, send one call and return the decoded response."""
        if any(is_large(value) for value in arguments.values()):
            sent, switches, to = await anyio.to_thread.run_sync(self._checked, operation, arguments)
        else:
            sent, switches, to = self._checked(operation, arguments)
        return await self.exchange(operation, sent, switches=switches, to=to)

    async def exchange(
        self,
        operation: OperationSpec,
        sent: Sent,
        *,
        switches: tuple[str, ...] = (),
        to: Path | None = None,
        limits: CallLimits | None = None,
    ) -> DecodedResponse:
        """Send checked values and return the decoded response; arguments and errors are those of `Client.exchange`.

        The runtime client overrides this method and goes through bravado.
        """
        return await self._session.exchange(operation, sent, switches=switches, to=to, limits=limits or self._limits)


class _Noting:
    """Replaces the client during one call and keeps the status and the headers of the response."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self.status = 0
        self.headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return repr(self._client)

    async def call(self, operation: OperationSpec, arguments: Mapping[str, object]) -> Any:
        """Do the same as `AsyncClient.call`, and keep the status and the headers."""
        answer = await self._client._answer(operation, arguments)  # pyright: ignore[reportPrivateUsage]
        self.status, self.headers = answer.status, answer.response.headers
        return self._client._value(operation, arguments, answer)  # pyright: ignore[reportPrivateUsage]


class AsyncGroup(GroupBase):
    """A group of operations or actors of an asynchronous client, such as `client.pets`."""

    _client: AsyncClient

    def __init__(self, client: AsyncClient) -> None:
        self._client = client


class AsyncActor(AsyncGroup):
    """The operations on one kind of object of an asynchronous client, such as `client.pets.orders`."""
