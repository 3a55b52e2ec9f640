"""Save cassettes of vcrpy in one step, so that a killed recording leaves the old file or the new one.

Imported by the recorder only, because vcrpy is optional.
"""

from __future__ import annotations

import glob
import locale
import os
from pathlib import Path
from typing import Any

from vcr.persisters.filesystem import FilesystemPersister
from vcr.serialize import serialize

from ovcgen.files import locked, replace_file


class CassetteFiles(FilesystemPersister):  # type: ignore[misc,unused-ignore]
    """A vcrpy persister that replaces the file of a cassette in one step instead of writing into it."""

    @staticmethod
    def save_cassette(cassette_path: str | os.PathLike[str], cassette_dict: dict[str, Any], serializer: Any) -> None:
        """Write a cassette to a new file, and rename that file to the name of the cassette.

        Missing folders are created. The text is encoded as vcrpy reads it: in the encoding of the locale. The target of
        a symbolic link is replaced, not the link. New files of this cassette that a killed process has left are
        deleted, unless another process is saving to the same folder. The arguments are those of vcrpy's
        FilesystemPersister.

        Raises:
            OSError: the cassette can't be written, and is unchanged.
        """
        text = serialize(cassette_dict, serializer)
        path = Path(os.path.realpath(cassette_path))
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.parent) as alone:
            for left in path.parent.glob(f".ovcgen-*-{glob.escape(path.name)}") if alone else ():
                left.unlink()
            encoding = locale.getpreferredencoding(do_setlocale=False)  # in which vcrpy reads it
            replace_file(path, text.encode(encoding), mode=0o666)
