"""Define the logins of documents besides tokens: HTTP Basic and API keys."""

from __future__ import annotations

import re
from base64 import b64encode
from urllib.parse import urlencode

from requests import PreparedRequest  # type: ignore[import-untyped,unused-ignore]
from requests.auth import AuthBase  # type: ignore[import-untyped,unused-ignore]

from .auth import checked_credential
from .errors import ArgumentError
from .known_secrets import declare_secret
from .redaction import Secret
from .request_building import add_cookies

PLACES = ("header", "query", "cookie")
NOT_IN_A_COOKIE = re.compile("[^!-~]|;")  # RFC 6265 forbids some more characters, but browsers and servers take them


class Basic(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login with a username and password, sent with every request in the header Authorization (RFC 7617), as UTF-8.

    Raises:
        ArgumentError: a value is empty or holds control characters, or the username holds a colon.
    """

    source = "the username and password"

    def __init__(self, username: str, password: str) -> None:
        self._username = checked_credential("username", username)
        if ":" in username:
            raise ArgumentError("A username with a colon can't be sent.", fix="Pass it without; RFC 7617 forbids it.")
        pair = f"{username}:{checked_credential('password', password)}"
        self._pair = Secret(b64encode(pair.encode()).decode())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._username!r}, ***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Basic {self._pair.reveal()}"
        return request


class ApiKey(AuthBase):  # type: ignore[misc,unused-ignore]
    """A login with an API key, sent in a header, query field or cookie. Messages, logs and recordings do not show it.

    Args:
        value: The key.
        name: The name of the header, query field or cookie, as the document declares it. It is declared as that of a
            secret for the whole process.
        place: `header`, `query` or `cookie`.

    Raises:
        ArgumentError: `place` is something else; the key or the name is empty, holds control characters, or, for a
            header, other characters than ASCII; or, for a cookie, spaces, semicolons or other than printable ASCII.
    """

    source = "the API key"

    def __init__(self, value: str, *, name: str, place: str = "header") -> None:
        if place not in PLACES:
            raise ArgumentError(
                f"A key goes into the header, the query or a cookie, not {place!a}.", fix='Pass place="header".'
            )
        self.name = checked_credential("name of the key", name)
        self.place = place
        self._value = Secret(checked_credential("key", value))
        if place == "header" and not (value.isascii() and name.isascii()):
            raise ArgumentError("A key in a header has to be ASCII.", fix="Pass it as it was issued.")
        if place == "cookie" and NOT_IN_A_COOKIE.search(name + value):
            raise ArgumentError(
                "A key in a cookie has to be ASCII, without spaces and semicolons.", fix="Pass it as it was issued."
            )
        declare_secret(name, place)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***, name={self.name!r}, place={self.place!r})"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self.place == "header":
            request.headers[self.name] = self._value.reveal()
            return request
        if self.place == "cookie":
            add_cookies(request, [f"{self.name}={self._value.reveal()}"])
            return request
        url = request.url or ""
        request.url = f"{url}{'&' if '?' in url else '?'}{urlencode({self.name: self._value.reveal()})}"
        return request
