"""Remove references that only lead back to themselves: they describe nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from ovcgen.documents.document import Json
from ovcgen.documents.pointers import at, reference_steps
from ovcgen.documents.repair.context import ANYTHING, RepairContext, RepairPass

Path = tuple[str, ...]
Node = TypeVar("Node", str, Path)


def without_circles(document: dict[str, Any], findings: RepairPass) -> dict[str, Any]:
    """Return the document without the `$ref`s of schemas that lead back to themselves through `$ref` and `allOf` alone.

    Such a schema then allows any value and keeps only its description and title; each one is added to the problems of
    `findings`. A record or list that contains itself is kept, because a tree is not a cycle. `findings` are those of a
    pass that changed nothing.
    """
    edges = {path: tuple(_edges(document, path)) for path, kind in findings.kinds.items() if kind == "schema"}
    edges = {path: targets for path, targets in edges.items() if targets}
    for path in sorted(path for circle in circles(edges) for path in circle):
        if isinstance(at(document, path).get("$ref"), str):
            (RepairContext(findings, path) / "$ref").note("the reference leads back to itself", ANYTHING)
            document = _without(document, path)
    return document


def _edges(document: Json, path: Path) -> Iterator[Path]:
    """Yield the places that must be known before the schema at `path` is."""
    body = at(document, path)
    target = body.get("$ref") if isinstance(body, dict) else None
    if isinstance(target, str) and target.startswith("#/"):
        yield reference_steps(target)
    elif isinstance(body, dict) and isinstance(body.get("allOf"), list):
        yield from ((*path, "allOf", str(number)) for number in range(len(body["allOf"])))


def _without(value: Json, path: Path) -> Json:
    """Return a copy of the value without the reference at that path."""
    if not path:
        return {key: value[key] for key in value if key in ("description", "title")}
    key, *rest = path
    if isinstance(value, list):
        return [*value[: int(key)], _without(value[int(key)], tuple(rest)), *value[int(key) + 1 :]]
    return {**value, key: _without(value[key], tuple(rest))}


def circles(edges: Mapping[Node, tuple[Node, ...]]) -> Iterator[set[Node]]:
    """Yield the sets of places (names or paths) that all lead to each other (Tarjan's algorithm, without recursion).

    `edges` has for each place the places to which it leads directly. A set has at least two places, or one that leads
    to itself.
    """
    order: dict[Node, int] = {}
    low: dict[Node, int] = {}
    open_places: dict[Node, None] = {}
    for start in sorted(edges):
        visits: list[tuple[Node, Iterator[Node]]] = []
        _visit(start, edges, order, low, open_places, visits)
        while visits:
            place, targets = visits[-1]
            target = next(targets, None)
            if target is None:
                visits.pop()
                if visits:
                    low[visits[-1][0]] = min(low[visits[-1][0]], low[place])
                if low[place] == order[place]:
                    yield from _closed(place, edges, open_places)
            elif target not in order:
                _visit(target, edges, order, low, open_places, visits)
            elif target in open_places:
                low[place] = min(low[place], order[target])


def _visit(
    place: Node,
    edges: Mapping[Node, tuple[Node, ...]],
    order: dict[Node, int],
    low: dict[Node, int],
    open_places: dict[Node, None],
    visits: list[tuple[Node, Iterator[Node]]],
) -> None:
    """Start the visit of a place, unless it has been visited."""
    if place not in order:
        order[place] = low[place] = len(order)
        open_places[place] = None
        visits.append((place, iter(edges.get(place, ()))))


def _closed(place: Node, edges: Mapping[Node, tuple[Node, ...]], open_places: dict[Node, None]) -> Iterable[set[Node]]:
    """Return the set of places that `place` completes, if it is a cycle."""
    found: set[Node] = set()
    while place not in found:
        found.add(open_places.popitem()[0])
    return [found] if len(found) > 1 or place in edges.get(place, ()) else []
