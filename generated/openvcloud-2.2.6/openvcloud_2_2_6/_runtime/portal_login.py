"""Flows that log in to an OpenvCloud portal: at ItsYou.online, or at the portal itself."""

from __future__ import annotations

from .call_flow import Flow
from .errors import DecodeError
from .login_requests import Fields, LoginTerms, grant_in, json_value, post
from .redaction import Secret, url_without_secrets
from .tokens import JWT, lifetime


def jwt(
    url: str,
    client_id: str,
    client_secret: Secret,
    validity: int | None,
    terms: LoginTerms,
) -> Flow[tuple[Secret, float]]:
    """Return the flow that gets a JWT for an application key of ItsYou.online.

    The result of the flow is the pair (JWT, its lifetime in seconds). The response may be the bare JWT or JSON with it.

    Args:
        url: The address of the identity provider.
        client_id: The id of the application key.
        client_secret: Its secret.
        validity: The requested lifetime in seconds; None for the provider's default.
        terms: The TLS settings and the deadline.

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
    answer = yield from post(f"{url}/v1/oauth/access_token", form, terms)
    found = grant_in(answer.body)
    token = found.token if found else answer.body
    if not JWT.fullmatch(token.reveal()):
        raise DecodeError(
            f"{url_without_secrets(url)} did not answer a JWT.",
            fix="Check that this is the address of ItsYou.online, and that the application key may issue id tokens.",
        )
    return token, lifetime(token.reveal(), answer.issued)


def session_key(root: str, username: str, password: Secret, terms: LoginTerms) -> Flow[Secret]:
    """Return the flow that logs in at the portal whose API is at the URL `root`; its result is the session key.

    `terms` are the TLS settings and the deadline.

    Raises:
        ApiError: the portal refused the login.
        TransportError: the portal can't be reached.
        DecodeError: the response holds no session key.
    """
    fields: Fields = {"username": username, "password": password}
    answer = yield from post(f"{root}/cloudapi/users/authenticate", fields, terms)
    key = _key_in(answer.body)
    if not key.reveal():
        raise DecodeError(
            "The portal did not answer a session key to the login.", fix="Check that the URL is that of a portal."
        )
    return key


def _key_in(answer: Secret) -> Secret:
    key = json_value(answer.reveal())
    return Secret(key if isinstance(key, str) else "")
