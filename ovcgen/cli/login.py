"""Credentials of the command line: from the environment only, never from an argument."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ovcgen.runtime.errors import ArgumentError

if TYPE_CHECKING:
    from requests.auth import AuthBase

PAIRS = (("CLIENT_ID", "CLIENT_SECRET"), ("OVC_USERNAME", "OVC_PASSWORD"))


def auth_from_environment() -> AuthBase | None:
    """The first that is set of OVC_TOKEN, OVC_AUTHKEY, CLIENT_ID + CLIENT_SECRET, OVC_USERNAME + OVC_PASSWORD."""
    from ovcgen.runtime.auth import AuthKey, Bearer, Credentials, ItsYouOnline

    if token := os.environ.get("OVC_TOKEN"):
        return Bearer(token)
    if key := os.environ.get("OVC_AUTHKEY"):
        return AuthKey(key)
    for name, secret in PAIRS:
        if bool(os.environ.get(name)) != bool(os.environ.get(secret)):
            set_one, missing = (name, secret) if os.environ.get(name) else (secret, name)
            raise ArgumentError(f"{set_one} is set and {missing} is not.", fix=f"Export {missing} too.")
    if os.environ.get("CLIENT_ID"):
        return ItsYouOnline.from_env()
    if username := os.environ.get("OVC_USERNAME"):
        return Credentials(username, os.environ["OVC_PASSWORD"])
    return None
