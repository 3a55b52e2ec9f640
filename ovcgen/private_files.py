"""Keep secrets in files and folders that only their owner can read, and refuse others."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o700
OF_OTHERS = 0o077  # the permissions of group and others
LARGEST = 100_000  # bytes of a file with secrets


class UnsafePath(OSError):
    """A file or folder with secrets can be read or changed by others, or belongs to another user."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} belongs to another user, or others may read or change it")
        self.path = path


def make_private(folders: Iterable[Path]) -> None:
    """Create folders, from the outermost, with mode 0700. Raises UnsafePath if one is there with another mode."""
    for folder in folders:
        with suppress(FileExistsError):
            folder.mkdir(mode=PRIVATE)
        check_private(folder, folder.lstat(), stat.S_ISDIR)


def read_private(folders: Iterable[Path], file: Path, *, largest: int = LARGEST) -> str:
    """Return the text of a file in these folders; "" if there is none. Raises as `read_private_bytes`."""
    return read_private_bytes(folders, file, largest=largest).decode("utf-8", "replace")


def read_private_bytes(folders: Iterable[Path], file: Path, *, largest: int = LARGEST) -> bytes:
    """Return the content of a file in these folders, at most `largest` bytes; nothing if there is none.

    Raises:
        UnsafePath: others can read the file or a folder, or it belongs to another user.
        OSError: it can't be read.
    """
    try:
        for folder in folders:
            check_private(folder, folder.lstat(), stat.S_ISDIR)
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return b""
    with os.fdopen(descriptor, "rb") as opened:
        check_private(file, os.fstat(descriptor), stat.S_ISREG)
        return opened.read(largest)


def check_private(path: Path, found: os.stat_result, is_kind: Callable[[int], bool]) -> None:
    """Raise UnsafePath if a file or folder is of another kind or owner, or others may read or change it."""
    if not is_kind(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & OF_OTHERS:
        raise UnsafePath(path)


def remove_leftovers(folder: Path, kept: Path) -> None:
    """Remove what writers that were killed left in a locked folder: every file but `kept`."""
    for path in folder.iterdir():
        if path != kept:
            path.unlink()
