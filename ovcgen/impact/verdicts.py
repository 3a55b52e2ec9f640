"""What a new release means for a project, as values."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.diff.change import BREAKING, Change
from ovcgen.usage.usages import Unread
from ovcgen.usage.values import SourceSpan


@dataclass(frozen=True, slots=True)
class Broken:
    """One place that breaks: by which change, why this very call, and what to write instead."""

    place: SourceSpan
    dotted: str
    change: Change
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """One place of which nobody can say whether it breaks; `kinds` are the changes that it may meet."""

    place: SourceSpan
    dotted: str  # "" where that is not known either
    kinds: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Impact:
    """All of it, sorted by place.

    `runs_on` are the releases around the old one on which nothing breaks, as far as the code was resolved; `refused`
    counts the places that the old release itself refuses, for which the code can't have been written.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    broken: tuple[Broken, ...]
    unresolved: tuple[Unresolved, ...]
    unread: tuple[Unread, ...]
    files: int
    calls: int
    runs_on: tuple[str, ...] = ()
    refused: int = 0

    @property
    def breaking(self) -> int:
        """How many changes break somebody."""
        return sum(worst(change) for change in self.changes)

    @property
    def touching(self) -> int:
        """How many of these break this project."""
        return len({broken.change.fingerprint for broken in self.broken if worst(broken.change)})


def worst(change: Change) -> bool:
    """Does it break somebody, over HTTP or in Python?"""
    return BREAKING in (change.wire, change.sdk)
