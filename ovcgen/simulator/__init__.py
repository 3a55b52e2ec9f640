"""A portal in this process, so faithful that a client can't tell: the wire, the checks, the life of its objects.

    with running(api, document, release="2.4.5", pace="demo") as portal:
        portal.url, portal.itsyouonline, portal.client_id, portal.client_secret   # and username, password, admin

`Simulator` is a plain WSGI callable that records what it saw (`.seen`) and lets things go wrong on demand (`.faults`);
its state over time is computed from its clock when somebody looks. `serving` gives a callable a port, with a thread per
connection: a call that blocks does not stop others. `running` serves a portal with the identity provider whose tokens
it accepts.
"""

from __future__ import annotations

from ovcgen.simulator.clock import Clock
from ovcgen.simulator.faults import Fault, Faults, UnusedFaults
from ovcgen.simulator.identity import IdentityProvider
from ovcgen.simulator.portal import Simulator
from ovcgen.simulator.request import HttpRequest
from ovcgen.simulator.running import Listening, Running, running
from ovcgen.simulator.seed import LOGINS, SeedLogin, SeedLogins
from ovcgen.simulator.serve import serving
from ovcgen.simulator.timing import DEMO, INSTANT, PACES, REAL, Pace

__all__ = [
    "DEMO",
    "INSTANT",
    "LOGINS",
    "PACES",
    "REAL",
    "Clock",
    "Fault",
    "Faults",
    "HttpRequest",
    "IdentityProvider",
    "Listening",
    "Pace",
    "Running",
    "SeedLogin",
    "SeedLogins",
    "Simulator",
    "UnusedFaults",
    "running",
    "serving",
]
