"""Render a report for the code quality widget of GitLab."""

from __future__ import annotations

import json

from ovcgen.diff.change import BREAKING, INFO, WARNING, Change
from ovcgen.diff.render.report_parts import place_text
from ovcgen.diff.report import Report, SourceLine
from ovcgen.diff.sanitize import printable
from ovcgen.documents.document import Json

SEVERITIES = {BREAKING: "critical", WARNING: "minor", INFO: "info"}


def as_gitlab(report: Report) -> str:
    """Return the output of `ovcgen diff --output gitlab`: a JSON list of all changes as GitLab's code quality issues.

    A change without a source line gets line 1 of a file named like the new release.
    """
    return json.dumps([_issue(change, report) for change in report.all_changes], indent=2) + "\n"


def _issue(change: Change, report: Report) -> dict[str, Json]:
    spot = report.source_lines.get(change.fingerprint) or SourceLine(printable(report.new), 1)
    return {
        "check_name": change.id,
        "description": printable(f"{place_text(change)}: {change.message}"),
        "fingerprint": change.fingerprint,
        "severity": SEVERITIES[report.decisive_level(change)],
        "location": {"path": spot.file, "lines": {"begin": spot.line}},
    }
