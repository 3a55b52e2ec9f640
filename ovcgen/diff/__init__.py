"""Compare two releases: what changed, what it breaks, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from ovcgen.diff.apply_rules import changes_of
from ovcgen.diff.behaviour_changes import PREFIX, explain_behaviour
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
    """Return every change from the old release to the new one, sorted by path, verb and kind; [] if there is none.

    Equal changes are returned once. Changes in behaviour are not among them. `types` has the type names of the old and
    of the new SDK: two dicts, each from the place of a schema, as in names.json, to the name. Without them, renamed
    types are not reported. One document may be Swagger 2.0 and the other OpenAPI 3.

    Raises:
        BrokenPlugin: a plugin with rules can't be used.
    """
    return sorted(set(changes_of(old, new, types)), key=lambda change: change.order)


def breaks(report: Report, fail_on: str = "breaking") -> bool:
    """Return whether at least one change is as bad as `fail_on` or worse (`breaking`, `warning`, `never`).

    Both verdicts count, on HTTP and on Python code, unless the report judges only one of them. Changes in behaviour
    count, too. `never` gives False.

    Raises:
        KeyError: `fail_on` is none of the three words.
    """
    least = FAIL_ON[fail_on]
    return least is not None and any(report.decisive_level(change) >= least for change in report.all_changes)


def explain(kind: str) -> str:
    """Return the help on a kind of change: its verdicts, what happened, who breaks and what to do.

    This is the text that `ovcgen diff --explain KIND` prints. Kinds that begin with `behaviour.` are changes in
    behaviour.

    Raises:
        UnknownKind: there is no such kind.
        BrokenPlugin: a plugin with rules can't be used.
    """
    if kind.startswith(PREFIX):
        return explain_behaviour(kind)
    rule = rule_of(kind)
    of_calls = concerns_calls(rule)
    wire, sdk = _verdict_line("wire", rule.wire, of_calls), _verdict_line("SDK", rule.sdk, of_calls)
    paragraphs = "\n\n".join(" ".join(paragraph.split()) for paragraph in rule.doc.split("\n\n"))
    return f"{kind}\n{wire}\n{sdk}\n\n{paragraphs}\n"


def _verdict_line(axis: str, verdict: Verdict, of_calls: bool) -> str:
    if isinstance(verdict, Directed) and of_calls:
        return f"{axis}: {verdict.request.word}; {verdict.response.word} in a callback or webhook"
    if isinstance(verdict, Directed):
        return f"{axis}: {verdict.request.word} in a request, {verdict.response.word} in an answer"
    return f"{axis}: {verdict.word}"
