"""ItsYou.online as far as a portal's users need it: an application key becomes a JSON Web Token."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from ovcgen.simulator.answers import Answer
from ovcgen.simulator.refusals import InvalidToken, Unreadable
from ovcgen.simulator.request import Environ, Seen, seen
from ovcgen.simulator.seed import ISSUER
from ovcgen.simulator.tokens import Claims, sign, signed_claims

LONGEST = 24 * 3600
KEPT = 10_000


class IdentityProvider:
    """A WSGI callable with its own address. `clients` maps a client id to its secret and its owner's name."""

    def __init__(
        self,
        clients: Mapping[str, tuple[str, str]],
        signing: str,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clients, self._signing, self._clock = dict(clients), signing, clock
        self._seen: deque[Seen] = deque(maxlen=KEPT)

    @property
    def seen(self) -> tuple[Seen, ...]:
        """What came in so far."""
        return tuple(self._seen)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = seen(environ)
        self._seen.append(request)
        answer = self.answer(request)
        headers = [("Content-Type", answer.kind), ("Content-Length", str(len(answer.body))), *answer.headers]
        start_response(f"{answer.status} {PHRASES[answer.status]}", headers)
        return [answer.body]

    def answer(self, request: Seen) -> Answer:
        """A token, or why there is none."""
        match request.method, request.path.rstrip("/"):
            case "POST", "/v1/oauth/access_token":
                return self._access_token(request, _values(request))
            case "GET" | "POST", "/v1/oauth/jwt/refresh":
                return self._refreshed(request, _values(request))
        return Answer(404, b"404 page not found\n", "text/plain; charset=utf-8")

    def _access_token(self, request: Seen, values: Mapping[str, str]) -> Answer:
        client_id, secret = _basic(request) or (values.get("client_id", ""), values.get("client_secret", ""))
        if values.get("grant_type") != "client_credentials":
            return _error(400, "unsupported_grant_type")
        if not client_id or not secret:
            return _error(400, "invalid_request")
        held, owner = self._clients.get(client_id, ("", ""))
        if not held or held != secret:
            return _error(401, "invalid_client")
        scopes = [scope for scope in values.get("scope", "").split(",") if scope]
        claims: dict[str, Any] = {"azp": client_id, "iss": ISSUER, "username": owner, "scope": scopes}
        if "offline_access" in scopes:
            claims["refresh_token"] = hashlib.sha256(f"{client_id}{self._signing}".encode()).hexdigest()[:27]
        if values.get("response_type") == "id_token":
            return self._token(claims, values)
        opaque = hashlib.sha256(f"{client_id}{self._clock()}{self._signing}".encode()).hexdigest()[:27]
        answer = {"access_token": opaque, "token_type": "bearer", "scope": "", "info": {"username": owner}}
        return Answer(200, json.dumps({**answer, "expires_in": LONGEST}).encode(), "application/json")

    def _refreshed(self, request: Seen, values: Mapping[str, str]) -> Answer:
        """An expired token can be refreshed too, if it was asked for as one that can."""
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        try:
            claims = signed_claims(token.strip(), self._signing)
        except (InvalidToken, Unreadable):
            return _error(401, "invalid_token")
        if scheme.lower() != "bearer" or "refresh_token" not in claims:
            return _error(401, "no_refresh_token")
        return self._token(claims, values)

    def _token(self, claims: Claims, values: Mapping[str, str]) -> Answer:
        wanted = values.get("validity", "")
        validity = min(int(wanted), LONGEST) if wanted.isdecimal() and len(wanted) < 10 else LONGEST
        token = sign({**claims, "exp": int(self._clock()) + validity}, self._signing)
        return Answer(200, token.encode(), "application/jwt")


PHRASES = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}


def _values(request: Seen) -> dict[str, str]:
    """Parameters in the query, the form or both."""
    form = request.body.decode("utf-8", "replace") if request.content_type.endswith("form-urlencoded") else ""
    return dict([*parse_qsl(request.query), *parse_qsl(form)])


def _basic(request: Seen) -> tuple[str, str] | None:
    scheme, _, credential = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(credential).decode("utf-8", "replace")
    except ValueError:
        return None
    name, _, secret = pair.partition(":")
    return name, secret


def _error(status: int, word: str) -> Answer:
    return Answer(status, json.dumps({"error": word}).encode(), "application/json")
