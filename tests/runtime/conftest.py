"""A portal of few words on a real socket, and the runtime twice: as ovcgen has it, and as an SDK carries it."""

from __future__ import annotations

import http.client
import importlib
import json
import socket
import socketserver
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ovcgen.runtime.aio.client import AsyncClient
from ovcgen.runtime.client import Client
from ovcgen.runtime.known_secrets import KEPT, shared
from tests.asynchronous import blocking

SDK = Path(__file__).parents[2] / "generated" / "openvcloud-2.4.5"
PACKAGES = ("ovcgen.runtime", "openvcloud_2_4_5._runtime")
MODULES = (
    "response_decoding",
    "arguments",
    "auth",
    "client",
    "tracked_connections",
    "adapter",
    "deprecation",
    "blocking_driver",
    "download",
    "value_encoding",
    "errors",
    "call_flow",
    "policy",
    "request_building",
    "login_requests",
    "oauth",
    "operation",
    "portal",
    "portal_auth",
    "portal_encoding",
    "portal_errors",
    "portal_login",
    "tokens",
    "redaction",
    "portal_validators",
    "basic_and_api_key",
    "tasks",
    "session",
    "upload",
    "waiters",
)
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.fixture(autouse=True)
def own_secrets() -> Iterator[None]:
    """Begin each test with no remembered secret: those of other tests would be hidden in its responses, too."""
    remembered = shared().values
    shared().values = deque(maxlen=KEPT)
    yield
    shared().values = remembered


@pytest.fixture(params=PACKAGES)
def runtime(request: pytest.FixtureRequest) -> Any:
    """The modules of the runtime, by name; every test runs against both copies."""
    if str(SDK) not in sys.path:
        sys.path.append(str(SDK))
    return SimpleNamespace(**{name: importlib.import_module(f"{request.param}.{name}") for name in MODULES})


@dataclass(frozen=True)
class Seen:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int = 0

    def header(self, name: str) -> str:
        """The header's value, "" if it was not sent."""
        return {key.lower(): value for key, value in self.headers}.get(name.lower(), "")


TLS = b"\x16"  # how a handshake begins
RESET, SILENCE = b"reset", b"silence"  # instead of an answer: break the connection, or say nothing


def answer(value: Any = None, status: int = 200, kind: str = JSON, **headers: str) -> bytes:
    """An HTTP answer; bytes are sent as they are, everything else as JSON."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    lines = [f"HTTP/1.1 {status} Words", f"Content-Length: {len(body)}"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Listener:
    """What a portal answers, one after the other and the last one again and again, and what it was asked."""

    url: str = ""
    script: list[bytes] = field(default_factory=lambda: [answer()])
    seen: list[Seen] = field(default_factory=list)
    react: Callable[[Seen], bytes] | None = None
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def says(self, *script: bytes) -> None:
        """Answer this from now on."""
        self.script = list(script)

    def next_answer(self, seen: Seen) -> bytes:
        """Remember the request, and say what to answer."""
        with self.lock:
            self.seen.append(seen)
        if self.react:
            return self.react(seen)
        with self.lock:
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]


def handler_of(listener: Listener) -> type[socketserver.StreamRequestHandler]:
    """Serves one connection for as long as the client keeps it."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if self.rfile.peek(1)[:1] == TLS:
                self.wfile.write(answer("no HTTP", 400))
                return
            while line := self.rfile.readline():
                method, target, _ = line.decode("latin-1").split()
                headers = http.client.parse_headers(self.rfile)
                body = body_of(self.rfile, headers)
                said = listener.next_answer(Seen(method, target, tuple(headers.items()), body, self.client_address[1]))
                if said == SILENCE:
                    listener.closing.wait(5)
                    return
                if said == RESET:
                    self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.request.close()
                    return
                self.wfile.write(said)

    return Handler


def body_of(stream: Any, headers: Any) -> bytes:
    """The body of a request: of a known length, or in chunks."""
    if headers.get("Transfer-Encoding") != "chunked":
        return stream.read(int(headers.get("Content-Length") or 0))
    pieces = []
    while size := int(stream.readline(), 16):
        pieces.append(stream.read(size))
        stream.readline()
    stream.readline()
    return b"".join(pieces)


class Server(socketserver.ThreadingTCPServer):
    """A thread for each connection."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is nothing to talk about."""


@contextmanager
def serving(server: Server, closing: threading.Event) -> Iterator[None]:
    """Serve in a thread while the block runs; `closing` is set at its end, for handlers that wait."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        closing.set()
        server.shutdown()
        thread.join()


def listening() -> Iterator[Listener]:
    """A portal on a port of its own."""
    listener = Listener()
    with Server(("127.0.0.1", 0), handler_of(listener)) as server:
        listener.url = f"http://127.0.0.1:{server.server_address[1]}"
        with serving(server, listener.closing):
            yield listener


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def in_threads(number: int, call: Callable[[], Any]) -> list[Any]:
    """Make as many calls at the same moment, and return what each thread got: a value, or the error."""
    results: list[Any] = []
    barrier = threading.Barrier(number)

    def run() -> None:
        barrier.wait()
        try:
            results.append(call())
        except Exception as error:  # noqa: BLE001  # it is what a thread got
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def portal() -> Iterator[Listener]:
    """The portal that is called."""
    yield from listening()


@pytest.fixture
def elsewhere() -> Iterator[Listener]:
    """Another one: an identity provider, or a stranger."""
    yield from listening()


@pytest.fixture
def connect(runtime: Any, portal: Listener) -> Iterator[Callable[..., Any]]:
    """Opens a client of the portal, with any options; it is closed at the end."""
    opened: list[Any] = []

    def connect(url: str = "", **options: Any) -> Any:
        opened.append(runtime.portal.Portal(url or portal.url, **{"timeout": 5.0, **options}))
        return opened[-1]

    yield connect
    for client in opened:
        client.close()


@pytest.fixture
def operation(runtime: Any) -> Callable[..., Any]:
    """Makes an operation of parameters given as `name=kind`, or as finished parameters."""

    def operation(*finished: Any, called: str = "machines.act", method: str = "POST", **options: Any) -> Any:
        own = {key: options.pop(key) for key in ("answer", "retry") if key in options}
        own |= {"switches": ("_async",)} if options.pop("tasks", False) else {}
        parameters = [
            runtime.operation.ParameterSpec(key, kind, place="query" if method == "GET" else "form")
            for key, kind in options.items()
        ]
        path = "/cloudapi/" + called.replace(".", "/")
        return runtime.operation.OperationSpec(f"cloudapi.{called}", method, path, (*finished, *parameters), **own)

    return operation


@pytest.fixture(params=["blocking", "asyncio"])
def plain_client(request: pytest.FixtureRequest, portal: Listener) -> Iterator[Any]:
    """A client of the portal that is no portal's client, from the runtime as ovcgen has it: blocking and asynchronous.

    The asynchronous one is called like the blocking one.
    """
    with plain_client_of(portal.url, request.param) as client:
        yield client


@contextmanager
def plain_client_of(url: str, kind: str, **options: Any) -> Iterator[Any]:
    """Open a client at an address: a blocking one, or one on that event loop that is called like a blocking one."""
    options = {"timeout": 5.0, **options}
    if kind == "blocking":
        with Client(url, **options) as client:
            yield client
    else:
        with blocking(AsyncClient(url, **options), kind) as client:
            yield client
