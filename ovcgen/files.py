"""Write files and replace folders atomically: after a failure, no file or folder is left half-written."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CURRENT_FOLDER, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux' renameat2


def write_new(path: Path, content: bytes) -> None:
    """Create a file with this content and flush it to the disk. Its folder has to exist.

    Raises:
        FileExistsError: there is such a file already.
        OSError: it can't be written. A part of it may be left.
    """
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write a file atomically: a new one, or the new content of an existing one, whose mode is kept.

    The content is flushed to the disk. The folder has to exist. A symbolic link is replaced by a file.

    Args:
        path: The file.
        content: The whole content.
        mode: The permissions of a new file, minus those of the umask. By default only the owner can read the file.

    Raises:
        OSError: the file can't be written. An existing file stays unchanged.
    """
    new = path.with_name(f".ovcgen-{secrets.token_hex(6)}-{path.name}")
    try:
        with open(new, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(path, new)
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def replace_folder(new: Path, target: Path, old: Path) -> None:
    """Rename the folder `new` to `target`. The former folder, if there was one, is then at `new` or at `old`.

    All three are in one file system, and the caller deletes the former folder. On Linux one system call exchanges both
    folders. Elsewhere `target` is missing for a moment; after a failure it is restored.

    Raises:
        FileExistsError: there is a `target`, and something at `old`.
        OSError: a folder can't be renamed.
    """
    if not target.exists():
        new.rename(target)
        return
    if os.path.lexists(old):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(old))
    if not _exchanged(new, target):
        target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            old.rename(target)
            raise


def flush(path: Path) -> None:
    """Flush a file or folder to disk, so that it survives a power failure.

    Nothing happens for a symbolic link, and on other systems than POSIX. Raises OSError if there is no such file.
    """
    if os.name != "posix" or path.is_symlink():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Return a context that locks a folder for this process; its value says whether that worked.

    With `wait`, another holder of the lock is waited for, without a limit; otherwise the value is False if there is
    one. It is False, too, where the system has no file locks or the folder is missing. The lock ends with the process,
    even after a crash.

    Example: `with locked(folder, wait=False) as alone: ...`.
    """
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, FileNotFoundError):
        yield False
        return
    try:  # from here on, so that an interruption while it waits, or right after, leaves no lock behind
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            alone = True
        except BlockingIOError:
            alone = False
        yield alone
    finally:
        os.close(descriptor)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return False if the system can't do it."""
    if sys.platform != "linux":
        return False
    import ctypes  # only the exchange needs it

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(CURRENT_FOLDER, os.fsencode(one), CURRENT_FOLDER, os.fsencode(other), EXCHANGE) == 0)
