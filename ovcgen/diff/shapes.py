"""Pairs of shapes to compare: references followed, `allOf` merged, recursion ended, unchanged definitions skipped."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from ovcgen.diff.change import joined
from ovcgen.model.api import Api
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    File,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
)


class Direction(Enum):
    """Who sends the value. The new release must accept every old request, and send only what old answers could hold."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema, ready to be judged: never a reference or a composition.

    `text` says that values are written outside JSON (in a form, a query, a path, a header), where a number and its
    digits are the same.
    """

    schema: Schema
    direction: Direction = Direction.REQUEST
    text: bool = False
    default: Constant | None = None

    @property
    def kind(self) -> str | None:
        """Its Swagger type, None where anything goes."""
        return kind_of(self.schema)

    @property
    def traits(self) -> Traits:
        """What it carries beside its type."""
        return self.schema.traits

    @property
    def properties(self) -> dict[str, Property]:
        """The named members, by name."""
        return {each.name: each for each in self.schema.properties} if isinstance(self.schema, Record) else {}

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


def kind_of(schema: Schema) -> str | None:
    """Its Swagger type, None where anything goes."""
    match schema:
        case Scalar(kind):
            return kind
        case Array():
            return "array"
        case Map() | Record() | Composed() | Reference():
            return "object"
        case File():
            return "file"
        case Nothing():
            return "null"
        case Anything():
            return None


class Definitions:
    """The named shapes of both releases, and which of them differ."""

    def __init__(self, old: Api, new: Api) -> None:
        self._old = {each.name: each.schema for each in old.definitions}
        self._new = {each.name: each.schema for each in new.definitions}
        self._different = _spread(self._old, self._new)

    def same(self, old: Schema, new: Schema) -> bool:
        """Is nothing different in them, nor in anything that they refer to?"""
        return old == new and self._different.isdisjoint(_references(old))

    def pairs(self, old: Shape, new: Shape, pointer: str) -> Iterator[ShapePair]:
        """Both shapes and everything inside that both have, the outermost first; each pair of names once."""
        waiting = deque([ShapePair(old, new, "", pointer)])
        seen: set[tuple[Schema, Schema]] = set()
        while waiting:
            pair = waiting.popleft()
            raw = (pair.old.schema, pair.new.schema)
            named = any(isinstance(each, Reference) for each in raw)  # only a name leads back to where we were
            if (named and raw in seen) or (self.same(*raw) and pair.old.default == pair.new.default):
                continue
            if named:
                seen.add(raw)
            here = self._opened(pair)
            yield here
            waiting.extend(_inside(here))

    def _opened(self, pair: ShapePair) -> ShapePair:
        raw = pair.new.schema
        old, new = plain(pair.old.schema, self._old), plain(raw, self._new)
        pointer = f"/definitions/{escaped(raw.name)}" if isinstance(raw, Reference) else pair.pointer
        return ShapePair(replace(pair.old, schema=old), replace(pair.new, schema=new), pair.member, pointer)


def plain(schema: Schema, definitions: Mapping[str, Schema], via: frozenset[str] = frozenset()) -> Schema:
    """What a reference stands for, and what the members of `allOf` make together."""
    match schema:
        case Reference(name):
            if name in via or name not in definitions:  # a name that only stands for itself promises nothing
                return Anything()
            return plain(definitions[name], definitions, via | {name})
        case Composed():
            return _merged(schema, [plain(member, definitions, via) for member in schema.members])
        case _:
            return schema


def escaped(text: str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return text.replace("~", "~0").replace("/", "~1")


def _merged(composed: Composed, parts: list[Schema]) -> Schema:
    """A value with all of these shapes; where they contradict each other, the first that promises something wins."""
    told = [each for each in parts if not isinstance(each, Anything)]
    objects = [each for each in told if isinstance(each, Record | Map)]
    if not told or len(objects) < len(told):
        return told[0] if told else Anything(composed.traits)
    members: dict[str, Property] = {}
    for each in objects:
        for found in each.properties if isinstance(each, Record) else ():
            earlier = members.get(found.name, found)
            members[found.name] = replace(found, required=found.required or earlier.required)
    constraints = tuple(pair for each in (composed, *objects) for pair in each.traits.constraints)
    return Record(
        tuple(members[name] for name in sorted(members)),
        None if any(isinstance(each, Record) and each.rest is None for each in objects) else Anything(),
        composed.discriminator or next((each.discriminator for each in objects if isinstance(each, Record)), ""),
        replace(composed.traits, constraints=constraints),
    )


def _inside(pair: ShapePair) -> Iterator[ShapePair]:
    """What both hold one level deeper."""
    match pair.old.schema, pair.new.schema:
        case Array(before), Array(after):
            yield _deeper(pair, before, after, "[]", "/items")
        case (Map() | Record()) as before, (Map() | Record()) as after:
            had, has = pair.old.properties, pair.new.properties
            for name in sorted(had.keys() & has.keys()):
                yield _deeper(pair, had[name].schema, has[name].schema, name, f"/properties/{escaped(name)}")
            rests = [each.values if isinstance(each, Map) else each.rest for each in (before, after)]
            if rests[0] is not None and rests[1] is not None:
                yield _deeper(pair, rests[0], rests[1], "*", "/additionalProperties")
        case _:
            return


def _deeper(pair: ShapePair, old: Schema, new: Schema, name: str, step: str) -> ShapePair:
    return ShapePair(
        replace(pair.old, schema=old, default=old.traits.default),
        replace(pair.new, schema=new, default=new.traits.default),
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
            for each in properties:
                yield from _references(each.schema)
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
