"""Define the `call` command: make one API call from a shell."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.operation_lookup import CalledOperation, describe, open_call
from ovcgen.cli.output_formats import TEXT
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.cli.operation_lookup import OpenedCall
    from ovcgen.cli.output_formats import Output
    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.runtime.operation import OperationSpec
    from ovcgen.runtime.tasks import Task

OPERATION = re.compile(r"[^\s:/@=]+(\.[^\s:/@=]+)+")
DESCRIBED = "ovcgen.described"


class NoOperation(UsageError):
    """An error: the command line names no operation.

    Args:
        source: The first argument of the command, for the advice; None if it is missing.
    """

    def __init__(self, source: str | None) -> None:
        listing = " ".join(word for word in ("ovcgen operations", source) if word)
        super().__init__(
            "No operation is named to call.", fix=f"Add one, as in cloudapi.machines.list; `{listing}` lists them."
        )


class NeverATask(UsageError):
    """An error: the operation has no switch with which it could run as a task (`--async`, `--wait`)."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation} can't run as a task.", fix="Leave --async and --wait out.")


class BytesOnATerminal(UsageError):
    """An error: the response would be a file and standard output is a terminal. Nothing was sent."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation} answers a file, which no terminal can show.", fix="Add `> FILE`.")


class DescribingCommand(options.WithExamples):
    """A click command whose `--help` after an operation describes that operation instead of the command.

    The context of the command then has DESCRIBED in its `meta`, for the function of the command.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line and return the words that are left.

        `--help` after an operation is removed from the words, and sets DESCRIBED in `ctx.meta`; words after `--` are
        not looked at.
        """
        own = args[: args.index("--")] if "--" in args else args
        rest = [word for word in own if word not in ctx.help_option_names]
        if len(rest) < len(own):
            with suppress(click.UsageError):
                named = self.make_parser(ctx).parse_args(list(rest))[0]
                source, operation = (named.get(key) for key in ("source", "operation"))
                if isinstance(operation, str) or (isinstance(source, str) and _is_operation(source)):
                    ctx.meta[DESCRIBED] = True
                    args = rest
        return super().parse_args(ctx, args)


@click.command(
    "call",
    cls=DescribingCommand,
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
        "ovcgen call openapi.yaml pets.list limit=10 --curl\n"
        "ovcgen call https://portal.example cloudapi.disks.list \\\n"
        "    --help"
    ),
)
@click.argument("source", required=False, metavar="[URL, PROFILE or DOCUMENT]")
@click.argument("operation", required=False, metavar="GROUP.ACTOR.METHOD")
@click.argument("words", nargs=-1, metavar="[name=value | name:=json | name@file]...")
@click.option("--async", "as_task", is_flag=True, help="Run it as a task, and print its guid; with --wait, on stderr.")
@click.option("--wait", "waiting", is_flag=True, help="Run it as a task, wait for its end and print its result.")
@options.yes
@click.option("--dry-run", is_flag=True, help="Print the request, and send nothing.")
@click.option("--curl", "as_curl", is_flag=True, help="Print the request as a curl command line, and send nothing.")
@options.timeout
@options.quiet
@click.option("--release", metavar="R", help="Take the calls of this pinned release, do not ask the portal.")
@click.option("--spec", metavar="DOCUMENT", help="Take the calls of this file or document's URL; URL is the address.")
@click.option("--server", metavar="N", default="0", help="Which declared server to call: its position or its name.")
@click.option(
    "--variable",
    "variables",
    metavar="NAME=VALUE",
    multiple=True,
    help="A variable in the address of that server; repeatable.",
)
@options.refresh
@options.specs_read_later
@options.profile
@options.ca_bundle
@options.result
@click.pass_context
def call_command(
    ctx: click.Context,
    /,
    source: str | None,
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

    name=value takes a text, and turns it into what the parameter wants; name:=json takes JSON, and name:=@file reads it
    from a file. A list may be given as name=a name=b. name=- reads the value from standard input, so that a secret
    stays out of the command line. name@file uploads a file. An answer that is a file is written to stdout as it is.

    After an operation, --help describes that operation: its arguments, an example, and what it answers.
    """
    from ovcgen.cli.confirmation import confirm

    if dry_run and as_curl:
        raise click.UsageError("Pass --dry-run or --curl, not both.")
    target, operation, words = _target(source, operation, words, **chosen)
    called = _called(target, operation, **chosen)
    if DESCRIBED in ctx.meta:
        describe(called, output)
        return
    with open_call(called, words, **_client(target, **chosen)) as call:
        portal, found = call.portal, call.operation
        given = _arguments(found, words, is_task=as_task or waiting)
        if dry_run or as_curl:
            _show_request(call, given, output, trust=target.trust if as_curl else None)
            return
        if found.answer == "file" and terminal.is_terminal(sys.stdout):
            raise BytesOnATerminal(operation)
        confirm(found, given, portal.url, is_confirmed=is_confirmed)
        answer: Any = portal.call(found, given)
        if as_task or waiting:
            _write_task(answer, target, output, as_task=as_task, waiting=waiting, quiet=quiet)
        else:
            output.write(answer)


def _write_task(
    task: Task[Any], target: CommandTarget, output: Output, *, as_task: bool, waiting: bool, quiet: bool
) -> None:
    """Print the guid of a task, or its result if `waiting` or if it has ended already.

    The guid is on stderr if the result is on stdout.
    """
    from ovcgen.cli.commands.task import wait_with_progress

    if not waiting and task.guid:
        replace(output, form=output.form or TEXT).write(task.guid)
        return
    if as_task and task.guid:
        terminal.note(f"Task {task.guid} has started.")
    output.write(wait_with_progress(task, target.name, target.timeout, quiet=quiet))


def _arguments(operation: OperationSpec, words: tuple[str, ...], *, is_task: bool) -> dict[str, Any]:
    """Return the arguments of a call by keyword. Raises UsageError if one is wrong, or if the call can't be a task."""
    from ovcgen.cli.call_arguments import arguments_of

    given = arguments_of(operation, words)
    if is_task and not operation.switches:
        raise NeverATask(operation.name)
    return {**given, "_async": True} if is_task else given


def _show_request(
    call: OpenedCall, given: Mapping[str, Any], output: Output, *, trust: Mapping[str, Any] | None
) -> None:
    """Print the request of a call without sending it.

    The form is that of `output`. With `trust` (`verify` and `cert`), the request is printed as a curl command line.
    """
    from ovcgen.cli.curl_command import curl, variables
    from ovcgen.cli.request_preview import preview

    request = preview(call.portal, call.operation, given, is_portal=call.is_portal)
    if trust is None:
        replace(output, form=output.form or TEXT).write(request.as_json(), text=request.as_text())
        return
    values = [item for value in given.values() for item in (value if isinstance(value, list) else [value])]
    terminal.print_line(curl(request, {file.name: file for file in values if isinstance(file, Path)}, **trust))
    if unset := [name for name in variables(request) if not os.environ.get(name)]:
        terminal.note(f"Set {', '.join(unset)} before you run it.")


def _target(
    source: str | None, operation: str | None, words: tuple[str, ...], *, profile: str | None, **chosen: Any
) -> tuple[CommandTarget, str, tuple[str, ...]]:
    """Return the portal or document, the operation and its arguments.

    If the first argument is the operation, the portal is that of the chosen profile.
    """
    from ovcgen.cli.profiles.command_target import target_of

    given = source
    if source and _is_operation(source) and (operation is None or "=" in operation or "@" in operation):
        given, operation, words = None, source, (*([operation] if operation else ()), *words)
    if operation is None:
        raise NoOperation(source)
    flags = {name: chosen[name] for name in ("timeout", "ca_bundle", "release")}
    return target_of(given, profile, **flags), operation, words


def _is_operation(word: str) -> bool:
    """Return whether a word has the form of an operation's name, and not of an address or a file."""
    from ovcgen.workflows.document_input import SUFFIXES

    return OPERATION.fullmatch(word) is not None and not word.endswith(SUFFIXES)


def _called(
    target: CommandTarget, operation: str, *, spec: str | None, specs: Path | None, refresh: bool, **_chosen: Any
) -> CalledOperation:
    """Return the operation to call, with its document or release and the address of the service.

    Raises:
        ArgumentError: both --release and --spec are given.
    """
    release = target.profile.value("release")
    spec, url = (spec, target.source) if spec else (target.document or None, target.address)
    if spec and target.is_given("release"):
        from ovcgen.workflows.connect import release_or_spec

        release_or_spec(release, spec)
    return CalledOperation(target, url, operation, spec or release, specs, refresh=refresh)


def _client(target: CommandTarget, *, server: str, variables: tuple[str, ...], **_chosen: Any) -> dict[str, Any]:
    """Return the options of the client: timeout, retries, TLS, and the server of the document with its variables."""
    from ovcgen.runtime.policy import TIMEOUT

    return {
        "timeout": target.timeout or TIMEOUT,
        "retries": target.profile.value("retries"),
        **target.trust,
        "server": int(server) if server.isdecimal() else server,
        "variables": _variables(variables),
    }


def _variables(words: tuple[str, ...]) -> dict[str, str]:
    """Return the values of `--variable NAME=VALUE`, by name."""
    for word in words:
        if "=" not in word:
            raise click.BadParameter(f"{word!a} is not of the form NAME=VALUE.", param_hint="--variable")
    return {name: value for name, _, value in (word.partition("=") for word in words)}
