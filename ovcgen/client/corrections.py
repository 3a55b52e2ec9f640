"""What was put right in a catalog before it was called."""

from __future__ import annotations

from typing import NamedTuple


class Corrections(NamedTuple):
    """The release a catalog looks like, whether exactly, and the names of its corrections that did not fit."""

    release: str
    exact: bool
    skipped: tuple[str, ...]
