"""What is to be changed in a file, as values; each is about one node of its syntax tree."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.usage.values import SourceSpan


@dataclass(frozen=True, slots=True)
class RenameAttribute:
    """An attribute such as `cloudapi.machines.create` gets other last names: `old` and `new` are of equal length."""

    place: SourceSpan
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A keyword, or a key of a dict or an answer, gets another name."""

    place: SourceSpan
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A keyword, or a key of a dict, goes."""

    place: SourceSpan
    key: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The value of a keyword, or under a key of a dict, becomes a whole number."""

    place: SourceSpan
    key: str


@dataclass(frozen=True, slots=True)
class InsertComment:
    """A comment above the statement in which that stands."""

    place: SourceSpan
    text: str


Edit = RenameAttribute | Key | Drop | Whole | InsertComment


@dataclass(frozen=True, slots=True)
class Left:
    """A place that somebody has to look at, and why."""

    place: SourceSpan
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be done, and all that is not; `package` and `becomes` are the old and the new pinned SDK."""

    edits: tuple[Edit, ...]
    left: tuple[Left, ...]
    package: str
    becomes: str
    files: frozenset[str]  # those that import the SDK
