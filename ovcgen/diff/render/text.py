"""Render a report for a terminal: the worst changes first, grouped by operation."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import INFO, Change, Location
from ovcgen.diff.render import report_parts
from ovcgen.diff.report import Report
from ovcgen.diff.sanitize import printable

Line = tuple[tuple[str, str], ...]  # pieces of text, each with its role


def as_text(report: Report) -> str:
    """Return the output of `ovcgen diff --output text`: the report as text for a terminal, without colours."""
    return "".join("".join(text for _, text in line) + "\n" for line in lines(report))


def lines(report: Report) -> Iterator[Line]:
    """Yield the lines of a report for a terminal, without line ends.

    A line is a tuple of (role, text) pairs; () is an empty line. The role, such as `code` or `hint`, says how to colour
    the text.
    """
    summary = f"{report.old} -> {report.new}: {report_parts.counts_text(report)}"
    yield (("summary", printable(summary)),)
    if report.changes:
        yield (("bump", f"suggested version bump: {report.bump}"),)
    code_only = sum(map(report.breaks_code_only, report.changes))
    if code_only:
        sdk = printable(f"the SDK of {report.old}")
        more = f"{code_only} more break{'s' if code_only == 1 else ''}"
        yield ("marker", "[!]"), ("text", f" {more} Python code written for {sdk}, though HTTP may go on")
    for level, found in report_parts.by_level(report):
        yield ()
        yield ((level.word, f"{report_parts.HEADINGS[level].upper()} ({len(found)})"),)
        for operation, group in report_parts.by_operation(found):
            yield from _operation(printable(operation), group, report)
    for level, behaviours in report_parts.behaviours_by_level(report):
        yield ()
        yield ((level.word, f"BEHAVIOUR: {report_parts.HEADINGS[level].upper()} ({len(behaviours)})"),)
        for behaviour in behaviours:
            yield (
                ("text", f"  {printable(report_parts.behaviour_line(behaviour))}  "),
                ("kind", f"({behaviour.change.id})"),
            )
            yield ("text", "    "), ("operation", printable(behaviour.operations_text))


def _operation(operation: str, group: list[Change], report: Report) -> Iterator[Line]:
    """Yield the lines of one operation: a single line if its only change is about the operation itself."""
    whole = f"{Location(path=operation).subject} "
    if len(group) == 1 and group[0].message.startswith(whole) and not group[0].hint:
        said = printable(group[0].message).removeprefix(whole)
        yield ("text", "  "), ("operation", operation), ("text", f" {said}  "), ("kind", f"({group[0].id})")
        yield from _witness(group[0], report)
        return
    yield ("text", "  "), ("operation", operation)
    for change in group:
        yield _change(change, report)
        if change.hint and (report.level(change) is not INFO or report.breaks_code_only(change)):
            yield ("text", "      "), ("hint", f"-> {printable(change.hint)}")
        yield from _witness(change, report)


def _change(change: Change, report: Report) -> Line:
    marker = (("marker", "[!]"), ("text", " ")) if report.breaks_code_only(change) else ()
    said = tuple(
        ("code", f"`{text}`") if is_code else ("text", text)
        for is_code, text in report_parts.sentence_parts(change.message)
    )
    return ("text", "    "), *marker, *said, ("text", "  "), ("kind", f"({change.id})")


def _witness(change: Change, report: Report) -> Iterator[Line]:
    if witness := report.witnesses.get(change.fingerprint):
        said, value = report_parts.witness_texts(witness)
        yield ("text", "      "), ("hint", said), *((("code", f" {value}"),) if value else ())
