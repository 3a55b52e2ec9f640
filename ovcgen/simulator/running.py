"""A portal and its identity provider on two ports, for as long as a block runs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ovcgen.documents.document import Document
from ovcgen.errors import UsageError
from ovcgen.model.api import Api
from ovcgen.simulator.identity import IdentityProvider
from ovcgen.simulator.middleware import Gate
from ovcgen.simulator.portal import Simulator
from ovcgen.simulator.serve import serving
from ovcgen.simulator.swagger_ui import SwaggerUI
from ovcgen.simulator.tasks import FAITHFUL
from ovcgen.simulator.timing import INSTANT, PACES, Pace
from ovcgen.simulator.tokens import Signer, new_key

TOLD = (
    "url",
    "itsyouonline",
    "client_id",
    "client_secret",
    "username",
    "password",
    "admin",
    "release",
    "simulator_token",
)


@dataclass(frozen=True, slots=True)
class Running:
    """Where both answer, and who can log in: an ordinary user, and in `admin` the portal's administrator.

    `simulator_token` opens the control API under `/_simulator` (see control.py), and the header that asks for a fault.
    """

    url: str
    itsyouonline: str
    client_id: str
    client_secret: str
    username: str
    password: str
    admin: Mapping[str, str]
    release: str
    simulator_token: str
    simulator: Simulator
    identity: IdentityProvider

    def as_json(self) -> str:
        """What `ovcgen serve` prints: all but the objects, in one line."""
        return json.dumps({name: getattr(self, name) for name in TOLD})


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a portal and its identity provider listen; `names` are those that clients may call them by beside it."""

    host: str = "127.0.0.1"
    port: int = 0
    identity_port: int = 0
    names: tuple[str, ...] = ()


LOOPBACK = Listening()


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
    listening: Listening = LOOPBACK,
    seed: str = "demo",
    pace: Pace | str = INSTANT,
    tasks: str = FAITHFUL,
    state_file: Path | None = None,
    algorithm: str = "",
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] | None = None,
    broken_actors: Sequence[str] = (),
) -> Iterator[Running]:
    """A portal that believes the tokens of its own identity provider, and no others.

    `algorithm` is that of the tokens: ES384 or HS256, by default ES384 where cryptography is installed.
    """
    key = new_key(algorithm)
    simulator = Simulator(
        api,
        document,
        clock=clock,
        sleep=sleep,
        seed=seed,
        pace=_pace(pace),
        tasks=tasks,
        state_file=state_file,
        believes=key.public,
        broken_actors=broken_actors,
    )
    with closing(simulator), _served(simulator, key, document, listening) as portal:
        yield portal if not release else replace(portal, release=release)


@contextmanager
def _served(simulator: Simulator, key: Signer, document: Document | None, listening: Listening) -> Iterator[Running]:
    """Both on their ports. Calls that still wait at the end wait no longer."""
    logins, host, names = simulator.credentials, listening.host, listening.names
    gate = Gate(simulator.clock.sleep, simulator.faults, simulator.gate.token)
    identity = IdentityProvider(logins.clients, key, clock=simulator.clock, gate=gate)
    portal = SwaggerUI(simulator, document) if document else simulator
    with (
        serving(portal, host=host, port=listening.port, names=names) as url,
        serving(identity, host=host, port=listening.identity_port, names=names) as provider,
    ):
        try:
            yield Running(
                url=url,
                itsyouonline=provider,
                **logins.user.as_dict(),
                admin=logins.admin.as_dict(),
                release=simulator.release,
                simulator_token=simulator.gate.token,
                simulator=simulator,
                identity=identity,
            )
        finally:
            simulator.clock.stop()


def _pace(pace: Pace | str) -> Pace:
    if isinstance(pace, Pace):
        return pace
    if pace not in PACES:
        raise UnknownPace(pace)
    return PACES[pace]
