"""Define the `call` command: make one API call from a shell."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.output import TEXT
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.cli.output import Output
    from ovcgen.cli.profiles.target import CommandTarget
    from ovcgen.client.portal import RuntimePortal
    from ovcgen.model.api import Api
    from ovcgen.runtime.operation import OperationSpec

OPERATION = re.compile(r"[^\s:/@=]+(\.[^\s:/@=]+)+")
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


@click.command(
    "call",
    cls=options.WithExamples,
    epilog=(
        "ovcgen call https://portal.example cloudapi.accounts.list\n"
        "ovcgen call https://portal.example cloudapi.machines.get \\\n"
        "    machineId=12 -o yaml\n"
        "ovcgen call production cloudapi.accounts.list\n"
        "ovcgen call https://portal.example cloudapi.disks.list \\\n"
        "    accountId=1 --query '[].name' -o text\n"
        "ovcgen call https://portal.example cloudapi.disks.delete \\\n"
        "    diskId=3 --yes\n"
        "ovcgen call openapi.yaml pets.create name=Rex tag=dog\n"
        "ovcgen call openapi.yaml pets.list limit=10 --curl"
    ),
)
@click.argument("source", metavar="[URL, PROFILE or DOCUMENT]")
@click.argument("operation", required=False, metavar="GROUP.ACTOR.METHOD")
@click.argument("words", nargs=-1, metavar="[name=value | name:=json | name@file]...")
@click.option("--async", "as_task", is_flag=True, help="Run it as a task, and print its guid.")
@click.option("--wait", "waiting", is_flag=True, help="Run it as a task, wait for its end and print its result.")
@options.yes
@click.option("--dry-run", is_flag=True, help="Print the request, and send nothing.")
@click.option("--curl", "as_curl", is_flag=True, help="Print the request as a curl command line, and send nothing.")
@options.timeout
@options.quiet
@click.option("--release", metavar="R", help="Take the calls of this pinned release, do not ask the portal.")
@click.option("--spec", metavar="DOCUMENT", help="Take the calls of this file or document's URL; URL is the address.")
@click.option("--server", metavar="N", default="0", help="Which declared server to call: its position or its name.")
@click.option("--variable", "variables", metavar="NAME=VALUE", multiple=True, help="A variable of its address.")
@options.specs
@options.profile
@options.ca_bundle
@options.result
def call_command(
    source: str,
    operation: str | None,
    words: tuple[str, ...],
    as_task: bool,
    waiting: bool,
    is_confirmed: bool,
    dry_run: bool,
    as_curl: bool,
    quiet: bool,
    output: Output,
    **chosen: Any,
) -> None:
    """Make one call at the portal at URL, or at the address that a DOCUMENT declares, and print what it answers.
    Without either, the portal is that of the chosen profile.

    name=value takes a text, and turns it into what the parameter wants; name:=json takes JSON. A list may be given as
    name=a name=b. name=- reads the value from standard input, so that a secret stays out of the command line.
    name@file uploads a file. An answer that is a file is written to stdout as it is.
    """
    from ovcgen.cli.call_arguments import arguments_of
    from ovcgen.cli.commands.task import wait_with_progress
    from ovcgen.cli.confirmation import confirm
    from ovcgen.cli.declared_login import login_advice

    if dry_run and as_curl:
        raise click.UsageError("Pass --dry-run or --curl, not both.")
    target, operation, words = _target(source, operation, words, **chosen)
    portal, api = _opened(target, operation, **chosen)
    with portal, login_advice(api):
        found = _operation(portal, operation)
        given = arguments_of(found, words)
        if as_task or waiting:
            if not found.switches:
                raise NeverATask(operation)
            given["_async"] = True
        if dry_run or as_curl:
            _show_request(portal, found, given, output, ca_bundle=target.profile.value("ca_bundle"), as_curl=as_curl)
            return
        if found.answer == "file" and terminal.is_terminal(sys.stdout):
            raise BytesOnATerminal(operation)
        confirm(found, given, portal.url, is_confirmed=is_confirmed)
        answer: Any = portal.call(found, given)
        if not (as_task or waiting):
            output.write(answer)
        elif waiting or not answer.guid:
            output.write(wait_with_progress(answer, target.name, target.timeout, quiet=quiet))
        else:
            replace(output, form=output.form or TEXT).write(answer.guid)


def _show_request(
    portal: RuntimePortal,
    operation: OperationSpec,
    given: Mapping[str, Any],
    output: Output,
    *,
    ca_bundle: str | None,
    as_curl: bool,
) -> None:
    """Print the request of a call, which is not sent: as `output` says, or as a curl command line."""
    from ovcgen.cli.curl import curl, variables
    from ovcgen.cli.request_preview import preview

    request = preview(portal, operation, given)
    if not as_curl:
        replace(output, form=output.form or TEXT).write(request.as_json(), text=request.as_text())
        return
    values = [each for value in given.values() for each in (value if isinstance(value, list) else [value])]
    terminal.line(curl(request, {each.name: each for each in values if isinstance(each, Path)}, ca_bundle))
    if unset := [name for name in variables(request) if not os.environ.get(name)]:
        terminal.note(f"Set {', '.join(unset)} before you run it.")


def _target(
    source: str, operation: str | None, words: tuple[str, ...], *, profile: str | None, **chosen: Any
) -> tuple[CommandTarget, str, tuple[str, ...]]:
    """Return the portal or document, the operation and its arguments.

    If the first argument is the operation, the portal is that of the chosen profile.
    """
    from ovcgen.cli.profiles.target import target_of
    from ovcgen.workflows.inputs import SUFFIXES

    given: str | None = source
    is_operation = OPERATION.fullmatch(source) and not source.endswith(SUFFIXES)
    if is_operation and (operation is None or "=" in operation or "@" in operation):
        given, operation, words = None, source, (*([operation] if operation else ()), *words)
    if operation is None:
        raise click.UsageError("Missing argument 'GROUP.ACTOR.METHOD'.")
    flags = {name: chosen[name] for name in ("timeout", "ca_bundle", "release")}
    return target_of(given, profile, **flags), operation, words


def _opened(
    target: CommandTarget,
    operation: str,
    *,
    spec: str | None,
    specs: Path | None,
    server: str,
    variables: tuple[str, ...],
    **_chosen: Any,
) -> tuple[RuntimePortal, Api | None]:
    """Return a client for the target with the operation group of `operation`, or for a document.

    With it comes the API of a document that is not of a portal.
    """
    group, dot, method = operation.partition(".")
    if not (group and dot and method):
        raise UnknownOperation(operation)
    from ovcgen.cli.declared_login import is_portal, opened_with_logins
    from ovcgen.cli.environment_login import login_for
    from ovcgen.runtime.policy import TIMEOUT
    from ovcgen.workflows.connect import chosen, connect
    from ovcgen.workflows.resolve import resolve

    options: dict[str, Any] = {
        "timeout": target.timeout or TIMEOUT,
        "retries": target.profile.value("retries"),
        **target.trust,
        "server": int(server) if server.isdecimal() else server,
        "variables": _variables(variables),
    }
    release = target.profile.value("release")
    spec, url = (spec, target.source) if spec else (target.document or None, target.address)
    document = chosen(release if target.is_given("release") or not spec else None, spec)
    if document is None or document == release:
        auth = login_for(target)
        return connect(url, auth=auth, release=release, groups=[group], specs=specs, **options), None
    resolved = resolve(document, specs=specs)
    portal = opened_with_logins(url, resolved, target, **options)
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
    return found
