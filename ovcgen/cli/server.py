"""`serve`: a simulated portal as a process of its own."""

from __future__ import annotations

import contextlib
import json
import threading
from pathlib import Path

import click

from ovcgen.cli import options, screen
from ovcgen.cli.exits import Interrupted
from ovcgen.errors import UsageError

TOLD = ("url", "itsyouonline", "client_id", "client_secret", "username", "password", "admin", "release")


class PortTaken(UsageError):
    """The port can't be had."""

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(f"Can't listen at port {port}: {reason}.", fix="Pass another one, or --port 0 for a free one.")


@click.command("serve")
@click.option("--release", metavar="R", help="The newest pinned one by default.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 takes a free one.")
@click.option("--seed", type=click.Choice(["demo", "empty"]), default="demo", show_default=True, help="What is there.")
@click.option(
    "--pace",
    type=click.Choice(["instant", "demo", "real"]),
    default="demo",
    show_default=True,
    help="How long calls take.",
)
@click.option("--operations", is_flag=True, help="List the operations that have no state of their own, and end.")
@options.specs
def serve_command(release: str | None, port: int, seed: str, pace: str, operations: bool, specs: Path | None) -> None:
    """Run a simulated portal on loopback until Ctrl-C.

    The only line on stdout is JSON: its address, that of its identity provider, and invented credentials for both.
    """
    from ovcgen.pipeline.simulation import simulate

    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(simulate(release, port=port, seed=seed, pace=pace, specs=specs))
        except OSError as error:
            raise PortTaken(port, error.strerror or type(error).__name__) from error
        if operations:
            for each in url.simulator.operations_without_state():
                screen.line(each)
            return
        told = {name: dict(url.admin) if name == "admin" else str(getattr(url, name, url)) for name in TOLD}
        screen.note(f"A simulated {url.release} portal is at {url}; Ctrl-C ends it.")
        try:
            screen.line(json.dumps(told))
            threading.Event().wait()
        except KeyboardInterrupt:
            raise Interrupted("The simulated portal has ended.", fix="Its state is gone; it starts afresh.") from None
