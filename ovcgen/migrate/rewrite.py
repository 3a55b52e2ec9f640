"""Carries edits out on the text of a file, of which everything else stays as it is; needs libcst."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ovcgen.errors import MissingExtra
from ovcgen.migrate.edits import Drop, Edit, InsertComment, Key, RenameAttribute, Whole

if TYPE_CHECKING:
    import libcst


class NoLibcst(MissingExtra):
    """libcst is not installed."""

    def __init__(self) -> None:
        super().__init__("Rewriting code", "libcst", "migrate")


class NotRewritten(Exception):
    """Why a file stays as it is."""


def rewritten(data: bytes, edits: Sequence[Edit], package: str, becomes: str) -> bytes:
    """The file with all of the edits; `package` is imported under its new name. Raises NotRewritten or NoLibcst."""
    try:
        from ovcgen.migrate.transformer import transformed
    except ImportError as error:
        if error.name and error.name.partition(".")[0] != "libcst":
            raise
        raise NoLibcst from error
    import libcst

    try:
        module = libcst.parse_module(data)
    except (libcst.ParserSyntaxError, ValueError, RecursionError, LookupError):
        raise NotRewritten("libcst can't parse it") from None
    if module.bytes != data:
        raise NotRewritten("it has line ends or characters that would not stay as they are")
    try:
        changed = transformed(module, edits, package, becomes)
    except RecursionError:
        raise NotRewritten("it nests too deeply") from None
    return _checked(changed, data)


def _checked(module: libcst.Module, before: bytes) -> bytes:
    """What comes out has to be Python that can be written in the encoding of the file."""
    try:
        data = module.bytes
        ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotRewritten("what came out was no Python") from None
    return data if data != before else before


def by_node(edits: Iterable[Edit]) -> dict[tuple[str, tuple[int, int, int, int]], list[Any]]:
    """The edits by what they are about and where that is."""
    kinds = {RenameAttribute: "attribute", Key: "key", Drop: "key", Whole: "key", InsertComment: "statement"}
    found: dict[tuple[str, tuple[int, int, int, int]], list[Any]] = {}
    for edit in edits:
        at = (edit.place.line, edit.place.column, edit.place.end_line, edit.place.end_column)
        found.setdefault((kinds[type(edit)], at), []).append(edit)
    return found
