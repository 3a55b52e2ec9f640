"""`serve` as far as it ends by itself; the rest is in test_processes.py."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path

import pytest
import requests

from ovcgen.cli.write_env_file import HEADING
from tests.cli.conftest import Run, process


def test_operations_without_state_are_listed(run: Run) -> None:
    """One a line, and nothing beside them."""
    ended = run("serve", "--operations", "--release", "2.4.5")

    assert (ended.code, ended.err) == (0, "")
    assert all(line.startswith(("GET /", "POST /")) for line in ended.out.splitlines())


def test_what_is_uncertain_of_a_release_is_listed(run: Run) -> None:
    """`serve --operations` lists what is only inferred about a release, and what is not simulated."""
    lines = run("serve", "--operations", "--release", "2.2.6").out.splitlines()

    assert any(line.startswith("inferred: Disabling a cloudspace: its machines are stopped") for line in lines)
    assert "not simulated: The session of a caller with a JWT: the token is not kept in it" in lines


def test_a_taken_port_is_explained(run: Run) -> None:
    """It is somebody else's."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("serve", "--port", taken.getsockname()[1])

    assert (ended.code, ended.two_lines) == (2, True)
    assert "already in use" in ended.err


def test_an_unknown_release_names_the_known_ones(run: Run) -> None:
    """As everywhere."""
    ended = run("serve", "--release", "9.9")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "2.4.4, 2.4.5" in ended.err


def served(folder: Path, *arguments: str, stop: int = signal.SIGINT) -> tuple[dict[str, str], list[str]]:
    """What `serve` told, after a machine was made there, and the lines it said beside it until it was interrupted."""
    started = process("serve", "--pace", "instant", *arguments, cwd=folder)
    assert started.stdout is not None
    told = json.loads(started.stdout.readline())
    base = f"{told['url']}/restmachine/cloudapi"
    login = {"username": told["username"], "password": told["password"]}
    key = requests.post(f"{base}/users/authenticate", json=login, timeout=10).json()
    new = {"authkey": key, "cloudspaceId": 1, "name": "kept", "sizeId": 1, "imageId": 1, "disksize": 10}
    told["made"] = requests.post(f"{base}/machines/create", json=new, timeout=10).json()
    started.send_signal(stop)
    _, said = started.communicate(timeout=20)
    return told, said.splitlines()


def test_the_state_is_gone_without_a_file(tmp_path: Path) -> None:
    """And Ctrl-C says so."""
    assert served(tmp_path)[1][-1] == "  -> Its state is gone; it starts afresh."
    assert served(tmp_path)[0]["made"] == 2


def test_the_state_is_in_its_file(tmp_path: Path) -> None:
    """Ctrl-C says how to go on with it, and the next portal does."""
    first, said = served(tmp_path, "--state", "portal.state")
    again, _ = served(tmp_path, "--state", "portal.state", stop=signal.SIGTERM)

    assert first["made"] == 2
    assert said[-1] == "  -> Its state is in portal.state; --state portal.state goes on with it."
    assert again["made"] == "Selected name already exists"


def ended_by_sigterm(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """Run `serve` until it answers, check its env file, send SIGTERM, and return the exit code and the last lines."""
    started = process("serve", "--env-file", "portal.env", *arguments, cwd=folder)
    assert started.stdout is not None
    told = json.loads(started.stdout.readline())
    written = folder / "portal.env"
    exported = dict(line.removeprefix("export ").split("=", 1) for line in written.read_text().splitlines()[1:])
    assert told["url"] in exported.values()
    assert exported["SIMULATOR_TOKEN"] == told["simulator_token"]
    assert written.stat().st_mode & 0o777 == 0o600
    started.send_signal(signal.SIGTERM)
    _, said = started.communicate(timeout=20)
    assert not written.exists()
    return started.returncode, said.splitlines()[-2:]


def test_sigterm_ends_it_in_order(tmp_path: Path) -> None:
    """SIGTERM prints what Ctrl-C prints, keeps the state, removes the env file, and gives exit code 143."""
    document = {"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, "paths": {}}
    (tmp_path / "pets.json").write_text(json.dumps({**document, "paths": {"/pets": {"get": {"responses": {}}}}}))
    (tmp_path / "portal.env").write_text(f"{HEADING}export OVC_URL=old\n")  # of a process that was killed

    fate = "  -> Its state is in portal.state; --state portal.state goes on with it."
    assert ended_by_sigterm(tmp_path, "--state", "portal.state") == (
        143,
        ["ovcgen: The simulated portal has ended.", fate],
    )
    assert (tmp_path / "portal.state").exists()
    assert ended_by_sigterm(tmp_path, "pets.json") == (
        143,
        ["ovcgen: The mock has ended.", "  -> It keeps nothing; it starts afresh."],
    )


def test_an_env_file_of_somebody_else_is_left_alone(run: Run, here: Path) -> None:
    """A file that `serve` has not written may hold secrets: it is refused before anything listens."""
    (here / ".env").write_text("SECRET=1\n")

    ended = run("serve", "--env-file", ".env")
    elsewhere = run("serve", "--env-file", "nowhere/.env")

    assert (ended.code, ended.two_lines, (here / ".env").read_text()) == (2, True, "SECRET=1\n")
    assert "`ovcgen serve` has not written it" in ended.err
    assert (elsewhere.code, "Can't write nowhere/.env: there is no such folder" in elsewhere.err) == (2, True)


def test_a_file_that_holds_no_state_is_refused(run: Run, here: Path) -> None:
    """And left alone."""
    (here / "diary").write_text("my day")
    ended = run("serve", "--state", "diary")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "diary can't be used as a state file" in ended.err
    assert (here / "diary").read_text() == "my day"


def test_an_open_portal_is_warned_of(tmp_path: Path) -> None:
    """Its credentials are no secrets; on loopback nothing is said."""
    _, said = served(tmp_path, "--host", "0.0.0.0")  # noqa: S104 - this is what the test is about
    _, quiet = served(tmp_path)

    assert [line for line in said if line.startswith("warning: Everybody who reaches this machine")]
    assert not [line for line in quiet if line.startswith("warning")]


@pytest.mark.parametrize("option", [["--tasks", "broken"], ["--jwt", "none"], ["--port", "70000"]])
def test_what_can_not_be_chosen_is_refused(run: Run, option: list[str]) -> None:
    """Before anything listens."""
    assert run("serve", *option).code == 2


def test_an_address_of_another_machine_is_explained(run: Run) -> None:
    """It is not ours to listen at."""
    ended = run("serve", "--host", "192.0.2.1")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "192.0.2.1" in ended.err
