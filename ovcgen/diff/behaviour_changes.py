"""Compare how two releases behave where their documents agree, from the records in `ovcgen.release_behaviours`."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ovcgen.diff.change import HERE, INFO, Change, Level
from ovcgen.diff.rules.registry import UnknownKind
from ovcgen.model.api import Api
from ovcgen.model.schema import Constant

if TYPE_CHECKING:
    from ovcgen.release_behaviours import ReleaseBehaviour
    from ovcgen.release_behaviours.release_behaviour import ArgumentCondition

PREFIX = "behaviour."  # of the kinds of changes in behaviour
WHOLE_GROUP = re.compile(r"/\w+/\*")  # a pattern for all operations of a group


@dataclass(frozen=True, slots=True)
class BehaviourChange:
    """A record of one behaviour in which two releases differ, although their documents agree.

    Attributes:
        change: Its kind (`behaviour.machine-delete-destroys`), verdicts and texts. It has no place in a document.
        operations: The affected operations that both releases have, such as `POST /pets/delete`; at least one.
        common: Whether the behaviour affects most operations, so that no single operation is worth naming.
        inferred: Whether the behaviour is a conclusion from the source of the service, where it is not stated directly.
        condition: What a call has to pass to meet the behaviour; None if any call may meet it.
    """

    change: Change
    operations: tuple[str, ...]
    common: bool = False
    inferred: bool = False
    condition: ArgumentCondition | None = None

    def with_change(self, change: Change) -> BehaviourChange:
        """Return a copy with another Change record in `change`, which differs only in its verdicts."""
        return replace(self, change=change)

    @property
    def operations_text(self) -> str:
        """Return the first affected operation and the number of the others, as in `POST /pets/delete and 3 more`.

        A single operation is returned alone. The text is `most operations` if `common` is true.
        """
        if self.common:
            return "most operations"
        first, *others = self.operations
        return f"{first} and {len(others)} more" if others else first


def behaviour_changes(old: Api, new: Api, releases: tuple[str, str]) -> tuple[BehaviourChange, ...]:
    """Return the behaviours that differ between two releases and affect an operation that both APIs have.

    They are sorted by level, the worst first; () if there is none. The level is INFO if neither release has the
    behaviour itself, because one is older and the other newer. Behaviours are looked up by the names of the
    releases, not in the documents. Operations are the same if verb and path are equal; those without a Python name do
    not count.

    Args:
        old: The API of the old release.
        new: The API of the new release.
        releases: The names of the old and the new release, whose behaviours are compared.
    """
    from ovcgen.release_behaviours import differing  # many records, which few comparisons need

    places = {operation.place: operation.path for operation in new.callable_operations}
    both = [operation for operation in old.callable_operations if operation.place in places]
    found = []
    for behaviour in differing(*releases):
        operations = tuple(operation.place for operation in both if behaviour.touches(operation.path))
        if operations:
            change = _change(behaviour, *releases)
            found.append(
                BehaviourChange(change, operations, _is_common(behaviour), behaviour.inferred, behaviour.condition)
            )
    return tuple(sorted(found, key=lambda difference: -difference.change.wire))


def explain_behaviour(kind: str) -> str:
    """Return the help on a kind of change in behaviour: its verdict, and what a client sees in which releases.

    `kind` is the whole kind, such as `behaviour.machine-delete-destroys`.

    Raises:
        UnknownKind: there is no such behaviour.
    """
    behaviour = _behaviour(kind)
    lines = [f"{when}: {clause}." for when, clause in behaviour.by_releases()]
    source = (
        ["This was concluded from the source of the service, but not found there as such."]
        if behaviour.inferred
        else []
    )
    return "\n".join([kind, f"verdict: {behaviour.level}", "", f"{behaviour.title}.", *lines, *source, ""])


def is_behaviour(kind: str) -> bool:
    """Return whether a kind of change is a change in behaviour, such as `behaviour.machine-delete-destroys`.

    Any kind that does not begin with `behaviour.` gives False, also an unknown one.

    Raises:
        UnknownKind: `kind` begins with `behaviour.`, but there is no such behaviour.
    """
    return kind.startswith(PREFIX) and bool(_behaviour(kind))


def behaviour_title(kind: str) -> str:
    """Return the title of a kind of change in behaviour. Raises UnknownKind if there is no such behaviour."""
    return _behaviour(kind).title


def _behaviour(kind: str) -> ReleaseBehaviour:
    from ovcgen.release_behaviours import BEHAVIOURS

    known = {f"{PREFIX}{behaviour.id}": behaviour for behaviour in BEHAVIOURS}
    if kind not in known:
        near = difflib.get_close_matches(kind, known, n=1, cutoff=0)
        raise UnknownKind(kind, near)
    return known[kind]


def _change(behaviour: ReleaseBehaviour, old: str, new: str) -> Change:
    before, after = behaviour.description(old), behaviour.description(new)
    level = _level(behaviour, old, new)
    message = f"{behaviour.title}: {after}; before: {before}."
    return Change(f"{PREFIX}{behaviour.id}", level, level, HERE, "", message, Constant.of(before), Constant.of(after))


def _is_common(behaviour: ReleaseBehaviour) -> bool:
    patterns = behaviour.operations.split()
    return "*" in patterns or sum(WHOLE_GROUP.fullmatch(pattern) is not None for pattern in patterns) > 1


def _level(behaviour: ReleaseBehaviour, old: str, new: str) -> Level:
    """Return the level of a behaviour, or INFO if neither of the two releases has it."""
    return Level[behaviour.level.upper()] if behaviour.is_in(old) or behaviour.is_in(new) else INFO
