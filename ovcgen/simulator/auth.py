"""Identify the caller of a request by a JWT, a session key, a user's key, the portal's secret or the session cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from http.cookies import CookieError, SimpleCookie

from ovcgen.simulator.http_errors import Denied, InvalidToken, LoggedOut
from ovcgen.simulator.json_web_tokens import VerificationKey, signed_claims, verified
from ovcgen.simulator.operation_call import Caller
from ovcgen.simulator.parameters import RawParameters
from ovcgen.simulator.request import HttpRequest
from ovcgen.simulator.responses import COOKIE
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.state_records import UserSession

LOGIN_LASTS = 5 * 24 * 3600.0
KEPT = 10_000  # sessions; a portal that runs for long must not grow with every login
GUEST = Caller()


@dataclass(frozen=True, slots=True)
class AuthSecrets:
    """A record of the keys and secrets with which a portal checks the credentials of a request.

    Attributes:
        provider: The key that verifies the signatures of the identity provider's tokens.
        portal: The portal's own secret, which can be sent as `authkey`. By default a random one.
        superuser: The user as whom a caller with that secret acts.
        secret_in_header: Whether `Authorization: authkey` is supported.
        accepts_expired: Whether a JWT that has expired is accepted.
    """

    provider: VerificationKey
    portal: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    superuser: str = "admin@itsyouonline"
    secret_in_header: bool = True
    accepts_expired: bool = False


def identify(
    request: HttpRequest, given: RawParameters, state: PortalState, auth_secrets: AuthSecrets, *, now: float
) -> Caller:
    """Return the caller of a request; a guest if it has no credentials, or only the cookie of no valid session.

    The first of these decides: a JWT (`Authorization: Bearer`), the portal's secret in `Authorization: authkey`, the
    parameter `authkey` (a session key, the portal's secret or a user's key), the session cookie. The first use of a JWT
    stores a session. The scheme may be written in any case.

    Args:
        request: The request.
        given: Its parameters, of which `authkey` may hold a key.
        state: The users and sessions of the portal.
        auth_secrets: The keys and secrets of the portal.
        now: The time in seconds since the epoch.

    Raises:
        InvalidToken, Unreadable: the JWT is invalid or has expired.
        LoggedOut: the session key or user key is unknown or has expired.
        Denied: a page of another site used the session cookie.
    """
    scheme, _, credential = (request.header("authorization") or "").strip().partition(" ")
    credential = credential.strip()
    if scheme.lower() == "bearer":
        return _by_token(credential, state, auth_secrets, now=now)
    if scheme.lower() == "authkey" and auth_secrets.secret_in_header and _same(credential, auth_secrets.portal):
        return _caller(state, auth_secrets.superuser)
    if "authkey" in given.values:  # an empty key is an invalid key
        return _by_key(given.text("authkey").strip('"'), state, auth_secrets, now=now)
    return _by_cookie(request, state, now=now)


def log_in(state: PortalState, user: str, *, now: float, session: str = "") -> str:
    """Store a new session of the user named `user`, and return its key.

    Ended sessions are removed, and the oldest one if there are `KEPT`. `session` is the key to use; "" means a random
    one. `now` is the time in seconds since the epoch.
    """
    while state.sessions and next(iter(state.sessions.values())).until <= now:
        del state.sessions[next(iter(state.sessions))]
    if len(state.sessions) >= KEPT:
        del state.sessions[next(iter(state.sessions))]
    session = session or secrets.token_hex(16)
    state.sessions[session] = UserSession(user, now + LOGIN_LASTS)
    return session


def _by_token(token: str, state: PortalState, auth_secrets: AuthSecrets, *, now: float) -> Caller:
    claims = (
        signed_claims(token, auth_secrets.provider)
        if auth_secrets.accepts_expired
        else verified(token, auth_secrets.provider, now=now)
    )
    name = claims.get("username")
    if not isinstance(name, str):
        raise InvalidToken("username")
    login = f"{name}@{claims.get('iss', 'main')}"
    session = hashlib.sha256(f"{auth_secrets.portal}{token}".encode()).hexdigest()[:32]  # one session per token
    if session not in state.sessions:
        log_in(state, login, now=now, session=session)
    return _caller(state, login, session)


def _by_key(key: str, state: PortalState, auth_secrets: AuthSecrets, *, now: float) -> Caller:
    session = state.sessions.get(key)
    if session is not None and session.until > now:
        return replace(_caller(state, session.user, key), by_key=True)
    if _same(key, auth_secrets.portal):
        return _caller(state, auth_secrets.superuser)
    user = next((user for user in state.users.values() if user.authkey and _same(key, user.authkey)), None)
    if user is None:
        raise LoggedOut
    return _caller(state, user.name)


def _by_cookie(request: HttpRequest, state: PortalState, *, now: float) -> Caller:
    """Return the caller of the session cookie, or a guest if there is no valid session.

    Raises:
        Denied: a page of another site made the browser send the cookie. A real portal accepts that.
    """
    try:
        morsel = SimpleCookie(request.header("cookie") or "").get(COOKIE)
    except CookieError:
        return GUEST
    if morsel and request.is_cross_site:
        raise Denied("A page of another site can not use this session.")
    session = state.sessions.get(morsel.value) if morsel else None
    if morsel is None or session is None or session.until <= now:
        return GUEST
    return _caller(state, session.user, morsel.value)


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())


def _caller(state: PortalState, name: str, session: str = "") -> Caller:
    user = state.users.get(name)
    return Caller(name, admin=user is not None and user.admin, known=user is not None, session=session)
