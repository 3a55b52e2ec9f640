"""Keep secrets in files and folders that only the owner can read, and refuse all other files."""

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
    """An error: a file or folder with secrets can be read or changed by others, or belongs to another user.

    Attributes:
        path: The path of the file or folder.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} belongs to another user, or others may read or change it")
        self.path = path


def make_private(folders: Iterable[Path]) -> None:
    """Create folders with mode 0700, in the given order (the outermost first).

    Folders that exist are checked, and not changed.

    Raises:
        UnsafePath: an existing folder belongs to another user, or others may use it, or it is no folder.
        OSError: a folder can't be created.
    """
    for folder in folders:
        with suppress(FileExistsError):
            folder.mkdir(mode=PRIVATE)
        check_private(folder, folder.lstat(), stat.S_ISDIR)


def read_private(folders: Iterable[Path], file: Path, *, largest: int = LARGEST) -> str:
    """Return the text of a file; "" if the file or a folder is missing. Bytes that are not UTF-8 become U+FFFD.

    Arguments and errors are those of `read_private_bytes`.
    """
    return read_private_bytes(folders, file, largest=largest).decode("utf-8", "replace")


def read_private_bytes(folders: Iterable[Path], file: Path, *, largest: int = LARGEST) -> bytes:
    """Return at most the first `largest` bytes of a file; b"" if the file or a folder is missing. Works on POSIX only.

    Args:
        folders: The folders that lead to the file, which are checked before it is read.
        file: The whole path of the file.
        largest: The rest of a larger file is left out, without an error.

    Raises:
        UnsafePath: others can read the file or a folder, it belongs to another user, or it is no regular file.
        OSError: the file can't be read, for example because it is a symbolic link.
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
    """Raise UnsafePath if a path is of another kind, belongs to another user, or others may read or change it.

    Nothing is read; the caller passes the status.

    Args:
        path: The path, for the error.
        found: The status of the file or folder.
        is_kind: Returns whether a mode is of the wanted kind, such as `stat.S_ISREG`.
    """
    if not is_kind(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & OF_OTHERS:
        raise UnsafePath(path)


def remove_leftovers(folder: Path, kept: Path) -> None:
    """Delete every file but `kept` in a folder that the caller has locked.

    Processes that were killed while writing left these files. Raises OSError if a file can't be deleted, or if there is
    another folder in it.
    """
    for path in folder.iterdir():
        if path != kept:
            path.unlink()
