"""Only this machine: while that is asked for, Python code reaches nothing beyond it, whatever library it uses.

An audit hook, since it hears of every socket: connections of all kinds, datagrams and look-ups of names, also those of
asyncio and of classes that others made. What a C library or another process does, it does not hear.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ovcgen.runtime.errors import OvcError, one_line

Target = str | None  # a host; None where no network is meant

INTERNET = (socket.AF_INET, socket.AF_INET6)
LOOKS_UP = ("localhost", "")


class NetworkRefused(OvcError):
    """Something beyond this machine was asked for where only loopback is allowed."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"A connection to {one_line(host)} was refused: only this machine may be reached.",
            fix="Use the simulated portal (`ovc_portal`), or take the block away: `ovc_block_network(False)`.",
        )


class _Gate:
    """Whether it is shut, and the hook that looks: one that can never be taken out, so it comes in late."""

    def __init__(self) -> None:
        self.shut = False
        self._hooked = False
        self._own_name = ""

    def close(self) -> None:
        if not self._hooked:
            self._own_name = socket.gethostname()
            sys.addaudithook(self._heard)
            self._hooked = True
        self.shut = True

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.shut or event not in TARGETS:
            return
        host = TARGETS[event](*arguments)
        if host is None or host == self._own_name or is_here(host):
            return
        if event == "socket.connect":
            arguments[0].close()  # libraries close it after an OSError only, which this is not: it shall not be handled
        raise NetworkRefused(host)


_GATE = _Gate()


@contextmanager
def loopback_only(blocked: bool = True) -> Iterator[None]:
    """Refuse what leads beyond this machine while the block runs, in all threads; with False, allow it."""
    before = _GATE.shut
    if blocked:
        _GATE.close()
    _GATE.shut = blocked
    try:
        yield
    finally:
        _GATE.shut = before


def is_here(host: str) -> bool:
    """Whether that address or name is this machine's own, seen from inside."""
    name = host.lower().rstrip(".")
    if name in LOOKS_UP or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _connected(connection: socket.socket, address: Any) -> Target:
    if connection.family not in INTERNET or not isinstance(address, tuple):
        return None
    return _text(address[0])


def _looked_up(host: Any, *_rest: Any) -> Target:
    """A literal address is looked up nowhere."""
    if host is None:
        return None
    try:
        ipaddress.ip_address(_text(host))
    except ValueError:
        return _text(host)
    return None


def _looked_back(address: Any, *_rest: Any) -> Target:
    return _text(address[0] if isinstance(address, tuple) else address)


def _text(host: Any) -> str:
    return host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host)


TARGETS: dict[str, Callable[..., Target]] = {
    "socket.connect": _connected,
    "socket.sendto": _connected,
    "socket.sendmsg": _connected,
    "socket.getaddrinfo": _looked_up,
    "socket.gethostbyname": _looked_up,
    "socket.gethostbyaddr": _looked_back,
    "socket.getnameinfo": _looked_back,
}
