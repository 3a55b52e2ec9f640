"""Refuse network access beyond this machine, for tests.

An audit hook sees every Python socket: connections, datagrams and name look-ups, also those of asyncio. It does not see
the network access of C libraries and other processes.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ovcgen.runtime.errors import ClientError, one_line

Target = str | None  # a host; None if the event uses no network

INTERNET = (socket.AF_INET, socket.AF_INET6)
LOOKS_UP = ("localhost", "")


class NetworkRefused(ClientError):
    """An error: code tried to reach another machine, while only loopback is allowed. It is no OSError.

    Args:
        host: The name or IP address of that machine.
    """

    def __init__(self, host: str) -> None:
        super().__init__(
            f"A connection to {one_line(host)} was refused: only this machine may be reached.",
            fix="Use the simulated portal (`ovc_portal`), or take the block away: `ovc_block_network(False)`.",
        )


class _Gate:
    """Whether network access is refused, and the audit hook that refuses it.

    An audit hook can't be removed, so it is installed at the first use only.
    """

    def __init__(self) -> None:
        self.shut = False
        self._hooked = False
        self._own_name = ""

    def close(self) -> None:
        """Install the hook if needed, and refuse network access from now on."""
        if not self._hooked:
            self._own_name = socket.gethostname()
            sys.addaudithook(self._heard)
            self._hooked = True
        self.shut = True

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Handle one audit event; raise NetworkRefused if its target is another machine."""
        if not self.shut or event not in TARGETS:
            return
        host = TARGETS[event](*arguments)
        if host is None or host == self._own_name or is_here(host):
            return
        if event == "socket.connect":
            arguments[0].close()  # libraries close it only after an OSError, which NetworkRefused is not
        raise NetworkRefused(host)


_GATE = _Gate()


@contextmanager
def loopback_only(blocked: bool = True) -> Iterator[None]:
    """Return a context in which connections and name look-ups beyond this machine raise NetworkRefused, in all threads.

    With `blocked=False` they are allowed, for use inside of a context that refuses them. Only Python's sockets are
    seen, not C libraries and other processes.
    """
    before = _GATE.shut
    if blocked:
        _GATE.close()
    _GATE.shut = blocked
    try:
        yield
    finally:
        _GATE.shut = before


def is_here(host: str) -> bool:
    """Return whether a host name or IP address is this machine's loopback. Nothing is looked up.

    That are `localhost`, names that end with `.localhost`, "", and the loopback addresses of IPv4 and IPv6, in any case
    and with or without a final dot. Any other name is not.
    """
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
    """Return the host of a connection or datagram; None for a socket that is not IP."""
    if connection.family not in INTERNET or not isinstance(address, tuple):
        return None
    return _text(address[0])


def _looked_up(host: Any, *_rest: Any) -> Target:
    """Return the host name of a look-up; None for an IP address, which needs none."""
    if host is None:
        return None
    try:
        ipaddress.ip_address(_text(host))
    except ValueError:
        return _text(host)
    return None


def _looked_back(address: Any, *_rest: Any) -> Target:
    """Return the address of a reverse look-up."""
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
