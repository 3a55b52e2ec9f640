"""Open clients of documents. Logins for the declared security schemes come from environment variables or the store.

The variables of portal logins (see `portal_credentials`) are not used, because their secrets are for portals only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from ovcgen.cli.portal_credentials import check_chosen, login_for
from ovcgen.errors import UsageError
from ovcgen.runtime.errors import Unauthorized
from ovcgen.runtime.urls import joined_url, same_origin

if TYPE_CHECKING:
    from requests.auth import AuthBase

    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.client.portal import RuntimePortal
    from ovcgen.model.api import Api, SecurityDefinition
    from ovcgen.runtime.login_selection import AnyLogin
    from ovcgen.workflows.resolve import Release

TOKEN, KEY, USERNAME, PASSWORD = "OVCGEN_TOKEN", "OVCGEN_KEY", "OVCGEN_USERNAME", "OVCGEN_PASSWORD"
CLIENT_ID, CLIENT_SECRET = "OVCGEN_CLIENT_ID", "OVCGEN_CLIENT_SECRET"
CREDENTIALS = (TOKEN, KEY, USERNAME, PASSWORD, CLIENT_ID, CLIENT_SECRET)
ENDPOINT = "OVCGEN_TOKEN_ENDPOINT"  # a field of stored logins: where the client's secret may be sent


class ElsewhereDeclared(UsageError):
    """An error: a document wants the client's secret to be sent to a server that may not get it.

    For a downloaded document only the service may get it; a stored secret, only the service and the token endpoint that
    was stored with it.

    Args:
        address: The URL of that server.
    """

    def __init__(self, address: str) -> None:
        super().__init__(
            f"The document wants tokens to be got from {address!a}, which is another server than the service.",
            fix=f"Save the document to a file if you trust that server, or export {TOKEN} with a token.",
        )


class LoginValues(NamedTuple):
    """A record of the variables with the credentials for one service, and of the servers that may receive the secrets.

    Attributes:
        values: The values of the variables, by name, as plain text.
        address: The address of the service.
        endpoints: URLs of token endpoints at other servers that may get the secrets; None allows all declared ones.
    """

    values: Mapping[str, str]
    address: str
    endpoints: tuple[str, ...] | None = None


def opened_with_logins(url: str, resolved: Release, target: CommandTarget, **options: Any) -> RuntimePortal:
    """Return a client for a document, with logins from the environment or the store. No request is sent.

    A document that is the catalog of a portal gets the login of the portal.

    Args:
        url: The address of the service; "" for the address that the document declares.
        resolved: The document and its API.
        target: The portal or service whose logins are used.
        options: Further arguments of the client, such as `timeout`; `server` and `variables` choose a declared address.

    Raises:
        ElsewhereDeclared: the document declares a token endpoint that must not get the client's secret.
        ArgumentError: there is no address, or a login can't be used.
        UsageError: a login of the environment or the store can't be used; see `login_values_for` and `login_for`.
    """
    from ovcgen.client.base_urls import addresses_of
    from ovcgen.client.portal import RuntimePortal
    from ovcgen.workflows.connect import client_for

    auth: AnyLogin = None
    if is_portal(resolved.api):
        auth = login_for(target)
    else:
        choice = {name: options[name] for name in ("server", "variables") if name in options}
        found = addresses_of(resolved.api, url, **choice)
        address = f"{found.root}{found.base_path}"
        given = login_values_for(address, target, is_downloaded=bool(resolved.spec.url))
        auth = logins_for(resolved.api, given) or None
    return client_for(RuntimePortal, url, resolved, auth=auth, **options)


def login_values_for(address: str, target: CommandTarget, *, is_downloaded: bool) -> LoginValues:
    """Return the variables with credentials: those of the environment, and those of the stored login.

    The variables of the environment are all that begin with OVCGEN_ and are not empty; they take precedence. The stored
    login is the one for `address` and the profile of `target`. A stored client secret may only be sent to the service
    and to the token endpoint that was stored with the secret. If the document was downloaded, a client secret of the
    environment may only be sent to the service.

    Raises:
        UnchosenPortal: only a project's file has chosen the service, and there are credentials in the environment.
        UnusableStore, KeyringRefused: the stored logins can't be read.
    """
    from ovcgen.cli.login_store import login_store

    own = {name: value for name, value in os.environ.items() if name.startswith("OVCGEN_") and value}
    if any(name in CREDENTIALS or name.startswith(f"{KEY}_") for name in own):
        check_chosen(target)
    stored = login_store().load(address, target.profile.name)
    kept = stored.variables if stored else {}
    endpoint = kept.pop(ENDPOINT, "")
    uses_stored = CLIENT_ID in kept and CLIENT_ID not in own
    allowed = ((endpoint,) if endpoint else ()) if uses_stored else () if is_downloaded else None
    return LoginValues({**kept, **own}, address, allowed)


def is_portal(api: Api) -> bool:
    """Return whether an API is that of an OpenvCloud portal, by its dialect. Portal logins have their own variables."""
    from ovcgen.normalise.dialect_registry import DIALECTS

    return DIALECTS[api.dialect].pinned


@contextmanager
def login_advice(api: Api | None) -> Iterator[None]:
    """Replace the advice of an Unauthorized error of the block by the environment variables that hold the login.

    It names the variables that are set, to be checked, or else all that the document's security schemes can use.
    Without security schemes, and with `api=None` (which callers pass for portals), the advice is unchanged.

    Raises:
        Unauthorized: the error of the block itself.
    """
    try:
        yield
    except Unauthorized as error:
        names = (
            list(dict.fromkeys(name for definition in api.security_definitions for name in _variables(definition)))
            if api
            else []
        )
        if names:
            known = [name for name in names if os.environ.get(name)]
            error.fix = f"Check {' and '.join(known)}." if known else f"Export {' or '.join(names)}, as the call needs."
        raise


def _variables(definition: SecurityDefinition) -> tuple[str, ...]:
    """Return the names of the environment variables with the login for a security scheme."""
    match definition.kind:
        case "apiKey":
            return key_variable(definition.name), KEY
        case "basic":
            return USERNAME, PASSWORD
        case "mutualTLS":
            return ()
        case "oauth2" | "openIdConnect":
            return TOKEN, CLIENT_ID, CLIENT_SECRET
    return (TOKEN,)


def logins_for(api: Api, given: LoginValues) -> dict[str, AuthBase]:
    """Return the logins by the name of their security scheme. Schemes whose variables are not set are left out.

    An API key is read from OVCGEN_KEY_<SCHEME>, or else from OVCGEN_KEY. Basic uses OVCGEN_USERNAME and
    OVCGEN_PASSWORD. OAuth 2 and OpenID Connect use OVCGEN_TOKEN, or else OVCGEN_CLIENT_ID and OVCGEN_CLIENT_SECRET,
    with which the client gets tokens (and user name and password, if the flow wants them). Other HTTP schemes use
    OVCGEN_TOKEN. Mutual TLS has no login. No request is sent.

    Raises:
        ElsewhereDeclared: the document declares a token endpoint that the secret may not be sent to.
        ArgumentError: a value can't be sent.
    """
    found = {definition.name: _login(definition, given) for definition in api.security_definitions}
    return {name: login for name, login in found.items() if login is not None}


def _login(definition: SecurityDefinition, given: LoginValues) -> AuthBase | None:
    """Return the login for a security scheme; None if its variables are not set."""
    from ovcgen.runtime.auth import Bearer
    from ovcgen.runtime.basic_and_api_key import Basic

    token, username, password = (given.values.get(name) for name in (TOKEN, USERNAME, PASSWORD))
    match definition.kind:
        case "apiKey":
            return _api_key(definition, given.values)
        case "basic":
            return Basic(username, password) if username and password else None
        case "oauth2" | "openIdConnect" if not token:
            return _granted(definition, given)
        case "mutualTLS":
            return None
    if not token:
        return None
    is_http = definition.kind not in ("oauth2", "openIdConnect")
    bearer = Bearer(token, scheme=(definition.http_scheme if is_http else "") or "bearer")
    bearer.source = TOKEN
    return bearer


def _api_key(definition: SecurityDefinition, values: Mapping[str, str]) -> AuthBase | None:
    """Return the login with an API key; None if no variable with the key is set."""
    from ovcgen.runtime.basic_and_api_key import ApiKey

    names = (key_variable(definition.name), KEY)
    name = next((name for name in names if values.get(name)), None)
    if name is None:
        return None
    login = ApiKey(values[name], name=definition.parameter or "", place=definition.location or "")
    login.source = name
    return login


def key_variable(scheme: str) -> str:
    """Return the variable for the API key of a scheme, such as OVCGEN_KEY_API_KEY for the scheme `api-key`.

    Letters become capitals, and each character but A-Z and 0-9 becomes `_`.
    """
    return f"{KEY}_{re.sub('[^A-Z0-9]', '_', scheme.upper())}"


def _granted(definition: SecurityDefinition, given: LoginValues) -> AuthBase | None:
    """Return the login that gets tokens from the declared token endpoint; None if its variables are not set."""
    from ovcgen.runtime.oauth import OAuth2
    from ovcgen.runtime.openid import OpenIdConnect

    client, secret = given.values.get(CLIENT_ID), given.values.get(CLIENT_SECRET, "")
    is_discovered = definition.kind == "openIdConnect"
    username, password = given.values.get(USERNAME), given.values.get(PASSWORD)
    url = endpoint_of(definition, given.address)
    if not client or not url or (definition.flow == "password" and not (username and password)):
        return None
    refreshing = next((flow.refresh_url for flow in definition.flows), "")
    refresh_url = joined_url(f"{given.address}/", refreshing) if refreshing else ""
    for address in filter(None, (url, refresh_url)):
        if given.endpoints is not None and not any(
            same_origin(address, ok) for ok in (given.address, *given.endpoints)
        ):
            raise ElsewhereDeclared(address)
    if is_discovered:
        return OpenIdConnect(url, client, secret)
    if definition.flow == "password":
        return OAuth2(url, client, secret, refresh_url=refresh_url, username=username, password=password)
    return OAuth2(url, client, secret, refresh_url=refresh_url) if definition.flow == "application" else None


def endpoint_of(definition: SecurityDefinition, address: str) -> str:
    """Return the token URL of a scheme, or the discovery URL of OpenID Connect; "" if the document declares none.

    A relative URL starts at `address`, the address of the service.
    """
    declared = definition.discovery_url if definition.kind == "openIdConnect" else definition.token_url
    return joined_url(f"{address}/", declared) if declared else ""
