# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Send the requests that log in: to ItsYou.online, to a portal, and to OAuth 2 token endpoints."""

from __future__ import annotations

import base64
import json
import math
import re
import time
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import requests

from .adapter import FAILURES, FIXES, NOBODY, Adapter, Trust, failure
from .errors import ClientError, DecodeError, TransportError, api_error, one_line
from .media import text_in
from .redaction import Secret, clean, url_without_secrets
from .typeguards import is_dict

TIMEOUT = 30.0  # seconds to wait for a response
GIVEN = (200, 201)
CREDENTIALS = "the credentials"
RENEW_BEFORE = 300.0  # seconds before a token expires; OpenvCloud's own clients do the same
JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
TOKEN = re.compile("[!-~]+")  # the characters that a header may contain
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
WHOLE_SECONDS = re.compile("[0-9]{1,15}")

Fields = dict[str, str | Secret]


def jwt(
    url: str,
    client_id: str,
    client_secret: Secret,
    validity: int | None,
    *,
    trust: Trust = NOBODY,
    source: str = CREDENTIALS,
) -> Secret:
    """Get a JWT for an application key of ItsYou.online.

    Args:
        url: The address of the identity provider.
        client_id: The id of the application key.
        client_secret: Its secret.
        validity: The requested lifetime in seconds; None for the provider's default.
        trust: The TLS settings.
        source: Where the credentials come from, for the error of a refused login.

    Raises:
        ApiError: the provider refused the key.
        TransportError: the provider can't be reached.
        DecodeError: the response holds no JWT.
    """
    form: Fields = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        "response_type": "id_token",
    }
    if validity is not None:
        form["validity"] = str(validity)
    answer = _post(f"{url}/v1/oauth/access_token", form, trust, source)
    found = _grant_in(answer)
    token = found.token if found else answer
    if not JWT.fullmatch(token.reveal()):
        raise DecodeError(
            f"{url_without_secrets(url)} did not answer a JWT.",
            fix="Check that this is the address of ItsYou.online, and that the application key may issue id tokens.",
        )
    return token


def session_key(
    root: str, username: str, password: Secret, *, trust: Trust = NOBODY, source: str = CREDENTIALS
) -> Secret:
    """Log in at the portal whose API is at `root` and return the session key.

    `source` says in errors where the credentials come from.

    Raises:
        ApiError: the portal refused the login.
        TransportError: the portal can't be reached.
        DecodeError: the response holds no session key.
    """
    fields: Fields = {"username": username, "password": password}
    answer = _post(f"{root}/cloudapi/users/authenticate", fields, trust, source)
    key = _key_in(answer)
    if not key.reveal():
        raise DecodeError(
            "The portal did not answer a session key to the login.", fix="Check that the URL is that of a portal."
        )
    return key


class Grant(NamedTuple):
    """The response of a token endpoint.

    Attributes:
        token: The access token.
        seconds: How long to use the token; infinite if the server declares no lifetime.
        refresh: The refresh token, or None.
    """

    token: Secret
    seconds: float
    refresh: Secret | None


def grant(
    url: str, fields: Fields, client: Secret | None, *, trust: Trust = NOBODY, source: str = CREDENTIALS
) -> Grant:
    """Get a token from a token endpoint (RFC 6749).

    Args:
        url: The token endpoint.
        fields: The form to send.
        client: The client's id and secret for a Basic header (see `client_pair`); None if the form holds them.
        trust: The TLS settings.
        source: Where the credentials come from, for the error of a refused login.

    Raises:
        ApiError: the server refused the request.
        TransportError: the server can't be reached.
        DecodeError: the response holds no bearer token.
    """
    found = _grant_in(_post(url, fields, trust, source, client))
    if found is None:
        raise DecodeError(
            f"{url_without_secrets(url)} did not answer a bearer token.",
            fix="Check that this is the token endpoint, and that the client may use this flow.",
        )
    return found


def client_pair(client_id: str, client_secret: Secret) -> Secret:
    """Return a client's id and secret for a Basic header: form-encoded, then base64 (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(client_secret.reveal())}"
    return Secret(base64.b64encode(pair.encode()).decode())


def _grant_in(answer: Secret) -> Grant | None:
    """Return the grant in a response; None if it holds no bearer token."""
    told = _json(answer.reveal())
    if not is_dict(told) or str(told.get("token_type") or "bearer").lower() != "bearer":
        return None
    token, refresh = (str(told.get(key) or "") for key in ("access_token", "refresh_token"))
    if not TOKEN.fullmatch(token):
        return None
    lifetime = told.get("expires_in")
    if isinstance(lifetime, str) and WHOLE_SECONDS.fullmatch(lifetime):
        lifetime = int(lifetime)
    seconds = _seconds(lifetime)
    return Grant(
        Secret(token),
        math.inf if seconds is None else _kept(seconds),
        Secret(refresh) if TOKEN.fullmatch(refresh) else None,
    )


def _key_in(answer: Secret) -> Secret:
    key = _json(answer.reveal())
    return Secret(key if isinstance(key, str) else "")


def time_to_renewal(token: str, now: float | None = None) -> float:
    """Return for how many seconds to use a JWT; infinite if it does not expire.

    The lifetime is computed from the token's own `iat` and `exp`, so that a wrong local clock does no harm. `now`
    (seconds since 1970, by default the current time) replaces a missing `iat`.
    """
    claims = _claims(token)
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    if expires is None:
        return math.inf
    begun = issued if issued is not None else (time.time() if now is None else now)
    return _kept(expires - begun)


def _kept(lifetime: float) -> float:
    """Return for how many seconds of its lifetime a token is used: all but the last 300 s, or half of a short one."""
    return max(0.0, lifetime - min(RENEW_BEFORE, lifetime / 2))


def _seconds(claim: Any) -> float | None:
    """Return a numeric claim as seconds; None if it is not a number or is absurdly large."""
    is_number = isinstance(claim, (int, float)) and not isinstance(claim, bool)
    return float(claim) if is_number and abs(claim) < 1e15 else None


def is_jwt(token: str) -> bool:
    """Return whether the token has the shape of a JWT: two JSON objects in base64url, and a signature."""
    return JWT.fullmatch(token) is not None and bool(_claims(token)) and bool(_claims(token, part=0))


def expiry(token: str) -> float | None:
    """Return when a JWT expires, in seconds since 1970; None if it declares no expiry or is not a JWT."""
    return _seconds(_claims(token).get("exp")) if JWT.fullmatch(token) else None


def since(expires: float, now: float) -> str:
    """Return in words since when a token has expired: `since 2026-11-30 10:00:00 UTC, for 3 hours`."""
    passed = now - expires
    count, unit = next((passed / size, name) for size, name in UNITS if passed >= size or size == 1)
    try:
        moment = datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "since long ago"
    return f"since {moment}, for {int(count)} {unit}{'' if int(count) == 1 else 's'}"


def _claims(token: str, *, part: int = 1) -> dict[str, Any]:
    """Return the claims of a JWT ({} if unreadable); the signature is not verified. `part` 0 is the header."""
    text = token.split(".")[part]
    try:
        claims = _json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    except ValueError:
        return {}
    return claims if is_dict(claims) else {}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _post(url: str, fields: Fields, trust: Trust, source: str, client: Secret | None = None) -> Secret:
    """Send a login request and return the response body as text.

    The error is raised outside of `except`, so that its traceback holds nothing that was sent.

    Raises:
        ApiError: the server refused the login.
        TransportError: the server can't be reached.
    """
    shown, adapter = url_without_secrets(url), Adapter(url, trust=trust)
    error: ClientError
    try:
        response = adapter.exchange(_prepared(url, fields, client), TIMEOUT)
    except FAILURES as caught:
        reason = failure(caught).reason
        error = TransportError(
            f"Can't reach {shown} to log in: {reason}.",
            fix=FIXES.get(reason, "Check the address and the network; nothing was done yet, so it is safe to repeat."),
        )
    else:
        if response.status_code in GIVEN:
            return Secret(text_in(response.content).strip())
        clean(response)
        error = api_error(response.status_code, _words(response), operation=f"POST {shown}")
        if response.status_code < 500:
            error.fix = f"The login was refused: check {source}."
    finally:
        adapter.close()
    raise error


def _prepared(url: str, fields: Fields, client: Secret | None) -> requests.PreparedRequest:
    form = {name: value.reveal() if isinstance(value, Secret) else value for name, value in fields.items()}
    headers = {"Accept": "application/json", **({"Authorization": f"Basic {client.reveal()}"} if client else {})}
    return requests.Request("POST", url, data=form, headers=headers).prepare()


def _words(response: requests.Response) -> str:
    """Return the server's error message; "" for HTML, and for a 409, in which a portal sends a session id."""
    if response.status_code == 409 or "html" in response.headers.get("Content-Type", ""):
        return ""
    text = text_in(response.content)
    told = _json(text)
    if is_dict(told) and "error" in told:  # RFC 6749, section 5.2
        text = ": ".join(str(told[key]) for key in ("error", "error_description") if told.get(key))
    return one_line(text).strip('"')
