"""Summarise what happened to each operation over a series of releases."""

from __future__ import annotations

from collections.abc import Sequence

from ovcgen.diff.change import Change
from ovcgen.diff.report import Report

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
MARKS = {"operation.added": ADDED, "operation.removed": REMOVED}

Matrix = dict[str, list[str]]  # for each operation, the marks of all steps; "" if nothing changed


def operation_marks(steps: Sequence[Report]) -> Matrix:
    """Return a row of marks (`added`, `changed`, `removed`; "" for no change) for each operation that changed.

    `steps` are the reports from each release to the next; a row has one mark for each of them. `added` and `removed`
    take precedence over `changed`. The keys of the result, such as `POST /pets`, are sorted by path. Changes in
    behaviour do not count.
    """
    marks: dict[tuple[str, str], list[str]] = {}
    for number, report in enumerate(steps):
        for change in report.changes:
            if change.operation:
                row = marks.setdefault((change.location.path, change.location.method), [""] * len(steps))
                row[number] = _worse(row[number], change)
    return {f"{method} {path}": row for (path, method), row in sorted(marks.items())}


def _worse(mark: str, change: Change) -> str:
    """Return the mark that counts: "added" and "removed" take precedence over "changed"."""
    following = MARKS.get(change.id, CHANGED)
    return following if mark in ("", CHANGED) else mark
