"""A report for programs: one canonical text, the same for the same two releases."""

from __future__ import annotations

from ovcgen.diff.change import BREAKING, INFO, WARNING, Change
from ovcgen.diff.report import Report
from ovcgen.documents.document import Json, canonical
from ovcgen.resources import resource_folder

SCHEMA = "diff.schema.json"


def as_json(report: Report) -> str:
    """As `ovcgen diff --schema` describes it."""
    return canonical(value(report))


def schema() -> str:
    """The JSON Schema of what `as_json` gives."""
    return (resource_folder("templates") / "report" / SCHEMA).read_text("utf-8")


def value(report: Report) -> dict[str, Json]:
    """The report as a JSON value; `level` is the verdict that counts."""
    return {
        "schema": 1,
        "old": report.old,
        "new": report.new,
        "summary": {level.word: report.count(level) for level in (BREAKING, WARNING, INFO)},
        "verdicts": report.counts(),
        "bump": report.bump,
        "ignored": report.ignored,
        "changes": [_change(change, report) for change in report.changes],
    }


def _change(change: Change, report: Report) -> dict[str, Json]:
    told = {**change.as_json(), "level": report.level(change).word}
    if witness := report.witnesses.get(change.fingerprint):
        told["witness"] = witness.as_json()
    return told
