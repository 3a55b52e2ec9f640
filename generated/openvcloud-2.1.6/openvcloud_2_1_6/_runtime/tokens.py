"""Read the claims of a JWT without checking its signature, and say what a store of tokens offers to a login."""

from __future__ import annotations

import base64
import json
import math
import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from .redaction import Secret
from .typeguards import is_dict

RENEW_BEFORE = 300.0  # seconds before a token expires
JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
SHORTEST = 60.0  # seconds for which a token that was just issued is used, whatever it says
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


class StoredToken(NamedTuple):
    """A token in a store.

    Attributes:
        token: The token.
        lifetime: Its whole lifetime in seconds.
        age: How many seconds of it have passed.
    """

    token: Secret
    lifetime: float
    age: float


class TokenStore(Protocol):
    """Protocol of the objects that keep the token of a login for other processes, such as in a file.

    The methods raise no errors: a token that can't be kept is not there at the next `load`.
    """

    def lock(self) -> AbstractContextManager[bool]:
        """Return a context manager that locks the store for its block, and yields whether that worked, without waiting.

        It yields False if another process has locked the store: the caller must not replace the token then.
        """
        raise NotImplementedError

    def load(self) -> StoredToken | None:
        """Return the token with its age at this moment; None if there is none that can be used."""
        raise NotImplementedError

    def save(self, stored: StoredToken) -> None:
        """Replace the token of the store by `stored`."""

    def drop(self) -> None:
        """Remove the token, if there is one."""


def lifetime(token: str, now: float | None = None) -> float:
    """Return the lifetime of a JWT that was just issued, in seconds; infinite if it does not expire.

    The lifetime is computed from the token's own `iat` and `exp`, so that a wrong local clock does no harm. `now`
    (seconds since 1970 on the clock of the server that issued the token) replaces a missing `iat`. Without either, the
    lifetime is infinite, and the service refuses the token when it has expired. A finite one is at least 60 s. A text
    that can't be read as a JWT has an infinite one.
    """
    claims = _claims(token)
    expires, issued = seconds_of(claims.get("exp")), seconds_of(claims.get("iat"))
    begun = issued if issued is not None else now
    if expires is None or begun is None:
        return math.inf
    return max(SHORTEST, expires - begun)


def kept_seconds(lifetime: float) -> float:
    """Return for how many seconds of its lifetime a token is used: all but the last 300 s.

    Of a lifetime below 600 s it is half.
    """
    return max(0.0, lifetime - min(RENEW_BEFORE, lifetime / 2))


def seconds_of(claim: Any) -> float | None:
    """Return a numeric claim as seconds; None if it is not an int or float, or not between -1e15 and 1e15."""
    is_number = isinstance(claim, (int, float)) and not isinstance(claim, bool)
    return float(claim) if is_number and abs(claim) < 1e15 else None


def is_jwt(token: str) -> bool:
    """Return whether the token has the shape of a JWT: two JSON objects in base64url, not empty, and a signature.

    The signature is not checked and may be empty. Whitespace around the token does not pass.
    """
    return JWT.fullmatch(token) is not None and bool(_claims(token)) and bool(_claims(token, part=0))


def expiry(token: str) -> float | None:
    """Return when a JWT expires, in seconds since 1970; None if it declares no expiry or is not a JWT."""
    return seconds_of(_claims(token).get("exp")) if JWT.fullmatch(token) else None


def expired_since(expires: float, now: float) -> str:
    """Return a text that says when a token expired: `since 2026-11-30 10:00:00 UTC, for 3 hours`.

    `expires` and the present time `now` are seconds since 1970. `since long ago` for a time that can't be shown.
    """
    passed = now - expires
    count, unit = next((passed / size, name) for size, name in UNITS if passed >= size or size == 1)
    try:
        moment = datetime.fromtimestamp(expires, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "since long ago"
    return f"since {moment}, for {int(count)} {unit}{'' if int(count) == 1 else 's'}"


def _claims(token: str, *, part: int = 1) -> dict[str, Any]:
    """Return the claims of a JWT ({} if unreadable); the signature is not verified. `part` 0 is the header."""
    try:
        text = token.split(".")[part]
        claims = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    except (LookupError, ValueError, RecursionError):
        return {}
    return claims if is_dict(claims) else {}
