"""Render a report as Markdown. Texts of a document can't become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovcgen.diff.change import Change
from ovcgen.diff.render import report_parts
from ovcgen.diff.report import Report
from ovcgen.diff.sanitize import printable

MARKUP = re.compile(r"([\\`*_\[\]<>#!|~&])")


def as_markdown(report: Report) -> str:
    """Return the output of `ovcgen diff --output markdown`: the report as a page, with the suggested version bump."""
    title, blank, counts, *rest = report_lines(report)
    bump = [blank, f"Suggested version bump: **{report.bump}**."] if report.changes else []
    return "\n".join([title, blank, counts, *bump, *rest]) + "\n"


def report_lines(report: Report, depth: int = 1) -> Iterator[str]:
    """Yield the lines of one report as Markdown, without line ends; `depth` is the level of its heading (1 is `#`).

    The first three are the heading, an empty line and the counts. The suggested version bump is not among the lines.
    """
    mark = "#" * depth
    yield from (
        f"{mark} Changes from {escaped(report.old)} to {escaped(report.new)}",
        "",
        f"{report_parts.counts_text(report)}.",
    )
    for level, found in report_parts.by_level(report):
        yield from ("", f"{mark}# {report_parts.HEADINGS[level]} ({len(found)})")
        for operation, group in report_parts.by_operation(found):
            whole = operation == report_parts.WHOLE_API
            yield from ("", f"{mark}## {operation.capitalize() if whole else code(operation)}", "")
            yield from (line for change in group for line in _change(change, report))
    for level, behaviours in report_parts.behaviours_by_level(report):
        yield from ("", f"{mark}# Behaviour: {report_parts.HEADINGS[level].lower()} ({len(behaviours)})", "")
        for behaviour in behaviours:
            said = escaped(report_parts.behaviour_line(behaviour))
            yield f"- {said} {escaped(behaviour.operations_text)} ({code(behaviour.change.id)})"


def _change(change: Change, report: Report) -> Iterator[str]:
    breaks = " **Breaks Python code.**" if report.breaks_code_only(change) else ""
    hint = f" *{sentence_markdown(change.hint)}*" if change.hint else ""
    yield f"- {sentence_markdown(change.message)}{breaks}{hint} ({code(change.id)})"
    if witness := report.witnesses.get(change.fingerprint):
        said, value = report_parts.witness_texts(witness)
        yield f"  - {escaped(said)}{f' {code(value)}' if value else ''}"


def sentence_markdown(sentence: str) -> str:
    """Return a sentence as Markdown: text between backticks as code, the rest as plain text."""
    return "".join(code(text) if is_code else escaped(text) for is_code, text in report_parts.sentence_parts(sentence))


def escaped(text: str) -> str:
    """Return a text with Markdown's special characters escaped, and invisible characters as Python escapes."""
    return MARKUP.sub(r"\\\1", printable(text))


def code(text: str) -> str:
    """Return a text in Markdown's code style; backticks become apostrophes, and invisible characters Python escapes."""
    return "`" + printable(text).replace("`", "'") + "`"
