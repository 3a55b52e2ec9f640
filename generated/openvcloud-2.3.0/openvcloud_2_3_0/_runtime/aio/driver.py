"""Carry out flows on an event loop: send, sleep, and share logins with all threads and loops of the process."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, TypeVar, cast

import anyio  # type: ignore[import-not-found,unused-ignore]
from requests import Response  # type: ignore[import-untyped,unused-ignore]

from .. import call_flow
from ..call_flow import Flow
from ..errors import ClientError
from ..policy import Failure
from ..single_flight import SHARED_FLOWS, late_login_error
from ..tracked_connections import Attempt
from .adapter import AsyncAdapter, cancellation_failure, exchange_once
from .single_flight import has_ended

T = TypeVar("T")
LARGE = 1024 * 1024  # bytes; what a flow does with a larger response, such as to decode it, is done in a thread


class AsyncDriver:
    """Carries out flows on an event loop. Arguments as for Driver; `adapter` is an AsyncAdapter, `sleep` is awaited."""

    def __init__(
        self,
        adapter: Any = None,
        *,
        sleep: Callable[[float], Awaitable[object]] = anyio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.adapter = adapter
        self._sleep = sleep
        self.world = call_flow.World(clock, random.random)

    async def run(self, flow: Flow[T], note: Callable[[Failure], str] | None = None, *, in_thread: bool = False) -> T:
        """Carry out a flow and return its result; events (`Emit`) are dropped. Errors of the flow are raised.

        `note` returns the text of the note that a cancellation gets; its argument says how far the request came.
        `in_thread` runs the flow's own code in a thread, because it may take long; the sending stays on the loop.
        """
        outcome: Any = None
        attempt = None
        try:
            while True:
                if in_thread or (isinstance(outcome, Response) and len(outcome.content) > LARGE):
                    step = await anyio.to_thread.run_sync(call_flow.advance, flow, outcome)
                else:
                    step = call_flow.advance(flow, outcome)
                if type(step) is call_flow.Ended:
                    return cast("T", step.value)
                attempt = None
                if type(step) is call_flow.Send and step.other_service is None:
                    attempt = Attempt.of(step)
                    outcome = await exchange_once(self.adapter, step.request, attempt)
                else:
                    outcome = await self._outcome(step)
        except anyio.get_cancelled_exc_class() as cancellation:
            if note:
                cancellation.add_note(note(cancellation_failure(attempt)))
            raise
        finally:
            flow.close()

    async def events(self, flow: Flow[Any]) -> AsyncGenerator[Any, None]:
        """Carry out a flow while its events (`Emit`) are requested, and yield them; its result is dropped."""
        outcome: Any = None
        try:
            while type(step := call_flow.advance(flow, outcome)) is not call_flow.Ended:
                if isinstance(step, call_flow.Emit):
                    yield step.event
                    outcome = None
                else:
                    outcome = await self._outcome(step)
        finally:
            flow.close()

    async def _outcome(self, step: Any) -> Any:
        """Carry out one step and return its outcome."""
        match step:
            case call_flow.Ask():
                [answer] = await ask_all([step])
                return call_flow.Raised(answer) if isinstance(answer, ClientError) else answer
            case call_flow.AskAll():
                return await ask_all(step.asks)
            case call_flow.Sleep():
                return await self._sleep(step.seconds)
            case call_flow.RunShared():
                return await self._share(step)
            case call_flow.Send(other_service=(address, trust)):
                async with AsyncAdapter.to(address, trust) as adapter:
                    return await exchange_once(adapter, step.request, Attempt.of(step))
            case _:
                return None

    async def _share(self, step: call_flow.RunShared) -> call_flow.SharedOutcome:
        """Carry out a shared flow, or wait for the one who does: here, on another loop or in a thread."""
        with SHARED_FLOWS.join(step.key, step.deadline) as (shared, is_ours):
            if is_ours:
                await self.run(step.flow(self.world, step.deadline))
            elif not await has_ended(shared, step.deadline - self.world.clock()):
                return call_flow.SharedOutcome(late_login_error(), step.deadline)
        return shared.outcome()


async def ask_all(asks: Sequence[call_flow.Ask]) -> list[Any]:
    """Make the calls at the same time on this loop, and return what each returned, or its ClientError, in order.

    It waits until all have ended, and then raises the first other error. A cancellation cancels all calls.
    """
    results: list[Any] = [None] * len(asks)

    async def make(number: int, ask: call_flow.Ask) -> None:
        try:
            results[number] = await ask.call(ask.seconds)
        except Exception as error:  # noqa: BLE001  # raised below
            results[number] = error

    async with anyio.create_task_group() as group:
        for number, ask in enumerate(asks):
            group.start_soon(make, number, ask)
    return call_flow.raise_unexpected(results)
