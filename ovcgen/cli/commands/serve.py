"""Define the `serve` command: run a simulated portal, or a mock of any document, until Ctrl-C."""

from __future__ import annotations

import contextlib
import shlex
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import Interrupted, Terminated
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.simulator import Listening, SimulatedPortal
    from ovcgen.simulator.mock import MockedService
    from ovcgen.workflows.resolve import Release

PORT = click.IntRange(0, 65535)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
OPEN = "Everybody who reaches this machine can use it: its credentials are no secrets."
FIRST_CALLS = ("cloudapi.accounts.list", "cloudapi.cloudspaces.list", "cloudapi.locations.list")
OF_PORTALS = ("itsyouonline_port", "seed", "pace", "tasks", "state", "algorithm", "operations")
OF_MOCKS = ("anything",)


class PortTaken(UsageError):
    """An error: the host and port of `ovcgen serve` can't be listened at.

    Args:
        host, port: The host and the port.
        reason: The reason that the operating system gives.
    """

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Can't listen at port {port} of {host}: {reason}.", fix="Pass another one, or --port 0 for a free one."
        )


@click.command(
    "serve",
    cls=options.WithExamples,
    epilog=(
        "ovcgen serve\n"
        "ovcgen serve openapi.yaml\n"
        "ovcgen serve --release 2.4.0 --port 8080 --seed empty\n"
        "ovcgen serve --env-file portal.env"
    ),
)
@click.argument("source", required=False, metavar="[FILE or RELEASE]")
@click.option(
    "--release", metavar="R", help="Release of the portal; default: the newest pinned one. With FILE: its name."
)
@click.option("--port", type=PORT, metavar="PORT", default=0, show_default=True, help="Its port; 0 takes a free one.")
@click.option("--itsyouonline-port", type=PORT, metavar="PORT", default=0, help="The port of its identity provider.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 is every one.")
@click.option("--name", "names", multiple=True, help="A name that clients may call it by beside localhost.")
@click.option(
    "--seed", type=click.Choice(["demo", "empty"]), default="demo", show_default=True, help="What it has at first."
)
@click.option(
    "--pace",
    type=click.Choice(["instant", "demo", "real"]),
    default="demo",
    show_default=True,
    help="How long calls take.",
)
@click.option(
    "--tasks",
    type=click.Choice(["faithful", "fixed"]),
    default="faithful",
    show_default=True,
    help="Refused tasks answer 202 for ever, as a portal's, or say what they were refused with.",
)
@click.option("--state", type=click.Path(path_type=Path), help="A file that keeps what the portal remembers.")
@click.option(
    "--jwt",
    "algorithm",
    type=click.Choice(["HS256", "ES384"]),
    help="How tokens are signed. Default: ES384 if it is installed.",
)
@click.option(
    "--env-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the `export` lines to FILE once it answers; FILE is removed at the end.",
)
@click.option("--operations", is_flag=True, help="List operations without state and uncertain behaviours, and end.")
@click.option("--anything", is_flag=True, help="Answer requests that do not fit the document, too (mock only).")
@options.specs
@click.pass_context
def serve_command(
    context: click.Context, /, source: str | None, release: str | None, specs: Path | None, **how: Any
) -> None:
    """Run a simulated portal, or a mock of the service that FILE describes, on loopback until Ctrl-C.

    A mock answers with the examples of the document, else with values made from its schemas, and refuses requests that
    do not fit the document. A FILE that is the catalog of a portal gives a portal.

    On a terminal it prints `export` lines and a first call to paste into another shell. Otherwise the only line on
    stdout is JSON: the address, for a portal that of its identity provider and invented credentials for both, and the
    token for its control API, with which tests let things go wrong. --env-file writes `export` lines to a file that
    only you can read, when all is ready: a script waits for the file, and reads it with `. FILE`.

    Ctrl-C ends it, with exit code 0 on a terminal and 130 elsewhere, and so does SIGTERM, with 143. The file of --state
    then has all that was answered.
    """
    from ovcgen.cli.write_env_file import check_env_file
    from ovcgen.normalise.plain import PLAIN
    from ovcgen.workflows.resolve import pinned, resolve

    if how["env_file"]:
        check_env_file(how["env_file"])
    if source is None:
        resolved = resolve(release or pinned(specs)[-1], specs=specs)
    else:
        resolved = resolve(source, release=release, specs=specs)
    terminal.problems(resolved.spec.problems)
    is_mock = resolved.api.dialect == PLAIN
    _check_options(context, OF_PORTALS if is_mock else OF_MOCKS, "a mock" if is_mock else "a portal")
    with contextlib.ExitStack() as stack:
        if is_mock:
            _serve_mock(stack, resolved, **how)
        else:
            _serve_portal(stack, resolved, **how)


def _check_options(context: click.Context, names: tuple[str, ...], kind: str) -> None:
    """Raise a UsageError if the command line has one of the options in `names`, which have no effect on `kind`."""
    for parameter in context.command.params:
        given = context.get_parameter_source(str(parameter.name)) == ParameterSource.COMMANDLINE
        if parameter.name in names and given:
            raise click.UsageError(f"{parameter.opts[0]} has no effect on {kind}.", context)


def _serve_portal(stack: contextlib.ExitStack, resolved: Release, **how: Any) -> None:
    from ovcgen.workflows.simulate import run_portal

    listening = _listening(how)
    simulation = run_portal(
        resolved,
        listening,
        seed=how["seed"],
        pace=how["pace"],
        tasks=how["tasks"],
        state=how["state"],
        algorithm=how["algorithm"] or "",
    )
    server: SimulatedPortal = stack.enter_context(_opening(simulation, how))
    if how["operations"]:
        for line in (*server.simulator.operations_without_state(), *server.simulator.uncertain_behaviours()):
            terminal.print_line(line)
        return
    terminal.note(f"A simulated {server.release} portal is at {server.url}; Ctrl-C ends it.")
    _wait(server.as_json(), _portal_lines(server), what="The simulated portal", fate=_fate(how["state"]), how=how)


def _serve_mock(stack: contextlib.ExitStack, resolved: Release, **how: Any) -> None:
    from ovcgen.simulator.mock.curl_example import first_call
    from ovcgen.workflows.simulate import run_mock

    mock = run_mock(resolved, _listening(how), checks_requests=not how["anything"])
    service: MockedService = stack.enter_context(_opening(mock, how))
    terminal.note(f"A mock of {service.title or service.release} is at {service.url}; Ctrl-C ends it.")
    lines = [f"export URL={shlex.quote(service.url)}", f"export SIMULATOR_TOKEN={service.simulator_token}"]
    call = first_call(service.mock, variable="URL") if terminal.is_terminal(sys.stdout) else ""
    _wait(service.as_json(), [*lines, *(["", call] if call else [])], what="The mock", fate="", how=how)


def _listening(how: dict[str, Any]) -> Listening:
    from ovcgen.simulator import Listening

    return Listening(how["host"], how["port"], how["itsyouonline_port"], how["names"])


@contextlib.contextmanager
def _opening(server: contextlib.AbstractContextManager[Any], how: dict[str, Any]) -> Iterator[Any]:
    with contextlib.ExitStack() as stack:
        try:
            entered = stack.enter_context(server)
        except OSError as error:
            port = how["port"] or how["itsyouonline_port"]
            raise PortTaken(how["host"], port, error.strerror or type(error).__name__) from error
        yield entered


def _portal_lines(server: SimulatedPortal) -> list[str]:
    """Return the `export` lines and a first call to paste into another shell."""
    names = {operation.dotted for operation in server.simulator.api.operations}
    call = next((name for name in FIRST_CALLS if name in names), "")
    values = {**server.environment(), "SIMULATOR_TOKEN": server.simulator_token}
    lines = [f"export {name}={shlex.quote(value)}" for name, value in values.items()]
    admin = f"CLIENT_ID={server.admin['client_id']} CLIENT_SECRET={server.admin['client_secret']}"
    return [
        *lines,
        "# The administrator:",
        f"# export {admin}",
        *(["", f'ovcgen call "$OVC_URL" {call}'] if call else []),
    ]


def _wait(as_json: str, lines: list[str], *, what: str, fate: str, how: dict[str, Any]) -> None:
    """Print the addresses and wait for Ctrl-C or SIGTERM. If stdout is no terminal, Ctrl-C raises Interrupted.

    Raises:
        Terminated: the process received SIGTERM.
    """
    from ovcgen.cli.write_env_file import env_file

    if how["host"] not in LOOPBACK:
        terminal.note(f"warning: {OPEN}")
    is_terminal = terminal.is_terminal(sys.stdout)
    exports = [line for line in lines if line.startswith("export ")]
    ending = fate or "It keeps nothing; it starts afresh."
    try:
        with env_file(how["env_file"], exports) if how["env_file"] else contextlib.nullcontext():
            if is_terminal:
                terminal.note("Paste this into another shell:")
                for line in lines:
                    terminal.print_line(line)
            else:
                terminal.print_line(as_json)
            threading.Event().wait()
    except KeyboardInterrupt:
        if is_terminal:
            terminal.note(f"\n{' '.join(filter(None, (f'{what} has ended.', fate)))}")
            return
        raise Interrupted(f"{what} has ended.", fix=ending) from None
    except SystemExit:
        raise Terminated(f"{what} has ended.", fix=ending) from None


def _fate(state: Path | None) -> str:
    """Return the sentence that says what happens to the portal's state when the command ends."""
    return (
        f"Its state is in {state}; --state {state} goes on with it."
        if state
        else "Its state is gone; it starts afresh."
    )
