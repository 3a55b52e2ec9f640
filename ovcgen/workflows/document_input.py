"""Tell files, URLs and release names apart, and read a document from standard input or from a URL."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ovcgen.errors import UsageError
from ovcgen.runtime.urls import split_url

STDIN = "-"
SUFFIXES = (".json", ".yaml", ".yml")


class Input(NamedTuple):
    """A record of a document to read, as bytes or as a file.

    Attributes:
        path: Path or file name; its extension gives the format.
        content: The bytes; None for a file, which has not been read yet.
    """

    path: Path
    content: bytes | None = None


def read_input(source: str | Path, download: Callable[[str], bytes] | None = None) -> Input:
    """Return the input that `source` names: `-` (standard input), an http(s) URL to download, or a file.

    A file is not read here, and need not exist. Standard input is read up to one byte above the size limit, so that the
    parser refuses an input that is too large. The name of an input without a known extension gets one: `.json` if the
    bytes begin like JSON, else `.yaml`. `download` is called with a URL and returns the bytes; None sends an HTTP
    request.

    Raises:
        UnreadableInput: standard input can't be read.
        ArgumentError: the URL is not valid.
        TooLarge: the downloaded document is larger than the size limit.
        TransportError: no complete response within a minute.
        NoDocument: the server refuses, redirects, or sends an HTML page.
    """
    text = str(source)
    if text == STDIN:
        return _named("stdin", _standard_input())
    if is_url(text):
        from ovcgen.workflows.download_document import download as fetched

        return _named(PurePosixPath(split_url(text).path).name or "document", (download or fetched)(text))
    return Input(Path(source))


class UnreadableInput(UsageError):
    """An error: standard input is closed or can't be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Can't read standard input: {reason}.", fix="Pipe a document into it, or name a file.")


def _standard_input() -> bytes:
    """Return the bytes of standard input, at most one more than the size limit. Raises UnreadableInput."""
    if sys.stdin is None:  # a process can be started without one
        raise UnreadableInput("it is closed")
    from ovcgen.documents import LIMIT

    try:
        return sys.stdin.buffer.read(LIMIT + 1)  # one byte more than allowed, so that the parser refuses it
    except OSError as error:
        raise UnreadableInput(error.strerror or str(error)) from error


def is_url(source: str) -> bool:
    """Return whether a text begins with `http://` or `https://`, in lower case. Nothing else is checked."""
    return source.startswith(("http://", "https://"))


def is_document_url(source: str) -> bool:
    """Return whether a text is the URL of a document, whose path ends in .json, .yaml or .yml, and not of a portal."""
    return is_url(source) and split_url(source).path.endswith(SUFFIXES)


def is_file(source: str | Path) -> bool:
    """Return whether `source` is a file, a URL or `-` (standard input), and not a release name.

    A Path is a file, and so is a text with a slash, a backslash or a .json, .yaml or .yml ending, even if no such file
    exists. Any other text is a file if a file of that name exists; a folder is none.
    """
    if isinstance(source, Path) or source.endswith(SUFFIXES) or source == STDIN or "/" in source or "\\" in source:
        return True
    return Path(source).is_file()


def _named(name: str, content: bytes) -> Input:
    """Return the input under a file name with an extension. Without one, content starting with `{` or `[` is JSON."""
    if name.endswith(SUFFIXES):
        return Input(Path(name), content)
    is_json = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    return Input(Path(f"{name}.json" if is_json else f"{name}.yaml"), content)
