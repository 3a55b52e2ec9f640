"""Flows that log in: requests to OAuth 2 token endpoints, any that post a form, and those for an address to log in."""

from __future__ import annotations

import base64
import json
import math
import re
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import requests  # type: ignore[import-untyped,unused-ignore]

from .adapter import Trust
from .call_flow import Flow, Send, World, attempts
from .errors import DecodeError, TransportError, api_error, one_line
from .media_types import text_in
from .policy import FIXES, LOGIN_TIMEOUT, READ, RETRIES, Failure, Quota
from .redaction import Secret, clean, url_without_secrets
from .tokens import seconds_of
from .typeguards import is_dict

GIVEN = (200, 201)
TOKEN = re.compile("[!-~]+")  # the characters that a header may contain
WHOLE_SECONDS = re.compile("[0-9]{1,15}")

Fields = dict[str, str | Secret]


class LoginTerms(NamedTuple):
    """The settings of a login request.

    Attributes:
        trust: The TLS settings of the connection to the login's server.
        source: Where the credentials come from, such as `CLIENT_ID`, for the error of a refused login.
        world: The clock of the flow.
        deadline: When to give up, in seconds on that clock.
    """

    trust: Trust
    source: str
    world: World
    deadline: float


class Grant(NamedTuple):
    """The tokens in a response of a token endpoint.

    Attributes:
        token: The access token.
        lifetime: The lifetime in seconds; infinite if the server declares none.
        refresh: The refresh token, or None.
    """

    token: Secret
    lifetime: float
    refresh: Secret | None


def grant(url: str, fields: Fields, client: Secret | None, terms: LoginTerms) -> Flow[Grant]:
    """Return the flow that gets a token from a token endpoint (RFC 6749); its result is the Grant.

    Args:
        url: The token endpoint.
        fields: The form to send.
        client: The client's id and secret for a Basic header (see `client_pair`); None if the form holds them.
        terms: The TLS settings and the deadline.

    Raises:
        ApiError: the server refused the request.
        TransportError: the server can't be reached.
        DecodeError: the response holds no bearer token.
    """
    answer = yield from post(url, fields, terms, client)
    found = grant_in(answer.body)
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
    """Return the tokens in the JSON body of a response; None if the body holds no bearer token.

    `token_type` may be in upper or lower case; if it is missing, the token counts as a bearer token.
    """
    told = json_value(answer.reveal())
    if not is_dict(told) or str(told.get("token_type") or "bearer").lower() != "bearer":
        return None
    token, refresh = (str(told.get(key) or "") for key in ("access_token", "refresh_token"))
    if not TOKEN.fullmatch(token):
        return None
    declared = told.get("expires_in")
    seconds = seconds_of(int(declared) if isinstance(declared, str) and WHOLE_SECONDS.fullmatch(declared) else declared)
    return Grant(
        Secret(token),
        math.inf if seconds is None else seconds,
        Secret(refresh) if TOKEN.fullmatch(refresh) else None,
    )


def json_value(text: str) -> Any:
    """Return the value of a JSON text; None if the text is `null` or not JSON. Never raises."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class LoginAnswer(NamedTuple):
    """The response to a login request.

    Attributes:
        body: The body as text.
        issued: When the server sent the response, in seconds since 1970 by its header Date; None without a valid one.
    """

    body: Secret
    issued: float | None


def post(url: str, fields: Fields, terms: LoginTerms, client: Secret | None = None) -> Flow[LoginAnswer]:
    """Return the flow that posts a form to a login's server; its result is the response, which has status 200 or 201.

    The request is repeated like a call that only reads. It may take 30 seconds at most.

    Args:
        url: The address.
        fields: The form to send.
        terms: The TLS settings and the deadline.
        client: The client's id and secret for a Basic header (see `client_pair`); None for no such header.

    Raises:
        ApiError: the server refused the login, or answered any other status than 200 and 201.
        TransportError: the server can't be reached.
    """
    advice = f"The login was refused: check {terms.source}."
    response = yield from _answered(_prepared(url, fields, client), terms, advice)
    return LoginAnswer(Secret(text_in(response.content).strip()), _date(response))


def metadata(url: str, terms: LoginTerms) -> Flow[dict[str, Any]]:
    """Return the flow that gets the metadata of an OpenID provider or OAuth 2 server; its result is the JSON object.

    The metadata is defined in OpenID Connect Discovery 1.0 and RFC 8414.

    Args:
        url: The URL of the metadata itself, which mostly ends in `/.well-known/openid-configuration`.
        terms: The TLS settings and the deadline.

    Raises:
        ApiError: the server refused the request.
        TransportError: the server can't be reached.
        DecodeError: the response is not a JSON object.
    """
    request = requests.Request("GET", url, headers={"Accept": "application/json"}).prepare()
    response = yield from _answered(request, terms, "Check the address of the metadata.")
    found = json_value(text_in(response.content))
    if not is_dict(found):
        raise DecodeError(
            f"{url_without_secrets(url)} did not answer the metadata of a login server.",
            fix="Check the address; it mostly ends in /.well-known/openid-configuration.",
        )
    return found


def _answered(request: requests.PreparedRequest, terms: LoginTerms, advice: str) -> Flow[requests.Response]:
    """Send a request that changes nothing and return its successful response; `advice` says what to do after a 4xx."""
    url = str(request.url)
    shown = url_without_secrets(url)
    ends = min(terms.deadline, terms.world.clock() + LOGIN_TIMEOUT)
    send = Send(request, ends, LOGIN_TIMEOUT, other_service=(url, terms.trust))
    response, _ = yield from attempts(send, READ, RETRIES, Quota(), terms.world)
    if isinstance(response, Failure):
        raise TransportError(
            f"Can't reach {shown} to log in: {response.reason}.",
            fix=FIXES.get(
                response.reason, "Check the address and the network; nothing was done yet, so it is safe to repeat."
            ),
            sent=response.sent,
        )
    if response.status_code in GIVEN:
        return response
    clean(response)
    error = api_error(response.status_code, _words(response), operation=f"{request.method} {shown}")
    if response.status_code < 500:
        error.fix = advice
    raise error


def _date(response: requests.Response) -> float | None:
    """Return the `Date` of a response in seconds since 1970; None if there is no valid one."""
    try:
        return parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _prepared(url: str, fields: Fields, client: Secret | None) -> requests.PreparedRequest:
    form = {name: value.reveal() if isinstance(value, Secret) else value for name, value in fields.items()}
    headers = {"Accept": "application/json", **({"Authorization": f"Basic {client.reveal()}"} if client else {})}
    return requests.Request("POST", url, data=form, headers=headers).prepare()


def _words(response: requests.Response) -> str:
    """Return the server's error message; "" for HTML, and for a 409, in which some services send a session id."""
    if response.status_code == 409 or "html" in response.headers.get("Content-Type", ""):
        return ""
    text = text_in(response.content)
    told = json_value(text)
    if is_dict(told) and "error" in told:  # RFC 6749, section 5.2
        text = ": ".join(str(told[key]) for key in ("error", "error_description") if told.get(key))
    return one_line(text).strip('"')
