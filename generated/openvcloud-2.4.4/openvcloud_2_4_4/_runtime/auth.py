"""Define the logins with a token. Each is a callable that signs a request.

All of them are `requests.auth.AuthBase`, so that requests does not use ~/.netrc instead. Logins that get a token or a
key themselves are a `call_flow.Login`: a call carries out what is `missing`, then lets them `sign`. An AuthBase of the
caller's own may have `renew(request)`, which is called once after a refused login.
"""

from __future__ import annotations

import copy
import os
import re
import time
from collections.abc import Callable
from typing import cast

from requests import PreparedRequest  # type: ignore[import-untyped,unused-ignore]
from requests.auth import AuthBase  # type: ignore[import-untyped,unused-ignore]

from .blocking_driver import Driver
from .call_flow import Flow, Login, Need, Needs, Sleep, World, log_in
from .errors import ArgumentError, ServerError, TransportError
from .policy import LOGIN_TIMEOUT
from .redaction import Secret
from .tokens import StoredToken, TokenStore, expired_since, expiry, is_jwt, kept_seconds

PATIENCE_WITH_VALID = 5.0  # seconds for a renewal while the present token is still valid
BETWEEN_RENEWALS = 30.0  # seconds between two such attempts
LOCK_INTERVAL = 0.05  # seconds between two attempts to lock a token store

NOT_IN_A_FIELD = re.compile("[\\x00-\\x1f\\x7f\\ud800-\\udfff]")  # control characters, halves of surrogate pairs


class NoAuth(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login that adds nothing to a request. With it, the library requests does not use credentials of ~/.netrc."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


class Bearer(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login with a token that the caller already has, or with a callable that returns one before every request.

    Args:
        token: The token, or the callable.
        scheme: The word before the token in the header Authorization, sent as it is. Some services compare `Bearer` or
            `token` case-sensitively.

    Raises:
        ArgumentError: the token or the scheme is empty, or holds a space or other characters than printable ASCII; a
            token of the callable is checked when a request is signed. Signing also raises the errors of `check`.
    """

    source = "the token"

    def __init__(self, token: str | Callable[[], str], *, scheme: str = "bearer") -> None:
        self._scheme = _sendable_token(scheme)
        self._token = Secret(_sendable_token(token)) if isinstance(token, str) else token
        self._clock = time.time
        self._jwt_only = False
        self._expires = expiry(token) if isinstance(token, str) else None
        self._is_jwt = isinstance(token, str) and is_jwt(token)

    @classmethod
    def from_env(cls, name: str = "OVC_TOKEN", *, scheme: str = "bearer") -> Bearer:
        """Return the login with the JWT in the environment variable `name`, which is read once, now.

        Raises:
            ArgumentError: the variable is not set or empty, or holds no JWT or an expired one.
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
        """Check a token before it is sent. A token that is no JWT passes, unless this is a login of `for_jwt`.

        If the login was made with a fixed token, that one is checked, whatever `token` is. Signatures are not checked.

        Raises:
            ArgumentError: the token is a JWT that has expired, or it is no JWT although the service requires one.
        """
        if self._jwt_only and not (is_jwt(token) if callable(self._token) else self._is_jwt):
            raise ArgumentError(
                f"{_sentence_start(self.source)} is no JWT: it is not three parts in base64url, with dots between.",
                fix=f"Set {self.source} to the bare JWT." if self.source != "the token" else "Pass the bare JWT.",
            )
        expires, now = expiry(token) if callable(self._token) else self._expires, self._clock()
        if expires is not None and expires <= now:
            raise ArgumentError(
                f"The JWT{'' if self.source == 'the token' else f' in {self.source}'} has expired: "
                f"{expired_since(expires, now)}.",
                fix="Get a new one, or use a login that renews its token.",
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


class TokenLogin(AuthBase):  # type: ignore[misc,unused-ignore]
    """Base class of logins that get a token from a server and send it in the header Authorization.

    The token is fetched at the first call and renewed shortly before it expires, by one thread only. While the server
    is down, a token that is still valid is used on. Subclasses implement `_grant`, a flow that returns a token and its
    lifetime in seconds. `_word` is the word before the token in the header.

    Attributes:
        source: Where the credentials come from, for errors.
        store: Where the token is kept for other processes; None to keep it in this process only.
    """

    _word = "Bearer"
    store: TokenStore | None = None
    source = "the client's id and secret"

    def __init__(self) -> None:
        self._clock = time.monotonic
        self._token = Secret("")
        self._refused = Secret("")
        self._renew_at = self._ends_at = 0.0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return self.sign(log_in_blocking(self, request))

    def missing(self, _request: PreparedRequest) -> Needs:
        """Return the flow that gets or renews the token; () if the present token can be used.

        Only one caller gets the flow that renews a token that is still valid; meanwhile other threads use that token.
        """
        now = self._clock()
        if now < self._renew_at and self._token.reveal() != self._refused.reveal():
            return ()
        if self._is_valid(now):
            self._renew_at = min(now + BETWEEN_RENEWALS, self._ends_at)
            return (Need(self, self._renew),)
        return (Need(self, self._get),)

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        """Write the present token into the header Authorization, without I/O, and return the same request.

        The token is not checked: carry out what `missing` returns first.
        """
        request.headers["Authorization"] = f"{self._word} {self._token.reveal()}"
        return request

    def refuse(self, request: PreparedRequest) -> bool:
        """Note that the token in the request's Authorization was refused and must be renewed. Always returns True."""
        _, _, token = str(request.headers.get("Authorization", "")).partition(" ")
        self._refused = Secret(token)
        return True

    def _is_valid(self, now: float) -> bool:
        """Return whether the token exists, has not expired and was not refused."""
        token = self._token.reveal()
        return bool(token) and now < self._ends_at and token != self._refused.reveal()

    def _get(self, world: World, deadline: float) -> Flow[None]:
        """Get a token, unless another thread has got one since."""
        if not self._is_valid(self._clock()):
            yield from self._renew(world, deadline)

    def _renew(self, world: World, deadline: float) -> Flow[None]:
        """Get a new token, from the store if another process has put one there.

        Processes with the same store ask the server one after the other. A token that is still valid is used on while
        another process renews it. If the store stays locked for 30 s, the server is asked without it.
        """
        store = self.store
        if store is None:
            yield from self._fetch(world, deadline)
            return
        until = min(deadline, world.clock() + LOGIN_TIMEOUT)
        while not self._take_stored(store):
            with store.lock() as is_locked:
                if is_locked:
                    if not self._take_stored(store):
                        yield from self._replace_stored(store, world, deadline)
                    return
            if self._is_valid(self._clock()):
                return
            if world.clock() >= until:
                yield from self._fetch(world, deadline)
                return
            yield Sleep(LOCK_INTERVAL)

    def _take_stored(self, store: TokenStore) -> bool:
        """Use the token of the store if it is valid; return whether it need not be renewed yet."""
        stored, now = store.load(), self._clock()
        if stored is None or stored.token.reveal() == self._refused.reveal():
            return False
        begun = now - stored.age
        if begun + stored.lifetime <= now:
            return False
        self._keep(stored.token, begun, stored.lifetime)
        if self._renew_at > now:
            return True
        self._renew_at = min(now + BETWEEN_RENEWALS, self._ends_at)
        return False

    def _replace_stored(self, store: TokenStore, world: World, deadline: float) -> Flow[None]:
        """Get a token from the server and put it into the locked store. An unusable token there is dropped first."""
        if not self._is_valid(self._clock()):
            store.drop()
        asked = self._clock()
        if (lifetime := (yield from self._fetch(world, deadline))) is not None:
            store.save(StoredToken(self._token, lifetime, self._clock() - asked))

    def _fetch(self, world: World, deadline: float) -> Flow[float | None]:
        """Get a token from the server and return its lifetime; None if it is down and the present token is valid."""
        asked = self._clock()
        if self._is_valid(asked):
            deadline = min(deadline, world.clock() + PATIENCE_WITH_VALID)
        try:
            token, lifetime = yield from self._grant(world, deadline)
        except (TransportError, ServerError):
            if not self._is_valid(self._clock()):
                raise
            return None
        self._keep(token, asked, lifetime)
        return lifetime

    def _keep(self, token: Secret, begun: float, lifetime: float) -> None:
        """Use this token from now on. `begun` is when its lifetime began, on the clock of this login."""
        self._ends_at, self._renew_at = begun + lifetime, begun + kept_seconds(lifetime)
        self._token, self._refused = token, Secret("")

    def _grant(self, world: World, deadline: float) -> Flow[tuple[Secret, float]]:
        raise NotImplementedError


def log_in_blocking(signer: AuthBase, request: PreparedRequest) -> PreparedRequest:
    """Send the requests that `signer` needs to get or renew its token, and return `request` unchanged and not signed.

    It blocks until the token is there. It is only for a call of the library requests that uses a login as its `auth`;
    clients log in within their flows.

    Raises:
        ClientError: the login was refused, or its server can't be reached within `LOGIN_TIMEOUT`.
    """
    needs = cast(Login, signer).missing(request)
    if needs:
        driver = Driver()
        driver.run(log_in(needs, driver.world.clock() + LOGIN_TIMEOUT, driver.world))
    return request


def _sentence_start(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def checked_credential(name: str, value: object) -> str:
    """Return a login's value unchanged if it can be sent in a header, query or form field. `name` is for the error.

    Other characters than ASCII pass.

    Raises:
        ArgumentError: the value is empty, not a string, or holds ASCII control characters (tabs and newlines too) or
            lone surrogates. The message does not show it.
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
