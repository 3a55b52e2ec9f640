"""A server on a raw socket that breaks HTTP on purpose and counts the requests that reach it."""

from __future__ import annotations

import http.client
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler

from tests.runtime.conftest import TLS, Seen, Server, answer, body_of, serving

GIVE_UP = 3.5  # seconds after which a fault ends by itself, so that a client without a deadline ends too
ABORT = struct.pack("ii", 1, 0)  # linger for 0 seconds: closing sends RST


class HangUp(Exception):
    """Raised by a fault to end the connection."""


@dataclass
class Peer:
    """One connection of a client, and the request that was last read from it."""

    gate: Gate
    socket: socket.socket
    request: Seen | None = None

    def send(self, *pieces: bytes, pause: float = 0.0) -> None:
        """Send the pieces, with a pause after each; stop when the client has gone or the gate closes."""
        for piece in pieces:
            self.socket.sendall(piece)
            if pause and self.gate.closing.wait(pause):
                raise HangUp

    def wait(self, seconds: float = GIVE_UP) -> None:
        """Send nothing until the client closes the connection, the gate closes or the time has passed."""
        steps = int(seconds / 0.02)
        for _ in range(steps):
            if self.gate.closing.wait(0.02) or self._has_gone():
                return

    def reset(self) -> None:
        """Break the connection: the client gets RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        self.socket.close()
        raise HangUp

    def _has_gone(self) -> bool:
        if isinstance(self.socket, ssl.SSLSocket):  # it can't peek
            return False
        with suppress(BlockingIOError):
            return not self.socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        return False


Fault = Callable[[Peer], None]


@dataclass
class Gate:
    """A server that handles each request with the next fault of a script, and repeats the last fault.

    Attributes:
        script: What happens after a request was read.
        accepting: What happens to a connection before anything is read: one fault a connection, then nothing.
        context: The TLS settings; None serves plain HTTP.
        seen: The requests that were read completely.
        partial: How many requests broke off before they were complete.
        connections: How many connections were accepted.
    """

    script: list[Fault]
    accepting: list[Fault] = field(default_factory=list)
    context: ssl.SSLContext | None = None
    seen: list[Seen] = field(default_factory=list)
    partial: int = 0
    connections: int = 0
    port: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """The address of the gate."""
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}"

    @property
    def reached(self) -> int:
        """How many requests came in, completely or in part."""
        return len(self.seen) + self.partial

    def targets(self) -> list[str]:
        """Return the paths of the requests."""
        return [request.target for request in self.seen]

    def next_fault(self) -> Fault:
        """Take the next fault of the script."""
        with self.lock:
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class Connection(StreamRequestHandler):
    """The request handler of a gate: it handles each request of one connection with the next fault."""

    gate: Gate

    def setup(self) -> None:
        with self.gate.lock:
            self.gate.connections += 1
            accepting = self.gate.accepting.pop(0) if self.gate.accepting else None
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        if accepting:
            accepting(Peer(self.gate, self.request))
        if self.gate.context:
            self.request.settimeout(GIVE_UP)
            self.request = self.gate.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        peer = Peer(self.gate, self.request)
        with suppress(HangUp):
            if self.rfile.peek(1)[:1] == TLS and not self.gate.context:
                self.wfile.write(answer("no HTTP", 400))
                return
            while line := self.rfile.readline():
                request = self._read(line)
                if request is None:
                    return
                peer.request = request
                self.gate.next_fault()(peer)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
            if isinstance(self.request, ssl.SSLSocket):
                self.request.close()

    def _read(self, line: bytes) -> Seen | None:
        """Read one request and return it; count a request that breaks off, and return None for it."""
        try:
            method, target, _ = line.decode("latin-1").split()
            headers = http.client.parse_headers(self.rfile)
            body = body_of(self.rfile, headers)
            whole = len(body) >= int(headers.get("Content-Length") or 0)
        except (OSError, ValueError, http.client.HTTPException):
            whole = False
        with self.gate.lock:
            self.gate.partial += not whole
            if not whole:
                return None
            self.gate.seen.append(Seen(method, target, tuple(headers.items()), body, self.client_address[1]))
            return self.gate.seen[-1]


@contextmanager
def opened(gate: Gate) -> Iterator[Gate]:
    """Serve a gate while the block runs."""
    with Server(("127.0.0.1", 0), type("OfGate", (Connection,), {"gate": gate})) as server:
        gate.port = server.server_address[1]
        with serving(server, gate.closing):
            yield gate
