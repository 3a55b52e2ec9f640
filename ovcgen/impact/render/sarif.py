"""Render an impact as SARIF 2.1.0, for GitHub code scanning and editors."""

from __future__ import annotations

import json
from hashlib import sha256

from ovcgen.annotations import Place
from ovcgen.annotations.sarif import SarifResult, SarifRule, sarif_log
from ovcgen.diff.change import INFO
from ovcgen.diff.render.report_parts import behaviour_line
from ovcgen.diff.sanitize import printable
from ovcgen.impact.impact_result import Impact
from ovcgen.impact.render.text import summary
from ovcgen.usage.values import SourceSpan

NOT_RESOLVED = "not-resolved"


def as_sarif(impact: Impact) -> str:
    """Return the output of `ovcgen impact --output sarif`: a SARIF log with one run.

    Its rules are the kinds of the changes in its results, and `not-resolved` if a place could not be decided. Places
    that break are errors; places that could not be decided are notes, and so are differences in behaviour that are
    breaking or a warning. Files that could not be read are notifications of the run.
    """
    kinds = {broken.change.id for broken in impact.broken} | ({NOT_RESOLVED} if impact.unresolved else set())
    broken = [
        _result(broken.change.id, "error", f"{broken.reason} {broken.fix}", broken.place, broken.change.fingerprint)
        for broken in impact.broken
    ]
    others = [
        _result(NOT_RESOLVED, "note", unresolved.why, unresolved.place, unresolved.dotted)
        for unresolved in impact.unresolved
    ]
    behaviours = [
        _result(change.id, "note", behaviour_line(met.behaviour), place, change.fingerprint)
        for met in impact.behaviours
        if (change := met.behaviour.change).wire is not INFO
        for place in met.places
    ]
    kinds |= {result.rule for result in behaviours}
    return sarif_log(
        [_rule(kind) for kind in sorted(kinds)],
        [*broken, *others, *behaviours],
        {"summary": summary(impact)},
        unread=[(unread.file, printable(unread.reason)) for unread in impact.unread],
    )


def _rule(kind: str) -> SarifRule:
    if kind == NOT_RESOLVED:
        return SarifRule(kind, "Whether this breaks can't be told from reading the code.")
    return SarifRule(kind, f"A change of the portal that this code meets: ovcgen diff --explain {kind}")


def _result(kind: str, level: str, text: str, span: SourceSpan, about: str) -> SarifResult:
    identity = json.dumps([kind, span.file, about])
    fingerprint = sha256(identity.encode("utf-8", "replace")).hexdigest()[:12]
    place = Place(span.file, span.line, span.column + 1, span.end_line, span.end_column + 1)
    return SarifResult(kind, level, printable(text), {"ovcgenImpact/v1": fingerprint}, place)
