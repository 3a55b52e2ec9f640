"""Simulate the part of ItsYou.online that portals need: exchange an application key for a JWT, and refresh a JWT.

An error response contains only the status phrase. A wrong client id and a wrong secret both get 400.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from ovcgen.simulator.http_errors import InvalidToken, Unreadable
from ovcgen.simulator.json_web_tokens import Claims, SigningKey, sign, signed_claims
from ovcgen.simulator.log_and_fault_middleware import Gate
from ovcgen.simulator.request import Environ, HttpRequest, read_request
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.seed import ISSUER
from ovcgen.simulator.wsgi_output import respond, status_line

LONGEST = 24 * 3600  # seconds that any token lasts
SECONDS_WITHHELD = 600  # seconds by which `expires_in` is less than the real life of an access token
KEPT = 10_000  # access tokens
TEXT = "text/plain; charset=utf-8"
NAMES = {
    "/v1/oauth/access_token": "itsyouonline.access_token",
    "/v1/oauth/jwt": "itsyouonline.jwt",
    "/v1/oauth/jwt/refresh": "itsyouonline.refresh",
}


class IdentityProvider:
    """A WSGI application that behaves as ItsYou.online, the identity provider of portals.

    Args:
        clients: The application keys: client id -> (secret, user name of the owner).
        key: Signs the tokens. Portals that shall accept them need `key.public`.
        clock: Returns the current time in seconds since the epoch.
        gate: Fault injection and request log. By default a new one.
    """

    def __init__(
        self,
        clients: Mapping[str, tuple[str, str]],
        key: SigningKey,
        *,
        clock: Callable[[], float] = time.time,
        gate: Gate | None = None,
    ) -> None:
        self._clients, self._key, self._clock = dict(clients), key, clock
        self._gate = gate or Gate(time.sleep)
        self._salt = secrets.token_hex(16)
        self._access: OrderedDict[str, Claims] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def seen(self) -> tuple[HttpRequest, ...]:
        """Return the latest requests, oldest first: at most 10,000, fewer if their bodies exceed 64 MiB together."""
        return self._gate.log.latest()

    def register(self, client_id: str, secret: str, owner: str) -> None:
        """Add an application key, or replace that of `client_id`. `owner` is the user name without `@itsyouonline`."""
        self._clients[client_id] = (secret, owner)

    def revoke(self, client_id: str) -> None:
        """Remove an application key, if it exists. Its tokens stay valid until they expire, but can't be refreshed."""
        self._clients.pop(client_id, None)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = read_request(environ)
        operation = NAMES.get(request.path.rstrip("/"), "itsyouonline.other")
        return respond(self._gate.pass_through(request, operation, self.answer), environ, start_response)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the response to a request, without recording it and without faults: a token, or an error.

        The paths are /v1/oauth/access_token (POST), /v1/oauth/jwt and /v1/oauth/jwt/refresh (GET or POST); others get
        404. A wrong application key gets 400, and a wrong token or a foreign scope 401.
        """
        values = _values(request)
        match request.method, request.path.rstrip("/"):
            case "POST", "/v1/oauth/access_token":
                return self._access_token(request, values)
            case "GET" | "POST", "/v1/oauth/jwt":
                return self._exchanged(request, values)
            case "GET" | "POST", "/v1/oauth/jwt/refresh":
                return self._refreshed(request, values)
        return HttpResponse(404, b"404 page not found\n", TEXT)

    def _access_token(self, request: HttpRequest, values: Mapping[str, str]) -> HttpResponse:
        client_id, secret = values.get("client_id", ""), values.get("client_secret", "")
        if not secret:
            client_id, secret = _basic(request)
        expected, owner = self._clients.get(client_id, ("", ""))
        right = secrets.compare_digest(expected.encode(), secret.encode("utf-8", "surrogatepass"))
        if values.get("grant_type") != "client_credentials" or not expected or not right:
            return _refusal(400)
        claims = {"azp": client_id, "iss": ISSUER, "username": owner, "exp": int(self._clock()) + LONGEST}
        if values.get("response_type") == "id_token":
            return self._token(claims, values, scopes=_scopes(values))
        token = self._remembered(claims)
        answer = {"access_token": token, "token_type": "bearer", "scope": "user:admin", "info": {"username": owner}}
        return HttpResponse(
            200, json.dumps({**answer, "expires_in": LONGEST - SECONDS_WITHHELD}).encode(), "application/json"
        )

    def _remembered(self, claims: Claims) -> str:
        token = secrets.token_urlsafe(21)
        with self._lock:
            self._access[token] = claims
            while len(self._access) > KEPT:
                self._access.popitem(last=False)
        return token

    def _exchanged(self, request: HttpRequest, values: Mapping[str, str]) -> HttpResponse:
        """Return a JWT for an access token."""
        token = (request.header("authorization") or "").strip().removeprefix("token").strip()
        with self._lock:
            claims = self._access.get(token)
        if claims is None or claims["exp"] <= self._clock():
            return _refusal(401)
        return self._token(claims, values, scopes=_scopes(values))

    def _refreshed(self, request: HttpRequest, values: Mapping[str, str]) -> HttpResponse:
        """Return a new JWT for one that was requested with the scope `offline_access`. It may have expired."""
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        try:
            claims = signed_claims(token.strip(), self._key.public)
        except (InvalidToken, Unreadable):
            return _refusal(401)
        client_id = str(claims.get("azp"))
        if scheme.lower() != "bearer" or client_id not in self._clients:
            return _refusal(401)
        if claims.get("refresh_token") != self._refresh_token(client_id):
            return _refusal(401)
        return self._token({**claims, "exp": int(self._clock()) + LONGEST}, values, scopes=claims["scope"])

    def _token(self, claims: Claims, values: Mapping[str, str], *, scopes: list[str]) -> HttpResponse:
        """Return a JWT with these scopes. `validity` (seconds) can shorten its life but not extend it."""
        granted = [scope for scope in scopes if scope != "offline_access"]
        if not all(scope.startswith("user:") for scope in granted):
            return _refusal(401)
        whole: dict[str, Any] = {**claims, "scope": granted or ["user:admin"]}
        if "offline_access" in scopes:
            whole["refresh_token"] = self._refresh_token(str(claims["azp"]))
        audiences = [name.strip() for name in values.get("aud", "").split(",") if name.strip()]
        if audiences:
            whole["aud"] = audiences
        wanted = values.get("validity", "")
        if wanted.isdecimal() and len(wanted) < 10 and int(wanted) > 0:
            whole["exp"] = min(claims["exp"], int(self._clock()) + int(wanted))
        return HttpResponse(200, sign(whole, self._key).encode(), "application/jwt")

    def _refresh_token(self, client_id: str) -> str:
        return hashlib.sha256(f"{client_id}{self._salt}".encode()).hexdigest()[:28]


def _values(request: HttpRequest) -> dict[str, str]:
    """Return the parameters of the query and the form. The form wins."""
    form = request.body.decode("utf-8", "replace") if request.content_type.endswith("form-urlencoded") else ""
    return dict([*parse_qsl(request.query), *parse_qsl(form)])


def _scopes(values: Mapping[str, str]) -> list[str]:
    return [scope.strip() for scope in values.get("scope", "").split(",") if scope.strip()]


def _basic(request: HttpRequest) -> tuple[str, str]:
    scheme, _, credential = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        pair = base64.b64decode(credential).decode("utf-8", "replace")
    except ValueError:
        return "", ""
    name, _, secret = pair.partition(":")
    return name, secret


def _refusal(status: int) -> HttpResponse:
    words = status_line(status)[4:]
    return HttpResponse(status, f"{words}\n".encode(), TEXT, (("X-Content-Type-Options", "nosniff"),))
