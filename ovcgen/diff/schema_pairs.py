"""Pair the schemas of two releases for comparison: references resolved, recursion ended, equal definitions skipped."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from ovcgen.diff import pairing
from ovcgen.diff.change import joined
from ovcgen.documents.pointers import escaped
from ovcgen.model.api import Api
from ovcgen.model.resolve import Resolver, kind_of
from ovcgen.model.schema import Anything, Array, Composed, Constant, Map, Property, Record, Reference, Schema, Traits
from ovcgen.model.walk import ITEMS, VALUES, references


class Direction(Enum):
    """Who sends the value.

    The new release must accept every old request, and must respond only with values that old responses could have.
    """

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, eq=False)
class Shape:
    """A schema in its context, for rules to compare. Two Shapes are equal only if they are the same object.

    Rules get it with references and `allOf` resolved.

    Attributes:
        schema: The schema.
        direction: Who sends the value: the caller in a request, the service in a response.
        text: Values are written outside of JSON (form, query, path, header), where `1` and `"1"` are the same.
        default: The default of the parameter; None if it has none.
        unsent: The schema is part of something that only the service sets (`readOnly`).
    """

    schema: Schema
    direction: Direction = Direction.REQUEST
    text: bool = False
    default: Constant | None = None
    unsent: bool = False

    def holding(self, schema: Schema) -> Shape:
        """Return the same context with another schema."""
        return self if schema is self.schema else Shape(schema, self.direction, self.text, self.default, self.unsent)

    @cached_property
    def kind(self) -> str | None:
        """Return the Swagger type; None if any type is allowed."""
        return kind_of(self.schema)

    @property
    def traits(self) -> Traits:
        """Return the keywords beside the type."""
        return self.schema.traits

    @cached_property
    def properties(self) -> dict[str, Property]:
        """Return the members by name, including those that are required but not declared."""
        named = (
            {property_.name: property_ for property_ in self.schema.properties}
            if isinstance(self.schema, Record)
            else {}
        )
        other = [name for name in self.traits.required if name not in named] if self.kind == "object" else []
        return {**named, **{name: Property(name, self.rest or Anything(), required=True) for name in other}}

    @property
    def rest(self) -> Schema | None:
        """Return the schema of undeclared members; None if they are forbidden or if this is no object."""
        match self.schema:
            case Map(values):
                return values
            case Record(rest=rest):
                return rest
            case _:
                return None

    @property
    def closed(self) -> bool:
        """Return whether undeclared members are forbidden."""
        return isinstance(self.schema, Record) and self.schema.rest is None


@dataclass(frozen=True, slots=True)
class ShapePair:
    """The same place in both releases; `member` is its path, and `pointer` leads into the new document."""

    old: Shape
    new: Shape
    member: str
    pointer: str


class DefinitionPairs:
    """The definitions of both releases, and which of them differ."""

    def __init__(self, old: Api, new: Api) -> None:
        self._old, self._new = Resolver(old.schemas), Resolver(new.schemas)
        self._different = _spread(self._old.definitions, self._new.definitions)

    def are_unchanged(self, old: Schema, new: Schema) -> bool:
        """Return whether two schemas are equal, and everything that they refer to is unchanged."""
        return old == new and self._different.isdisjoint(references(old))

    def pairs(self, old: Shape, new: Shape, pointer: str) -> Iterator[ShapePair]:
        """Yield both schemas and everything inside that both have, the outermost first.

        Equal schemas are skipped, and each pair of references or compositions is yielded once.
        """
        waiting = deque([ShapePair(old, new, "", pointer)])
        seen: set[tuple[Schema, Schema, bool]] = set()
        while waiting:
            pair = waiting.popleft()
            raw = (pair.old.schema, pair.new.schema)
            named = any(isinstance(schema, Reference | Composed) for schema in raw)  # only these can be recursive
            known = (*raw, pair.old.unsent)
            if (named and known in seen) or (self.are_unchanged(*raw) and pair.old.default == pair.new.default):
                continue
            if named:
                seen.add(known)
            here = self._opened(pair)
            yield here
            waiting.extend(_inside(here))

    def _opened(self, pair: ShapePair) -> ShapePair:
        raw = pair.new.schema
        old, new = self._old.resolved(pair.old.schema), self._new.resolved(raw)
        pointer = f"/definitions/{escaped(raw.name)}" if isinstance(raw, Reference) else pair.pointer
        return ShapePair(pair.old.holding(old), pair.new.holding(new), pair.member, pointer)


@lru_cache(maxsize=4)
def properties(old: Shape, new: Shape) -> pairing.Pairs[Property]:
    """Return the pairs of members of two objects; no pairs if one of them can't be an object."""
    if not {old.kind, new.kind} <= {"object", None}:
        return pairing.Pairs((), (), ())
    return pairing.properties(
        (old.properties[name] for name in sorted(old.properties)),
        (new.properties[name] for name in sorted(new.properties)),
    )


def _inside(pair: ShapePair) -> Iterator[ShapePair]:
    """Yield the pairs one level deeper.

    A member that only one release declares is compared with the schema of undeclared members in the other.
    """
    match pair.old.schema, pair.new.schema:
        case Array(before), Array(after):
            yield _deeper(pair, before, after, ITEMS, "/items")
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
                yield _deeper(pair, had, has, VALUES, "/additionalProperties")
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


def _spread(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> frozenset[str]:
    """Return the names of definitions that differ, and of those that refer to them directly or indirectly."""
    users: dict[str, set[str]] = {}
    for name in old.keys() & new.keys():
        for used in references(old[name]):
            users.setdefault(used, set()).add(name)
    found = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    waiting = list(found)
    while waiting:
        fresh = users.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)
