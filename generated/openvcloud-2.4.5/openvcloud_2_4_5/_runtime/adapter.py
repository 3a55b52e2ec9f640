# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""The connections to one address, and what it means when one of them fails."""

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
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, ProxyError
from urllib3.util import parse_url
from urllib3.util.ssl_match_hostname import CertificateError

from .download import save
from .errors import ArgumentError
from .redaction import set_content, url_without_secrets

CONNECT = 10.0  # seconds to accept a connection
THREADS = 32  # connections that are kept for the next call
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
)  # in the reasons of OpenSSL
FIXES = {
    TLS: "Pass the CA bundle of that address as verify=, your own certificate as cert=, or correct the address.",
    PROXY: "Check HTTPS_PROXY and NO_PROXY.",
    NO_HOST: "Check the spelling of the address, and the name server.",
    REFUSED: "Check the address and the port, and that the portal is up; it is safe to repeat.",
}
TIMEOUTS = (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError)
FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


class Trust(NamedTuple):
    """How both ends of a connection prove who they are.

    `verify` is True, False or the path of a CA bundle for the other side. `cert` is the path of our own certificate
    with its key, or a pair of paths; None for no certificate.
    """

    verify: bool | str = True
    cert: str | tuple[str, str] | None = None


NOBODY = Trust()


class WireRequest(PreparedRequest):
    """A request to the portal at `root`; `to` is where a file goes, `signer` the login if it is not the usual one.

    `verify` and `cert` are those of Trust.
    """

    root: str = ""
    verify: bool | str = True
    cert: str | tuple[str, str] | None = None
    signer: AuthBase | None = None
    to: Path | None = None

    def copy(self) -> WireRequest:
        """A request that can be signed without signing this one."""
        twin = WireRequest.__new__(WireRequest)
        twin.__dict__.update(self.__dict__, headers=self.headers.copy())
        return twin


class Adapter(HTTPAdapter):
    """The way to one address. It sends once, keeps no cookie, follows nothing and reads each answer to its end.

    Raises one of FAILURES where there is no whole answer.
    """

    def __init__(self, url: str, *, trust: Trust = NOBODY) -> None:
        super().__init__(pool_maxsize=THREADS, max_retries=0)
        self._settings = _settings(url, trust)
        self._pool: Any = None

    def exchange(self, request: PreparedRequest, timeout: float) -> Response:
        """Send the request and read its answer, which may take `timeout` seconds to begin."""
        return self.send(request, timeout=(min(CONNECT, timeout), timeout), **self._settings)

    def get_connection_with_tls_context(self, *given: Any, **named: Any) -> Any:
        """The pool of the one address: looked up once, which saves a tenth of a call."""
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(*given, **named)
        return self._pool

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """The whole answer, without its cookies: a cookie left behind would be an identity of its own."""
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
        response.raw = None  # it knows the address that was asked, and with it the `authkey` of a GET
        return response

    def close(self) -> None:
        """Close all connections; the next request opens new ones."""
        self._pool = None
        super().close()


def _settings(url: str, trust: Trust) -> dict[str, Any]:
    """Proxies and CA bundle of the environment, looked up once and not at every call."""
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
    """The client certificate as requests takes it; raises ArgumentError where it can't be used."""
    if cert is None:
        return None
    paths = [cert] if isinstance(cert, (str, os.PathLike)) else list(cert) if isinstance(cert, (list, tuple)) else []
    if len(paths) not in (1, 2) or not all(isinstance(path, (str, os.PathLike)) for path in paths):
        raise ArgumentError("cert= takes a path, or a pair of paths.", fix="Pass the certificate and its key.")
    names = [os.fspath(path) for path in paths]

    def no_password() -> str:
        raise ArgumentError("The key of cert= is encrypted.", fix="Pass a key without a password.")

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(names[0], names[-1], password=no_password)
    except OSError as error:  # an SSLError is one
        raise ArgumentError(
            f"The client certificate {' with the key '.join(map(ascii, names))} can't be used: "
            f"{error.strerror or 'it is none, or the key is that of another'}.",
            fix="Pass cert= with the path of a PEM file that holds both, or with a pair of paths.",
        ) from None
    return names[0] if len(names) == 1 else tuple(names)


# What a host may be written with. urllib3 judges it as well, each version differently: 2.6 takes "a b.example".
HOST = re.compile(r"[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+(%(25)?[A-Za-z0-9._~-]+)?\]")


def checked_url(url: str, what: str) -> str:
    """The address as it is sent, without a slash at its end; raises ArgumentError where it is none."""
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
    """Why there is no answer, and whether the request may have been carried out."""

    reason: str
    sent: bool


def failure(caught: Exception) -> Failure:
    """What one of FAILURES means. In doubt the request was sent."""
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
    """The error and all that it wraps: requests puts what urllib3 says into the first argument."""
    while isinstance(error, BaseException):
        yield error
        first = error.args[0] if error.args else None
        reason = getattr(error, "reason", None)
        error = reason if isinstance(reason, BaseException) else first
