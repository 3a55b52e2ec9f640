"""A process that is killed while it writes files leaves the complete old or the complete new files."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from vcr.request import Request

ROOT = Path(__file__).parents[2]
MOMENTS = 25  # for each kind of file
GENERATE = """
import sys
from pathlib import Path
from ovcgen.generator.write import write
print("ready", flush=True)
while True:
    for text in ("old\\n", "new\\n"):
        write({f"pkg/{number}.py": text for number in range(20)}, Path(sys.argv[1]) / "sdk")
"""
FETCH = """
import sys
from dataclasses import replace
from pathlib import Path
from ovcgen.releases.library import Library
from ovcgen.workflows.resolve import load
specs = [replace(load(release), release="9.9", overlay={}) for release in ("2.2.6", "2.4.5")]
library = Library(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    for spec in specs:
        library.save(spec)
"""

RECORD = """
import sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
import requests
from ovcgen.cassettes import recorder

class Portal(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000002")
        self.end_headers()
        self.wfile.write(b'"' + b"x" * 1000000 + b'"')
    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Portal)
threading.Thread(target=server.serve_forever, daemon=True).start()
told = False
while True:
    with recorder(record_mode="all").use_cassette(sys.argv[1] + "/cassette.yaml"):
        requests.get(f"http://127.0.0.1:{server.server_port}/", timeout=9)
    told = told or print("ready", flush=True) or True
"""

RENEW = """
import sys
from pathlib import Path
from ovcgen.cli.token_cache import TokenFile
from ovcgen.runtime.redaction import Secret
from ovcgen.runtime.tokens import StoredToken
store = TokenFile(Path(sys.argv[1]) / "tokens", ("provider",), Secret("secret"), warn=sys.exit)
print("ready", flush=True)
while True:
    for token in ("old" * 20000, "new" * 20000):
        with store.lock():
            store.save(StoredToken(Secret(token), 3600.0, 0.0))
"""


ANSWER = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": b"[]"}}


def killed(program: str, folder: Path, after: float) -> None:
    """Start a program and kill it after that many seconds of its work."""
    with subprocess.Popen([sys.executable, "-c", program, str(folder)], cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"ready\n"
        threading.Event().wait(after)
        child.kill()


def moments() -> list[float]:
    """Return the times, in seconds, at which programs are killed; they are the same in each run."""
    chance = random.Random(20261130)  # noqa: S311 - no secret
    return [chance.uniform(0.0, 0.12) for _ in range(MOMENTS)]


@pytest.mark.slow
def test_a_killed_generate_leaves_the_old_or_the_new_package(tmp_path: Path) -> None:
    """All files of the package come from the same run, and the next run deletes temporary files."""
    from ovcgen.generator.write import write

    for after in moments():
        killed(GENERATE, tmp_path, after)
        texts = [path.read_text() for path in (tmp_path / "sdk").rglob("*.py")]
        assert texts in ([], ["cleared\n"], ["old\n"] * 20, ["new\n"] * 20)
        write({"pkg/0.py": "cleared\n"}, tmp_path / "sdk")
        assert os.listdir(tmp_path) == ["sdk"]


@pytest.mark.slow
def test_a_killed_fetch_leaves_the_old_or_the_new_catalog(tmp_path: Path) -> None:
    """A catalog always fits the hash beside it, and the next run deletes temporary files."""
    from dataclasses import replace

    from ovcgen.releases.library import Library
    from ovcgen.workflows.resolve import load

    library = Library(tmp_path)
    spec = replace(load("2.4.5"), release="9.9", overlay={})
    for after in moments():
        killed(FETCH, tmp_path, after)
        if (tmp_path / "9.9").exists():
            json.loads((tmp_path / "9.9" / "swagger.json").read_text())
            library.load("9.9")  # raises for a catalog that does not fit its hash
        library.save(spec)
        assert [name for name in os.listdir(tmp_path) if name != "9.9" and not name.endswith("lock")] == []


@pytest.mark.slow
def test_a_killed_login_leaves_the_old_or_the_new_token(tmp_path: Path) -> None:
    """The token is complete, the lock is free, and the next login deletes temporary files."""
    from ovcgen.cli.token_cache import TokenFile
    from ovcgen.runtime.redaction import Secret

    warnings: list[str] = []
    store = TokenFile(tmp_path / "tokens", ("provider",), Secret("secret"), warn=warnings.append)
    found = []
    for after in moments():
        killed(RENEW, tmp_path, after)
        with store.lock() as is_locked:
            assert is_locked
            [folder] = (tmp_path / "tokens").iterdir()
            assert set(os.listdir(folder)) <= {"token.json"}
        stored = store.load()
        found.append(stored.token.reveal()[:3] if stored else "")
    assert set(found[5:]) <= {"old", "new"}
    assert warnings == []


@pytest.mark.slow
def test_a_killed_recording_leaves_the_old_or_the_new_cassette(tmp_path: Path) -> None:
    """A cassette is complete up to its last line, and the next recording deletes temporary files."""
    from ovcgen.cassettes import recorder

    cassette = tmp_path / "cassette.yaml"
    for after in moments():
        killed(RECORD, tmp_path, 4 * after)
        assert cassette.read_text().endswith("version: 1\n")
    (tmp_path / f".ovcgen-1-{cassette.name}").write_text("half")
    with recorder(record_mode="all").use_cassette(str(cassette)) as recording:
        recording.append(Request("GET", "http://portal.example/", None, {}), ANSWER)
    assert cassette.read_text().endswith("version: 1\n")
    assert os.listdir(tmp_path) == ["cassette.yaml"]
