"""A portal in this process, for tests and for trying things out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ovcgen.pipeline.sources import pinned, truth_of


class SimulatedUrl(str):
    """The address of a simulated portal, with the invented logins it accepts."""

    __slots__ = ("admin", "client_id", "client_secret", "itsyouonline", "password", "release", "simulator", "username")

    itsyouonline: str
    client_id: str
    client_secret: str
    username: str
    password: str
    admin: Mapping[str, str]
    release: str
    simulator: Any


@contextlib.contextmanager
def simulate(
    release: str | None = None,
    *,
    port: int = 0,
    seed: str = "demo",
    pace: str = "instant",
    specs: Path | None = None,
) -> Iterator[SimulatedUrl]:
    """Run a portal of that release (the newest pinned one when None) and its identity provider on loopback.

    Gives the URL, a str that also carries `.client_id`, `.client_secret`, `.itsyouonline`, `.username`, `.password`,
    `.admin` and the `.simulator` itself, whose `.seen` lists the requests. `seed` is `demo` or `empty`; `pace`
    says how long things take: `instant`, `demo` (seconds) or `real` (minutes).
    """
    from ovcgen.simulator import running

    truth = truth_of(release or pinned(specs)[-1], specs=specs)
    document, name = truth.spec.document, truth.spec.release
    with running(truth.api, document, release=name, port=port, seed=seed, pace=pace) as portal:
        url = SimulatedUrl(portal.url)
        for name in SimulatedUrl.__slots__:
            setattr(url, name, getattr(portal, name))
        yield url
