"""Define a record of what earlier releases had and this one does not have any more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemovedName:
    """A record of a removed operation, or of a removed keyword of an operation that still exists.

    Attributes:
        dotted: The dotted name of the operation.
        key: The removed keyword; "" if the operation itself was removed.
        release: The first release without it.
        instead: The replacement: the dotted name of an operation, or for `key` another keyword; "" if there is none.
    """

    dotted: str
    key: str
    release: str
    instead: str = ""
