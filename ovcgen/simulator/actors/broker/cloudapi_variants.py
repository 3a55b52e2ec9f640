"""Adapt cloudapi behaviours to cloudbroker: other parameter names, other results, and work in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from ovcgen.simulator.http_errors import Refused
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.records import NEW, Event

Json = Any
KEPT = 1000  # maximum number of stored events


def with_arguments(call: ActorCall, **values: Json) -> ActorCall:
    """Return the same call with these arguments changed."""
    return replace(call, arguments={**call.arguments, **values})


def with_parameter_names(behaviour: Behaviour, **renamed: str) -> Behaviour:
    """Return the same behaviour with other parameter names.

    `renamed` maps the parameter of cloudapi to that of cloudbroker.
    """

    def run(call: ActorCall) -> Json:
        return behaviour(with_arguments(call, **{own: call.arguments.get(name) for own, name in renamed.items()}))

    return run


def returning_null(behaviour: Behaviour) -> Behaviour:
    """Return the same behaviour with null as its result."""

    def run(call: ActorCall) -> Json:
        result = behaviour(call)
        return replace(result, value=None) if isinstance(result, Outcome) else None

    return run


def returning_sentence(sentence: str, behaviour: Behaviour, *, restart: str) -> Behaviour:
    """Return a behaviour that does the same, but whose result is `sentence`.

    If the machine must be restarted, the response keeps its status 202. In some releases, its result is then `restart`,
    with status 200.
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
    """Return the same behaviour, in the background if the undeclared parameter `async` is true.

    In the background, the result is true, and success or failure is reported as an event.
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
    """Store an event. If there are more than `KEPT`, the oldest is removed."""
    call.state.events.add(event)
    if len(call.state.events) > KEPT:
        call.state.events.drop(next(iter(call.state.events)).id)


def for_each(parameter: str, behaviour: Callable[[ActorCall, Json], None]) -> Behaviour:
    """Return a behaviour that calls `behaviour` for each id in a list parameter. Refusals become events."""

    def run(call: ActorCall) -> None:
        call_for_each(call, parameter, behaviour)

    return run


def call_for_each(call: ActorCall, parameter: str, behaviour: Callable[[ActorCall, Json], None]) -> list[Refused]:
    """Call `behaviour` for each id in a list parameter. Return the refusals; each one is stored as an event, too."""
    refused = []
    for number in call.arguments[parameter]:
        try:
            behaviour(call, number)
        except Refused as error:
            refused.append(error)
            store_event(call, Event(NEW, call.operation.name, error.message, "error"))
    return refused
