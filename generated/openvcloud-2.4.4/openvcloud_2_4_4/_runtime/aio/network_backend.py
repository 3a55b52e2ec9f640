"""Connections for httpcore2 that note when a request begins to go out, and that keep a deadline.

They do for asynchronous clients what `tracked_connections` does for blocking ones: every wait for the peer ends at the
attempt's deadline, and whether a request was sent is noted at its first byte, which is not one of TLS, CONNECT or
SOCKS.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from typing import Any, NamedTuple

import anyio  # type: ignore[import-not-found,unused-ignore]
import httpcore2  # type: ignore[import-not-found,unused-ignore]
from anyio.abc import ByteStream, SocketAttribute  # type: ignore[import-not-found,unused-ignore]
from anyio.streams.tls import TLSAttribute, TLSStream  # type: ignore[import-not-found,unused-ignore]
from urllib3.exceptions import (  # type: ignore[import-untyped,attr-defined,unused-ignore]  # stubs of urllib3 1.26
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
)

from ..policy import CONNECT
from ..tracked_connections import PIECE, Attempt


class Current(NamedTuple):
    """The request that a connection carries.

    Attributes:
        attempt: The attempt to send the request, with its deadline.
        opening: The first bytes of the request, its method and a space. Other bytes belong to TLS or a proxy.
    """

    attempt: Attempt
    opening: bytes


class NotingBackend(httpcore2.AsyncNetworkBackend):  # type: ignore[misc,unused-ignore]
    """A network backend of httpcore2 that opens one connection and records when a request begins to go out.

    Attributes:
        current: The request that the connection carries. The pool sets it before each request.
    """

    def __init__(self, current: Current) -> None:
        self.current = current
        self._raw: ByteStream | None = None

    async def aclose(self) -> None:
        """Close the connection without waiting for the peer."""
        if self._raw is not None:
            await anyio.aclose_forcefully(self._raw)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # the attempt's deadline counts
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of the host that accepts, within 5 seconds and before the attempt's deadline.

        `timeout`, `local_address` and `socket_options` have no effect.

        Raises:
            ConnectTimeoutError: no address accepted in time.
            NameResolutionError: there is no such host.
            NewConnectionError: the connection was refused or failed.
        """
        del timeout, local_address, socket_options
        nobody: Any = None  # urllib3's errors name a connection of urllib3
        try:
            with anyio.fail_after(min(CONNECT, self.current.attempt.seconds())):
                self._raw = await anyio.connect_tcp(host, port)
                return ConnectionStream(self._raw, self)
        except TimeoutError as error:
            raise ConnectTimeoutError(nobody, f"Connection to {host} timed out.") from error
        except socket.gaierror as error:
            raise NameResolutionError(host, nobody, error) from error
        except BaseExceptionGroup as several:  # from anyio's attempts to connect: an error that is no OSError
            raise several.exceptions[0] from None
        except OSError as error:
            raise NewConnectionError(nobody, f"Failed to establish a new connection: {error}") from error


class ConnectionStream(httpcore2.AsyncNetworkStream):  # type: ignore[misc,unused-ignore]
    """The byte stream of one connection. Written bytes are sent when there are more than 16 KiB, or before a read."""

    def __init__(self, stream: ByteStream, network: NotingBackend) -> None:
        self._stream = stream
        self._network = network
        self._held = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the next bytes; b"" at the end. `timeout` has no effect.

        Raises:
            TimeoutError: nothing came before the attempt's deadline.
            ConnectionResetError: the peer closed the connection before the request was sent.
        """
        del timeout
        attempt = self._network.current.attempt
        if self._held:
            try:
                await self._flush()
            except anyio.BrokenResourceError:
                if not attempt.sent:
                    raise
        try:
            with anyio.fail_after(attempt.seconds()):
                return await self._stream.receive(max_bytes)
        except anyio.EndOfStream:
            if not attempt.sent:
                raise ConnectionResetError("closed before the request") from None
            return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send the bytes, or keep them for the next write or read. `timeout` has no effect.

        Raises:
            WriteError: the peer closed the connection.
            TimeoutError: the peer did not take them before the attempt's deadline.
        """
        del timeout
        self._held += buffer
        if len(self._held) > PIECE:
            try:
                await self._flush()
            except anyio.BrokenResourceError as error:
                raise httpcore2.WriteError() from error  # the service may have answered early

    async def _flush(self) -> None:
        held, self._held = self._held, b""
        attempt, opening = self._network.current
        attempt.sent = attempt.sent or held.startswith(opening)
        for start in range(0, len(held), PIECE):
            with anyio.fail_after(attempt.seconds()):
                await self._stream.send(held[start : start + PIECE])

    async def aclose(self) -> None:
        """Close the connection without waiting for the peer."""
        await anyio.aclose_forcefully(self._stream)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Make the TLS handshake and return the encrypted connection. `timeout` has no effect.

        Raises:
            TimeoutError: it took longer than CONNECT seconds, or than the attempt's deadline.
            ssl.SSLError: the peer's certificate is refused, or the handshake failed.
        """
        del timeout
        with anyio.fail_after(min(CONNECT, self._network.current.attempt.seconds())):
            wrapped = await TLSStream.wrap(
                self._stream,
                ssl_context=ssl_context,
                hostname=server_hostname,
                standard_compatible=False,
                server_side=False,
            )
            return ConnectionStream(wrapped, self._network)

    def get_extra_info(self, info: str) -> Any:
        """Return the TLS object for `ssl_object`; for `is_readable`, whether an idle connection can't be used again.

        That is so if the peer has closed it or sent something. None for any other `info`.
        """
        if info == "ssl_object":
            return self._stream.extra(TLSAttribute.ssl_object, None)  # noqa: S610  # not Django's
        if info == "is_readable":
            raw: Any = self._stream.extra(SocketAttribute.raw_socket, None)  # noqa: S610  # not Django's
            return raw is None or raw.fileno() < 0 or is_readable(raw)
        return None


def is_readable(raw: Any) -> bool:
    """Return whether a socket has bytes to read, or was closed by the peer, without waiting."""
    from urllib3.util.wait import wait_for_read  # type: ignore[import-untyped,unused-ignore]

    return bool(wait_for_read(raw, timeout=0))
