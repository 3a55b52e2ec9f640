"""Long calls as tasks: a guid at once, the result when it is there, and patience that ends.

What the portal answers to `system/task/get`: 202 with no body while the task runs, then 200 with `[true, result]` or
`[false, message]`; 404 for a guid it does not know, for a moment also for one it does. A call that is refused
(4xx, 503) never ends as a task: it answers 202 for ever, so every wait here has a deadline.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from .errors import DecodeError, NotFound, TaskError, TaskFailed, TaskLost, TaskTimeout, TransportError
from .operation import OperationSpec, ParameterSpec

if TYPE_CHECKING:
    from .client import Client

T_co = TypeVar("T_co", covariant=True)

GUID = (ParameterSpec("taskguid", "string", required=True),)
GET = OperationSpec("system.task.get", "POST", "/system/task/get", GUID, retry="read")
KILL = OperationSpec("system.task.kill", "POST", "/system/task/kill", GUID, retry="converging")

STILL_RUNNING = 202
MISSES = 3  # one 404 proves nothing: the result may be on its way from the worker to the store
APART = 1.0  # seconds between two of them that count
SHORTEST, LONGEST = 0.2, 15.0  # seconds between two questions
FRACTION = 0.1  # of the time already waited

RUNNING, DONE, FAILED, LOST, KILLED = "running", "done", "failed", "lost", "killed"


class Progress(NamedTuple):
    """What `on_progress` is called with: seconds since the wait began, questions asked, and the status."""

    elapsed: float
    polls: int
    status: str


class Waited(NamedTuple):
    """What `wait` gives: the tasks that have ended, and those that have not, both in the order they were given."""

    ended: list[Task[Any]]
    running: list[Task[Any]]


class Task(Generic[T_co]):
    """A call that runs on the portal. `.guid` is all it takes to find it again: `portal.task(guid)`."""

    def __init__(
        self,
        portal: Client,
        guid: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.guid = guid
        self._portal = portal
        self.clock = clock
        self.sleep = sleep
        self._status = RUNNING
        self._outcome: Any = None
        self._misses = 0
        self._missed_at = 0.0

    @classmethod
    def ended(cls, portal: Client, value: Any) -> Task[Any]:
        """The task of a call that was carried out at once: releases before 2.2 ignore `_async`."""
        task: Task[Any] = cls(portal, "")
        task._status, task._outcome = DONE, value
        return task

    def __repr__(self) -> str:
        return f"Task({self.guid!r}, {self._status})"

    @property
    def last_status(self) -> str:
        """The status as it was last seen; asks nobody."""
        return self._status

    def status(self) -> str:
        """Ask the portal, once: `running`, `done`, `failed`, `lost` or `killed`."""
        if self._status == RUNNING:
            self._ask()
        return self._status

    def done(self) -> bool:
        """Whether it has ended, well or badly."""
        return self.status() != RUNNING

    def result(self, timeout: float = 600.0) -> T_co:
        """Wait up to `timeout` seconds and return what the call returned.

        Raises TaskFailed, TaskLost or TaskTimeout; after a TaskTimeout it can be asked again.
        """
        return self.wait(timeout)

    def wait(self, timeout: float = 600.0, *, on_progress: Callable[[Progress], object] | None = None) -> T_co:
        """As `result`; `on_progress` is called after every question to the portal."""
        for progress in _questions([self], timeout, self.clock, self.sleep):
            if on_progress:
                on_progress(progress)
        return self._value(timeout)

    def exception(self, timeout: float = 600.0) -> TaskError | None:
        """Wait as `result` does; the TaskFailed or TaskLost it would raise, or None. Raises TaskTimeout."""
        try:
            self.result(timeout)
        except (TaskFailed, TaskLost) as error:
            return error
        return None

    def kill(self) -> bool:
        """Stop the task; False if the portal has none of that guid running. What it did so far stays done."""
        if self._status != RUNNING:
            return self._status == KILLED
        try:
            self._portal.call(KILL, {"taskguid": self.guid})
        except NotFound:
            return False
        self._status = KILLED
        return True

    def _value(self, timeout: float) -> T_co:
        match self._status:
            case "done":
                value: T_co = self._outcome
                return value
            case "failed":
                raise TaskFailed(self.guid, self._outcome)
            case "killed":
                raise TaskFailed(self.guid, "it was killed")
            case "lost":
                raise TaskLost(self.guid)
            case _:
                raise TaskTimeout(self.guid, timeout)

    def _ask(self) -> None:
        try:
            answer = self._portal.exchange(GET, [(GUID[0], self.guid)])
        except NotFound:
            self._miss(self.clock())
            return
        self._misses = 0
        if answer.status != STILL_RUNNING:
            self._status, self._outcome = _ending(self.guid, answer.value)

    def _miss(self, now: float) -> None:
        if self._misses and now - self._missed_at < APART:
            return
        self._misses, self._missed_at = self._misses + 1, now
        if self._misses >= MISSES:
            self._status = LOST


def _ending(guid: str, pair: Any) -> tuple[str, Any]:
    match pair:
        case [True, value]:
            return DONE, value
        case [False, str() as message]:
            return FAILED, message
        case _:
            raise DecodeError(
                f"The portal answered something else than a result for task {guid}.",
                fix="Look at the object, or repeat the call without _async.",
            )


def _questions(
    tasks: list[Task[Any]], timeout: float, clock: Callable[[], float], sleep: Callable[[float], None]
) -> Iterator[Progress]:
    """Ask for all tasks in one loop, until all have ended or the time is up."""
    tasks = list(dict.fromkeys(tasks))
    begun, polls = clock(), 0
    while True:
        for task in [task for task in tasks if task.last_status == RUNNING]:
            try:
                status = task.status()
            except TransportError:  # the portal may be restarting; the deadline is the limit
                status = RUNNING
                if clock() - begun >= timeout:
                    raise
            polls += 1
            yield Progress(clock() - begun, polls, status)
        elapsed = clock() - begun
        if elapsed >= timeout or all(task.last_status != RUNNING for task in tasks):
            return
        sleep(pause(elapsed, timeout - elapsed))


def pause(elapsed: float, left: float) -> float:
    """Seconds until the next question: a fraction of the time already waited, and no more than is left."""
    return min(max(SHORTEST, elapsed * FRACTION), LONGEST, left)


def wait(tasks: Iterable[Task[Any]], timeout: float = 600.0) -> Waited:
    """Wait for all of them in one loop, up to `timeout` seconds; raises nothing for a task that failed."""
    given = list(tasks)
    for _ in given and _questions(given, timeout, given[0].clock, given[0].sleep):
        continue
    ended = [task for task in given if task.last_status != RUNNING]
    return Waited(ended, [task for task in given if task.last_status == RUNNING])


def as_completed(tasks: Iterable[Task[Any]], timeout: float = 600.0) -> Iterator[Task[Any]]:
    """Each task as it ends, in one polling loop; raises TaskTimeout for the first still running at the end."""
    waiting = list(tasks)
    for _ in waiting and _questions(list(waiting), timeout, waiting[0].clock, waiting[0].sleep):
        for task in [task for task in waiting if task.last_status != RUNNING]:
            waiting.remove(task)
            yield task
    for task in [task for task in waiting if task.last_status != RUNNING]:
        waiting.remove(task)
        yield task
    if waiting:
        raise TaskTimeout(waiting[0].guid, timeout)
