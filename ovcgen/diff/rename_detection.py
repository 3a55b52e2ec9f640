"""Find operations that were probably moved or renamed, and schemas that could be the same under another name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ovcgen.diff.name_similarity import SAME, RenameCandidate, folded, replaced_word_confidence, similarity
from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Anything, Array, Composed, Map, Record, Reference, Scalar, Schema

SLOT = re.compile(r"\{[^{}]*\}")
DECLARED, SAME_ID = 1.0, 0.95


def probable_moves(removed: Sequence[Operation], added: Sequence[Operation]) -> Iterator[RenameCandidate]:
    """Yield pairs of a removed and an added operation that are probably the same: their indexes and the confidence.

    The correction `use_instead` of the overlay is certain (1.0), and an operationId that only these two have is nearly
    so (0.95), if the verbs are equal. Without either, the verbs must be equal, and the paths may differ only in
    spelling (case, separators), or in one segment if parameters and responses are the same. An operation may be in
    several pairs.
    """
    spelled = {operation.dotted: index for index, operation in enumerate(added) if not operation.alternative}
    ids = Counter(operation.id for operation in (*removed, *added) if operation.id)
    named = {operation.id: index for index, operation in enumerate(added)}
    near = _by_path(added)
    for here, old in enumerate(removed):
        if old.use_instead:
            if old.use_instead in spelled and not old.alternative:
                yield RenameCandidate(here, spelled[old.use_instead], DECLARED)
        elif ids[old.id] == 2 and old.id in named:  # one removed, one added
            there = named[old.id]
            if old.method == added[there].method:
                yield RenameCandidate(here, there, SAME_ID)
        else:
            yield from _moved(here, old, near, added)


def _moved(
    here: int, old: Operation, near: dict[tuple[str, ...], list[int]], added: Sequence[Operation]
) -> Iterator[RenameCandidate]:
    found: dict[int, float] = {}
    for key in _keys(old):
        for there in near.get(key, ()):
            sure = _sure(old, added[there])
            if sure:
                found[there] = sure
    yield from (RenameCandidate(here, there, sure) for there, sure in sorted(found.items()))


def _sure(old: Operation, new: Operation) -> float:
    had, has = _segments(old), _segments(new)
    changed = [(one, other) for one, other in zip(had, has, strict=True) if one != other]
    if not changed or (old.id and old.id == new.id):
        return 0.0
    sure = min(similarity(one, other) for one, other in changed)
    if not sure and len(changed) == 1:
        sure = replaced_word_confidence(*changed[0])
    return sure if sure == SAME or (sure and len(changed) == 1 and _like(old, new)) else 0.0


def _like(old: Operation, new: Operation) -> bool:
    """Return whether two operations have the same parameters (at least one), response statuses and result."""
    had, has = _taken(old), _taken(new)
    return (
        bool(had)
        and had.keys() == has.keys()
        and all(
            had[key].required == has[key].required and has_same_structure(had[key].schema, has[key].schema)
            for key in had
        )
        and [response.status for response in old.responses] == [response.status for response in new.responses]
        and (has_same_structure(old.result, new.result) or _is_unknown(old.result) or _is_unknown(new.result))
    )


def _taken(operation: Operation) -> dict[tuple[str, str], Parameter]:
    """Return the declared parameters outside of the path. Undeclared ones (`_async`) are common to many operations."""
    return {
        (parameter.location, parameter.name): parameter
        for parameter in operation.parameters
        if parameter.location != "path" and parameter.declared
    }


def _is_unknown(result: Schema) -> bool:
    return isinstance(result, Anything)


def _by_path(added: Sequence[Operation]) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for index, operation in enumerate(added):
        for key in _keys(operation):
            found.setdefault(key, []).append(index)
    return found


def _keys(operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield the keys that probable candidates share: the path ignoring spelling, and the path without one segment."""
    segments = _segments(operation)
    yield (operation.method, "", *(folded(segment) for segment in segments))
    for index, segment in enumerate(segments):
        if segment != "{}":
            yield (operation.method, str(index), *segments[:index], "", *segments[index + 1 :])


def _segments(operation: Operation) -> list[str]:
    return SLOT.sub("{}", operation.path).strip("/").split("/")


def has_same_structure(old: Schema, new: Schema) -> bool:
    """Return whether both schemas have the same structure: types, formats and enums, also of items and `allOf` members.

    Constraints and descriptions are ignored. References are the same if they name the same definition. Of records only
    the names of members and which are required are compared; the members of two unions are not compared at all.
    """
    if type(old) is not type(new) or old.traits.enum != new.traits.enum or old.traits.format != new.traits.format:
        return False
    match old, new:
        case Scalar(had), Scalar(has):
            return had == has
        case Reference(had), Reference(has):
            return had == has
        case Array(had, written), Array(has, writes):
            return written == writes and has_same_structure(had, has)
        case Map(had), Map(has):
            return has_same_structure(had, has)
        case Composed(had), Composed(has):
            return len(had) == len(has) and all(map(has_same_structure, had, has))
        case Record(had), Record(has):
            return [(property_.name, property_.required) for property_ in had] == [(ha.name, ha.required) for ha in has]
        case _:
            return True
