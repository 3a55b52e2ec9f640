"""Simulate an OpenvCloud portal in this process: HTTP, parameter checks, rights and stored objects.

    with running(api, document, release="2.4.5", pace="demo") as portal:
        portal.url, portal.itsyouonline, portal.client_id, portal.client_secret   # and username, password, admin

`Simulator` is a WSGI application. It records its requests (`.seen`) and can inject faults (`.faults`). The status of
its objects is computed from its clock when a call reads it, so it needs no background thread.
`serving` serves a WSGI application on a port, with one thread per connection, so a slow call does not block others.
`running` serves a portal together with the identity provider whose tokens the portal accepts.
`ovcgen.simulator.mock` answers as any other document describes. All names are imported at first use, because a mock
needs only a few of these modules.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ovcgen.simulator.clock import Clock as Clock
    from ovcgen.simulator.faults import Fault as Fault
    from ovcgen.simulator.faults import Faults as Faults
    from ovcgen.simulator.faults import UnusedFaults as UnusedFaults
    from ovcgen.simulator.http_server import Listening as Listening
    from ovcgen.simulator.http_server import serving as serving
    from ovcgen.simulator.identity_provider import IdentityProvider as IdentityProvider
    from ovcgen.simulator.portal import Simulator as Simulator
    from ovcgen.simulator.portal_server import SimulatedPortal as SimulatedPortal
    from ovcgen.simulator.portal_server import running as running
    from ovcgen.simulator.request import HttpRequest as HttpRequest
    from ovcgen.simulator.seed import LOGINS as LOGINS
    from ovcgen.simulator.seed import SeedLogin as SeedLogin
    from ovcgen.simulator.seed import SeedLogins as SeedLogins
    from ovcgen.simulator.timing import DEMO as DEMO
    from ovcgen.simulator.timing import INSTANT as INSTANT
    from ovcgen.simulator.timing import PACES as PACES
    from ovcgen.simulator.timing import REAL as REAL
    from ovcgen.simulator.timing import Pace as Pace

_HOMES = {
    "clock": ("Clock",),
    "faults": (
        "Fault",
        "Faults",
        "UnusedFaults",
    ),
    "http_server": ("Listening", "serving"),
    "identity_provider": ("IdentityProvider",),
    "portal": ("Simulator",),
    "request": ("HttpRequest",),
    "portal_server": ("SimulatedPortal", "running"),
    "seed": (
        "LOGINS",
        "SeedLogin",
        "SeedLogins",
    ),
    "timing": (
        "DEMO",
        "INSTANT",
        "PACES",
        "REAL",
        "Pace",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)

if not TYPE_CHECKING:  # hidden from type checkers, which would accept any name

    def __getattr__(name: str) -> object:
        """Import a public name at its first use.

        Raises:
            AttributeError: there is no such name.
        """
        if name not in _HOME_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value
