"""Read files in chunks while they are sent, without loading them into memory."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

from .errors import ArgumentError

MULTIPART = "multipart/form-data"
PIECE = 64 * 1024  # bytes
ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})  # as browsers escape names


class UnreadableFile(ArgumentError):
    """A file to send can't be read, or can't be read a second time for a repetition of the call.

    Args:
        name: The file's name, or words for it, such as `the file`.
        reason: Why, as the end of a sentence, such as `it is no binary file`.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"Can't read {name}: {reason}.", fix="Pass bytes, a path, or a file opened in binary mode.")


class Upload:
    """A file to send: bytes, a path, or an open binary file, which is read from its current position.

    Iterating yields the content in chunks, and raises UnreadableFile if the file can't be read. It can be repeated
    unless the file is not seekable.

    Args:
        content: The bytes, the path (a text or a path object), or the file.

    Attributes:
        name: The file's name without its folder; "" if there is none.
        size: The number of bytes; None if unknown.

    Raises:
        UnreadableFile: there is no such file, or the object is not a binary file.
    """

    __slots__ = ("_content", "_start", "_used", "name", "size")

    def __init__(self, content: Any) -> None:
        self._content: Any = content
        self._start: int | None = 0
        self._used = False
        self.name = ""
        self.size: int | None = None
        if isinstance(content, (bytes, bytearray, memoryview)):
            self._content = bytes(cast("Any", content))
            self.size = len(self._content)
        elif isinstance(content, (str, os.PathLike)):
            self._content = Path(os.fsdecode(cast("Any", content)))
            self.name = self._content.name
            self.size = _size(self._content)
        else:
            self._open(content)

    def __repr__(self) -> str:
        return f"<file {self.name or 'of bytes'!r}>"

    def _open(self, file: Any) -> None:
        name = getattr(file, "name", "")
        self.name = Path(name).name if isinstance(name, str) else ""
        if isinstance(file, io.TextIOBase) or not callable(getattr(file, "read", None)):
            raise UnreadableFile(self.name or f"a {type(file).__name__}", "it is no binary file")
        try:
            self._start = file.tell()
            self.size = file.seek(0, os.SEEK_END) - self._start
            file.seek(self._start)
        except (OSError, AttributeError):
            self._start = self.size = None

    def __iter__(self) -> Iterator[bytes]:
        if isinstance(self._content, bytes):
            yield self._content
            return
        try:
            if isinstance(self._content, Path):
                with self._content.open("rb") as file:
                    yield from _pieces(file)
            else:
                self._rewind()
                yield from _pieces(self._content)
        except OSError as error:
            raise UnreadableFile(self.name or "the file", error.strerror or str(error)) from None

    def _rewind(self) -> None:
        if self._start is not None:
            self._content.seek(self._start)
        else:
            self._once()

    def _once(self) -> None:
        """Raise UnreadableFile at the second call: what can't be repeated has been read."""
        if self._used:
            raise UnreadableFile(self.name or "the file", "it can be read once only")
        self._used = True


def _size(path: Path) -> int:
    try:
        if path.is_file():
            return path.stat().st_size
    except (OSError, ValueError):
        pass
    raise UnreadableFile(ascii(str(path)), "there is no such file")


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


class Multipart:
    """A `multipart/form-data` body (RFC 7578) of form fields and files, in the given order.

    Each iteration yields the chunks of the body from its beginning. The boundary is random.

    Args:
        fields: (name, value) of each part: a text or a file.
        headings: The headers of each part; by default those of `heading_of`.

    Attributes:
        content_type: The Content-Type header, with the boundary.
        fields: The fields without the files.
        parts: The body in order: for each field its boundary and headers, its content, and a line break.
        size: The number of bytes; None if unknown.
    """

    __slots__ = ("content_type", "fields", "parts", "size")

    def __init__(self, fields: Sequence[tuple[str, str | Upload]], headings: Sequence[str] = ()) -> None:
        boundary = os.urandom(16).hex()
        self.content_type = f"{MULTIPART}; boundary={boundary}"
        self.fields = [(name, value) for name, value in fields if isinstance(value, str)]  # read by redaction.py
        self.parts: list[bytes | Upload] = []
        for number, (name, value) in enumerate(fields):
            heading = headings[number] if headings else heading_of(name, value)
            self.parts.append(f"--{boundary}\r\n{heading}\r\n\r\n".encode())
            self.parts.append(value.encode() if isinstance(value, str) else value)
            self.parts.append(b"\r\n")
        self.parts.append(f"--{boundary}--\r\n".encode())
        sizes = [len(part) if isinstance(part, bytes) else part.size for part in self.parts]
        self.size = None if None in sizes else sum(size or 0 for size in sizes)

    def __repr__(self) -> str:
        return f"<{MULTIPART}>"

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
            else:
                yield from part


def heading_of(name: str, value: str | Upload, content_type: str = "") -> str:
    """Return the headers of one part of a multipart body as text, with CRLF between them and none at the end.

    A file has a `filename` in Content-Disposition: its name, else `name`.

    Args:
        name: The name of the part.
        value: Its content.
        content_type: The content type; "" means none for a text, and `application/octet-stream` for a file.
    """
    heading = f'Content-Disposition: form-data; name="{name.translate(ESCAPES)}"'
    if isinstance(value, Upload):
        heading += f'; filename="{(value.name or name).translate(ESCAPES)}"'
        content_type = content_type or "application/octet-stream"
    return f"{heading}\r\nContent-Type: {content_type}" if content_type else heading
