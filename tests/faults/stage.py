"""The servers of one test of the fault table, and the environment variables of the client."""

from __future__ import annotations

import socket
import ssl
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType

import pytest
import trustme

from tests.faults.gate import Fault, Gate, opened

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass
class Stage:
    """The servers that a row opens, and the settings of the client.

    Attributes:
        folder: For files, such as the CA bundle.
        environment: Sets and removes variables of the environment.
        verify: What the client is given to check certificates with.
        portals: The gates whose requests count.
        strangers: The gates that must see nothing.
    """

    folder: Path
    environment: pytest.MonkeyPatch
    verify: bool | str = True
    portals: list[Gate] = field(default_factory=list)
    strangers: list[Gate] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Stage:
        for name in PROXIES:
            self.environment.delenv(name, raising=False)
            self.environment.delenv(name.upper(), raising=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def gate(self, *faults: Fault, accepting: tuple[Fault, ...] = (), context: ssl.SSLContext | None = None) -> Gate:
        """Open a gate whose requests are not counted, for a proxy or an identity provider."""
        return self._open.enter_context(opened(Gate(list(faults), list(accepting), context)))

    def portal(self, *faults: Fault, accepting: tuple[Fault, ...] = (), context: ssl.SSLContext | None = None) -> Gate:
        """Open the portal that the test calls."""
        self.portals.append(self.gate(*faults, accepting=accepting, context=context))
        return self.portals[-1]

    def stranger(self, *faults: Fault) -> Gate:
        """Open a server that must receive no request."""
        self.strangers.append(self.gate(*faults))
        return self.strangers[-1]

    def closed_port(self) -> int:
        """Return a port of this machine that refuses connections."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            return port

    def full_port(self) -> int:
        """Return a port whose connections are never accepted, because its queue is full."""
        server = self._open.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            waiting = self._open.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        port: int = server.getsockname()[1]
        return port

    def tls(self, *names: str, trusted: bool = True, **certificate: object) -> ssl.SSLContext:
        """Return the TLS settings of a server whose certificate is for these names, by default for 127.0.0.1.

        Unless `trusted` is False the client knows who has issued it.
        """
        authority = known_authority() if trusted else trustme.CA()
        bundle = self.folder / "ca.pem"
        known_authority().cert_pem.write_to_path(bundle)
        self.verify = str(bundle)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*(names or ("127.0.0.1",)), **certificate).configure_cert(context)  # type: ignore[arg-type]
        return context

    def proxied(self, proxy: str) -> None:
        """Set the proxy of the client: an address, with a scheme if it is not `http://`."""
        url = proxy if "://" in proxy else f"http://{proxy}"
        for name in ("http_proxy", "https_proxy"):
            self.environment.setenv(name, url)

    @property
    def reached(self) -> int:
        """How many requests reached the portal, completely or in part."""
        return sum(gate.reached for gate in self.portals)


@cache
def known_authority() -> trustme.CA:
    """Return the certificate authority that clients trust; it is made once because that takes a tenth of a second."""
    return trustme.CA()
