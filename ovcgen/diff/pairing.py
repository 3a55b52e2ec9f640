"""Which operation and which parameter of the new release is which of the old one."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from ovcgen.model.api import Api, Operation, Parameter

Item = TypeVar("Item")

SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Pairs(Generic[Item]):
    """What both releases have, what only the old one has and what only the new one has."""

    both: tuple[tuple[Item, Item], ...]
    removed: tuple[Item, ...]
    added: tuple[Item, ...]


def operations(old: Api, new: Api) -> Pairs[Operation]:
    """Paired by verb and path, whatever the slots of the path are called."""
    return _paired(
        old.operations,
        new.operations,
        lambda each: (each.method, each.path),
        lambda each: (each.method, SLOT.sub("{}", each.path)),
    )


def changed_methods(pairs: Pairs[Operation]) -> tuple[tuple[Operation, Operation], ...]:
    """Operations that went and came back under the same path and Python name with another verb."""
    return _paired(pairs.removed, pairs.added, lambda each: (each.path, each.dotted, each.alternative)).both


def parameters(old: Operation, new: Operation) -> Pairs[Parameter]:
    """Paired by place and name; a body is a body and a slot of the path is a slot, whatever they are called."""
    found = _paired(
        _named(old, slots(old, new)),
        _named(new, {}),
        lambda each: (each[1].place, "" if each[1].place == "body" else each[0]),
        lambda each: each[0],
    )
    return Pairs(
        tuple((one, other) for (_, one), (_, other) in found.both),
        tuple(each for _, each in found.removed),
        tuple(each for _, each in found.added),
    )


def slots(old: Operation, new: Operation) -> dict[str, str]:
    """The name that each slot of the path had, and the one that it has."""
    return dict(zip(SLOT.findall(old.path), SLOT.findall(new.path), strict=False))


def _named(operation: Operation, renamed: Mapping[str, str]) -> list[tuple[str, Parameter]]:
    """Each parameter with the name that it has in the new path, in an order that no document can change."""
    return sorted(
        (
            (renamed.get(each.name, each.name) if each.place == "path" else each.name, each)
            for each in operation.parameters
        ),
        key=lambda each: (each[1].place, each[0]),
    )


def _paired(old: Iterable[Item], new: Iterable[Item], *keys: Callable[[Item], Hashable]) -> Pairs[Item]:
    """Pairs by the first key; what is left over by the next."""
    removed, added = tuple(old), tuple(new)
    both: list[tuple[Item, Item]] = []
    for key in keys:
        had = {key(each): each for each in reversed(removed)}
        has = {key(each): each for each in reversed(added)}
        shared = had.keys() & has.keys()
        both += [(each, has[key(each)]) for each in removed if key(each) in shared and had[key(each)] is each]
        removed = tuple(each for each in removed if key(each) not in shared or had[key(each)] is not each)
        added = tuple(each for each in added if key(each) not in shared or has[key(each)] is not each)
    return Pairs(tuple(both), removed, added)
