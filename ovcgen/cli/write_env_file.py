"""Write a file of `export` lines for the shell that uses a simulated portal or a mock, and remove it at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ovcgen.errors import UsageError
from ovcgen.files import replace_file

HEADING = "# Written by `ovcgen serve`, which removes this file when it ends.\n"


class ForeignEnvFile(UsageError):
    """An error: the file of `--env-file` exists, and was not written by `ovcgen serve`.

    It may hold settings or secrets of the user.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} exists, and `ovcgen serve` has not written it.",
            fix="Pass another --env-file, or remove that file.",
        )


class UnwritableEnvFile(UsageError):
    """An error: the file of `--env-file` can't be written, or one that is there can't be read.

    Args:
        path: The path of the file.
        reason: Why, as a phrase without a full stop.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"Can't write {path}: {reason}.", fix="Pass another --env-file.")


def check_env_file(path: Path) -> None:
    """Check that `ovcgen serve` may write this file: it does not exist, or a killed `ovcgen serve` has left it.

    A file of `ovcgen serve` is known by its first line. Nothing is written.

    Raises:
        ForeignEnvFile: it is any other file.
        UnwritableEnvFile: it can't be read, or its folder does not exist.
    """
    try:
        if path.read_bytes()[: len(HEADING)] != HEADING.encode():
            raise ForeignEnvFile(path)
    except FileNotFoundError:
        if not path.absolute().parent.is_dir():
            raise UnwritableEnvFile(path, "there is no such folder") from None
    except OSError as error:
        raise UnwritableEnvFile(path, error.strerror or type(error).__name__) from error


@contextmanager
def env_file(path: Path, lines: Iterable[str]) -> Iterator[None]:
    """Write a file with these lines, which only the user can read, and remove it at the end of the block.

    A file that `ovcgen serve` has left there is replaced. The new file is never half written. At the end it stays if
    another process has replaced it in the meantime; an error of removing it is ignored.

    Args:
        path: The file; its folder has to exist.
        lines: The lines, without line breaks, such as `export OVC_URL=...`. A comment is added before them.

    Raises:
        ForeignEnvFile: such a file exists, and was not written by `ovcgen serve`.
        UnwritableEnvFile: it can't be written.
    """
    check_env_file(path)
    content = "".join([HEADING, *(f"{line}\n" for line in lines)]).encode()
    try:
        path.unlink(missing_ok=True)  # its mode would be kept
        replace_file(path, content)
    except OSError as error:
        raise UnwritableEnvFile(path, error.strerror or type(error).__name__) from error
    try:
        yield
    finally:
        with suppress(OSError):
            if path.read_bytes() == content:
                path.unlink()
