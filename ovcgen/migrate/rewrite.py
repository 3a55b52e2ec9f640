"""Apply edits to the text of a file with libcst. All other text is preserved."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ovcgen.errors import MissingExtra
from ovcgen.migrate.edits import Edit, NotRewritten

if TYPE_CHECKING:
    import libcst


class NoLibcst(MissingExtra):
    """An error: libcst is not installed, which `ovcgen migrate` needs."""

    def __init__(self) -> None:
        super().__init__("Rewriting code", "libcst", "migrate")


def rewritten(data: bytes, edits: Sequence[Edit], old_package: str, new_package: str) -> bytes:
    """Return the content of a Python file with all edits made, and with `new_package` in place of `old_package`.

    Everything else stays byte for byte, with comments and the encoding. `edits` are those of this file.

    Raises:
        NotRewritten: an edit can't be made, or the file can't be parsed or preserved.
        NoLibcst: libcst is not installed.
    """
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
        changed = transformed(module, edits, old_package, new_package)
    except RecursionError:
        raise NotRewritten("it nests too deeply") from None
    return _checked(changed, data)


def _checked(module: libcst.Module, before: bytes) -> bytes:
    """Return the bytes of the module. Raises NotRewritten if they are not valid Python in the file's encoding."""
    try:
        data = module.bytes
        ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise NotRewritten("what came out was no Python") from None
    return data if data != before else before
