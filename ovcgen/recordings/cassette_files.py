"""Save cassettes of vcrpy in one step, so that a killed recording leaves the old file or the new one.

Imported by the recorder only, because vcrpy is optional.
"""

from __future__ import annotations

import glob
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from vcr.persisters.filesystem import FilesystemPersister
from vcr.serialize import serialize

from ovcgen.files import locked


class CassetteFiles(FilesystemPersister):  # type: ignore[misc,unused-ignore]
    """vcrpy's storage in files, which replaces a cassette instead of writing into it."""

    @staticmethod
    def save_cassette(cassette_path: str | os.PathLike[str], cassette_dict: dict[str, Any], serializer: Any) -> None:
        """Write the cassette to a file beside it, and rename that file. A symbolic link keeps its target.

        A file that a killed process has left is deleted.

        Raises:
            OSError: the cassette can't be written, and is unchanged.
        """
        text = serialize(cassette_dict, serializer)
        path = Path(os.path.realpath(cassette_path))
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.parent) as alone:
            for left in path.parent.glob(f".ovcgen-*-{glob.escape(path.name)}") if alone else ():
                left.unlink()
            _replace(path, text)


def _replace(path: Path, text: str) -> None:
    """Replace the text of a file in one step, keeping its mode."""
    new = path.with_name(f".ovcgen-{os.getpid()}-{path.name}")
    try:
        with new.open("x") as file:  # in the encoding that vcrpy reads it in
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(path, new)
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
