"""Find the file and line of each change."""

from __future__ import annotations

from collections.abc import Iterable

from ovcgen.diff.change import Change
from ovcgen.diff.report import SourceLine
from ovcgen.diff.sanitize import printable
from ovcgen.documents.source_map import ValuePosition, line_of, value_positions
from ovcgen.workflows.diff_inputs import DiffInput


def source_lines(changes: Iterable[Change], old: DiffInput, new: DiffInput) -> dict[str, SourceLine]:
    """Return the file and line of each change, by the change's fingerprint: in the new file, else in the old one.

    If the pointer itself is in no file (only in a past file, or only in a correction), the line of the nearest part
    around it is used. A change without any line is left out, as all are if no file can be read.
    """
    before = None if old.past else _marks(old)
    after = _marks(new)
    placed = ((change.fingerprint, _spot(change.pointer, (before, old.file), (after, new.file))) for change in changes)
    return {fingerprint: spot for fingerprint, spot in placed if spot}


def _marks(side: DiffInput) -> ValuePosition | None:
    """Return the positions in a side's file; None if there is no file or it can't be parsed."""
    try:
        return value_positions(side.content(), yaml=side.yaml) if side.file else None
    except (OSError, ValueError):
        return None


def _spot(
    pointer: str, old: tuple[ValuePosition | None, str], new: tuple[ValuePosition | None, str]
) -> SourceLine | None:
    """Return the exact line in the new or the old file, else the nearest one, else None."""
    nearest: SourceLine | None = None
    for root, file in (new, old):
        if root is not None:
            place = line_of(root, pointer)
            spot = SourceLine(printable(file), place.line)
            if place.exact:
                return spot
            nearest = nearest or spot
    return nearest
