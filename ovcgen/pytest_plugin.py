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
    from ovcgen.simulator.mock import MockedService

MARKERS = (
    "ovc_release(release): which release the simulated portal is of; the newest that is pinned by default",
    "ovc_document(path): the document whose service `ovc_mock` mocks, relative to pytest's root folder",
    "ovc_faults(kind, ...): let calls of the portal or mock go wrong, with the arguments of `simulator.faults.add`",
    "ovc_block_network(blocked=True): refuse what leads beyond this machine, or with False allow it",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Hook of pytest: add the options `--ovc-block-network` and `--ovc-releases`, and three settings.

    The settings are `ovc_block_network`, `ovc_document` and `ovc_release`.
    """
    group = parser.getgroup("ovcgen", "simulated OpenvCloud portals")
    text = "refuse every connection and look-up of tests that leads beyond this machine"
    group.addoption("--ovc-block-network", action="store_true", help=text)
    parser.addini("ovc_block_network", text, type="bool", default=False)
    text = "run each test of a simulated portal once for each of these releases, except where a marker names one"
    group.addoption("--ovc-releases", metavar="R1,R2", default="", help=text)
    parser.addini("ovc_document", "which document `ovc_mock` mocks where no marker says it", default="")
    parser.addini("ovc_release", "which release simulated portals are of where no marker says it", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Hook of pytest: register the markers, and check the releases of `--ovc-releases` by loading them.

    Raises:
        pytest.UsageError: one of them can't be loaded.
    """
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    for release in _releases(config):
        try:
            ovcgen.load(release)
        except ovcgen.ClientError as error:
            raise pytest.UsageError(f"--ovc-releases: {error.what} {error.fix}") from error


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hook of pytest: parametrize a test of the simulated portal with the releases of `--ovc-releases`.

    A test that has the marker `ovc_release`, or that parametrizes `ovc_release` itself, is left alone.
    """
    releases = _releases(metafunc.config)
    node = metafunc.definition
    own = [name for mark in node.iter_markers("parametrize") for name in mark.args[:1] if "ovc_release" in name]
    if releases and "ovc_release" in metafunc.fixturenames and not own and not node.get_closest_marker("ovc_release"):
        metafunc.parametrize("ovc_release", releases, ids=releases, indirect=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Hook of pytest: apply the test's network block, if it has one, to the set-up of its fixtures."""
    with _network(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Hook of pytest: apply the test's network block, if it has one, to the test function."""
    with _network(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Hook of pytest: apply the test's network block, if it has one, to the clean-up of its fixtures."""
    with _network(item):
        return (yield)


@pytest.fixture
def ovc_release(request: pytest.FixtureRequest) -> str:
    """Return the release of the test's simulated portal; "" for the newest.

    The marker `ovc_release` sets the release, else the option `--ovc-releases`, else the setting `ovc_release`. A
    marker without exactly one argument raises pytest.UsageError.
    """
    marker = request.node.get_closest_marker("ovc_release")
    if marker and len(marker.args) != 1:
        raise pytest.UsageError('The marker ovc_release takes one release, as in ovc_release("2.4.5").')
    return str(marker.args[0] if marker else getattr(request, "param", request.config.getini("ovc_release")))


@pytest.fixture
def ovc_portal(request: pytest.FixtureRequest, ovc_release: str) -> Iterator[SimulatedPortal]:
    """A simulated portal that is this test's alone.

    The address is `.url`. The credentials are `.client_id`, `.client_secret`, `.itsyouonline`, `.username`,
    `.password` and `.admin`. Its `.simulator` has the requests so far (`.seen`), and makes the next ones fail
    (`.faults`).
    """
    with ovcgen.simulate(ovc_release or None) as server:
        for fault in request.node.iter_markers("ovc_faults"):
            server.simulator.faults.add(*fault.args, **fault.kwargs)
        yield server


@pytest.fixture
def ovc_mock(request: pytest.FixtureRequest) -> Iterator[MockedService]:
    """Return a mock, for this test only, of the service that a document describes.

    The marker `ovc_document` names the document, else the setting `ovc_document`; without both pytest.UsageError is
    raised. `.url` is its address, `.mock.seen` has the requests so far, and `.faults` makes the next requests fail.
    """
    marker = request.node.get_closest_marker("ovc_document")
    name = marker.args[0] if marker and marker.args else request.config.getini("ovc_document")
    if not name:
        raise pytest.UsageError('ovc_mock needs a document: add the marker ovc_document("openapi.yaml").')
    with ovcgen.simulate(request.config.rootpath / name) as service:
        for fault in request.node.iter_markers("ovc_faults"):
            service.faults.add(*fault.args, **fault.kwargs)
        yield service


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


def _releases(config: pytest.Config) -> list[str]:
    """Return the releases of `--ovc-releases` in the given order, without duplicates."""
    given = str(config.getoption("ovc_releases")).split(",")
    return list(dict.fromkeys(release.strip() for release in given if release.strip()))


def _network(item: pytest.Item) -> AbstractContextManager[None]:
    """Return the network block of a test; its marker takes precedence over the option and the setting."""
    config, marker = item.config, item.get_closest_marker("ovc_block_network")
    if marker is None and not (config.getoption("ovc_block_network") or config.getini("ovc_block_network")):
        return nullcontext()
    from ovcgen.network_guard import loopback_only

    return loopback_only(*marker.args, **marker.kwargs) if marker else loopback_only()
