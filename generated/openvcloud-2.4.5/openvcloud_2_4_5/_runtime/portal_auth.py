"""Define the logins that only an OpenvCloud portal takes: session keys, its own users, and ItsYou.online."""

from __future__ import annotations

import os
from urllib.parse import parse_qsl, urlencode, urlsplit

from requests import PreparedRequest  # type: ignore[import-untyped,unused-ignore]
from requests.auth import AuthBase  # type: ignore[import-untyped,unused-ignore]

from . import portal_login
from .adapter import Trust, WireRequest, checked_url
from .auth import TokenLogin, checked_credential, log_in_blocking
from .call_flow import Flow, Need, Needs, World
from .content_type_choice import FORM
from .errors import ArgumentError, TransportError
from .login_requests import LoginTerms
from .login_selection import EXAMPLES
from .redaction import Secret

PORTAL_ROOT = "/restmachine"
PROVIDER = "ITSYOUONLINE_URL"  # environment variable with the address of the identity provider
NAMED_BY_VARIABLE = f"{PROVIDER} in the environment names that address."
NAMED_BY_NOBODY = f"That address is the default; {PROVIDER} in the environment names another one."
AUTHKEY = ("query", "authkey")  # in a POST it is a field of the form
EXAMPLES[AUTHKEY] = "AuthKey(secret)"


class AuthKey(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login with a session key, a user's static key or the portal's secret, sent as the parameter `authkey`.

    It is sent in the form of a request; in the query if the request is a GET or its body is not a URL-encoded form.

    Raises:
        ArgumentError: the secret is empty or holds control characters.
    """

    source = "the session key"
    target = AUTHKEY

    def __init__(self, secret: str) -> None:
        self._secret = Secret(checked_credential("secret", secret))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return _with_key(request, self._secret)


class Credentials(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login with a username and password of the portal. Logs in at the first call, and again when a key is refused.

    One object may be used for several portals and threads. Calls raise Unauthorized if the portal does not accept the
    credentials.

    Raises:
        ArgumentError: the username or the password is empty or holds control characters.
    """

    source = "username and password"
    target = AUTHKEY

    def __init__(self, username: str, password: str) -> None:
        self._username = checked_credential("username", username)
        self._password = Secret(checked_credential("password", password))
        self._keys: dict[str, Secret] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._username!r}, ***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return self.sign(log_in_blocking(self, request))

    def missing(self, request: PreparedRequest) -> Needs:
        """Return the flow that logs in at the request's portal and keeps the session key; () if there is a key."""
        root, verify = _portal_of(request)
        if root in self._keys:
            return ()
        trust = Trust(verify, getattr(request, "cert", None))

        def log_in_there(world: World, deadline: float) -> Flow[None]:
            if root not in self._keys:
                terms = LoginTerms(trust, self.source, world, deadline)
                self._keys[root] = yield from portal_login.session_key(root, self._username, self._password, terms)

        return (Need((self, root), log_in_there),)

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        """Add the session key of the request's portal, an empty one before the login; return the same request."""
        return _with_key(request, self._keys.get(_portal_of(request)[0], Secret("")))

    def refuse(self, request: PreparedRequest) -> bool:
        """Forget the session key that `request` was signed with, unless a newer one has replaced it. Returns True."""
        root, _ = _portal_of(request)
        known = self._keys.get(root)
        if known is not None and known.reveal() == sent_key(request):
            self._keys.pop(root, None)
        return True


class ItsYouOnline(TokenLogin):
    """A login with an application key of ItsYou.online. Gets a JWT for it, and a new one before it expires.

    Calls raise Unauthorized if the provider refuses the key, TransportError if it can't be reached.

    Args:
        client_id: The id of the application key.
        client_secret: Its secret.
        validity: The requested lifetime in seconds; None for the provider's default.
        url: The address of the identity provider.
        verify: False to skip the provider's certificate check, or the path of a CA bundle.

    Attributes:
        url: The address of the identity provider.
        url_advice: A sentence on what names that address, for the error if it can't be reached.

    Raises:
        ArgumentError: the key or the address can't be used.
    """

    _word = "bearer"
    source = "client_id and client_secret"
    url_advice = ""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        validity: int | None = None,
        url: str = "https://itsyou.online",
        verify: bool | str = True,
    ) -> None:
        super().__init__()
        self._client_id = checked_credential("client id", client_id)
        self._client_secret = Secret(checked_credential("client secret", client_secret))
        self._validity = validity
        self.url = checked_url(url, "an identity provider")
        self._verify = verify

    @classmethod
    def from_env(cls, *, validity: int | None = None) -> ItsYouOnline:
        """Return the login with the application key in the environment variables CLIENT_ID and CLIENT_SECRET.

        ITSYOUONLINE_URL may name another provider than https://itsyou.online. The variables are read now, not later.

        Raises:
            ArgumentError: CLIENT_ID or CLIENT_SECRET is not set, or a value can't be used.
        """
        client_id, client_secret = os.environ.get("CLIENT_ID"), os.environ.get("CLIENT_SECRET")
        if not client_id or not client_secret:
            raise ArgumentError(
                "CLIENT_ID and CLIENT_SECRET are not both set in the environment.",
                fix="Create an application key at ItsYou.online and export both.",
            )
        url = os.environ.get(PROVIDER)
        found = cls(client_id, client_secret, validity=validity, url=url or "https://itsyou.online")
        found.source = "CLIENT_ID and CLIENT_SECRET"
        found.url_advice = NAMED_BY_VARIABLE if url else NAMED_BY_NOBODY
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._client_id!r}, ***)"

    def _grant(self, world: World, deadline: float) -> Flow[tuple[Secret, float]]:
        terms = LoginTerms(Trust(self._verify), self.source, world, deadline)
        try:
            return (yield from portal_login.jwt(self.url, self._client_id, self._client_secret, self._validity, terms))
        except TransportError as error:
            error.fix = f"{error.fix} {self.url_advice}".rstrip()
            raise


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
    """Return the `authkey` in the query or the form of a request; "" if it has none. That of the form goes first."""
    query = urlsplit(request.url or "").query
    body = request.body if isinstance(request.body, str) else ""
    return dict(parse_qsl(f"{query}&{body}")).get("authkey", "")


def _portal_of(request: PreparedRequest) -> tuple[str, bool | str]:
    """Return the API root that a request goes to, and its `verify` setting, so that the login uses the same."""
    if isinstance(request, WireRequest):
        return request.root, request.verify
    before, root, _ = (request.url or "").partition(PORTAL_ROOT + "/")
    return before + root.rstrip("/"), True
