"""Change profiles in the user's config.toml. Comments, order and layout of the file are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovcgen.cli.profiles.config_files import BadConfig, ConfigFile, MissingConfig, parse_toml, user_file, user_path
from ovcgen.cli.profiles.settings_schema import check_file
from ovcgen.errors import UsageError
from ovcgen.files import locked, replace_file

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


class UnwritableConfig(UsageError):
    """An error: the user's config.toml can't be written.

    Args:
        path: The path of the file.
        reason: Why, as a phrase without a full stop.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"Can't write {path}: {reason}.", fix="Name another file in OVCGEN_CONFIG.")


def set_values(name: str, values: Mapping[str, Any]) -> Path:
    """Set settings of a profile in the user's config.toml, and return its path. Missing file and profile are created.

    The file is changed only if it is valid before and after. `values` are JSON-like values by the name of the setting.

    Raises:
        BadConfig: the file can't be read, or a name or value is not valid.
        MissingConfig: the folder that OVCGEN_CONFIG_DIR names does not exist.
        UnwritableConfig: the file can't be written.
    """

    def change(document: TOMLDocument) -> None:
        import tomlkit

        profiles: Any = document.setdefault("profiles", tomlkit.table(is_super_table=True))
        profiles.setdefault(name, tomlkit.table()).update(values)

    return _changed(change)


def remove(name: str, keys: tuple[str, ...] = ()) -> Path:
    """Remove settings of a profile from the user's config.toml, and return the path of the file.

    Without `keys`, the whole profile is removed, and is no longer the default. Settings that the profile does not have
    are ignored.

    Raises:
        KeyError: the user's file has no such profile.
        BadConfig: the file can't be read, or a setting is not valid.
        MissingConfig: the folder that OVCGEN_CONFIG_DIR names does not exist.
        UnwritableConfig: the file can't be written.
    """

    def change(document: TOMLDocument) -> None:
        profiles: Any = document["profiles"]
        for key in keys:
            profiles[name].pop(key, None)
        if not keys:
            del profiles[name]
            if document.get("profile") == name:
                del document["profile"]

    return _changed(change)


def choose(name: str) -> Path:
    """Make a profile the default in the user's config.toml, and return the path of the file.

    The profile need not exist; callers check that. A missing file is created.

    Raises:
        BadConfig: the file can't be read, or the name or a setting is not valid.
        MissingConfig: the folder that OVCGEN_CONFIG_DIR names does not exist.
        UnwritableConfig: the file can't be written.
    """

    def change(document: TOMLDocument) -> None:
        document["profile"] = name

    return _changed(change)


def _changed(change: Callable[[TOMLDocument], None]) -> Path:
    """Apply a change to the user's file atomically, and return its path. A missing file is created."""
    import tomlkit

    path = user_path()
    if not path.is_absolute() and str(path).startswith("~"):
        raise UnwritableConfig(path, "there is no home folder")
    if path.exists() and not path.is_file():  # such as /dev/null
        raise UnwritableConfig(path, "it is no file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(path.parent):
            document = tomlkit.parse(_present().text)
            change(document)
            text = tomlkit.dumps(document)
            check_file(ConfigFile(path, text, parse_toml(path, text)))
            replace_file(path.resolve(), text.encode())
    except OSError as error:
        raise UnwritableConfig(path, error.strerror or type(error).__name__) from None
    return path


def _present() -> ConfigFile:
    """Return the user's file with settings. A file that does not exist yet is empty.

    Raises:
        BadConfig: the file can't be read, or a setting in it can't be used.
    """
    try:
        found = user_file()
    except MissingConfig:
        return ConfigFile(user_path(), "", {})
    try:
        check_file(found)
    except BadConfig as error:
        error.fix = f"{error.fix} Nothing was changed."
        raise
    return found
