"""Build the template data of an SDK's README, with calls and logins that this release has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ovcgen.generator.code import STEP, Bracket, Code, lay_out, literal
from ovcgen.generator.python_names import release_distribution
from ovcgen.generator.view.example_arguments import example_arguments
from ovcgen.generator.view.login_examples import example_code, logins, opening_call, placeholders
from ovcgen.generator.view.operation_schemas import received_bodies
from ovcgen.generator.view.schema_annotations import NamedTypes
from ovcgen.model.api import Api, Operation
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Json
from ovcgen.normalise.dialect import Wording


@dataclass(frozen=True, slots=True)
class Readme:
    """The template data of a README. All fields are finished text or code.

    Attributes:
        name, release: The release's name in prose, and as the distribution's name has it.
        alias, client, service, source: The words of the dialect; see `Wording`.
        placeholders, opening: Assignments of the names that the opening call uses, and that call.
        first_call, first_task: Examples of a call and of a task; "" for none.
        async_opening, first_wait: The same opening inside `async with`, and a statement that awaits the first call,
            `...` for none.
        logins: The example logins.
        renews: Whether one of them renews its tokens.
        waiters: The names of the waiters.
        received: The names of the types of requests that the service sends (webhooks and callbacks).
        changes: Markdown about the changes since the release before.
    """

    name: Code
    release: Code
    alias: Code
    client: Code
    service: Code
    source: Code
    placeholders: tuple[Code, ...]
    opening: Code
    first_call: Code
    async_opening: Code
    first_wait: Code
    logins: tuple[Code, ...]
    renews: bool
    first_task: Code
    waiters: tuple[Code, ...]
    received: tuple[Code, ...]
    changes: Code


def readme(api: Api, wording: Wording, name: str, *, shapes: NamedTypes, changes: str) -> Readme:
    """Return the template data of a README.

    Args:
        api: The API of the release.
        wording: The words of its dialect.
        name: The release's name in prose.
        shapes: The types of the release.
        changes: Markdown about the changes since the release before.
    """
    ways = logins(api, wording)
    called = first_call(api, wording)
    return Readme(
        name=Code(name),
        release=Code(release_distribution(api)[0].removeprefix(f"{wording.distribution}-")),
        alias=Code(wording.alias),
        client=Code(wording.client),
        service=Code(wording.service),
        source=Code(wording.source),
        placeholders=placeholders(api, wording),
        opening=opening_call(api, wording, before=len(f"{wording.client} = ")),
        first_call=called,
        first_wait=Code(f"print(await {called})" if called else "..."),
        async_opening=opening_call(
            api, wording, indent=STEP, before=len("async with "), after=len(f" as {wording.client}:")
        ),
        logins=tuple(example_code(way, wording) for way in ways),
        renews=any(way.renews for way in ways),
        first_task=first_task(api, wording),
        waiters=tuple(Code(waiter.name) for waiter, _ in api.waits()),
        received=tuple(Code(shapes.names[key]) for _, key, _ in received_bodies(api)),
        changes=Code(changes.strip()),
    )


def first_call(api: Api, wording: Wording) -> Code:
    """Return the source of an example call without arguments; "" if every operation needs an argument."""
    simple = [
        operation
        for operation in api.callable_operations
        if not (
            operation.exactly_one_of
            or operation.at_least_one_of
            or any(parameter.needed for parameter in operation.parameters)
        )
    ]
    for operation, _ in _examples(simple, wording, wording.first_calls, Resolver(api.schemas)):
        return Code(f"{wording.client}.{operation.dotted}()")
    return Code("")


def first_task(api: Api, wording: Wording) -> Code:
    """Return the source of an example that starts a task, with all required arguments; "" if no operation can."""
    tasks = [operation for operation in api.callable_operations if operation.tasks]
    for operation, arguments in _examples(tasks, wording, wording.first_tasks, Resolver(api.schemas)):
        given = [f"{key}={literal(value)}" for key, value in arguments.items()]
        return lay_out(Bracket(f"task = {wording.client}.{operation.dotted}(", (*given, "_async=True"), ")"))
    return Code("")


def _examples(
    operations: Sequence[Operation], wording: Wording, preferred: tuple[str, ...], resolver: Resolver
) -> Iterator[tuple[Operation, dict[str, Json]]]:
    """Yield operations with arguments that they accept: preferred ones first, deprecated ones last, others by name.

    Operations for which no arguments are found are left out. `resolver` resolves the schemas of the API.
    """
    rank = {name: number for number, name in enumerate(preferred)}
    order = sorted(
        operations,
        key=lambda operation: (bool(operation.deprecation), rank.get(operation.dotted, len(rank)), operation.dotted),
    )
    for operation in order:
        arguments = example_arguments(operation, dict(wording.samples), resolver=resolver)
        if arguments is not None:
            yield operation, arguments
