"""Compare two releases: what changed, what it breaks, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from ovcgen.diff.apply_rules import changes_of
from ovcgen.diff.behaviour import PREFIX, explain_behaviour
from ovcgen.diff.change import BREAKING, INFO, WARNING, Change
from ovcgen.diff.render import RENDERERS
from ovcgen.diff.report import Report, report_of
from ovcgen.diff.rules import concerns_calls, rule_of
from ovcgen.diff.rules.registry import Directed, Verdict
from ovcgen.model.api import Api

FAIL_ON = {"breaking": BREAKING, "warning": WARNING, "never": None}

__all__ = [
    "BREAKING",
    "FAIL_ON",
    "INFO",
    "RENDERERS",
    "WARNING",
    "Change",
    "Report",
    "breaks",
    "compare",
    "explain",
    "report_of",
]


def compare(old: Api, new: Api, *, types: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})) -> list[Change]:
    """Return every change from the old release to the new one, sorted by operation and kind; [] if there is none.

    `types` has the type names of the old and of the new SDK, by the place of the schema as in names.json. Without them,
    renamed types are not reported.
    """
    return sorted(set(changes_of(old, new, types)), key=lambda change: change.order)


def breaks(report: Report, fail_on: str = "breaking") -> bool:
    """Return whether at least one change is as bad as `fail_on` or worse (`breaking`, `warning`, `never`).

    Both verdicts count, on HTTP and on Python code, unless the report judges only one of them. `never` gives False.
    """
    least = FAIL_ON[fail_on]
    return least is not None and any(report.decisive_level(change) >= least for change in report.all_changes)


def explain(kind: str) -> str:
    """Return the help on a kind of change: its verdicts, what happened, who breaks and what to do.

    Raises:
        UnknownKind: there is no such kind.
    """
    if kind.startswith(PREFIX):
        return explain_behaviour(kind)
    rule = rule_of(kind)
    of_calls = concerns_calls(rule)
    wire, sdk = _verdict_line("wire", rule.wire, of_calls), _verdict_line("SDK", rule.sdk, of_calls)
    return f"{kind}\n{wire}\n{sdk}\n\n{rule.doc}\n"


def _verdict_line(axis: str, verdict: Verdict, of_calls: bool) -> str:
    if isinstance(verdict, Directed) and of_calls:
        return f"{axis}: {verdict.request.word}; {verdict.response.word} in a callback or webhook"
    if isinstance(verdict, Directed):
        return f"{axis}: {verdict.request.word} in a request, {verdict.response.word} in an answer"
    return f"{axis}: {verdict.word}"
