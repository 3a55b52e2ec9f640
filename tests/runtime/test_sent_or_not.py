"""A call knows whether its request was sent, also with proxies, TLS and slow peers."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n7"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
Handler = Callable[[socket.socket], None]


class Peer:
    """A server that handles each connection with a given function.

    Attributes:
        url: Its address.
        read: What it has read, by connection.
    """

    def __init__(self, handle: Handler) -> None:
        self._handle = handle
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), closing(connection):
            self._handle(connection)

    def close(self) -> None:
        """Accept no more connections."""
        self._listener.close()


@contextmanager
def peer(handle: Handler) -> Iterator[Peer]:
    """Run a server that handles each connection with `handle`."""
    server = Peer(handle)
    try:
        yield server
    finally:
        server.close()


def request_of(connection: socket.socket) -> bytes:
    """Read one request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower()[:15] == b"content-length:"), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def reset(connection: socket.socket) -> None:
    """Break the connection with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read_and_close(connection: socket.socket) -> None:
    """Read a request and close the connection without an answer."""
    request_of(connection)


def read_and_reset(connection: socket.socket) -> None:
    """Read a request and break the connection."""
    request_of(connection)
    reset(connection)


def dripping(head: bytes, piece: bytes) -> Handler:
    """Return a handler that answers `head` and then sends `piece` ten times a second without end."""

    def drip(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(head)
        while True:
            connection.sendall(piece)
            time.sleep(0.1)

    return drip


def silent(connection: socket.socket) -> None:
    """Send nothing."""
    request_of(connection)
    time.sleep(20)


def tunnelling(handle: Handler) -> Handler:
    """Return a handler that accepts a CONNECT and then continues with `handle`."""

    def tunnel(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(ESTABLISHED)
        handle(connection)

    return tunnel


def hello_and_reset(connection: socket.socket) -> None:
    """Break the connection in the middle of a handshake."""
    connection.recv(1)
    reset(connection)


def no_tls(connection: socket.socket) -> None:
    """Answer a TLS handshake as a server without TLS does."""
    connection.recv(1)
    connection.sendall(b"HTTP/1.0 400 No\r\n\r\n")


NOT_SENT = {
    "a reset handshake": hello_and_reset,
    "a handshake that is not answered with TLS": no_tls,
    "a closed handshake": lambda connection: connection.recv(65536),
}


@pytest.mark.parametrize("handle", [read_and_close, read_and_reset])
def test_behind_a_proxy_a_lost_answer_is_a_lost_answer(
    runtime: Any, connect: Any, operation: Any, monkeypatch: pytest.MonkeyPatch, handle: Handler
) -> None:
    """A call that a proxy has read is sent once and raises OutcomeUnknown, because the proxy may have forwarded it."""
    with peer(handle) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with pytest.raises(runtime.errors.OutcomeUnknown) as caught:
            connect("http://portal.invalid").call(
                operation(name="string", password="string"), {"name": "a", "password": "b"}
            )
        assert proxy.connections == 1
    assert caught.value.operation == "cloudapi.machines.act"
    assert caught.value.arguments == {"name": "a", "password": "***"}


@pytest.mark.parametrize("name", NOT_SENT)
def test_a_broken_handshake_was_not_sent(runtime: Any, connect: Any, operation: Any, name: str) -> None:
    """A request whose TLS handshake breaks counts as not sent; it is retried if the failure may pass."""
    with peer(NOT_SENT[name]) as portal:
        with pytest.raises(runtime.errors.TransportError):
            connect(portal.url.replace("http", "https")).call(operation(), {})
        assert portal.connections == (1 if "TLS" in name else 3)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 407 Who\r\n\r\n", b"HTTP/1.1 503 No\r\n\r\n", b"???\r\n\r\n"])
def test_a_refused_connect_was_not_sent(
    runtime: Any, connect: Any, operation: Any, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    """After a refused CONNECT the request counts as not sent, so even a creating call is retried."""

    def refuse(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(answer)

    with peer(refuse) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(runtime.errors.TransportError, match="did not reach"):
            connect("https://portal.invalid").call(operation(), {})
        assert proxy.connections == 3


def test_socks_without_pysocks_was_not_sent(
    runtime: Any, connect: Any, operation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call through a broken SOCKS proxy counts as not sent, with or without PySocks."""
    with peer(hello_and_reset) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
        with pytest.raises(runtime.errors.TransportError, match="did not reach"):
            connect("http://portal.invalid").call(operation(), {})


DRIPS = {
    "the status line": dripping(b"", b"H"),
    "headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "one endless header": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"b"),
    "100 Continue": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "103 Early Hints": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "the body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" "),
    "a chunked body": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a body of no length": dripping(b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    "nothing": silent,
}


@pytest.mark.parametrize("name", DRIPS)
def test_a_dripping_peer_does_not_stretch_a_call(runtime: Any, connect: Any, operation: Any, name: str) -> None:
    """A call ends within its timeout, retries included, although a peer sends byte after byte."""
    with peer(DRIPS[name]) as portal:
        begun = time.monotonic()
        with pytest.raises(runtime.errors.OutcomeUnknown, match="no answer in time"):
            connect(portal.url, timeout=0.4).call(operation(), {})
        with pytest.raises(runtime.errors.TransportError):
            connect(portal.url, timeout=0.4).call(operation(retry="read"), {})
        assert time.monotonic() - begun < 1.8


HANGING = {
    "a proxy that does not answer CONNECT": silent,
    "a proxy that drips": dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "a handshake behind a proxy": tunnelling(silent),
}


@pytest.mark.parametrize("name", HANGING)
def test_a_hanging_proxy_does_not_stretch_a_call(
    runtime: Any, connect: Any, operation: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A call through a hanging proxy ends within its timeout and counts as not sent."""
    with peer(HANGING[name]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        begun = time.monotonic()
        with pytest.raises(runtime.errors.TransportError, match="did not reach"):
            connect("https://portal.invalid", timeout=0.5).call(operation(), {})
        assert time.monotonic() - begun < 1.0


@pytest.mark.parametrize("name", ["nothing", "headers", "the body"])
def test_a_login_runs_under_the_timeout_of_its_call(
    runtime: Any, connect: Any, operation: Any, portal: Any, name: str
) -> None:
    """The timeout of a call also limits its login at a hanging identity provider."""
    with peer(DRIPS[name]) as provider:
        auth = runtime.portal_auth.ItsYouOnline("id", "secret", url=provider.url)
        begun = time.monotonic()
        with pytest.raises(runtime.errors.TransportError, match="to log in"):
            connect(auth=auth, timeout=0.5).call(operation(), {})
        assert time.monotonic() - begun < 1.0
    assert portal.seen == []


@pytest.mark.parametrize("interim", [100, 102, 103, 199])
def test_interim_answers_are_skipped(connect: Any, operation: Any, interim: int) -> None:
    """Interim (1xx) answers are skipped, and the final answer is returned."""

    def answer(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(f"HTTP/1.1 {interim} Wait\r\nLink: </a>\r\n\r\n".encode() * 3 + OK)

    with peer(answer) as portal:
        assert connect(portal.url).call(operation(), {}) == 7


def test_an_idle_connection_carries_no_call_that_is_no_read(connect: Any, operation: Any, portal: Any) -> None:
    """Only a read reuses a connection that was idle for over a second, because the peer may be closing it."""
    client = connect()
    client.call(operation(), {})
    client.call(operation(), {})
    time.sleep(1.1)
    client.call(operation(retry="read"), {})
    time.sleep(1.1)
    client.call(operation(), {})
    first, second, third, fourth = (seen.connection for seen in portal.seen)
    assert first == second == third != fourth


def test_a_large_body_is_sent_within_the_timeout(runtime: Any, connect: Any, operation: Any) -> None:
    """A call with a large body ends within its timeout although the peer reads nothing."""
    with peer(lambda connection: time.sleep(5)) as portal:
        begun = time.monotonic()
        with pytest.raises(runtime.errors.OutcomeUnknown):
            connect(portal.url, timeout=0.5).call(operation(name="string"), {"name": "x" * 30_000_000})
        assert time.monotonic() - begun < 1.5
