"""Create `portal.wait.<name>(...)` of the runtime client: a method for each waiter whose operation the portal has."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ovcgen.client.actor_classes import Wire, check_call
from ovcgen.client.method_signatures import annotation, doc_of, signature_of
from ovcgen.model import api
from ovcgen.model.runtime_specs import wire_waiter
from ovcgen.model.waiter import WaiterSpec
from ovcgen.runtime import waiters
from ovcgen.runtime.waiters import ON_PROGRESS, PATIENCE, TIMEOUT

OPTIONS = (
    inspect.Parameter(TIMEOUT, inspect.Parameter.KEYWORD_ONLY, default=PATIENCE, annotation="float"),
    inspect.Parameter(
        ON_PROGRESS, inspect.Parameter.KEYWORD_ONLY, default=None, annotation="Callable[[Progress], object] | None"
    ),
)
OPTION_TEXTS = """    timeout: seconds to wait before WaitTimeout is raised
    on_progress: called after every question with seconds, questions and status"""


def waiters_class(model: api.Api, wire: Wire, base: type[waiters.WaitersBase]) -> type[waiters.WaitersBase]:
    """Return a new subclass of `base` with a method for each waiter whose operation the API has; perhaps with none.

    Args:
        model: The API.
        wire: The runtime's records of the operations by (method, path).
        base: Waiters or AsyncWaiters.
    """
    known = tuple(wire_waiter(waiter, wire[operation.method, operation.path]) for waiter, operation in model.waits())
    methods = {
        waiter.name: _method(waiter, operation, asked)
        for (waiter, operation), asked in zip(model.waits(), known, strict=True)
    }
    return type("Waiters", (base,), {"__doc__": base.__doc__, "_known": known, **methods})


def _method(waiter: WaiterSpec, operation: api.Operation, asked: waiters.Waiter) -> Callable[..., Any]:
    qualified = f"Waiters.{waiter.name}"
    waiting = api.wait_method(waiter, operation)

    def method(self: Any, /, *positional: object, **given: object) -> Any:
        check_call(qualified, asked.method_spec, positional, given)
        options: dict[str, Any] = {name: given.pop(name) for name in (TIMEOUT, ON_PROGRESS) if name in given}
        return self._until(asked, given, **options)

    method.__name__ = waiter.name
    method.__qualname__ = qualified
    method.__doc__ = f"{doc_of(waiting)}\n{OPTION_TEXTS}"
    method.__signature__ = _signature(waiting)  # type: ignore[attr-defined]
    return method


def _signature(operation: api.Operation) -> inspect.Signature:
    plain = signature_of(operation)
    return plain.replace(
        parameters=[*plain.parameters.values(), *OPTIONS], return_annotation=annotation(operation.result)
    )
