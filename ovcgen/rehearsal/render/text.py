"""Render a rehearsal as text. Lines are wrapped between words, at the width of the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ovcgen.diff.sanitize import printable
from ovcgen.rehearsal.render import report_parts
from ovcgen.rehearsal.run_comparison import Difference, Rehearsal

WIDTH = 80
NARROWEST = 40
LISTED = 10  # differences of a kind; the rest is counted


def as_text(rehearsal: Rehearsal, width: int = WIDTH) -> str:
    """Return the text of `ovcgen rehearse` for a terminal of `width` columns, but at least 40.

    Of each kind of difference, 10 are shown and the rest is counted, as are details of one difference. Long words are
    not broken, so a line can be longer than `width`.
    """
    return "".join(f"{line}\n" for line in _lines(rehearsal, max(width, NARROWEST)))


def _lines(rehearsal: Rehearsal, width: int) -> Iterator[str]:
    yield report_parts.summary(rehearsal)
    yield from _wrapped(f"$ {report_parts.command_text(rehearsal.command)}", width, "", "    ")
    yield ""
    yield from _table(rehearsal)
    for run, words in report_parts.last_error_lines(rehearsal):
        yield from ("", f"{printable(run.release)} ends with:", *_wrapped(words, width, "  "))
    for _, heading, found in report_parts.sections(rehearsal):
        yield from ("", f"{heading.upper()} ({len(found)})")
        for difference in found[:LISTED]:
            yield from _difference(difference, rehearsal, width)
        if len(found) > LISTED:
            yield f"  and {len(found) - LISTED} more, which --output json lists"
    if rehearsal.remarks:
        yield ""
        for remark in rehearsal.remarks:
            yield from _wrapped(f"note: {printable(remark)}", width, "", "  ")


def _table(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield the lines of the table about both runs, with a column for each release."""
    rows = [("", printable(rehearsal.old.release), printable(rehearsal.new.release)), *report_parts.rows(rehearsal)]
    name, old = (max(len(row[column]) for row in rows) for column in (0, 1))
    for row in rows:
        yield f"{row[0]:<{name}}  {row[1]:<{old}}  {row[2]}"


def _difference(difference: Difference, rehearsal: Rehearsal, width: int) -> Iterator[str]:
    if difference.kind == "object":
        old, new = (printable(run.release) for run in (rehearsal.old, rehearsal.new))
        subject = report_parts.subject_text(difference)
        said = f"{subject}: {difference.old} on {old}, {difference.new} on {new}"
        yield from _wrapped(said, width, "  ", "      ")
        return
    yield from _wrapped(report_parts.subject_text(difference), width, "  ", "      ")
    sides = ((rehearsal.old.release, difference.old), (rehearsal.new.release, difference.new))
    margin = max(len(release) for release, _ in sides)
    if not difference.details or difference.old != difference.new:
        for release, outcome in sides:
            start = f"    {printable(release):<{margin}}  "
            yield from _wrapped(printable(outcome), width, start, " " * len(start))
    for detail in difference.details[:LISTED]:
        yield from _wrapped(printable(detail), width, "    - ", "      ")
    if len(difference.details) > LISTED:
        yield f"    - and {len(difference.details) - LISTED} more"
    if difference.hint:
        yield from _wrapped(f"-> {printable(difference.hint)}", width, "    ", "       ")


def _wrapped(text: str, width: int, first: str, later: str | None = None) -> list[str]:
    """Wrap a text into lines, with one indentation for the first line and one for the others. No word is broken."""
    found = textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=first if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return found or [first.rstrip()]
