"""Pair the exchanges of two runs by operation and order. Object ids that differ between the runs are recognised."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

from ovcgen.rehearsal.common_subsequence import common_subsequence
from ovcgen.rehearsal.run_records import GUID, Exchange

Json = Any
Pair = tuple[Exchange | None, Exchange | None]  # of the old and the new run; None if that run did not make it
Ids = Mapping[tuple[str, str], str]  # kind of object and id in the old run -> id in the new run
ID_NAME = re.compile(r"(?P<kind>.*?)_?ids?", re.IGNORECASE)
RECENT = 1_000_000_000  # numbers from here on are times in seconds since the epoch


def align(old: Sequence[Exchange], new: Sequence[Exchange]) -> tuple[list[Pair], Ids]:
    """Return (pairs of exchanges in order, object ids that differ between the runs).

    First, exchanges with equal operations are paired to find the ids; refused ones give none. Then exchanges with equal
    operations and arguments are paired; times, GUIDs and the found ids count as equal. The exchanges left between two
    such pairs are paired if their operations are equal. An exchange without a partner is paired with None. The ids map
    (kind, id of the old run) to the id of the new run.
    """
    ids = _ids(_paired(old, new, _operation, _operation))
    pairs: list[Pair] = []
    rest: tuple[list[Exchange], list[Exchange]] = ([], [])
    for before, after in _paired(old, new, lambda exchange: _call(exchange, ids), _call):
        if before is None or after is None:
            rest[0].extend([before] if before else [])
            rest[1].extend([after] if after else [])
            continue
        pairs += [*_paired(*rest, _operation, _operation), (before, after)]
        rest = ([], [])
    return [*pairs, *_paired(*rest, _operation, _operation)], ids


def kind_of(actor: str) -> str:
    """Return the kind of the objects that an actor manages, as in `StoredObject.kind`.

    It is the actor's name in lower case without a final `s` (`machine` for `machines`).
    """
    return actor.lower().removesuffix("s")


def actor_of(operation: str) -> str:
    """Return the actor of an operation `group.actor.method`; "" for the path of a request that is no operation."""
    return operation.split(".")[1] if operation.count(".") == 2 else ""


def same_objects(old: Json, new: Json) -> Iterator[tuple[dict[str, Json], dict[str, Json]]]:
    """Yield (old, new) pairs of objects with equal names from two lists; nothing if one of the values is no list.

    Objects are dicts with a text `name` and the key `id`; those whose name is not unique in its list are left out. The
    order is that of `old`.
    """
    if isinstance(old, list) and isinstance(new, list):
        before, after = _by_name(old), _by_name(new)
        yield from ((before[name], after[name]) for name in before if name in after)


def _paired(
    old: Sequence[Exchange],
    new: Sequence[Exchange],
    old_key: Callable[[Exchange], Hashable],
    new_key: Callable[[Exchange], Hashable],
) -> Iterator[Pair]:
    """Yield pairs of exchanges with equal keys, and all other exchanges paired with None, the old run's first."""
    matches = common_subsequence([old_key(exchange) for exchange in old], [new_key(exchange) for exchange in new])
    old_start = new_start = 0
    for old_end, new_end in [*matches, (len(old), len(new))]:
        yield from ((exchange, None) for exchange in old[old_start:old_end])
        yield from ((None, exchange) for exchange in new[new_start:new_end])
        if old_end < len(old) and new_end < len(new):
            yield old[old_end], new[new_end]
        old_start, new_start = old_end + 1, new_end + 1


def _operation(exchange: Exchange) -> Hashable:
    return exchange.operation


def _call(exchange: Exchange, ids: Ids | None = None) -> Hashable:
    """Return a key to compare calls: operation and arguments, with the ids of the new run, without times and GUIDs."""
    actor = actor_of(exchange.operation)
    values = [(name, _value(name, value, actor, ids or {})) for name, value in exchange.arguments.items()]
    return exchange.operation, tuple(sorted(values))


def _value(name: str, value: Json, actor: str, ids: Ids) -> str:
    if isinstance(value, list):
        return json.dumps([_value(name, item, actor, ids) for item in value])
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
    named = ID_NAME.fullmatch(name)
    if named:
        return ids.get((kind_of(named["kind"] or actor), text), text)
    if text.isdecimal() and int(text) >= RECENT:
        return "time"
    return GUID.sub("guid", text)


def _ids(pairs: Iterator[Pair]) -> Ids:
    """Map the ids of objects in the old run to those in the new run: of created objects, and of listed ones by name."""
    found: dict[tuple[str, str], str] = {}
    for old, new in pairs:
        if old is None or new is None or old.refused or new.refused:
            continue
        kind = kind_of(actor_of(old.operation))
        if not old.reads and _is_id(old.result) and _is_id(new.result):
            found[kind, str(old.result)] = str(new.result)
        for before, after in same_objects(old.result, new.result):
            found[kind, str(before.get("id"))] = str(after.get("id"))
    return found


def _is_id(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _by_name(items: list[Json]) -> dict[str, dict[str, Json]]:
    named = [item for item in items if isinstance(item, dict) and isinstance(item.get("name"), str) and "id" in item]
    names = [item["name"] for item in named]
    return {item["name"]: item for item in named if names.count(item["name"]) == 1}
