"""Define the result of an impact analysis."""

from __future__ import annotations

from dataclasses import dataclass

from ovcgen.diff.behaviour_changes import BehaviourChange
from ovcgen.diff.change import BREAKING, Change
from ovcgen.usage.usages import Unread
from ovcgen.usage.values import SourceSpan


@dataclass(frozen=True, slots=True)
class Broken:
    """A place in the project that breaks.

    Attributes:
        place: Position in the source.
        dotted: Name of the operation, such as `cloudapi.machines.get`.
        change: The change that breaks it.
        reason: Why this call breaks, as a sentence.
        fix: What to write instead.
    """

    place: SourceSpan
    dotted: str
    change: Change
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A place for which the analysis can't decide whether it breaks.

    Attributes:
        place: Position in the source.
        dotted: Names of the operations, separated by `, `. If the method's name is only known at run time, the names of
            the group and actor; empty if those are not known either.
        kinds: Kinds of the changes that may break it; empty if the old release does not have the operation or keyword.
        why: Why it can't be decided.
    """

    place: SourceSpan
    dotted: str
    kinds: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class AffectedCalls:
    """A difference in behaviour that can affect calls of the project.

    Attributes:
        behaviour: The difference.
        places: Positions of the calls that it can affect, sorted.
    """

    behaviour: BehaviourChange
    places: tuple[SourceSpan, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """The result of an impact analysis.

    Attributes:
        old, new: Names of the releases.
        changes: All changes from old to new.
        broken: Places that break, sorted by position.
        unresolved: Places that could not be decided, sorted by position.
        unread: Files that could not be read.
        files: Number of files read.
        calls: Number of places that certainly call an operation.
        runs_on: The releases around the old one on which nothing breaks, as far as the code was resolved.
        refused: Number of places that the old release already refuses: the code was written for another release.
        behaviours: Differences in behaviour of the called operations, the worst first; those of most operations are
            left out. Whether they affect a call depends on the objects and values at run time.
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
    behaviours: tuple[AffectedCalls, ...] = ()

    @property
    def breaking(self) -> int:
        """Return the number of breaking changes between the releases, whether they break this project or not."""
        return sum(is_breaking(change) for change in self.changes)

    @property
    def breaking_here(self) -> int:
        """Return the number of breaking changes that break at least one place of this project.

        Places that could not be decided do not count.
        """
        return len({broken.change.fingerprint for broken in self.broken if is_breaking(broken.change)})


def is_breaking(change: Change) -> bool:
    """Return whether at least one verdict of a change is `breaking`: on HTTP, or on code that uses the SDK."""
    return BREAKING in (change.wire, change.sdk)
