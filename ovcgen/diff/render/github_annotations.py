"""Render a report as annotations of GitHub Actions, each at its line of the document if that is a file."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.annotations import Place
from ovcgen.annotations.github import github_annotation
from ovcgen.diff.change import BREAKING, INFO, WARNING, Change
from ovcgen.diff.render.report_parts import change_line, counts_text
from ovcgen.diff.report import Report
from ovcgen.diff.sanitize import printable

# GitHub shows only ten annotations of a kind, so `info` changes are only counted.
LEVELS = {BREAKING: "error", WARNING: "warning"}


def as_github(report: Report) -> str:
    """Return the output of `ovcgen diff --output github`: annotations of GitHub Actions, one in each line.

    There is one for each breaking change (an error) and each warning, by the decisive verdict, also of changes in
    behaviour. The last one, a notice, has the totals.
    """
    return "".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for change in report.all_changes:
        if report.decisive_level(change) is not INFO:
            yield _annotation(change, report)
    total = f"{report.old} -> {report.new}: {counts_text(report)}; suggested version bump: {report.bump}"
    yield github_annotation("notice", "ovcgen diff", printable(total))


def _annotation(change: Change, report: Report) -> str:
    spot = report.source_lines.get(change.fingerprint)
    place = Place(printable(spot.file), spot.line) if spot else None
    return github_annotation(LEVELS[report.decisive_level(change)], printable(change.id), change_line(change), place)
