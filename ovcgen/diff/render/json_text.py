"""Render a report as canonical JSON: the same two releases always give the same text."""

from __future__ import annotations

from ovcgen.diff.behaviour_changes import BehaviourChange
from ovcgen.diff.change import BREAKING, INFO, WARNING, Change
from ovcgen.diff.report import Report
from ovcgen.documents.document import Json, canonical
from ovcgen.resources import resource_folder

SCHEMA = "diff.schema.json"


def as_json(report: Report) -> str:
    """Return the output of `ovcgen diff --output json`: the report as canonical JSON (sorted keys, two spaces).

    `ovcgen diff --schema` prints the JSON Schema of the output.
    """
    return canonical(report_value(report))


def schema() -> str:
    """Return the JSON Schema of the output of `ovcgen diff --output json`: the text of a file in ovcgen."""
    return (resource_folder("templates") / "report" / SCHEMA).read_text("utf-8")


def report_value(report: Report) -> dict[str, Json]:
    """Return the report as a JSON value. `level` of a change is that by which the report groups it.

    `behaviours` is there only if they were compared, and `witness` of a change only if there is one.
    """
    return {
        "schema": 1,
        "old": report.old,
        "new": report.new,
        "summary": {level.word: report.count(level) for level in (BREAKING, WARNING, INFO)},
        "verdicts": report.counts(),
        "bump": report.bump,
        "ignored": report.ignored,
        "changes": [_change(change, report) for change in report.changes],
        **(
            {}
            if report.behaviours is None
            else {"behaviours": [_behaviour(difference) for difference in report.behaviours]}
        ),
    }


def _behaviour(behaviour: BehaviourChange) -> dict[str, Json]:
    """Return a difference in behaviour as JSON, with a single verdict, and without pointer and hint."""
    fields = behaviour.change.as_json()
    kept = {name: fields[name] for name in ("id", "level", "from", "to", "message", "fingerprint")}
    return {**kept, "operations": list(behaviour.operations), "inferred": behaviour.inferred}


def _change(change: Change, report: Report) -> dict[str, Json]:
    fields = {**change.as_json(), "level": report.level(change).word}
    if witness := report.witnesses.get(change.fingerprint):
        fields["witness"] = witness.as_json()
    return fields
