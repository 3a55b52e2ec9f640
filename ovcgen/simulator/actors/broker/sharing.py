"""How administrators' calls differ from those they stand for: other names, no answers, and answers at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from ovcgen.simulator.call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.http_errors import Refused
from ovcgen.simulator.records import NEW, Event

Json = Any
KEPT = 1000  # events


def given(call: ActorCall, **values: Json) -> ActorCall:
    """The same call with other values."""
    return replace(call, arguments={**call.arguments, **values})


def standing_for(behaviour: Behaviour, **renamed: str) -> Behaviour:
    """The same for administrators; `renamed` maps the user's parameter to the administrator's."""

    def run(call: ActorCall) -> Json:
        return behaviour(given(call, **{own: call.arguments.get(name) for own, name in renamed.items()}))

    return run


def silent(behaviour: Behaviour) -> Behaviour:
    """The same with null for an answer."""

    def run(call: ActorCall) -> Json:
        result = behaviour(call)
        return replace(result, value=None) if isinstance(result, Outcome) else None

    return run


def telling(sentence: str, behaviour: Behaviour) -> Behaviour:
    """The same with a sentence for an answer; that a restart is wanted is said as it is to users."""

    def run(call: ActorCall) -> Json:
        result = behaviour(call)
        if not isinstance(result, Outcome):
            return sentence
        return result if result.status != HTTPStatus.OK else replace(result, value=sentence)

    return run


def at_once(behaviour: Behaviour) -> Behaviour:
    """With the undeclared parameter `async`, true at once: how it went is told as an event only."""

    def run(call: ActorCall) -> Json:
        if not call.arguments.get("async"):
            return behaviour(call)
        name = call.operation.name
        try:
            behaviour(call)
        except Refused as error:
            tell(call, Event(NEW, name, error.message, "error"))
        else:
            tell(call, Event(NEW, name, "Done", "success"))
        return True

    return run


def tell(call: ActorCall, event: Event) -> None:
    """Keep an event for those who ask; the oldest is forgotten when there are many."""
    call.state.events.add(event)
    if len(call.state.events) > KEPT:
        call.state.events.drop(next(iter(call.state.events)).id)


def for_each(parameter: str, behaviour: Callable[[ActorCall, Json], None]) -> Behaviour:
    """In the background, one after the other: an object that is unknown or refuses is passed over."""

    def run(call: ActorCall) -> None:
        each_of(call, parameter, behaviour)

    return run


def each_of(call: ActorCall, parameter: str, behaviour: Callable[[ActorCall, Json], None]) -> list[Refused]:
    """Carry out a behaviour for every number in a list parameter; return the refusals, which are events as well."""
    refused = []
    for number in call.arguments[parameter]:
        try:
            behaviour(call, number)
        except Refused as error:
            refused.append(error)
            tell(call, Event(NEW, call.operation.name, error.message, "error"))
    return refused
