"""Open clients of documents with the logins that these declare, made from environment variables.

The variables of a portal's logins (see `environment_login`) are not used: their secrets are for portals only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from ovcgen.cli.environment_login import auth_from_environment
from ovcgen.errors import UsageError
from ovcgen.runtime.errors import Unauthorized

if TYPE_CHECKING:
    from requests.auth import AuthBase

    from ovcgen.client.portal import RuntimePortal
    from ovcgen.model.api import Api, SecurityDefinition
    from ovcgen.runtime.login_selection import AnyLogin
    from ovcgen.workflows.resolve import Release

TOKEN, KEY, USERNAME, PASSWORD = "OVCGEN_TOKEN", "OVCGEN_KEY", "OVCGEN_USERNAME", "OVCGEN_PASSWORD"
CLIENT_ID, CLIENT_SECRET = "OVCGEN_CLIENT_ID", "OVCGEN_CLIENT_SECRET"


class ElsewhereDeclared(UsageError):
    """A downloaded document wants the client's secret to be sent to another server than the service."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"The document wants tokens to be got from {address!a}, which is another server than the service.",
            fix=f"Save the document to a file if you trust that server, or export {TOKEN} with a token.",
        )


def opened_with_logins(url: str, resolved: Release, **options: Any) -> RuntimePortal:
    """Return a client for a document, with the logins of the environment: those of a portal if it is a catalog.

    Args:
        url: The caller's address; "" for the declared one.
        resolved: The document and its API.
        options: Further arguments of the client.

    Raises:
        ElsewhereDeclared: a downloaded document declares a token endpoint at another origin than the service.
        ArgumentError: there is no address, or a login can't be used.
    """
    from ovcgen.client.addresses import addresses_of
    from ovcgen.client.portal import RuntimePortal
    from ovcgen.workflows.connect import opened

    auth: AnyLogin = None
    if is_portal(resolved.api):
        auth = auth_from_environment()
    else:
        choice = {name: options[name] for name in ("server", "variables") if name in options}
        found = addresses_of(resolved.api, url, **choice)
        auth = logins_for(resolved.api, f"{found.root}{found.base_path}", bool(resolved.spec.url)) or None
    return opened(RuntimePortal, url, resolved, auth=auth, **options)


def is_portal(api: Api) -> bool:
    """Return whether an API is that of a portal, whose logins have variables of their own."""
    from ovcgen.normalise.dialects import DIALECTS

    return DIALECTS[api.dialect].pinned


@contextmanager
def login_advice(api: Api | None) -> Iterator[None]:
    """Make the error of a refused call say which variables its login comes from. None is for portals.

    Raises:
        Unauthorized: as raised in the block.
    """
    try:
        yield
    except Unauthorized as error:
        names = (
            list(dict.fromkeys(name for each in api.security_definitions for name in _variables(each))) if api else []
        )
        if names:
            known = [name for name in names if os.environ.get(name)]
            error.fix = f"Check {' and '.join(known)}." if known else f"Export {' or '.join(names)}, as the call needs."
        raise


def _variables(definition: SecurityDefinition) -> tuple[str, ...]:
    """Return the variables of the login for a scheme."""
    match definition.kind:
        case "apiKey":
            return _key_variable(definition.name), KEY
        case "basic":
            return USERNAME, PASSWORD
        case "mutualTLS":
            return ()
        case "oauth2" | "openIdConnect":
            return TOKEN, CLIENT_ID, CLIENT_SECRET
    return (TOKEN,)


def logins_for(api: Api, address: str, is_downloaded: bool) -> dict[str, AuthBase]:
    """Return the logins of a document for which there are variables, by the name of their scheme.

    An API key is in OVCGEN_KEY_<SCHEME>, or else in OVCGEN_KEY.

    Args:
        api: The API of the document.
        address: The address of the service, for relative URLs.
        is_downloaded: Whether the document is not a file of the caller.

    Raises:
        ElsewhereDeclared: a downloaded document declares a token endpoint at another origin than the service.
        ArgumentError: a value can't be sent.
    """
    found = {each.name: _login(each, address, is_downloaded) for each in api.security_definitions}
    return {name: login for name, login in found.items() if login is not None}


def _login(definition: SecurityDefinition, address: str, is_downloaded: bool) -> AuthBase | None:
    """Return the login for a scheme; None without its variables."""
    from ovcgen.runtime.auth import Bearer
    from ovcgen.runtime.auth_schemes import Basic

    token, username, password = (os.environ.get(name) for name in (TOKEN, USERNAME, PASSWORD))
    match definition.kind:
        case "apiKey":
            return _api_key(definition)
        case "basic":
            return Basic(username, password) if username and password else None
        case "oauth2" | "openIdConnect" if not token:
            return _granted(definition, address, is_downloaded)
        case "mutualTLS":
            return None
    if not token:
        return None
    is_http = definition.kind not in ("oauth2", "openIdConnect")
    bearer = Bearer(token, scheme=(definition.http_scheme if is_http else "") or "bearer")
    bearer.source = TOKEN
    return bearer


def _api_key(definition: SecurityDefinition) -> AuthBase | None:
    """Return the login with an API key; None without its variable."""
    from ovcgen.runtime.auth_schemes import ApiKey

    names = (_key_variable(definition.name), KEY)
    name = next((name for name in names if os.environ.get(name)), None)
    if name is None:
        return None
    login = ApiKey(os.environ[name], name=definition.parameter or "", place=definition.location or "")
    login.source = name
    return login


def _key_variable(scheme: str) -> str:
    """Return the variable for the API key of a scheme: `api-key` is in OVCGEN_KEY_API_KEY."""
    return f"{KEY}_{re.sub('[^A-Z0-9]', '_', scheme.upper())}"


def _granted(definition: SecurityDefinition, address: str, is_downloaded: bool) -> AuthBase | None:
    """Return the login that gets tokens from the server that the document declares; None without its variables."""
    from ovcgen.client.addresses import same_origin
    from ovcgen.runtime.oauth import OAuth2
    from ovcgen.runtime.openid import OpenIdConnect

    client, secret = os.environ.get(CLIENT_ID), os.environ.get(CLIENT_SECRET, "")
    is_discovered = definition.kind == "openIdConnect"
    declared = definition.discovery_url if is_discovered else definition.token_url
    username, password = os.environ.get(USERNAME), os.environ.get(PASSWORD)
    if not client or not declared or (definition.flow == "password" and not (username and password)):
        return None
    url = urljoin(f"{address}/", declared)
    refreshing = next((flow.refresh_url for flow in definition.flows), "")
    refresh_url = urljoin(f"{address}/", refreshing) if refreshing else ""
    for each in filter(None, (url, refresh_url)):
        if is_downloaded and not same_origin(each, address):
            raise ElsewhereDeclared(each)
    if is_discovered:
        return OpenIdConnect(url, client, secret)
    if definition.flow == "password":
        return OAuth2(url, client, secret, refresh_url=refresh_url, username=username, password=password)
    return OAuth2(url, client, secret, refresh_url=refresh_url) if definition.flow == "application" else None
