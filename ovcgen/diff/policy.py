"""Apply a project's policy: which changes it ignores, why and until when, and which levels it gives to kinds of change.

[[diff.ignore]]
kind = "parameter.removed"                # a kind, or a pattern with *
operation = "POST /pets/*"                # * matches any text, here and below
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

from ovcgen.diff.behaviour_changes import PREFIX
from ovcgen.diff.change import Change, Level
from ovcgen.model.release_names import order

IGNORE = "ignore"
PLACES = ("in", "name", "property", "response", "header")


@dataclass(frozen=True, slots=True)
class Ignore:
    """A record of one entry of the policy: which changes to ignore.

    Attributes:
        wanted: (key, pattern) pairs that a change must all match. Keys are `kind`, `operation`, `fingerprint`, and
            those of a location in the JSON output, such as `in` and `name`.
        reason: Why such changes are ignored.
        until: The name of the release from which the entry is no longer valid, or as a date the last day on which it is
            valid; "" for no end.
        line: The line of the entry in the file.
    """

    wanted: tuple[tuple[str, str], ...]
    reason: str
    until: str | date = ""
    line: int = 0

    def fits(self, change: Change) -> bool:
        """Return whether the entry matches the change: each pattern has to match a whole value, with case as written.

        A change without a value for a key has "" there, which `*` matches.
        """
        fields = {"kind": change.id, "operation": change.operation or "", "fingerprint": change.fingerprint}
        fields |= change.location.pairs()
        return all(matches_pattern(pattern, fields.get(key, "")) for key, pattern in self.wanted)

    def expired(self, release: str, today: date) -> bool:
        """Return whether the entry is no longer valid: `until` is before `today`, or `release` is `until` or later.

        An entry without `until` never expires.
        """
        if isinstance(self.until, date):
            return today > self.until
        return bool(self.until) and order(release) >= order(self.until)

    @property
    def patterns(self) -> str:
        """Return the patterns of the entry without their keys, separated by spaces, for messages."""
        return " ".join(pattern for _, pattern in self.wanted)


@dataclass(frozen=True, slots=True)
class Policy:
    """A record of all entries of a policy file.

    Attributes:
        ignores: The entries of changes to ignore.
        severity: (kind, level) pairs; the level is `breaking`, `warning`, `info` or `ignore`.
        source: The name of the file, for messages.
    """

    ignores: tuple[Ignore, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """A record of the result of applying a policy to changes.

    Attributes:
        changes: The changes that are not ignored, with the levels of the policy.
        ignored: The number of ignored changes, also of those with the level `ignore`.
        remarks: Sentences about entries that have expired or that match no change.
    """

    changes: tuple[Change, ...]
    ignored: int = 0
    remarks: tuple[str, ...] = field(default=())


def apply_policy(policy: Policy, changes: Iterable[Change], release: str, today: date) -> PolicyResult:
    """Return the changes after applying the policy. Expired entries have no effect.

    A level of the policy replaces both verdicts, on HTTP and on Python code. The order of the changes is kept.
    `release` is the name of the new release. It and `today` decide which entries have expired.
    """
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
    return PolicyResult(kept, len(listed) - len(kept), tuple(remarks))


def without_behaviour(policy: Policy) -> Policy:
    """Return the policy without entries to ignore changes in behaviour, for comparisons that leave out behaviour.

    Such entries have a kind that begins with `behaviour.`. Levels of such kinds are kept.
    """
    kept = (ignore for ignore in policy.ignores if not dict(ignore.wanted).get("kind", "").startswith(PREFIX))
    return replace(policy, ignores=tuple(kept))


def ignore_entries(changes: Iterable[Change]) -> str:
    """Return TOML entries that would ignore these changes, one each. Their reason is empty and must be filled in.

    An entry has kind, operation, `in`, name, property, response and header of a change, so it may match others, too.
    """
    return "\n".join(_entry(change) for change in changes)


def matches_pattern(pattern: str, text: str) -> bool:
    """Return whether a whole text matches a pattern, with upper and lower case as written.

    Only `*` is special and stands for any text, also for none and for line breaks.
    """
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


def _judged(change: Change, severity: dict[str, str]) -> Change | None:
    """Return the change with the level that the policy sets for its kind; None if the policy ignores this kind."""
    own = severity.get(change.id)
    if own is None:
        return change
    level = None if own == IGNORE else Level[own.upper()]
    return None if level is None else replace(change, wire=level, sdk=level)


def _remark(policy: Policy, entry: Ignore, what: str, why: str) -> str:
    return f"{policy.source}:{entry.line}: {what} entry ({entry.patterns}): {why}; delete it, or renew it."


def _entry(change: Change) -> str:
    fields = {"kind": change.id, "operation": change.operation or ""}
    fields |= {key: value for key, value in change.location.pairs().items() if key in PLACES}
    lines = [f"{key} = {_quoted(value)}" for key, value in fields.items() if value]
    return "\n".join(["[[diff.ignore]]", *lines, 'reason = ""', ""])


def _quoted(text: str) -> str:
    """Return a TOML basic string."""
    return '"' + "".join(_escape(character) for character in text) + '"'


def _escape(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"
