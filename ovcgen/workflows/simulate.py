"""A portal in this process, for tests and for trying things out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovcgen.workflows.resolve import pinned, truth_of

if TYPE_CHECKING:
    from ovcgen.simulator import Listening


class SimulatedUrl(str):
    """The address of a simulated portal, with the invented logins it accepts."""

    __slots__ = (
        "admin",
        "client_id",
        "client_secret",
        "identity",
        "itsyouonline",
        "password",
        "release",
        "simulator",
        "simulator_token",
        "username",
    )

    itsyouonline: str
    client_id: str
    client_secret: str
    username: str
    password: str
    admin: Mapping[str, str]
    release: str
    simulator_token: str
    simulator: Any
    identity: Any


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
) -> Iterator[SimulatedUrl]:
    """Run a portal of that release (the newest pinned one when None) and its identity provider on loopback.

    Gives the URL, a str that also carries `.client_id`, `.client_secret`, `.itsyouonline`, `.username`, `.password`,
    `.admin` and the `.simulator` itself: its `.seen` lists the requests, its `.faults` let the next ones go wrong
    (`url.simulator.faults.add("status", status=503, retry_after=1)`), and `.advance(60)` turns its clock. `seed` is
    `demo` or `empty`; `pace` says how long things take: `instant`, `demo` (seconds) or `real` (minutes). `tasks` are
    `faithful` (one that is refused answers 202 for ever) or `fixed`. `state` names a file that keeps what the portal
    remembers.
    """
    from ovcgen.simulator import Listening

    file = None if state is None else Path(state)
    listening = Listening(port=port)
    with simulated(release, listening, seed=seed, pace=pace, tasks=tasks, state=file, specs=specs) as url:
        yield url


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
) -> Iterator[SimulatedUrl]:
    """`simulate`, listening anywhere, with tokens of that algorithm."""
    from ovcgen.simulator import running

    truth = truth_of(release or pinned(specs)[-1], specs=specs)
    with running(
        truth.api,
        truth.spec.document,
        release=truth.spec.release,
        listening=listening,
        seed=seed,
        pace=pace,
        tasks=tasks,
        state_file=state,
        algorithm=algorithm,
    ) as portal:
        url = SimulatedUrl(portal.url)
        for name in SimulatedUrl.__slots__:
            setattr(url, name, getattr(portal, name))
        yield url
