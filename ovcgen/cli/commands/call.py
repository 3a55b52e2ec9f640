"""Define the `call` command: make one API call from a shell."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options
from ovcgen.cli.output import TEXT
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.cli.output import Output
    from ovcgen.client.portal import RuntimePortal
    from ovcgen.model.api import Api
    from ovcgen.runtime.operation import OperationSpec
    from ovcgen.runtime.tasks import Task

MOST_NAMES = 8  # operations that a message lists


class UnknownOperation(UsageError):
    """The portal has no operation of that name. `near` is the most similar name, or ""."""

    def __init__(self, name: str, near: str = "") -> None:
        hint = f"Did you mean {near}?" if near else "Write it as GROUP.ACTOR.METHOD, such as cloudapi.machines.list."
        super().__init__(f"This portal has no operation {name[:100]!a}.", fix=hint)


class NotInDocument(UsageError):
    """The document has no operation of that name. `near` is the most similar name, or ""; `known` are all names."""

    def __init__(self, name: str, near: str, known: Collection[str]) -> None:
        group = name.partition(".")[0]
        listed = [each for each in known if each.partition(".")[0] == group] or list(known)
        more = f" (and {len(listed) - MOST_NAMES} more)" if len(listed) > MOST_NAMES else ""
        some = f"Pass one of {', '.join(listed[:MOST_NAMES])}{more}." if listed else "Pass another document."
        super().__init__(
            f"The document has no operation {name[:100]!a}.", fix=f"Did you mean {near}?" if near else some
        )


class NeverATask(UsageError):
    """The operation can't run as a task."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation} can't run as a task.", fix="Leave --async and --wait out.")


class BytesOnATerminal(UsageError):
    """The response is a file and standard output is a terminal."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation} answers a file, which no terminal can show.", fix="Add `> FILE`.")


@click.command("call")
@click.argument("source", metavar="URL or DOCUMENT")
@click.argument("operation", metavar="GROUP.ACTOR.METHOD")
@click.argument("words", nargs=-1, metavar="[name=value | name:=json | name@file]...")
@click.option("--async", "as_task", is_flag=True, help="Run it as a task, and print its guid.")
@click.option("--wait", "waiting", is_flag=True, help="Run it as a task, wait for its end and print its result.")
@options.timeout
@click.option("--release", metavar="R", help="Take the calls of this pinned release, do not ask the portal.")
@click.option("--spec", metavar="DOCUMENT", help="Take the calls of this file or document's URL; URL is the address.")
@click.option("--server", metavar="N", default="0", help="Which declared server to call: its position or its name.")
@click.option("--variable", "variables", metavar="NAME=VALUE", multiple=True, help="A variable of its address.")
@options.specs
@options.ca_bundle
@options.result
def call_command(
    source: str,
    operation: str,
    words: tuple[str, ...],
    as_task: bool,
    waiting: bool,
    timeout: float,
    release: str | None,
    spec: str | None,
    server: str,
    variables: tuple[str, ...],
    specs: Path | None,
    ca_bundle: str | None,
    output: Output,
) -> None:
    """Make one call at the portal at URL, or at the address that a DOCUMENT declares, and print what it answers.

    name=value takes a text, and turns it into what the parameter wants; name:=json takes JSON. A list may be given as
    name=a name=b. name=- reads the value from standard input, so that a secret stays out of the command line.
    name@file uploads a file. An answer that is a file is written to stdout as it is.
    """
    from ovcgen.cli.call_arguments import arguments_of
    from ovcgen.cli.declared_login import login_advice
    from ovcgen.runtime.policy import TIMEOUT

    portal, api = _opened(
        source,
        operation,
        release,
        spec,
        specs,
        timeout=timeout or TIMEOUT,
        verify=ca_bundle or True,
        server=int(server) if server.isdecimal() else server,
        variables=_variables(variables),
    )
    with portal, login_advice(api):
        found = _operation(portal, operation)
        given = arguments_of(found, words)
        if as_task or waiting:
            task = _started(portal, found, given)
            if waiting or not task.guid:
                output.write(_outcome(task, portal.url, timeout))
            else:
                replace(output, form=output.form or TEXT).write(task.guid)
        else:
            output.write(portal.call(found, given))


def _opened(
    source: str,
    operation: str,
    release: str | None,
    spec: str | None,
    specs: Path | None,
    **options: Any,
) -> tuple[RuntimePortal, Api | None]:
    """Return a client for the portal at `source` with the operation group of `operation`, or for a document.

    With it comes the API of a document that is not of a portal.
    """
    group, dot, method = operation.partition(".")
    if not (group and dot and method):
        raise UnknownOperation(operation)
    from ovcgen.cli.declared_login import is_portal, opened_with_logins
    from ovcgen.cli.environment_login import auth_from_environment
    from ovcgen.workflows.connect import chosen, connect
    from ovcgen.workflows.inputs import is_document_url, is_url
    from ovcgen.workflows.resolve import is_file, resolve

    is_document = spec is None and (is_document_url(source) or (is_file(source) and not is_url(source)))
    document = chosen(release, source if is_document else spec)
    if document is None or document == release:
        auth = auth_from_environment()
        return connect(source, auth=auth, release=release, groups=[group], specs=specs, **options), None
    resolved = resolve(document, specs=specs)
    portal = opened_with_logins("" if is_document else source, resolved, **options)
    return portal, None if is_portal(resolved.api) else resolved.api


def _variables(words: tuple[str, ...]) -> dict[str, str]:
    """Return the values of `--variable NAME=VALUE`, by name."""
    for word in words:
        if "=" not in word:
            raise click.BadParameter(f"{word!a} is not of the form NAME=VALUE.", param_hint="--variable")
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _operation(portal: RuntimePortal, name: str) -> OperationSpec:
    from ovcgen.client.portal import is_portal, nearest_name, operation_named, operation_names

    found = operation_named(portal, name)
    if found is None:
        near = nearest_name(portal, name)
        raise UnknownOperation(name, near) if is_portal(portal) else NotInDocument(name, near, operation_names(portal))
    if found.answer == "file" and sys.stdout is not None and sys.stdout.isatty():
        raise BytesOnATerminal(name)
    return found


def _started(portal: RuntimePortal, operation: OperationSpec, given: dict[str, Any]) -> Task[Any]:
    if not operation.switches:
        raise NeverATask(operation.name)
    task: Task[Any] = portal.call(operation, {**given, "_async": True})
    return task


def _outcome(task: Task[Any], url: str, timeout: float) -> Any:
    from ovcgen.cli.commands.task import wait_with_progress

    return wait_with_progress(task, url, timeout)
