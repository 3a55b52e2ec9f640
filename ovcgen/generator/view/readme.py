"""What the README of an SDK shows: calls that this very release has."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.generator.code import Code, literal
from ovcgen.generator.spelling import distribution
from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.schema import Array, Scalar

SAMPLES = {"boolean": True, "number": 1.0, "string": "web"}
FIRST_CALLS = ("cloudapi.cloudspaces.list", "cloudapi.accounts.list")
FIRST_TASKS = ("cloudapi.machines.create", "cloudapi.machines.start")


@dataclass(frozen=True, slots=True)
class Readme:
    """What is different in each README."""

    name: Code
    release: Code
    first_call: Code
    first_task: Code
    waiters: Code
    changes: Code


def readme(api: Api, name: str, *, changes: str) -> Readme:
    """The README of the SDK that is called so; `changes` is Markdown about the release before."""
    release = distribution(api)[0].removeprefix("openvcloud-")
    waiters = Code("\n".join(f"- `{waiter.name}`" for waiter, _ in api.waits()))
    return Readme(Code(name), Code(release), first_call(api), first_task(api), waiters, Code(changes.strip()))


def first_call(api: Api) -> Code:
    """A call without arguments, where there is one."""
    simple = [each for each in api.callable_operations if not any(one.required for one in each.parameters)]
    found = _preferred(simple, FIRST_CALLS)
    return Code(f"portal.{found.dotted}()" if found else "")


def first_task(api: Api) -> Code:
    """The start of a task, with all the arguments that it must have."""
    found = _preferred([each for each in api.callable_operations if each.tasks], FIRST_TASKS)
    if not found:
        return Code("")
    given = [f"{each.key}={_sample(each)}" for each in found.parameters if each.required]
    return Code(f"task = portal.{found.dotted}({', '.join([*given, '_async=True'])})")


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
