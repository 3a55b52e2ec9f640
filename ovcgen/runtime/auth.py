"""Ways to log in, each a callable on a request; they know nothing of the calls they sign.

All of them are `requests.auth.AuthBase`, so neither ~/.netrc nor cookies can take their place. Those that can log in
again have `renew(request)`, which the session asks once after a 401 or 419.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from . import login
from .errors import ArgumentError

PORTAL_ROOT = "/restmachine"
FORM = "application/x-www-form-urlencoded"


class NoAuth(AuthBase):
    """Signs nothing, and keeps requests from signing with what stands in ~/.netrc."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


class Bearer(AuthBase):
    """A ready JWT, or a callable that gives one and is asked before every request."""

    def __init__(self, token: str | Callable[[], str]) -> None:
        if isinstance(token, str):
            _refuse_line_breaks("token", token)
        self._token = token

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        token = self._token if isinstance(self._token, str) else self._token()
        request.headers["Authorization"] = f"bearer {token}"
        return request


class AuthKey(AuthBase):
    """A session key, a user's static key or the portal's secret, sent as the parameter `authkey`.

    It travels in the form of a POST and in the query of a GET.
    """

    def __init__(self, secret: str) -> None:
        _refuse_line_breaks("secret", secret)
        self._secret = secret

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return _with_key(request, self._secret)


class Credentials(AuthBase):
    """A username and password of the portal: logs in at the first call, and again when the session has ended.

    Raises Unauthorized where the portal does not accept them. One object may serve several portals and threads.
    """

    def __init__(self, username: str, password: str) -> None:
        self._username = username
        self._password = password
        self._keys: dict[str, str] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._username!r}, ***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return _with_key(request, self._key(_root(request), ended=None))

    def renew(self, request: PreparedRequest) -> bool:
        """Log in again, unless another thread has done so since `request` was signed."""
        return bool(self._key(_root(request), ended=sent_key(request)))

    def _key(self, root: str, *, ended: str | None) -> str:
        with self._lock:
            if root not in self._keys or self._keys[root] == ended:
                self._keys.pop(root, None)
                self._keys[root] = login.session_key(root, self._username, self._password)
            return self._keys[root]


class ItsYouOnline(AuthBase):
    """An application key of ItsYou.online: gets a JWT for it, and a new one before it expires.

    `validity` is the wished lifetime in seconds (the provider's own default when None), `url` the identity provider.
    Raises Unauthorized where it refuses the key, TransportError where it can't be reached.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        validity: int | None = None,
        url: str = "https://itsyou.online",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._validity = validity
        self._url = url.rstrip("/")
        self._clock = clock
        self._token = ""
        self._renew_at = 0.0
        self._lock = threading.Lock()

    @classmethod
    def from_env(cls, *, validity: int | None = None) -> ItsYouOnline:
        """From CLIENT_ID and CLIENT_SECRET; ITSYOUONLINE_URL names another provider. Raises ArgumentError."""
        client_id, client_secret = os.environ.get("CLIENT_ID"), os.environ.get("CLIENT_SECRET")
        if not client_id or not client_secret:
            raise ArgumentError(
                "CLIENT_ID and CLIENT_SECRET are not both set in the environment.",
                fix="Create an application key at ItsYou.online and export both.",
            )
        url = os.environ.get("ITSYOUONLINE_URL") or "https://itsyou.online"
        return cls(client_id, client_secret, validity=validity, url=url)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client_id!r}, ***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"bearer {self._current(refused=None)}"
        return request

    def renew(self, request: PreparedRequest) -> bool:
        """Get a new token, unless another thread has got one since `request` was signed."""
        refused = str(request.headers.get("Authorization", "")).removeprefix("bearer ")
        return bool(self._current(refused=refused))

    def _current(self, *, refused: str | None) -> str:
        with self._lock:
            if not self._token or self._token == refused or self._clock() >= self._renew_at:
                self._token = ""
                asked = self._clock()
                token = login.jwt(self._url, self._client_id, self._client_secret, self._validity)
                self._renew_at = asked + login.time_to_renewal(token)
                self._token = token
            return self._token


def _with_key(request: PreparedRequest, key: str) -> PreparedRequest:
    field = urlencode({"authkey": key})
    if request.method == "GET":
        url = request.url or ""
        request.url = f"{url}{'&' if '?' in url else '?'}{field}"
        return request
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    request.body = f"{body}&{field}" if body else field
    request.headers["Content-Type"] = FORM
    request.headers["Content-Length"] = str(len(request.body))
    return request


def sent_key(request: PreparedRequest) -> str:
    """The `authkey` that a request carries, "" if none."""
    query = urlsplit(request.url or "").query
    body = request.body if isinstance(request.body, str) else ""
    return dict(parse_qsl(f"{query}&{body}")).get("authkey", "")


def _root(request: PreparedRequest) -> str:
    before, root, _ = (request.url or "").partition(PORTAL_ROOT + "/")
    return before + root.rstrip("/")


def _refuse_line_breaks(name: str, value: str) -> None:
    if not value or not value.isprintable():
        raise ArgumentError(f"The {name} is empty or holds control characters.", fix="Pass it without line breaks.")
