"""Render an impact as JSON, and define the JSON Schema of that output."""

from __future__ import annotations

from ovcgen.documents.document import Json, canonical
from ovcgen.impact.impact_result import AffectedCalls, Impact
from ovcgen.usage.values import SourceSpan

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer", "minimum": 0}
PLACE: dict[str, Json] = {
    "file": TEXT,
    "line": {"type": "integer", "minimum": 1},
    "column": {"type": "integer", "minimum": 1},
    "end_line": {"type": "integer", "minimum": 1},
    "end_column": {"type": "integer", "minimum": 1},
}


def as_json(impact: Impact) -> str:
    """Return the output of `ovcgen impact --output json`. Its key `schema` is the version of the format.

    `schema()` describes the format. Lines and columns count from 1.
    """
    return canonical(
        {
            "schema": 1,
            "old": impact.old,
            "new": impact.new,
            "runs_on": list(impact.runs_on),
            "summary": {
                "files": impact.files,
                "calls": impact.calls,
                "breaking": impact.breaking,
                "touching": impact.breaking_here,
            },
            "breaks": [
                {
                    **_place(broken.place),
                    "kind": broken.change.id,
                    "call": broken.dotted,
                    "operation": broken.change.operation,
                    "reason": broken.reason,
                    "fix": broken.fix,
                    "change": broken.change.fingerprint,
                }
                for broken in impact.broken
            ],
            "unresolved": [
                {
                    **_place(unresolved.place),
                    "kinds": list(unresolved.kinds),
                    "call": unresolved.dotted,
                    "reason": unresolved.why,
                }
                for unresolved in impact.unresolved
            ],
            "behaviours": [_behaviour(met) for met in impact.behaviours],
            "unread": [{"file": unread.file, "reason": unread.reason} for unread in impact.unread],
        }
    )


def _behaviour(met: AffectedCalls) -> dict[str, Json]:
    change = met.behaviour.change
    return {
        "kind": change.id,
        "level": change.wire.word,
        "message": change.message,
        "inferred": met.behaviour.inferred,
        "places": [_place(place) for place in met.places],
    }


def schema() -> Json:
    """Return the JSON Schema of `ovcgen impact --output json`. Later versions may add keys; existing ones stay."""
    broken = {"kind": TEXT, "call": TEXT, "operation": TEXT, "reason": TEXT, "fix": TEXT}
    change = {"type": "string", "pattern": "^[0-9a-f]{12}$", "description": "fingerprint of ovcgen diff"}
    kinds = {"type": "array", "items": TEXT}
    behaviour = {"kind": TEXT, "level": {"enum": ["breaking", "warning", "info"]}, "message": TEXT}
    places = {"type": "array", "items": _record(PLACE), "description": "calls that can meet it"}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "ovcgen impact --output json",
        **_record(
            {
                "schema": {"const": 1},
                "old": TEXT,
                "new": TEXT,
                "runs_on": {
                    **kinds,
                    "description": "releases in a row, the old one among them, on which nothing breaks",
                },
                "summary": _record(dict.fromkeys(("files", "calls", "breaking", "touching"), NUMBER)),
                "breaks": {"type": "array", "items": _record({**PLACE, **broken, "change": change})},
                "unresolved": {
                    "type": "array",
                    "items": _record({**PLACE, "kinds": kinds, "call": TEXT, "reason": TEXT}),
                },
                "behaviours": {
                    "type": "array",
                    "items": _record({**behaviour, "inferred": {"type": "boolean"}, "places": places}),
                    "description": "how called operations behave differently, though they can be called as before",
                },
                "unread": {"type": "array", "items": _record({"file": TEXT, "reason": TEXT})},
            }
        ),
    }


def _record(properties: dict[str, Json]) -> dict[str, Json]:
    return {"type": "object", "required": sorted(properties), "properties": properties}


def _place(place: SourceSpan) -> dict[str, Json]:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column + 1,
        "end_line": place.end_line,
        "end_column": place.end_column + 1,
    }
