"""Read a document from standard input, or from its address on the web."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from ovcgen.documents import LIMIT
from ovcgen.errors import UsageError

STDIN = "-"
SUFFIXES = (".json", ".yaml", ".yml")


class Input(NamedTuple):
    """A document as it came in: a file name that tells its format, and its bytes; `content` is None for files."""

    path: Path
    content: bytes | None = None


def read_input(source: str | Path) -> Input:
    """Return what `source` holds: `-` is standard input, an http address is downloaded, anything else is a file.

    Raises:
        TooLarge: the document has more than 32 MB.
        TransportError: it did not come whole within a minute.
        ApiError: the server refused.
        NoDocument: it is a page for people, or moved away.
    """
    text = str(source)
    if text == STDIN:
        return _named("stdin", _standard_input())
    if is_url(text):
        from ovcgen.workflows.download import download

        return _named(PurePosixPath(urlsplit(text).path).name or "document", download(text))
    return Input(Path(source))


class UnreadableInput(UsageError):
    """Standard input that can't be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Can't read standard input: {reason}.", fix="Pipe a document into it, or name a file.")


def _standard_input() -> bytes:
    if sys.stdin is None:  # a process can be started without one
        raise UnreadableInput("it is closed")
    try:
        return sys.stdin.buffer.read(LIMIT + 1)  # one more than is taken: enough to refuse it
    except OSError as error:
        raise UnreadableInput(error.strerror or str(error)) from error


def is_url(source: str) -> bool:
    """Return whether that is the address of something on the web."""
    return source.startswith(("http://", "https://"))


def is_document_url(source: str) -> bool:
    """Return whether an address is that of a document, not of a portal, which has no path."""
    return is_url(source) and urlsplit(source).path.endswith(SUFFIXES)


def _named(name: str, content: bytes) -> Input:
    """The input under a name whose end says what it is; JSON begins with a brace."""
    if name.endswith(SUFFIXES):
        return Input(Path(name), content)
    is_json = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    return Input(Path(f"{name}.json" if is_json else f"{name}.yaml"), content)
