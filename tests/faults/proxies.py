"""HTTP, CONNECT and SOCKS 5 proxies on raw sockets that can break off at a chosen moment."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from tests.faults.gate import GIVE_UP, Fault, Gate, HangUp, Peer

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
SOCKS5, NO_LOGIN, GRANTED, BY_NAME = 5, 0, 0, 3


def forwards(peer: Peer) -> None:
    """Forward the request to its portal, and send the answer back."""
    with _connected(peer) as portal:
        portal.sendall(_as_sent_on(peer))
        portal.shutdown(socket.SHUT_WR)
        while piece := portal.recv(65536):
            peer.send(piece)
    raise HangUp


def forwards_and(portal: Gate, then: Callable[[Peer], None]) -> Fault:
    """Return a fault that forwards the request and calls `then`, instead of answering, once the portal has read it."""

    def fault(peer: Peer) -> None:
        before = len(portal.seen)
        with _connected(peer) as onward:
            onward.sendall(_as_sent_on(peer))
            _await(lambda: len(portal.seen) > before)
            then(peer)
        raise HangUp

    return fault


def tunnels(peer: Peer) -> None:
    """Open the tunnel of a CONNECT request and copy bytes until one side closes."""
    assert peer.request
    with socket.create_connection(_address(peer.request.target), GIVE_UP) as onward:
        peer.send(ESTABLISHED)
        _pump(peer.socket, onward)
    raise HangUp


def tunnels_until_read(portal: Gate) -> Fault:
    """Return a fault that opens the tunnel of a CONNECT request and closes it once the portal has read a request."""

    def fault(peer: Peer) -> None:
        assert peer.request
        before = len(portal.seen)
        with socket.create_connection(_address(peer.request.target), GIVE_UP) as onward:
            peer.send(ESTABLISHED)
            pump = threading.Thread(target=_pump, args=(peer.socket, onward))
            pump.start()
            _await(lambda: len(portal.seen) > before)
            for end in (peer.socket, onward):
                end.shutdown(socket.SHUT_RDWR)
            pump.join()
        raise HangUp

    return fault


def socks(peer: Peer) -> None:
    """Serve a new connection as a SOCKS 5 proxy without a login (RFC 1928), as a fault for `Gate.accepting`."""
    _, methods = _exactly(peer.socket, 2)
    _exactly(peer.socket, methods)
    peer.send(bytes([SOCKS5, NO_LOGIN]))
    *_, kind = _exactly(peer.socket, 4)
    length = _exactly(peer.socket, 1)[0] if kind == BY_NAME else 4
    host = _exactly(peer.socket, length)
    name = host.decode() if kind == BY_NAME else socket.inet_ntoa(host)
    [port] = struct.unpack("!H", _exactly(peer.socket, 2))
    with socket.create_connection((name, port), GIVE_UP) as onward:
        peer.send(bytes([SOCKS5, GRANTED, 0, 1, 0, 0, 0, 0, 0, 0]))
        _pump(peer.socket, onward)


def socks_refuses(peer: Peer) -> None:
    """Refuse a SOCKS 5 connection because its destination can't be reached."""
    _, methods = _exactly(peer.socket, 2)
    _exactly(peer.socket, methods)
    peer.send(bytes([SOCKS5, NO_LOGIN]))
    peer.send(bytes([SOCKS5, 5, 0, 1, 0, 0, 0, 0, 0, 0]))


def socks_drips(peer: Peer) -> None:
    """Grant a SOCKS 5 connection in single bytes: as the address it has bound comes a name of 255 letters."""
    _, methods = _exactly(peer.socket, 2)
    _exactly(peer.socket, methods)
    peer.send(bytes([SOCKS5, NO_LOGIN]))
    granted = bytes([SOCKS5, GRANTED, 0, BY_NAME, 255]) + b"x" * 255
    peer.send(*[granted[place : place + 1] for place in range(len(granted))], pause=0.1)


def socks_hangs(peer: Peer) -> None:
    """Say nothing to a SOCKS 5 client."""
    peer.wait()


def _exactly(connection: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count and (piece := connection.recv(count - len(found))):
        found += piece
    return found


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _connected(peer: Peer) -> socket.socket:
    assert peer.request
    return socket.create_connection(_address(urlsplit(peer.request.target).netloc), GIVE_UP)


def _as_sent_on(peer: Peer) -> bytes:
    """Return the request as a proxy forwards it: with a path instead of a URL, and `Connection: close`."""
    assert peer.request
    seen, parts = peer.request, urlsplit(peer.request.target)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = [f"{name}: {value}" for name, value in seen.headers if name.lower() not in ("connection",)]
    return "\r\n".join([f"{seen.method} {path} HTTP/1.1", *headers, "Connection: close", "", ""]).encode() + seen.body


def _await(come: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(GIVE_UP / 0.01)):
        if come() or pause.wait(0.01):
            return


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Copy bytes in both directions until one side has closed."""

    def carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    back = threading.Thread(target=carry, args=(other, one))
    back.start()
    carry(one, other)
    back.join()
