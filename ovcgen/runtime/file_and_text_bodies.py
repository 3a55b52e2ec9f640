"""Write bodies that are files, texts or lines of JSON, and define what a caller can pass for a file."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Any, BinaryIO, TypeAlias

from .content_type_choice import BYTES
from .errors import ArgumentError
from .media_types import is_text, plain_type
from .record_parsers import RECORD_SEPARATOR
from .styled_parameters import BodySpec
from .typeguards import is_sequence
from .upload import Multipart, Upload
from .value_encoding import Unsendable, compact_json, dated, text_of

NO_HEADERS: Mapping[str, str] = {}
OURS = ("content-type", "content-disposition", "content-transfer-encoding")  # headers of a part

Written = tuple["str | Upload | Multipart", str]


class Chunks(Upload):
    """A request body whose chunks come from an iterator of bytes. It can be sent only once, and its size is unknown.

    Iterating it raises ArgumentError for a chunk that is not bytes. Empty chunks are left out.
    """

    __slots__ = ("_chunks",)

    def __init__(self, chunks: Iterator[object]) -> None:
        super().__init__(b"")
        self.size = None
        self._chunks = chunks
        self._start = None

    def __iter__(self) -> Iterator[bytes]:
        self._once()
        for chunk in self._chunks:
            if not isinstance(chunk, bytes):
                raise ArgumentError(
                    f"A body of chunks yielded a {type(chunk).__name__}.", fix="Yield bytes, such as text.encode()."
                )
            if chunk:  # an empty chunk would end a chunked body
                yield chunk


class Part:
    """The value of one part of a multipart body, with its content type, file name and headers.

    Example: `body={"photo": Part(data, content_type="image/png", filename="rex.png")}`.

    Args:
        content: The value: a text, a file (bytes, a path, an open binary file, an iterator of bytes), or what becomes
            JSON.
        content_type: The media type; "" for the declared one.
        filename: The name of the file; "" for that of `content`, or the name of the part.
        headers: Further headers of the part.

    Raises:
        ArgumentError: the content type or a header is not printable ASCII, or `headers` has Content-Type,
            Content-Disposition or Content-Transfer-Encoding.
    """

    __slots__ = ("content", "content_type", "filename", "headers")

    def __init__(
        self, content: Any, *, content_type: str = "", filename: str = "", headers: Mapping[str, str] = NO_HEADERS
    ) -> None:
        self.content = content
        self.content_type = content_type
        self.filename = filename
        self.headers = dict(headers)
        for name, value in (*self.headers.items(), ("Content-Type", content_type)):
            if not (name.isascii() and value.isascii() and f"{name}{value}".isprintable()) or ":" in name:
                raise ArgumentError(f"A part can't have the header {name!a}.", fix="Pass printable ASCII on one line.")
        if clash := [name for name in self.headers if name.lower() in OURS]:
            raise ArgumentError(f"A part can't have the header {clash[0]!a}.", fix="Pass content_type or filename.")

    def __repr__(self) -> str:
        return f"<part {self.filename or self.content_type or type(self.content).__name__!r}>"


FileLike: TypeAlias = "bytes | bytearray | PathLike[str] | BinaryIO | Iterator[bytes] | Part"


def is_file(value: object) -> bool:
    """Return whether a value is sent as a file: bytes, a path object, an object with `read`, an Upload, an iterator.

    A path object is an `os.PathLike`, such as a `pathlib.Path`. A text is no file, even if it is a path.
    """
    return isinstance(value, (*BYTES, Upload)) or callable(getattr(value, "read", None)) or hasattr(value, "__next__")


def file_of(value: Any) -> Upload:
    """Return bytes, a path, a binary file or an iterator of bytes as an Upload; an Upload is returned itself.

    Raises:
        UnreadableFile: it is none of them, or the file can't be opened.
    """
    if isinstance(value, Upload):
        return value
    return Chunks(value) if hasattr(value, "__next__") and not hasattr(value, "read") else Upload(value)


def written_lines(body: BodySpec, content_type: str, value: Any) -> Written:
    """Return a list of values as one text with a JSON text on each line, and the content type unchanged.

    Before each text stands the record separator of RFC 7464 if the type is `json-seq`. Values that are no lists are
    written by `written_plainly`.

    Raises:
        Unsendable: an item can't be written as JSON, or the value is no list and can't be written as it is.
    """
    if not is_sequence(value):
        return written_plainly(body, content_type, value)
    before = RECORD_SEPARATOR.decode() if plain_type(content_type).endswith("json-seq") else ""
    return "".join(f"{before}{compact_json(item)}\n" for item in value), content_type


def written_plainly(_body: BodySpec, content_type: str, value: Any) -> Written:
    """Return bytes, a file or a text as it is, and the content type unchanged; `_body` is not used.

    If the content type is text, numbers, booleans, dates and UUIDs become text.

    Raises:
        Unsendable: the value is none of these, or the charset of the content type can't encode the text.
    """
    if is_file(value):
        return file_of(value), content_type
    text = dated(value) if is_text(content_type) else value
    if isinstance(text, (bool, int, float)) and is_text(content_type):
        text = text_of(text)
    if not isinstance(text, str):
        raise Unsendable("a text, bytes, a path, a binary file, or an iterator of bytes")
    return encoded(text, content_type), content_type


def json_text_of(value: Any, what: str = "") -> str:
    """Return a value as JSON text. `what` names the value in the error message, such as `for 'name' `.

    Raises:
        Unsendable: the value can't be written as JSON.
    """
    try:
        return compact_json(value)
    except Unsendable:
        raise
    except (TypeError, ValueError, RecursionError):
        raise Unsendable(f"{what}what JSON can say") from None


def encoded(text: str, content_type: str) -> str | Upload:
    """Return a text to send in the charset of its content type: the text itself for UTF-8, else its encoded bytes.

    Without a charset in the content type, it is UTF-8.

    Raises:
        Unsendable: the charset is unknown, or can't encode the text.
    """
    _, _, declared = content_type.lower().partition("charset=")
    charset = declared.partition(";")[0].strip("\"' ") or "utf-8"
    try:
        content = text.encode(charset)
        return text if codecs.lookup(charset).name == "utf-8" else Upload(content)
    except (LookupError, ValueError):
        raise Unsendable(f"a text that {charset} can write") from None
