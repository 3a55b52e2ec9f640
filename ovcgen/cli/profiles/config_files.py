"""Find and read the files with settings: the user's config.toml, and the project's ovcgen.toml or pyproject.toml."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ovcgen.errors import UsageError

FILE, FOLDER = "OVCGEN_CONFIG", "OVCGEN_CONFIG_DIR"  # environment variables
NAME, PROJECT, PYPROJECT = "config.toml", "ovcgen.toml", "pyproject.toml"
TOOL = ("tool", "ovcgen")  # the table of pyproject.toml
OWN_TABLE = re.compile(r"^\s*(\[\[?\s*)?tool\s*\.\s*[\"']?ovcgen\b|^\s*\[\s*tool\s*\]", re.MULTILINE)
LARGEST = 2**20  # bytes of a file with settings
PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
Table = dict[str, Any]


class BadConfig(UsageError):
    """An error: a file with settings can't be read, or a setting in it can't be used.

    Args:
        path: The file.
        reason: What is wrong, as a phrase.
        line: The line of the setting; 0 if it is not known.
        fix: What to do, as a sentence.
    """

    def __init__(self, path: Path, reason: str, *, line: int = 0, fix: str = "Correct it, or move it away.") -> None:
        super().__init__(f"{path}{f', line {line}' if line else ''}: {reason}.", fix=fix)


class MissingConfig(UsageError):
    """An error: the file or folder that an environment variable names for the settings does not exist.

    Args:
        variable: The name of the variable.
        path: The path of that file or folder.
    """

    def __init__(self, variable: str, path: Path) -> None:
        super().__init__(f"{variable} names {path}, which does not exist.", fix=f"Correct {variable}, or unset it.")


class ConfigFile(NamedTuple):
    """A record of a file with settings.

    Attributes:
        path: The path of the file.
        text: The content of the file; "" if the file does not exist.
        table: The settings; for pyproject.toml those of the table `[tool.ovcgen]`.
        prefix: The keys of that table: `("tool", "ovcgen")` for pyproject.toml, else ().
        is_project: Whether the file belongs to a project, and not to the user. It may be written by other people.
    """

    path: Path
    text: str
    table: Table
    prefix: tuple[str, ...] = ()
    is_project: bool = False

    def dotted(self, *keys: str) -> str:
        """Return the full name of a setting in this file: `prefix` and `keys`, such as `profiles.production.url`."""
        return ".".join((*self.prefix, *keys))

    def refuse(self, keys: tuple[str, ...], reason: str, fix: str = "Correct or delete that line.") -> BadConfig:
        """Return, without raising it, the error that refuses a setting of this file, with the setting's name and line.

        Args:
            keys: The keys that lead to the setting, such as ("profiles", "production", "url").
            reason: The rest of the sentence after the name of the setting.
            fix: What to do, as a sentence.
        """
        return BadConfig(self.path, f"{self.dotted(*keys)} {reason}", line=self._line((*self.prefix, *keys)), fix=fix)

    def _line(self, keys: tuple[str, ...]) -> int:
        """Return the line number of a setting, from 1; if it is not found, that of a table around it; 0 for neither."""
        lines = (self._first_line(keys[:count]) for count in range(len(keys), 0, -1))
        return next(filter(None, lines), 0)

    def _first_line(self, keys: tuple[str, ...]) -> int:
        """Return the number of the first line with these keys, from 1; 0 if no line has them."""
        table: tuple[str, ...] = ()
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line.lstrip().startswith("["):
                found = table = _keys_of(line) or table
            else:
                found = (*table, *_keys_of(f"{line.partition('=')[0]}=0")) if "=" in line else ()
            if found[: len(keys)] == keys:
                return number
        return 0


def user_path() -> Path:
    """Return the path of the user's file: OVCGEN_CONFIG, else config.toml in OVCGEN_CONFIG_DIR or the default folder.

    The file need not exist. Empty variables count as missing.

    Raises:
        MissingConfig: the folder that OVCGEN_CONFIG_DIR names does not exist.
    """
    if file := os.environ.get(FILE):
        return Path(file)
    if folder := os.environ.get(FOLDER):
        if not Path(folder).is_dir():
            raise MissingConfig(FOLDER, Path(folder))
        return Path(folder) / NAME
    import platformdirs

    return platformdirs.user_config_path("ovcgen") / NAME


def user_file() -> ConfigFile:
    """Read and return the user's file with settings, unchecked. If there is no file, its text and table are empty.

    Raises:
        MissingConfig: the file or folder that the environment names does not exist.
        BadConfig: the file can't be read, is larger than 1 MiB, or is no TOML in UTF-8.
    """
    path = user_path()
    text = _text(path)
    if text is None and os.environ.get(FILE):
        raise MissingConfig(FILE, path)
    return ConfigFile(path, text or "", parse_toml(path, text or ""))


def project_file() -> ConfigFile | None:
    """Read the first ovcgen.toml, or pyproject.toml with `[tool.ovcgen]`, from the working directory upwards.

    Return it unchecked, or None if there is no such file.

    Raises:
        BadConfig: the file can't be read, is larger than 1 MiB, or is no TOML in UTF-8, or a folder has settings in
            both files.
    """
    for folder in _folders():
        own, shared = folder / PROJECT, _pyproject(folder / PYPROJECT)
        text = _text(own)
        if text is None and shared is None:
            continue
        if text is not None and shared is not None:
            raise BadConfig(own, f"{PYPROJECT} beside it has settings in [tool.ovcgen], too", fix="Keep one of them.")
        return shared or ConfigFile(own, text or "", parse_toml(own, text or ""), is_project=True)
    return None


def _folders() -> Iterator[Path]:
    """Yield the working directory and its parents; nothing if the working directory was deleted."""
    try:
        here = Path.cwd()
    except OSError:
        return
    yield from (here, *here.parents)


def _pyproject(path: Path) -> ConfigFile | None:
    """Return a pyproject.toml with its table `[tool.ovcgen]`; None if the file or the table does not exist."""
    text = _text(path)
    if text is None or not OWN_TABLE.search(text):
        return None
    table: Any = parse_toml(path, text)
    for key in TOOL:
        table = table.get(key) if isinstance(table, dict) else None
    return ConfigFile(path, text, table, TOOL, is_project=True) if isinstance(table, dict) else None


def _text(path: Path) -> str | None:
    """Return the content of a file; None if the file does not exist. Raises BadConfig if it can't be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) and str(path) != os.devnull:
            raise BadConfig(path, "it is no file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise BadConfig(path, f"it can't be read: {error.strerror or type(error).__name__}") from None
    if len(content) > LARGEST:
        raise BadConfig(path, f"it is larger than {LARGEST} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadConfig(path, "it is not UTF-8") from None


def parse_toml(path: Path, text: str) -> Table:
    """Parse a TOML text and return its table; {} for "". Raises BadConfig with `path` and the line if it is no TOML."""
    if not text:
        return {}
    import tomllib  # only files with settings need it

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        raise BadConfig(path, f"it is no TOML: {PLACE.sub('', str(error))}", line=line) from None


def _keys_of(line: str) -> tuple[str, ...]:
    """Return the keys of one line of TOML, a table header or an assignment; () for any other line."""
    import tomllib

    try:
        value: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    keys: list[str] = []
    while isinstance(value, dict) and value:
        [(key, value)] = value.items()
        keys.append(key)
        if isinstance(value, list):  # the header of an array of tables
            value = next(iter(value), None)
    return tuple(keys)
