"""Faults that need more than one call: a connection that is kept alive too long, and a portal of another release."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from tests.conftest import imported_sdk
from tests.faults.drivers import CALLS, CREATE, RELEASE, driver
from tests.faults.drivers import READ as LIST
from tests.faults.faults import CREATED, good
from tests.faults.gate import Fault, Gate, HangUp, Peer
from tests.faults.stage import Stage

PATHS = ("runtime", "sdk")
IDLE = 1.1  # seconds; more than a reused connection may have been idle for a creating call
OLDER, RESTORE = "2.2.6", "cloudapi.machines.restore"  # a release without that operation
WORDS = {"machineId": 1, "reason": "test"}


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Return a stage on which the test opens a portal."""
    with Stage(tmp_path, monkeypatch) as stage:
        yield stage


def resets_when_reused() -> Fault:
    """Return a fault that answers the first request of each connection, and resets the connection at the second."""
    used: set[int] = set()

    def fault(peer: Peer) -> None:
        assert peer.request
        if peer.request.connection in used:
            peer.reset()
        used.add(peer.request.connection)
        good(peer)

    return fault


def closes_after_the_answer(peer: Peer) -> None:
    """Answer, and close the connection without having announced it."""
    good(peer)
    raise HangUp


def called_twice(stage: Stage, path: str, portal: Gate, second: str, pause: float) -> Any:
    """List objects, wait, make a second call with the same client, and return its value or error."""
    caller: Any = driver(path, None)  # type: ignore[arg-type]  # these drivers capture nothing
    with caller.open(stage, portal.url, CREATE, 8.0) as client:
        caller.method(client, LIST)()
        time.sleep(pause)
        try:
            return caller.method(client, second)(**CALLS[second])
        except Exception as error:  # noqa: BLE001  # an error of any kind is an outcome
            return error


@pytest.mark.parametrize("path", PATHS)
def test_a_creating_call_avoids_the_keep_alive_race(stage: Stage, path: str) -> None:
    """A creating call uses a new connection after a second, so that one that is closed meanwhile loses no answer."""
    portal = stage.portal(resets_when_reused())
    assert called_twice(stage, path, portal, CREATE, IDLE) == CREATED
    assert portal.reached == 2


@pytest.mark.parametrize("path", PATHS)
def test_a_lost_keep_alive_race_is_no_success(stage: Stage, path: str) -> None:
    """A creating call on a connection that is reset at that moment is sent once; whether it was executed is unknown."""
    portal = stage.portal(resets_when_reused())
    error = called_twice(stage, path, portal, CREATE, 0.0)
    assert type(error).__name__ == "OutcomeUnknown"
    assert portal.reached == 2


@pytest.mark.parametrize("path", PATHS)
def test_a_read_that_loses_the_keep_alive_race_is_repeated(stage: Stage, path: str) -> None:
    """A read on a connection that is reset at that moment is sent again on a new one."""
    portal = stage.portal(resets_when_reused())
    assert called_twice(stage, path, portal, LIST, 0.0) == []
    assert portal.reached == 3


@pytest.mark.parametrize("path", PATHS)
def test_a_connection_that_was_closed_is_not_used(stage: Stage, path: str) -> None:
    """A connection that the portal has closed in order is noticed before a creating call is sent."""
    portal = stage.portal(closes_after_the_answer)
    assert called_twice(stage, path, portal, CREATE, 0.2) == CREATED
    assert portal.reached == 2


@pytest.mark.parametrize("path", ["runtime", "sdk", "cli"])
def test_an_operation_of_another_release_leads_to_fetch(
    path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal whose catalog has changed since it was pinned answers 404, and the advice is to fetch the new one."""
    package: Any = ovcgen if path == "runtime" else imported_sdk(RELEASE)
    options = {"release": RELEASE} if path == "runtime" else {}
    with ovcgen.simulate(OLDER) as server:
        if path == "cli":
            monkeypatch.setenv("OVC_USERNAME", server.username)
            monkeypatch.setenv("OVC_PASSWORD", server.password)
            words = [f"{name}={value}" for name, value in WORDS.items()]
            ended: Any = driver("cli", capsys)
            outcome = ended.run("call", server.url, RESTORE, *words, "--release", RELEASE)
            code, said = outcome.code, "\n".join(outcome.texts)
        else:
            auth = package.Credentials(server.username, server.password)
            with (
                package.connect(server.url, auth=auth, **options) as portal,
                pytest.raises(package.NotFound) as caught,
            ):
                portal.cloudapi.machines.restore(**WORDS)
            code, said = 4, caught.value.fix
    assert (code, "`ovcgen fetch URL --release R`" in said) == (4, True)
