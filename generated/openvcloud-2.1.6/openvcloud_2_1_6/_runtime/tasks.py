"""Run long calls as tasks, and poll them with backoff until they have ended or a timeout passes.

The portal answers `system/task/get` with 202 and no body while the task runs, then with 200 and `[true, result]` or
`[false, message]`. It answers 404 for an unknown guid, and sometimes for a moment for a known one. A call that was
refused (4xx, 503) never ends as a task: the portal answers 202 for ever. So every wait has a timeout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar

from .blocking_driver import Driver
from .call_flow import Ask, Flow
from .errors import ClientError, DecodeError, NotFound
from .operation import OperationSpec, ParameterSpec
from .policy import CallLimits
from .polling import LAST_POLL, PolledObject, Progress, is_passing, polling
from .portal_errors import TaskError, TaskFailed, TaskLost, TaskTimeout

if TYPE_CHECKING:
    from .client import ClientBase

T_co = TypeVar("T_co", covariant=True)

GUID = (ParameterSpec("taskguid", "string", required=True),)
GET = OperationSpec("system.task.get", "POST", "/system/task/get", GUID, retry="read")
KILL = OperationSpec("system.task.kill", "POST", "/system/task/kill", GUID, retry="converging")

STILL_RUNNING = 202
MISSES = 3  # a single 404 may only mean that the result is not stored yet
APART = 1.0  # seconds between two 404s that are counted
PATIENCE = 600.0  # seconds; the default timeout

RUNNING, DONE, FAILED, LOST, KILLED = "running", "done", "failed", "lost", "killed"


class Waited(NamedTuple):
    """The result of the blocking `wait`: the tasks that have ended, and those still running, both in given order."""

    ended: list[Task[Any]]
    running: list[Task[Any]]


class TaskBase(Generic[T_co]):
    """The base class of Task and AsyncTask: one task of a portal, and what its last poll showed.

    `portal.task(guid)` finds the same task on the portal again, also from another process.

    Attributes:
        guid: The task's id; "" for a call that was executed at once.
    """

    _driver: Any

    def __init__(
        self, portal: ClientBase, guid: str, *, call: tuple[OperationSpec, Mapping[str, object]] | None = None
    ) -> None:
        self.guid = guid
        self._call = call  # the call that started it and the ids among its arguments, if known
        self._portal: Any = portal
        self._driver = self._new_driver()
        self._status = RUNNING
        self._outcome: Any = None
        self._misses = 0
        self._missed_at = 0.0
        self._failed: ClientError | None = None  # the error of the last poll, if there will be another

    def _new_driver(self) -> Any:
        """Return the driver that carries out the polls."""
        raise NotImplementedError

    @classmethod
    def ended(cls, portal: ClientBase, value: Any) -> Self:
        """Return a task that has already ended with the result `value`, without a guid and without a request.

        Releases of OpenvCloud before 2.2 ignore `_async` and answer with the result at once.
        """
        task = cls(portal, "")
        task._status, task._outcome = DONE, value
        return task

    @property
    def _wire_text(self) -> str:
        """Return the guid, so that a task can be passed wherever a guid is expected."""
        return self.guid

    def __repr__(self) -> str:
        return f"Task({self.guid!r}, {self._status})"

    @property
    def last_status(self) -> str:
        """Return the last known status, without a request: `running`, `done`, `failed`, `lost` or `killed`.

        It is that of the last poll, or `killed` after `kill`. Before the first poll it is `running`, or `done` for a
        call that was executed at once.
        """
        return self._status

    def has_ended(self) -> bool:
        """Return whether `last_status` is an end: `done`, `failed`, `lost` or `killed`. No request is made.

        False before the first poll, unless the call was executed at once or the task was killed.
        """
        return self._status != RUNNING

    def _value(self) -> T_co:
        match self._status:
            case "done":
                value: T_co = self._outcome
                return value
            case "failed":
                raise TaskFailed(self.guid, self._outcome)
            case "killed":
                raise TaskFailed(self.guid, "it was killed")
            case _:
                raise TaskLost(self.guid)

    def timeout_error(self, timeout: float, ends: float) -> Flow[TaskTimeout]:
        """Return the flow whose result is the error for a task that is still running at the end of a wait.

        The flow requests the object that the task works on, if it is known, and puts the object's status into the
        error. An error of that request is ignored. The TaskTimeout is returned, not raised.

        Args:
            timeout: The seconds that were waited, for the error.
            ends: When the wait ended, on the driver's clock. The request may take 0.4 s longer.
        """
        failed = self._failed.what if self._failed else ""
        seen = yield from self._looking(ends + LAST_POLL - self._driver.world.clock())
        error = TaskTimeout(self.guid, timeout, failed=failed, seen=seen)
        error.__cause__ = self._failed
        return error

    def _looking(self, seconds: float) -> Flow[str]:
        """Ask for the object that the call was about, and return what it looks like; "" if that is not known."""
        known = getattr(getattr(self._portal, "wait", None), "_known", ())
        if not known or self._call is None or seconds <= 0:
            return ""
        from .waiters import GONE, description, waiter_of

        operation, ids = self._call
        waiter = waiter_of(known, operation, ids)
        if waiter is None:
            return ""
        asked = waiter.operation
        sent = [(parameter, ids[parameter.key]) for parameter in asked.parameters if parameter.key in ids]

        def ask(seconds: float) -> Any:
            return self._portal.exchange(asked, sent, limits=CallLimits(seconds, retries=0))

        try:
            answer: Any = (yield Ask(ask, seconds)).value
        except NotFound:
            answer = GONE
        except ClientError:
            return ""
        return description(waiter, ids, answer)

    def polled(self, ended: list[Any]) -> PolledObject:
        """Return a PolledObject with the functions that poll this task. Nothing is requested yet.

        Its `take` appends the task to the list `ended` when a poll shows its end.
        """

        def take(answer: Any) -> str:
            status = self._take(answer)
            if self.has_ended():
                ended.append(self)
            return status

        return PolledObject(self._ask, take, self.has_ended)

    def _asking(self) -> Flow[str]:
        """Poll once, unless the task was seen to have ended, and return the status."""
        if self._status == RUNNING:
            try:
                answer: Any = yield Ask(self._ask_patiently, PATIENCE)
            except NotFound as missed:
                answer = missed
            self._take(answer)
        return self._status

    def _ask_patiently(self, _seconds: float) -> Any:
        """Poll the portal within the client's timeout and return the response."""
        return self._ask()

    def _call_kill(self, _seconds: float) -> Any:
        return self._portal.call(KILL, {"taskguid": self.guid})

    def _killing(self) -> Flow[bool]:
        """Stop the task; return False if the portal has no such task running."""
        if self._status != RUNNING:
            return self._status == KILLED
        try:
            yield Ask(self._call_kill, PATIENCE)
        except NotFound:
            return False
        self._status = KILLED
        return True

    def _ask(self, seconds: float | None = None) -> Any:
        """Poll the portal within that many seconds, by default the client's timeout, and return the response.

        An asynchronous client returns an awaitable.
        """
        limits = None if seconds is None else CallLimits(seconds, retries=0)
        return self._portal.exchange(GET, [(GUID[0], self.guid)], limits=limits)

    def _take(self, answer: Any) -> str:
        """Take the response of a poll, or its error, and return the status. An error that does not pass is raised."""
        if isinstance(answer, NotFound):
            self._failed = answer
            self._miss(self._driver.world.clock())
        elif isinstance(answer, ClientError):
            if not is_passing(answer):
                raise answer
            self._failed = answer
        else:
            self._misses, self._failed = 0, None
            if answer.status != STILL_RUNNING:
                self._status, self._outcome = final_status(self.guid, answer.value)
        return self._status

    def _miss(self, now: float) -> None:
        """Count a 404; after three in a row, at least a second apart, the task is lost."""
        if self._misses and now - self._missed_at < APART:
            return
        self._misses, self._missed_at = self._misses + 1, now
        if self._misses >= MISSES:
            self._status = LOST


class Task(TaskBase[T_co]):
    """A call that runs on the portal as a task, for blocking clients.

    `portal.task(guid)` finds the same task on the portal again, also from another process.

    Attributes:
        guid: The task's id; "" for a call that was executed at once.
    """

    _driver: Driver

    def _new_driver(self) -> Driver:
        return Driver()

    def status(self) -> str:
        """Poll the portal once and return `running`, `done`, `failed`, `lost` or `killed`.

        A task that has ended is not polled again.

        Raises:
            ApiError: the portal refused the request. 404 is not raised but counted: three in a row, each at least a
                second after the one before, mean `lost`.
            TransportError: no response.
            DecodeError: the response can't be read.
        """
        return self._driver.run(self._asking())

    def done(self) -> bool:
        """Poll once and return whether the task has ended, successfully or not; the errors are those of `status`."""
        return self.status() != RUNNING

    def result(self, timeout: float = PATIENCE) -> T_co:
        """Wait up to `timeout` seconds and return what the call returned.

        Raises:
            TaskFailed: the task failed, or was killed.
            TaskLost: the portal does not know the task (three 404s in a row).
            TaskTimeout: the task is still running; `result` can be called again.
            ClientError: a poll failed with an error that does not pass, such as 401; see `polling.is_passing`.
        """
        return self.wait(timeout)

    def wait(self, timeout: float = PATIENCE, *, on_progress: Callable[[Progress], object] | None = None) -> T_co:
        """Wait and return like `result`, with the same errors; call `on_progress` with a Progress after every poll."""
        ends = self._driver.world.clock() + timeout
        for progress in self._driver.events(poll_tasks([self], timeout, [])):
            if on_progress:
                on_progress(progress)
        if not self.has_ended():
            raise self._driver.run(self.timeout_error(timeout, ends))
        return self._value()

    def exception(self, timeout: float = PATIENCE) -> TaskError | None:
        """Wait like `result`, and return the TaskFailed or TaskLost that it would raise; None if the task succeeded.

        Raises:
            TaskTimeout: the task is still running.
            ClientError: a poll failed with an error that does not pass, such as 401.
        """
        try:
            self.result(timeout)
        except (TaskFailed, TaskLost) as error:
            return error
        return None

    def kill(self) -> bool:
        """Stop the task and return True; False if the portal answers 404, or the task was seen to have ended before.

        Work already done is not undone. Other errors of the request are raised. True for a task that was killed before.
        """
        return self._driver.run(self._killing())


def final_status(guid: str, pair: Any) -> tuple[str, Any]:
    """Return (`done`, the result) or (`failed`, the message) from the portal's final response about a task.

    `pair` is the decoded response: `[true, result]` or `[false, message]`; `guid` is for the error.

    Raises:
        DecodeError: the response is neither.
    """
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


def poll_tasks(tasks: Iterable[TaskBase[Any]], timeout: float, ended: list[Any]) -> Flow[None]:
    """Return the flow that polls all running tasks in one loop until all have ended or `timeout` seconds have passed.

    The flow yields a Progress (`Emit`) after every poll, and raises nothing when the timeout passes. Each task is
    appended to the list `ended` when it has ended; tasks that had ended before are appended at once.
    """
    given = list(dict.fromkeys(tasks))
    ended += [task for task in given if task.has_ended()]
    subjects = [task.polled(ended) for task in given]
    return polling(subjects, timeout, given[0]._driver.world) if given else _nothing()  # pyright: ignore[reportPrivateUsage]


def _nothing() -> Flow[None]:
    """Return a flow without steps."""
    yield from ()


def driver_of(tasks: list[Any]) -> Any:
    """Return the driver (a Driver or AsyncDriver) of the first task; None if the list is empty."""
    return tasks[0]._driver if tasks else None


def ended_and_running(tasks: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return two lists, both in the given order: the tasks that were seen to have ended, and the others. No request."""
    return [task for task in tasks if task.has_ended()], [task for task in tasks if not task.has_ended()]


def wait(tasks: Iterable[Task[Any]], timeout: float = PATIENCE) -> Waited:
    """Wait up to `timeout` seconds until all tasks have ended; return those that have ended and those still running.

    All are polled in one loop. A failed task raises nothing: its error comes from `result`. A timeout raises nothing.

    Raises:
        ClientError: a poll failed with an error that does not pass, such as 401.
    """
    given = list(tasks)
    (driver_of(given) or Driver()).run(poll_tasks(given, timeout, []))
    return Waited(*ended_and_running(given))


def as_completed(tasks: Iterable[Task[Any]], timeout: float = PATIENCE) -> Iterator[Task[Any]]:
    """Yield each task as soon as it has ended, polling all of them in one loop. A failed task is yielded like others.

    A task that is passed twice is yielded once.

    Raises:
        TaskTimeout: a task is still running after `timeout` seconds, and all that have ended were yielded; the error
            names the first one.
        ClientError: a poll failed with an error that does not pass, such as 401.
    """
    given, ended = list(tasks), list[Task[Any]]()
    driver = driver_of(given) or Driver()
    ends = driver.world.clock() + timeout
    for _ in driver.events(poll_tasks(given, timeout, ended)):
        while ended:
            yield ended.pop(0)
    yield from ended
    if late := ended_and_running(given)[1]:
        raise driver.run(late[0].timeout_error(timeout, ends))
