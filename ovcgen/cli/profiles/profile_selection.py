"""Choose a profile, and merge its settings with those of the command line and the environment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from ovcgen.cli.profiles.config_files import ConfigFile, project_file, user_file
from ovcgen.cli.profiles.settings_schema import SETTINGS, check_file, parsed
from ovcgen.errors import UsageError
from ovcgen.runtime.errors import ClientError

VARIABLE = "OVCGEN_PROFILE"
FLAG, DEFAULT = "command line", "default"
ADDRESSES = ("url", "spec")  # settings that say where logins are sent
DEFAULTS = {"groups": ["cloudapi"], "timeout": 600.0, "retries": 2, "itsyouonline_url": "https://itsyou.online"}


class UnknownProfile(UsageError):
    """An error: there is no profile of that name.

    Args:
        name: The name.
        known: The names of all profiles.
        origin: The variable or file that names the profile; "" for the command line.
    """

    def __init__(self, name: str, known: Iterable[str], origin: str = "") -> None:
        names = list(known)
        near = get_close_matches(name, names, n=3, cutoff=0.5)
        listed = (
            f"The profiles are {', '.join(names)}." if names else "Make one with `ovcgen profile set NAME url=URL`."
        )
        super().__init__(
            f"There is no profile {name[:80]!a}{f' ({origin})' if origin else ''}.",
            fix=f"Did you mean {' or '.join(near)}? {listed}" if near else listed,
        )


class BadVariable(UsageError):
    """An error: the value of an environment variable is not valid for its setting.

    Args:
        variable: The name of the variable.
        reason: The rest of the sentence after the name, such as `has to be a positive number of seconds`.
    """

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable} {reason}.", fix=f"Correct {variable}, or unset it.")


class RedirectedProfile(UsageError):
    """An error: a project's file has a profile of the user's file with another `url` or `spec`.

    Args:
        name: The name of the profile.
        file: The project's file.
    """

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(
            f"{file} gives your profile {name} another address, which could lead your logins elsewhere.",
            fix="Rename the profile there, or in your own config.toml.",
        )


class SettingValue(NamedTuple):
    """A record of the value of a setting, and where it was set.

    Attributes:
        value: The value.
        origin: An environment variable, the path of a file, `command line` or `default`.
    """

    value: Any
    origin: str


class Profile(NamedTuple):
    """A record of the settings for one portal, merged from all places.

    Attributes:
        name: The profile's name; "" for an address without a profile.
        settings: The settings that have a value, by their names.
        is_from_project: Whether the profile is defined in a project's file alone.
    """

    name: str
    settings: Mapping[str, SettingValue]
    is_from_project: bool = False

    def value(self, name: str) -> Any:
        """Return the value of a setting; None if the setting has no value, or if there is no such setting."""
        found = self.settings.get(name)
        return found.value if found else None


class Profiles:
    """All profiles of the user's file and of the project's file. The constructor reads and checks both files.

    Raises:
        BadConfig: one of the files can't be used.
        MissingConfig: the environment names a file or folder that does not exist.
        RedirectedProfile: the project's file has one of the user's profiles with another address.

    Attributes:
        user: The user's file; without text and profiles if it does not exist.
        project: The project's file; None if there is none.
    """

    def __init__(self) -> None:
        self.user = check_file(user_file())
        found = project_file()
        self.project = check_file(found) if found else None
        for name in self._tables(self.project):
            own, other = (self._tables(file).get(name, {}) for file in (self.user, self.project))
            if self.project and own and any(key in other and other[key] != own.get(key) for key in ADDRESSES):
                raise RedirectedProfile(name, self.project.path)

    def names(self) -> list[str]:
        """Return the names of all profiles, sorted."""
        return sorted({*self._tables(self.user), *self._tables(self.project)})

    def files_of(self, name: str) -> list[str]:
        """Return the paths of the files that define this profile; [] if none does.

        The project's file is first; it takes precedence.
        """
        return [str(file.path) for file in (self.project, self.user) if file and name in self._tables(file)]

    def default(self) -> SettingValue | None:
        """Return the name of the default profile with the variable or file that sets it; None if nothing sets one.

        OVCGEN_PROFILE comes first, then the project's file, then the user's. The profile need not exist.
        """
        if name := os.environ.get(VARIABLE):
            return SettingValue(name, VARIABLE)
        files = [file for file in (self.project, self.user) if file is not None and "profile" in file.table]
        return SettingValue(files[0].table["profile"], str(files[0].path)) if files else None

    def resolve(self, name: str, *, flags: Mapping[str, Any] | None = None, origin: str = "") -> Profile:
        """Return a profile with its effective settings.

        The first place that has a setting wins: the command line, the environment, the project's file, the user's file,
        the defaults. The environment is read at each call.

        Args:
            name: The name of the profile; "" for the settings without a profile.
            flags: The settings of the command line. None and empty values are ignored, and so are names that are no
                setting.
            origin: The variable or file that names the profile, for the error.

        Raises:
            UnknownProfile: there is no such profile.
            BadVariable: the value of an environment variable is not valid.
        """
        if name and name not in self.names():
            raise UnknownProfile(name, self.names(), origin)
        layers = [
            {key: SettingValue(value, FLAG) for key, value in (flags or {}).items() if value not in (None, "", (), [])},
            _environment(),
            *(self._layer(file, name) for file in (self.project, self.user)),
            {key: SettingValue(value, DEFAULT) for key, value in DEFAULTS.items()},
        ]
        joined = {key: value for layer in reversed(layers) for key, value in layer.items()}
        settings = {key: joined[key] for key in SETTINGS if key in joined}
        return Profile(name, settings, bool(name) and name not in self._tables(self.user))

    def _layer(self, file: ConfigFile | None, name: str) -> dict[str, SettingValue]:
        table = self._tables(file).get(name, {})
        return {key: SettingValue(value, str(file.path)) for key, value in table.items()} if file else {}

    @staticmethod
    def _tables(file: ConfigFile | None) -> dict[str, dict[str, Any]]:
        """Return the settings of each profile of a file, by the name of the profile."""
        tables: dict[str, dict[str, Any]] = file.table.get("profiles", {}) if file else {}
        return tables


def profile_names() -> list[str]:
    """Read the files with settings and return the names of all profiles, sorted; [] if a file can't be used."""
    try:
        return Profiles().names()
    except ClientError:
        return []


def _environment() -> dict[str, SettingValue]:
    """Return the settings that environment variables set. Raises BadVariable if a value is not valid."""
    found: dict[str, SettingValue] = {}
    for key, setting in SETTINGS.items():
        if text := os.environ.get(setting.variable) if setting.variable else None:
            try:
                found[key] = SettingValue(parsed(key, text), setting.variable)
            except ValueError as error:
                raise BadVariable(setting.variable, str(error)) from None
    return found
