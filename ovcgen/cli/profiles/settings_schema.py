"""Define the settings of a profile and of a project file, and check their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ovcgen.cli.profiles.config_files import ConfigFile, Table

LOGINS = ("itsyouonline", "password", "token", "authkey")
SECRET = re.compile("password|secret|token|key", re.IGNORECASE)
PROFILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
NAME_RULE = "a name is letters, digits, - and _"
PROJECT_NOTE = "A project's file names portals and outputs; put anything else into your own config.toml."


class Setting(NamedTuple):
    """A record of what one setting of a profile is, not of its value.

    Attributes:
        help: What the setting is for, in at most 35 letters.
        check: Function that checks a value of a file and returns it. Its ValueError says what the value has to be.
        parse: Function that turns a text of the command line or the environment into a value for `check`.
        variable: The environment variable for the setting; "" for none.
        in_project: Whether a project's file may have the setting.
        is_path: Whether the value is a path. A relative path starts at the folder of the file.
    """

    help: str
    check: Callable[[Any], Any]
    parse: Callable[[str], Any] = str
    variable: str = ""
    in_project: bool = False
    is_path: bool = False


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError("has to be a text of one line")
    return value


def _url(value: Any) -> str:
    try:
        parts = urlsplit(_text(value))
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        if is_address and parts.username is None and not (parts.query or parts.fragment):
            return str(value)
    except ValueError:
        pass
    raise ValueError("has to be an address such as https://portal.example, without user, password and query")


def _login(value: Any) -> str:
    if value not in LOGINS:
        raise ValueError(f"has to be one of {', '.join(LOGINS)}")
    return str(value)


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise ValueError("has to be a positive number of seconds")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("has to be a whole number, not negative")
    return value


def _names(value: Any) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed:
        raise ValueError("has to be a list of names")
    return [_text(name) for name in listed]


def _certificate(value: Any) -> list[str]:
    if len(paths := _names(value)) > 2:
        raise ValueError("has to be one path, or those of the certificate and its key")
    return paths


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _listed(text: str) -> list[str]:
    return [name for name in (part.strip() for part in text.split(",")) if name]


SETTINGS = {
    "url": Setting("address of the portal or service", _url, variable="OVCGEN_URL", in_project=True),
    "spec": Setting("document of another service", _text, in_project=True, is_path=True),
    "release": Setting("pinned release, not the catalog", _text, variable="OVCGEN_RELEASE", in_project=True),
    "groups": Setting("groups of the catalog", _names, _listed, variable="OVCGEN_GROUPS", in_project=True),
    "timeout": Setting("seconds for a call", _seconds, _number, variable="OVCGEN_TIMEOUT", in_project=True),
    "retries": Setting("repetitions of a call", _count, _whole, variable="OVCGEN_RETRIES", in_project=True),
    "ca_bundle": Setting("CA bundle for the portal", _text, variable="REQUESTS_CA_BUNDLE", is_path=True),
    "cert": Setting("client certificate, or CERT,KEY", _certificate, _listed, "OVCGEN_CERT", is_path=True),
    "login": Setting("kind of login, such as password", _login),
    "client_id": Setting("id of the application key", _text),
    "username": Setting("user of the portal", _text),
    "itsyouonline_url": Setting("identity provider", _url, variable="ITSYOUONLINE_URL"),
}
OUTPUTS = ("specs", "generated")  # folders that a project's file may name
TABLES = ("diff",)  # of other parts, which check them


def check_file(file: ConfigFile) -> ConfigFile:
    """Check the settings of a file, and return a copy of the file's record with absolute paths in its profiles.

    All files may have `profile` and `profiles`. A project's file may also have `specs`, `generated` and `diff` (whose
    content is not checked here), and its paths have to be below its folder. The table of the copy always has
    `profiles`, {} for none. Nothing is written.

    Raises:
        BadConfig: a setting is unknown or not allowed in this file, or its value is not valid.
    """
    known = ("profile", "profiles", *((*OUTPUTS, *TABLES) if file.is_project else ()))
    for key, value in file.table.items():
        if key not in known:
            raise file.refuse((key,), *_unknown(key, known, file.is_project))
        if key == "profile" and not (isinstance(value, str) and PROFILE_NAME.fullmatch(value)):
            raise file.refuse((key,), f"is no name of a profile: {NAME_RULE}")
        if key in OUTPUTS and not (isinstance(value, str) and _is_below(file.path.parent, value)):
            raise file.refuse((key,), "has to be a folder below that of the file")
    profiles = file.table.get("profiles", {})
    if not isinstance(profiles, dict):
        raise file.refuse(("profiles",), "has to be a table: write [profiles.NAME]")
    checked = {name: _checked_profile(file, name, table) for name, table in profiles.items()}
    return file._replace(table={**file.table, "profiles": checked})


def _checked_profile(file: ConfigFile, name: str, table: Any) -> Table:
    place = ("profiles", name)
    if not isinstance(table, dict) or not PROFILE_NAME.fullmatch(name):
        raise file.refuse(place, f"is no profile: it has to be a table, and {NAME_RULE}")
    allowed = [key for key, setting in SETTINGS.items() if setting.in_project or not file.is_project]
    for key in table:
        if key not in allowed:
            raise file.refuse((*place, key), *_unknown(key, allowed, file.is_project))
    return {key: _checked_value(file, (*place, key), value) for key, value in table.items()}


def _checked_value(file: ConfigFile, keys: tuple[str, ...], value: Any) -> Any:
    """Return the checked value of a setting; paths are made absolute. Raises BadConfig if the value is not valid."""
    setting = SETTINGS[keys[-1]]
    try:
        checked = setting.check(value)
    except ValueError as error:
        raise file.refuse(keys, str(error)) from None
    if file.is_project and setting.is_path and "://" not in value and not _is_below(file.path.parent, value):
        raise file.refuse(keys, "has to be below the folder of the file")
    return resolved_paths(checked, file.path.parent) if setting.is_path else checked


def resolved_paths(value: Any, folder: Path) -> Any:
    """Return a path, or a list of paths, as absolute paths. Relative paths start at `folder`.

    `~` is expanded, URLs are unchanged, and the paths need not exist.
    """
    if isinstance(value, list):
        return [resolved_paths(path, folder) for path in value]
    return value if "://" in value else str(folder.absolute() / Path(value).expanduser())


def parsed(key: str, text: str) -> Any:
    """Parse the text of the setting `key`, from the command line or the environment, and return the checked value.

    Raises:
        ValueError: the text is not valid. The message says what it has to be.
        KeyError: there is no such setting.
    """
    return SETTINGS[key].check(SETTINGS[key].parse(text))


def _unknown(key: str, known: Any, is_project: bool) -> tuple[str, str]:
    """Return why a setting is unknown or not allowed, and what to do."""
    if is_project and (key in SETTINGS or SECRET.search(key)):
        return "can't be set by a project", PROJECT_NOTE
    if SECRET.search(key):
        return "is no setting: secrets are not kept in this file", "Delete it, and use `ovcgen auth login`."
    near = get_close_matches(key, known, n=1)
    return "is no setting", f"Did you mean {near[0]}?" if near else f"Settings are {', '.join(known)}."


def unknown_setting(key: str) -> tuple[str, str]:
    """Return (why the user's profile can't have a setting of that name, what to do), as parts of an error message."""
    return _unknown(key, list(SETTINGS), is_project=False)


def _is_below(folder: Path, value: str) -> bool:
    """Return whether a path, relative to `folder`, is inside `folder`. Symbolic links are followed."""
    home = folder.resolve()
    return bool(value) and (home / value).resolve().is_relative_to(home)
