"""Make logins for portals from environment variables, or from what `ovcgen auth login` has stored.

Credentials never come from command-line arguments. The token of an application key is kept between commands.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from ovcgen.cli import terminal
from ovcgen.cli.profiles.profile_selection import VARIABLE
from ovcgen.errors import UsageError
from ovcgen.runtime.errors import ClientError, Unauthorized

if TYPE_CHECKING:
    from requests.auth import AuthBase

    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.cli.profiles.profile_selection import SettingValue
    from ovcgen.runtime.auth import Bearer
    from ovcgen.runtime.portal_auth import AuthKey, Credentials, ItsYouOnline

    Named = TypeVar("Named", AuthKey, Bearer, Credentials, ItsYouOnline)

PAIRS = (("CLIENT_ID", "CLIENT_SECRET"), ("OVC_USERNAME", "OVC_PASSWORD"))
PLUGIN = "OVCGEN_AUTH"  # names a plugin of `ovcgen.auth`
ALL = (PLUGIN, "OVC_TOKEN", "OVC_AUTHKEY", *(name for pair in PAIRS for name in pair))
PROVIDER = "ITSYOUONLINE_URL"
STORED = {  # what a login of `ovcgen auth login` is called in errors, by its first variable
    "OVC_TOKEN": "the stored token",
    "OVC_AUTHKEY": "the stored session key",
    "CLIENT_ID": "the stored application key",
    "OVC_USERNAME": "the stored username and password",
}


class HalfCredentials(UsageError):
    """An error: one variable of a pair, such as CLIENT_ID and CLIENT_SECRET, is set and the other is not.

    Args:
        found, missing: The names of the variable that is set and of the other one.
    """

    def __init__(self, found: str, missing: str) -> None:
        super().__init__(f"{found} is set and {missing} is not.", fix=f"Export {missing} too.")


class ExpiredLogin(UsageError):
    """An error: the stored token has expired.

    Args:
        name: The portal or profile of the token.
        moment: When it expired, as text.
    """

    def __init__(self, name: str, moment: str) -> None:
        super().__init__(
            f"The stored token for {name} has expired: {moment}.", fix=f"Run `ovcgen auth login {name}` with a new one."
        )


class UnchosenPortal(UsageError):
    """An error: credentials of the environment would be sent to a portal that a project's file alone defines.

    Neither the command line nor OVCGEN_PROFILE names its profile.
    """

    def __init__(self, target: CommandTarget) -> None:
        super().__init__(
            f"The profile {target.name}, which {target.chosen_by} chooses, is defined by the project alone: "
            f"{target.source or target.document} may be somebody else's.",
            fix=f"If you trust it, name it: `--profile {target.profile.name}`, or in OVCGEN_PROFILE.",
        )


def login_for(target: CommandTarget) -> AuthBase | None:
    """Return the login for a portal: from the environment, else from the stored logins, else None. No request is sent.

    A stored login is used only for the address and the profile for which it was stored.

    Raises:
        HalfCredentials: one variable of a pair is set and the other is not.
        UnchosenPortal: only a project's file defines the portal, and there are credentials in the environment.
        ExpiredLogin: the stored token is a JWT that has expired.
        UnusableStore, KeyringRefused: the stored logins can't be read.
        UnknownPlugin, BrokenPlugin: the plugin that OVCGEN_AUTH names is not installed, or has failed.
        ArgumentError: a value can't be sent.
    """
    from ovcgen.cli.login_store import login_store

    if any(os.environ.get(name) for name in ALL):
        check_chosen(target)
        provider = target.profile.settings["itsyouonline_url"]
        return login_from(os.environ, provider=str(provider.value), provider_advice=_provider_advice(provider))
    stored = login_store().load(target.source, target.profile.name)
    if stored is None:
        return None
    variables = stored.variables
    _check_expiry(variables.get("OVC_TOKEN", ""), target.name)
    return login_from(
        variables,
        provider=variables.get(PROVIDER, ""),
        names=STORED,
        provider_advice=f"The stored login names that address: to use another {PROVIDER}, log in again.",
    )


def _provider_advice(provider: SettingValue) -> str:
    """Return a sentence on what names the address of the identity provider, for the error if it can't be reached."""
    from ovcgen.cli.profiles.profile_selection import DEFAULT
    from ovcgen.runtime.portal_auth import NAMED_BY_NOBODY, NAMED_BY_VARIABLE

    known = {PROVIDER: NAMED_BY_VARIABLE, DEFAULT: NAMED_BY_NOBODY}
    other = f"{provider.origin} names that address; {PROVIDER} in the environment names another one."
    return known.get(provider.origin, other)


def check_chosen(target: CommandTarget) -> None:
    """Check that credentials of the environment may be sent to a portal or service that a command has found.

    They may if the user's own config.toml defines the profile, or the command line or OVCGEN_PROFILE names the target.
    A project's file alone must not get them.

    Raises:
        UnchosenPortal: only a project's file defines the profile, and a file chooses it.
    """
    if target.profile.is_from_project and target.chosen_by not in ("", VARIABLE):
        raise UnchosenPortal(target)


def auth_from_environment() -> AuthBase | None:
    """Return the login from the environment variables, or None if none of them is set.

    The identity provider is that of ITSYOUONLINE_URL, else ItsYou.online. Order and errors are those of `login_from`.
    """
    return login_from(os.environ, provider=os.environ.get(PROVIDER, ""))


def login_from(
    variables: Mapping[str, str],
    *,
    provider: str,
    names: Mapping[str, str] | None = None,
    provider_advice: str = "",
) -> AuthBase | None:
    """Return the login for the first credentials in `variables`, or None if there are none.

    The order is: OVCGEN_AUTH, the name of a plugin; OVC_TOKEN; OVC_AUTHKEY; CLIENT_ID and CLIENT_SECRET; OVC_USERNAME
    and OVC_PASSWORD. Empty values count as missing. The token of an application key is kept for the next command; see
    `token_cache`. No request is sent, except by a plugin.

    Args:
        variables: The values by the names of the environment variables.
        provider: The address of the identity provider; "" for ItsYou.online.
        names: A name of each login for error messages, by its first variable. By default the variables are named.
        provider_advice: A sentence on what names the identity provider, for the error if it can't be reached.

    Raises:
        HalfCredentials: one variable of a pair is set and the other is not, and nothing before the pair is set.
        UnknownPlugin, BrokenPlugin: the plugin is not installed, or has failed.
        ArgumentError: a value can't be sent.
    """
    from ovcgen.runtime.auth import Bearer
    from ovcgen.runtime.portal_auth import AuthKey, Credentials, ItsYouOnline

    if plugin := variables.get(PLUGIN):
        from ovcgen.cli.plugin_login import login_of_plugin

        return login_of_plugin(plugin, variables)

    def named(login: Named, *known: str) -> Named:
        login.source = (names or {}).get(known[0]) or " and ".join(known)
        return login

    if token := variables.get("OVC_TOKEN"):
        return named(Bearer(token), "OVC_TOKEN")
    if key := variables.get("OVC_AUTHKEY"):
        return named(AuthKey(key), "OVC_AUTHKEY")
    _check_pairs(variables)
    if client_id := variables.get("CLIENT_ID"):
        secret = variables["CLIENT_SECRET"]
        granted = ItsYouOnline(client_id, secret, url=provider or "https://itsyou.online")
        granted.url_advice = provider_advice
        return named(_with_store(granted, client_id, secret), "CLIENT_ID", "CLIENT_SECRET")
    if username := variables.get("OVC_USERNAME"):
        return named(Credentials(username, variables["OVC_PASSWORD"]), "OVC_USERNAME", "OVC_PASSWORD")
    return None


def _check_pairs(variables: Mapping[str, str]) -> None:
    """Raise HalfCredentials if one variable of a pair is missing, unless an earlier pair is complete."""
    for name, secret in PAIRS:
        if bool(variables.get(name)) != bool(variables.get(secret)):
            raise HalfCredentials(*((name, secret) if variables.get(name) else (secret, name)))
        if variables.get(name):
            return


def _with_store(login: ItsYouOnline, client_id: str, secret: str) -> ItsYouOnline:
    """Make a login of an application key store its token in a file, for other processes, and return the login."""
    from ovcgen.cli.token_cache import token_file
    from ovcgen.runtime.redaction import Secret

    login.store = token_file((login.url, "itsyouonline", client_id), Secret(secret), terminal.warning)
    return login


def _check_expiry(token: str, name: str) -> None:
    """Raise ExpiredLogin if the stored token is a JWT that has expired."""
    import time

    from ovcgen.runtime.tokens import expired_since, expiry

    expires, now = expiry(token), time.time()
    if expires is not None and expires <= now:
        raise ExpiredLogin(name, expired_since(expires, now))


def fix_of(error: ClientError) -> str:
    """Return the advice of an error for the terminal, with command-line options instead of Python arguments.

    An Unauthorized error without any credentials in the environment gets the advice to log in. The error is not
    changed.
    """
    if isinstance(error, Unauthorized) and "auth=" in error.fix and not any(os.environ.get(name) for name in ALL):
        return (
            "No credentials are set: log in with `ovcgen auth login`, or export CLIENT_ID and CLIENT_SECRET, or others "
            "that `ovcgen --help` names."
        )
    fix = error.fix.replace("as verify=", "with --ca-bundle").replace("verify=", "--ca-bundle")
    return fix.replace("as cert=", "in `cert` of a profile")
