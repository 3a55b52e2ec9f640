"""Render an impact as GitHub Actions annotations."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.sanitize import printable
from ovcgen.impact.render.text import summary
from ovcgen.impact.verdicts import Impact
from ovcgen.usage.values import SourceSpan

IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_PROPERTIES = {**IN_MESSAGES, ":": "%3A", ",": "%2C"}


def as_github(impact: Impact) -> str:
    """Return one annotation per line: an error for each break, a notice if unresolved, a warning for an unread file."""
    return "".join(f"{line}\n" for line in _lines(impact))


def _lines(impact: Impact) -> Iterator[str]:
    for broken in impact.broken:
        yield _annotation("error", broken.place, broken.change.id, f"{broken.reason} {broken.fix}")
    for other in impact.unresolved:
        yield _annotation(
            "notice", other.place, ", ".join(other.kinds) or "not in the old release", f"Not resolved: {other.why}"
        )
    for unread in impact.unread:
        place = _escaped(unread.file, IN_PROPERTIES)
        yield f"::warning file={place},title=not read::{_escaped(unread.reason, IN_MESSAGES)}"
    yield f"::notice title=ovcgen impact::{_escaped(summary(impact), IN_MESSAGES)}"


def _annotation(command: str, place: SourceSpan, title: str, says: str) -> str:
    told = {
        "file": place.file,
        "line": str(place.line),
        "endLine": str(place.end_line),
        "col": str(place.column + 1),
        "title": title,
    }
    properties = ",".join(f"{name}={_escaped(text, IN_PROPERTIES)}" for name, text in told.items())
    return f"::{command} {properties}::{_escaped(says, IN_MESSAGES)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    """Return a text with the characters escaped that workflow commands reserve."""
    return "".join(escapes.get(character, character) for character in printable(text))
