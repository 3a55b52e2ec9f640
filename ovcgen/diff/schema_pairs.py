"""Pairs of shapes to compare: opened where they are names, recursion ended, unchanged definitions skipped."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from ovcgen.diff import pairing
from ovcgen.diff.change import joined
from ovcgen.model.api import Api
from ovcgen.model.composition import kind_of, plain
from ovcgen.model.schema import Anything, Array, Composed, Constant, Map, Property, Record, Reference, Schema, Traits


class Direction(Enum):
    """Who sends the value. The new release must accept every old request, and send only what old answers could hold."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, eq=False)
class Shape:
    """A schema, ready to be judged: never a reference or a composition. Only itself is equal to it.

    `text` says that values are written outside JSON (in a form, a query, a path, a header), where a number and its
    digits are the same. `unsent` says that it is inside of something that only the service writes.
    """

    schema: Schema
    direction: Direction = Direction.REQUEST
    text: bool = False
    default: Constant | None = None
    unsent: bool = False

    def holding(self, schema: Schema) -> Shape:
        """What its name stands for, at the same place."""
        return self if schema is self.schema else Shape(schema, self.direction, self.text, self.default, self.unsent)

    @cached_property
    def kind(self) -> str | None:
        """Its Swagger type, None where anything goes."""
        return kind_of(self.schema)

    @property
    def traits(self) -> Traits:
        """What it carries beside its type."""
        return self.schema.traits

    @cached_property
    def properties(self) -> dict[str, Property]:
        """The named members, by name; also those of which nothing is told but that they have to be there."""
        named = (
            {property_.name: property_ for property_ in self.schema.properties}
            if isinstance(self.schema, Record)
            else {}
        )
        other = [name for name in self.traits.required if name not in named] if self.kind == "object" else []
        return {**named, **{name: Property(name, self.rest or Anything(), required=True) for name in other}}

    @property
    def rest(self) -> Schema | None:
        """The shape of members without a name; None where there may be none, or where it is no object."""
        match self.schema:
            case Map(values):
                return values
            case Record(rest=rest):
                return rest
            case _:
                return None

    @property
    def closed(self) -> bool:
        """Are members without a name forbidden?"""
        return isinstance(self.schema, Record) and self.schema.rest is None


@dataclass(frozen=True, slots=True)
class ShapePair:
    """The same place in both releases; `member` and `pointer` lead to it, `pointer` in the new document."""

    old: Shape
    new: Shape
    member: str
    pointer: str


class DefinitionPairs:
    """The named shapes of both releases, and which of them differ."""

    def __init__(self, old: Api, new: Api) -> None:
        self._old = {definition.name: definition.schema for definition in old.definitions}
        self._new = {definition.name: definition.schema for definition in new.definitions}
        self._different = _spread(self._old, self._new)

    def same(self, old: Schema, new: Schema) -> bool:
        """Is nothing different in them, nor in anything that they refer to?"""
        return old == new and self._different.isdisjoint(_references(old))

    def pairs(self, old: Shape, new: Shape, pointer: str) -> Iterator[ShapePair]:
        """Both shapes and everything inside that both have, the outermost first; each pair of names once."""
        waiting = deque([ShapePair(old, new, "", pointer)])
        seen: set[tuple[Schema, Schema, bool]] = set()
        while waiting:
            pair = waiting.popleft()
            raw = (pair.old.schema, pair.new.schema)
            named = any(isinstance(schema, Reference | Composed) for schema in raw)  # nothing else leads back here
            known = (*raw, pair.old.unsent)
            if (named and known in seen) or (self.same(*raw) and pair.old.default == pair.new.default):
                continue
            if named:
                seen.add(known)
            here = self._opened(pair)
            yield here
            waiting.extend(_inside(here))

    def _opened(self, pair: ShapePair) -> ShapePair:
        raw = pair.new.schema
        old, new = plain(pair.old.schema, self._old), plain(raw, self._new)
        pointer = f"/definitions/{escaped(raw.name)}" if isinstance(raw, Reference) else pair.pointer
        return ShapePair(pair.old.holding(old), pair.new.holding(new), pair.member, pointer)


def escaped(text: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return text.replace("~", "~0").replace("/", "~1")


@lru_cache(maxsize=4)
def properties(old: Shape, new: Shape) -> pairing.Pairs[Property]:
    """Which members of two objects are which; none where one of them can't be an object."""
    if not {old.kind, new.kind} <= {"object", None}:
        return pairing.Pairs((), (), ())
    return pairing.properties(
        (old.properties[name] for name in sorted(old.properties)),
        (new.properties[name] for name in sorted(new.properties)),
    )


def _inside(pair: ShapePair) -> Iterator[ShapePair]:
    """What both hold one level deeper; a member that only one names is, in the other, one of those without a name."""
    match pair.old.schema, pair.new.schema:
        case Array(before), Array(after):
            yield _deeper(pair, before, after, "[]", "/items")
        case ((Map() | Record()), (Map() | Record())):
            found = properties(pair.old, pair.new)
            listed = [(before.name, after.name, before.schema, after.schema) for before, after in found.both]
            had, has = pair.old.rest, pair.new.rest
            if has is not None and not isinstance(has, Anything):
                listed += [(property_.name, "", property_.schema, has) for property_ in found.removed]
            if had is not None and not isinstance(had, Anything):
                listed += [(property_.name, property_.name, had, property_.schema) for property_ in found.added]
            for name, spelled, before, after in sorted(listed, key=lambda each: each[0]):
                step = f"/properties/{escaped(spelled)}" if spelled else "/additionalProperties"
                yield _deeper(pair, before, after, name, step)
            if had is not None and has is not None:
                yield _deeper(pair, had, has, "*", "/additionalProperties")
        case _:
            return


def _deeper(pair: ShapePair, old: Schema, new: Schema, name: str, step: str) -> ShapePair:
    unsent = pair.old.direction is Direction.REQUEST and (
        pair.old.unsent or (old.traits.read_only and new.traits.read_only)
    )
    text, direction = pair.old.text, pair.old.direction
    return ShapePair(
        Shape(old, direction, text, old.traits.default, unsent),
        Shape(new, direction, text, new.traits.default, unsent),
        joined(pair.member, name),
        pair.pointer + step,
    )


def _references(schema: Schema) -> Iterator[str]:
    """Every name that a shape refers to, without following any."""
    match schema:
        case Reference(name):
            yield name
        case Array(inner) | Map(inner):
            yield from _references(inner)
        case Composed(members):
            for member in members:
                yield from _references(member)
        case Record(properties, rest):
            for property_ in properties:
                yield from _references(property_.schema)
            if rest is not None:
                yield from _references(rest)
        case _:
            return


def _spread(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> frozenset[str]:
    """Names whose shapes differ between two releases, and names that lead to such a name."""
    users: dict[str, set[str]] = {}
    for name in old.keys() & new.keys():
        for used in _references(old[name]):
            users.setdefault(used, set()).add(name)
    found = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    waiting = list(found)
    while waiting:
        fresh = users.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)
