"""Commands run as a user runs them, here or as processes, and portals that misbehave."""

from __future__ import annotations

import fcntl
import io
import json
import os
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ovcgen.cli import main
from ovcgen.cli.app import run as run_command
from ovcgen.simulator.http_server import serving

PROGRAM = Path(sys.executable).with_name("ovcgen")
SPECS = Path(__file__).parents[2] / "specs"
EXPECTED = Path(__file__).parent / "expected"
PATIENCE = 60.0  # seconds for a process to come to what is expected of it


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def two_lines(self) -> bool:
        """Whether it is an error as we show them: what and way out on stderr, nothing on stdout."""
        lines = self.err.splitlines()
        shown = len(lines) == 2 and lines[0].startswith("ovcgen: ") and lines[1].startswith("  -> ")
        return shown and not self.out and "Traceback" not in self.err


Run = Callable[..., Said]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(here: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, in that empty folder."""
    assert Path.cwd() == here

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Said(int(str(ended.value.code)), printed.out, printed.err)

    return run


@pytest.fixture
def on_terminal(here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Return a function that runs a command in this process with a terminal as stdin, stdout and stderr.

    `typed` is the input of the user, `columns` is the width of the terminal, and `streams` are the names of the streams
    that are the terminal. `out` of the result is what the terminal shows.
    """
    assert Path.cwd() == here
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLUMNS", raising=False)

    def run(
        *arguments: object, typed: str = "", columns: int = 80, streams: tuple[str, ...] = ("stdin", "stdout", "stderr")
    ) -> Said:
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.write(ours, typed.encode())
        shown: list[bytes] = []
        reader = threading.Thread(target=_read_all, args=(ours, shown), daemon=True)
        reader.start()
        with monkeypatch.context() as patch, os.fdopen(theirs, "r+b", buffering=0) as device:
            for name in streams:
                patch.setattr(sys, name, io.TextIOWrapper(device, encoding="utf-8", write_through=True))
            code = run_command([str(argument) for argument in arguments])
            for name in streams:
                getattr(sys, name).detach()
        reader.join(PATIENCE)
        os.close(ours)
        return Said(code, b"".join(shown).decode().replace("\r\n", "\n"), "")

    return run


def _read_all(device: int, found: list[bytes]) -> None:
    """Read what is written to a terminal until it is closed."""
    with suppress(OSError):  # how Linux says that the other side is closed
        while piece := os.read(device, 65536):
            found.append(piece)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home folder that has the usual folders for settings and state."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    folders = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    for name in ("OVCGEN_CONFIG", *folders, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def logged_in(simulated: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A simulated portal, with its credentials in the environment."""
    for name, value in login_of(simulated).items():
        monkeypatch.setenv(name, value)
    return simulated


def login_of(server: Any) -> dict[str, str]:
    """The environment of somebody who may call that portal."""
    return {
        "CLIENT_ID": server.client_id,
        "CLIENT_SECRET": server.client_secret,
        "ITSYOUONLINE_URL": server.itsyouonline,
        "OVCGEN_NO_TOKEN_CACHE": "1",
    }


Answers = Mapping[str, tuple[int, str, bytes]]


@contextmanager
def portal_answering(answers: Answers) -> Iterator[str]:
    """A portal that gives these answers (status, content type, body) to paths that end so, and 404 to others."""

    def application(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"]
        status, kind, body = next((answers[end] for end in answers if path.endswith(end)), (404, "text/plain", b"no"))
        start_response(f"{status} Said", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    with serving(application) as url:
        yield url


def catalog(body: bytes, kind: str = "application/json") -> AbstractContextManager[str]:
    """A portal with that catalog."""
    return portal_answering({"/prepareCatalog": (200, kind, body)})


def small_catalog(**changes: Any) -> bytes:
    """A catalog with one operation."""
    operation = {"operationId": "list", "tags": ["cloudapi__things"], "responses": {"200": {"description": "all"}}}
    document = {
        "swagger": "2.0",
        "info": {"title": "small", "version": "1"},
        "basePath": "/restmachine",
        "paths": {"/cloudapi/things/list": {"post": operation}},
    }
    return json.dumps(document | changes).encode()


def process(*arguments: object, cwd: Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """The real command, just started."""
    return subprocess.Popen(
        [str(PROGRAM), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def awaited(started: subprocess.Popen[str], come: Callable[[], object]) -> None:
    """Wait for what a process brings about; one that has ended will not, and one that takes for ever is ended."""
    deadline = time.monotonic() + PATIENCE
    while not come():
        if started.poll() is not None or time.monotonic() > deadline:
            started.kill()
            pytest.fail(f"`{started.args}` did not come to it: {started.communicate()}")
        time.sleep(0.02)


def expected(name: str) -> str:
    """A whole terminal output as it should be."""
    return (EXPECTED / name).read_text(encoding="utf-8")
