"""Find ovcgen's data folders: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path

from ovcgen.runtime.errors import ClientError

PACKAGE = Path(__file__).resolve().parent


class MissingResource(ClientError):
    """A data folder of ovcgen is missing from the installation."""

    def __init__(self, name: str) -> None:
        super().__init__(f"ovcgen's own {name} are missing.", fix="Install ovcgen again; its files are incomplete.")


def resource_folder(name: str, package: Path = PACKAGE) -> Path:
    """Return the folder of ovcgen's data with that name: `specs` or `templates`.

    Raises:
        MissingResource: there is no such folder.
    """
    for folder in (package / f"_{name}", package.parent / name):
        if folder.is_dir():
            return folder
    raise MissingResource(name)
