"""Send requests to one address over pooled connections of an event loop.

What a response must be like (its largest body, how it is decoded and written to a file) is decided in `Adapter`.
"""

from __future__ import annotations

import http.client
import io
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Any, Self, cast
from urllib.parse import urlsplit
from weakref import WeakSet

import anyio  # type: ignore[import-not-found,unused-ignore]
import httpcore2  # type: ignore[import-not-found,unused-ignore]
import httpx2  # type: ignore[import-not-found,unused-ignore]
import requests  # type: ignore[import-untyped,unused-ignore]
import socksio  # type: ignore[import-not-found,import-untyped,unused-ignore]
import urllib3  # type: ignore[import-untyped,unused-ignore]
from anyio.lowlevel import current_token  # type: ignore[import-not-found,unused-ignore]
from requests import PreparedRequest, Response  # type: ignore[import-untyped,unused-ignore]
from requests.adapters import HTTPAdapter  # type: ignore[import-untyped,unused-ignore]
from requests.utils import get_auth_from_url, select_proxy  # type: ignore[import-untyped,unused-ignore]
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError  # type: ignore[import-untyped,unused-ignore]
from urllib3.util.ssl_ import create_urllib3_context  # type: ignore[import-untyped,unused-ignore]

from ..adapter import FAILURES, Adapter, Trust, failure
from ..errors import ClientError
from ..policy import Failure, Moment
from ..request_log import request_note
from ..tracked_connections import Attempt
from .log_redaction import guard_logs
from .network_backend import Current, NotingBackend

MOST = 250  # connections to one address; further calls wait for one, within their deadline
LARGE_ENCODED = 16 * 1024  # bytes; a larger compressed body is decompressed in a thread
MOST_HEADERS, LONGEST_HEADER = 100, 65536  # as http.client takes them
CANCELLED = "the call was cancelled"
# What a proxy can be guilty of before the request; httpcore2 asserts what a SOCKS proxy must answer.
NO_PROXY = (ConnectTimeoutError, NewConnectionError, httpcore2.ProxyError, socksio.ProtocolError, AssertionError)
BROKEN = (*FAILURES, httpx2.HTTPError, anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)


class Link:
    """One open connection of a Pool.

    Attributes:
        network: The socket, and the request that the connection carries.
        connection: httpcore2's connection, which writes requests and reads responses.
        used_at: When the last response was complete, as `time.monotonic()`; 0.0 before the first one.
    """

    __slots__ = ("connection", "network", "used_at")

    def __init__(self, network: NotingBackend, connection: httpcore2.AsyncConnectionInterface) -> None:
        self.network = network
        self.connection = connection
        self.used_at = 0.0

    async def aclose(self) -> None:
        """Close the connection, even if it was not completely opened; httpcore2 closes only complete ones."""
        with anyio.CancelScope(shield=True):
            await self.connection.aclose()
            await self.network.aclose()


class Pool:
    """The pool of asynchronous connections to one address. httpcore2's own pool takes longer with every connection.

    A connection that was idle for longer than a request allows (`Attempt.idle`) is not used for the request. The
    connection records in the request's Attempt when it begins to go out.

    Args:
        adapter: The blocking adapter for the same address, whose settings are used.
        url: The address.
    """

    def __init__(self, adapter: Adapter, url: str) -> None:
        self._settings = adapter.settings
        self._is_tls = url.startswith("https:")
        proxy: str | None = select_proxy(url, self._settings["proxies"])
        self._proxy = proxy if proxy and "://" in proxy else f"http://{proxy}" if proxy else ""
        self._proxy_headers: list[tuple[bytes | str, bytes | str]] = (
            [*adapter.proxy_headers(self._proxy).items()] if self._proxy else []
        )
        self._tls: ssl.SSLContext | None = None
        self._idle: list[Link] = []
        self._free = anyio.Semaphore(MOST, fast_acquire=True)
        self._loop: Any = None

    async def handle_async_request(self, request: httpcore2.Request) -> httpcore2.Response:
        """Send a request and return the response, whose body is still to be read.

        The connection is in use until the body is closed. At most 250 connections (MOST) are in use at the same time;
        further requests wait for one until their deadline.

        Raises:
            TimeoutError: no connection was free before the deadline.
            ProxyError: the proxy failed before the request was sent.
            One of BROKEN: the connection failed.
        """
        attempt: Attempt = cast("Any", request).extensions["attempt"]
        attempt.sent = False
        self._begin_on_this_loop()
        idle = self._idle
        try:
            self._free.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.fail_after(attempt.seconds()):
                await self._free.acquire()
        link = None
        try:
            current = Current(attempt, request.method + b" ")
            link = await self._kept(attempt.idle) or await self._opened(current, request.url.origin)
            link.network.current = current
            response = await link.connection.handle_async_request(request)
        except BaseException as error:
            self._free.release()
            if link is not None:
                await link.aclose()
            if self._proxy and not attempt.sent and isinstance(error, NO_PROXY):
                raise ProxyError("Cannot connect to proxy.", error) from error  # type: ignore[arg-type,unused-ignore]
            raise
        received: Any = response
        return httpcore2.Response(
            received.status,
            headers=received.headers,
            content=Body(received.stream, partial(self._done, link, idle)),
            extensions=received.extensions,
        )

    def _begin_on_this_loop(self) -> None:
        """Forget the connections of an earlier event loop, such as that of an `asyncio.run` before: it has ended."""
        loop = current_token()
        if self._loop != loop:
            self._loop, self._idle, self._free = loop, [], anyio.Semaphore(MOST, fast_acquire=True)

    async def _kept(self, idle: float) -> Link | None:
        """Return a connection that can be used again; None if there is none."""
        while self._idle:
            link = self._idle.pop()
            if time.monotonic() - link.used_at <= idle and not link.connection.has_expired():
                return link
            await link.aclose()
        return None

    async def _opened(self, current: Current, origin: httpcore2.Origin) -> Link:
        """Return a new connection, which connects when it is used."""
        if self._tls is None and (self._is_tls or self._proxy.startswith("https:")):
            self._tls = await anyio.to_thread.run_sync(tls_context, self._settings)
        network = NotingBackend(current)
        return Link(network, self._connections(network).create_connection(origin))

    def _connections(self, network: NotingBackend) -> httpcore2.AsyncConnectionPool:
        """Return what makes connections, through the proxy if there is one."""
        if not self._proxy:
            return httpcore2.AsyncConnectionPool(ssl_context=self._tls, network_backend=network)
        if self._proxy.startswith("http"):
            return httpcore2.AsyncHTTPProxy(
                _without_login(self._proxy),
                proxy_headers=self._proxy_headers,
                ssl_context=self._tls,
                proxy_ssl_context=self._tls if self._proxy.startswith("https:") else None,
                network_backend=network,
            )
        return socks_proxy(self._proxy, self._tls, network)

    async def _done(self, link: Link, idle: list[Link]) -> None:
        """Keep a connection whose response was read; close it if its response was not read, or the pool was closed.

        `idle` is the list of idle connections from before the request: `aclose` gives the pool a new one.
        """
        self._free.release()
        if idle is self._idle and link.connection.is_idle():
            link.used_at = time.monotonic()
            idle.append(link)
        else:
            await link.aclose()

    async def aclose(self) -> None:
        """Close all idle connections, and those in use after their response. Further requests open new ones."""
        self._begin_on_this_loop()
        idle, self._idle = self._idle, []
        for link in idle:
            await link.aclose()


class Body:
    """The body of a response, as an asynchronous iterable of bytes.

    Args:
        stream: httpcore2's iterable of the body.
        done: A coroutine function without arguments, which is called when the body is closed.
    """

    def __init__(self, stream: Any, done: Any) -> None:
        self._stream = stream
        self._pieces: Any = None
        self._done = done

    def __aiter__(self) -> AsyncIterator[bytes]:
        self._pieces = aiter(self._stream)
        pieces: AsyncIterator[bytes] = self._pieces
        return pieces

    async def aclose(self) -> None:
        """Give the connection back, or close it if the body was not read to its end."""
        try:
            if self._pieces is not None:
                await close_iterator(self._pieces)
            await self._stream.aclose()
        finally:
            await self._done()


class Transport(httpx2.AsyncHTTPTransport):  # type: ignore[misc,unused-ignore]
    """The transport of httpx2 over a Pool. Recorders such as vcrpy replace its `handle_async_request`."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool


class Uploaded(httpx2.AsyncByteStream):  # type: ignore[misc,unused-ignore]
    """A request body for httpx2: a blocking iterable of bytes, read in a thread, piece by piece, while it is sent."""

    def __init__(self, body: Any) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self._body)
        while (piece := await anyio.to_thread.run_sync(next, pieces, None)) is not None:
            yield piece


class Downloaded(io.RawIOBase):
    """The body of a response as a blocking file, over an asynchronous iterator of bytes.

    It can only be read in a thread of `anyio.to_thread`, and each read waits for the event loop.
    """

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into the buffer and return the number of bytes, which may be fewer than fit; 0 at the end."""
        if not self._left:
            self._left = anyio.from_thread.run(anext, self._pieces, b"")
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


class AsyncAdapter:
    """Sends each request once, to one address, on an event loop. Cookies are not kept, and redirects not followed.

    Args:
        adapter: The blocking adapter for the same address, which knows the settings and builds responses.
        url: The address.
    """

    def __init__(self, adapter: Adapter, url: str) -> None:
        guard_logs()
        self._adapter = adapter
        self._host = urlsplit(url).netloc.encode("ascii")
        self._transport = Transport(Pool(adapter, url))
        self._open_bodies = WeakSet[Any]()  # of streams

    @classmethod
    def to(cls, url: str, trust: Trust) -> AsyncAdapter:
        """Return an adapter for the service at `url`, with TLS settings of its own.

        Raises:
            ArgumentError: the CA bundle does not exist, or the client certificate can't be used.
        """
        return cls(Adapter(url, trust=trust), url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all unread streams and idle connections, and connections in use after their response."""
        with anyio.CancelScope(shield=True):
            for body in [*self._open_bodies]:
                await body.aclose()
            await self._transport.aclose()

    async def exchange(self, request: PreparedRequest, attempt: Attempt) -> Response:
        """Send the request once and return the complete response, of any status.

        Args:
            request: The signed request.
            attempt: The deadline. Its `sent` and `status` are updated.

        Raises:
            One of BROKEN: there is no complete response, or the deadline of the attempt has passed. BROKEN are the
                errors of FAILURES, httpx2 and anyio.
            ClientError: the request body can't be read from its file, or the response can't be written to one.
        """
        return await self.read(request, await self.head(request, attempt))

    async def head(self, request: PreparedRequest, attempt: Attempt) -> httpx2.Response:
        """Send the request once and return the response with its body unread. The caller reads or discards the body.

        Raises:
            One of BROKEN: there is no response, or it has more than 100 headers or one longer than 64 KiB.
        """
        attempt.sent = False
        attempt.seconds()
        wired = self._wired(request, attempt)
        attempt.sent = True  # until a connection of ours knows better
        answer = await self._transport.handle_async_request(wired)
        if len(answer.headers.raw) > MOST_HEADERS or any(
            len(name) + len(value) + 4 > LONGEST_HEADER for name, value in answer.headers.raw
        ):
            await discard(answer)
            raise http.client.HTTPException("too many headers, or one that is too long")
        attempt.status = answer.status_code
        return answer

    def _wired(self, request: PreparedRequest, attempt: Attempt) -> httpx2.Request:
        """Return the request for httpx2, with the same bytes that the blocking client sends."""
        url, body, fields = str(request.url), cast("Any", request.body), cast("Any", request.headers)
        headers = [(b"Host", self._host)]
        for name, value in fields.items():
            headers.append((name.encode("ascii"), value if isinstance(value, bytes) else value.encode("latin-1")))
        stream: httpx2.AsyncByteStream
        if body is None or isinstance(body, (str, bytes)):
            stream = httpx2.ByteStream(body.encode() if isinstance(body, str) else body or b"")
        else:
            stream = Uploaded(body)
        target = self._adapter.request_url(request, None).encode("ascii")
        extensions = {"attempt": attempt, "target": target}
        return httpx2.Request(str(request.method), url, headers=headers, stream=stream, extensions=extensions)

    async def read(self, request: PreparedRequest, answer: httpx2.Response) -> Response:
        """Read the body of a response of `head`, and return the complete response; errors are those of `exchange`."""
        try:
            return await self._complete(request, answer)
        finally:
            await discard(answer)

    def left_open(self, request: PreparedRequest, answer: httpx2.Response, body: Any) -> Response:
        """Return a response of requests for `answer`, with the unread `body` as `raw`, which `self.aclose` closes."""
        self._open_bodies.add(body)
        response = self._adapter.build_response(request, raw_response(answer, headers_of(answer), io.BytesIO()))
        response.raw = body
        return response

    async def _complete(self, request: PreparedRequest, answer: httpx2.Response) -> Response:
        """Return the complete response. Files are written, and large bodies decompressed, in a thread."""
        found = headers_of(answer)
        pieces: Any = aiter(answer.stream)  # type: ignore[arg-type,unused-ignore]
        async with aclosing(pieces):
            if getattr(request, "to", None) is not None and answer.status_code < 300:
                raw = raw_response(answer, found, Downloaded(pieces))
                return await anyio.to_thread.run_sync(self._adapter.build_response, request, raw)
            self._adapter.check_declared(found)
            body = io.BytesIO()
            async for piece in pieces:
                body.write(piece)
                if body.tell() > self._adapter.largest:
                    break
        is_large = body.tell() > LARGE_ENCODED and "Content-Encoding" in found
        body.seek(0)
        raw = raw_response(answer, found, body)
        if is_large:
            return await anyio.to_thread.run_sync(self._adapter.build_response, request, raw)
        return self._adapter.build_response(request, raw)


async def close_iterator(pieces: Any) -> None:
    """Close an asynchronous generator that reads a body.

    If another coroutine is waiting for its next piece, nothing is done: closing the connection ends that wait.
    """
    if not pieces.ag_running:
        await pieces.aclose()


async def discard(answer: httpx2.Response) -> None:
    """Return the connection of a response to the pool, or close it if the body was not read to its end."""
    with anyio.CancelScope(shield=True):
        await answer.aclose()


def headers_of(answer: httpx2.Response) -> Any:
    """Return the headers of a response as an HTTPHeaderDict of urllib3, with repeated ones, read as Latin-1."""
    found = urllib3.HTTPHeaderDict()
    for name, value in answer.headers.raw:
        found.add(name.decode("latin-1"), value.decode("latin-1"))
    return found


def raw_response(answer: httpx2.Response, headers: Any, body: Any) -> urllib3.HTTPResponse:
    """Return a response of urllib3 for `Adapter.build_response`.

    Args:
        answer: The response of httpx2, from which the status is taken.
        headers: The headers, as `headers_of` returns them.
        body: A file from which the body is read.
    """
    return urllib3.HTTPResponse(
        body, headers=headers, status=answer.status_code, reason=answer.reason_phrase, preload_content=False
    )


def tls_context(settings: dict[str, Any]) -> ssl.SSLContext:
    """Return the TLS context for the keys `verify` and `cert` of `Adapter.settings`, as a blocking client has it.

    It reads the files of certificates, with blocking I/O.

    Raises:
        OSError: a file of certificates can't be read.
    """
    verify, cert = settings["verify"], settings["cert"]
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if verify else ssl.CERT_NONE)
    if verify:
        adapter: Any = HTTPAdapter()
        pool: Any = urllib3.HTTPSConnectionPool("localhost")
        adapter.cert_verify(pool, "https://", verify, None)
        context.load_verify_locations(pool.ca_certs, pool.ca_cert_dir)
    if cert:
        context.load_cert_chain(*([cert] if isinstance(cert, str) else cert))
    return context


def socks_proxy(url: str, tls: ssl.SSLContext | None, network: NotingBackend) -> httpcore2.AsyncSOCKSProxy:
    """Return an object of httpcore2 that creates connections through a SOCKS proxy.

    Args:
        url: The address of the proxy, which may contain a user and password.
        tls: The TLS context for the service; None for the default.
        network: Opens the connection to the proxy.

    Raises:
        InvalidSchema: the scheme is not `socks5` or `socks5h`. Both let the proxy look up the host.
    """
    if not url.startswith("socks5"):
        raise requests.exceptions.InvalidSchema("only SOCKS 5 is supported")
    user, password = get_auth_from_url(url)
    return httpcore2.AsyncSOCKSProxy(
        _without_login(url),
        proxy_auth=(user, password) if user else None,
        ssl_context=tls,
        network_backend=network,
    )


def _without_login(url: str) -> str:
    """Return the address of a proxy without its user and password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


async def exchange_once(adapter: Any, request: PreparedRequest, attempt: Attempt) -> Response | Failure:
    """Send a request once on an event loop, and return the response of any status; a Failure without a complete one.

    Args:
        adapter: An AsyncAdapter, or an object with the same method `exchange`.
        request: The signed request.
        attempt: The deadline, and what happened to the request so far.

    Raises:
        ClientError: the request body can't be read from its file, or the response can't be written to one.
    """
    note = request_note(request)
    outcome: Response | Failure
    try:
        outcome = await adapter.exchange(request, attempt)
    except ClientError:
        raise
    except BROKEN as caught:
        outcome = failure(caught, attempt)
    if note:
        note(outcome)
    return outcome


def cancellation_failure(attempt: Attempt | None) -> Failure:
    """Return a Failure that says how far a cancelled call came.

    `attempt` is the attempt during which it was cancelled; None if the call was waiting for something else.
    """
    if attempt is None or not attempt.sent:
        return Failure(CANCELLED, Moment.NOT_SENT)
    return Failure(CANCELLED, Moment.CUT_OFF if attempt.status else Moment.SENT, status=attempt.status)
