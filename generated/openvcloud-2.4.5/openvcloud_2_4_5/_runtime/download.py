"""Write response bodies to files in chunks. A file is written completely or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from .errors import ArgumentError
from .operation import TO, OperationSpec

PIECE = 64 * 1024  # bytes


class UnwritableFile(ArgumentError):
    """The file that `_to` names for a response body can't be written; an existing file is unchanged.

    The service has carried out the call.
    """

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"Can't write {path}: {error.strerror or error}.", fix="Choose another path for _to.")


def checked_target(operation: OperationSpec, to: Any) -> Path:
    """Return the argument `_to` of a call, where the response body is to be written, as a Path. Nothing is written.

    The file may exist: it is replaced later.

    Raises:
        ArgumentError: `to` is not a path, its folder does not exist, or it is a folder.
    """
    try:
        path = Path(to)
    except TypeError:
        path = Path()
    if path.parent.is_dir() and not path.is_dir():
        return path
    raise ArgumentError(
        f"{operation.name}() can't write to {to!a}.", fix=f"Pass the path of a file in an existing folder as {TO}."
    )


def save(answer: Any, path: Path) -> None:
    """Write the decompressed body of a urllib3 response to `path`, through a temporary file in the same folder.

    An existing file is replaced only when the body is complete. The temporary file is deleted after any error.

    Raises:
        UnwritableFile: the file can't be written. Errors of the connection are raised unchanged.
    """
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        with _writing(path, partial(beside.open, "xb")) as file:
            for piece in answer.stream(PIECE, decode_content=True):
                _writing(path, partial(file.write, piece))
        _writing(path, partial(os.replace, beside, path))
    finally:
        beside.unlink(missing_ok=True)


def _writing(path: Path, act: Callable[[], Any]) -> Any:
    """Run a file operation and turn its OSError into UnwritableFile; a broken connection raises OSError, too."""
    try:
        return act()
    except OSError as error:
        raise UnwritableFile(path, error) from None
