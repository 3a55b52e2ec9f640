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
    """A flow, such as a login, that one caller is carrying out while others wait for its outcome.

    Attributes:
        deadline: The deadline of the caller that carries it out, as `time.monotonic()`.
        error: The error of the flow; None while it runs, and if it succeeded.
        ended: An event that is set when the flow has ended.
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
        """Return the error of the ended flow and the deadline. Each caller gets a copy of the error, to raise it."""
        return SharedOutcome(self.error and copy(self.error), self.deadline)

    def end(self) -> None:
        """Set `ended`, and call the functions that were passed to `when_ended`."""
        with self._lock:
            self.ended.set()
        for wake in self._waiting:
            wake()


class Flights:
    """The Flight objects of this process, by key. A forked child process begins without any."""

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
        """Remove the flight and wake its waiting callers when the block, which carries out the flow, has ended.

        A ClientError of the block is not raised: it becomes `flight.error`. Any other exception, such as Ctrl-C, is
        raised; the waiting callers then get an error after which `log_in` tries again, so that one of them carries the
        flow out.
        """
        try:
            yield
        except ClientError as error:
            flight.error = error
        except BaseException:
            flight.error, flight.deadline = late_login_error(), float("-inf")
            raise
        finally:
            with self._lock:
                if self._flights.get(key) is flight:
                    del self._flights[key]
            flight.end()


FLIGHTS = Flights()


def late_login_error() -> TransportError:
    """Return the TransportError of a caller that waited for another caller's login until its own deadline."""
    return TransportError(
        "The login by another thread has not ended in time.", fix="Nothing was sent yet, so it is safe to repeat."
    )
