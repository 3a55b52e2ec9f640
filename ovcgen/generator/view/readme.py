"""What the README of an SDK shows: calls and logins that this very release has."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.generator.code import Code, literal
from ovcgen.generator.spelling import distribution
from ovcgen.generator.view.logins import logins, opening, shown
from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Array, Scalar
from ovcgen.normalise.dialect import Wording

SAMPLES = {"boolean": True, "number": 1.0, "string": "web"}


@dataclass(frozen=True, slots=True)
class Readme:
    """What is different in each README."""

    name: Code
    release: Code
    alias: Code
    client: Code
    service: Code
    source: Code
    opening: Code
    first_call: Code
    logins: tuple[Code, ...]
    renews: bool
    first_task: Code
    waiters: tuple[Code, ...]
    changes: Code


def readme(api: Api, wording: Wording, name: str, *, changes: str) -> Readme:
    """The README of the SDK that is called so; `changes` is Markdown about the release before."""
    ways = logins(api, wording)
    return Readme(
        name=Code(name),
        release=Code(distribution(api)[0].removeprefix(f"{wording.distribution}-")),
        alias=Code(wording.alias),
        client=Code(wording.client),
        service=Code(wording.service),
        source=Code(wording.source),
        opening=opening(api, wording, before=len(f"{wording.client} = ")),
        first_call=first_call(api, wording),
        logins=tuple(shown(each, wording) for each in ways),
        renews=any(each.renews for each in ways),
        first_task=first_task(api, wording),
        waiters=tuple(Code(waiter.name) for waiter, _ in api.waits()),
        changes=Code(changes.strip()),
    )


def first_call(api: Api, wording: Wording) -> Code:
    """A call without arguments, where there is one."""
    simple = [each for each in api.callable_operations if not any(one.needed for one in each.parameters)]
    found = _preferred(simple, wording.first_calls)
    return Code(f"{wording.client}.{found.dotted}()" if found else "")


def first_task(api: Api, wording: Wording) -> Code:
    """The start of a task, with all the arguments that it must have."""
    found = _preferred([each for each in api.callable_operations if each.tasks], wording.first_tasks)
    if not found:
        return Code("")
    given = [f"{each.key}={_sample(each)}" for each in found.parameters if each.needed]
    return Code(f"task = {wording.client}.{found.dotted}({', '.join([*given, '_async=True'])})")


def _preferred(operations: list[Operation], dotted: tuple[str, ...]) -> Operation | None:
    by_name = {each.dotted: each for each in sorted(operations, key=lambda each: each.dotted)}
    return next((by_name[name] for name in (*dotted, *by_name) if name in by_name), None)


def _sample(parameter: Parameter) -> str:
    match parameter.schema:
        case Scalar("integer"):
            return "10" if "size" in parameter.key.lower() else "1"
        case Scalar(kind):
            return literal(SAMPLES[kind])
        case Array():
            return "[1]"
        case _:
            return "{}"
