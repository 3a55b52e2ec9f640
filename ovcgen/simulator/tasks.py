"""Calls in the background, as faithful as a portal plays them: some of them never end."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from ovcgen.simulator.call import Outcome
from ovcgen.simulator.records import TaskRecord
from ovcgen.simulator.refusals import Missing, Refused, UnknownObject
from ovcgen.simulator.state import State

Json = Any
REMEMBERED = 600.0  # seconds after the end
SWEEP = 256  # forget old tasks each time so many more are kept
NEVER = float("inf")


def submit(state: State, run: Callable[[], Outcome], *, now: float) -> str:
    """Start a call in the background; its guid."""
    if len(state.tasks) % SWEEP == SWEEP - 1:
        _forget(state, now)
    guid = str(uuid.uuid4())
    state.tasks[guid] = _record(run, now)
    return guid


def look(state: State, guid: Json, *, now: float) -> Outcome:
    """What `task/get` answers: 202 while running, then the pair, at last 404."""
    task = state.tasks.get(guid) if isinstance(guid, str) else None
    if task is None or now > task.ends + REMEMBERED:
        raise Missing("Task is not found")
    if task.pair is None or now < task.ends:
        return Outcome(status=202, empty=True)
    return Outcome(list(task.pair))


def kill(state: State, guid: Json, *, now: float) -> None:
    """End a running task. Nobody ever hears of it again: it answers 202 for ever."""
    task = state.tasks.get(guid) if isinstance(guid, str) else None
    if task is None or now >= task.ends:
        raise Missing("Task is not found")
    state.tasks[guid] = TaskRecord(None, NEVER)


def _record(run: Callable[[], Outcome], now: float) -> TaskRecord:
    try:
        outcome = run()
    except UnknownObject as error:
        return TaskRecord((False, f"RemoteException\n  in a background call\n{error.message}\n"), now)
    except Refused:
        # the portal's own exceptions escape the wrapper that should note the end of a task
        return TaskRecord(None, NEVER)
    except Exception as error:  # noqa: BLE001 - whatever else goes wrong inside a task is its result
        return TaskRecord((False, f"{type(error).__name__}: {error}"), now)
    if outcome.status != 200:
        return TaskRecord(None, NEVER)
    if outcome.file:
        return TaskRecord((False, "'utf8' codec can't decode byte 0x9c in position 10: invalid start byte"), now)
    return TaskRecord((True, outcome.value), now + outcome.after)


def _forget(state: State, now: float) -> None:
    for guid in [guid for guid, task in state.tasks.items() if now > task.ends + REMEMBERED]:
        del state.tasks[guid]
