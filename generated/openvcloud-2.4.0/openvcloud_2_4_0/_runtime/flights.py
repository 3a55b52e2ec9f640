"""Let one caller carry out a flow that several need at the same time, such as a login, while the others wait."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from copy import copy

from .errors import ClientError, TransportError
from .flows import SharedOutcome


class Flight:
    """A shared flow that one caller is carrying out.

    Attributes:
        deadline: The deadline of that caller.
        error: The error of the flow, once it has ended.
        ended: Set when the flow has ended.
    """

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.error: ClientError | None = None
        self.ended = threading.Event()
        self._lock = threading.Lock()
        self._waiting: list[Callable[[], object]] = []

    def when_ended(self, wake: Callable[[], object]) -> None:
        """Call `wake` once, when the shared flow has ended: in the thread that ends it, or at once if it has ended."""
        with self._lock:
            if not self.ended.is_set():
                self._waiting.append(wake)
                return
        wake()

    def outcome(self) -> SharedOutcome:
        """Return the outcome for one of the callers; each gets an error of its own."""
        return SharedOutcome(self.error and copy(self.error), self.deadline)

    def end(self) -> None:
        """Note that the flow has ended: wake the callers that wait."""
        with self._lock:
            self.ended.set()
        for wake in self._waiting:
            wake()


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
        the caller must carry it out within `carrying_out`. Otherwise `deadline` is not used: wait for `flight.ended`.
        """
        with self._lock:
            flight = self._flights.get(key)
            if flight is None:
                flight = self._flights[key] = Flight(deadline)
                return flight, True
            return flight, False

    @contextmanager
    def carrying_out(self, key: Hashable, flight: Flight) -> Generator[None, None, None]:
        """End the flight after the block, which carries it out, and keep its ClientError.

        If the block is broken off by anything else, the next caller who waits carries the flow out.
        """
        try:
            yield
        except ClientError as error:
            flight.error = error
        except BaseException:
            flight.error, flight.deadline = late(), float("-inf")
            raise
        finally:
            with self._lock:
                if self._flights.get(key) is flight:
                    del self._flights[key]
            flight.end()


FLIGHTS = Flights()


def late() -> TransportError:
    """Return the error for a login by another caller that has not ended in time."""
    return TransportError(
        "The login by another thread has not ended in time.", fix="Nothing was sent yet, so it is safe to repeat."
    )
