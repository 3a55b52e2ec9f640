"""A port for a WSGI callable: a thread per connection, kept alive; only names of this machine are answered."""

from __future__ import annotations

import io
import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote_to_bytes, urlsplit

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
LARGEST = 64 * 1024 * 1024
PATIENCE = 2.0  # seconds for open connections to notice the end
log = logging.getLogger(__name__)


@contextmanager
def serving(simulator: Any, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The address at which this WSGI callable answers while the block runs."""
    server = _Server(host, port, simulator)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        server.hang_up()
        thread.join()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def __init__(self, host: str, port: int, application: Application) -> None:
        self.application = application
        self.hosts = LOOPBACK | {host}
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__((host, port), _Connection)

    def server_bind(self) -> None:
        """Without looking up a name for the address, which may take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._changed:
                self._open.discard(request)
                self._changed.notify_all()

    def hang_up(self) -> None:
        """End the connections that clients keep alive."""
        with self._changed:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    log.debug("a connection was closed already")
            self._changed.wait_for(lambda: not self._open, PATIENCE)

    def handle_error(self, _request: Any, client_address: Any) -> None:
        if isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            return  # the client went away
        log.exception("no answer for %s", client_address)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ovcgen"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one packet

    def answer(self) -> None:
        """One request, one answer; the connection stays open."""
        body = self._body()
        if body is None:
            return
        if _name(self.headers.get("Host") or "") not in self._server.hosts:
            self._refuse(421, b"This simulator answers to names of its own machine only.")
            return
        started: list[Any] = []
        chunks = self._server.application(self._environ(body), lambda *head: started.extend(head))
        content = b"".join(chunks)
        self._send(started[0], started[1], content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = answer

    @property
    def _server(self) -> _Server:
        return cast(_Server, self.server)

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
        """The whole body, or None after a refusal."""
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length") or "0"
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
            try:
                count = int(size, 16)
            except ValueError:
                self._refuse(400, b"Bad chunk.")
                return None
            if count < 0 or content.tell() + count > LARGEST:
                self._refuse(413, b"Too large.")
                return None
            content.write(self.rfile.read(count))
            if count:
                self.rfile.readline(8)
                continue
            while self.rfile.readline(65536).strip():
                pass
            return content.getvalue()

    def _environ(self, body: bytes) -> dict[str, Any]:
        target = urlsplit(self.path) if not self.path.startswith("/") else None
        path, _, query = self.path.partition("?")
        path = target.path if target else path
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
        log.debug(format, *args)


def _name(host: str) -> str:
    """A Host header without its port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()
