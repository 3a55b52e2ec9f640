"""Render an impact as GitHub Actions annotations."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.annotations import Place
from ovcgen.annotations.github import github_annotation
from ovcgen.diff.change import INFO
from ovcgen.diff.render.report_parts import behaviour_line
from ovcgen.diff.sanitize import printable
from ovcgen.impact.impact_result import Impact
from ovcgen.impact.render.text import places_text, summary
from ovcgen.usage.values import SourceSpan


def as_github(impact: Impact) -> str:
    """Return the output of `ovcgen impact --output github`: annotations of GitHub Actions, one per line.

    Places that break are errors, and files that were not read are warnings. Unresolved places are notices, and so are
    differences in behaviour that are breaking or a warning. The last line is the summary, a notice.
    """
    return "".join(_lines(impact))


def _lines(impact: Impact) -> Iterator[str]:
    for broken in impact.broken:
        yield _annotation("error", broken.place, broken.change.id, f"{broken.reason} {broken.fix}")
    for other in impact.unresolved:
        kinds = ", ".join(other.kinds) or "not in the old release"
        yield _annotation("notice", other.place, kinds, f"Not resolved: {other.why}")
    for met in impact.behaviours:
        if met.behaviour.change.wire is not INFO:
            more = f" Met at {places_text(met.places)}." if len(met.places) > 1 else ""
            yield _annotation(
                "notice", met.places[0], met.behaviour.change.id, f"{behaviour_line(met.behaviour)}{more}"
            )
    for unread in impact.unread:
        yield github_annotation("warning", "not read", printable(unread.reason), Place(printable(unread.file)))
    yield github_annotation("notice", "ovcgen impact", printable(summary(impact)))


def _annotation(level: str, span: SourceSpan, title: str, text: str) -> str:
    place = Place(printable(span.file), span.line, span.column + 1, span.end_line)
    return github_annotation(level, printable(title), printable(text), place)
