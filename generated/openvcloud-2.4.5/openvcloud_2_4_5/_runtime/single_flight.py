"""Let one caller carry out a flow that several need at the same time, such as a login, while the others wait."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from copy import copy

from .call_flow import SharedOutcome
from .errors import ClientError, TransportError


class SharedFlow:
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
        """Have `wake` called once, when the shared flow has ended: by the thread that ends it, or at once if it has.

        This method does not wait.
        """
        with self._lock:
            if not self.ended.is_set():
                self._waiting.append(wake)
                return
        wake()

    def outcome(self) -> SharedOutcome:
        """Return the error of the flow (None for success) and its deadline, without waiting for its end.

        Each caller gets a copy of the error of its own, to raise it.
        """
        return SharedOutcome(self.error and copy(self.error), self.deadline)

    def end(self) -> None:
        """Set `ended`, and call the functions that were passed to `when_ended`."""
        with self._lock:
            self.ended.set()
        for wake in self._waiting:
            wake()


class SharedFlows:
    """The SharedFlow objects of this process, by key. A forked child process begins without any."""

    def __init__(self) -> None:
        self._begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._shared_flows: dict[Hashable, SharedFlow] = {}

    @contextmanager
    def join(self, key: Hashable, deadline: float) -> Generator[tuple[SharedFlow, bool], None, None]:
        """Return a context whose value is (the shared flow with that key, whether the block must carry it out).

        It does not wait for the flow.

        If no flow has that key, a new one is made with the caller's `deadline` (seconds of `time.monotonic()`), which
        the block carries out; its ClientError is kept. Otherwise `deadline` is not used: wait for the flow's `ended`.
        If the block is broken off by anything else, the next caller who waits carries the flow out. An interruption at
        any moment, also of this method, ends the flow: otherwise it would keep all later callers waiting.
        """
        own, shared = SharedFlow(deadline), None
        try:
            shared = self._shared_flows.setdefault(key, own)
            if shared.ended.is_set():  # its end was interrupted
                shared = self._shared_flows[key] = own
            yield shared, shared is own
        except ClientError as error:
            if shared is not own:
                raise
            own.error = error
        except BaseException:
            own.error, own.deadline = late_login_error(), float("-inf")
            raise
        finally:
            try:
                if self._shared_flows.get(key) is own:
                    del self._shared_flows[key]
            finally:
                own.end()


SHARED_FLOWS = SharedFlows()


def late_login_error() -> TransportError:
    """Return the TransportError of a caller that waited for another caller's login until its own deadline."""
    return TransportError(
        "The login by another thread has not ended in time.", fix="Nothing was sent yet, so it is safe to repeat."
    )
