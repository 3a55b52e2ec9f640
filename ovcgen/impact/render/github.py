"""Render an impact as GitHub Actions annotations."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.annotations import Place
from ovcgen.annotations.github import github_annotation
from ovcgen.diff.sanitize import printable
from ovcgen.impact.render.text import summary
from ovcgen.impact.verdicts import Impact
from ovcgen.usage.values import SourceSpan


def as_github(impact: Impact) -> str:
    """Return one annotation per line: an error for each break, a notice if unresolved, a warning for an unread file."""
    return "".join(_lines(impact))


def _lines(impact: Impact) -> Iterator[str]:
    for broken in impact.broken:
        yield _annotation("error", broken.place, broken.change.id, f"{broken.reason} {broken.fix}")
    for other in impact.unresolved:
        kinds = ", ".join(other.kinds) or "not in the old release"
        yield _annotation("notice", other.place, kinds, f"Not resolved: {other.why}")
    for unread in impact.unread:
        yield github_annotation("warning", "not read", printable(unread.reason), Place(printable(unread.file)))
    yield github_annotation("notice", "ovcgen impact", printable(summary(impact)))


def _annotation(level: str, span: SourceSpan, title: str, text: str) -> str:
    place = Place(printable(span.file), span.line, span.column + 1, span.end_line)
    return github_annotation(level, printable(title), printable(text), place)
