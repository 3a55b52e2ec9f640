"""A comparison, ready to be shown: its changes, by which verdict they are judged, and what is known besides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ovcgen.diff.change import BREAKING, INFO, Change, Level
from ovcgen.documents.document import Json

AXES = ("wire", "sdk")
PROSE = ("description", "summary", "version-changed")  # how kinds end that change no call
UNSTABLE = re.compile(r"(?:^|-)0\.\d")  # before 1.0 a minor version may break


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where in a file a change is; lines count from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Witness:
    """A tiny `request` or `answer` that only one of the two releases takes, or why there is none."""

    what: str = ""  # request or answer
    value: Json = None
    refusal: str = ""  # what the other release has against it
    missing: str = ""  # why there is none

    def as_json(self) -> dict[str, Json]:
        """As the json output shows it."""
        if self.missing:
            return {"missing": self.missing}
        return {self.what: self.value, "refusal": self.refusal}


@dataclass(frozen=True, slots=True)
class Report:
    """What changed from `old` to `new`, sorted; `spots` and `witnesses` are found by a change's fingerprint."""

    old: str
    new: str
    changes: tuple[Change, ...]
    only: str = ""  # wire or sdk: the only verdict that counts; "": changes stand under wire, and the worse decides
    ignored: int = 0
    spots: Mapping[str, SourceLine] = field(default_factory=lambda: MappingProxyType({}))
    witnesses: Mapping[str, Witness] = field(default_factory=lambda: MappingProxyType({}))

    def level(self, change: Change) -> Level:
        """The verdict that decides."""
        return change.sdk if self.only == "sdk" else change.wire

    def worst(self, change: Change) -> Level:
        """Return the verdict that decides about success: the worse of wire and SDK, or that of `only`."""
        return max(_verdicts(change, self.only))

    def counts(self) -> dict[str, dict[str, int]]:
        """Return how many changes of each level there are, for each verdict that decides about success."""
        axes = (self.only,) if self.only else AXES
        found = {axis: Counter(getattr(change, axis) for change in self.changes) for axis in axes}
        return {
            axis: {level.word: each[level] for level in sorted(Level, reverse=True)} for axis, each in found.items()
        }

    def count(self, level: Level) -> int:
        """How many changes are so bad."""
        return sum(self.level(change) is level for change in self.changes)

    def breaks_code_only(self, change: Change) -> bool:
        """Does it hurt Python code more than HTTP, and is that to be said?"""
        return not self.only and change.sdk is BREAKING and change.wire is not BREAKING

    @property
    def bump(self) -> str:
        """The part of the version that should rise: `major`, `minor`, `patch` or `none`."""
        if not self.changes:
            return "none"
        worst = max(self.worst(change) for change in self.changes)
        if worst is BREAKING:
            bump = "major"
        else:
            bump = "patch" if all(change.id.endswith(PROSE) for change in self.changes) else "minor"
        return {"major": "minor", "minor": "patch"}.get(bump, bump) if UNSTABLE.search(self.old) else bump


def reported(old: str, new: str, changes: Iterable[Change], *, only: str = "") -> Report:
    """The report on these changes, in whatever order they come; `only` leaves out what that axis does not feel."""
    felt = (
        change for change in changes if not only or max(_verdicts(change, only)) > INFO or change.wire is change.sdk
    )
    return Report(old, new, tuple(sorted(felt, key=lambda change: change.order)), only)


def _verdicts(change: Change, only: str) -> tuple[Level, ...]:
    return (getattr(change, only),) if only else (change.wire, change.sdk)
