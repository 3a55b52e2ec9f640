"""Test `serve FILE`, and that what `serve` prints on a terminal works when a user pastes it."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.cli.conftest import PATIENCE, PROGRAM, Run, process

PETS: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1"},
    "basePath": "/v1",
    "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    "paths": {
        "/pets/{id}": {
            "get": {
                "operationId": "get",
                "security": [{"key": []}],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "type": "integer", "minimum": 5},
                    {"name": "kind", "in": "query", "required": True, "type": "string", "enum": ["the cat's"]},
                ],
                "responses": {"200": {"description": "", "schema": {"type": "string", "example": "Tom"}}},
            }
        }
    },
}


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Return the path of a document."""
    path = tmp_path / "pets.json"
    path.write_text(json.dumps(PETS))
    return path


@contextmanager
def on_a_terminal(*arguments: object) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run `ovcgen` on a new terminal. Yield the process and the other end of the terminal."""
    other, own = pty.openpty()
    words = [str(PROGRAM), *map(str, arguments)]
    started = subprocess.Popen(words, stdin=own, stdout=own, stderr=own, start_new_session=True)
    os.close(own)
    try:
        yield started, other
    finally:
        started.kill()
        started.wait()
        os.close(other)


def read_until(terminal: int, word: str) -> str:
    """Return what a terminal shows, up to the end of the first line with that word."""
    shown = ""
    end = time.monotonic() + PATIENCE
    while f"{word}" not in shown or not shown.endswith("\n"):
        assert time.monotonic() < end, shown
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 65536).decode().replace("\r\n", "\n")
    return shown


def pasted(shown: str, environment: Mapping[str, str]) -> str:
    """Return what another shell prints when the lines below "Paste this" are pasted there."""
    script = shown.partition("Paste this into another shell:\n")[2]
    assert [line for line in shown.splitlines() if len(line) > 80] == []
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    clean = {**environment, "PATH": path, "NO_PROXY": "127.0.0.1"}
    return subprocess.run(["sh", "-ec", script], env=clean, capture_output=True, text=True, check=True).stdout


def test_the_address_is_one_line_of_json(pets: Path) -> None:
    """Into a pipe a mock prints its address as one line of JSON, and then answers requests that match the document."""
    started = process("serve", pets, cwd=pets.parent)
    assert started.stdout is not None
    printed = json.loads(started.stdout.readline())
    answer = requests.get(f"{printed['url']}/v1/pets/7?kind=the cat's", headers={"X-Key": "k"}, timeout=5)
    refused = requests.get(f"{printed['url']}/v1/pets/4?kind=dog", headers={"X-Key": "k"}, timeout=5)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=PATIENCE)

    assert printed.keys() == {"url", "title", "release", "simulator_token"}
    assert (answer.status_code, answer.json()) == (200, "Tom")
    assert refused.json()["detail"] == (
        'path parameter id: 4 is less than 5; query parameter kind: "dog" is none of "the cat\'s".'
    )
    assert errors.splitlines()[-2] == "ovcgen: The mock has ended."
    assert started.returncode == 130


@pytest.mark.slow
def test_the_first_call_of_a_mock_works_when_it_is_pasted(pets: Path) -> None:
    """On a terminal a mock prints a curl command with all that the document requires; Ctrl-C ends it quietly."""
    with on_a_terminal("serve", pets) as (started, terminal):
        shown = read_until(terminal, "curl ")

        assert pasted(shown, {"HOME": str(pets.parent)}) == '"Tom"'
        os.killpg(started.pid, signal.SIGINT)
        assert read_until(terminal, "ended").strip().splitlines()[-1] == "The mock has ended."
        assert started.wait(PATIENCE) == 0


@pytest.mark.slow
def test_the_first_call_of_a_portal_works_when_it_is_pasted(tmp_path: Path) -> None:
    """On a terminal a portal prints its logins as `export` lines, and a call that works with them."""
    with on_a_terminal("serve", "2.4.5") as (started, terminal):
        shown = read_until(terminal, "ovcgen call")

        assert "acme" in pasted(shown, {"HOME": str(tmp_path), "OVCGEN_NO_TOKEN_CACHE": "1"})
        os.killpg(started.pid, signal.SIGINT)
        assert "Its state is gone; it starts afresh." in read_until(terminal, "ended")
        assert started.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pets.json", "--seed", "empty"], "--seed has no effect on a mock."),
        (["pets.json", "--operations"], "--operations has no effect on a mock."),
        (["2.4.5", "--anything"], "--anything has no effect on a portal."),
        (["2.4.5", "--release", "2.4.4"], "2.4.5 is a pinned release"),
        (["nothing.json"], "Can't read nothing.json"),
    ],
)
def test_options_that_have_no_effect_are_refused(run: Run, pets: Path, arguments: list[str], message: str) -> None:
    """Options of portals are refused for a mock, and options of mocks for a portal, before a port is opened."""
    ended = run("serve", *arguments)

    assert (ended.code, ended.two_lines) == (2, True)
    assert message in ended.err
    assert pets.exists()


def test_the_catalog_of_a_portal_gives_a_portal(run: Run) -> None:
    """If FILE is the catalog of a portal, a simulated portal with state is served instead of a mock."""
    catalog = Path(__file__).parents[2] / "specs" / "2.4.5" / "swagger.json"

    ended = run("serve", catalog, "--operations")

    assert ended.code == 0
    assert ended.out.startswith(("GET /", "POST /"))
