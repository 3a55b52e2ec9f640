"""Check the connection to a portal and its responses: proxy, netrc, TLS, clock, login and release."""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from ovcgen.cli.doctor.run_checks import NOTE, OK, PROBLEM, CheckResult
from ovcgen.runtime.errors import ApiError, Unauthorized
from ovcgen.runtime.urls import split_url

if TYPE_CHECKING:
    from ovcgen.cli.profiles.command_target import CommandTarget

SKEW, LARGE_SKEW = 30.0, 300.0  # seconds that clocks may differ without a note, and without a problem
EXPIRING = 14 * 86400.0  # seconds before the end of a certificate from which on it is noted


class PortalChecks:
    """The checks of one portal or service. Each method yields results; only `proxy` and `netrc` never send anything.

    Args:
        target: The portal or service, with its settings for TLS and timeout.
        address: The URL of the portal or service.
    """

    def __init__(self, target: CommandTarget, address: str) -> None:
        self._target, self._address = target, address
        self._parts = split_url(address)

    def proxy(self) -> Iterator[CheckResult]:
        """Yield which proxy the environment variables set for the address, without the proxy's password."""
        from requests.utils import get_environ_proxies, select_proxy

        from ovcgen.runtime.redaction import url_without_secrets

        proxy = select_proxy(self._address, get_environ_proxies(self._address))
        if not proxy:
            yield CheckResult("proxy", OK, f"none for {self._address}")
            return
        advice = "Name the host in NO_PROXY if it should be reached directly."
        yield CheckResult("proxy", NOTE, f"{self._address} is reached by {url_without_secrets(proxy)}", advice)

    def netrc(self) -> Iterator[CheckResult]:
        """Yield whether ~/.netrc has an entry for the host. The library requests would send it, ovcgen does not."""
        from requests.utils import get_netrc_auth

        if get_netrc_auth(self._address) is None:
            yield CheckResult("netrc", OK, f"no entry for {self._parts.hostname}")
        else:
            text = f"has an entry for {self._parts.hostname}, which ovcgen does not use"
            yield CheckResult(
                "netrc", NOTE, text, "Log in with `ovcgen auth login`; curl and requests do use the entry."
            )

    def certificate(self) -> Iterator[CheckResult]:
        """Yield what is found about the server's TLS certificate and the CA bundle.

        A certificate that is not trusted, a missing CA bundle and a failed connection are problems; a certificate that
        ends within 14 days, and an address without https, are notes. Behind a proxy, only the CA bundle is checked.
        """
        from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies, select_proxy

        bundle = DEFAULT_CA_BUNDLE_PATH if self._target.verify is True else str(self._target.verify)
        if self._parts.scheme != "https":
            yield CheckResult(
                "tls", NOTE, f"{self._address} is not encrypted", "Use https:// for anything but a simulator."
            )
            return
        if not os.path.exists(bundle):
            fix = "Correct --ca-bundle, the profile or REQUESTS_CA_BUNDLE."
            yield CheckResult("tls", PROBLEM, f"there is no CA bundle at {bundle}", fix)
            return
        if select_proxy(self._address, get_environ_proxies(self._address)):
            yield CheckResult("tls", OK, f"CA bundle {bundle}; the certificate is not looked at through a proxy")
            return
        try:
            found = self._peer_certificate(bundle)
        except ssl.SSLCertVerificationError as error:
            text = f"the certificate is not trusted: {error.verify_message} (CA bundle {bundle})"
            yield CheckResult("tls", PROBLEM, text, "Pass the CA bundle of that address with --ca-bundle.")
        except OSError as error:
            text = f"no encrypted connection: {error.strerror or type(error).__name__}"
            yield CheckResult("tls", PROBLEM, text, "Check the address, and that it speaks https.")
        else:
            yield _validity(found, bundle)

    def _peer_certificate(self, bundle: str) -> dict[str, Any]:
        """Return the certificate of the server. Raises SSLCertVerificationError if it is not trusted."""
        file, folder = (None, bundle) if os.path.isdir(bundle) else (bundle, None)
        context = ssl.create_default_context(cafile=file, capath=folder)
        if (cert := self._target.cert) is not None:
            context.load_cert_chain(*((cert,) if isinstance(cert, str) else cert))
        place = (self._parts.hostname or "", self._parts.port or 443)
        with (
            socket.create_connection(place, timeout=self._target.timeout) as plain,
            context.wrap_socket(plain, server_hostname=place[0]) as encrypted,
        ):
            return dict(encrypted.getpeercert() or {})

    def answer(self) -> Iterator[CheckResult]:
        """Send `GET /` without a login, and yield the response's status and how far our clock is from its Date header.

        Any status is ok. A clock that is off by more than 30 seconds is a note, by more than 5 minutes a problem.

        Raises:
            ArgumentError, TransportError: the address is wrong, or there is no response; `run_checks` reports this.
        """
        from ovcgen.runtime.adapter import checked_url
        from ovcgen.runtime.operation import OperationSpec
        from ovcgen.runtime.session import Session

        root = OperationSpec("root", "GET", "/", answer="file", retry="read", plain=True)
        address = checked_url(self._address, "a portal")
        with Session(address, timeout=self._target.timeout, retries=0, **self._target.trust) as session:
            response: Any = None
            try:
                response = session.deliver(root, session.request_for(root, []))
            except ApiError as error:  # any answer will do
                response = error.response
        status = response.status_code if response is not None else "an error"
        yield CheckResult("connection", OK, f"{address} answers ({status})")
        if response is not None and (date := response.headers.get("Date")):
            yield _skew(time.time() - parsedate_to_datetime(date).timestamp())

    def login(self) -> Iterator[CheckResult]:
        """Try the login at the portal, then fetch the catalog; yield whose login it is and which release that is.

        No login is a note, and a refused one (401) a problem; both end the check. A release that is not pinned is a
        note.

        Raises:
            ClientError: the login can't be used, or the portal can't be asked; `run_checks` reports this.
        """
        from ovcgen.cli.interactive_login import whoami
        from ovcgen.cli.portal_credentials import login_for

        login = login_for(self._target)
        advice = f"Run `ovcgen auth login {self._target.name}`, or export credentials; see `ovcgen --help`."
        if login is None:
            yield CheckResult("login", NOTE, f"no login for {self._target.name}", advice)
            return
        try:
            yield CheckResult("login", OK, f"accepted: {whoami(self._target, login)}")
        except Unauthorized as error:
            yield CheckResult("login", PROBLEM, error.what, advice)
            return
        yield self._release(login)

    def _release(self, login: Any) -> CheckResult:
        from ovcgen.workflows.connect import fetch_spec
        from ovcgen.workflows.identify_release import identify

        target = self._target
        how = {"auth": login, "release": "live", "timeout": target.timeout, **target.trust}
        identity = identify(fetch_spec(target.source, target.groups, **how).document)
        is_known = identity.best is not None and identity.best.is_exact
        return CheckResult("release", OK if is_known else NOTE, identity.sentence)


def _validity(certificate: dict[str, Any], bundle: str) -> CheckResult:
    """Return the issuer and the expiry date of a trusted certificate; a note if it expires within 14 days."""
    names = {key: value for part in certificate.get("issuer", ()) for key, value in part}
    ends = str(certificate.get("notAfter", ""))
    issuer = names.get("organizationName") or names.get("commonName") or "an unnamed authority"
    text = f"trusted; issued by {issuer}, valid until {ends} (CA bundle {bundle})"
    is_ending = bool(ends) and ssl.cert_time_to_seconds(ends) - time.time() < EXPIRING
    return CheckResult("tls", NOTE if is_ending else OK, text, "Have it renewed." if is_ending else "")


def _skew(seconds: float) -> CheckResult:
    """Return the result for a clock that is `seconds` ahead of the portal's; negative if it is behind."""
    text = f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} the portal's"
    if abs(seconds) <= SKEW:
        return CheckResult("clock", OK, f"within {SKEW:.0f} s of the portal's")
    is_large = abs(seconds) > LARGE_SKEW
    return CheckResult("clock", PROBLEM if is_large else NOTE, text, "Set the clock: tokens depend on it.")
