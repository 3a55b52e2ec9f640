"""A portal and its identity provider on two ports, for as long as a block runs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ovcgen.errors import UsageError
from ovcgen.model.api import Api
from ovcgen.simulator.identity import IdentityProvider
from ovcgen.simulator.pace import INSTANT, PACES, Pace
from ovcgen.simulator.portal import Simulator
from ovcgen.simulator.serve import serving
from ovcgen.simulator.swagger_ui import SwaggerUI
from ovcgen.spec import Document


@dataclass(frozen=True, slots=True)
class Running:
    """Where both answer, and who can log in: an ordinary user, and in `admin` the portal's administrator."""

    url: str
    itsyouonline: str
    client_id: str
    client_secret: str
    username: str
    password: str
    admin: Mapping[str, str]
    release: str
    simulator: Simulator
    identity: IdentityProvider

    def as_json(self) -> str:
        """What `ovcgen serve` prints: all but the objects, in one line."""
        names = ("url", "itsyouonline", "client_id", "client_secret", "username", "password", "admin", "release")
        return json.dumps({name: getattr(self, name) for name in names})


class UnknownPace(UsageError):
    """No pace of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no pace named {name}.", fix=f"Choose one of {', '.join(PACES)}.")


@contextmanager
def running(
    api: Api,
    document: Document | None = None,
    *,
    release: str = "",
    port: int = 0,
    seed: str = "demo",
    pace: Pace | str = INSTANT,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
    broken_actors: Sequence[str] = (),
) -> Iterator[Running]:
    """A portal that believes the tokens of its own identity provider, and no others."""
    simulator = Simulator(
        api, document, clock=clock, sleep=sleep, seed=seed, pace=_pace(pace), broken_actors=broken_actors
    )
    logins = simulator.credentials
    identity = IdentityProvider(logins.clients, simulator.locks.signing, clock=clock)
    portal = SwaggerUI(simulator, document) if document else simulator
    with serving(portal, port=port) as url, serving(identity) as provider:
        yield Running(
            url=url,
            itsyouonline=provider,
            **logins.user.as_dict(),
            admin=logins.admin.as_dict(),
            release=release or api.release,
            simulator=simulator,
            identity=identity,
        )


def _pace(pace: Pace | str) -> Pace:
    if isinstance(pace, Pace):
        return pace
    if pace not in PACES:
        raise UnknownPace(pace)
    return PACES[pace]
