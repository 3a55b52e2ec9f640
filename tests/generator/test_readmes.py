"""The README of every SDK is true: its Python runs from top to bottom, and its shell command installs it."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import threading
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen.releases.library import Library, bundled
from tests.conftest import imported_sdk
from tests.generator.conftest import PETS, ROOT, TORTURE, Made, made

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
RELEASES = Library(bundled()).releases()
OWN_NAMES = ("client_id", "client_secret", "key", "password", "secret", "token", "username")  # a reader's logins
TOKEN = {"access_token": "issued", "token_type": "bearer", "expires_in": 3600}
LOGINS: dict[str, Any] = {
    "none": None,
    "basic": {"type": "basic"},
    "header": {"type": "apiKey", "name": "X-Key", "in": "header"},
    "query": {"type": "apiKey", "name": "a key", "in": "query"},
    "application": {"type": "oauth2", "flow": "application", "tokenUrl": "{url}/token", "scopes": {}},
    "person": {"type": "oauth2", "flow": "password", "tokenUrl": "{url}/token", "scopes": {}},
    "browser": {
        "type": "oauth2",
        "flow": "accessCode",
        "tokenUrl": "{url}/token",
        "authorizationUrl": "{url}/",
        "scopes": {},
    },
}


def run(readme: str, **session: Any) -> dict[str, Any]:
    """Execute the Python of a README, where all logins have a value, and return its variables."""
    variables = {**dict.fromkeys(OWN_NAMES, "invented"), **session}
    blocks = [text for language, text in BLOCK.findall(readme) if language == "python"]
    assert blocks
    for text in blocks:
        exec(text, variables)  # noqa: S102
    return variables


class _Service(BaseHTTPRequestHandler):
    """Gives a token to whoever asks for one, and answers `[]` to every other request."""

    def do_POST(self) -> None:
        """Answer; whatever was sent is read first."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.paths.append(self.path)  # type: ignore[attr-defined]
        content = json.dumps(TOKEN if self.path == "/token" else []).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_POST

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep silent."""


@contextmanager
def service() -> Iterator[tuple[str, list[str]]]:
    """A service in a thread: its address, and the paths that were asked for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Service) as server:
        server.paths = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", server.paths  # type: ignore[attr-defined]
        server.shutdown()


def plain_sdk_at(url: str, document: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Generate the SDK of a document whose service is at that address, and make it importable."""
    document = {**document, "host": url.removeprefix("http://"), "schemes": ["http"]}
    (folder / "document.json").write_text(json.dumps(document).replace("{url}", url))
    sdk = made(folder / "document.json", folder / "sdk")
    monkeypatch.syspath_prepend(str(sdk.folder))
    importlib.invalidate_caches()
    return sdk


@pytest.mark.parametrize("release", RELEASES)
def test_the_readme_of_a_portals_sdk_runs(release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect, call, log in, wait for a task: a simulated portal of that release takes every example."""
    imported_sdk(release)
    readme = (ROOT / "generated" / f"openvcloud-{release}" / "README.md").read_text()
    with ovcgen.simulate(release) as server:
        for name in ("client_id", "client_secret"):
            monkeypatch.setenv(name.upper(), getattr(server, name))
        monkeypatch.setenv("ITSYOUONLINE_URL", server.itsyouonline)

        session = run(readme.replace("https://portal.example", server.url))

        session["portal"].close()
        called = [seen.path for seen in server.simulator.seen]
    assert called[0] == "/restmachine/cloudapi/cloudspaces/list"
    if release != "2.1.6":  # which has no tasks
        assert "/restmachine/cloudapi/machines/create" in called
        assert isinstance(session["value"], int)


@pytest.mark.parametrize("login", LOGINS)
def test_the_readme_of_any_sdk_runs(login: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever login a document declares, its examples can be copied and called, also on an event loop."""
    definitions = {"own": LOGINS[login]} if LOGINS[login] else {}
    document = {**PETS, "info": {"title": f"Pets {login}", "version": "1"}, "securityDefinitions": definitions}
    with service() as (url, paths):
        sdk = plain_sdk_at(url, document, tmp_path, monkeypatch)

        session = run((sdk.folder / "README.md").read_text())

        session["client"].close()
    assert [path.partition("?")[0] for path in paths if path != "/token"] == ["/pets", "/pets"]


def test_the_opening_of_a_readme_needs_no_other_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first block can be copied as it is: it assigns each name that its login uses."""
    document = {**PETS, "info": {"title": "Pets alone", "version": "1"}}
    with service() as (url, paths):
        sdk = plain_sdk_at(url, document, tmp_path, monkeypatch)
        first = BLOCK.findall((sdk.folder / "README.md").read_text())[1][1]

        session: dict[str, Any] = {}
        exec(first, session)  # noqa: S102

        session["client"].close()
    assert 'key = "..."  # yours\n' in first
    assert paths == ["/pets"]


def test_the_readme_of_a_rich_document_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document with all that Swagger 2.0 can say has a README whose examples run."""
    with service() as (url, _):
        sdk = plain_sdk_at(url, json.loads(TORTURE.read_text()), tmp_path, monkeypatch)

        session = run((sdk.folder / "README.md").read_text())

        session["client"].close()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["portal", "plain"])
def test_the_readme_says_how_to_install(kind: str, portal_sdk: Made, plain_sdk: Made, tmp_path: Path) -> None:
    """Its shell command, given in the folder of the SDK, installs the package into an environment."""
    sdk = portal_sdk if kind == "portal" else plain_sdk
    venv.create(tmp_path / "venv", with_pip=True)
    programs = {**os.environ, "PATH": f"{tmp_path / 'venv' / 'bin'}:{os.environ['PATH']}"}
    blocks = [text for language, text in BLOCK.findall((sdk.folder / "README.md").read_text()) if language == "sh"]

    for command in blocks:
        subprocess.run(["bash", "-euc", command], cwd=sdk.folder, env=programs, check=True, capture_output=True)
    program = f"import {sdk.package}; print({sdk.package}.__file__)"
    done = subprocess.run(
        ["python", "-c", program], cwd=tmp_path, env=programs, check=True, capture_output=True, text=True
    )

    assert len(blocks) == 1
    assert Path(done.stdout.strip()).is_relative_to(tmp_path / "venv")
