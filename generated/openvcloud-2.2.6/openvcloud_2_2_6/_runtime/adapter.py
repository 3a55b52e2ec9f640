"""Send requests to one address over pooled connections, and explain failed connections."""

from __future__ import annotations

import http.client
import math
import os
import re
import ssl
from collections.abc import ItemsView, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from weakref import WeakSet

import requests  # type: ignore[import-untyped,unused-ignore]
import urllib3  # type: ignore[import-untyped,unused-ignore]
from requests import PreparedRequest, Response  # type: ignore[import-untyped,unused-ignore]
from requests.adapters import HTTPAdapter  # type: ignore[import-untyped,unused-ignore]
from requests.auth import AuthBase  # type: ignore[import-untyped,unused-ignore]
from requests.structures import CaseInsensitiveDict  # type: ignore[import-untyped,unused-ignore]
from requests.utils import get_encoding_from_headers  # type: ignore[import-untyped,unused-ignore]
from urllib3.exceptions import (  # type: ignore[import-untyped,attr-defined,unused-ignore]  # stubs of urllib3 1.26
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
)
from urllib3.util import parse_url  # type: ignore[import-untyped,unused-ignore]
from urllib3.util.ssl_match_hostname import CertificateError  # type: ignore[import-untyped,unused-ignore]

from .errors import ArgumentError, ClientError
from .media_types import known_charset
from .policy import CONNECT, LARGEST, NO_HOST, NO_SOCKS, NO_TLS, OVERSIZE, PROXY, REFUSED, TLS, Failure, Moment
from .redaction import set_content, url_without_secrets
from .request_log import request_note
from .tracked_connections import PROCESS, Attempt, current_attempt, set_current_attempt, use_tracking_classes
from .typeguards import is_sequence

THREADS = 64  # connections that are kept open; more than one client usually has threads
NO_ANSWER = "no answer in time"
REASONS = (  # the texts of failures by exception; what to do does not depend on them
    (NameResolutionError, NO_HOST),
    (NewConnectionError, REFUSED),
    (ProxyError, PROXY),
    ((ConnectTimeoutError, requests.exceptions.ConnectTimeout), "no connection in time"),
)
UNSENDABLE = (
    (requests.exceptions.InvalidSchema, NO_SOCKS),
    ((UnicodeError, requests.exceptions.InvalidURL), "it can't be written as a request"),
)
WITHOUT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL")  # what OpenSSL calls such an answer
BROKEN_TLS = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)  # the peer went away in the handshake
PIECE = 64 * 1024  # bytes
TIMEOUTS = (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, http.client.HTTPException)


class Trust(NamedTuple):
    """The TLS settings of a connection.

    Attributes:
        verify: False to skip the server's certificate check, or the path of a CA bundle; True for the CA bundle of the
            environment, else that of the library requests.
        cert: The client certificate: one path, or a pair (certificate, key); None for none.
    """

    verify: bool | str = True
    cert: str | tuple[str, str] | None = None


NOBODY = Trust()


class RequestHeaders(CaseInsensitiveDict):  # type: ignore[misc,type-arg,unused-ignore]
    """The headers of a request, by case-insensitive name. `copy` and `items` are faster than in the base class."""

    def copy(self) -> RequestHeaders:
        """Return a copy that can be changed without changing this one."""
        twin = RequestHeaders.__new__(RequestHeaders)
        twin.__dict__["_store"] = self.__dict__["_store"].copy()
        return twin

    def items(self) -> ItemsView[str, Any]:
        """Return the (name, value) pairs of this moment. The names are spelled as they were set."""
        return dict(self.__dict__["_store"].values()).items()


class WireRequest(PreparedRequest):  # type: ignore[misc,unused-ignore]
    """A prepared request to the API at `root`.

    Attributes:
        root: The root URL of the API.
        verify, cert: As in Trust.
        signer: The login for this request; None for the operation's usual one.
        to: The file to write the body of a successful response to; None to keep it in memory.
        streamed: Whether the body of a successful response is left on the connection, as the response's `raw`.
    """

    root: str = ""
    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    signer: AuthBase | None = None
    to: Path | None = None
    streamed: bool = False

    def copy(self) -> WireRequest:
        """Return a copy with its own headers, which can be signed without changing this request. The body is shared."""
        twin = WireRequest.__new__(WireRequest)
        twin.__dict__.update(self.__dict__, headers=self.headers.copy())
        return twin


class BodyTooLarge(urllib3.exceptions.HTTPError):  # type: ignore[misc,unused-ignore]
    """A response body is larger than `Adapter.largest`; calls raise ResponseTooLarge or OutcomeUnknown for it."""


class Adapter(HTTPAdapter):  # type: ignore[misc,unused-ignore]
    """Sends each request once, to one address, with blocking I/O. Cookies are not kept, and redirects not followed.

    Args:
        url: The address. Only its scheme, host and port matter.
        trust: The TLS settings.

    Attributes:
        largest: The largest body in bytes, after decompression: 64 MiB. Files that are written to disk may be larger.
        settings: The proxies by scheme, the CA bundle (`verify`) and the client certificate (`cert`). They are read
            from the environment once, when the adapter is created.

    Raises:
        ArgumentError: the CA bundle does not exist, or the client certificate can't be used.
    """

    def __init__(self, url: str, *, trust: Trust = NOBODY) -> None:
        super().__init__(pool_maxsize=THREADS, max_retries=0)
        self.largest = LARGEST
        self.settings = _settings(url, trust)
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._pool: Any = None
        self._checked: Any = None
        self._open: WeakSet[Any] = WeakSet()  # responses whose bodies are read while they arrive
        self._generation = PROCESS.generation

    def exchange(self, request: PreparedRequest, attempt: Attempt) -> Response:
        """Send the request once and return the response, of any status, with its whole body in memory.

        The body of a success is in the file `request.to` instead if the request has one, and left unread as `raw` if
        the request is `streamed`; from then on the attempt has no deadline.

        Args:
            request: The signed request.
            attempt: The deadline. Its `sent` and `status` are updated.

        Raises:
            One of FAILURES: there is no complete response, or the deadline of the attempt has passed. FAILURES are the
                errors of requests, urllib3, `http.client` and sockets: OSError and ValueError among them.
            ClientError: the request body can't be read from its file, or the response can't be written to one.
        """
        attempt.sent = False
        read = attempt.seconds()
        attempt.sent = True  # until a connection of ours knows better
        before = set_current_attempt(attempt)
        try:
            return self.send(request, timeout=(min(CONNECT, read), read), **self.settings)
        finally:
            set_current_attempt(before)  # the body of a request may make calls of its own while it is read

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the connection pools, whose connections record when a request begins to go out."""
        super().init_poolmanager(*given, **named)
        use_tracking_classes(self.poolmanager)

    def proxy_manager_for(self, *given: Any, **named: Any) -> Any:
        """Return the connection pools of a proxy, whose connections record when a request begins to go out."""
        return use_tracking_classes(super().proxy_manager_for(*given, **named))

    def get_connection_with_tls_context(self, *given: Any, **named: Any) -> Any:
        """Return the connection pool of the address. It is looked up once, which saves a tenth of a call's time.

        After a fork a new pool is made. The current attempt is marked as not sent.
        """
        if (attempt := current_attempt()) is not None:
            attempt.sent = False
        if self._generation != PROCESS.generation:
            self._leave_to_parent()
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(*given, **named)
        return self._pool

    def _leave_to_parent(self) -> None:
        """Open new connections after a fork: the parent's would give each process the other's responses."""
        self._generation = PROCESS.generation
        self._pool = self._checked = None
        self.proxy_manager = {}  # type: ignore[var-annotated,unused-ignore]
        self.init_poolmanager(self._pool_connections, self._pool_maxsize, block=self._pool_block)  # type: ignore[attr-defined,unused-ignore]

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Set the TLS settings of a pool, unless they were already set for this pool."""
        if conn is not self._checked:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call,unused-ignore] # pyright: ignore[reportUnknownMemberType]
            self._checked = conn

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:
        """Return the target of the request line: the path and query, or the whole URL for a proxy of plain HTTP."""
        url = request.url or ""
        target = url[len(self._origin) :]
        if not proxies and target[:1] == "/" and url.startswith(self._origin) and "#" not in target:
            return target
        return str(super().request_url(request, proxies))

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """Return the response of requests for a response of urllib3, without its cookies.

        Cookies would act as a second login.

        The body is read into memory, decompressed. If the status is below 300, it is written to the file `req.to`
        instead, or left unread as `raw` if `req.streamed`; then `content` is empty.

        Raises:
            BodyTooLarge: the body in memory would be larger than `largest`.
            UnwritableFile: the file can't be written.
            One of FAILURES: the body is not complete.
        """
        attempt = current_attempt()
        if attempt is not None:
            attempt.status = resp.status
        response = Response()
        response.status_code, response.reason = resp.status, resp.reason
        response.headers = CaseInsensitiveDict(resp.headers)
        response.headers.pop("Set-Cookie", None)
        declared = get_encoding_from_headers(response.headers)
        response.encoding = declared and known_charset(declared)  # so that `response.text` can't raise an error
        response.url, response.request = str(req.url), req
        to = getattr(req, "to", None)
        if to is not None and resp.status < 300:
            from .download import save  # few calls write to a file

            save(resp, to)
            set_content(response, b"")
        elif resp.status < 300 and getattr(req, "streamed", False):
            response.raw = resp
            self._open.add(resp)
            set_content(response, b"")
            if attempt is not None:
                attempt.deadline = math.inf  # from now on only the wait for the next byte is limited
        else:
            set_content(response, self.body_of(resp))
        return response

    def body_of(self, resp: Any) -> bytes:
        """Return the decompressed body of a urllib3 response.

        Raises:
            BodyTooLarge: it is larger than `largest`. It is not read any further, and the connection is closed.
        """
        declared = resp.headers.get("Content-Length", "")
        try:
            self.check_declared(resp.headers)
        except BodyTooLarge:
            resp.close()
            raise
        if declared and type(resp) is urllib3.HTTPResponse and "Content-Encoding" not in resp.headers:
            content: bytes = resp.read()
            return content
        pieces: list[bytes] = []
        size = 0
        for piece in resp.stream(PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self.largest:
                resp.close()
                raise BodyTooLarge(str(size))
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def check_declared(self, headers: Mapping[str, str]) -> None:
        """Raise BodyTooLarge if the Content-Length is more than `largest`. One that is absent or no number passes."""
        declared = headers.get("Content-Length", "")
        if declared.isdecimal() and int(declared[:18]) > self.largest:
            raise BodyTooLarge(declared)

    def close(self) -> None:
        """Close all connections and unread streams; the next request opens new ones."""
        self._pool = self._checked = None
        for stream in tuple(self._open):
            stream.abandoned = True  # urllib3 itself reads a closed body like one that has ended
            stream.close()
        super().close()


def _settings(url: str, trust: Trust) -> dict[str, Any]:
    """Return proxies and CA bundle, read from the environment once instead of at every call.

    Raises:
        ArgumentError: the CA bundle does not exist, or the client certificate can't be used.
    """
    with requests.Session() as session:
        settings = session.merge_environment_settings(url, {}, False, trust.verify, _checked_certificate(trust.cert))
    bundle = settings["verify"]
    if not isinstance(bundle, bool) and not (bundle and os.path.exists(bundle)):
        raise ArgumentError(
            f"There is no CA bundle at {str(bundle)!a}.",
            fix="Correct verify=, or REQUESTS_CA_BUNDLE in the environment.",
        )
    return dict(settings)


def _checked_certificate(cert: object) -> Any:
    """Return the client certificate in the form that requests takes.

    Raises:
        ArgumentError: it is not a path or a pair, can't be read, or its key is encrypted.
    """
    if cert is None:
        return None
    paths: list[Any] = list(cert) if is_sequence(cert) else [cert]
    if len(paths) not in (1, 2) or not all(isinstance(path, (str, os.PathLike)) for path in paths):
        raise ArgumentError("cert= takes a path, or a pair of paths.", fix="Pass the certificate and its key.")
    names: list[str] = [os.fspath(path) for path in paths]

    def no_password() -> str:
        raise ArgumentError("The key of cert= is encrypted.", fix="Pass a key without a password.")

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(names[0], names[-1], password=no_password)
    except OSError as error:  # SSLError is a subclass
        raise ArgumentError(
            f"The client certificate {' with the key '.join(map(ascii, names))} can't be used: "
            f"{error.strerror or 'it is none, or the key is that of another'}.",
            fix="Pass cert= with the path of a PEM file that holds both, or with a pair of paths.",
        ) from None
    return names[0] if len(names) == 1 else tuple(names)


# A valid host. urllib3's own check differs between versions: 2.6 accepts "a b.example".
HOST = re.compile(r"[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+(%(25)?[A-Za-z0-9._~-]+)?\]")


def checked_url(url: str, what: str) -> str:
    """Return the URL as requests would send it, but without slashes at its end. `what` names the service in the error.

    Raises:
        ArgumentError: it is not an absolute http(s) URL, has user information, a query, a fragment or characters that
            can't be printed, or its host is no name or IP address.
    """
    url = str(url)  # an object that stands for an address is taken, too
    checked = _normal_url(url)
    if not checked:
        example = "Pass one such as https://be-g8-3.example, without user, password or query."
        has_host = url.startswith("localhost") or any(sign in url for sign in ".:[")
        secure = "" if "://" in url or not has_host else _normal_url(f"https://{url}").rstrip("/")
        plain = f"http{secure.removeprefix('https')}"
        raise ArgumentError(
            f"{url_without_secrets(url)!a} is no address of {what}.",
            fix=f"Write it with its scheme: {secure}, or {plain} for plain http." if secure else example,
        )
    return checked.rstrip("/")


def _normal_url(url: str) -> str:
    """Return an http(s) URL in normal form; "" if it is none, or has user information, a query or a fragment."""
    try:
        parts = parse_url(url)
        if parts.scheme not in ("http", "https") or parts.auth or parts.query or parts.fragment:
            return ""
        checked = str(requests.Request("GET", url).prepare().url or "")
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, AttributeError, TypeError):
        return ""
    return checked if url.isprintable() and HOST.fullmatch(parse_url(checked).host or "") else ""


def exchange_once(adapter: Any, request: PreparedRequest, attempt: Attempt) -> Response | Failure:
    """Send a request once with blocking I/O, and return the response of any status; a Failure without a complete one.

    It is logged at level DEBUG; see `request_note`.

    Args:
        adapter: An Adapter, or an object with the same method `exchange`.
        request: The signed request.
        attempt: The deadline, and what happened to the request so far.

    Raises:
        ClientError: the request body can't be read from its file, or the response can't be written to one.
    """
    note = request_note(request)
    outcome: Response | Failure
    try:
        outcome = adapter.exchange(request, attempt)
    except ClientError:
        raise
    except FAILURES as caught:
        outcome = failure(caught, attempt)
    if note:
        note(outcome)
    return outcome


def failure(caught: Exception, attempt: Attempt) -> Failure:
    """Return the reason and the moment of a failed attempt as a Failure; nothing is raised.

    `caught` is one of FAILURES. Whether the request was sent, and whether a response came, is read from `attempt`.
    """
    inside = tuple(_inside(caught))
    timed_out = any(isinstance(exception, TIMEOUTS) for exception in inside)
    if attempt.sent:
        moment = Moment.CUT_OFF if attempt.status else Moment.SENT
        if isinstance(caught, BodyTooLarge):
            return Failure(OVERSIZE, Moment.UNREADABLE, status=attempt.status)
        if any(isinstance(exception, urllib3.exceptions.DecodeError) for exception in inside):
            return Failure("its body can't be decompressed", Moment.UNREADABLE, status=attempt.status)
        reason = NO_ANSWER if timed_out else "the connection broke"
        return Failure(reason, moment, timed_out, attempt.status)
    for kinds, reason in UNSENDABLE:
        if isinstance(caught, kinds) or any(isinstance(exception, UnicodeError) for exception in inside):
            return Failure(reason, Moment.UNSENDABLE)
    for exception in inside:
        if isinstance(exception, (ssl.SSLError, CertificateError)) and not isinstance(exception, BROKEN_TLS):
            is_plain = getattr(exception, "reason", None) in WITHOUT_TLS
            return Failure(NO_TLS if is_plain else TLS, Moment.NOT_TRUSTED)
    found = (text for kinds, text in REASONS for exception in inside if isinstance(exception, kinds))
    reason = next(found, "no connection in time" if timed_out else "the connection broke before the request")
    return Failure(reason, Moment.NOT_SENT, timed_out)


def _inside(error: object) -> Iterator[BaseException]:
    """Yield the error and the errors it wraps: requests keeps those of urllib3 in its first argument."""
    while isinstance(error, BaseException):
        yield error
        first = error.args[0] if error.args else None
        reason = getattr(error, "reason", None)
        error = reason if isinstance(reason, BaseException) else first
