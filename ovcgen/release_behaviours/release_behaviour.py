"""Define the record of one difference in behaviour between releases of OpenvCloud."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, NamedTuple

from ovcgen.model.release_names import order

Level = Literal["breaking", "warning", "info"]
NUMBERED = re.compile(r"[0-9]")


def is_given(value: object) -> bool:
    """Return whether a value is sent: None is not."""
    return value is not None


def is_on(value: object) -> bool:
    """Return whether a switch is on: any value but None and False, so 0 and "" are on, too."""
    return value is not None and value is not False


def is_off(value: object) -> bool:
    """Return whether a switch is off: None (not sent) or False."""
    return not is_on(value)


def is_odd(value: object) -> bool:
    """Return whether a value is an odd int. True is one; numbers as text are not."""
    return isinstance(value, int) and value % 2 == 1


class ArgumentCondition(NamedTuple):
    """A condition on one argument of a call: only a call that fulfils it meets the behaviour.

    Attributes:
        parameter: The name of a parameter. Operations without it are not restricted.
        matches: Returns whether a value of the parameter meets the behaviour. An omitted parameter has the value None.
    """

    parameter: str
    matches: Callable[[object], bool] = is_given


@dataclass(frozen=True, slots=True)
class ReleaseBehaviour:
    """A behaviour that a range of releases has, and that other releases do not have.

    `seen`, `later` and `earlier` are clauses about `title`: they begin with a small letter and end without a full stop.

    Attributes:
        id: Stable name, such as `machine-delete-destroys`. The simulator asks for it.
        title: The subject of the clauses, such as `Deleting a machine`.
        operations: Patterns of paths (`/cloudapi/machines/*`), separated by blanks. `*` alone means every operation.
        since: The first release with the behaviour; empty if the oldest release has it.
        until: The first release that no longer has the behaviour; empty if the newest release has it.
        seen: What a client sees in the releases with the behaviour.
        later: What a client sees from `until` on.
        earlier: What a client sees before `since`; empty if clients see the same as in `later`.
        level: How severe the difference is for a program that was written for the release before.
        inferred: Whether the behaviour is a conclusion from the portal's source, where it is not stated directly.
        note: Why no code of the simulator asks for the behaviour; empty if some code does.
        simulated: Whether the simulator shows the difference.
        condition: What a call has to pass to meet the behaviour; None if any call may meet it.
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
    condition: ArgumentCondition | None = None

    def is_in(self, release: str) -> bool:
        """Return whether a release has the behaviour. A name without a leading digit counts as the newest."""
        if not NUMBERED.match(release):
            return not self.until
        begun = not self.since or order(self.since) <= order(release)
        return begun and not (self.until and order(self.until) <= order(release))

    def description(self, release: str) -> str:
        """Return what a client sees in a release: `seen`, `later` or `earlier` (`later` if that is empty)."""
        if self.is_in(release):
            return self.seen
        is_before = NUMBERED.match(release) and self.since and order(release) < order(self.since)
        return (self.earlier or self.later) if is_before else self.later

    def by_releases(self) -> tuple[tuple[str, str], ...]:
        """Return pairs of a range of releases (`before 2.3.0`) and what a client sees there, the oldest range first."""
        since, until = self.since, self.until
        if since and until:
            own = f"from {since} until {until}"
        elif until:
            own = f"before {until}"
        else:
            own = f"from {since} on"
        before = ((f"before {since}", self.earlier or self.later),) if since else ()
        after = ((f"from {until} on", self.later),) if until else ()
        return (*before, (own, self.seen), *after)

    def touches(self, path: str) -> bool:
        """Return whether an operation's path (`/cloudapi/machines/delete`) matches a pattern in `operations`.

        Upper and lower case count. `*` in a pattern matches any text, also `/`. The condition is not checked.
        """
        return any(fnmatchcase(path, pattern) for pattern in self.operations.split())
