# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Define the ways to log in to a portal. Each is a callable that signs a request.

All of them are `requests.auth.AuthBase`, so that requests does not use ~/.netrc instead. Logins that can be renewed
have `renew(request)`, which the session calls once after a 401 or 419.
"""

from __future__ import annotations

import copy
import os
import re
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

from requests import PreparedRequest
from requests.auth import AuthBase

from . import login
from .adapter import Trust, WireRequest, checked_url
from .content_types import FORM
from .errors import ArgumentError
from .redaction import Secret

PORTAL_ROOT = "/restmachine"
NOT_IN_A_FIELD = re.compile("[\\x00-\\x1f\\x7f\\ud800-\\udfff]")  # control characters, halves of surrogate pairs


class NoAuth(AuthBase):
    """Signs nothing, and keeps requests from using credentials of ~/.netrc."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


class Bearer(AuthBase):
    """A token that the caller already has, or a callable that returns one and is called before every request.

    Args:
        token: The token, or the callable.
        scheme: The word before the token in the header. Some services compare `Bearer` or `token` case-sensitively.
        clock: Returns the time in seconds since 1970, to check whether a JWT has expired.

    Raises:
        ArgumentError: the token can't be sent in a header.
    """

    source = "the token"

    def __init__(
        self,
        token: str | Callable[[], str],
        *,
        scheme: str = "bearer",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._scheme = _sendable_token(scheme)
        self._token = Secret(_sendable_token(token)) if isinstance(token, str) else token
        self._clock = clock
        self._jwt_only = False
        self._expires = login.expiry(token) if isinstance(token, str) else None

    @classmethod
    def from_env(cls, name: str = "OVC_TOKEN", *, scheme: str = "bearer") -> Bearer:
        """Return the login with the JWT in an environment variable.

        Raises:
            ArgumentError: the variable is not set, or holds no JWT or an expired one.
        """
        token = os.environ.get(name)
        if not token:
            raise ArgumentError(f"{name} is not set in the environment.", fix=f"Export {name} with your JWT.")
        found = cls(token, scheme=scheme)
        found.source = name
        found.for_jwt().check(found._reveal())
        return found

    def for_jwt(self) -> Bearer:
        """Return a copy of this login that refuses to send tokens that are not JWTs."""
        twin = copy.copy(self)
        twin._jwt_only = True
        return twin

    def check(self, token: str) -> None:
        """Check a token before it is sent.

        Raises:
            ArgumentError: the token has expired, or is not a JWT although the service requires one.
        """
        if self._jwt_only and not login.is_jwt(token):
            raise ArgumentError(
                f"{_sentence_start(self.source)} is no JWT: it is not three parts in base64url, with dots between.",
                fix=f"Set {self.source} to the bare JWT." if self.source != "the token" else "Pass the bare JWT.",
            )
        expires, now = login.expiry(token) if callable(self._token) else self._expires, self._clock()
        if expires is not None and expires <= now:
            raise ArgumentError(
                f"The JWT{'' if self.source == 'the token' else f' in {self.source}'} has expired: "
                f"{login.since(expires, now)}.",
                fix="Get a new one; ItsYouOnline.from_env() gets its own and renews it.",
            )

    def _reveal(self) -> str:
        """Return the token, from the callable if there is one."""
        return self._token.reveal() if isinstance(self._token, Secret) else _sendable_token(self._token())

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        token = self._reveal()
        if self._jwt_only or self._expires is not None or callable(self._token):
            self.check(token)
        request.headers["Authorization"] = f"{self._scheme} {token}"
        return request


class AuthKey(AuthBase):
    """A session key, a user's static key or the portal's secret, sent as the parameter `authkey`.

    It is sent in the form of a POST request and in the query of a GET request.

    Raises:
        ArgumentError: the secret is empty or holds control characters.
    """

    source = "the session key"

    def __init__(self, secret: str) -> None:
        self._secret = Secret(sendable("secret", secret))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return _with_key(request, self._secret)


class Credentials(AuthBase):
    """A username and password of the portal. Logs in at the first call, and again when the session has expired.

    One object may be used for several portals and threads. Calls raise Unauthorized if the portal does not accept the
    credentials.

    Raises:
        ArgumentError: the username or the password is empty or holds control characters.
    """

    source = "username and password"

    def __init__(self, username: str, password: str) -> None:
        self._username = sendable("username", username)
        self._password = Secret(sendable("password", password))
        self._keys: dict[str, Secret] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._username!r}, ***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return _with_key(request, self._key(request, ended=None))

    def renew(self, request: PreparedRequest) -> bool:
        """Log in again, unless another thread has done so since `request` was signed. Always returns True."""
        self._key(request, ended=Secret(sent_key(request)))
        return True

    def _key(self, request: PreparedRequest, *, ended: Secret | None) -> Secret:
        """Return the session key of the request's portal; get a new one if there is none, or it is `ended`."""
        root, verify = _portal_of(request)
        trust = Trust(verify, getattr(request, "cert", None))
        with self._lock:
            known = self._keys.get(root)
            if known is None or (ended and known.reveal() == ended.reveal()):
                self._keys.pop(root, None)
                self._keys[root] = login.session_key(
                    root, self._username, self._password, trust=trust, source=self.source
                )
            return self._keys[root]


class Granted(AuthBase):
    """Base class of logins that get a token from a server.

    The token is fetched at the first call, kept until shortly before it expires, and fetched by one thread only.
    Subclasses implement `_grant`, which returns a token and the seconds to keep it. `_word` is the word before the
    token in the header.
    """

    _word = "Bearer"
    source = "the client's id and secret"

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._token = Secret("")
        self._renew_at = 0.0
        self._lock = threading.Lock()

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"{self._word} {self._current(refused=None).reveal()}"
        return request

    def renew(self, request: PreparedRequest) -> bool:
        """Get a new token, unless another thread has got one since `request` was signed. Always returns True."""
        _, _, refused = str(request.headers.get("Authorization", "")).partition(" ")
        self._current(refused=Secret(refused))
        return True

    def _current(self, *, refused: Secret | None) -> Secret:
        """Return the token; get a new one if it is too old, or is the `refused` one."""
        with self._lock:
            if not self._is_good(refused):
                self._token = Secret("")
                asked = self._clock()
                token, seconds = self._grant()
                self._renew_at = asked + seconds
                self._token = token
            return self._token

    def _is_good(self, refused: Secret | None) -> bool:
        """Return whether the token can be used: it exists, is not too old, and is not the refused one."""
        known = self._token.reveal()
        return bool(known) and self._clock() < self._renew_at and not (refused and refused.reveal() == known)

    def _grant(self) -> tuple[Secret, float]:
        raise NotImplementedError


class ItsYouOnline(Granted):
    """An application key of ItsYou.online. Gets a JWT for it, and a new one before it expires.

    Calls raise Unauthorized if the provider refuses the key, TransportError if it can't be reached.

    Args:
        client_id: The id of the application key.
        client_secret: Its secret.
        validity: The requested lifetime in seconds; None for the provider's default.
        url: The address of the identity provider.
        verify: False to skip the provider's certificate check, or the path of a CA bundle.
        clock: Returns a monotonic time in seconds.

    Raises:
        ArgumentError: the key or the address can't be used.
    """

    _word = "bearer"
    source = "client_id and client_secret"

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        validity: int | None = None,
        url: str = "https://itsyou.online",
        verify: bool | str = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(clock)
        self._client_id = sendable("client id", client_id)
        self._client_secret = Secret(sendable("client secret", client_secret))
        self._validity = validity
        self._url = checked_url(url, "an identity provider")
        self._verify = verify

    @classmethod
    def from_env(cls, *, validity: int | None = None) -> ItsYouOnline:
        """Return the login with the key in CLIENT_ID and CLIENT_SECRET.

        ITSYOUONLINE_URL may name another provider.

        Raises:
            ArgumentError: CLIENT_ID or CLIENT_SECRET is not set, or a value can't be used.
        """
        client_id, client_secret = os.environ.get("CLIENT_ID"), os.environ.get("CLIENT_SECRET")
        if not client_id or not client_secret:
            raise ArgumentError(
                "CLIENT_ID and CLIENT_SECRET are not both set in the environment.",
                fix="Create an application key at ItsYou.online and export both.",
            )
        url = os.environ.get("ITSYOUONLINE_URL") or "https://itsyou.online"
        found = cls(client_id, client_secret, validity=validity, url=url)
        found.source = "CLIENT_ID and CLIENT_SECRET"
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client_id!r}, ***)"

    def _grant(self) -> tuple[Secret, float]:
        token = login.jwt(
            self._url,
            self._client_id,
            self._client_secret,
            self._validity,
            trust=Trust(self._verify),
            source=self.source,
        )
        return token, login.time_to_renewal(token.reveal())


def _with_key(request: PreparedRequest, key: Secret) -> PreparedRequest:
    """Add the `authkey` to the form of the request, or to the query for a GET or a body that is not a form."""
    field = urlencode({"authkey": key.reveal()})
    is_form = request.headers.get("Content-Type", FORM) == FORM
    if request.method == "GET" or not is_form:
        url = request.url or ""
        request.url = f"{url}{'&' if '?' in url else '?'}{field}"
        return request
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    request.body = f"{body}&{field}" if body else field
    request.headers["Content-Type"] = FORM
    request.headers["Content-Length"] = str(len(request.body))
    return request


def sent_key(request: PreparedRequest) -> str:
    """Return the `authkey` of a request; "" if it has none."""
    query = urlsplit(request.url or "").query
    body = request.body if isinstance(request.body, str) else ""
    return dict(parse_qsl(f"{query}&{body}")).get("authkey", "")


def _portal_of(request: PreparedRequest) -> tuple[str, bool | str]:
    """Return the API root that a request goes to, and its `verify` setting, so that the login uses the same."""
    if isinstance(request, WireRequest):
        return request.root, request.verify
    before, root, _ = (request.url or "").partition(PORTAL_ROOT + "/")
    return before + root.rstrip("/"), True


def _sentence_start(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def sendable(name: str, value: object) -> str:
    """Return the value if it can be sent in a field. `name` names it in the error.

    Raises:
        ArgumentError: the value is empty, not a string, or holds control characters. The message does not show it.
    """
    if not isinstance(value, str) or not value or NOT_IN_A_FIELD.search(value):
        raise ArgumentError(
            f"The {name} is empty, no text, or holds control characters.", fix="Pass it as it was issued, on one line."
        )
    return value


def _sendable_token(token: object) -> str:
    """Return the token if it can be sent in a header; else raise ArgumentError."""
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ArgumentError(
            "The token is empty, or holds what can't stand in a header.", fix="Pass the bare JWT, on one line."
        )
    return token
