"""Find releases that gained or lost the ability to run operations as tasks; reported once, not for each operation."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.registry import API_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Api, Operation

TASK = "_async"  # the parameter that runs an operation as a task


@API_RULES.rule("parameter.added-optional", wire=INFO, sdk=INFO)
def tasks_came(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """Calls can run as tasks.

    Nobody breaks.
    """
    if knows_tasks(new.api) and not knows_tasks(old.api):
        yield Finding("is new and may be sent: calls can run as tasks.", Location(place="formData", name=TASK))


@API_RULES.rule("parameter.removed", wire=WARNING, sdk=BREAKING)
def tasks_went(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """Calls can't run as tasks any more.

    A request that still asks for it gets the value itself; a Python call fails with a TypeError. Wait for the answer.
    """
    if knows_tasks(old.api) and not knows_tasks(new.api):
        hint = f"Stop passing {quoted(TASK)}, and take answers for the values that they are."
        place = Location(place="formData", name=TASK)
        yield Finding("is gone: calls can't run as tasks any more.", place, hint=hint)


def knows_tasks(api: Api) -> bool:
    """Return whether any operation can run as a task."""
    return any(operation.tasks for operation in api.operations)


def async_parameter_location(operation: Operation) -> Location:
    """Return the location of the parameter `_async` in an operation: the query of a GET, else the form.

    The operation need not have that parameter. The location is relative to the operation.
    """
    return Location(place="query" if operation.method == "GET" else "formData", name=TASK)
