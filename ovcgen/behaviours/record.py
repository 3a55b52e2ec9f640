"""Define the record of one difference in behaviour between releases of OpenvCloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from ovcgen.model.release_names import order

Level = Literal["breaking", "warning", "info"]
NUMBERED = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class ReleaseBehaviour:
    """One behaviour that a range of releases has, and the others have not.

    `seen`, `later` and `earlier` are clauses about `title`: they begin with a small letter and end without a full stop.

    Attributes:
        id: Stable name, such as `machine-delete-destroys`. The simulator asks for it.
        title: What the clauses are about, such as `Deleting a machine`.
        operations: Patterns of paths (`/cloudapi/machines/*`), separated by blanks. `*` alone means every operation.
        since: The first release that has it; empty if the oldest has it.
        until: The first release that no longer has it; empty if the newest has it.
        seen: What a client sees in the releases that have it.
        later: What a client sees from `until` on.
        earlier: What a client sees before `since`; empty if that is the same as `later`.
        level: How bad the difference is for a program that was written for the release before.
        inferred: Concluded from the portal's source, but not found there as such.
        note: Why nothing in the simulator asks for it; empty if something does.
        simulated: Whether the simulator shows the difference.
    """

    id: str
    title: str
    operations: str
    seen: str
    later: str
    since: str = ""
    until: str = ""
    earlier: str = ""
    level: Level = "warning"
    inferred: bool = False
    note: str = ""
    simulated: bool = True

    def is_in(self, release: str) -> bool:
        """Return whether a release has it. A name without a number (a file, an unknown portal) counts as the newest."""
        if not NUMBERED.match(release):
            return not self.until
        begun = not self.since or order(self.since) <= order(release)
        return begun and not (self.until and order(self.until) <= order(release))

    def description(self, release: str) -> str:
        """Return what a client sees in a release: one of the three clauses."""
        if self.is_in(release):
            return self.seen
        is_before = NUMBERED.match(release) and self.since and order(release) < order(self.since)
        return (self.earlier or self.later) if is_before else self.later

    def touches(self, path: str) -> bool:
        """Return whether it concerns the operation with this path (`/cloudapi/machines/delete`)."""
        return any(fnmatchcase(path, pattern) for pattern in self.operations.split())
