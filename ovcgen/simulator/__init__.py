"""Simulate an OpenvCloud portal in this process: HTTP, parameter checks, rights and stored objects.

    with running(api, document, release="2.4.5", pace="demo") as portal:
        portal.url, portal.itsyouonline, portal.client_id, portal.client_secret   # and username, password, admin

`Simulator` is a WSGI application. It records its requests (`.seen`) and can inject faults (`.faults`). The status of
its objects is computed from its clock when a call reads it, so it needs no background thread.
`serving` serves a WSGI application on a port, with one thread per connection, so a slow call does not block others.
`running` serves a portal together with the identity provider whose tokens the portal accepts.
"""

from __future__ import annotations

from ovcgen.simulator.clock import Clock
from ovcgen.simulator.faults import Fault, Faults, UnusedFaults
from ovcgen.simulator.http_server import serving
from ovcgen.simulator.identity_provider import IdentityProvider
from ovcgen.simulator.portal import Simulator
from ovcgen.simulator.request import HttpRequest
from ovcgen.simulator.running import Listening, SimulatedPortal, running
from ovcgen.simulator.seed import LOGINS, SeedLogin, SeedLogins
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
    "SeedLogin",
    "SeedLogins",
    "SimulatedPortal",
    "Simulator",
    "UnusedFaults",
    "running",
    "serving",
]
