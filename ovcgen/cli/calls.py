"""`call` and `task`: one call from a shell."""

from __future__ import annotations

import json
import sys
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, screen
from ovcgen.cli.exits import NO
from ovcgen.errors import UsageError
from ovcgen.runtime.errors import ArgumentError

if TYPE_CHECKING:
    from ovcgen.runtime.arguments import Operation, Parameter
    from ovcgen.runtime.portal import Portal
    from ovcgen.runtime.tasks import Progress, Task

TIMEOUT = click.FloatRange(min=0)


class UnknownOperation(UsageError):
    """No call of that name."""

    def __init__(self, name: str, near: str) -> None:
        hint = f"Did you mean {near}?" if near else "Write it as GROUP.ACTOR.METHOD, such as cloudapi.machines.list."
        super().__init__(f"This portal has no operation {name[:100]!a}.", fix=hint)


@click.command("call")
@click.argument("url")
@click.argument("operation", metavar="GROUP.ACTOR.METHOD")
@click.argument("arguments", nargs=-1, metavar="[name=value | name:=json]...")
@click.option("--async", "as_task", is_flag=True, help="Run it as a task, and print its guid.")
@click.option("--wait", "waiting", is_flag=True, help="With --async: wait for the result and print that.")
@click.option("--timeout", type=TIMEOUT, default=600.0, show_default=True, help="Seconds to wait for a task.")
@click.option("--release", metavar="R", help="Take the calls of this pinned release, do not ask the portal.")
@options.specs
@options.ca_bundle
@options.output("text", "json")
def call_command(
    url: str,
    operation: str,
    arguments: tuple[str, ...],
    as_task: bool,
    waiting: bool,
    timeout: float,
    release: str | None,
    specs: Any,
    ca_bundle: str | None,
    output: str,
) -> None:
    """Make one call at the portal at URL and print what it answers.

    name=value takes the value as a text and turns it into what the parameter wants; name:=json takes JSON. A name
    that ends in `-` as value (name=-) is read from standard input, so that a secret stays out of the command line.
    """
    import ovcgen
    from ovcgen.cli.login import auth_from_environment

    group = operation.partition(".")[0]
    portal = ovcgen.connect(
        url, auth=auth_from_environment(), release=release, groups=[group], specs=specs, verify=ca_bundle or True
    )
    with portal:
        found = portal.operation_named(operation)
        if found is None:
            raise UnknownOperation(operation, portal.nearest_name(operation))
        given = _arguments(found, arguments) | ({"_async": True} if as_task else {})
        value = reduce(getattr, operation.split("."), portal)(**given)
        if as_task and not waiting:
            screen.result(value.guid, output)
        else:
            screen.result(_waited(value, timeout) if as_task else value, output)


def _arguments(operation: Operation, texts: tuple[str, ...]) -> dict[str, Any]:
    """What to send, from the command line's words; a list parameter may be given several times."""
    known = {parameter.name: parameter for parameter in operation.parameters}
    given: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.rstrip(":"):
            raise ArgumentError(f"{name[:60]!a} is no argument.", fix="Write name=value, or name:=json.")
        if name.endswith(":"):
            given[_key(known, name[:-1])] = _json(name[:-1], value)
            continue
        parameter = known.get(name)
        if value == "-":
            value = sys.stdin.readline().rstrip("\n")
        if parameter and parameter.kind == "array" and not value.startswith("["):
            given.setdefault(parameter.key, []).append(_typed(name, parameter.items, value))
        else:
            given[_key(known, name)] = _typed(name, parameter.kind if parameter else "string", value)
    return given


def _key(known: dict[str, Parameter], name: str) -> str:
    return known[name].key if name in known else name


def _typed(name: str, kind: str, text: str) -> Any:
    if kind in ("integer", "number", "boolean", "array"):
        return _json(name, text.lower() if kind == "boolean" else text)
    return text


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ArgumentError(f"The value of {name!r} can't be read as JSON.", fix="Check its spelling.") from None


@click.group("task")
def task_command() -> None:
    """Look at, wait for or stop a task by its guid."""


@task_command.command("get")
@click.argument("url")
@click.argument("guid")
@options.ca_bundle
@click.pass_context
def task_get_command(ctx: click.Context, url: str, guid: str, ca_bundle: str | None) -> None:
    """Print what the portal says now: null while running, else [true, result] or [false, message] (exit code 1)."""
    from ovcgen.runtime.tasks import GET

    with _portal(url, ca_bundle) as portal:
        answer = portal.call(GET, {"taskguid": guid})
    screen.result(answer)
    if isinstance(answer, list) and answer[:1] == [False]:
        ctx.exit(NO)


@task_command.command("wait")
@click.argument("url")
@click.argument("guid")
@click.option("--timeout", type=TIMEOUT, default=600.0, show_default=True, help="Seconds.")
@options.ca_bundle
@options.output("text", "json")
def task_wait_command(url: str, guid: str, timeout: float, ca_bundle: str | None, output: str) -> None:
    """Wait for a task and print its result. Exit code 1 if it failed, 7 if it is lost or the time is up."""
    with _portal(url, ca_bundle) as portal:
        screen.result(_waited(portal.task(guid), timeout), output)


@task_command.command("kill")
@click.argument("url")
@click.argument("guid")
@options.ca_bundle
@click.pass_context
def task_kill_command(ctx: click.Context, url: str, guid: str, ca_bundle: str | None) -> None:
    """Stop a task; what it has done so far stays done. Exit code 1 if none of that guid is running."""
    with _portal(url, ca_bundle) as portal:
        killed = portal.task(guid).kill()
    screen.note(f"Task {guid} was stopped." if killed else f"No task {guid} is running.")
    if not killed:
        ctx.exit(NO)


def _portal(url: str, ca_bundle: str | None) -> Portal:
    from ovcgen.cli.login import auth_from_environment
    from ovcgen.runtime.portal import Portal

    return Portal(url, auth=auth_from_environment(), verify=ca_bundle or True)


def _waited(task: Task[Any], timeout: float) -> Any:
    """The result of a task; on a terminal a line says how long it has been running."""
    told = sys.stderr.isatty()
    try:
        return task.wait(timeout, on_progress=_show if told else None)
    except KeyboardInterrupt:
        screen.note(f"Task {task.guid} goes on; `ovcgen task wait URL {task.guid}` waits for it again.")
        raise


def _show(progress: Progress) -> None:
    screen.note(f"{progress.elapsed:6.1f} s  {progress.status}")
