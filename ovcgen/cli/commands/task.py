"""Define the `task` commands: show, wait for or stop a task by its guid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.confirmation import confirm
from ovcgen.cli.exit_codes import NO, Interrupted, Terminated
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.cli.output_formats import Output
    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.runtime.portal import Portal
    from ovcgen.runtime.tasks import Task

EXAMPLE = "0dd7ec2f-49fa-4694-a633-c0b667f84fb0"


@click.group(
    "task",
    cls=options.GroupWithExamples,
    epilog="ovcgen task wait https://portal.example GUID",
)
def task_command() -> None:
    """Look at, wait for or stop a task by its guid."""


@task_command.command(
    "get",
    cls=options.WithExamples,
    short_help="Print its status, and its result once it has ended.",
    epilog=(
        "ovcgen task get https://portal.example GUID\n"
        "ovcgen task get https://portal.example GUID \\\n"
        "    --query status -o text"
    ),
)
@click.argument("url", metavar="[URL or PROFILE]")
@click.argument("guid", required=False, metavar="GUID")
@options.profile
@options.ca_bundle
@options.result
@click.pass_context
def task_get_command(ctx: click.Context, /, url: str, guid: str | None, output: Output, **chosen: Any) -> None:
    """Print the guid and the status of a task: `running`, `done` with its result, or `failed` with the message of the
    portal (exit code 1).
    """
    from ovcgen.runtime.tasks import DONE, FAILED, GET, RUNNING, STILL_RUNNING, final_status

    target, guid = _named(url, guid, **chosen)
    with _portal(target) as portal:
        answer = portal.exchange(GET, [(GET.parameters[0], portal.task(guid).guid)])
    status, outcome = (RUNNING, None) if answer.status == STILL_RUNNING else final_status(guid, answer.value)
    told = {DONE: {"result": outcome}, FAILED: {"message": outcome}}.get(status, {})
    output.write({"guid": guid, "status": status, **told})
    if status == FAILED:
        ctx.exit(NO)


@task_command.command(
    "wait",
    cls=options.WithExamples,
    short_help="Wait for it and print its result.",
    epilog="ovcgen task wait https://portal.example GUID\novcgen task wait https://portal.example GUID -q -o json",
)
@click.argument("url", metavar="[URL or PROFILE]")
@click.argument("guid", required=False, metavar="GUID")
@options.profile
@options.timeout
@options.quiet
@options.ca_bundle
@options.result
def task_wait_command(url: str, guid: str | None, quiet: bool, output: Output, **chosen: Any) -> None:
    """Wait for a task and print its result. Exit code 1 if it failed, 7 if it is lost or the time is up."""
    target, guid = _named(url, guid, **chosen)
    with _portal(target) as portal:
        output.write(wait_with_progress(portal.task(guid), target.name, target.timeout, quiet=quiet))


@task_command.command(
    "kill",
    cls=options.WithExamples,
    short_help="Stop it.",
    epilog="ovcgen task kill https://portal.example GUID --yes",
)
@click.argument("url", metavar="[URL or PROFILE]")
@click.argument("guid", required=False, metavar="GUID")
@options.profile
@options.yes
@options.ca_bundle
@click.pass_context
def task_kill_command(ctx: click.Context, /, url: str, guid: str | None, is_confirmed: bool, **chosen: Any) -> None:
    """Stop a task; what it has done so far stays done. Exit code 1 if none of that guid is running.

    A portal goes on answering that a stopped task is running: do not wait for it.
    """
    from ovcgen.runtime.tasks import KILL

    target, guid = _named(url, guid, **chosen)
    with _portal(target) as portal:
        task = portal.task(guid)
        confirm(KILL, {"taskguid": guid}, target.source, is_confirmed=is_confirmed)
        killed = task.kill()
    if not killed:
        terminal.failure(f"No task {guid} is running.", "It has ended, or the portal never had it.")
        ctx.exit(NO)
    terminal.note(f"Task {guid} was stopped. Its portal goes on calling it running, so do not wait for it.")


class NoGuid(UsageError):
    """An error: the text can't be the guid of a task."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:60]!a} is not the guid of a task.",
            fix=f"A guid looks like {EXAMPLE}; `ovcgen call ... --async` prints it, and `.guid` of a task has it.",
        )


def _named(url: str, guid: str | None, *, profile: str | None, **flags: Any) -> tuple[CommandTarget, str]:
    """Return the portal and the guid of a task. A single argument is the guid, for the portal of the chosen profile."""
    from ovcgen.cli.profiles.command_target import target_of
    from ovcgen.runtime.portal import GUID

    if guid is None and "://" in url:
        raise click.UsageError("Missing argument 'GUID'.")
    target, named = target_of(None if guid is None else url, profile, **flags), url if guid is None else guid
    if not re.fullmatch(GUID, named):
        raise NoGuid(named)
    return target, named


def _portal(target: CommandTarget) -> Portal:
    from ovcgen.cli.portal_credentials import login_for
    from ovcgen.runtime.adapter import checked_url
    from ovcgen.runtime.portal import Portal

    return Portal(checked_url(target.source, "a portal"), auth=login_for(target), **target.trust)


def wait_with_progress(task: Task[Any], portal: str, timeout: float, *, quiet: bool) -> Any:
    """Wait for a task and return its result. The progress is shown on stderr, unless `quiet` is true.

    `portal` is the portal's URL or profile as the user writes it, for the advice how to wait again. `timeout` is in
    seconds.

    Raises:
        Interrupted: Ctrl-C. The task continues.
        Terminated: SIGTERM. The task continues.
        TaskTimeout: the task is still running; the advice has the command that waits again.
        TaskFailed, TaskLost: the task failed, or the portal no longer knows it.
        ClientError: the portal can't be asked.
    """
    from ovcgen.cli.wait_progress import WaitDisplay
    from ovcgen.runtime.portal_errors import TaskTimeout

    again = f"`ovcgen task wait {portal} {task.guid}` waits for it again."
    try:
        with WaitDisplay(f"Task {task.guid}", quiet=quiet) as display:
            return task.wait(timeout, on_progress=display)
    except KeyboardInterrupt:
        raise Interrupted(f"Interrupted; task {task.guid} goes on.", fix=again, guid=task.guid) from None
    except SystemExit:
        raise Terminated(f"Terminated; task {task.guid} goes on.", fix=again, guid=task.guid) from None
    except TaskTimeout as error:
        error.fix = f"{again} {error.fix}"
        raise
