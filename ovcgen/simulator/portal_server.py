"""Serve a simulated portal and its identity provider on two ports while a block runs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ovcgen.documents.document import Document
from ovcgen.errors import UsageError
from ovcgen.model.api import Api
from ovcgen.simulator.http_server import LISTENING, Listening, serving
from ovcgen.simulator.identity_provider import IdentityProvider
from ovcgen.simulator.json_web_tokens import SigningKey, new_key
from ovcgen.simulator.log_and_fault_middleware import Gate
from ovcgen.simulator.portal import Simulator
from ovcgen.simulator.seed import SeedLogins
from ovcgen.simulator.swagger_ui import About, SwaggerUI, of_portal
from ovcgen.simulator.tasks import FAITHFUL
from ovcgen.simulator.timing import INSTANT, PACES, Pace

PRINTED = (
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


@dataclass(frozen=True, slots=True, repr=False)
class SimulatedPortal:
    """A record of the addresses and logins of a running simulated portal. `str()` of it is the portal's URL.

    Attributes:
        url: Base URL of the portal.
        itsyouonline: Base URL of the identity provider.
        client_id, client_secret: Application key of an ordinary user.
        username, password: Portal login of the same user.
        admin: The same four values for an administrator of the portal.
        simulator_token: Token for the control API under `/_simulator` (see control_api.py) and for `X-Simulator-Fault`.
        simulator: The portal, to inspect its requests and inject faults.
        identity: The identity provider.
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

    def __str__(self) -> str:
        return self.url

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r}, release={self.release!r})"

    def as_json(self) -> str:
        """Return the addresses and logins as one line of JSON. `ovcgen serve` prints the same values."""
        return json.dumps({name: getattr(self, name) for name in PRINTED})

    def environment(self, *, admin: bool = False) -> dict[str, str]:
        """Return the environment variables with which a program calls this portal and logs in, by name.

        The login is that of the ordinary user, or with `admin` that of the administrator. The environment of this
        process is not changed.
        """
        login = self.admin if admin else {name: getattr(self, name) for name in self.admin}
        return {
            "OVC_URL": self.url,
            "ITSYOUONLINE_URL": self.itsyouonline,
            "CLIENT_ID": login["client_id"],
            "CLIENT_SECRET": login["client_secret"],
            "OVC_USERNAME": login["username"],
            "OVC_PASSWORD": login["password"],
        }


class UnknownPace(UsageError):
    """An error: the name of a pace is unknown."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no pace named {name}.", fix=f"Choose one of {', '.join(PACES)}.")


@contextmanager
def running(
    api: Api,
    document: Document | None = None,
    *,
    page: Document | None = None,
    release: str = "",
    listening: Listening = LISTENING,
    seed: str = "demo",
    pace: Pace | str = INSTANT,
    tasks: str = FAITHFUL,
    state_file: Path | None = None,
    algorithm: str = "",
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] | None = None,
    broken_actors: Sequence[str] = (),
) -> Iterator[SimulatedPortal]:
    """Serve a portal and its identity provider while the block runs, and yield their addresses and logins.

    The portal accepts the tokens of this identity provider and no others. The arguments that are not listed here are
    those of `Simulator`.

    Args:
        page: The document for Swagger UI, with corrected responses. By default `document`; without both there is no
            such page.
        release: The release to report in `SimulatedPortal.release`. By default that of `api`.
        listening: Addresses and ports. By default free ports of 127.0.0.1.
        pace: A `Pace`, or the name of one: `instant`, `demo` or `real`.
        algorithm: How tokens are signed, ES384 or HS256. By default ES384 if cryptography is installed, else HS256.

    Raises:
        UnknownPace: there is no pace of that name.
        UnknownAlgorithm: `algorithm` is neither ES384 nor HS256.
        NeedsCryptography: ES384 needs a library that is not installed.
        OSError: a port can't be opened. The other errors are those of `Simulator`.
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
        token_key=key.public,
        broken_actors=broken_actors,
    )
    with closing(simulator), _served(simulator, key, page or document, listening) as portal:
        yield portal if not release else replace(portal, release=release)


@contextmanager
def _served(
    simulator: Simulator, key: SigningKey, page: Document | None, listening: Listening
) -> Iterator[SimulatedPortal]:
    """Serve a portal, with Swagger UI for `page`, and its identity provider. At the end, waiting calls return."""
    logins, host, names = simulator.credentials, listening.host, listening.names
    gate = Gate(simulator.clock.sleep, simulator.faults, simulator.gate.token)
    gate.observers = simulator.gate.observers
    identity = IdentityProvider(logins.clients, key, clock=simulator.clock, gate=gate)
    with ExitStack() as stack:
        provider = stack.enter_context(serving(identity, host=host, port=listening.identity_port, names=names))
        about = _about(simulator.release, logins, provider)
        portal = SwaggerUI(simulator, lambda: of_portal(page), about) if page else simulator
        url = stack.enter_context(serving(portal, host=host, port=listening.port, names=names))
        try:
            yield SimulatedPortal(
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


def _about(release: str, logins: SeedLogins, identity: str) -> About:
    """Return the text above Swagger UI: the release and the demo logins."""
    text = "Everything here is invented. Nothing leaves this machine."
    listed = [("Ordinary user", logins.user), ("Administrator", logins.admin)]
    sections = tuple((heading, login.as_dict()) for heading, login in listed)
    return About(f"Simulated OpenvCloud {release}.", text, (*sections, ("Identity provider", {"url": identity})))


def _pace(pace: Pace | str) -> Pace:
    if isinstance(pace, Pace):
        return pace
    if pace not in PACES:
        raise UnknownPace(pace)
    return PACES[pace]
