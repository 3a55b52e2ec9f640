"""Render a report as SARIF 2.1.0, for GitHub's code scanning and editors."""

from __future__ import annotations

import json

from ovcgen._version import __version__
from ovcgen.diff.change import BREAKING, INFO, WARNING, Change
from ovcgen.diff.render.sentences import WHOLE_API
from ovcgen.diff.report import Report
from ovcgen.diff.rules import rule_of
from ovcgen.diff.sanitize import printable
from ovcgen.documents.document import Json

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {BREAKING: "error", WARNING: "warning", INFO: "note"}


def as_sarif(report: Report) -> str:
    """Return a log with one run; its rules are the kinds of change that were found."""
    kinds = sorted({change.id for change in report.changes})
    driver = {"name": "ovcgen", "version": __version__, "rules": [_rule(kind) for kind in kinds]}
    results = [_result(change, kinds.index(change.id), report) for change in report.changes]
    properties = {"old": printable(report.old), "new": printable(report.new), "bump": report.bump}
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints", "properties": properties}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(kind: str) -> dict[str, Json]:
    sentence = " ".join(rule_of(kind).doc.split())
    return {"id": kind, "shortDescription": {"text": sentence}, "help": {"text": f"ovcgen diff --explain {kind}"}}


def _result(change: Change, rule: int, report: Report) -> dict[str, Json]:
    says = f"{change.operation or WHOLE_API}: {change.message}{f' {change.hint}' if change.hint else ''}"
    return {
        "ruleId": change.id,
        "ruleIndex": rule,
        "level": LEVELS[report.worst(change)],
        "message": {"text": printable(says)},
        "locations": [_location(change, report)],
        "partialFingerprints": {"ovcgenChange/v1": change.fingerprint},
        "properties": {"wire": change.wire.word, "sdk": change.sdk.word, "pointer": printable(change.pointer)},
    }


def _location(change: Change, report: Report) -> dict[str, Json]:
    logical = {"fullyQualifiedName": printable(change.operation or WHOLE_API), "kind": "function"}
    spot = report.spots.get(change.fingerprint)
    if spot is None:
        return {"logicalLocations": [logical]}
    artifact = {"uri": _uri(spot.file)}
    physical = {"artifactLocation": artifact, "region": {"startLine": spot.line}}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _uri(file: str) -> str:
    """Return a path as a URI reference."""
    from urllib.parse import quote

    return f"file://{quote(file)}" if file.startswith("/") else quote(file)
