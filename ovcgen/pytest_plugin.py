"""Provide pytest fixtures: a simulated portal for each test, logged-in clients, and a network block.

pytest loads this module wherever ovcgen is installed, so it imports the rest of ovcgen only when a test needs it.
(PYTEST_DONT_REWRITE: there is no assertion here.)
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

import ovcgen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ovcgen.client.async_portal import AsyncRuntimePortal
    from ovcgen.client.portal import RuntimePortal
    from ovcgen.simulator import Faults, SimulatedPortal

MARKERS = (
    "ovc_release(release): which release the simulated portal is of; the newest that is pinned by default",
    "ovc_faults(kind, ...): let calls of the simulated portal go wrong, with the arguments of `simulator.faults.add`",
    "ovc_block_network(blocked=True): refuse what leads beyond this machine, or with False allow it",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--ovc-block-network` and the settings `ovc_block_network` and `ovc_release`."""
    group = parser.getgroup("ovcgen", "simulated OpenvCloud portals")
    text = "refuse every connection and look-up of tests that leads beyond this machine"
    group.addoption("--ovc-block-network", action="store_true", help=text)
    parser.addini("ovc_block_network", text, type="bool", default=False)
    parser.addini("ovc_release", "which release simulated portals are of where no marker says it", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Apply the test's network block to its fixtures."""
    with _network(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Apply the test's network block to the test."""
    with _network(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Apply the test's network block to the clean-up of its fixtures."""
    with _network(item):
        return (yield)


@pytest.fixture
def ovc_portal(request: pytest.FixtureRequest) -> Iterator[SimulatedPortal]:
    """A simulated portal that is this test's alone.

    The address is `.url`. The credentials are `.client_id`, `.client_secret`, `.itsyouonline`, `.username`,
    `.password` and `.admin`. Its `.simulator` has the requests so far (`.seen`), and makes the next ones fail
    (`.faults`).
    """
    marker = request.node.get_closest_marker("ovc_release")
    if marker and len(marker.args) != 1:
        raise pytest.UsageError('The marker ovc_release takes one release, as in ovc_release("2.4.5").')
    release = marker.args[0] if marker else request.config.getini("ovc_release")
    with ovcgen.simulate(release or None) as server:
        for fault in request.node.iter_markers("ovc_faults"):
            server.simulator.faults.add(*fault.args, **fault.kwargs)
        yield server


@pytest.fixture
def ovc_faults(ovc_portal: SimulatedPortal) -> Iterator[Faults]:
    """The faults of `ovc_portal`, including those of markers.

    Each must have happened by the end of the test; otherwise the test ends with an error that lists the others.
    """
    faults: Faults = ovc_portal.simulator.faults
    yield faults
    faults.check_used()


@pytest.fixture
def ovc_client(ovc_portal: SimulatedPortal) -> Iterator[RuntimePortal]:
    """A client of `ovc_portal`, logged in as an ordinary user who administers one account."""
    with _client(ovc_portal, ovc_portal.client_id, ovc_portal.client_secret) as portal:
        yield portal


@pytest.fixture
def ovc_admin(ovc_portal: SimulatedPortal) -> Iterator[RuntimePortal]:
    """A client of `ovc_portal`, logged in as an administrator of the portal."""
    with _client(ovc_portal, ovc_portal.admin["client_id"], ovc_portal.admin["client_secret"]) as portal:
        yield portal


@pytest.fixture
def ovc_async_client(ovc_portal: SimulatedPortal) -> AsyncRuntimePortal:
    """An asynchronous client of `ovc_portal`, logged in as an ordinary user: `async with ovc_async_client as portal`.

    It belongs to the event loop on which it is first used, and is closed at the end of the block.
    """
    from ovcgen.workflows.connect_async import connect

    auth = ovcgen.ItsYouOnline(ovc_portal.client_id, ovc_portal.client_secret, url=ovc_portal.itsyouonline)
    return connect(ovc_portal.url, auth=auth, release=ovc_portal.release).in_this_thread()


def _client(server: SimulatedPortal, client_id: str, client_secret: str) -> RuntimePortal:
    auth = ovcgen.ItsYouOnline(client_id, client_secret, url=server.itsyouonline)
    return ovcgen.connect(server.url, auth=auth, release=server.release)


def _network(item: pytest.Item) -> AbstractContextManager[None]:
    """Return the network block of a test; its marker takes precedence over the option and the setting."""
    config, marker = item.config, item.get_closest_marker("ovc_block_network")
    if marker is None and not (config.getoption("ovc_block_network") or config.getini("ovc_block_network")):
        return nullcontext()
    from ovcgen.network_guard import loopback_only

    return loopback_only(*marker.args, **marker.kwargs) if marker else loopback_only()
