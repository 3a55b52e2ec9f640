"""Define the OAuth 2 flows that need no browser. A token that the caller already has goes into `Bearer`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from . import login_requests
from .adapter import Trust, checked_url
from .auth import TokenLogin, checked_credential
from .call_flow import Flow, World
from .errors import ApiError, ArgumentError, ServerError
from .redaction import Secret


class OAuth2(TokenLogin):
    """A login that gets tokens from an OAuth 2 server (RFC 6749), a new one before one expires or when it is refused.

    Without `username` it uses the client's own credentials (Swagger's flow `application`), with `username` and
    `password` those of a user (flow `password`). One object may be used by several threads. Calls raise an ApiError if
    the server refuses the credentials, TransportError if it can't be reached.

    Args:
        token_url: The token endpoint: an https URL, or an http URL on this machine.
        client_id: The client's id.
        client_secret: The client's secret; "" for a client without one, whose id is always sent in the form.
        username: The user's name, or None.
        password: The user's password, or None.
        scopes: The scopes to request, or one text with spaces between them.
        place: Where the client's id and secret are sent: `header` (Basic, which every server must support) or `form`.
        refresh_url: Where a token is renewed, if that is not the token endpoint.
        verify: False to skip the server's certificate check, or the path of a CA bundle.

    Raises:
        ArgumentError: an argument can't be used, or only one of `username` and `password` is given.
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
        refresh_url: str = "",
        verify: bool | str = True,
    ) -> None:
        super().__init__()
        if place not in ("header", "form"):
            raise ArgumentError(
                f"A client goes into the header or the form, not {place!a}.", fix='Pass place="header".'
            )
        if (username is None) != (password is None):
            raise ArgumentError("A username and a password go together.", fix="Pass both of them, or neither.")
        self._url = checked_endpoint(token_url)
        self._refresh_url = checked_endpoint(refresh_url) if refresh_url else ""
        self._client_id = checked_credential("client id", client_id)
        self._client_secret = Secret(checked_credential("client secret", client_secret)) if client_secret else None
        self._place = place
        self._verify = verify
        self._refresh: Secret | None = None
        self._wanted = _wanted(username, password, scopes)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client_id!r}, ***)"

    def _grant(self, world: World, deadline: float) -> Flow[tuple[Secret, float]]:
        """Get a token with the refresh token if the server accepts it, else with the original credentials."""
        grant = yield from self._refreshed(world, deadline)
        if grant is None:
            self._refresh = None
            grant = yield from self._asked(self._wanted, world, deadline)
        self._refresh = grant.refresh or self._refresh
        return grant.token, grant.lifetime

    def _refreshed(self, world: World, deadline: float) -> Flow[login_requests.Grant | None]:
        """Return the grant for the refresh token; None if there is none or the server refuses it."""
        if self._refresh is None:
            return None
        try:
            fields: login_requests.Fields = {"grant_type": "refresh_token", "refresh_token": self._refresh}
            return (yield from self._asked(fields, world, deadline, self._refresh_url))
        except ServerError:
            raise
        except ApiError:  # the refresh token has expired, too
            return None

    def _asked(
        self, fields: login_requests.Fields, world: World, deadline: float, url: str = ""
    ) -> Flow[login_requests.Grant]:
        """Return the flow that gets a grant from the token endpoint, or from `url`."""
        secret = self._client_secret
        pair = login_requests.client_pair(self._client_id, secret) if secret and self._place == "header" else None
        own: login_requests.Fields = {} if pair else {"client_id": self._client_id}
        if secret and not pair:
            own["client_secret"] = secret
        return login_requests.grant(url or self._url, {**fields, **own}, pair, self._terms(world, deadline))

    def _terms(self, world: World, deadline: float) -> login_requests.LoginTerms:
        return login_requests.LoginTerms(Trust(self._verify), self.source, world, deadline)


def _wanted(username: str | None, password: str | None, scopes: Iterable[str]) -> login_requests.Fields:
    """Return the form fields of the token request, without the client's own credentials."""
    scope = scopes if isinstance(scopes, str) else " ".join(scopes)
    asked: login_requests.Fields = {"scope": checked_credential("scope", scope)} if scope else {}
    if username is None:
        return {"grant_type": "client_credentials", **asked}
    given = Secret(checked_credential("password", password))
    return {"grant_type": "password", "username": checked_credential("username", username), "password": given, **asked}


def checked_endpoint(url: str) -> str:
    """Return the URL of a token endpoint, or of the metadata that names it. A trailing slash and a query are kept.

    Raises:
        ArgumentError: `checked_url` refuses it, or it is not https and its host is not `localhost` or a loopback
            address.
    """
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
