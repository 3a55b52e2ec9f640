"""The sample against its table: what is found, what is not, and what is left open."""

from __future__ import annotations

from functools import cache

import ovcgen
from ovcgen.impact import call_verdicts
from ovcgen.impact.affected_usages import impact
from ovcgen.impact.impact_result import Impact
from ovcgen.impact.release_pair import ReleasePair
from ovcgen.usage.interpreter import usage
from ovcgen.usage.source_files import sources
from ovcgen.workflows.resolve import api_of
from tests.impact.stories import FLEET, table

Row = tuple[str, int, str]


@cache
def found() -> Impact:
    """What is found in the sample."""
    written = table("fleet")
    old, new = api_of(written["old"]), api_of(written["new"])
    used = usage(*sources([FLEET]), old)
    return impact(used, ReleasePair(old, new, tuple(ovcgen.compare(written["old"], written["new"]))))


def word(kind: str) -> str:
    """A kind of change in the table's words."""
    if kind in call_verdicts.GONE:
        return "call gone"
    if kind in call_verdicts.KEYWORDS_GONE:
        return "keyword gone"
    return "keyword missing" if kind in call_verdicts.KEYWORDS_MISSING else "value refused"


def reported() -> set[Row]:
    """File, line and kind of all that is said to break."""
    return {(_file(broken.place.file), broken.place.line, word(broken.change.id)) for broken in found().broken}


def written() -> set[Row]:
    """The same of all that breaks, as it was written down."""
    return {(file, row["line"], row["what"]) for file, rows in table("fleet")["breaks"].items() for row in rows}


def _file(path: str) -> str:
    return path.rpartition("samples/fleet/")[2]


def test_nothing_is_said_to_break_that_does_not() -> None:
    """A precision of 100 %."""
    assert reported() - written() == set()


def test_hardly_anything_that_breaks_is_missed() -> None:
    """A recall of at least 95 %."""
    assert len(reported() & written()) / len(written()) >= 0.95


def test_every_place_is_of_the_right_call_or_keyword() -> None:
    """The sentence names what the table names."""
    told = {(_file(broken.place.file), broken.place.line): "" for broken in found().broken}
    for broken in found().broken:
        told[_file(broken.place.file), broken.place.line] += f"{broken.reason} "
    rows = [(file, row["line"], row["of"]) for file, rows in table("fleet")["breaks"].items() for row in rows]

    assert [row for row in rows if row[2] not in told.get(row[:2], "")] == []


def test_what_nobody_can_know_is_told_apart() -> None:
    """Never dropped, never claimed."""
    open_ones = {(_file(unresolved.place.file), unresolved.place.line) for unresolved in found().unresolved}
    rows = {(file, row["line"]) for file, rows in table("fleet")["unresolved"].items() for row in rows}

    assert open_ones >= rows
    assert {file for file, _ in open_ones} == {file for file, _ in rows}


def test_what_holds_is_not_mentioned() -> None:
    """Lines that look as if they broke."""
    rows = {(file, row["line"]) for file, rows in table("fleet")["holds"].items() for row in rows}

    assert {(file, line) for file, line, _ in reported()} & rows == set()
