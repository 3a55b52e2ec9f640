"""Render a report as SARIF 2.1.0, for GitHub's code scanning and editors."""

from __future__ import annotations

from ovcgen.annotations import Place
from ovcgen.annotations.sarif import SarifResult, SarifRule, sarif_log
from ovcgen.diff.behaviour_changes import behaviour_title, is_behaviour
from ovcgen.diff.change import BREAKING, INFO, WARNING, Change
from ovcgen.diff.render.report_parts import change_line, place_text
from ovcgen.diff.report import Report
from ovcgen.diff.rules import rule_of
from ovcgen.diff.sanitize import printable

LEVELS = {BREAKING: "error", WARNING: "warning", INFO: "note"}


def as_sarif(report: Report) -> str:
    """Return the output of `ovcgen diff --output sarif`: a log with one run; its rules are the kinds that were found.

    Changes in behaviour are results, too.
    """
    rules = [_rule(kind) for kind in sorted({change.id for change in report.all_changes})]
    properties = {"old": printable(report.old), "new": printable(report.new), "bump": report.bump}
    return sarif_log(rules, [_result(change, report) for change in report.all_changes], properties)


def _rule(kind: str) -> SarifRule:
    said = behaviour_title(kind) if is_behaviour(kind) else rule_of(kind).doc
    return SarifRule(kind, " ".join(said.split()), f"ovcgen diff --explain {kind}")


def _result(change: Change, report: Report) -> SarifResult:
    spot = report.source_lines.get(change.fingerprint)
    return SarifResult(
        change.id,
        LEVELS[report.decisive_level(change)],
        change_line(change),
        {"ovcgenChange/v1": change.fingerprint},
        Place(spot.file, spot.line) if spot else None,
        printable(place_text(change)),
        {"wire": change.wire.word, "sdk": change.sdk.word, "pointer": printable(change.pointer)},
    )
