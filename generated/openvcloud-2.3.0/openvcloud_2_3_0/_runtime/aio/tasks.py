"""Run long calls as tasks on an event loop, and poll them until they have ended or a timeout passes.

What a response of the portal means is decided in the module of the blocking tasks.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import aclosing
from typing import Any, TypeVar

import anyio  # type: ignore[import-not-found,unused-ignore]

from ..polling import Progress
from ..portal_errors import TaskError, TaskFailed, TaskLost
from ..tasks import PATIENCE, TaskBase, driver_of, ended_and_running, poll_tasks
from .driver import AsyncDriver

NOTED = 20  # tasks in the note of a cancellation
T_co = TypeVar("T_co", covariant=True)


class AsyncTask(TaskBase[T_co]):
    """A call that runs on the portal as a task, for asynchronous clients; `await task` is `await task.result()`.

    `portal.task(guid)` finds the same task on the portal again, also from another process. A wait that is cancelled
    leaves the task running on the portal, and the cancellation has a note with its guid.

    Attributes:
        guid: The task's id; "" for a call that was executed at once.
    """

    _driver: AsyncDriver

    def _new_driver(self) -> AsyncDriver:
        return AsyncDriver()

    def __await__(self) -> Generator[Any, Any, T_co]:
        return self.result().__await__()

    async def status(self) -> str:
        """Poll the portal once and return `running`, `done`, `failed`, `lost` or `killed`; errors as `Task.status`."""
        return await self._driver.run(self._asking())

    async def done(self) -> bool:
        """Poll once and return whether the task has ended, successfully or not; the errors are those of `status`."""
        return await self.status() != "running"

    async def result(self, timeout: float = PATIENCE) -> T_co:
        """Wait up to `timeout` seconds and return what the call returned.

        Raises:
            TaskFailed: the task failed, or was killed.
            TaskLost: the portal does not know the task (three 404s in a row).
            TaskTimeout: the task is still running; `result` can be called again.
            ClientError: a poll failed with an error that does not pass, such as 401; see `polling.is_passing`.
        """
        return await self.wait(timeout)

    async def wait(self, timeout: float = PATIENCE, *, on_progress: Callable[[Progress], object] | None = None) -> T_co:
        """Wait and return like `result`, with the same errors, and call `on_progress` with a Progress after every poll.

        `on_progress` is a plain function: it is not awaited.
        """
        ends = self._driver.world.clock() + timeout
        try:
            async with aclosing(self._driver.events(poll_tasks([self], timeout, []))) as events:
                async for progress in events:
                    if on_progress:
                        on_progress(progress)
            if not self.has_ended():
                raise await self._driver.run(self.timeout_error(timeout, ends))
        except anyio.get_cancelled_exc_class() as cancellation:
            note_running([self], cancellation)
            raise
        return self._value()

    async def exception(self, timeout: float = PATIENCE) -> TaskError | None:
        """Wait like `result`, and return the TaskFailed or TaskLost that it would raise; None if the task succeeded.

        Raises:
            TaskTimeout: the task is still running.
            ClientError: a poll failed with an error that does not pass, such as 401.
        """
        try:
            await self.result(timeout)
        except (TaskFailed, TaskLost) as error:
            return error
        return None

    async def kill(self) -> bool:
        """Stop the task and return True; False if the portal answers 404, or the task was seen to have ended before.

        Work already done is not undone. Other errors of the request are raised. True for a task that was killed before.
        """
        return await self._driver.run(self._killing())


class AsyncWaited(tuple[list[AsyncTask[Any]], list[AsyncTask[Any]]]):
    """The result of the asynchronous `wait`, a pair of lists: the tasks that have ended, and those still running.

    Both are in the given order.
    """

    @property
    def ended(self) -> list[AsyncTask[Any]]:
        """Return the tasks that have ended, successfully or not: the first member of the pair."""
        return self[0]

    @property
    def running(self) -> list[AsyncTask[Any]]:
        """Return the tasks that were still running at the end of the wait: the second member of the pair."""
        return self[1]


def note_running(tasks: Iterable[AsyncTask[Any]], cancellation: BaseException) -> None:
    """Add a note to a cancellation with the guids of the tasks that are still running, at most 20 of them.

    If all tasks have ended, no note is added. The exception `cancellation` is changed in place, and nothing is sent.
    """
    guids = [task.guid for task in tasks if not task.has_ended()]
    if guids:
        more = f" and {len(guids) - NOTED} more" if len(guids) > NOTED else ""
        cancellation.add_note(
            f"Still running on the portal: {', '.join(guids[:NOTED])}{more}. portal.task({guids[0]!r}) finds one again."
        )


async def wait(tasks: Iterable[AsyncTask[Any]], timeout: float = PATIENCE) -> AsyncWaited:
    """Wait up to `timeout` seconds until all tasks have ended; return those that have ended and those still running.

    All are polled in one loop. A failed task raises nothing: its error comes from `result`. A timeout raises nothing. A
    cancellation gets a note with the guids of the tasks that are still running.

    Raises:
        ClientError: a poll failed with an error that does not pass, such as 401.
    """
    given = list(tasks)
    driver = driver_of(given) or AsyncDriver()
    try:
        await driver.run(poll_tasks(given, timeout, []))
    except anyio.get_cancelled_exc_class() as cancellation:
        note_running(given, cancellation)
        raise
    return AsyncWaited(ended_and_running(given))


async def as_completed(
    tasks: Iterable[AsyncTask[Any]], timeout: float = PATIENCE
) -> AsyncGenerator[AsyncTask[Any], None]:
    """Yield each task as soon as it has ended, polling all of them in one loop.

    A failed task is yielded like others. A cancellation gets a note with the guids of the tasks that are still running.

    Raises:
        TaskTimeout: a task is still running after `timeout` seconds, and all that have ended were yielded; the error
            names the first one.
        ClientError: a poll failed with an error that does not pass, such as 401.
    """
    given, ended = list(tasks), list[AsyncTask[Any]]()
    driver = driver_of(given) or AsyncDriver()
    ends = driver.world.clock() + timeout
    try:
        async with aclosing(driver.events(poll_tasks(given, timeout, ended))) as events:
            async for _ in events:
                while ended:
                    yield ended.pop(0)
        late = ended_and_running(given)[1]
        error = await driver.run(late[0].timeout_error(timeout, ends)) if late else None
    except anyio.get_cancelled_exc_class() as cancellation:
        note_running(given, cancellation)
        raise
    for task in ended:
        yield task
    if error:
        raise error
