"""The two requests that log in: for a JWT at ItsYou.online, and for a session key at the portal."""

from __future__ import annotations

import base64
import json
import math
import re
import time
from typing import Any

import requests

from .connection import FAILURES, FIXES, Adapter, failure
from .errors import DecodeError, OvcError, TransportError, api_error, one_line
from .kinds import is_dict
from .redaction import Secret, clean, url_without_secrets

TIMEOUT = 30.0  # seconds for an answer
RENEW_BEFORE = 300.0  # seconds before a JWT expires; OpenvCloud's own clients do the same
JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)

Fields = dict[str, str | Secret]


def jwt(url: str, client_id: str, client_secret: Secret, validity: int | None, *, verify: bool | str = True) -> Secret:
    """A JWT for an application key. The provider answers the bare token, not JSON."""
    form: Fields = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        "response_type": "id_token",
    }
    if validity is not None:
        form["validity"] = str(validity)
    token = _post(f"{url}/v1/oauth/access_token", form, verify)
    if not JWT.fullmatch(token.reveal()):
        raise DecodeError(
            f"{url_without_secrets(url)} did not answer a JWT.",
            fix="Check that this is the address of ItsYou.online, and that the application key may issue id tokens.",
        )
    return token


def session_key(root: str, username: str, password: Secret, *, verify: bool | str = True) -> Secret:
    """The session id of a login at the portal whose API is at `root`."""
    answer = _post(f"{root}/cloudapi/users/authenticate", {"username": username, "password": password}, verify)
    key = _key_in(answer)
    if not key.reveal():
        raise DecodeError(
            "The portal did not answer a session key to the login.", fix="Check that the URL is that of a portal."
        )
    return key


def _key_in(answer: Secret) -> Secret:
    key = _json(answer.reveal())
    return Secret(key if isinstance(key, str) else "")


def time_to_renewal(token: str, now: float | None = None) -> float:
    """Seconds until a new token should be got: by the token's own lifetime, so a wrong clock here does no harm."""
    claims = _claims(token)
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    if expires is None:
        return math.inf
    begun = issued if issued is not None else (time.time() if now is None else now)
    lifetime = max(0.0, expires - begun)
    return lifetime - min(RENEW_BEFORE, lifetime / 2)


def _seconds(claim: Any) -> float | None:
    is_number = isinstance(claim, (int, float)) and not isinstance(claim, bool)
    return float(claim) if is_number and abs(claim) < 1e15 else None


def _claims(token: str) -> dict[str, Any]:
    """What the token says of itself; its signature is the portal's business."""
    part = token.split(".")[1]
    try:
        claims = _json(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode())
    except ValueError:
        return {}
    return claims if is_dict(claims) else {}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _post(url: str, fields: Fields, verify: bool | str) -> Secret:
    """The answer to a login; nothing that hangs on an error's traceback shows what was sent."""
    shown, adapter = url_without_secrets(url), Adapter(url, verify=verify)
    error: OvcError
    try:
        response = adapter.exchange(_prepared(url, fields), TIMEOUT)
    except FAILURES as caught:
        reason = failure(caught).reason
        error = TransportError(
            f"Can't reach {shown} to log in: {reason}.",
            fix=FIXES.get(reason, "Check the address and the network; nothing was done yet, so it is safe to repeat."),
        )
    else:
        if response.status_code == 200:
            return Secret(response.content.decode("utf-8", "replace").strip())
        clean(response)
        error = api_error(response.status_code, _words(response), operation=f"POST {shown}")
    finally:
        adapter.close()
    raise error


def _prepared(url: str, fields: Fields) -> requests.PreparedRequest:
    form = {name: value.reveal() if isinstance(value, Secret) else value for name, value in fields.items()}
    return requests.Request("POST", url, data=form, headers={"Accept": "application/json"}).prepare()


def _words(response: requests.Response) -> str:
    """The provider's words; a 409 of the portal carries a session id, which is not for showing."""
    if response.status_code == 409 or "html" in response.headers.get("Content-Type", ""):
        return ""
    return one_line(response.content.decode("utf-8", "replace")).strip('"')
