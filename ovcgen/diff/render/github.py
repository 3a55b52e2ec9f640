"""Render a report as annotations of GitHub Actions, each at its line of the document if that is a file."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Change
from ovcgen.diff.render.sentences import WHOLE_API, counted
from ovcgen.diff.report import Report
from ovcgen.diff.sanitize import printable

# GitHub shows only ten annotations of a kind, so `info` changes are only counted.
COMMANDS = {BREAKING: "error", WARNING: "warning"}
IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_PROPERTIES = {**IN_MESSAGES, ":": "%3A", ",": "%2C"}


def as_github(report: Report) -> str:
    """Return one line for each breaking change and each warning, and one line for the totals."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for change in report.changes:
        if report.worst(change) is not INFO:
            yield _annotation(change, report)
    total = f"{report.old} -> {report.new}: {counted(report)}; suggested version bump: {report.bump}"
    yield f"::notice title=ovcgen diff::{_escaped(total, IN_MESSAGES)}"


def _annotation(change: Change, report: Report) -> str:
    spot = report.spots.get(change.fingerprint)
    place = {"file": spot.file, "line": str(spot.line)} if spot else {}
    properties = ",".join(
        f"{name}={_escaped(text, IN_PROPERTIES)}" for name, text in {**place, "title": change.id}.items()
    )
    says = f"{change.operation or WHOLE_API}: {change.message}{f' {change.hint}' if change.hint else ''}"
    return f"::{COMMANDS[report.worst(change)]} {properties}::{_escaped(says, IN_MESSAGES)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in printable(text))
