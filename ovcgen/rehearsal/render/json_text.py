"""Render a rehearsal as JSON, and define the JSON Schema of that output."""

from __future__ import annotations

from ovcgen.documents.document import Json, canonical
from ovcgen.rehearsal.run_comparison import KINDS, Difference, Rehearsal
from ovcgen.rehearsal.run_records import Run

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer", "minimum": 0}


def as_json(rehearsal: Rehearsal) -> str:
    """Return the text of `ovcgen rehearse --output json`. Its key `schema` is the version of the format."""
    return canonical(
        {
            "schema": 1,
            "command": list(rehearsal.command),
            "old": _run(rehearsal.old),
            "new": _run(rehearsal.new),
            "differences": [_difference(difference) for difference in rehearsal.differences],
            "remarks": list(rehearsal.remarks),
        }
    )


def schema() -> Json:
    """Return the JSON Schema of `ovcgen rehearse --output json`. Later versions may add keys; existing ones stay."""
    line = _record({"stream": {"enum": ["stdout", "stderr"]}, "text": TEXT})
    run = _record(
        {
            "release": TEXT,
            "exit_code": {"type": ["integer", "null"], "description": "null if a signal or the time limit ended it"},
            "signal": {"type": ["string", "null"]},
            "timed_out": {"type": "boolean"},
            "requests": NUMBER,
            "refused": NUMBER,
            "output": {"type": "array", "items": line, "description": "the last lines, secrets replaced by ***"},
        }
    )
    difference = _record(
        {
            "kind": {"enum": list(KINDS)},
            "subject": TEXT,
            "arguments": {"type": ["object", "null"], "description": "of the request, secrets replaced by ***"},
            "old": TEXT,
            "new": TEXT,
            "details": {"type": "array", "items": TEXT},
            "hint": {"type": ["string", "null"], "description": "what to do about it"},
        }
    )
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "ovcgen rehearse --output json",
        **_record(
            {
                "schema": {"const": 1},
                "command": {"type": "array", "items": TEXT},
                "old": run,
                "new": run,
                "differences": {"type": "array", "items": difference},
                "remarks": {"type": "array", "items": TEXT},
            }
        ),
    }


def _run(run: Run) -> dict[str, Json]:
    return {
        "release": run.release,
        "exit_code": run.exit.code,
        "signal": run.exit.signal or None,
        "timed_out": run.exit.timed_out,
        "requests": run.requests,
        "refused": run.refused,
        "output": [{"stream": line.stream, "text": line.text} for line in run.output],
    }


def _difference(difference: Difference) -> dict[str, Json]:
    return {
        "kind": difference.kind,
        "subject": difference.subject,
        "arguments": dict(difference.exchange.arguments) if difference.exchange else None,
        "old": difference.old,
        "new": difference.new,
        "details": list(difference.details),
        "hint": difference.hint or None,
    }


def _record(properties: dict[str, Json]) -> dict[str, Json]:
    return {"type": "object", "required": sorted(properties), "properties": properties}
