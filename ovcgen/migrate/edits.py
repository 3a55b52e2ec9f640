"""Define the edits of a source file as values. Each one concerns one node of the syntax tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ovcgen.usage.values import SourceSpan


@dataclass(frozen=True, slots=True)
class RenameAttribute:
    """An edit: rename an attribute chain such as `cloudapi.machines.create`.

    Attributes:
        place: Position of the chain.
        old, new: Its names before and after, such as `("cloudapi", "machines", "create")`.
    """

    place: SourceSpan
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenameKey:
    """An edit: rename a keyword argument, or the key of a dict or of a response that is read.

    Attributes:
        place: Position of the keyword or key.
        old, new: Its name before and after.
    """

    place: SourceSpan
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RemoveKey:
    """An edit: remove a keyword argument or a dict entry, with its value. `place` is the position of `key`."""

    place: SourceSpan
    key: str


@dataclass(frozen=True, slots=True)
class ConvertToInteger:
    """An edit: convert the value of a keyword argument or dict entry to `int`. `place` is the position of `key`."""

    place: SourceSpan
    key: str


@dataclass(frozen=True, slots=True)
class InsertComment:
    """An edit: insert a comment above the statement that contains `place`.

    `text` is the comment without `# `. `{}` in it becomes the source of the keyword or dict entry at `place`.
    """

    place: SourceSpan
    text: str


Edit = RenameAttribute | RenameKey | RemoveKey | ConvertToInteger | InsertComment


class NotRewritten(Exception):
    """An exception: a file can't be rewritten safely. The message is the reason, as a phrase without a period."""


@dataclass(frozen=True, slots=True)
class LeftToDo:
    """A position that was not rewritten, so that a developer has to check it.

    Attributes:
        place: Position in the source.
        why: Why it was not rewritten.
    """

    place: SourceSpan
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned edits of a project.

    Attributes:
        edits: The edits to make.
        left: Positions that a developer has to check.
        old_package: Import name of the old SDK.
        new_package: Import name of the new SDK.
        files: Files that import the SDK.
    """

    edits: tuple[Edit, ...]
    left: tuple[LeftToDo, ...]
    old_package: str
    new_package: str
    files: frozenset[str]


def by_node(edits: Iterable[Edit]) -> dict[tuple[str, tuple[int, int, int, int]], list[Any]]:
    """Return the edits by (kind of node, position of the node).

    The kind is "attribute", "key" or "statement". A position is (first line, first column, last line, last column),
    without the file: the edits have to be those of one file. Edits of one node keep their order.
    """
    kinds = {
        RenameAttribute: "attribute",
        RenameKey: "key",
        RemoveKey: "key",
        ConvertToInteger: "key",
        InsertComment: "statement",
    }
    found: dict[tuple[str, tuple[int, int, int, int]], list[Any]] = {}
    for edit in edits:
        at = (edit.place.line, edit.place.column, edit.place.end_line, edit.place.end_column)
        found.setdefault((kinds[type(edit)], at), []).append(edit)
    return found
