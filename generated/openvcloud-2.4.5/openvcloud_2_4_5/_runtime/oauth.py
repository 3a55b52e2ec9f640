"""OAuth 2 as a Swagger document declares it, for the flows that need no browser; a ready token goes into Bearer."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from . import login
from .adapter import Trust, checked_url
from .auth import Granted, sendable
from .errors import ApiError, ArgumentError
from .redaction import Secret


class OAuth2(Granted):
    """A client of an OAuth 2 server: gets a token, and a new one before it expires or when it is refused.

    Without a username it asks by the client's own credentials (the flow `application`), with `username` and `password`
    by those of a user (`password`). `place` says where the server wants the client's id and secret: in the `header`
    (Basic, which every server has to take) or in the `form`; a client without a secret always goes into the form.
    `verify` is True, False or the path of a CA bundle for the server. One object may serve many threads.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str = "",
        *,
        username: str | None = None,
        password: str | None = None,
        scopes: Iterable[str] = (),
        place: str = "header",
        verify: bool | str = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(clock)
        if place not in ("header", "form"):
            raise ArgumentError(
                f"A client goes into the header or the form, not {place!a}.", fix='Pass place="header".'
            )
        if (username is None) != (password is None):
            raise ArgumentError("A username and a password go together.", fix="Pass both of them, or neither.")
        self._url = _checked_address(token_url)
        self._client_id = sendable("client id", client_id)
        self._verify = verify
        self._refresh: Secret | None = None
        secret = Secret(sendable("client secret", client_secret)) if client_secret else None
        self._client = login.client_pair(client_id, secret) if secret and place == "header" else None
        self._own: login.Fields = {} if self._client else {"client_id": client_id}
        if secret and not self._client:
            self._own["client_secret"] = secret
        self._wanted = _wanted(username, password, scopes)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client_id!r}, ***)"

    def _grant(self) -> tuple[Secret, float]:
        """By the refresh token, while the server takes it; else as at the first time."""
        grant = self._refreshed()
        if grant is None:
            self._refresh = None
            grant = self._asked(self._wanted)
        self._refresh = grant.refresh or self._refresh
        return grant.token, grant.seconds

    def _refreshed(self) -> login.Grant | None:
        if self._refresh is None:
            return None
        try:
            return self._asked({"grant_type": "refresh_token", "refresh_token": self._refresh})
        except ApiError:  # it has ended, too
            return None

    def _asked(self, fields: login.Fields) -> login.Grant:
        return login.grant(
            self._url, {**fields, **self._own}, self._client, trust=Trust(self._verify), source=self.source
        )


def _wanted(username: str | None, password: str | None, scopes: Iterable[str]) -> login.Fields:
    """The form that asks for a token, without the client's own credentials."""
    scope = scopes if isinstance(scopes, str) else " ".join(scopes)
    asked: login.Fields = {"scope": sendable("scope", scope)} if scope else {}
    if username is None:
        return {"grant_type": "client_credentials", **asked}
    given = Secret(sendable("password", password))
    return {"grant_type": "password", "username": sendable("username", username), "password": given, **asked}


def _checked_address(url: str) -> str:
    """The address as it is asked: encrypted, or on this machine; a slash at its end may matter, and so may a query."""
    path, mark, query = str(url).partition("?")
    checked = checked_url(path, "a token endpoint") + ("/" if path.endswith("/") else "")
    parts = urlsplit(checked)
    if parts.scheme != "https" and not _is_here(parts.hostname or ""):
        raise ArgumentError(
            "A token is only asked for over https: the request holds secrets.",
            fix="Pass the address with https://; only localhost and its addresses can do without.",
        )
    return f"{checked}{mark}{query}"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
