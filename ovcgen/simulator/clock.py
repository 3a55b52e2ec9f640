"""Provide the time of a simulated portal: a given clock plus an adjustable offset."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Clock:
    """A clock that can be moved forward. Calling it returns its time in seconds since the epoch.

    Args:
        now: Returns the base time.
        sleep: Waits for a number of seconds. Without it, `sleep` waits in real time and wakes early when the clock is
            advanced. Pass one with a `now` that stands still.

    Attributes:
        ahead: Seconds by which this clock is ahead of `now`.
    """

    def __init__(self, now: Callable[[], float] = time.time, sleep: Callable[[float], None] | None = None) -> None:
        self._now, self._sleep = now, sleep
        self._turned = threading.Condition()
        self._stopped = False
        self.ahead = 0.0

    def __call__(self) -> float:
        return self._now() + self.ahead

    def advance(self, seconds: float) -> float:
        """Move the clock forward by `seconds` and return the new time. Sleepers wake if their time has come."""
        with self._turned:
            self.ahead += seconds
            self._turned.notify_all()
        return self()

    def sleep(self, seconds: float) -> None:
        """Wait until that many seconds of this clock have passed. Return at once for 0 or less, and after `stop`."""
        if seconds <= 0 or self._stopped:
            return
        if self._sleep is not None:
            self._sleep(seconds)
            return
        end = self() + seconds
        with self._turned:
            self._turned.wait_for(lambda: self._stopped or self() >= end, seconds)

    def stop(self) -> None:
        """Wake all sleepers, now and from now on, because the portal ends.

        A `sleep` function that was given to the constructor is not interrupted, but not called any more.
        """
        with self._turned:
            self._stopped = True
            self._turned.notify_all()
