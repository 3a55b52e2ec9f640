"""The `ovcgen` command: its sub-commands by name, loaded when called, and how an error is shown."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from ovcgen import __version__
from ovcgen.cli import screen
from ovcgen.cli.exits import INTERRUPTED, USAGE, exit_code
from ovcgen.runtime.errors import OvcError

# command -> where it is, and its line in --help
COMMANDS = {
    "fetch": ("catalogs", "Download, check and pin a portal's catalog."),
    "releases": ("catalogs", "List the pinned releases."),
    "identify": ("catalogs", "Say which pinned release a portal or a file looks like."),
    "verify": ("catalogs", "Check that hashes, corrections and generated SDKs still fit."),
    "generate": ("products", "Write the Python SDK of a release or a file."),
    "diff": ("products", "Say what changed between two releases."),
    "call": ("calls", "Make one call."),
    "task": ("calls", "Look at, wait for or stop a task."),
    "serve": ("server", "Run a simulated portal."),
}


class Lazy(click.Group):
    """A group whose commands are imported when one is run, not to list them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"ovcgen.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in --help, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Lazy, epilog="Exit codes: 0 ok, 1 no, 2 usage, 4 refused, 5 failed, 6 not reached, 7 unknown, 8 spec.")
@click.version_option(__version__, message="ovcgen %(version)s")
def ovcgen() -> None:
    """Typed Python clients for OpenvCloud portals: called at once, or generated as a pinned SDK.

    \b
    Credentials come from the environment, the first that is set:
      OVC_TOKEN · OVC_AUTHKEY · CLIENT_ID + CLIENT_SECRET · OVC_USERNAME + OVC_PASSWORD
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code; an error is two lines on stderr, never a traceback."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = ovcgen.main(arguments, prog_name="ovcgen", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        help_of = error.ctx.command_path if error.ctx else "ovcgen"
        screen.failure(error.format_message(), f"See `{help_of} --help`.")
        return USAGE
    except OvcError as error:
        screen.failure(error.what, error.fix)
        return exit_code(error)
    except (KeyboardInterrupt, click.Abort):
        screen.failure("Interrupted.", "Nothing half-written is left; a task that was started goes on.")
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone: `| head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0
