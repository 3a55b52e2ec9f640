"""Render an impact as SARIF 2.1.0, for GitHub code scanning and editors."""

from __future__ import annotations

import json
from hashlib import sha256
from urllib.parse import quote

from ovcgen._version import __version__
from ovcgen.diff.sanitize import printable
from ovcgen.documents.document import Json
from ovcgen.impact.render.text import summary
from ovcgen.impact.verdicts import Impact
from ovcgen.usage.values import SourceSpan

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
NOT_RESOLVED = "not-resolved"


def as_sarif(impact: Impact) -> str:
    """Return a SARIF log with one run. Its rules are the kinds of change that break something."""
    kinds = sorted({broken.change.id for broken in impact.broken} | ({NOT_RESOLVED} if impact.unresolved else set()))
    broken = [
        _result(
            broken.change.id, kinds, "error", f"{broken.reason} {broken.fix}", broken.place, broken.change.fingerprint
        )
        for broken in impact.broken
    ]
    others = [
        _result(NOT_RESOLVED, kinds, "note", unresolved.why, unresolved.place, unresolved.dotted)
        for unresolved in impact.unresolved
    ]
    run = {
        "tool": {"driver": {"name": "ovcgen", "version": __version__, "rules": [_rule(kind) for kind in kinds]}},
        "results": [*broken, *others],
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not impact.unread,
                "toolExecutionNotifications": [_notification(unread.file, unread.reason) for unread in impact.unread],
            }
        ],
        "properties": {"summary": summary(impact)},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(kind: str) -> dict[str, Json]:
    if kind == NOT_RESOLVED:
        return {"id": kind, "shortDescription": {"text": "Whether this breaks can't be told from reading the code."}}
    says = f"A change of the portal that this code meets: ovcgen diff --explain {kind}"
    return {"id": kind, "shortDescription": {"text": says}}


def _result(kind: str, kinds: list[str], level: str, says: str, place: SourceSpan, about: str) -> dict[str, Json]:
    identity = json.dumps([kind, place.file, about])
    return {
        "ruleId": kind,
        "ruleIndex": kinds.index(kind),
        "level": level,
        "message": {"text": printable(says)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(place.file)}, "region": _region(place)}}],
        "partialFingerprints": {"ovcgenImpact/v1": sha256(identity.encode("utf-8", "replace")).hexdigest()[:12]},
    }


def _region(place: SourceSpan) -> dict[str, Json]:
    return {
        "startLine": place.line,
        "startColumn": place.column + 1,
        "endLine": place.end_line,
        "endColumn": place.end_column + 1,
    }


def _notification(file: str, reason: str) -> dict[str, Json]:
    location = {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}}}
    return {"level": "warning", "message": {"text": printable(reason)}, "locations": [location]}


def _uri(file: str) -> str:
    """Return a path as a URI reference."""
    text = quote(file.encode("utf-8", "surrogateescape"))
    return f"file://{text}" if file.startswith("/") else text
