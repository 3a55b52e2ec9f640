"""Who is calling: a JWT, a session key, a user's static key, the portal's secret or the session cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from ovcgen.simulator.call import Caller
from ovcgen.simulator.http_errors import Denied, InvalidToken, LoggedOut
from ovcgen.simulator.parameters import RawParameters
from ovcgen.simulator.records import UserSession
from ovcgen.simulator.request import HttpRequest
from ovcgen.simulator.responses import COOKIE
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.tokens import Verifier, verified

LOGIN_LASTS = 5 * 24 * 3600.0
KEPT = 10_000  # sessions; a portal that runs for long must not grow with every login
GUEST = Caller()


@dataclass(frozen=True, slots=True)
class Locks:
    """What opens a portal: the tokens of its identity provider, its own secret, and whom that secret is for."""

    provider: Verifier
    portal: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    superuser: str = "admin@itsyouonline"
    secret_in_header: bool = True  # `Authorization: authkey` came with the task actor


def identify(request: HttpRequest, given: RawParameters, state: PortalState, locks: Locks, *, now: float) -> Caller:
    """The caller of this request; a guest where nothing says who it is."""
    scheme, _, credential = (request.header("authorization") or "").strip().partition(" ")
    credential = credential.strip()
    if scheme.lower() == "bearer":
        return _by_token(credential, state, locks, now=now)
    if scheme.lower() == "authkey" and locks.secret_in_header and _same(credential, locks.portal):
        return _caller(state, locks.superuser)
    if "authkey" in given.values:  # an empty one is a wrong one
        return _by_key(given.text("authkey").strip('"'), state, locks, now=now)
    return _by_cookie(request, state, now=now)


def log_in(state: PortalState, user: str, *, now: float, session: str = "") -> str:
    """A new session of that user. All last equally long, so the oldest end first."""
    while state.sessions and next(iter(state.sessions.values())).until <= now:
        del state.sessions[next(iter(state.sessions))]
    if len(state.sessions) >= KEPT:
        del state.sessions[next(iter(state.sessions))]
    session = session or secrets.token_hex(16)
    state.sessions[session] = UserSession(user, now + LOGIN_LASTS)
    return session


def _by_token(token: str, state: PortalState, locks: Locks, *, now: float) -> Caller:
    claims = verified(token, locks.provider, now=now)
    name = claims.get("username")
    if not isinstance(name, str):
        raise InvalidToken("username")
    login = f"{name}@{claims.get('iss', 'main')}"
    session = hashlib.sha256(f"{locks.portal}{token}".encode()).hexdigest()[:32]  # one a token, however often it comes
    if session not in state.sessions:
        log_in(state, login, now=now, session=session)
    return _caller(state, login, session)


def _by_key(key: str, state: PortalState, locks: Locks, *, now: float) -> Caller:
    held = state.sessions.get(key)
    if held is not None and held.until > now:
        return _caller(state, held.user, key)
    if _same(key, locks.portal):
        return _caller(state, locks.superuser)
    user = next((user for user in state.users.values() if user.authkey and _same(key, user.authkey)), None)
    if user is None:
        raise LoggedOut
    return _caller(state, user.name)


def _by_cookie(request: HttpRequest, state: PortalState, *, now: float) -> Caller:
    """Return the caller that a session cookie names.

    Raises:
        Denied: a page of another site makes a browser send its user's cookie. A portal would not mind.
    """
    try:
        morsel = SimpleCookie(request.header("cookie") or "").get(COOKIE)
    except CookieError:
        return GUEST
    if morsel and request.is_cross_site:
        raise Denied("A page of another site can not use this session.")
    held = state.sessions.get(morsel.value) if morsel else None
    if morsel is None or held is None or held.until <= now:
        return GUEST
    return _caller(state, held.user, morsel.value)


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode())


def _caller(state: PortalState, name: str, session: str = "") -> Caller:
    user = state.users.get(name)
    return Caller(name, admin=user is not None and user.admin, known=user is not None, session=session)
