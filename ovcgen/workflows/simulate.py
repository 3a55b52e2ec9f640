"""Run a simulated portal in this process, for tests and experiments."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ovcgen.workflows.resolve import pinned, resolve

if TYPE_CHECKING:
    from ovcgen.simulator import Listening, SimulatedPortal


@contextlib.contextmanager
def simulate(
    release: str | None = None,
    *,
    port: int = 0,
    seed: str = "demo",
    pace: str = "instant",
    tasks: str = "faithful",
    state: str | Path | None = None,
    specs: Path | None = None,
) -> Iterator[SimulatedPortal]:
    """Run a portal of a release (None: the newest pinned one) and its identity provider on loopback.

    Args:
        port: Port to listen on; 0 chooses a free one.
        seed: "demo" (some objects exist) or "empty".
        pace: How long things take: "instant", "demo" (seconds) or "real" (minutes).
        tasks: "faithful" (a refused task answers 202 for ever, as on a real portal) or "fixed".
        state: File in which the portal keeps its data; None keeps them in memory.
        specs: Folder of pinned catalogs; see `library_of`.

    Yields:
        The portal: `.url`, and the logins `.client_id`, `.client_secret`, `.itsyouonline`, `.username`, `.password` and
        `.admin`. Its `.simulator` has `.seen` (the requests), `.faults` (make the next requests fail:
        `server.simulator.faults.add("status", status=503, retry_after=1)`) and `.advance(60)` (move its clock).
    """
    from ovcgen.simulator import Listening

    file = None if state is None else Path(state)
    listening = Listening(port=port)
    with simulated(release, listening, seed=seed, pace=pace, tasks=tasks, state=file, specs=specs) as server:
        yield server


@contextlib.contextmanager
def simulated(
    release: str | None,
    listening: Listening,
    *,
    seed: str,
    pace: str,
    tasks: str,
    state: Path | None,
    algorithm: str = "",
    specs: Path | None = None,
) -> Iterator[SimulatedPortal]:
    """Run a portal as `simulate` does, on any `listening` address.

    `algorithm` signs the tokens: ES384 or HS256; "" means ES384 if cryptography is installed.
    """
    from ovcgen.simulator import running

    resolved = resolve(release or pinned(specs)[-1], specs=specs)
    with running(
        resolved.api,
        resolved.spec.document,
        release=resolved.spec.release,
        listening=listening,
        seed=seed,
        pace=pace,
        tasks=tasks,
        state_file=state,
        algorithm=algorithm,
    ) as server:
        yield server
