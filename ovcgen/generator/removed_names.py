"""What earlier releases had and one does not have any more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vanished:
    """A call that is gone, or with `key` a keyword of a call that stayed.

    `release` is the first without it, `instead` how what takes its place is spelled, "" where nothing does.
    """

    dotted: str
    key: str
    release: str
    instead: str = ""
