"""Define a report: the changes of a comparison and what is known about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ovcgen.diff.behaviour_changes import BehaviourChange
from ovcgen.diff.change import BREAKING, INFO, Change, Level
from ovcgen.documents.document import Json

AXES = ("wire", "sdk")
PROSE = ("description", "summary", "version-changed")  # endings of kinds that change no operation
UNSTABLE = re.compile(r"(?:^|-)0\.\d")  # before 1.0 a minor version may break


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A record of the line of a file where a change is.

    Attributes:
        file: The path of the file.
        line: The number of the line, counted from 1.
    """

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Witness:
    """A record of a small example `value` that only one of the two releases accepts, or the reason why there is none.

    Attributes:
        what: What the value is: `request` or `answer` (a response); "" if there is no example.
        value: The example as a JSON value.
        refusal: Why the other release refuses the value.
        missing: Why there is no example; "" if there is one.
    """

    what: str = ""
    value: Json = None
    refusal: str = ""
    missing: str = ""

    def as_json(self) -> dict[str, Json]:
        """Return the witness as an object of the JSON output.

        Its keys are `request` or `answer` with the value, and `refusal`; or `missing` alone if there is no example.
        """
        if self.missing:
            return {"missing": self.missing}
        return {self.what: self.value, "refusal": self.refusal}


@dataclass(frozen=True, slots=True)
class Report:
    """A record of the sorted changes from release `old` to release `new`, for all output formats.

    Attributes:
        old, new: The names of the two releases.
        changes: The changes of the documents, sorted.
        only: `wire` or `sdk` if only that verdict counts. If "", changes are grouped by the verdict on the wire, and
            the worse of the two verdicts decides about success.
        ignored: The number of changes that the policy ignores.
        source_lines: The source line of changes, by the change's fingerprint. A change without a known line is missing.
        witnesses: The examples that prove changes, by the change's fingerprint.
        behaviours: The differences in behaviour; None if they were not compared.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    only: str = ""
    ignored: int = 0
    source_lines: Mapping[str, SourceLine] = field(default_factory=lambda: MappingProxyType({}))
    witnesses: Mapping[str, Witness] = field(default_factory=lambda: MappingProxyType({}))
    behaviours: tuple[BehaviourChange, ...] | None = None

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """Return the changes of the documents, followed by the changes in behaviour."""
        return (*self.changes, *(behaviour.change for behaviour in self.behaviours or ()))

    def level(self, change: Change) -> Level:
        """Return the verdict by which the report groups the change: on Python code with `only="sdk"`, else on HTTP."""
        return change.sdk if self.only == "sdk" else change.wire

    def decisive_level(self, change: Change) -> Level:
        """Return the verdict that decides about success or failure: the worse of wire and SDK, or that of `only`."""
        return max(_verdicts(change, self.only))

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of changes of the documents by verdict (`wire`, `sdk`) and level (`breaking`, ...).

        With `only`, the result has that verdict alone. Levels without changes are there with 0. Changes in behaviour do
        not count.
        """
        axes = (self.only,) if self.only else AXES
        found = {axis: Counter(getattr(change, axis) for change in self.changes) for axis in axes}
        return {
            axis: {level.word: counts[level] for level in sorted(Level, reverse=True)} for axis, counts in found.items()
        }

    def count(self, level: Level) -> int:
        """Return the number of changes of the documents that the report groups under that level (see `level`).

        Changes in behaviour do not count.
        """
        return sum(self.level(change) is level for change in self.changes)

    def breaks_code_only(self, change: Change) -> bool:
        """Return whether to mark the change: it breaks Python code but not HTTP, and the report judges both."""
        return not self.only and change.sdk is BREAKING and change.wire is not BREAKING

    @property
    def bump(self) -> str:
        """Return the suggested version bump: `major`, `minor`, `patch`, or `none` if no document changed.

        A breaking change, by the decisive verdict, needs `major`; `patch` is enough if only descriptions or the
        declared version changed. If the old release has a version below 1.0, `major` becomes `minor`, and `minor`
        becomes `patch`. Changes in behaviour do not count.
        """
        if not self.changes:
            return "none"
        worst = max(self.decisive_level(change) for change in self.changes)
        if worst is BREAKING:
            bump = "major"
        else:
            bump = "patch" if all(change.id.endswith(PROSE) for change in self.changes) else "minor"
        return {"major": "minor", "minor": "patch"}.get(bump, bump) if UNSTABLE.search(self.old) else bump


def report_of(old: str, new: str, changes: Iterable[Change], *, only: str = "") -> Report:
    """Return the report on these changes, which may be in any order; the report sorts them.

    With `only` (`wire` or `sdk`), a change is left out if that verdict is `info` and the other verdict has another
    level.
    """
    felt = (
        change for change in changes if not only or max(_verdicts(change, only)) > INFO or change.wire is change.sdk
    )
    return Report(old, new, tuple(sorted(felt, key=lambda change: change.order)), only)


def _verdicts(change: Change, only: str) -> tuple[Level, ...]:
    return (getattr(change, only),) if only else (change.wire, change.sdk)
