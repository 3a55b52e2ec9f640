"""Run long calls as tasks, and poll them with backoff until they have ended or a timeout passes.

The portal answers `system/task/get` with 202 and no body while the task runs, then with 200 and `[true, result]` or
`[false, message]`. It answers 404 for an unknown guid, and sometimes for a moment for a known one. A call that was
refused (4xx, 503) never ends as a task: the portal answers 202 for ever. So every wait has a timeout.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from .errors import DecodeError, NotFound, TransportError
from .operation import OperationSpec, ParameterSpec
from .portal_errors import TaskError, TaskFailed, TaskLost, TaskTimeout

if TYPE_CHECKING:
    from .client import Client

T_co = TypeVar("T_co", covariant=True)

GUID = (ParameterSpec("taskguid", "string", required=True),)
GET = OperationSpec("system.task.get", "POST", "/system/task/get", GUID, retry="read")
KILL = OperationSpec("system.task.kill", "POST", "/system/task/kill", GUID, retry="converging")

STILL_RUNNING = 202
MISSES = 3  # a single 404 may only mean that the result is not stored yet
APART = 1.0  # seconds between two 404s that are counted
SHORTEST, LONGEST = 0.2, 15.0  # seconds between two polls
FRACTION = 0.1  # of the time already waited

RUNNING, DONE, FAILED, LOST, KILLED = "running", "done", "failed", "lost", "killed"


class Progress(NamedTuple):
    """The argument of `on_progress`.

    Attributes:
        elapsed: Seconds since the wait began.
        polls: The number of polls so far.
        status: The status that the last poll returned.
    """

    elapsed: float
    polls: int
    status: str


class Waited(NamedTuple):
    """The result of `wait`: the tasks that have ended, and those still running, both in the given order."""

    ended: list[Task[Any]]
    running: list[Task[Any]]


class Task(Generic[T_co]):
    """A call that runs on the portal.

    `portal.task(guid)` returns the same task again, also in another process.

    Attributes:
        guid: The task's id; "" for a call that was executed at once.
    """

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
        self._clock = clock
        self._sleep = sleep
        self._status = RUNNING
        self._outcome: Any = None
        self._misses = 0
        self._missed_at = 0.0

    @classmethod
    def ended(cls, portal: Client, value: Any) -> Task[Any]:
        """Return a task that has already ended with `value`: releases before 2.2 ignore `_async`."""
        task: Task[Any] = cls(portal, "")
        task._status, task._outcome = DONE, value
        return task

    def __repr__(self) -> str:
        return f"Task({self.guid!r}, {self._status})"

    @property
    def last_status(self) -> str:
        """Return the status that was last seen, without a request."""
        return self._status

    def status(self) -> str:
        """Poll the portal once and return `running`, `done`, `failed`, `lost` or `killed`.

        A task that has ended is not polled again.

        Raises:
            ApiError: the portal refused the request; 404 is counted, and three in a row mean `lost`.
            TransportError: no response.
            DecodeError: the response can't be read.
        """
        if self._status == RUNNING:
            self._ask()
        return self._status

    def done(self) -> bool:
        """Poll once and return whether the task has ended, successfully or not."""
        return self.status() != RUNNING

    def result(self, timeout: float = 600.0) -> T_co:
        """Wait up to `timeout` seconds and return what the call returned.

        Raises:
            TaskFailed: the task failed, or was killed.
            TaskLost: the portal does not know the task.
            TaskTimeout: the task is still running; `result` can be called again.
        """
        return self.wait(timeout)

    def wait(self, timeout: float = 600.0, *, on_progress: Callable[[Progress], object] | None = None) -> T_co:
        """Do the same as `result`, and call `on_progress` after every poll."""
        for progress in _questions([self], timeout, self._clock, self._sleep):
            if on_progress:
                on_progress(progress)
        return self._value(timeout)

    def exception(self, timeout: float = 600.0) -> TaskError | None:
        """Wait like `result`, and return the TaskFailed or TaskLost that it would raise, or None.

        Raises:
            TaskTimeout: the task is still running.
        """
        try:
            self.result(timeout)
        except (TaskFailed, TaskLost) as error:
            return error
        return None

    def kill(self) -> bool:
        """Stop the task. Return False if the portal has no such task running. Work already done is not undone."""
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
            self._miss(self._clock())
            return
        self._misses = 0
        if answer.status != STILL_RUNNING:
            self._status, self._outcome = _ending(self.guid, answer.value)

    def _miss(self, now: float) -> None:
        """Count a 404; after three in a row, at least a second apart, the task is lost."""
        if self._misses and now - self._missed_at < APART:
            return
        self._misses, self._missed_at = self._misses + 1, now
        if self._misses >= MISSES:
            self._status = LOST


def _ending(guid: str, pair: Any) -> tuple[str, Any]:
    """Return the final status and the result or message of a task's response."""
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
    """Poll all running tasks in one loop until all have ended or the timeout passes; yield after every poll."""
    tasks = list(dict.fromkeys(tasks))
    begun, polls = clock(), 0
    while True:
        for task in [task for task in tasks if task.last_status == RUNNING]:
            try:
                status = task.status()
            except TransportError:  # the portal may be restarting; polled again until the timeout
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
    """Return the seconds to sleep before the next poll.

    The interval is 10 % of the time already waited, at least 0.2 s and at most 15 s, and never more than `left`.
    """
    return min(max(SHORTEST, elapsed * FRACTION), LONGEST, left)


def wait(tasks: Iterable[Task[Any]], timeout: float = 600.0) -> Waited:
    """Wait up to `timeout` seconds for all tasks, in one polling loop. A failed task raises nothing."""
    given = list(tasks)
    for _ in given and _questions(given, timeout, given[0]._clock, given[0]._sleep):
        continue
    ended = [task for task in given if task.last_status != RUNNING]
    return Waited(ended, [task for task in given if task.last_status == RUNNING])


def as_completed(tasks: Iterable[Task[Any]], timeout: float = 600.0) -> Iterator[Task[Any]]:
    """Yield each task as soon as it has ended, polling all of them in one loop.

    Raises:
        TaskTimeout: a task is still running after `timeout` seconds; the error names the first one.
    """
    waiting = list(tasks)
    for _ in waiting and _questions(list(waiting), timeout, waiting[0]._clock, waiting[0]._sleep):
        for task in [task for task in waiting if task.last_status != RUNNING]:
            waiting.remove(task)
            yield task
    for task in [task for task in waiting if task.last_status != RUNNING]:
        waiting.remove(task)
        yield task
    if waiting:
        raise TaskTimeout(waiting[0].guid, timeout)
