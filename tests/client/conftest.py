"""A portal of few words on a real socket: it answers what it was told, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ovcgen.client.applied_corrections import Corrections
from ovcgen.client.portal import RuntimePortal
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from ovcgen.workflows.resolve import resolve

Open = Callable[..., RuntimePortal]


@dataclass
class Listener:
    """What a portal is told to answer, and the requests it has seen."""

    url: str = ""
    status: int = 200
    body: Any = field(default_factory=list)
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str, str, dict[str, str]]] = field(default_factory=list)  # verb, path, body, headers

    @property
    def bodies(self) -> list[str]:
        """The forms it got."""
        return [body for _, _, body, _ in self.seen]

    @property
    def paths(self) -> list[str]:
        """The paths it was asked for, with their queries."""
        return [path for _, path, _, _ in self.seen]


@pytest.fixture
def portal() -> Iterator[Listener]:
    """A portal that answers `[]` until it is told something else."""
    yield from listening()


@pytest.fixture
def elsewhere() -> Iterator[Listener]:
    """A second server, which nobody has any business with."""
    yield from listening()


def listening() -> Iterator[Listener]:
    """Serve on a free port, one thread a connection."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            listener.seen.append((self.command, self.path, body, dict(self.headers)))
            answer = listener.body if isinstance(listener.body, bytes) else json.dumps(listener.body).encode()
            self.send_response(listener.status)
            self.send_header("Content-Type", listener.kind)
            self.send_header("Content-Length", str(len(answer)))
            for name, value in listener.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_PUT = do_DELETE = do_PATCH = do_POST

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    listener.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listener
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(portal: Listener) -> Iterator[Open]:
    """Opens a runtime client on the portal: of release 2.4.5, or of any document."""
    clients: list[RuntimePortal] = []

    def open_(document: dict[str, Any] | None = None, **options: Any) -> RuntimePortal:
        corrections = Corrections("2.4.5", exact=True, skipped=())
        if document is None:
            resolved = resolve("2.4.5")
            client = RuntimePortal(portal.url, resolved.api, resolved.document, corrections=corrections, **options)
        else:
            normal = normalise(document)
            client = RuntimePortal(portal.url, read(normal, "1.0"), normal, corrections=corrections, **options)
        clients.append(client)
        return client

    yield open_
    for client in clients:
        client.close()


@pytest.fixture
def cloud(opened: Open) -> RuntimePortal:
    """A runtime client of release 2.4.5."""
    return opened()


def plain(*parameters: dict[str, Any], path: str = "/things", verb: str = "post", **more: Any) -> dict[str, Any]:
    """A plain document with one operation, `things.call`."""
    operation = {"operationId": "call", "parameters": list(parameters), "responses": {"200": {"description": "ok"}}}
    return {
        "swagger": "2.0",
        "info": {"title": "things", "version": "1.0"},
        "basePath": "/v1",
        "paths": {path: {verb: {**operation, "tags": ["things"], **more.pop("operation", {})}}},
        **more,
    }


def field_of(name: str, kind: str = "string", place: str = "formData", **more: Any) -> dict[str, Any]:
    """One parameter of a plain document."""
    return {"name": name, "in": place, "type": kind, **more}
