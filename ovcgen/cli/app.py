"""Define the `ovcgen` command: import its subcommands on demand, and print errors."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from ovcgen._version import __version__
from ovcgen.cli import terminal
from ovcgen.cli.error_output import is_for_machines, print_error
from ovcgen.cli.exit_codes import FAULT, OK, TERMINATED, USAGE, Interrupted, exit_code
from ovcgen.cli.portal_credentials import fix_of
from ovcgen.errors import UsageError
from ovcgen.runtime.errors import ClientError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# command -> its module in ovcgen/cli/commands, and its line in --help
COMMANDS = {
    "fetch": ("releases", "Download, check and keep (pin) a portal's catalog."),
    "releases": ("releases", "List the pinned releases, whose catalogs are kept."),
    "identify": ("releases", "Say which pinned release a portal or a file looks like."),
    "verify": ("releases", "Check that hashes, corrections and generated SDKs still fit."),
    "generate": ("generate", "Write the Python SDK of a release or a file."),
    "diff": ("diff", "Say what changed between two releases."),
    "changelog": ("diff", "Say what changed over several releases."),
    "impact": ("impact_and_migrate", "Say which places in your own code a release breaks."),
    "migrate": ("impact_and_migrate", "Rewrite your own code for another release."),
    "learn": ("learn", "Compare recorded answers with what a release says of them."),
    "init": ("init", "Begin a project: its settings and a first script."),
    "operations": ("operations", "List what can be called."),
    "call": ("call", "Make one call."),
    "task": ("task", "Look at, wait for or stop a task."),
    "profile": ("profile", "Name portals with their settings."),
    "auth": ("auth", "Log in once, and see and remove logins."),
    "doctor": ("doctor", "Say what is wrong with settings, network or portal."),
    "serve": ("serve", "Run a simulated portal, or a mock of any document."),
    "rehearse": ("rehearse", "Run your script on two simulated releases, and compare."),
    "completion": ("completion", "Print the completion script of a shell."),
}
# heading in --help -> its commands; commands without one are at the end
SECTIONS = {
    "Call a portal or another service": ("operations", "call", "task"),
    "Settings and logins": ("init", "profile", "auth", "doctor"),
    "Try and test without a cloud": ("serve",),
    "Releases and SDKs": ("releases", "identify", "generate", "fetch", "verify", "learn"),
    "Upgrades": ("diff", "changelog", "impact", "migrate", "rehearse"),
    "Your shell": ("completion",),
}
OTHERS = "More commands"
DEBUG = "OVCGEN_DEBUG"


class UnknownCommand(UsageError):
    """An error: `ovcgen` has no command of that name. The advice is the most similar command, or else a list of all."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, COMMANDS, n=1)
        hint = f"Did you mean `ovcgen {near[0]}`?" if near else f"The commands are {', '.join(COMMANDS)}."
        hint = "Did you mean `ovcgen --help`?" if name == "help" else hint
        super().__init__(f"There is no command {name[:60]!a}.", fix=hint)


class LazyGroup(click.Group):
    """The click group of `ovcgen`, which imports the module of a command only when that command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in the order in which they are typically used, without importing them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command of that name; None for a name that starts with `-`, which is an option.

        Raises:
            UnknownCommand: there is no such command.
        """
        if cmd_name.startswith("-"):
            return None
        if cmd_name not in COMMANDS:
            raise UnknownCommand(cmd_name)
        module = importlib.import_module(f"ovcgen.cli.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options of `ovcgen` that begin with `incomplete`, without importing the commands."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=text) for name, (_, text) in COMMANDS.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> object:
        """Run the command and return its result. Ctrl-C raises Interrupted before click prints a line on stderr."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the part of --help that lists all commands by section, without importing them, and then the options."""
        listed = {name for names in SECTIONS.values() for name in names}
        others = tuple(name for name in COMMANDS if name not in listed)
        for heading, names in ({**SECTIONS, OTHERS: others} if others else SECTIONS).items():
            with formatter.section(heading):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])
        click.Command.format_options(self, ctx, formatter)


EPILOG = """\b
Credentials are read from the environment, the first of
these, or else they are those of `ovcgen auth login`:
  OVC_TOKEN                   a JWT
  OVC_AUTHKEY                 a session key
  CLIENT_ID, CLIENT_SECRET    a key of ItsYou.online (or
                              of ITSYOUONLINE_URL); its
                              token is kept, unless
                              OVCGEN_NO_TOKEN_CACHE is set
  OVC_USERNAME, OVC_PASSWORD  a user of the portal
For other services: OVCGEN_TOKEN, OVCGEN_KEY (or
  OVCGEN_KEY_<SCHEME>), OVCGEN_USERNAME and
  OVCGEN_PASSWORD, OVCGEN_CLIENT_ID and
  OVCGEN_CLIENT_SECRET

\b
Exit codes:
  0    ok
  1    no: a difference, a failed check or task, nothing
       found, or a call that was not confirmed
  2    usage or configuration
  4    the portal refused (4xx)
  5    the portal failed (5xx)
  6    never reached, safe to repeat
  7    outcome unknown, look before you repeat
  8    the document was refused
  70   a fault of ovcgen or of the system
  130  interrupted
"""


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="ovcgen %(version)s")
def ovcgen() -> None:
    """Typed Python clients for OpenvCloud portals, and for any service with a Swagger or OpenAPI document: called at
    once, or generated as an SDK for one release.

    \b
    First steps, without a portal at hand:
      ovcgen serve
      ovcgen call URL cloudapi.cloudspaces.list
      ovcgen COMMAND --help
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run an `ovcgen` command and return its exit code. `arguments=None` means `sys.argv`.

    Every error is printed on stderr and becomes an exit code, also an unexpected one (70), of which only the type is
    shown. In the main thread, SIGTERM raises SystemExit in the command.
    """
    terminal.prepare()
    as_json = is_for_machines(arguments)
    try:
        with _ending_in_order():
            return _run(arguments)
    except click.exceptions.NoArgsIsHelpError as error:
        if as_json:
            print_error(error, "No command is named.", "Name one; the help lists them.", USAGE, as_json=True)
        else:
            terminal.note(error.format_message())
        return USAGE
    except click.UsageError as error:
        print_error(error, error.format_message(), _usage_fix(error), USAGE, as_json=as_json)
        return USAGE
    except ClientError as error:
        code = exit_code(error)
        print_error(error, error.what, fix_of(error), code, as_json=as_json)
        return code
    except Exception as error:  # noqa: BLE001  # any other error is printed as two lines
        return _fault(error, as_json=as_json)


def _usage_fix(error: click.UsageError) -> str:
    """Return the advice of an error of click: the help of the command, and how arguments of operations are written."""
    command = error.ctx.command_path if error.ctx else "ovcgen"
    if isinstance(error, click.NoSuchOption) and command == "ovcgen call" and not error.possibilities:
        name = error.option_name.lstrip("-")
        return f"Write an argument of the operation as {name}=VALUE; `{command} --help` lists the options."
    return f"See `{command} --help`."


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = ovcgen.main(arguments, prog_name="ovcgen", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        raise Interrupted from None
    return code if isinstance(code, int) else OK


@contextlib.contextmanager
def _ending_in_order() -> Iterator[None]:
    """Make SIGTERM raise SystemExit inside the block, so that cleanup code runs. Other threads change nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _fault(error: Exception, *, as_json: bool) -> int:
    """Print an unexpected error and return its exit code. Its message may contain secrets, so it is not printed."""
    if os.environ.get(DEBUG):
        traceback.print_exc()
    if isinstance(error, OSError):
        place = f": {os.fsdecode(error.filename)}" if isinstance(error.filename, (str, bytes)) else ""
        terminal.silence(sys.stdout)
        what = f"The system refuses: {error.strerror or type(error).__name__}{place}."
    else:
        what = f"ovcgen itself failed, with a {type(error).__name__}."
    fix = f"Set {DEBUG}=1 to see where, and report it if it is not yours to change."
    print_error(error, what, fix, FAULT, as_json=as_json)
    return FAULT
