"""The two requests that log in: for a JWT at ItsYou.online, and for a session key at the portal."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

import requests
from requests.auth import AuthBase

from .errors import DecodeError, OvcError, TransportError, api_error
from .redaction import url_without_secrets

TIMEOUT = (10.0, 30.0)  # seconds to connect, to wait for an answer
RENEW_BEFORE = 300.0  # seconds before a JWT expires; OpenvCloud's own clients do the same
JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*")


class _Unsigned(AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def jwt(url: str, client_id: str, client_secret: str, validity: int | None) -> str:
    """A JWT for an application key. The provider answers the bare token, not JSON."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        "response_type": "id_token",
    }
    if validity is not None:
        form["validity"] = str(validity)
    token = _post(f"{url}/v1/oauth/access_token", form).strip()
    if not JWT.fullmatch(token):
        raise DecodeError(
            f"{url_without_secrets(url)} did not answer a JWT.",
            fix="Check that this is the address of ItsYou.online, and that the application key may issue id tokens.",
        )
    return token


def session_key(root: str, username: str, password: str) -> str:
    """The session id of a login at the portal whose API is at `root`."""
    answer = _post(f"{root}/cloudapi/users/authenticate", {"username": username, "password": password})
    try:
        key = json.loads(answer)
    except ValueError:
        key = None
    if not isinstance(key, str) or not key:
        raise DecodeError(
            "The portal did not answer a session key to the login.", fix="Check that the URL is that of a portal."
        )
    return key


def time_to_renewal(token: str, now: float | None = None) -> float:
    """Seconds until a new token should be got: by the token's own lifetime, so a wrong clock here does no harm."""
    claims = _claims(token)
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, (int, float)):
        return float("inf")
    begun = issued if isinstance(issued, (int, float)) else (time.time() if now is None else now)
    lifetime = max(0.0, float(expires) - float(begun))
    return lifetime - min(RENEW_BEFORE, lifetime / 2)


def _claims(token: str) -> dict[str, Any]:
    """What the token says of itself; its signature is the portal's business."""
    part = token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def _post(url: str, form: dict[str, str]) -> str:
    shown = url_without_secrets(url)
    error: OvcError | None = None
    response = None
    try:
        with requests.Session() as session:
            response = session.post(
                url,
                data=form,
                auth=_Unsigned(),
                headers={"Accept": "application/json"},
                timeout=TIMEOUT,
                allow_redirects=False,
            )
    except (requests.RequestException, UnicodeError) as caught:
        error = TransportError(
            f"Can't reach {shown} to log in ({type(caught).__name__}).",
            fix="Check the address and the network; nothing was done yet, so it is safe to repeat.",
        )
    if error or response is None:  # raised out here, so that no request hangs on the traceback
        raise error or TransportError(f"{shown} gave no answer.", fix="Repeat the call.")
    if response.status_code != 200:
        raise api_error(response.status_code, _words(response), operation=f"POST {shown}")
    return response.text


def _words(response: requests.Response) -> str:
    """The provider's words; a 409 of the portal carries a session id, which is not for showing."""
    if response.status_code == 409 or "html" in response.headers.get("Content-Type", ""):
        return ""
    text = response.text.strip()[:200]
    return text.strip('"')
