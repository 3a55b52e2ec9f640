"""In which line of which file each change is."""

from __future__ import annotations

from collections.abc import Iterable

from ovcgen.diff.change import Change
from ovcgen.diff.report import SourceLine
from ovcgen.diff.sanitize import printable
from ovcgen.documents.source_map import Mark, found, marks
from ovcgen.workflows.diff_inputs import DiffInput


def spots(changes: Iterable[Change], old: DiffInput, new: DiffInput) -> dict[str, SourceLine]:
    """Spots by fingerprint: in the new file, or in the old one for what only it has.

    What is only in a past file, or only in our corrections, gets the line of what is around it today.
    """
    before = None if old.past else _marks(old)
    after = _marks(new)
    placed = ((change.fingerprint, _spot(change.pointer, (before, old.file), (after, new.file))) for change in changes)
    return {fingerprint: spot for fingerprint, spot in placed if spot}


def _marks(side: DiffInput) -> Mark | None:
    """The positions in a side's file; None where there is none, or not any more."""
    try:
        return marks(side.content(), yaml=side.yaml) if side.file else None
    except (OSError, ValueError):
        return None


def _spot(pointer: str, old: tuple[Mark | None, str], new: tuple[Mark | None, str]) -> SourceLine | None:
    nearest: SourceLine | None = None
    for root, file in (new, old):
        if root is not None:
            place = found(root, pointer)
            spot = SourceLine(printable(file), place.line)
            if place.exact:
                return spot
            nearest = nearest or spot
    return nearest
