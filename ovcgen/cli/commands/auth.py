"""Define the `auth` commands: store, list and remove logins."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from ovcgen.cli import options, terminal
from ovcgen.cli.exit_codes import NO
from ovcgen.cli.profiles.settings_schema import LOGINS

if TYPE_CHECKING:
    from ovcgen.cli.login_store import LoginStore, StoredLogin
    from ovcgen.cli.output_formats import Output
    from ovcgen.cli.profiles.command_target import CommandTarget
    from ovcgen.cli.token_cache import TokenFile

KEYRING = "keyring"
Row = dict[str, Any]


@click.group(
    "auth",
    cls=options.GroupWithExamples,
    epilog="ovcgen auth login https://portal.example\novcgen auth status\novcgen auth logout production",
)
def auth_command() -> None:
    """Log in once: later commands for the same portal, or for the same profile, use the login.

    Credentials in the environment come first; see `ovcgen --help`. Secrets are kept in the system's keyring, or
    else in a file that only you can read.
    """


@auth_command.command(
    "login",
    cls=options.WithExamples,
    short_help="Log in, and keep the login.",
    epilog=(
        "ovcgen auth login https://portal.example\n"
        "ovcgen auth login production --client-id ID\n"
        "ovcgen auth login production --kind token --secret-stdin"
    ),
)
@click.argument("source", required=False, metavar="[URL, PROFILE or DOCUMENT]")
@options.profile
@click.option("--kind", type=click.Choice(LOGINS), help="Kind of login; itsyouonline is an application key.")
@click.option("--scheme", metavar="NAME", help="Which security scheme of a DOCUMENT.")
@click.option("--client-id", metavar="ID", help="The id of the application key.")
@click.option("--username", metavar="NAME", help="The user.")
@click.option("--itsyouonline-url", metavar="URL", help="The identity provider.")
@click.option("--secret-stdin", is_flag=True, help="Read the secret from standard input, on a line of its own.")
@click.option("--check/--no-check", default=True, show_default=True, help="Whether to try the login at the portal.")
@options.ca_bundle
def auth_login_command(
    source: str | None, profile: str | None, secret_stdin: bool, check: bool, ca_bundle: str | None, **who: Any
) -> None:
    """Ask for a login and keep it for later commands.

    On a terminal it asks, and the secret is not shown. Elsewhere pass --kind and --secret-stdin, with the secret on
    standard input. It is never an argument of a command, where others could see it.
    """
    from ovcgen.cli.interactive_login import LoginOptions, checked_name, declared_login, portal_login
    from ovcgen.cli.login_input import LoginQuestions
    from ovcgen.cli.login_store import login_store
    from ovcgen.cli.profiles.command_target import target_of

    target = target_of(source, profile, ca_bundle=ca_bundle)
    resolved = _document(target)
    given, ask = LoginOptions(**who), LoginQuestions(_place(target), from_input=secret_stdin)
    store = login_store(warn=terminal.warning)
    if resolved is None:
        login = portal_login(target, given, ask)
        login = login._replace(user=checked_name(target, login) if check else "")
    else:
        login = declared_login(resolved, target, given, ask)
        login = _joined(store.load(login.address, login.profile), login)
    place = store.save(login)
    where = "the keyring" if place == KEYRING else f"{store.file}, which only you can read"
    tried = f"Logged in at {login.address} as {login.user}"
    said = tried if login.user else f"The login for {login.address} was not tried"
    terminal.note(f"{said}; it is kept in {where}.")


def _place(target: CommandTarget) -> str:
    """Return a text that says what a login is for: an address or document, its profile, and what chose the profile."""
    by = f", chosen by {target.chosen_by}" if target.chosen_by else ""
    profile = f" (profile {target.profile.name}{by})" if target.profile.name else ""
    return f"{target.source or target.document}{profile}"


def _joined(former: StoredLogin | None, login: StoredLogin) -> StoredLogin:
    """Return a login with the new fields and secrets added to the ones that are stored for the same service."""
    if former is None:
        return login
    fields, secrets = {**former.fields, **login.fields}, {**former.secrets, **login.secrets}
    return login._replace(fields=fields, secrets=secrets)


@auth_command.command(
    "status",
    cls=options.WithExamples,
    short_help="Say which logins there are.",
    epilog="ovcgen auth status\novcgen auth status production -o json",
)
@click.argument("source", required=False, metavar="[URL, PROFILE or DOCUMENT]")
@options.profile
@options.result
@click.pass_context
def auth_status_command(ctx: click.Context, /, source: str | None, profile: str | None, output: Output) -> None:
    """Say who is logged in where, where the secret is, and until when it is valid. Exit code 1 if nobody is.

    Without an argument these are all stored logins, and the one of the environment.
    """
    from ovcgen.cli.login_store import login_store
    from ovcgen.cli.profiles.command_target import target_of

    named = target_of(source, profile) if source or profile else None
    rows = login_rows(login_store(), named)
    if not rows:
        place, name = (named.name, f" {named.name}") if named else ("any portal", "")
        terminal.note(f"There is no login for {place}; `ovcgen auth login{name}` makes one.")
    output.write(rows, columns=("portal", "profile", "kind", "who", "stored", "valid_until"))
    if not any(row["valid"] for row in rows):
        ctx.exit(NO)


def login_rows(store: LoginStore, target: CommandTarget | None = None) -> list[Row]:
    """Return a row for each login as a dict, without secrets: first that of the environment, then the stored ones.

    The keys are `portal`, `profile`, `kind`, `who`, `stored` (`environment`, `keyring` or `file`), `place`,
    `valid_until`, `valid` and `since`. Unknown values are None, and `valid` is False only for a JWT that has expired.
    No login is tried. With a `target`, stored logins of other targets are left out, and for a document also that of the
    environment.

    Raises:
        UnusableStore: the stored logins can't be read.
        KeyringRefused: the keyring fails, for example because it is locked.
    """
    from ovcgen.cli.interactive_login import VARIABLES
    from ovcgen.cli.portal_credentials import ALL

    names = [name for name in ALL if os.environ.get(name)]
    rows: list[Row] = []
    if names and (target is None or not target.document):
        token = os.environ.get("OVC_TOKEN", "")
        who = os.environ.get("CLIENT_ID") or os.environ.get("OVC_USERNAME", "")
        kind = next((kind for kind, variables in VARIABLES.items() if names[0] in variables), "plugin")
        place = ("environment", ", ".join(names))
        rows.append(_row("any portal", "", kind, "" if token else who, place, token))
    entries = store.entries()
    if target is not None:
        address, profile = _key_of(target)
        entries = [entry for entry in entries if (entry.address, entry.profile) == (address, profile)]
    return [*rows, *(_stored_row(store, entry) for entry in entries)]


def _stored_row(store: LoginStore, entry: StoredLogin) -> Row:
    """Return the row of a stored login. If the keyring can't be read, a warning is printed."""
    from ovcgen.cli.login_store import UnusableStore
    from ovcgen.cli.system_keyring import KeyringRefused

    try:
        login = store.load(entry.address, entry.profile) or entry
    except (UnusableStore, KeyringRefused) as error:
        terminal.warning(error.what)
        login = entry
    given = next((login.secrets[name].reveal() for name in ("OVC_TOKEN", "OVCGEN_TOKEN") if name in login.secrets), "")
    kept = file.load() if (file := _token_of(login)) else None
    named = next((text for name, text in entry.fields.items() if name.endswith(("CLIENT_ID", "USERNAME"))), "")
    place = (entry.place, str(store.file))
    who = entry.user or named
    row = _row(entry.address, entry.profile, entry.kind, who, place, kept.token.reveal() if kept else given)
    return {**row, "since": entry.since}


def _row(address: str, profile: str, kind: str, who: str, place: tuple[str, str], token: str) -> Row:
    """Return the row of a login. The expiry date is read from a token that is a JWT."""
    import time

    from ovcgen.runtime.tokens import expiry

    expires = expiry(token)
    return {
        "portal": address,
        "profile": profile or None,
        "kind": kind,
        "who": who or None,
        "stored": place[0],
        "place": place[1],
        "valid_until": _moment(expires) if expires is not None else None,
        "valid": expires is None or expires > time.time(),
        "since": None,
    }


def _moment(seconds: float) -> str:
    """Return a date and time in UTC for seconds since 1970; "never" if they are too many for a date."""
    from datetime import UTC, datetime

    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return "never"


@auth_command.command(
    "logout",
    cls=options.WithExamples,
    short_help="Remove a stored login.",
    epilog="ovcgen auth logout production",
)
@click.argument("source", required=False, metavar="[URL, PROFILE or DOCUMENT]")
@options.profile
@click.pass_context
def auth_logout_command(ctx: click.Context, source: str | None, profile: str | None) -> None:
    """Remove the stored login of a portal or a profile, and its token. Exit code 1 if there is none."""
    from ovcgen.cli.login_store import login_store
    from ovcgen.cli.profiles.command_target import target_of

    target = target_of(source, profile)
    removed = login_store().remove(*_key_of(target))
    if removed is None:
        terminal.failure(
            f"There is no stored login for {target.name}.", "`ovcgen auth status` lists those that there are."
        )
        ctx.exit(NO)
    if token := _token_of(removed):
        token.drop()
    terminal.note(f"The login for {target.name} is removed.")


def _token_of(login: StoredLogin) -> TokenFile | None:
    """Return the file with the cached token of an application key; None for other kinds of login."""
    from ovcgen.cli.token_cache import token_file
    from ovcgen.runtime.redaction import Secret

    if login.kind != "itsyouonline":
        return None
    identity = (login.fields.get("ITSYOUONLINE_URL", "").rstrip("/"), login.kind, login.fields.get("CLIENT_ID", ""))
    return token_file(identity, login.secrets.get("CLIENT_SECRET", Secret("")), terminal.warning)


def _key_of(target: CommandTarget) -> tuple[str, str]:
    """Return the address and the profile under which a login is stored."""
    from ovcgen.cli.interactive_login import address_of
    from ovcgen.cli.login_store import origin_of

    resolved = _document(target)
    return origin_of(address_of(resolved.api, target) if resolved else target.source), target.profile.name


def _document(target: CommandTarget) -> Any:
    """Return the document of a service that is not an OpenvCloud portal; None for a portal."""
    if not target.document:
        return None
    from ovcgen.cli.security_scheme_credentials import is_portal
    from ovcgen.workflows.resolve import resolve

    resolved = resolve(target.document)
    return None if is_portal(resolved.api) else resolved
