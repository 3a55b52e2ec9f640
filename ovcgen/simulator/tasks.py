"""Run calls in the background, either as a portal does (some tasks never end), or without that fault."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from ovcgen.errors import UsageError
from ovcgen.simulator.http_errors import HttpNotFound, Refused, UnknownObject
from ovcgen.simulator.operation_call import Outcome
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.state_records import TaskRecord

Json = Any
REMEMBERED = 600.0  # seconds after the end
SWEEP = 256  # remove old tasks after this many new ones
KEPT = 40 * SWEEP  # maximum, including tasks that never end
NEVER = 1e12  # thirty thousand years; JSON has no infinity
FAITHFUL, FIXED = "faithful", "fixed"


class UnknownTasks(UsageError):
    """An error: the task mode is neither `faithful` nor `fixed`."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no task mode named {name}.", fix=f"Choose {FAITHFUL} or {FIXED}.")


def is_fixed(name: str) -> bool:
    """Return whether the task mode `name` is `fixed`: then polling a refused task returns the refusal.

    In the other mode, `faithful`, polling a refused task returns 202 for ever, as in a portal.

    Raises:
        UnknownTasks: the mode is neither `faithful` nor `fixed`.
    """
    if name not in (FAITHFUL, FIXED):
        raise UnknownTasks(name)
    return name == FIXED


def submit(state: PortalState, run: Callable[[], Outcome], *, now: float, fixed: bool = False) -> str:
    """Execute a call as a task, store the task and return its guid.

    The call is executed at once; only its result is held back until `now` plus the outcome's duration. A call whose
    result is a file fails. After every 256 new tasks, those that ended more than 600 seconds ago are removed, and the
    oldest ones beyond 10,240.

    Args:
        state: The state of the portal, which keeps the task.
        run: Executes the call. Its exceptions become the result of the task, and are not raised; unless `fixed`, a
            Refused other than UnknownObject, and an outcome with another status than 200, make a task that never ends.
        now: The time in seconds since the epoch.
        fixed: Whether the task mode is `fixed`, see `is_fixed`.
    """
    if len(state.tasks) % SWEEP == SWEEP - 1:
        _forget(state, now)
    guid = str(uuid.uuid4())
    state.tasks[guid] = _record(run, now, fixed=fixed)
    return guid


def task_outcome(state: PortalState, guid: Json, *, now: float) -> Outcome:
    """Return the outcome of `task/get`: status 202 without a body while the task runs, then `[true, result]`.

    For a task that failed, it is `[false, message]`.

    Raises:
        HttpNotFound: the guid is unknown, or the task ended more than 600 seconds (REMEMBERED) ago.
    """
    task = state.tasks.get(guid) if isinstance(guid, str) else None
    if task is None or now > task.ends + REMEMBERED:
        raise HttpNotFound("Task is not found")
    if task.pair is None or now < task.ends:
        return Outcome(status=202, empty=True)
    return Outcome(list(task.pair))


def kill(state: PortalState, guid: Json, *, now: float, fixed: bool = False) -> None:
    """Stop a running task. Unless `fixed`, polling the task returns 202 for ever afterwards, as in a portal.

    Raises:
        HttpNotFound: no such task is running.
    """
    task = state.tasks.get(guid) if isinstance(guid, str) else None
    if task is None or now >= task.ends:
        raise HttpNotFound("Task is not found")
    state.tasks[guid] = TaskRecord((False, "The task was killed"), now) if fixed else TaskRecord(None, NEVER)


def _record(run: Callable[[], Outcome], now: float, *, fixed: bool) -> TaskRecord:
    try:
        outcome = run()
    except UnknownObject as error:
        return TaskRecord((False, f"RemoteException\n  in a background call\n{error.message}\n"), now)
    except Refused as error:
        # a portal's task wrapper does not catch its own exceptions, so the task never ends
        refusal = f"{error.status} {error.message}"
        return TaskRecord((False, error.message), now) if fixed else TaskRecord(None, NEVER, refusal)
    except Exception as error:  # noqa: BLE001 - whatever else goes wrong inside a task is its result
        return TaskRecord((False, f"{type(error).__name__}: {error}"), now)
    if outcome.status != 200 and not fixed:
        return TaskRecord(None, NEVER)
    if outcome.file:
        return TaskRecord((False, "'utf8' codec can't decode byte 0x9c in position 10: invalid start byte"), now)
    return TaskRecord((True, outcome.value), now + outcome.after)


def _forget(state: PortalState, now: float) -> None:
    ended = [guid for guid, task in state.tasks.items() if now > task.ends + REMEMBERED]
    for guid in ended:
        del state.tasks[guid]
    for guid in list(state.tasks)[: max(0, len(state.tasks) - KEPT)]:
        del state.tasks[guid]
