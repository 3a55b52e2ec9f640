"""Read credentials from environment variables, never from command-line arguments, and keep tokens between commands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from ovcgen.cli import terminal
from ovcgen.errors import UsageError
from ovcgen.runtime.errors import ClientError, Unauthorized

if TYPE_CHECKING:
    from requests.auth import AuthBase

    from ovcgen.runtime.auth import Bearer
    from ovcgen.runtime.portal_auth import AuthKey, Credentials, ItsYouOnline

    Named = TypeVar("Named", AuthKey, Bearer, Credentials)

PAIRS = (("CLIENT_ID", "CLIENT_SECRET"), ("OVC_USERNAME", "OVC_PASSWORD"))
ALL = ("OVC_TOKEN", "OVC_AUTHKEY", *(name for pair in PAIRS for name in pair))


class HalfCredentials(UsageError):
    """One variable of a pair is set and the other is not."""

    def __init__(self, found: str, missing: str) -> None:
        super().__init__(f"{found} is set and {missing} is not.", fix=f"Export {missing} too.")


def auth_from_environment() -> AuthBase | None:
    """Return the login of the first variables that are set, or None if none are.

    The order is: OVC_TOKEN; OVC_AUTHKEY; CLIENT_ID and CLIENT_SECRET; OVC_USERNAME and OVC_PASSWORD. The token of an
    application key is kept for the next command; see `token_cache`.

    Raises:
        HalfCredentials: one variable of a pair is set and the other is not.
    """
    from ovcgen.runtime.auth import Bearer
    from ovcgen.runtime.portal_auth import AuthKey, Credentials, ItsYouOnline

    if token := os.environ.get("OVC_TOKEN"):
        return _from(Bearer(token), "OVC_TOKEN")
    if key := os.environ.get("OVC_AUTHKEY"):
        return _from(AuthKey(key), "OVC_AUTHKEY")
    for name, secret in PAIRS:
        if bool(os.environ.get(name)) != bool(os.environ.get(secret)):
            raise HalfCredentials(*((name, secret) if os.environ.get(name) else (secret, name)))
        if os.environ.get(name):
            break
    if os.environ.get("CLIENT_ID"):
        return _with_store(ItsYouOnline.from_env())
    if username := os.environ.get("OVC_USERNAME"):
        return _from(Credentials(username, os.environ["OVC_PASSWORD"]), "OVC_USERNAME and OVC_PASSWORD")
    return None


def _from(login: Named, variables: str) -> Named:
    """Record in the login which variables it comes from, for error messages, and return it."""
    login.source = variables
    return login


def _with_store(login: ItsYouOnline) -> ItsYouOnline:
    """Return the login of CLIENT_ID and CLIENT_SECRET, set to store its token in a file for other processes."""
    from ovcgen.cli.token_cache import token_file
    from ovcgen.runtime.redaction import Secret

    identity = (login.url, "itsyouonline", os.environ["CLIENT_ID"])
    login.store = token_file(identity, Secret(os.environ["CLIENT_SECRET"]), terminal.warning)
    return login


def fix_of(error: ClientError) -> str:
    """Return the advice for an error, with command-line options instead of Python arguments."""
    if isinstance(error, Unauthorized) and "auth=" in error.fix and not any(os.environ.get(name) for name in ALL):
        return "No credentials are set: export CLIENT_ID and CLIENT_SECRET, or others that `ovcgen --help` names."
    return error.fix.replace("as verify=", "with --ca-bundle").replace("verify=", "--ca-bundle")
