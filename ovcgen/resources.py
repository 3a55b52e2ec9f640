"""Find ovcgen's data folders: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from ovcgen.runtime.errors import ClientError

PACKAGE = Path(__file__).resolve().parent


class MissingResource(ClientError):
    """An error: a data folder of ovcgen is missing from the installation.

    Args:
        name: `specs` or `templates`.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"ovcgen's own {name} are missing.", fix="Install ovcgen again; its files are incomplete.")


def resource_folder(name: str, package: Path = PACKAGE) -> Path:
    """Return the folder of ovcgen's data with that name, `specs` or `templates`.

    In a checkout it is beside the package, in an installation inside of it as `_specs` or `_templates`. If both exist,
    the one inside is returned. `package` is the folder of the package `ovcgen`.

    Raises:
        MissingResource: there is no such folder.
    """
    for folder in (package / f"_{name}", package.parent / name):
        if folder.is_dir():
            return folder
    raise MissingResource(name)


def code_digest(parts: Iterable[str], package: Path = PACKAGE) -> str:
    """Return one SHA-256, in hex, of the paths and contents of all .py files below folders of the package.

    What was computed by that code is out of date when the digest has changed. `parts` are the names of the folders,
    such as `diff`, in any order. A folder that does not exist counts as empty.
    """
    digest = sha256()
    for part in sorted(parts):
        for path in sorted((package / part).rglob("*.py")):
            digest.update(f"{path.relative_to(package).as_posix()}\0".encode())
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def files_stamp(*folders: Path, ending: str) -> str:
    """Return a SHA-256, in hex, of the paths, sizes and modification times of all files below some folders.

    What was computed from the files is out of date when the stamp has changed. No file is read. Only files whose name
    ends with `ending` count. Folders that do not exist, or that can't be read, count as empty. The order of the folders
    counts.
    """
    digest = sha256()
    for folder in folders:
        for path, size, changed in sorted(_files_below(os.fspath(folder), ending)):
            digest.update(f"{path}\0{size}\0{changed}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _files_below(folder: str, ending: str) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.endswith(ending):
            status = entry.stat()
            yield entry.path, status.st_size, status.st_mtime_ns
        elif entry.name != "__pycache__" and entry.is_dir(follow_symlinks=False):
            yield from _files_below(entry.path, ending)
