"""Forked processes get their own answers, and many calls and clients leave no memory or connections in use."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from tests.faults import programs
from tests.faults.faults import answers
from tests.faults.gate import GIVE_UP, Peer
from tests.faults.stage import Stage
from tests.runtime.conftest import answer

PATHS = ("runtime", "sdk")
TOKEN = b"eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6ImFubiJ9.x"
needs_proc = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Return a stage on which the test opens portals."""
    with Stage(tmp_path, monkeypatch) as stage:
        yield stage


def echo(peer: Peer) -> None:
    """Answer with the id of the machine that was requested."""
    assert peer.request
    [number] = parse_qs(peer.request.body.decode())["machineId"]
    peer.send(answer({"id": int(number)}))


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_forked_processes_get_their_own_answers(stage: Stage, path: str) -> None:
    """Eight forked children that inherit an open connection make a hundred calls each and get their own answers."""
    portal = stage.portal(echo)

    ended = programs.run(path, programs.FORKING, portal.url, 8, 100, warnings="ignore")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert portal.reached == 801


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_a_child_does_not_wait_for_a_login_of_its_parent(stage: Stage, path: str) -> None:
    """A child that is forked during a login of its parent logs in by itself."""
    held: list[int] = []

    def once_late(peer: Peer) -> None:
        held.append(1)
        if len(held) == 1:
            peer.gate.closing.wait(4 * GIVE_UP)
        answers(TOKEN, kind="text/plain")(peer)

    portal, provider = stage.portal(echo), stage.gate(once_late)
    started = subprocess.Popen(
        programs.command(path, programs.FORKING_IN_A_LOGIN, portal.url, provider.url, warnings="ignore"),
        env=programs.environment(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        for _ in range(3000):
            if held or provider.closing.wait(0.01):
                break
        _, said = started.communicate("\n", timeout=programs.PATIENCE)

    assert (started.returncode, said) == (0, "")


@needs_proc
@pytest.mark.slow
@pytest.mark.parametrize(("path", "clients"), [("sdk", 1000), ("runtime", 50)])
def test_memory_stays_flat(stage: Stage, path: str, clients: int) -> None:
    """Thousands of calls and many clients each leave less than 5 MB of memory in use, and no connection open."""
    portal = stage.portal(echo)

    ended = programs.run(path, programs.MANY, portal.url, 10_000 if path == "sdk" else 2_000, clients, warnings="error")

    assert (ended.returncode, ended.stderr) == (0, "")
    calls, clients_left = map(float, ended.stdout.split())
    assert calls < 5
    assert clients_left < 5
