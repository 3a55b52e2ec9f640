"""What a project has decided about changes: which it puts up with, why and for how long, and how bad kinds are to it.

[[diff.ignore]]
kind = "parameter.removed"                # an id, or with * in it
operation = "POST /pets/*"                # * is anything, here and below
name = "size"                             # also: in, property, response, header, fingerprint
reason = "nobody sends it"
until = "2.5"                             # a release, or a day: 2027-01-31

[diff.severity]
"enum.value-added" = "info"               # breaking, warning, info or ignore
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from ovcgen.diff.change import Change, Level
from ovcgen.model.release_names import order

IGNORE = "ignore"
PLACES = ("in", "name", "property", "response", "header")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One entry: the patterns that a change has to fit, why, and until when; `line` is where it stands."""

    wanted: tuple[tuple[str, str], ...]
    reason: str
    until: str | date = ""
    line: int = 0

    def fits(self, change: Change) -> bool:
        """Whether the change is the one that is meant."""
        told = {"kind": change.id, "operation": change.operation or "", "fingerprint": change.fingerprint}
        told |= change.location.pairs()
        return all(fits(pattern, told.get(key, "")) for key, pattern in self.wanted)

    def expired(self, release: str, today: date) -> bool:
        """Whether that day has passed, or that release is reached."""
        if isinstance(self.until, date):
            return today > self.until
        return bool(self.until) and order(release) >= order(self.until)

    @property
    def told(self) -> str:
        """How messages name it."""
        return " ".join(pattern for _, pattern in self.wanted)


@dataclass(frozen=True, slots=True)
class Policy:
    """All that is decided; `source` is the file that says so."""

    ignores: tuple[Ignore, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """The changes that are left, how many are not, and what is to be said of the policy itself."""

    changes: tuple[Change, ...]
    ignored: int = 0
    remarks: tuple[str, ...] = field(default=())


def applied(policy: Policy, changes: Iterable[Change], release: str, today: date) -> Applied:
    """The changes as the policy has them, on the way to `release`; expired entries do nothing."""
    listed = list(changes)
    current = [ignore for ignore in policy.ignores if not ignore.expired(release, today)]
    hidden = {change for change in listed if any(ignore.fits(change) for ignore in current)}
    left = [_judged(change, dict(policy.severity)) for change in listed if change not in hidden]
    kept = tuple(change for change in left if change is not None)
    remarks = [
        _remark(policy, ignore, "expired", f"on {ignore.until}") for ignore in policy.ignores if ignore not in current
    ]
    unused = [ignore for ignore in current if not any(ignore.fits(change) for change in listed)]
    remarks += [_remark(policy, ignore, "unused", "nothing fits it") for ignore in unused]
    return Applied(kept, len(listed) - len(kept), tuple(remarks))


def snippet(changes: Iterable[Change]) -> str:
    """The entries that would ignore these changes, ready to be pasted."""
    return "\n".join(_entry(change) for change in changes)


def fits(pattern: str, text: str) -> bool:
    """Whether a text is of that pattern, in which only `*` is special."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


def _judged(change: Change, severity: dict[str, str]) -> Change | None:
    """The change with the project's own verdict; None for one that is ignored."""
    own = severity.get(change.id)
    if own is None:
        return change
    level = None if own == IGNORE else Level[own.upper()]
    return None if level is None else replace(change, wire=level, sdk=level)


def _remark(policy: Policy, entry: Ignore, what: str, why: str) -> str:
    return f"{policy.source}:{entry.line}: {what} entry ({entry.told}): {why}; delete it, or renew it."


def _entry(change: Change) -> str:
    told = {"kind": change.id, "operation": change.operation or ""}
    told |= {key: value for key, value in change.location.pairs().items() if key in PLACES}
    lines = [f"{key} = {_quoted(value)}" for key, value in told.items() if value]
    return "\n".join(["[[diff.ignore]]", *lines, 'reason = ""', ""])


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    return '"' + "".join(_escape(each) for each in text) + '"'


def _escape(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"
