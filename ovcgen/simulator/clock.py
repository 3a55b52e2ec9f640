"""The time of a simulated portal: that of a clock it is given, and as many seconds ahead as its owner has turned it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Clock:
    """Call it for the time. Who sleeps by it wakes when the time has come, by itself or because it was turned.

    Without a `sleep` of its own it sleeps in real time; whoever passes a clock that stands still passes one as well.
    """

    def __init__(self, now: Callable[[], float] = time.time, sleep: Callable[[float], None] | None = None) -> None:
        self._now, self._sleep = now, sleep
        self._turned = threading.Condition()
        self._stopped = False
        self.ahead = 0.0

    def __call__(self) -> float:
        return self._now() + self.ahead

    def advance(self, seconds: float) -> float:
        """Turn the clock forward; the time it is then."""
        with self._turned:
            self.ahead += seconds
            self._turned.notify_all()
        return self()

    def sleep(self, seconds: float) -> None:
        """Return that many seconds later by this clock."""
        if seconds <= 0:
            return
        if self._sleep is not None:
            self._sleep(seconds)
            return
        end = self() + seconds
        with self._turned:
            self._turned.wait_for(lambda: self._stopped or self() >= end, seconds)

    def stop(self) -> None:
        """Wake everybody, now and from now on: the portal ends."""
        with self._turned:
            self._stopped = True
            self._turned.notify_all()
