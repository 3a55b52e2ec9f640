"""Where the data that ovcgen brings along lies: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path

from ovcgen.runtime.errors import OvcError

PACKAGE = Path(__file__).resolve().parent


class MissingResource(OvcError):
    """ovcgen's own data are not where they were installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"ovcgen's own {name} are missing.", fix="Install ovcgen again; its files are incomplete.")


def resource_folder(name: str, package: Path = PACKAGE) -> Path:
    """The folder `specs` or `templates`, wherever ovcgen runs from."""
    for folder in (package / f"_{name}", package.parent / name):
        if folder.is_dir():
            return folder
    raise MissingResource(name)
