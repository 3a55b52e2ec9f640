"""Define the `rehearse` command: run a command against the simulated portals of two releases."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import NO, Interrupted
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.rehearsal.run_comparison import Rehearsal
    from ovcgen.rehearsal.run_records import OutputLine


class PortalNotCalled(UsageError):
    """An error: the command sent no request to the simulated portals, so that nothing was rehearsed."""

    def __init__(self) -> None:
        super().__init__(
            "The command called neither of the simulated portals.",
            fix="Let it read the portal's address from OVC_URL, and its login from CLIENT_ID or OVC_USERNAME.",
        )


@click.command(
    "rehearse",
    cls=options.WithExamples,
    epilog="ovcgen rehearse --from 2.3.0 --to 2.4.5 -- ./nightly.py",
    context_settings={"allow_interspersed_args": False},  # what follows the command's name is the command's
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="-- COMMAND...")
@click.option("--from", "old", metavar="A", help="The release that the portal has.")
@click.option("--to", "new", metavar="B", help="The release that it will get.")
@click.option("--seed", type=click.Choice(["demo", "empty"]), default="demo", show_default=True, help="What is there.")
@click.option("--admin", is_flag=True, help="Give the command the login of an administrator.")
@click.option(
    "--timeout",
    type=options.Seconds(),
    metavar="SECONDS",
    default=600.0,
    help="How long each run may take. Default: 600.",
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --output json, and nothing else.")
@options.output("text", "json", "html")
@options.specs
@click.pass_context
def rehearse_command(
    ctx: click.Context,
    command: tuple[str, ...],
    old: str | None,
    new: str | None,
    seed: str,
    admin: bool,
    timeout: float,
    schema: bool,
    output: str,
    specs: Path | None,
) -> None:
    """Run COMMAND on a simulated portal of release A, then on one of release B, and show what differs.

    The command finds the portal in its environment: OVC_URL, ITSYOUONLINE_URL, CLIENT_ID and CLIENT_SECRET,
    OVC_USERNAME and OVC_PASSWORD.

    What it prints goes to stderr, after the name of the release. Exit code 1 where something differs.
    """
    from ovcgen.rehearsal import render
    from ovcgen.workflows.rehearse_upgrade import RehearsalOptions, rehearse

    if schema and not command:
        terminal.print_json_or_bytes(render.schema())
        return
    if schema or not command or not old or not new:
        raise click.UsageError("Pass --from A, --to B and -- COMMAND..., or --schema alone.")
    try:
        found = rehearse(command, old, new, RehearsalOptions(seed, admin, timeout, specs), _show)
    except KeyboardInterrupt:
        raise Interrupted("The rehearsal was interrupted.", fix="The command and its portal have ended.") from None
    terminal.print_text(_text(found) if output == "text" else render.RENDERERS[output](found))
    if found.sent_nothing:
        raise PortalNotCalled
    if found.differences:
        ctx.exit(NO)


def _text(found: Rehearsal) -> str:
    """Return the report at the width of the terminal, or at its usual width if stdout is no terminal."""
    from ovcgen.rehearsal.render import as_text

    return as_text(found, shutil.get_terminal_size().columns) if sys.stdout.isatty() else as_text(found)


def _show(release: str, line: OutputLine) -> None:
    terminal.note(f"{release} | {line.text}")
