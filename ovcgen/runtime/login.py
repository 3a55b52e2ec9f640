# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Send the requests that log in: those to OAuth 2 token endpoints, and any that post a form."""

from __future__ import annotations

import base64
import json
import math
import re
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import requests

from .adapter import FAILURES, FIXES, NOBODY, Adapter, Trust, failure
from .errors import ClientError, DecodeError, TransportError, api_error, one_line
from .media import text_in
from .redaction import Secret, clean, url_without_secrets
from .tokens import kept_seconds, seconds_of
from .typeguards import is_dict

TIMEOUT = 30.0  # seconds to wait for a response
GIVEN = (200, 201)
CREDENTIALS = "the credentials"
TOKEN = re.compile("[!-~]+")  # the characters that a header may contain
WHOLE_SECONDS = re.compile("[0-9]{1,15}")

Fields = dict[str, str | Secret]


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
    found = grant_in(post(url, fields, trust, source, client))
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


def grant_in(answer: Secret) -> Grant | None:
    """Return the grant in a response; None if it holds no bearer token."""
    told = json_value(answer.reveal())
    if not is_dict(told) or str(told.get("token_type") or "bearer").lower() != "bearer":
        return None
    token, refresh = (str(told.get(key) or "") for key in ("access_token", "refresh_token"))
    if not TOKEN.fullmatch(token):
        return None
    lifetime = told.get("expires_in")
    if isinstance(lifetime, str) and WHOLE_SECONDS.fullmatch(lifetime):
        lifetime = int(lifetime)
    seconds = seconds_of(lifetime)
    return Grant(
        Secret(token),
        math.inf if seconds is None else kept_seconds(seconds),
        Secret(refresh) if TOKEN.fullmatch(refresh) else None,
    )


def json_value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def post(url: str, fields: Fields, trust: Trust, source: str, client: Secret | None = None) -> Secret:
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
        reason, sent = failure(caught)
        error = TransportError(
            f"Can't reach {shown} to log in: {reason}.",
            fix=FIXES.get(reason, "Check the address and the network; nothing was done yet, so it is safe to repeat."),
            sent=sent,
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
    told = json_value(text)
    if is_dict(told) and "error" in told:  # RFC 6749, section 5.2
        text = ": ".join(str(told[key]) for key in ("error", "error_description") if told.get(key))
    return one_line(text).strip('"')
