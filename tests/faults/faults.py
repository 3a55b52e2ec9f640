"""Faults of a portal: functions that answer a request wrongly, late or not at all."""

from __future__ import annotations

import gzip
import json
from typing import Any

from tests.faults.gate import GIVE_UP, Fault, HangUp, Peer
from tests.runtime.conftest import JSON, answer

HTML = "text/html"
CREATED = 7  # the id of what the creating call creates
LIST, CREATE = "/restmachine/cloudapi/cloudspaces/list", "/restmachine/cloudapi/cloudspaces/create"
BODY = b'[{"id": 1, "name": "web"}]'
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
ENDLESS = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 1000000\r\n\r\n".encode()
CHUNKED = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
UNTIL_CLOSED = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nConnection: close\r\n\r\n".encode()
LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Login</title></head><body><form method=post>Log in</form></body></html>"
)
MEGABYTE = 1 << 20
DATE, IN_ONE_SECOND, IN_SEVEN_SECONDS = (f"Mon, 30 Nov 2026 10:00:0{second} GMT" for second in (0, 1, 7))


def good(peer: Peer) -> None:
    """Answer as a healthy portal does: an id for a creating call, else an empty list."""
    assert peer.request
    peer.send(answer(CREATED if "create" in peer.request.target else []))


def answers(value: Any = None, status: int = 200, kind: str = JSON, **headers: str) -> Fault:
    """Return a fault that sends this answer and keeps the connection open."""
    said = answer(value, status, kind, **headers)
    return lambda peer: peer.send(said)


def page(status: int, **headers: str) -> Fault:
    """Return a fault that answers with an HTML page that repeats the request's login, as debug pages do."""

    def fault(peer: Peer) -> None:
        assert peer.request
        login = f"{peer.request.header('Authorization')} {peer.request.body.decode('latin-1')}"
        text = f"<html><body><h1>{status}</h1><p>eco-1-0f1e2d3c-aaaa-bbbb-cccc-0123456789ab</p>{login}</body></html>"
        peer.send(answer(text.encode(), status, HTML, **headers))

    return fault


def closes(*pieces: bytes) -> Fault:
    """Return a fault that sends these bytes and closes the connection in order (FIN)."""

    def fault(peer: Peer) -> None:
        peer.send(*pieces)
        raise HangUp

    return fault


def resets(*pieces: bytes) -> Fault:
    """Return a fault that sends these bytes and breaks the connection (RST)."""

    def fault(peer: Peer) -> None:
        peer.send(*pieces, pause=0.02)
        peer.reset()

    return fault


def hangs(*pieces: bytes) -> Fault:
    """Return a fault that sends these bytes and then nothing more."""

    def fault(peer: Peer) -> None:
        peer.send(*pieces)
        peer.wait()
        raise HangUp

    return fault


def drips(*pieces: bytes, pause: float = 0.05) -> Fault:
    """Return a fault that sends the pieces with pauses too short for the time limit of a single read."""

    def fault(peer: Peer) -> None:
        peer.send(*pieces, pause=pause)
        raise HangUp

    return fault


def dripped(text: bytes) -> list[bytes]:
    """Return the text as single bytes; its last byte is repeated until sending them takes GIVE_UP seconds."""
    filled = text + text[-1:] * max(0, int(GIVE_UP / 0.05) - len(text))
    return [filled[place : place + 1] for place in range(len(filled))]


def interim(*statuses: int) -> Fault:
    """Return a fault that sends interim (1xx) answers and then the good answer."""
    lines = b"".join(f"HTTP/1.1 {status} Wait\r\nLink: </x>\r\n\r\n".encode() for status in statuses)

    def fault(peer: Peer) -> None:
        peer.send(lines)
        good(peer)

    return fault


def bomb(megabytes: int = 80) -> bytes:
    """Return an answer of less than 1 MB whose gzip body decompresses to `megabytes` MB of JSON."""
    member = gzip.compress(b" " * MEGABYTE)
    body = member * megabytes + gzip.compress(b"[]")
    return answer(body, Content_Encoding="gzip")


def large(peer: Peer) -> None:
    """Send 80 MB of JSON that is mostly white space."""
    peer.send(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: {80 * MEGABYTE + 2}\r\n\r\n".encode())
    peer.send(*[b" " * MEGABYTE] * 80, b"[]")


def redirects(location: str, status: int) -> Fault:
    """Return a fault that answers with a redirect to `location`."""
    return answers(b"", status, HTML, Location=location)


HUNDREDS_OF_HEADERS = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(150))
UNREADABLE = {
    "half-a-json": b'{"id": 1, "name": "we',
    "html-as-json": LOGIN_PAGE,
    "empty": b"",
    "latin-1": json.dumps([{"name": "caf\xe9"}], ensure_ascii=False).encode("latin-1"),
    "utf-16": '[{"id": 1}]'.encode("utf-16"),
    "huge-integer": b"[" + b"9" * 20_000 + b"]",
    "deep": b"[" * 200_000 + b"]" * 200_000,
    "not-a-number": b'{"id": NaN}',
    "infinity": b'{"id": 1e999}',
    "duplicate-keys": b'{"id": 1, "id": 2}',
}
