"""Provide the parts of a report that all formats share: headings, counts, groups of changes, and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from ovcgen.diff.behaviour_changes import PREFIX, BehaviourChange
from ovcgen.diff.change import BREAKING, INFO, WARNING, Change, Level
from ovcgen.diff.report import Report, Witness
from ovcgen.diff.sanitize import printable
from ovcgen.documents.document import canonical

HEADINGS = {BREAKING: "Breaking", WARNING: "Warnings", INFO: "Other changes"}
WHOLE_API = "the whole API"
BEHAVIOUR = "behaviour"
LONGEST = 400


def counts_text(report: Report) -> str:
    """Return the number of changes of each level, as in `1 breaking, 2 warnings, 0 other`, or `nothing changed`.

    Changes in behaviour do not count.
    """
    if not report.changes:
        return "nothing changed"
    warnings = report.count(WARNING)
    plural = "" if warnings == 1 else "s"
    return f"{report.count(BREAKING)} breaking, {warnings} warning{plural}, {report.count(INFO)} other"


def change_line(change: Change) -> str:
    """Return a change as one line: operation, message and hint. Invisible characters and line breaks are escaped."""
    hint = f" {change.hint}" if change.hint else ""
    return printable(f"{place_text(change)}: {change.message}{hint}")


def place_text(change: Change) -> str:
    """Return the operation of a change, as in `POST /pets`. For one without: `behaviour` or `the whole API`."""
    return change.operation or (BEHAVIOUR if change.id.startswith(PREFIX) else WHOLE_API)


def by_level(report: Report) -> Iterator[tuple[Level, list[Change]]]:
    """Yield (level, changes of the documents), the worst level first; levels without changes are left out."""
    for level in sorted(HEADINGS, reverse=True):
        found = [change for change in report.changes if report.level(change) is level]
        if found:
            yield level, found


def behaviours_by_level(report: Report) -> Iterator[tuple[Level, list[BehaviourChange]]]:
    """Yield (level, differences in behaviour), the worst level first; levels without any are left out."""
    for level in sorted(HEADINGS, reverse=True):
        found = [behaviour for behaviour in report.behaviours or () if report.level(behaviour.change) is level]
        if found:
            yield level, found


def behaviour_line(behaviour: BehaviourChange) -> str:
    """Return the sentence about a difference in behaviour, marked with `(inferred)` if it is only inferred."""
    return f"{behaviour.change.message}{' (inferred)' if behaviour.inferred else ''}"


def by_operation(changes: Iterable[Change]) -> Iterator[tuple[str, list[Change]]]:
    """Yield (operation, changes) of changes that are sorted by operation; `the whole API` for those without one.

    Only neighbours are put together: an operation comes twice if the changes are not sorted.
    """
    for operation, group in groupby(changes, key=lambda change: change.operation or WHOLE_API):
        yield operation, list(group)


def witness_texts(witness: Witness) -> tuple[str, str]:
    """Return (sentence, value): what a witness shows, and its example as JSON on one line, cut after 400 characters.

    The value is "" if the witness has no example; then the sentence is the reason.
    """
    if witness.missing:
        return f"no witness: {printable(witness.missing)}", ""
    value = " ".join(canonical(witness.value).split())
    text = printable(value if len(value) <= LONGEST else f"{value[:LONGEST]}...")
    return f"this {witness.what} is refused ({printable(witness.refusal)}):", text


def sentence_parts(sentence: str) -> Iterator[tuple[bool, str]]:
    """Yield (is code, text) for the parts of a sentence. Text between backticks is code; backticks are left out.

    Empty parts are left out. Invisible characters become Python escapes.
    """
    for index, part in enumerate(re.split("`", printable(sentence))):
        if part:
            yield bool(index % 2), part
