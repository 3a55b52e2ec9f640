"""Define the `serve` command: run a simulated portal until Ctrl-C."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import Interrupted
from ovcgen.errors import UsageError

if TYPE_CHECKING:
    from ovcgen.simulator import SimulatedPortal

LOOPBACK = ("127.0.0.1", "localhost", "::1")
OPEN = "Everybody who reaches this machine can use the simulated portal: its credentials are no secrets."


class PortTaken(UsageError):
    """The port can't be opened."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"Can't listen at port {port} of {host}: {reason}.", fix="Pass another one, or --port 0 for a free one."
        )


@click.command(
    "serve",
    cls=options.WithExamples,
    epilog=("ovcgen serve\novcgen serve --release 2.4.0 --port 8080 --seed empty"),
)
@click.option("--release", metavar="R", help="The newest pinned one by default.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 takes a free one.")
@click.option("--itsyouonline-port", type=click.IntRange(0, 65535), default=0, help="That of the identity provider.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 is every one.")
@click.option("--name", "names", multiple=True, help="A name that clients may call it by beside localhost.")
@click.option("--seed", type=click.Choice(["demo", "empty"]), default="demo", show_default=True, help="What is there.")
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
@click.option("--jwt", "algorithm", type=click.Choice(["HS256", "ES384"]), help="How tokens are signed.")
@click.option("--operations", is_flag=True, help="List the operations that have no state of their own, and end.")
@options.specs
def serve_command(release: str | None, operations: bool, specs: Path | None, **how: Any) -> None:
    """Run a simulated portal on loopback until Ctrl-C.

    The only line on stdout is JSON: its address, that of its identity provider, invented credentials for both, and the
    token for its control API, with which tests let things go wrong.
    """
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(_served(release, specs, **how))
        if operations:
            for operation in server.simulator.operations_without_state():
                terminal.line(operation)
            return
        terminal.note(f"A simulated {server.release} portal is at {server.url}; Ctrl-C ends it.")
        if how["host"] not in LOOPBACK:
            terminal.note(f"warning: {OPEN}")
        try:
            terminal.line(server.as_json())
            threading.Event().wait()
        except KeyboardInterrupt:
            raise Interrupted("The simulated portal has ended.", fix=_fate(how["state"])) from None


@contextlib.contextmanager
def _served(release: str | None, specs: Path | None, **how: Any) -> Iterator[SimulatedPortal]:
    from ovcgen.simulator import Listening
    from ovcgen.workflows.simulate import simulated

    host, port, identity_port = how["host"], how["port"], how["itsyouonline_port"]
    listening = Listening(host, port, identity_port, how["names"])
    simulation = simulated(
        release,
        listening,
        seed=how["seed"],
        pace=how["pace"],
        tasks=how["tasks"],
        state=how["state"],
        algorithm=how["algorithm"] or "",
        specs=specs,
    )
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(simulation)
        except OSError as error:
            raise PortTaken(host, port or identity_port, error.strerror or type(error).__name__) from error
        yield server


def _fate(state: Path | None) -> str:
    """Return the sentence about what happens to the portal's state at the end."""
    return (
        f"Its state is in {state}; --state {state} goes on with it."
        if state
        else "Its state is gone; it starts afresh."
    )
