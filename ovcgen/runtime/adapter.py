# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Send requests to one address over pooled connections, and explain failed connections."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import requests
import urllib3
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3.exceptions import (  # type: ignore[attr-defined,unused-ignore]  # stubs of urllib3 1.26
    ConnectTimeoutError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
)
from urllib3.util import parse_url
from urllib3.util.ssl_match_hostname import CertificateError

from .download import save
from .errors import ArgumentError
from .redaction import set_content, url_without_secrets
from .typeguards import is_sequence

CONNECT = 10.0  # seconds to accept a connection
THREADS = 32  # connections that are kept open
REFUSED, NO_HOST, TLS, PROXY = "connection refused", "no such host", "certificate or TLS refused", "the proxy refused"
NO_ANSWER = "no answer in time"
BEFORE_SENDING = (
    (NameResolutionError, NO_HOST),
    (NewConnectionError, REFUSED),
    ((ConnectTimeoutError, requests.exceptions.ConnectTimeout), "no connection in time"),
    (ProxyError, PROXY),
    ((ssl.SSLCertVerificationError, CertificateError), TLS),
    ((UnicodeError, requests.exceptions.InvalidURL), "it can't be written as a request"),
)
IN_A_HANDSHAKE = (
    "CERTIFICATE",
    "HANDSHAKE",
    "HTTP_REQUEST",
    "PROTOCOL",
    "UNKNOWN_CA",
    "VERSION",
)  # parts of OpenSSL's reasons for a failed handshake
FIXES = {
    TLS: "Pass the CA bundle of that address as verify=, your own certificate as cert=, or correct the address.",
    PROXY: "Check HTTPS_PROXY and NO_PROXY.",
    NO_HOST: "Check the spelling of the address, and the name server.",
    REFUSED: "Check the address and the port, and that the service is up; it is safe to repeat.",
}
TIMEOUTS = (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError)
FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


class Trust(NamedTuple):
    """The TLS settings of a connection.

    Attributes:
        verify: False to skip the server's certificate check, or the path of a CA bundle.
        cert: The client certificate: one path, or a pair (certificate, key); None for none.
    """

    verify: bool | str = True
    cert: str | tuple[str, str] | None = None


NOBODY = Trust()


class WireRequest(PreparedRequest):
    """A prepared request to the API at `root`.

    Attributes:
        root: The root URL of the API.
        verify, cert: As in Trust.
        signer: The login for this request; None for the operation's usual one.
        to: The file to write the response body to; None to keep it in memory.
    """

    root: str = ""
    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    signer: AuthBase | None = None
    to: Path | None = None

    def copy(self) -> WireRequest:
        """Return a copy with headers of its own, which can be signed without changing this request."""
        twin = WireRequest.__new__(WireRequest)
        twin.__dict__.update(self.__dict__, headers=self.headers.copy())
        return twin


class Adapter(HTTPAdapter):
    """Sends requests to one address: once each, without cookies or redirects, and reads the whole response.

    A request without a complete response raises one of FAILURES.
    """

    def __init__(self, url: str, *, trust: Trust = NOBODY) -> None:
        super().__init__(pool_maxsize=THREADS, max_retries=0)
        self._settings = _settings(url, trust)
        self._pool: Any = None

    def exchange(self, request: PreparedRequest, timeout: float) -> Response:
        """Send the request and return the response.

        `timeout` is the longest wait for data, in seconds. Connecting takes at most 10 seconds of it.
        """
        return self.send(request, timeout=(min(CONNECT, timeout), timeout), **self._settings)

    def get_connection_with_tls_context(self, *given: Any, **named: Any) -> Any:
        """Return the connection pool of the address. It is looked up once, which saves a tenth of a call's time."""
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(*given, **named)
        return self._pool

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """Return the complete response without its cookies, which would act as a second identity."""
        response = Response()
        response.status_code, response.reason, response.raw = resp.status, resp.reason, resp
        response.headers = CaseInsensitiveDict(resp.headers)
        response.headers.pop("Set-Cookie", None)
        response.encoding = get_encoding_from_headers(response.headers)
        response.url, response.request = str(req.url), req
        to = getattr(req, "to", None)
        if to is not None and resp.status < 300:
            save(resp, to)
            set_content(response, b"")
        _ = response.content
        response.raw = None  # it holds the URL, and with it the `authkey` of a GET
        return response

    def close(self) -> None:
        """Close all connections; the next request opens new ones."""
        self._pool = None
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
    """Return the URL in normal form, without a trailing slash. `what` names the service in the error.

    Raises:
        ArgumentError: it is not an http(s) URL, or has user information, a query or a fragment.
    """
    checked = ""
    try:
        parts = parse_url(url)
        if parts.scheme in ("http", "https") and not (parts.auth or parts.query or parts.fragment):
            checked = requests.Request("GET", url).prepare().url or ""
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, AttributeError, TypeError):
        checked = ""
    if not checked or not url.isprintable() or not HOST.fullmatch(parse_url(checked).host or ""):
        raise ArgumentError(
            f"{url_without_secrets(str(url))!a} is no address of {what}.",
            fix="Pass one such as https://be-g8-3.example, without user, password or query.",
        )
    return checked.rstrip("/")


class Failure(NamedTuple):
    """Why there is no response.

    Attributes:
        reason: The cause, as text.
        sent: Whether the request may have been executed.
    """

    reason: str
    sent: bool


def failure(caught: Exception) -> Failure:
    """Return the cause of one of FAILURES. In doubt the request counts as sent."""
    inside = tuple(_inside(caught))
    for kind, reason in BEFORE_SENDING:
        if any(isinstance(exception, kind) for exception in inside):
            return Failure(reason, sent=False)
    for exception in inside:
        if isinstance(exception, ssl.SSLError) and any(
            word in str(getattr(exception, "reason", "")) for word in IN_A_HANDSHAKE
        ):
            return Failure(TLS, sent=False)
    if any(isinstance(exception, TIMEOUTS) for exception in inside):
        return Failure(NO_ANSWER, sent=True)
    return Failure("the connection broke", sent=True)


def _inside(error: object) -> Iterator[BaseException]:
    """Yield the error and the errors it wraps: requests keeps those of urllib3 in its first argument."""
    while isinstance(error, BaseException):
        yield error
        first = error.args[0] if error.args else None
        reason = getattr(error, "reason", None)
        error = reason if isinstance(reason, BaseException) else first
