"""Operations that most likely are the same call under another path or name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ovcgen.diff.name_similarity import SAME, Likely, folded, likeness, replacement
from ovcgen.diff.schema_equality import alike
from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Anything, Schema

SLOT = re.compile(r"\{[^{}]*\}")
DECLARED, SAME_ID = 1.0, 0.95


def moves(removed: Sequence[Operation], added: Sequence[Operation]) -> Iterator[Likely]:
    """Pairs of an operation that went and one that came, with how sure it is that they are one.

    What the corrections of a release say is certain; an operationId that nobody else has is as good as that. Without
    either, the paths may differ in one segment only, and all the rest of the calls has to be the same.
    """
    spelled = {each.dotted: index for index, each in enumerate(added) if not each.alternative}
    ids = Counter(operation.id for operation in (*removed, *added) if operation.id)
    named = {each.id: index for index, each in enumerate(added)}
    near = _by_path(added)
    for here, old in enumerate(removed):
        if old.use_instead:
            if old.use_instead in spelled and not old.alternative:
                yield Likely(here, spelled[old.use_instead], DECLARED)
        elif ids[old.id] == 2 and old.id in named:  # one that went, one that came
            there = named[old.id]
            if old.method == added[there].method:
                yield Likely(here, there, SAME_ID)
        else:
            yield from _moved(here, old, near, added)


def _moved(
    here: int, old: Operation, near: dict[tuple[str, ...], list[int]], added: Sequence[Operation]
) -> Iterator[Likely]:
    found: dict[int, float] = {}
    for key in _keys(old):
        for there in near.get(key, ()):
            sure = _sure(old, added[there])
            if sure:
                found[there] = sure
    yield from (Likely(here, there, sure) for there, sure in sorted(found.items()))


def _sure(old: Operation, new: Operation) -> float:
    had, has = _segments(old), _segments(new)
    changed = [(one, other) for one, other in zip(had, has, strict=True) if one != other]
    if not changed or (old.id and old.id == new.id):
        return 0.0
    sure = min(likeness(one, other) for one, other in changed)
    if not sure and len(changed) == 1:
        sure = replacement(*changed[0])
    return sure if sure == SAME or (sure and len(changed) == 1 and _like(old, new)) else 0.0


def _like(old: Operation, new: Operation) -> bool:
    """Do both take the same, and enough of it to be recognised by, and answer the same?"""
    had, has = _taken(old), _taken(new)
    return (
        bool(had)
        and had.keys() == has.keys()
        and all(had[key].required == has[key].required and alike(had[key].schema, has[key].schema) for key in had)
        and [response.status for response in old.responses] == [response.status for response in new.responses]
        and (alike(old.result, new.result) or _is_unknown(old.result) or _is_unknown(new.result))
    )


def _taken(operation: Operation) -> dict[tuple[str, str], Parameter]:
    """Return the declared parameters outside the path; what we add to every call (`_async`) tells no calls apart."""
    return {
        (parameter.location, parameter.name): parameter
        for parameter in operation.parameters
        if parameter.location != "path" and parameter.declared
    }


def _is_unknown(result: Schema) -> bool:
    return isinstance(result, Anything)


def _by_path(added: Sequence[Operation]) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for index, each in enumerate(added):
        for key in _keys(each):
            found.setdefault(key, []).append(index)
    return found


def _keys(operation: Operation) -> Iterator[tuple[str, ...]]:
    """What paths share that differ in one segment, and what those share that differ in nothing but their spelling."""
    segments = _segments(operation)
    yield (operation.method, "", *(folded(segment) for segment in segments))
    for index, segment in enumerate(segments):
        if segment != "{}":
            yield (operation.method, str(index), *segments[:index], "", *segments[index + 1 :])


def _segments(operation: Operation) -> list[str]:
    return SLOT.sub("{}", operation.path).strip("/").split("/")
