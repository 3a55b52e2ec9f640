"""Render an impact as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ovcgen.diff.change import INFO
from ovcgen.diff.render.report_parts import behaviour_line
from ovcgen.diff.sanitize import printable
from ovcgen.impact.impact_result import AffectedCalls, Broken, Impact, Unresolved
from ovcgen.usage.values import SourceSpan

LISTED = 3  # positions of a difference in behaviour


def as_text(impact: Impact) -> str:
    """Return the output of `ovcgen impact`: the impact as text for a terminal.

    It has a summary line, the places that break, and the places that could not be decided. Differences in behaviour
    that are breaking or a warning follow, and last the files that could not be read.
    """
    lines = [summary(impact)]
    if impact.broken:
        lines += ["", f"BREAKS ({len(impact.broken)})", *_broken(impact.broken)]
    if impact.unresolved:
        lines += ["", f"NOT RESOLVED ({len(impact.unresolved)})", *_unresolved(impact.unresolved)]
    serious = [met for met in impact.behaviours if met.behaviour.change.wire is not INFO]
    if serious:
        lines += ["", f"BEHAVIOUR ({len(serious)})", *_behaviours(serious, len(impact.behaviours) - len(serious))]
    if impact.unread:
        unread_files = [f"  {printable(unread.file)}: {printable(unread.reason)}" for unread in impact.unread]
        lines += ["", f"NOT READ ({len(impact.unread)})", *unread_files]
    return "\n".join(lines) + "\n"


def _behaviours(serious: Sequence[AffectedCalls], others: int) -> Iterator[str]:
    """Yield breaking differences and warnings, each with its first positions, and the number of other differences."""
    for met in serious:
        yield f"  {printable(behaviour_line(met.behaviour))}  ({met.behaviour.change.id})"
        yield f"    {places_text(met.places)}"
    if others:
        yield f"  and {_counted(others, 'lesser difference')}, which --output json lists"


def places_text(places: Sequence[SourceSpan]) -> str:
    """Return the first three positions and the number of the others, as in `a.py:1:5, ..., b.py:2:9 and 4 more`."""
    more = f" and {len(places) - LISTED} more" if len(places) > LISTED else ""
    return ", ".join(where(place) for place in places[:LISTED]) + more


def summary(impact: Impact) -> str:
    """Return the summary line of `ovcgen impact`, without a line end.

    It names both releases, the number of breaking changes that affect the code, the number of places, and the releases
    on which the code runs. If the old release already refuses places of the code, their number stands in place of the
    releases on which it runs.
    """
    releases = printable(f"{impact.old} -> {impact.new}")
    changes = f"breaking change{'' if impact.breaking == 1 else 's'}"
    verb = "touches" if impact.breaking == 1 else "touch"
    places = len({broken.place for broken in impact.broken})
    files = len({broken.place.file for broken in impact.broken})
    where = f", in {_counted(places, 'place')} of {_counted(files, 'file')}" if places else ""
    resolved = "as far as resolved, " if impact.unresolved or impact.unread else ""
    runs = f"; {resolved}it runs on {printable(_range(impact.runs_on))}" if impact.runs_on else ""
    if impact.refused:
        runs = f"; {printable(impact.old)} itself refuses {_counted(impact.refused, 'place')} of it"
    return f"{releases}: {impact.breaking_here} of {impact.breaking} {changes} {verb} this code{where}{runs}"


def where(place: SourceSpan) -> str:
    """Return a position as `file.py:12:5`. Lines and columns count from 1."""
    return f"{printable(place.file)}:{place.line}:{place.column + 1}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _range(releases: Sequence[str]) -> str:
    return releases[0] if len(releases) == 1 else f"{releases[0]} ... {releases[-1]}"


def _broken(found: Sequence[Broken]) -> Iterator[str]:
    for place, group in groupby(found, key=lambda usage: usage.place):
        yield f"  {where(place)}"
        for broken in group:
            yield f"    {printable(broken.reason)}  ({broken.change.id})"
            yield f"      -> {printable(broken.fix)}"


def _unresolved(found: Sequence[Unresolved]) -> Iterator[str]:
    for place, group in groupby(found, key=lambda usage: usage.place):
        yield f"  {where(place)}"
        for unresolved in group:
            named = f"{printable(unresolved.dotted)}: " if unresolved.dotted else ""
            kinds = f"  ({', '.join(unresolved.kinds)})" if unresolved.kinds else ""
            yield f"    {named}{printable(unresolved.why)}{kinds}"
