"""Serve a WSGI application on a port, with one thread per connection and keep-alive.

Only requests for host names of this machine are answered (protection against DNS rebinding). The number of
connections and the time for a request to arrive are limited. When there are too many connections, the one that has
been idle longest is closed; if none is idle, the new one gets 503.

The application finds a function in its environment under `wsgi_output.RAW_RESPONSE`. If it passes a `RawResponse` to
that function, the bytes of the `RawResponse` are sent instead of a response.
"""

from __future__ import annotations

import io
import logging
import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote_to_bytes

from ovcgen.runtime.redaction import without_secrets
from ovcgen.simulator.wsgi_output import RAW_RESPONSE, RawResponse

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
LARGEST = 64 * 1024 * 1024
PATIENCE = 2.0  # seconds for open connections to end
ONCE = ("Host", "Content-Length", "Transfer-Encoding", "Content-Type", "Authorization")  # a repeated one is refused
METHOD = re.compile(r"do_[A-Za-z][A-Za-z-]*")
HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]+")
LINE_ENDS = (b"\r\n", b"\n")
DEFECTS_OF_HEADS = (FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect)
log = logging.getLogger(__name__)

BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
ABORT = struct.pack("ii", 1, 0)  # linger for 0 seconds: closing sends RST


@dataclass(frozen=True, slots=True)
class Limits:
    """A record of the time limits of a server, and the number of its connections.

    Attributes:
        reading: Seconds from the first byte of a request to its last, and for the client to accept a part of the
            response.
        idle: Seconds that a connection stays open without a request.
        connections: Maximum number of open connections. Each has a thread.
    """

    reading: float = 30.0
    idle: float = 300.0
    connections: int = 256


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Listening:
    """A record of the address and ports at which a simulated portal and its identity provider, or a mock, listen.

    Attributes:
        host: The IP address or host name.
        port, identity_port: TCP ports; 0 means any free port. A mock has no identity provider and uses only `port`.
        names: More host names that clients may use, besides the names of this machine.
    """

    host: str = "127.0.0.1"
    port: int = 0
    identity_port: int = 0
    names: tuple[str, ...] = ()


LISTENING = Listening()


@contextmanager
def serving(
    simulator: Application,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    names: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[str]:
    """Serve a WSGI application in threads while the block runs, and yield its base URL without a final slash.

    Requests with another host name get 421, and bodies of more than 64 MiB get 413; the application does not see them.
    At the end of the block, open connections are closed, and their threads get 2 seconds to end.

    Args:
        simulator: The application.
        host: The address to listen at.
        port: The port; 0 takes a free one.
        names: Host names to accept, in upper or lower case, besides `host`, loopback names and the address of the
            connection.
        limits: The time limits and the number of connections.

    Raises:
        OSError: the port can't be opened.
    """
    server = _Server((host, port), simulator, names, limits)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{_host_in_url(host)}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        server.hang_up()
        thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], application: Application, names: Collection[str], limits: Limits
    ) -> None:
        host = address[0]
        self.application = application
        self.limits = limits
        self.hosts = LOOPBACK | {_host_in_url(host), *(name.lower() for name in names)}
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.ending = threading.Event()
        self.aborted: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        self._idle: dict[socket.socket, None] = {}  # connections that wait for a request, longest first
        self._changed = threading.Condition()
        super().__init__(address, _Connection)

    def server_bind(self) -> None:
        """Bind the socket without the reverse name lookup of the standard library, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread for a new connection, or send 503 if there are too many."""
        with self._changed:
            is_welcome = len(self._open) < self.limits.connections or self._make_room()
            if is_welcome:
                self._open.add(request)
        if is_welcome:
            super().process_request(request, client_address)
        else:
            request.setblocking(False)
            request.send(BUSY)
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._changed:
                self._open.discard(request)
                self._idle.pop(request, None)
                self._changed.notify_all()

    def waits(self, connection: socket.socket, *, for_request: bool) -> None:
        """Record that a connection waits for its next request, or that this request begins to arrive."""
        with self._changed:
            self._idle.pop(connection, None)
            if for_request:
                self._idle[connection] = None

    def _make_room(self) -> bool:
        """Close the connection that has been idle longest. Return False if none is idle."""
        connection = next(iter(self._idle), None)
        if connection is None:
            return False
        del self._idle[connection]
        _hang_up(connection)
        return True

    def shutdown_request(self, request: Any) -> None:
        """Shut the connection down in order, except an aborted one: that is only closed, so that RST is sent."""
        if request in self.aborted:
            self.aborted.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def hang_up(self) -> None:
        """Close all open connections and wait up to `PATIENCE` seconds for their threads."""
        self.ending.set()
        with self._changed:
            for connection in self._open:
                _hang_up(connection)
            self._changed.wait_for(lambda: not self._open, PATIENCE)

    def handle_error(self, _request: Any, client_address: Any) -> None:
        if isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            return  # the client went away
        log.exception("no answer for %s", client_address)


class _Reader(io.RawIOBase):
    """The bytes that a client sends. Reading raises TimeoutError after the time limit."""

    def __init__(self, connection: socket.socket, server: _Server) -> None:
        self._connection, self._server = connection, server
        self._is_idle = True
        self._deadline = 0.0

    def expect_request(self) -> None:
        """Start to wait for the next request."""
        self._is_idle = True
        self._deadline = time.monotonic() + self._server.limits.idle
        self._server.waits(self._connection, for_request=True)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request did not arrive in time")
        self._connection.settimeout(left)
        count = self._connection.recv_into(buffer)
        if self._is_idle:
            self._is_idle = False
            self._deadline = time.monotonic() + self._server.limits.reading
            self._server.waits(self._connection, for_request=False)
        return count


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ovcgen"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._reader = _Reader(self.connection, self._server)
        self.rfile = io.BufferedReader(self._reader)

    def handle_one_request(self) -> None:
        self._reader.expect_request()
        super().handle_one_request()

    def answer(self) -> None:
        """Read one request and send one response. The connection stays open unless the request was refused."""
        if self._is_malformed():
            self._refuse(400, b"A line of the head is no header, or is folded.")
            return
        if self._is_ambiguous():
            self._refuse(400, b"A header that may stand once stands twice, or contradicts another one.")
            return
        body = self._body()
        if body is None:
            return
        self.connection.settimeout(self._server.limits.reading)
        if not all(map(self._is_meant, self._hosts())):
            self._refuse(421, b"This simulator answers to names of its own machine only.")
            return
        started: list[Any] = []
        cuts: list[RawResponse] = []
        environ = {**self._environ(body), RAW_RESPONSE: cuts.append}
        content = b"".join(self._server.application(environ, lambda *head: started.extend(head)))
        if cuts:
            self._end(cuts[0])
        else:
            self._send(started[0], started[1], content)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Return `answer` as the method of the base class for any HTTP method: a document may describe its own."""
        if not METHOD.fullmatch(name):
            raise AttributeError(name)
        return self.answer

    @property
    def _server(self) -> _Server:
        return cast(_Server, self.server)

    def _is_malformed(self) -> bool:
        """Return whether the head has a line that is no header (the parser ends there), or a value of several lines.

        Other defects are about a body, for which the parser looks after the head of a multipart request.
        """
        is_broken = any(isinstance(defect, DEFECTS_OF_HEADS) for defect in self.headers.defects)
        return is_broken or any("\n" in value for value in self.headers.values())

    def _is_ambiguous(self) -> bool:
        """Return whether two servers could interpret the headers differently (request smuggling)."""
        if self.headers.get("Content-Length") and self.headers.get("Transfer-Encoding"):
            return True
        return any(len(self.headers.get_all(name) or ()) > 1 for name in ONCE)

    def _hosts(self) -> list[str]:
        """Return the host names in the request: in the Host header, and in the target if that is an absolute URL."""
        named = [self.headers.get("Host") or ""]
        if not self.path.startswith("/"):
            named.append(self.path.partition("://")[2].partition("/")[0])
        return [_name(host) for host in named]

    def _is_meant(self, name: str) -> bool:
        """Return whether a host name is a known one or the local address of this connection."""
        return name in self._server.hosts or name == _host_in_url(self.connection.getsockname()[0])

    def _end(self, cut: RawResponse) -> None:
        self.close_connection = True
        step = cut.step or len(cut.content) or 1
        for start in range(0, len(cut.content), step):
            self.wfile.write(cut.content[start : start + step])
            self.wfile.flush()
            if self._server.ending.wait(cut.pause):
                break
        if cut.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            self._server.aborted.add(self.connection)

    def _send(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _refuse(self, status: int, text: bytes) -> None:
        self.close_connection = True
        length = ("Content-Length", str(len(text)))
        self._send(f"{status} Refused", [("Content-Type", "text/plain"), length, ("Connection", "close")], text)

    def _body(self) -> bytes | None:
        """Return the whole body, or None after the request was refused."""
        if coding := (self.headers.get("Transfer-Encoding") or "").strip().lower():
            if coding == "chunked":
                return self._chunks()
            self._refuse(501, b"The only transfer coding here is chunked.")
            return None
        length = (self.headers.get("Content-Length") or "0").strip()
        if not length.isdecimal() or len(length) > 10 or int(length) > LARGEST:
            self._refuse(413 if length.isdecimal() else 400, b"Bad Content-Length.")
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionResetError("the client went away before it had sent its body")
        return body

    def _chunks(self) -> bytes | None:
        content = io.BytesIO()
        while True:
            size = self.rfile.readline(1024).split(b";")[0].strip()
            if not HEXADECIMAL.fullmatch(size):
                self._refuse(400, b"Bad chunk.")
                return None
            count = int(size, 16)
            if content.tell() + count > LARGEST:
                self._refuse(413, b"Too large.")
                return None
            content.write(self.rfile.read(count))
            if count and self.rfile.readline(8) not in LINE_ENDS:
                self._refuse(400, b"Bad chunk.")
                return None
            if count:
                continue
            while self.rfile.readline(65536).strip():
                pass
            return content.getvalue()

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        if not path.startswith("/"):
            path = "/" + path.partition("://")[2].partition("/")[2]
        headers: dict[str, Any] = {}
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            headers[key] = f"{headers[key]},{value}" if key in headers else value
        plain: dict[str, Any] = {key: headers.pop(key) for key in ("CONTENT_TYPE", "CONTENT_LENGTH") if key in headers}
        return {
            **{f"HTTP_{key}": value for key, value in headers.items()},
            **plain,
            "CONTENT_LENGTH": str(len(body)) if body or "CONTENT_LENGTH" in plain else "",
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "SERVER_NAME": self._server.server_address[0],
            "SERVER_PORT": str(self._server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def log_message(self, format: str, *args: Any) -> None:
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s", without_secrets(format % args))  # a query may hold a secret


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        log.debug("a connection was closed already")


def _name(host: str) -> str:
    """Return a Host header without its port, in lower case."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()


def _host_in_url(host: str) -> str:
    """Return an address as it is written in a URL. The wildcard addresses become loopback addresses."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host.lower())  # noqa: S104 - replaced, not bound to
    return f"[{name}]" if ":" in name else name
