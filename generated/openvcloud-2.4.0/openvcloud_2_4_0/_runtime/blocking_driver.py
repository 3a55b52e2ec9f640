"""Carry out flows with blocking I/O: send over the adapter, sleep, and share logins between threads.

A driver knows no rule: what to send, when to wait and when to give up is decided in the flows.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any, TypeVar

from .adapter import Adapter, exchange_once
from .call_flow import Ask, AskAll, Emit, Flow, RunShared, Send, SharedOutcome, Sleep, World, raise_unexpected
from .errors import ClientError
from .single_flight import SHARED_FLOWS, late_login_error
from .tracked_connections import Attempt

T = TypeVar("T")


class Driver:
    """Carries out flows in the calling thread, with blocking I/O.

    Args:
        adapter: Sends requests to the driver's own service; None if the flows send none there.
        sleep: Waits that many seconds.
        clock: Returns the time in seconds; must be `time.monotonic` if the flows send requests.
    """

    def __init__(
        self,
        adapter: Adapter | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.adapter = adapter
        self._sleep = sleep
        self.world = World(clock, random.random)

    def run(self, flow: Flow[T]) -> T:
        """Carry out a flow and return its result; events (`Emit`) are dropped. Errors of the flow are raised."""
        try:
            step: Any = next(flow)
            while True:
                if type(step) is Send and step.other_service is None:
                    step = flow.send(exchange_once(self.adapter, step.request, Attempt.of(step)))
                else:
                    step = self._next(flow, step)
        except StopIteration as end:
            result: T = end.value
            return result

    def events(self, flow: Flow[Any]) -> Iterator[Any]:
        """Carry out a flow while its events (`Emit`) are requested, and yield them; its result is dropped."""
        try:
            step = next(flow)
            while True:
                if isinstance(step, Emit):
                    yield step.event
                    step = flow.send(None)
                else:
                    step = self._next(flow, step)
        except StopIteration:
            return
        finally:
            flow.close()

    def _next(self, flow: Flow[Any], step: Any) -> Any:
        """Carry out one step and return the next one."""
        match step:
            case Ask():
                try:
                    answer = step.call(step.seconds)
                except ClientError as error:
                    return flow.throw(error)
                return flow.send(answer)
            case AskAll():
                return flow.send(ask_all(step.asks))
            case Sleep():
                return flow.send(self._sleep(step.seconds))
            case RunShared():
                return flow.send(self._share(step))
            case Send(other_service=(address, trust)):
                with closing(Adapter(address, trust=trust)) as adapter:
                    return flow.send(exchange_once(adapter, step.request, Attempt.of(step)))
            case _:
                return flow.send(None)

    def _share(self, step: RunShared) -> SharedOutcome:
        """Carry out a shared flow, or wait for the thread that does."""
        with SHARED_FLOWS.join(step.key, step.deadline) as (shared, is_ours):
            if is_ours:
                self.run(step.flow(self.world, step.deadline))
            elif not shared.ended.wait(max(0.0, step.deadline - self.world.clock())):
                return SharedOutcome(late_login_error(), step.deadline)
        return shared.outcome()


def ask_all(asks: Sequence[Ask]) -> list[Any]:
    """Make the calls at the same time in daemon threads, and return what each returned, or its ClientError, in order.

    It waits until all have ended, and then raises the first other error. Ctrl-C is not held up by a call that hangs.
    """
    from contextvars import copy_context  # few programs make calls at the same time

    outcomes: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()

    def make(number: int, ask: Ask) -> None:
        try:
            outcomes.put((number, ask.call(ask.seconds)))
        except BaseException as error:  # noqa: BLE001  # raised in the thread that waits for it
            outcomes.put((number, error))

    for number, ask in enumerate(asks):
        threading.Thread(target=copy_context().run, args=(make, number, ask), daemon=True).start()
    found = dict(outcomes.get() for _ in asks)
    return raise_unexpected([found[number] for number in range(len(asks))])
