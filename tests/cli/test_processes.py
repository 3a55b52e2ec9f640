"""What only a real process shows: signals, pipes, closed channels, and an environment with nothing in it."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from tests.cli.conftest import PATIENCE, PROGRAM, awaited, login_of, process

CANARY = "canary-3f9c"
SERVED = {"url", "itsyouonline", "client_id", "client_secret", "username", "password", "admin", "release"} | {
    "simulator_token"
}


@pytest.fixture
def hanging() -> Iterator[tuple[str, socket.socket]]:
    """A portal that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", server


def readable(channel: Any) -> Callable[[], object]:
    """Whether there is something to read, a connection to accept, or the end of it."""
    return lambda: select.select([channel], [], [], 0)[0]


def ended(started: subprocess.Popen[str], how: int) -> tuple[int, str, str]:
    started.send_signal(how)
    out, err = started.communicate(timeout=20)
    return started.returncode, out, err


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line of bash, in which `ovcgen` is the command."""
    script = f'set -o pipefail; ovcgen() {{ "{PROGRAM}" "$@"; }}; {command}'
    variables = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env=variables,
        timeout=PATIENCE,
    )


def test_a_process_that_has_ended_is_not_waited_for(tmp_path: Path) -> None:
    """Its last words are told."""
    started = process("nonsense", cwd=tmp_path)

    with pytest.raises(pytest.fail.Exception, match="no command 'nonsense'"):
        awaited(started, lambda: False)


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_serve_tells_one_line_and_ends_in_order(tmp_path: Path, how: int, code: int) -> None:
    """One line of JSON with exactly these keys, at once; and an end that is no crash, and says what becomes of it."""
    started = process("serve", cwd=tmp_path)
    assert started.stdout is not None
    awaited(started, readable(started.stdout))

    told = json.loads(started.stdout.readline())
    status, rest, err = ended(started, how)

    assert set(told) == SERVED
    assert set(told["admin"]) == {"client_id", "client_secret", "username", "password"}
    assert (status, rest, len(err.splitlines())) == (code, "", 3)


@pytest.mark.parametrize("words", [["fetch", "URL", "--release", "x"], ["call", "URL", "cloudapi.machines.list"]])
def test_ctrl_c_at_a_portal_that_hangs(tmp_path: Path, hanging: tuple[str, socket.socket], words: list[str]) -> None:
    """Two lines, 130, no secret, and nothing written."""
    url, server = hanging
    started = process(
        *(url if word == "URL" else word for word in words), cwd=tmp_path, environment={"OVC_AUTHKEY": CANARY}
    )
    awaited(started, readable(server))
    connection, _ = server.accept()
    with connection:
        connection.settimeout(PATIENCE)
        connection.recv(65536)

        code, out, err = ended(started, signal.SIGINT)

    assert (code, out, len(err.splitlines())) == (130, "", 2)
    assert CANARY not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("how", "code", "word"), [(signal.SIGINT, 130, "Interrupted"), (signal.SIGTERM, 143, "Terminated")]
)
def test_a_signal_while_waiting_says_how_to_go_on(tmp_path: Path, how: int, code: int, word: str) -> None:
    """The task is not stopped, and its guid is in the way out."""
    with ovcgen.simulate("2.4.5", pace="real") as server:
        auth = ovcgen.ItsYouOnline(server.client_id, server.client_secret, url=server.itsyouonline)
        with ovcgen.connect(server.url, auth=auth, release="2.4.5") as portal:
            task = portal.cloudapi.machines.create(
                cloudspaceId=1, name="web", memory=2048, vcpus=2, imageId=1, disksize=10, _async=True
            )
        asked = len(server.simulator.seen)
        started = process("task", "wait", "-q", server.url, task.guid, cwd=tmp_path, environment=login_of(server))
        awaited(started, lambda: len(server.simulator.seen) > asked)

        status, out, err = ended(started, how)

    assert (status, out) == (code, "")
    assert err.splitlines() == [
        f"ovcgen: {word}; task {task.guid} goes on.",
        f"  -> `ovcgen task wait {server.url} {task.guid}` waits for it again.",
    ]


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_a_call_waits_says_how_to_go_on(tmp_path: Path, how: int, code: int) -> None:
    """A call with --wait that is ended by a signal prints the guid of its task and the command that waits for it."""
    call = ["cloudspaceId=1", "name=web", "memory=2048", "vcpus=2", "imageId=1", "disksize=10"]
    with ovcgen.simulate("2.4.5", pace="real") as server:
        words = ["call", server.url, "cloudapi.machines.create", *call, "--wait", "--release", "2.4.5", "-o", "json"]
        started = process(*words, cwd=tmp_path, environment=login_of(server))
        awaited(started, lambda: any(seen.path.endswith("/system/task/get") for seen in server.simulator.seen))

        status, out, err = ended(started, how)
        again = re.search("`ovcgen (task wait [^`]*)` waits for it again", err)
        assert (status, out, again is not None) == (code, "", True)
        assert again is not None
        guid = again[1].split()[-1]

    assert f"task {guid} goes on." in err
    assert json.loads(err.splitlines()[-1])["error"]["guid"] == guid


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_generate_leaves_whole_sdks(tmp_path: Path, how: int, code: int) -> None:
    """What is there is whole, and nothing else is there."""
    started = process("generate", "--all", cwd=tmp_path)
    assert started.stdout is not None
    awaited(started, readable(started.stdout))
    started.stdout.readline()

    status, _, _ = ended(started, how)

    assert status == code
    for folder in (tmp_path / "generated").iterdir():
        release = folder.name.removeprefix("openvcloud-")
        check = subprocess.run(
            [PROGRAM, "generate", release, "--check"], cwd=tmp_path, capture_output=True, check=False, timeout=PATIENCE
        )
        assert check.returncode == 0, folder


def test_a_reader_who_leaves_changes_nothing(tmp_path: Path) -> None:
    """`| head -1` is quiet, and the exit code still is that of the comparison."""
    done = shell("ovcgen diff 2.1.6 2.4.5 | true; echo ${PIPESTATUS[0]}; ovcgen releases -o text | head -1", tmp_path)

    assert done.stdout.splitlines()[0] == "1"
    assert done.stdout.splitlines()[1].startswith("2.1.6")
    assert done.stderr == ""


def test_a_reader_who_leaves_changes_nothing_in_colours(tmp_path: Path) -> None:
    """A closed pipe ends the command in the same way with coloured reports, tables and every output format."""
    lines = [
        "ovcgen diff 2.1.6 2.4.5 --fail-on never | true",
        *(f"ovcgen releases -o {form} | true" for form in ("table", "jsonl", "yaml", "csv")),
    ]
    done = shell("; ".join(f"{line}; echo ${{PIPESTATUS[0]}}" for line in lines), tmp_path, FORCE_COLOR="1")

    assert (done.stdout.split(), done.stderr) == (["0"] * len(lines), "")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("ovcgen releases >&-", 0),
        ("ovcgen --help >&-", 0),
        ("ovcgen diff 2.4.5 2.4.4 >&-", 1),
        ("ovcgen generate 2.4.5 >&- 2>&-", 0),
        ("ovcgen releases 2>&-", 0),
        ("ovcgen nonsense 2>&-", 2),
        ("ovcgen nonsense 2>/dev/full", 2),
        ("ovcgen releases <&-", 0),
        ("ovcgen releases >/dev/full", 70),
    ],
)
def test_closed_and_full_channels(tmp_path: Path, command: str, code: int) -> None:
    """Nobody listens, or the disk is full: never a traceback."""
    done = shell(command, tmp_path)

    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({}, id="no HOME, no locale"),
        pytest.param({"HOME": "/nonexistent", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, id="ascii"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="C locale as it once was"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="latin-1"),
        pytest.param({"PYTHONUTF8": "1", "LC_ALL": "C"}, id="UTF-8 mode"),
    ],
)
def test_a_poor_environment_is_enough(tmp_path: Path, variables: dict[str, str]) -> None:
    """Neither a home nor a locale is needed, and a foreign letter in a name is no accident."""
    done = shell("ovcgen diff 2.4.4 2.4.5 && ovcgen generate 'n\u00f6\u20acd.json'", tmp_path, **variables)

    assert done.returncode == 2
    assert done.stdout.startswith("2.4.4 -> 2.4.5: 0 breaking")
    assert len(done.stderr.splitlines()) == 2


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """What needs no folder works; what does says so."""
    done = shell("mkdir gone && cd gone && rmdir ../gone && ovcgen releases -o text && ovcgen generate 2.4.5", tmp_path)

    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 6
    assert len(done.stderr.splitlines()) == 2


def test_a_file_goes_to_stdout_as_it_is(tmp_path: Path, simulated: Any) -> None:
    """Bytes, so that `> FILE` is all it takes."""
    command = f"ovcgen call {simulated.url} cloudapi.cloudspaces.getOpenvpnConfig cloudspaceId=1 > file.zip"
    done = shell(command, tmp_path, **login_of(simulated))

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "file.zip").read_bytes().startswith(b"PK")
