"""Say which portal or service a command is for: from an address, a document or a profile."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from ovcgen.cli.profiles.profile import FLAG, Profile, Profiles, SettingValue, UnknownProfile
from ovcgen.cli.profiles.settings import PROFILE_NAME
from ovcgen.errors import UsageError

STDIN = "-"
MAKE_ONE = "Pass a URL or a profile; `ovcgen profile set NAME url=URL` makes one."


class NoTarget(UsageError):
    """The command line names no portal, and neither do the environment and the files with settings."""

    def __init__(self) -> None:
        super().__init__("No portal is named, and no profile is chosen.", fix=MAKE_ONE)


class NoAddressInProfile(UsageError):
    """The chosen profile has no address."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The profile {name} has no address.", fix=f"Run `ovcgen profile set {name} url=URL`.")


class TwoProfiles(UsageError):
    """Two profiles are named."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"Both the profile {one} and the profile {other} are named.", fix="Name one of them.")


class CommandTarget(NamedTuple):
    """The portal or service that a command is for.

    Attributes:
        source: Its address, or its document; "" for a profile whose document declares the address.
        profile: Its settings.
        chosen_by: What names the profile if the command line does not: an environment variable or a file.
    """

    source: str
    profile: Profile
    chosen_by: str = ""

    @property
    def name(self) -> str:
        """What the user calls it: the profile, or the address."""
        return self.profile.name or self.source

    @property
    def document(self) -> str:
        """The document of another service: the source itself, or the profile's `spec`; "" for a portal."""
        from ovcgen.workflows.inputs import is_document_url, is_file, is_url

        is_document = is_document_url(self.source) if is_url(self.source) else is_file(self.source)
        return self.source if self.source and is_document else str(self.profile.value("spec") or "")

    @property
    def address(self) -> str:
        """The given address; "" if it is to be the one that the document declares."""
        return "" if self.source == self.document else self.source

    def is_given(self, setting: str) -> bool:
        """Return whether the command line has set this setting."""
        found = self.profile.settings.get(setting)
        return found is not None and found.origin == FLAG

    @property
    def verify(self) -> bool | str:
        """The path of the CA bundle; True for the usual one."""
        return self.profile.value("ca_bundle") or True

    @property
    def cert(self) -> str | tuple[str, str] | None:
        """The path of the client certificate, or that pair of paths."""
        paths = self.profile.value("cert")
        if not paths:
            return None
        return paths[0] if len(paths) == 1 else (paths[0], paths[1])

    @property
    def timeout(self) -> float:
        """Seconds for one call."""
        return float(self.profile.value("timeout"))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of the catalog."""
        return tuple(self.profile.value("groups"))

    @property
    def trust(self) -> dict[str, Any]:
        """The options of a client for TLS."""
        return {"verify": self.verify, "cert": self.cert}


def target_of(source: str | None, profile: str | None = None, **flags: Any) -> CommandTarget:
    """Return the portal or service that `source` names: a profile, an address or a document.

    Without `source` it is the chosen profile's. An address without `--profile` has no profile, whatever the
    environment and the files choose, so that no login is sent to another address than its own.

    Args:
        source: The first argument of the command; None if it is missing.
        profile: The value of `--profile`.
        flags: The other settings of the command line, by their names.

    Raises:
        NoTarget: nothing names a portal.
        NoAddressInProfile: the profile has none.
        TwoProfiles: `source` is a profile, and `profile` is another.
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
    """Return whether a word is a profile, and not an address, a file or a release.

    Raises:
        UnknownProfile: it can only be a profile, and there is none of that name.
    """
    if source in profiles.names():
        return True
    if source == STDIN or not PROFILE_NAME.fullmatch(source) or os.path.exists(source):
        return False
    raise UnknownProfile(source, profiles.names())
