"""Define the login whose token endpoint is discovered: from the metadata of an OpenID provider or OAuth 2 server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import login_requests
from .call_flow import Flow, World
from .errors import ArgumentError, DecodeError
from .oauth import OAuth2, checked_endpoint
from .redaction import Secret, url_without_secrets
from .typeguards import is_list

BASIC, POST = "client_secret_basic", "client_secret_post"


class OpenIdConnect(OAuth2):
    """A login at an OpenID provider. It reads the token endpoint from the provider's metadata, before the first token.

    The metadata of an OAuth 2 server (RFC 8414) can be used as well. Nothing is requested before the first call. The
    tokens are those of `OAuth2`: access tokens, not id tokens. Calls raise DecodeError if the metadata names no token
    endpoint that can be used.

    Args:
        discovery_url: The URL of the metadata, which mostly ends in `/.well-known/openid-configuration`.
        place: As for `OAuth2`; "" takes what the metadata supports.

    Other arguments and errors are those of `OAuth2`; `refresh_url` does not exist here.
    """

    def __init__(
        self,
        discovery_url: str,
        client_id: str,
        client_secret: str = "",
        *,
        username: str | None = None,
        password: str | None = None,
        scopes: Iterable[str] = (),
        place: str = "",
        verify: bool | str = True,
    ) -> None:
        super().__init__(
            discovery_url,
            client_id,
            client_secret,
            username=username,
            password=password,
            scopes=scopes,
            place=place or "header",
            verify=verify,
        )
        self._discovery_url: str = self._url
        self._is_discovered = False
        self._chooses_place = not place

    def _grant(self, world: World, deadline: float) -> Flow[tuple[Secret, float]]:
        """Get a token; before the first one, read where the token endpoint is."""
        if not self._is_discovered:
            found = yield from login_requests.metadata(self._discovery_url, self._terms(world, deadline))
            self._url = self._endpoint(found)
            if self._chooses_place:
                self._place = _place(found)
            self._is_discovered = True
        return (yield from super()._grant(world, deadline))

    def _endpoint(self, metadata: dict[str, Any]) -> str:
        """Return the token endpoint that the metadata names.

        Raises:
            DecodeError: there is none, or the secrets would be sent to it less safely than the metadata was read.
        """
        shown = url_without_secrets(self._discovery_url)
        try:
            found = checked_endpoint(metadata.get("token_endpoint") or "")
        except ArgumentError:
            found = ""
        if not found or (self._discovery_url.startswith("https:") and not found.startswith("https:")):
            raise DecodeError(
                f"The metadata at {shown} names no token endpoint that can be used.",
                fix="Check the address of the metadata, or pass the token endpoint with OAuth2(...).",
            )
        return found


def _place(metadata: dict[str, Any]) -> str:
    """Return where the metadata says that clients send their secret; `header` if it does not say."""
    methods = metadata.get("token_endpoint_auth_methods_supported")
    return "form" if is_list(methods) and BASIC not in methods and POST in methods else "header"
