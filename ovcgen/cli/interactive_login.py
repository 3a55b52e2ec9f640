"""Ask the user for a login to store: of a portal, or of a security scheme that a document declares."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ovcgen.cli.login_store import StoredLogin, origin_of
from ovcgen.cli.portal_credentials import PROVIDER, login_from
from ovcgen.cli.profiles.settings_schema import LOGINS
from ovcgen.errors import UsageError
from ovcgen.runtime.operation import OperationSpec

if TYPE_CHECKING:
    from ovcgen.cli.login_input import LoginQuestions
    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.model.api import Api, SecurityDefinition
    from ovcgen.runtime.redaction import Secret
    from ovcgen.workflows.resolve import Release

WHOAMI = OperationSpec("system.usermanager.whoami", "POST", "/system/usermanager/whoami", retry="read")
GUEST = "guest"  # how a portal calls somebody without a login
VARIABLES = {  # kind of login -> its field and its secret, by their variables
    "itsyouonline": ("CLIENT_ID", "CLIENT_SECRET"),
    "password": ("OVC_USERNAME", "OVC_PASSWORD"),
    "token": ("", "OVC_TOKEN"),
    "authkey": ("", "OVC_AUTHKEY"),
}
WORDS = {
    "CLIENT_ID": "client id",
    "CLIENT_SECRET": "client secret",
    "OVC_USERNAME": "username",
    "OVC_PASSWORD": "password",
    "OVC_TOKEN": "token",
    "OVC_AUTHKEY": "session key",
}
TYPED = {  # what was typed in is called in errors, by its first variable
    "OVC_TOKEN": "the token",
    "OVC_AUTHKEY": "the session key",
    "CLIENT_ID": "the client id and secret",
    "OVC_USERNAME": "the username and password",
}


class NothingToLogInTo(UsageError):
    """An error: the document declares no security scheme (of that name) for which a login can be stored.

    Args:
        name: The scheme that was asked for; "" for none.
        known: The schemes that there are.
    """

    def __init__(self, name: str, known: list[str]) -> None:
        what = f"no security scheme {name!a}" if name else "no security scheme that a login could be stored for"
        super().__init__(
            f"The document declares {what}.",
            fix=f"Pass --scheme with one of {', '.join(known)}." if known else "Call it without a login.",
        )


class LoginNotAccepted(UsageError):
    """An error: the portal treats the login as a guest, so that it is not stored."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"The portal at {address} takes this login for a guest.",
            fix="Check that the secret is complete and for that portal. Nothing was stored.",
        )


class LoginOptions(NamedTuple):
    """A record of the options of `ovcgen auth login`; None for an option that is not given. Secrets are none of them.

    Attributes:
        kind: The kind of login, one of `LOGINS`.
        scheme: The name of a security scheme of the document.
        client_id: The id of the application key.
        username: The name of the user.
        itsyouonline_url: The URL of the identity provider.
    """

    kind: str | None = None
    scheme: str | None = None
    client_id: str | None = None
    username: str | None = None
    itsyouonline_url: str | None = None


def portal_login(target: CommandTarget, given: LoginOptions, ask: LoginQuestions) -> StoredLogin:
    """Return a login for a portal. The user is asked for what neither the command line nor the profile has.

    The login is neither tried nor stored. `target` gives the address and the settings, `given` the options of the
    command line, and `ask` does the asking. Without `--kind`, a client id or a user name in `given` implies the kind,
    and without these the setting `login` of the profile gives it.

    Raises:
        NoTerminal: the user has to be asked, and there is no terminal.
        NoSecret: standard input has no line with the secret.
        ArgumentError: the token is no JWT, or has expired.
    """
    from ovcgen.runtime.auth import Bearer

    settings = target.profile
    implied = "itsyouonline" if given.client_id else "password" if given.username else None
    known = given.kind or implied or settings.value("login")
    kind = ask.choice("kind of login", LOGINS, known, "--kind")
    field, secret = VARIABLES[kind]
    fields = {}
    if kind == "itsyouonline":
        fields[PROVIDER] = given.itsyouonline_url or str(settings.value("itsyouonline_url"))
        fields[field] = ask.text(WORDS[field], given.client_id or settings.value("client_id"), "--client-id")
    elif kind == "password":
        fields[field] = ask.text(WORDS[field], given.username or settings.value("username"), "--username")
    given_secret = ask.secret(WORDS[secret])
    if kind == "token":
        Bearer(given_secret.reveal()).for_jwt().check(given_secret.reveal())
    return _stored(target.source, settings.name, kind, fields, {secret: given_secret})


def declared_login(resolved: Release, target: CommandTarget, given: LoginOptions, ask: LoginQuestions) -> StoredLogin:
    """Return a login for one security scheme of a document. The user is asked for what the command line does not have.

    The login is neither tried nor stored. Its kind is the name of the scheme. Schemes for mutual TLS do not count; the
    only other scheme is taken without asking. With `--kind token`, a token is asked for in place of the client id and
    secret. The token endpoint (or discovery URL) that the document declares becomes a field of the login.

    Raises:
        NothingToLogInTo: there is no such scheme.
        NoTerminal: the user has to be asked, and there is no terminal.
        NoSecret: standard input has no line with a secret.
        ArgumentError: the document has no address.
    """
    from ovcgen.cli.security_scheme_credentials import ENDPOINT, endpoint_of

    address = address_of(resolved.api, target)
    schemes = {scheme.name: scheme for scheme in resolved.api.security_definitions if scheme.kind != "mutualTLS"}
    if not schemes or (given.scheme and given.scheme not in schemes):
        raise NothingToLogInTo(given.scheme or "", list(schemes))
    scheme = schemes[ask.choice("security scheme", list(schemes), given.scheme, "--scheme")]
    fields, secrets = _asked(scheme, given, ask)
    if endpoint := endpoint_of(scheme, address):
        fields[ENDPOINT] = endpoint
    return _stored(address, target.profile.name, scheme.name, fields, secrets)


def _asked(
    scheme: SecurityDefinition, given: LoginOptions, ask: LoginQuestions
) -> tuple[dict[str, str], dict[str, Secret]]:
    """Ask for the login of a scheme, and return its fields and its secrets by the names of environment variables."""
    from ovcgen.cli import security_scheme_credentials as names

    is_granted = scheme.kind == "openIdConnect" or (
        scheme.kind == "oauth2" and scheme.flow in ("application", "password")
    )
    if scheme.kind == "apiKey":
        return {}, {names.key_variable(scheme.name): ask.secret(f"key for {scheme.parameter}")}
    fields: dict[str, str] = {}
    secrets: dict[str, Secret] = {}
    if is_granted and given.kind != "token":
        fields[names.CLIENT_ID] = ask.text("client id", given.client_id, "--client-id")
        secrets[names.CLIENT_SECRET] = ask.secret("client secret")
    if scheme.kind == "basic" or (fields and scheme.flow == "password"):
        fields[names.USERNAME] = ask.text("username", given.username, "--username")
        secrets[names.PASSWORD] = ask.secret("password")
    return fields, secrets or {names.TOKEN: ask.secret("token")}


def address_of(api: Api, target: CommandTarget) -> str:
    """Return the address of the service that a document describes, without the base path.

    That is the address that `target` names, else the first one that the document declares. Raises ArgumentError if
    there is none.
    """
    from ovcgen.client.base_urls import addresses_of

    return addresses_of(api, target.address).root


def whoami(target: CommandTarget, login: Any) -> str:
    """Ask a portal for the user name of a login and return the name; `guest` without a login (None).

    "" if the response has no name.

    Raises:
        ArgumentError: the target is not a portal's address.
        ClientError: the portal refuses the login, or can't be reached.
    """
    from ovcgen.runtime.adapter import checked_url
    from ovcgen.runtime.portal import Portal

    address = checked_url(target.source, "a portal")
    with Portal(address, auth=login, timeout=target.timeout, **target.trust) as portal:
        answer: Any = portal.call(WHOAMI, {})
    return str(answer.get("name", "")) if isinstance(answer, dict) else ""


def checked_name(target: CommandTarget, login: StoredLogin) -> str:
    """Try a login at the portal, with one request, and return its user name there.

    Raises:
        LoginNotAccepted: the portal treats the login as a guest, or returns no name.
        ClientError: the portal refuses the login, or can't be reached.
    """
    variables = login.variables
    name = whoami(target, login_from(variables, provider=variables.get(PROVIDER, ""), names=TYPED))
    if name in ("", GUEST):
        raise LoginNotAccepted(target.source)
    return name


def _stored(url: str, profile: str, kind: str, fields: dict[str, str], secrets: dict[str, Secret]) -> StoredLogin:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return StoredLogin(origin_of(url), profile, kind, fields, secrets, since=now)
