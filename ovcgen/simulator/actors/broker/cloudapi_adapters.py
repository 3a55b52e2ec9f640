"""Adapt cloudapi behaviours to cloudbroker: other parameter names, other results, and work in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from ovcgen.simulator.http_errors import Refused
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.state_records import NEW, Event

Json = Any
KEPT = 1000  # maximum number of stored events


def with_arguments(call: ActorCall, **values: Json) -> ActorCall:
    """Return a copy of a call with the arguments `values` set or replaced; its other arguments stay."""
    return replace(call, arguments={**call.arguments, **values})


def with_parameter_names(behaviour: Behaviour, **renamed: str) -> Behaviour:
    """Return a behaviour of cloudbroker that does the same as one of cloudapi, but has other parameter names.

    `renamed` maps parameter names of cloudapi to those of cloudbroker. A parameter that is not sent is None.
    """

    def run(call: ActorCall) -> Json:
        return behaviour(with_arguments(call, **{own: call.arguments.get(name) for own, name in renamed.items()}))

    return run


def returning_null(behaviour: Behaviour) -> Behaviour:
    """Return a behaviour that does the same as `behaviour`, but whose result is null. Status and duration stay."""

    def run(call: ActorCall) -> Json:
        result = behaviour(call)
        return replace(result, value=None) if isinstance(result, Outcome) else None

    return run


def returning_sentence(sentence: str, behaviour: Behaviour, *, restart: str) -> Behaviour:
    """Return a behaviour that does the same as `behaviour`, but whose result is `sentence`.

    An outcome with status 202, because the machine must be restarted, is returned as it is. In some releases, its
    result is then `restart`, with status 200.
    """

    def run(call: ActorCall) -> Json:
        result = behaviour(call)
        if not isinstance(result, Outcome):
            return sentence
        if result.status == HTTPStatus.OK:
            return replace(result, value=sentence)
        return Outcome(restart, result.after) if call.behaves("broker-resize-never-202") else result

    return run


def in_background_on_request(behaviour: Behaviour) -> Behaviour:
    """Return a behaviour that does the same as `behaviour`, but can report its result as an event.

    If the undeclared parameter `async` is true, the result is true, and success or refusal (`Refused`) is stored as an
    event; the call is still executed at once. Otherwise nothing changes.
    """

    def run(call: ActorCall) -> Json:
        if not call.arguments.get("async"):
            return behaviour(call)
        name = call.operation.name
        try:
            behaviour(call)
        except Refused as error:
            store_event(call, Event(NEW, name, error.message, "error"))
        else:
            store_event(call, Event(NEW, name, "Done", "success"))
        return True

    return run


def store_event(call: ActorCall, event: Event) -> None:
    """Store an event in the portal's state. If there are more than 1000 (KEPT), the oldest is removed."""
    call.state.events.add(event)
    if len(call.state.events) > KEPT:
        call.state.events.drop(next(iter(call.state.events)).id)


def for_each(parameter: str, behaviour: Callable[[ActorCall, Json], None]) -> Behaviour:
    """Return a behaviour that calls `behaviour(call, id)` for each id in the list parameter `parameter`.

    Its result is null. A refusal (`Refused`) is stored as an event, and the next id follows. Other exceptions end the
    call.
    """

    def run(call: ActorCall) -> None:
        call_for_each(call, parameter, behaviour)

    return run


def call_for_each(call: ActorCall, parameter: str, behaviour: Callable[[ActorCall, Json], None]) -> list[Refused]:
    """Call `behaviour(call, id)` for each id in the list parameter `parameter`, and return the refusals; [] for none.

    Each refusal (`Refused`) is stored as an event, too. Other exceptions end the call.
    """
    refused = []
    for number in call.arguments[parameter]:
        try:
            behaviour(call, number)
        except Refused as error:
            refused.append(error)
            store_event(call, Event(NEW, call.operation.name, error.message, "error"))
    return refused
