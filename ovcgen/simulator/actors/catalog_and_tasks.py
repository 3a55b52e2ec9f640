"""Implement the catalog (system/docgenerator) and background tasks (system/task)."""

from __future__ import annotations

from typing import Any

from ovcgen.simulator import tasks
from ovcgen.simulator.operation_call import ActorCall, Behaviour

Json = Any


def _catalog(call: ActorCall) -> Json:
    """Return the document, with another order of keys in each call."""
    call.state.counters["catalog"] += 1
    actors = [name for name in str(call.arguments.get("actors") or "").split(",") if name]
    group = str(call.arguments.get("group") or "")
    return call.catalog.response(group, actors, order=call.state.counters["catalog"])


def _task(call: ActorCall) -> Json:
    return tasks.task_outcome(call.state, call.arguments["taskguid"], now=call.now)


def _kill(call: ActorCall) -> Json:
    return tasks.kill(call.state, call.arguments["taskguid"], now=call.now, fixed=call.fixed_tasks)


TABLE: dict[str, Behaviour] = {
    "/system/docgenerator/prepareCatalog": _catalog,
    "/system/task/get": _task,
    "/system/task/kill": _kill,
}
