"""Carry out flows with blocking I/O: send over the adapter, sleep, and share logins between threads.

A driver knows no rule: what to send, when to wait and when to give up is decided in the flows.
"""

from __future__ import annotations

import os
import queue
import random
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextvars import copy_context
from copy import copy
from typing import Any, TypeVar

from requests import Response  # type: ignore[import-untyped,unused-ignore]

from .adapter import FAILURES, Adapter, failure
from .connections import Attempt
from .errors import ClientError, TransportError
from .flows import Ask, AskAll, Flow, Send, Share, SharedOutcome, Sleep, Tell, World
from .policy import Failure

T = TypeVar("T")


class Flight:
    """A shared flow that one thread is carrying out.

    Attributes:
        deadline: The deadline of that thread.
        error: The error of the flow, once it has ended.
        ended: Set when the flow has ended.
    """

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.error: ClientError | None = None
        self.ended = threading.Event()


class Flights:
    """The shared flows that are being carried out in this process. A child that was forked begins without any."""

    def __init__(self) -> None:
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[Hashable, Flight] = {}

    def join(self, key: Hashable, deadline: float) -> tuple[Flight, bool]:
        """Return the flight with that key, and whether the caller must carry it out. This call does not wait.

        If no flight has that key, a new one is made with the caller's `deadline` (seconds of `time.monotonic()`), and
        the caller must carry it out and then call `end`. Otherwise `deadline` is not used: wait for `flight.ended`.
        """
        with self._lock:
            flight = self._flights.get(key)
            if flight is None:
                flight = self._flights[key] = Flight(deadline)
                return flight, True
            return flight, False

    def end(self, key: Hashable, flight: Flight) -> None:
        """Mark the flight as ended, so that the threads that wait for it continue."""
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.ended.set()


FLIGHTS = Flights()


class Driver:
    """Carries out flows in the calling thread.

    Args:
        adapter: Sends to the driver's own service; None if its flows send elsewhere only.
        sleep: Waits that many seconds.
        clock: Returns the time of `time.monotonic()`, possibly another one for polling.
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
        """Carry out a flow and return its result; events (`Tell`) are dropped. Errors of the flow pass through."""
        try:
            step: Any = next(flow)
            while True:
                if type(step) is Send and step.elsewhere is None:
                    step = flow.send(send(self.adapter, step))
                else:
                    step = self._next(flow, step)
        except StopIteration as end:
            result: T = end.value
            return result

    def events(self, flow: Flow[Any]) -> Iterator[Any]:
        """Carry out a flow and yield its events (`Tell`); its result is dropped. Errors of the flow pass through."""
        try:
            step = next(flow)
            while True:
                if isinstance(step, Tell):
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
            case Share():
                return flow.send(self._share(step))
            case Send(elsewhere=(address, trust)):
                adapter = Adapter(address, trust=trust)
                try:
                    return flow.send(send(adapter, step))
                finally:
                    adapter.close()
            case _:
                return flow.send(None)

    def _share(self, step: Share) -> SharedOutcome:
        """Carry out a shared flow, or wait for the thread that does."""
        flight, is_ours = FLIGHTS.join(step.key, step.deadline)
        if not is_ours:
            if flight.ended.wait(max(0.0, step.deadline - self.world.clock())):
                return SharedOutcome(flight.error and copy(flight.error), flight.deadline)
            return SharedOutcome(late(), step.deadline)
        try:
            self.run(step.flow(self.world, step.deadline))
        except ClientError as error:
            flight.error = error
        except BaseException:
            flight.error, flight.deadline = late(), float("-inf")  # interrupted: the next one that waits tries itself
            raise
        finally:
            FLIGHTS.end(step.key, flight)
        return SharedOutcome(flight.error, flight.deadline)


def late() -> TransportError:
    """Return the error for a login by another thread that has not ended in time."""
    return TransportError(
        "The login by another thread has not ended in time.", fix="Nothing was sent yet, so it is safe to repeat."
    )


def ask_all(asks: Sequence[Ask]) -> list[Any]:
    """Make the calls at the same time, each in a thread of its own, and return the results or ClientErrors in order.

    The threads do not keep the process alive, so that Ctrl-C is not held up by a call that hangs.
    """
    outcomes: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()

    def make(number: int, ask: Ask) -> None:
        try:
            outcomes.put((number, ask.call(ask.seconds)))
        except BaseException as error:  # noqa: BLE001  # raised in the thread that waits for it
            outcomes.put((number, error))

    for number, ask in enumerate(asks):
        threading.Thread(target=copy_context().run, args=(make, number, ask), daemon=True).start()
    found = dict(outcomes.get() for _ in asks)
    results = [found[number] for number in range(len(asks))]
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, ClientError):
            raise result
    return results


def send(adapter: Any, step: Send) -> Response | Failure:
    """Send a request once; return the response, or why there is none.

    Raises:
        ClientError: the body can't be read from its file, or the response can't be written to one.
    """
    attempt = Attempt(step.deadline, step.patience, step.idle)
    try:
        response: Response = adapter.exchange(step.request, attempt)
        return response
    except ClientError:
        raise
    except FAILURES as caught:
        return failure(caught, attempt)
