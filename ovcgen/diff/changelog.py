"""What became of each operation, release by release."""

from __future__ import annotations

from collections.abc import Sequence

from ovcgen.diff.change import Change
from ovcgen.diff.report import Report

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
MARKS = {"operation.added": ADDED, "operation.removed": REMOVED}

Matrix = dict[str, list[str]]  # the operation, and a mark for each step: "" where nothing changed


def matrix(steps: Sequence[Report]) -> Matrix:
    """A row for each operation that any step changes, sorted by path; a mark for each step."""
    marks: dict[tuple[str, str], list[str]] = {}
    for number, report in enumerate(steps):
        for change in report.changes:
            if change.operation:
                row = marks.setdefault((change.location.path, change.location.method), [""] * len(steps))
                row[number] = _worse(row[number], change)
    return {f"{method} {path}": row for (path, method), row in sorted(marks.items())}


def _worse(mark: str, change: Change) -> str:
    """That an operation came or went tells more than what else is said of it."""
    told = MARKS.get(change.id, CHANGED)
    return told if mark in ("", CHANGED) else mark
