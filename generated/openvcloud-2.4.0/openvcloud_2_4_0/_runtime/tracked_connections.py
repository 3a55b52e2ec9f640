"""Connections that note when a request begins to go out, and that keep a deadline.

urllib3 makes the connections; our subclasses add what it can't say. Whether a request was sent is noted at its first
byte, which is not a byte of TLS, CONNECT or SOCKS. Every wait for the peer ends at the deadline, so that a peer can't
stretch a call with single bytes or endless interim responses.
"""

from __future__ import annotations

import http.client
import io
import os
import queue
import re
import socket
import threading
import time
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool  # type: ignore[import-untyped,unused-ignore]
from urllib3.connection import HTTPConnection, HTTPSConnection  # type: ignore[import-untyped,unused-ignore]
from urllib3.exceptions import (  # type: ignore[import-untyped,attr-defined,unused-ignore]  # stubs of urllib3 1.26
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.util import SKIP_HEADER  # type: ignore[import-untyped,unused-ignore]
from urllib3.util.connection import create_connection  # type: ignore[import-untyped,unused-ignore]

from .policy import CONNECT

PIECE = 16 * 1024  # bytes; a timeout of a TLS socket counts for one record
# A head that needs no lenient reading: status 200, one line for each field, printable ASCII.
USUAL_HEAD = re.compile(rb"HTTP/1\.1 200 ([ -~]*)\r\n((?:[A-Za-z-]{1,64}: [!-~][ -~]*\r\n){1,64})\r\n")
FIELD = re.compile(r"([^:]*): (.*)\r\n")
LENGTH = re.compile("[0-9]{1,15}")
# A request header that needs no care: a token as the name, and a value of one line in ISO 8859-1.
USUAL_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: [ -~\xa0-\xff]*")
FRAMING = ("content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection")
CONTINUE, FINAL = 100, 200  # statuses; those between them are interim, but for 101, which we never ask for


class Attempt:
    """One attempt to send a request and read its response.

    Attributes:
        deadline: When the attempt ends, as `time.monotonic()`.
        patience: The longest wait for a byte, in seconds.
        idle: The longest time that a reused connection may have been idle, in seconds.
        sent: Whether the request may have reached the service. True until a connection of ours knows better.
        status: The status of the response; 0 before it has come.
    """

    __slots__ = ("deadline", "idle", "patience", "sent", "status")

    def __init__(self, deadline: float, patience: float, idle: float) -> None:
        self.deadline = deadline
        self.patience = patience
        self.idle = idle
        self.sent = True
        self.status = 0

    @classmethod
    def of(cls, step: Any) -> Attempt:
        """Return a new attempt with the deadline and the limits of `step`, a `Send` of a flow."""
        return cls(step.deadline, step.patience, step.idle)

    def seconds(self) -> float:
        """Return how many seconds to wait for the next byte, from now on: up to the deadline, and at most `patience`.

        Raises:
            TimeoutError: the deadline has passed.
        """
        left = self.deadline - time.monotonic()
        if left <= 0.0:
            raise TimeoutError("the deadline has passed")
        return left if left < self.patience else self.patience


class _Current(threading.local):
    """The attempt of each thread; urllib3 has no argument to hand it over."""

    attempt: Attempt | None = None


_CURRENT = _Current()


def current_attempt() -> Attempt | None:
    """Return the attempt that this thread is making; None if it is not inside of `Adapter.exchange`."""
    return _CURRENT.attempt


def set_current_attempt(attempt: Attempt | None) -> Attempt | None:
    """Make `attempt` the current attempt of this thread, and return the previous one, to be restored later."""
    before = _CURRENT.attempt
    _CURRENT.attempt = attempt
    return before


class Process:
    """Counts the forks that led to this process. Connections that were opened before a fork belong to the parent.

    Attributes:
        generation: The number of forks since the first process imported this module.
    """

    def __init__(self) -> None:
        self.generation = 0
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def _forked(self) -> None:
        self.generation += 1


PROCESS = Process()


class _BoundedReader(io.RawIOBase):
    """The incoming bytes of a socket; each wait ends at the attempt's deadline."""

    def __init__(self, sock: Any, attempt: Attempt) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._attempt = attempt

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._attempt.seconds())
        count: int = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Incoming:
    """What `http.client` reads a response from, instead of the socket."""

    def __init__(self, sock: Any, attempt: Attempt) -> None:
        self._sock = sock
        self._attempt = attempt

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._sock, self._attempt))


class _Response(http.client.HTTPResponse):
    """A response after its interim responses: `http.client` skips 100 only, and takes 102 and 103 for the answer."""

    def begin(self: Any) -> None:
        """Read the head. One of the usual form that has come whole is read in a quarter of the time."""
        usual = USUAL_HEAD.match(self.fp.peek()) if self.headers is None and self._method != "HEAD" else None
        fields = FIELD.findall(usual[2].decode("ascii")) if usual else ()
        framing = [(name.lower(), value) for name, value in fields if name.lower() in FRAMING]
        if usual is None or [name for name, _ in framing] != ["content-length"] or not LENGTH.fullmatch(framing[0][1]):
            super().begin()  # type: ignore[misc,unused-ignore]
            return
        self.fp.read(usual.end())
        self.code = self.status = 200
        self.version, self.reason = 11, usual[1].decode("ascii").strip()
        self.headers = self.msg = http.client.HTTPMessage()
        for name, value in fields:
            self.msg.set_raw(name, value)
        self.msg.set_payload("")
        self.length, self.chunked, self.will_close = int(framing[0][1]), False, False

    def _read_status(self) -> tuple[str, int, str]:
        read = super()._read_status()  # type: ignore[misc,unused-ignore]
        version, status, reason = cast("tuple[Any, int, str]", read)
        return version, CONTINUE if CONTINUE < status < FINAL and status != 101 else status, reason


class _Noting:
    """Mixin for urllib3's connections: records when a request's first byte is sent, and enforces the deadline."""

    attempt: Attempt  # set by the pool before each request
    used_at = 0.0  # when the last request began, as `time.monotonic()`
    _tunnelling = False
    _held: bytes | None = None  # what has been written of a request and not been sent yet

    def response_class(self, sock: Any, **options: Any) -> _Response:
        incoming: Any = _Incoming(sock, self.attempt)
        return _Response(incoming, **options)

    def request(self: Any, *given: Any, **named: Any) -> None:
        """Send a request. Its head and a small body go out together, which saves a system call and a packet."""
        self._held = b""
        super().request(*given, **named)  # type: ignore[misc,unused-ignore]
        held, self._held = self._held, None
        if held:
            self._send_now(held)

    def putheader(self: Any, header: Any, *values: Any) -> None:
        """Add a header to the request. A usual one is checked and written in a third of the time."""
        if len(values) == 1 and isinstance(header, str) and isinstance(values[0], str) and values[0] != SKIP_HEADER:
            line = f"{header}: {values[0]}"
            if USUAL_HEADER.fullmatch(line):
                self._output(line.encode("latin-1"))
                return
        super().putheader(header, *values)  # type: ignore[misc,unused-ignore]

    def send(self: Any, data: Any) -> None:
        if self._tunnelling or self._held is None:
            self._send_now(data)
        elif len(self._held) + len(data) <= PIECE:
            self._held += data
        else:
            held, self._held = self._held, b""
            for part in (held, data) if held else (data,):
                self._send_now(part)

    def _send_now(self: Any, data: Any) -> None:
        if getattr(self, "sock", None) is None:
            self.connect()
        if not self._tunnelling:
            self.attempt.sent = True
        for piece in (data,) if len(data) <= PIECE else _pieces(data):
            self.sock.settimeout(self.attempt.seconds())
            super().send(piece)  # type: ignore[misc,unused-ignore]

    def _tunnel(self: Any) -> None:
        self._tunnelling = True
        try:
            super()._tunnel()  # type: ignore[misc,unused-ignore]
        finally:
            self._tunnelling = False
        self.sock.settimeout(_to_connect(self.attempt))

    def _new_conn(self: Any) -> Any:
        self.timeout = _to_connect(self.attempt)
        sock = self._connected()
        sock.settimeout(_to_connect(self.attempt))
        return sock

    def _connected(self: Any) -> Any:
        """Connect to the first address that accepts, all within the connect timeout."""
        ends = time.monotonic() + self.timeout
        failed: OSError = TimeoutError()
        host, port = self._peer()
        for address in _addresses(self, host, port, ends):
            if time.monotonic() >= ends:
                break
            try:
                return self._open(address, ends)
            except OSError as error:
                failed = error
        if isinstance(failed, TimeoutError):
            raise ConnectTimeoutError(self, f"Connection to {self.host} timed out.") from failed
        raise NewConnectionError(self, f"Failed to establish a new connection: {failed}") from failed

    def _peer(self: Any) -> tuple[str, int]:
        """Return host and port to connect to."""
        return self._dns_host, self.port

    def _open(self: Any, address: tuple[str, int], ends: float) -> Any:
        """Connect to one address until `ends`."""
        left = max(0.001, ends - time.monotonic())
        return create_connection(address, left, self.source_address, self.socket_options)  # type: ignore[no-untyped-call,unused-ignore]


class _NotingSocks(_Noting):
    """Mixin for connections through a SOCKS proxy, whose handshake ends at the deadline, too."""

    def _peer(self: Any) -> tuple[str, int]:
        """Return host and port of the proxy."""
        options = self._socks_options
        return options["proxy_host"], int(options["proxy_port"])

    def _open(self: Any, address: tuple[str, int], ends: float) -> Any:
        """Connect to the host through the proxy at this address; the proxy looks up the host, except for socks5://."""
        from urllib3.contrib.socks import socks  # type: ignore[attr-defined,import-untyped,unused-ignore]  # PySocks

        options, destination = self._socks_options, (self._dns_host.strip("[]"), self.port)
        if not options["rdns"]:
            found = _addresses(self, *destination, ends)
            destination = next(
                (address for address in found if ":" not in address[0]), found[0]
            )  # SOCKS 4 has IPv4 only
        sock = _bounded_socks()(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_STREAM)
        try:
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            if self.source_address:
                sock.bind(self.source_address)
            login = options["username"], options["password"]
            sock.set_proxy(options["socks_version"], *address, options["rdns"], *login)
            sock.connect_until(destination, ends)
        except BaseException as error:
            sock.close()
            if isinstance(error, socks.ProxyError) and error.socket_err:
                raise error.socket_err from error
            raise
        return sock


@cache
def _bounded_socks() -> Any:
    """Return a class of PySocks' sockets whose handshake with the proxy ends in time, whatever pace the proxy has."""
    from urllib3.contrib.socks import socks  # type: ignore[attr-defined,import-untyped,unused-ignore]

    class BoundedSocks(socks.socksocket):  # type: ignore[misc,unused-ignore]
        _ends: float | None = None  # while the handshake lasts

        def connect_until(self, destination: tuple[str, int], ends: float) -> None:
            """Connect to the proxy and through it to the destination, until `ends` (as `time.monotonic()`)."""
            self._ends = ends
            self.settimeout(max(0.001, ends - time.monotonic()))
            self.connect(destination)
            self._ends = None

        def recv_into(self, *given: Any, **named: Any) -> int:
            """Receive into a buffer; during the handshake wait only for the time that is left."""
            if self._ends is not None:
                left = self._ends - time.monotonic()
                if left <= 0.0:
                    raise TimeoutError("the handshake with the SOCKS proxy took too long")
                socket.socket.settimeout(self, left)  # that of PySocks is for a connection that stands
            count: int = super().recv_into(*given, **named)
            return count

    return BoundedSocks


def _to_connect(attempt: Attempt) -> float:
    return min(CONNECT, attempt.seconds())


def _pieces(data: Any) -> Iterator[Any]:
    """Cut bytes into pieces, each of which is sent within the deadline."""
    view = memoryview(data)
    for start in range(0, len(data), PIECE):
        yield view[start : start + PIECE]


def _addresses(connection: Any, host: str, port: int, ends: float) -> list[tuple[str, int]]:
    """Return the addresses of a host that the connection needs.

    The name is looked up in a thread of its own, since the system's look-up has no timeout.

    Raises:
        NameResolutionError: there is no such host, or the name server does not answer in time.
    """
    host = host.strip("[]")
    found: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001  # raised in the thread that waits for it
            found.put(error)

    if _is_number(host):
        look_up()
    else:
        threading.Thread(target=look_up, name="look up a host", daemon=True).start()
    try:
        result = found.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty:
        result = socket.gaierror(socket.EAI_AGAIN, "no answer of the name server in time")
    if isinstance(result, socket.gaierror):
        raise NameResolutionError(host, connection, result) from result
    if isinstance(result, Exception):
        raise result
    return [
        (f"{address[0]}%{address[3]}" if address[3:] and address[3] else address[0], port) for *_, address in result
    ]


def _is_number(host: str) -> bool:
    """Return whether the host is an IP address, which needs no name server."""
    return ":" in host or host.replace(".", "").isdecimal()


class _NotingPool:
    """Mixin for urllib3's pools: gives each connection the current attempt."""

    @property
    def ConnectionCls(self) -> Any:  # the name that urllib3 and recorders read
        return tracking_class(super().ConnectionCls)  # type: ignore[misc,unused-ignore]

    def _get_conn(self: Any, timeout: float | None = None) -> Any:
        attempt = _CURRENT.attempt
        connection = cast("Any", super()._get_conn(timeout))  # type: ignore[misc,unused-ignore]
        if attempt is None or not isinstance(connection, _Noting):
            if attempt is not None:
                attempt.sent = True  # a connection of others, such as a recorder's, notes nothing
            return connection
        now = time.monotonic()
        if connection.sock is not None and now - connection.used_at > attempt.idle:  # type: ignore[attr-defined,unused-ignore]
            connection.close()  # type: ignore[attr-defined,unused-ignore]
        connection.attempt, connection.used_at = attempt, now
        return connection

    def _put_conn(self: Any, connection: Any) -> None:
        if isinstance(connection, _Noting):
            connection.used_at = time.monotonic()
        super()._put_conn(connection)  # type: ignore[misc,unused-ignore]


SOCKS = "urllib3.contrib.socks"
STANDARD: tuple[Any, ...] = (HTTPConnection, HTTPSConnection, HTTPConnectionPool, HTTPSConnectionPool)
NOTING: dict[Any, type[Any]] = {}  # our subclasses, by urllib3's class


def tracking_class(base: type[Any]) -> type[Any]:
    """Return the subclass of a urllib3 connection or pool class that updates the attempt and keeps its deadline.

    Each subclass is made once. Classes that are not urllib3's own, such as a recorder's, are returned unchanged.
    """
    if base not in NOTING and (base.__module__ == SOCKS or base in STANDARD):
        connection = _NotingSocks if base.__module__ == SOCKS else _Noting
        addition = _NotingPool if issubclass(base, HTTPConnectionPool) else connection
        NOTING[base] = type(base.__name__, (addition, base), {})
    return NOTING.get(base, base)


def use_tracking_classes(manager: Any) -> Any:
    """Make a PoolManager or ProxyManager use the pool classes that `tracking_class` returns, and return the manager."""
    manager.pool_classes_by_scheme = {
        scheme: tracking_class(kind) for scheme, kind in manager.pool_classes_by_scheme.items()
    }
    return manager
