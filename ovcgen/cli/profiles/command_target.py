"""Find the portal or service of a command from its address, document or profile."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from ovcgen.cli.profiles.profile_selection import FLAG, Profile, Profiles, SettingValue, UnknownProfile
from ovcgen.cli.profiles.settings_schema import PROFILE_NAME
from ovcgen.errors import UsageError

STDIN = "-"
MAKE_ONE = "Pass a URL or a profile; `ovcgen profile set NAME url=URL` makes one."


class NoTarget(UsageError):
    """An error: no portal is named: not by the command line, the environment or the files with settings."""

    def __init__(self) -> None:
        super().__init__("No portal is named, and no profile is chosen.", fix=MAKE_ONE)


class NoAddressInProfile(UsageError):
    """An error: the chosen profile has neither a `url` nor a `spec`."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The profile {name} has no address.", fix=f"Run `ovcgen profile set {name} url=URL`.")


class TwoProfiles(UsageError):
    """An error: the command line names two different profiles, as its first argument and with `--profile`."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"Both the profile {one} and the profile {other} are named.", fix="Name one of them.")


class CommandTarget(NamedTuple):
    """A record of the portal or service that a command is for, with its settings. Nothing is read or sent.

    Attributes:
        source: The address or document; "" for a profile that has only a `spec`, which declares the address.
        profile: The settings.
        chosen_by: The environment variable or file that names the profile; "" if the command line names it, or an
            address or document.
    """

    source: str
    profile: Profile
    chosen_by: str = ""

    @property
    def name(self) -> str:
        """Return the name for messages and commands: the profile, else the address or document."""
        return self.profile.name or self.source

    @property
    def document(self) -> str:
        """Return the path or URL of the command's document, or `-` (standard input); "" if the command is for a portal.

        That is the source if it is a document, else the profile's `spec`.
        """
        from ovcgen.workflows.document_input import is_document_url, is_file, is_url

        is_document = is_document_url(self.source) if is_url(self.source) else is_file(self.source)
        return self.source if self.source and is_document else str(self.profile.value("spec") or "")

    @property
    def address(self) -> str:
        """Return the given address; "" if only a document is given, so that the address is the one that it declares."""
        return "" if self.source == self.document else self.source

    def is_given(self, setting: str) -> bool:
        """Return whether a setting, such as `release`, was given on the command line, and not elsewhere."""
        found = self.profile.settings.get(setting)
        return found is not None and found.origin == FLAG

    @property
    def verify(self) -> bool | str:
        """Return the path of the CA bundle; True for the default one."""
        return self.profile.value("ca_bundle") or True

    @property
    def cert(self) -> str | tuple[str, str] | None:
        """Return the path of the client certificate, or a pair (certificate, key); None for no certificate."""
        paths = self.profile.value("cert")
        if not paths:
            return None
        return paths[0] if len(paths) == 1 else (paths[0], paths[1])

    @property
    def timeout(self) -> float:
        """Return how long one call may take, in seconds; 600 if nothing sets it."""
        return float(self.profile.value("timeout"))

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups of the catalog; `("cloudapi",)` if neither the command nor a setting names any."""
        return tuple(self.profile.value("groups"))

    @property
    def trust(self) -> dict[str, Any]:
        """Return the TLS options of a client, a dict with the keys `verify` and `cert`."""
        return {"verify": self.verify, "cert": self.cert}


def target_of(source: str | None, profile: str | None = None, **flags: Any) -> CommandTarget:
    """Return the portal or service that `source` names: a profile, an address or a document. Only settings are read.

    Without `source`, the profile is used: `profile`, or else the default profile. An address without `--profile` does
    not use the default profile, so that the login of a profile is never sent to another address.

    Args:
        source: The first argument of the command; None if it is missing.
        profile: The value of `--profile`; None if it is missing.
        flags: The other settings of the command line, by name. None and empty values are ignored.

    Raises:
        NoTarget: nothing names a portal.
        NoAddressInProfile: the profile has neither `url` nor `spec`.
        TwoProfiles: `source` is a profile, and `profile` is another one.
        UnknownProfile: there is no such profile.
        UsageError: a file with settings or an environment variable can't be used.
    """
    profiles = Profiles()
    if source and is_profile(source, profiles):
        if profile not in (None, source):
            raise TwoProfiles(source, str(profile))
        profile, source = source, None
    if source:
        return CommandTarget(source, profiles.resolve(profile or "", flags={**flags, "url": source}))
    chosen = SettingValue(profile, "") if profile else profiles.default()
    found = profiles.resolve(chosen.value if chosen else "", flags=flags, origin=chosen.origin if chosen else "")
    address = found.value("url") or ""
    if not address and not found.value("spec"):
        raise NoAddressInProfile(found.name) if found.name else NoTarget
    return CommandTarget(str(address), found, chosen.origin if chosen else "")


def is_profile(source: str, profiles: Profiles) -> bool:
    """Return whether a word is a profile, and not an address, a document or `-` (standard input).

    An existing file or folder, and a word that can't be the name of a profile, are no profile.

    Raises:
        UnknownProfile: the word can only be a profile, and there is no profile of that name.
    """
    if source in profiles.names():
        return True
    if source == STDIN or not PROFILE_NAME.fullmatch(source) or os.path.exists(source):
        return False
    raise UnknownProfile(source, profiles.names())
