"""Pair the schemas of two releases for comparison: references resolved, recursion ended, equal definitions skipped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache

from ovcgen.diff import pairing
from ovcgen.diff.change import HERE, Location, joined
from ovcgen.diff.union_member_pairs import MemberPairs, MemberSearch, as_union
from ovcgen.documents.pointers import escaped
from ovcgen.model.api import Api
from ovcgen.model.resolve import Resolver, kind_of
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    Map,
    Property,
    Record,
    Reference,
    Schema,
    Traits,
    Union,
)
from ovcgen.model.walk import ITEMS, VALUES, references


class Direction(Enum):
    """Who sends the value: the caller (REQUEST) or the service (RESPONSE).

    The new release must accept every old request, and must respond only with values that old responses could have. In
    callbacks and webhooks the service sends the request, which is RESPONSE.
    """

    REQUEST = "request"
    RESPONSE = "response"

    @property
    def opposite(self) -> Direction:
        """Return the other direction: `RESPONSE` for `REQUEST`, and the reverse."""
        return Direction.RESPONSE if self is Direction.REQUEST else Direction.REQUEST


@dataclass(frozen=True, eq=False)
class Shape:
    """A schema with the context in which it is used, for rules to compare.

    Rules get it with references and `allOf` resolved. Two Shapes are equal only if they are the same object.

    Attributes:
        schema: The schema.
        direction: Who sends the value: the caller in a request, the service in a response.
        text: Values are written outside of JSON (form, query, path, header), where `1` and `"1"` are the same.
        default: The default of the parameter, or of the member or item that has the schema; None if it has none.
        unsent: The schema is part of something that is not sent in this direction (`readOnly`, `writeOnly`).
        openapi: The older of the two releases' versions of OpenAPI, such as `3.1`; "" if one of them is Swagger 2.0.
        repeats: The items of a list are written as fields of one name, as `p=a&p=b`, so a value is a list of one.
        union: The pairs of members, if one of the two schemas is a union; else None.
    """

    schema: Schema
    direction: Direction = Direction.REQUEST
    text: bool = False
    default: Constant | None = None
    unsent: bool = False
    openapi: str = ""
    repeats: bool = False
    union: MemberPairs | None = None

    def holding(self, schema: Schema, union: MemberPairs | None) -> Shape:
        """Return a shape with another schema and its union members in the same context.

        If the schema is the same and there are no union members, it is this shape itself.
        """
        return self if schema is self.schema and union is None else replace(self, schema=schema, union=union)

    @cached_property
    def kind(self) -> str | None:
        """Return the type of the schema, such as `string` or `file`; None if any type is allowed, or for a union."""
        return kind_of(self.schema)

    @property
    def traits(self) -> Traits:
        """Return the keywords of the schema other than its type, such as `format` and `enum`."""
        return self.schema.traits

    @cached_property
    def properties(self) -> dict[str, Property]:
        """Return the members of an object by name, also those that are required but not declared; {} for no object.

        A required member that is not declared has the schema of undeclared members, or any value if these are
        forbidden.
        """
        named = (
            {property_.name: property_ for property_ in self.schema.properties}
            if isinstance(self.schema, Record)
            else {}
        )
        other = [name for name in self.traits.required if name not in named] if self.kind == "object" else []
        return {
            **named,
            **{name: Property(name, self.undeclared_schema or Anything(), required=True) for name in other},
        }

    @property
    def declared(self) -> set[str]:
        """Return the names of the declared members of an object; an empty set for any other schema."""
        return {property_.name for property_ in self.schema.properties} if isinstance(self.schema, Record) else set()

    @property
    def undeclared_schema(self) -> Schema | None:
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
        """Return whether this is an object that forbids undeclared members (`additionalProperties: false`)."""
        return isinstance(self.schema, Record) and self.schema.rest is None


@dataclass(frozen=True, slots=True)
class ShapePair:
    """A record of the schemas at one place: that of the old release, and that of the new one.

    Attributes:
        old, new: The schemas with their context.
        place: The location, relative to the outermost schema.
        pointer: The JSON pointer of the place in the new document.
    """

    old: Shape
    new: Shape
    place: Location
    pointer: str


class DefinitionPairs:
    """The definitions (named schemas) of both releases, and which of them differ. It is used to pair schemas.

    Args:
        old, new: The APIs of both releases.
        pointer_of: Returns the JSON pointer of a definition in the new document.
    """

    def __init__(self, old: Api, new: Api, pointer_of: Callable[[str], str]) -> None:
        self._old, self._new = Resolver(old.schemas), Resolver(new.schemas)
        self._different = _spread(self._old.definitions, self._new.definitions)
        self._pointer_of = pointer_of
        self._members = MemberSearch((self._old, self._new), self.are_unchanged)

    def are_unchanged(self, old: Schema, new: Schema) -> bool:
        """Return whether an old and a new schema are equal, and everything that they refer to is unchanged.

        References count directly and through others.
        """
        return old == new and self._different.isdisjoint(references(old))

    def pairs(self, old: Shape, new: Shape, pointer: str) -> Iterator[ShapePair]:
        """Yield the pair of both schemas, then the pairs of everything inside that both have, the outermost first.

        References and `allOf` are resolved in the pairs. Unchanged schemas with equal defaults are skipped (nothing is
        yielded for two such), and each pair of references or compositions is yielded once. `pointer` is the JSON
        pointer of the schema in the new document.
        """
        waiting = deque([ShapePair(old, new, HERE, pointer)])
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
        raw = (pair.old.schema, pair.new.schema)
        old, new = self._old.resolved(raw[0]), self._new.resolved(raw[1])
        pointer = self._pointer_of(raw[1].name) if isinstance(raw[1], Reference) else pair.pointer
        union = None
        old, new = as_union(old, new), as_union(new, old)
        if isinstance(old, Union) or isinstance(new, Union):
            union = self._members.pairs(
                old if isinstance(old, Union) else raw[0], new if isinstance(new, Union) else raw[1]
            )
        old, new = _with_null(raw[0], old), _with_null(raw[1], new)
        before, after = pair.old.holding(old, union), pair.new.holding(new, union)
        return ShapePair(_with_default(before), _with_default(after), pair.place, pointer)


def _with_default(shape: Shape) -> Shape:
    """Return the shape with the default of the schema to which its reference refers (OpenAPI 3 only)."""
    own = shape.traits.default
    return replace(shape, default=own) if shape.openapi and shape.default is None and own is not None else shape


def _with_null(raw: Schema, resolved: Schema) -> Schema:
    """Return the resolved schema, made nullable if `raw`, which refers to it, is nullable."""
    if not raw.traits.nullable or resolved.traits.nullable:
        return resolved
    return replace(resolved, traits=replace(resolved.traits, nullable=True))


@lru_cache(maxsize=4)
def properties(old: Shape, new: Shape) -> pairing.Pairs[Property]:
    """Return the pairs of members of two objects; no pairs if one of the schemas is no object, or if one is a union.

    A schema without a type counts as an object. The result is cached. In OpenAPI 3, a member that one release only
    requires may be described by the schema of undeclared members.
    """
    if not {old.kind, new.kind} <= {"object", None} or old.union is not None:
        return pairing.Pairs((), (), ())
    had, has = _compared_members(old, new), _compared_members(new, old)
    return pairing.properties((had[name] for name in sorted(had)), (has[name] for name in sorted(has)))


def _compared_members(shape: Shape, other: Shape) -> dict[str, Property]:
    """Return the members of an object to compare.

    In OpenAPI 3, a member that only one release declares is not in the other, even if it is required there. One that
    none declares, and only one requires, may be in both.
    """
    if not shape.openapi:
        return shape.properties
    own, others = shape.declared, other.declared
    found = {name: member for name, member in shape.properties.items() if name in own or name not in others}
    if shape.undeclared_schema is not None:
        missing = [name for name in other.properties if name not in others and name not in found]
        found |= {name: Property(name, shape.undeclared_schema) for name in missing}
    return found


def _inside(pair: ShapePair) -> Iterator[ShapePair]:
    """Yield the pairs one level deeper.

    A member that only one release declares is compared with the schema of undeclared members in the other.
    """
    if pair.old.union is not None:
        for label, before, after in pair.old.union.both:
            variant = ".".join(filter(None, (pair.place.variant, label)))
            yield _deeper(pair, before, after, replace(pair.place, variant=variant), "")
        return
    match pair.old.schema, pair.new.schema:
        case Array(), Array():
            yield from _items(pair, pair.old.schema, pair.new.schema)
        case ((Map() | Record()), (Map() | Record())):
            yield from _declared(pair)
            yield from _patterns(pair)
            had, has = pair.old.undeclared_schema, pair.new.undeclared_schema
            if had is not None and has is not None and not _are_typed_anew(pair):
                yield _deeper(pair, had, has, _at(pair, VALUES), "/additionalProperties")


def _items(pair: ShapePair, old: Array, new: Array) -> Iterator[ShapePair]:
    """Yield the pairs of items: those by position that both have, then all others."""
    for number, (before, after) in enumerate(zip(old.prefix, new.prefix, strict=False)):
        yield _deeper(pair, before, after, _at(pair, f"[{number}]"), f"/prefixItems/{number}")
    if has_free_items(pair.old) == has_free_items(pair.new):
        yield _deeper(pair, old.items, new.items, _at(pair, ITEMS), "/items")


def _declared(pair: ShapePair) -> Iterator[ShapePair]:
    """Yield the pairs of members that at least one release declares."""
    found = properties(pair.old, pair.new)
    had, has = pair.old.undeclared_schema, pair.new.undeclared_schema
    listed = [(before.name, after.name, before.schema, after.schema) for before, after in found.both]
    if has is not None and not isinstance(has, Anything):
        listed += [(property_.name, "", property_.schema, has) for property_ in found.removed]
    if had is not None and not isinstance(had, Anything):
        listed += [(property_.name, property_.name, had, property_.schema) for property_ in found.added]
    for name, spelled, before, after in sorted(listed, key=lambda row: row[0]):
        step = f"/properties/{escaped(spelled)}" if spelled else "/additionalProperties"
        yield _deeper(pair, before, after, _at(pair, name), step)


def _patterns(pair: ShapePair) -> Iterator[ShapePair]:
    """Yield the pairs of members by pattern that both releases have."""
    had, has = ({} if isinstance(shape.schema, Map) else pattern_properties(shape) for shape in (pair.old, pair.new))
    for pattern in sorted(had.keys() & has.keys()):
        place = replace(_at(pair, VALUES), field=pattern)
        yield _deeper(pair, had[pattern], has[pattern], place, f"/patternProperties/{escaped(pattern)}")


def pattern_properties(shape: Shape) -> dict[str, Schema]:
    """Return the schemas by pattern of member names (`patternProperties`) of an object; {} if the schema has none."""
    return dict(shape.schema.patterns) if isinstance(shape.schema, Record) else {}


def has_free_items(shape: Shape) -> bool:
    """Return whether this is a list whose items may be anything; False for Swagger 2.0 and for all that is no list.

    In Swagger 2.0 the type of the items is compared instead.
    """
    return bool(shape.openapi) and isinstance(shape.schema, Array) and _is_free(shape.schema.items)


def _is_free(schema: Schema) -> bool:
    return isinstance(schema, Anything) and not schema.traits.enum


def _at(pair: ShapePair, name: str) -> Location:
    return replace(pair.place, member=joined(pair.place.member, name))


def _are_typed_anew(pair: ShapePair) -> bool:
    """Return whether only one release has a schema for undeclared members. False for Swagger 2.0.

    In OpenAPI 3, a separate rule reports this change.
    """
    free = [shape.undeclared_schema is not None and _is_free(shape.undeclared_schema) for shape in (pair.old, pair.new)]
    return bool(pair.old.openapi) and free[0] != free[1]


def _deeper(pair: ShapePair, old: Schema, new: Schema, place: Location, step: str) -> ShapePair:
    unsent = pair.old.unsent or _is_unsent(pair.old, old, new)
    before, after = (
        replace(shape, schema=schema, default=schema.traits.default, unsent=unsent, union=None, repeats=False)
        for shape, schema in ((pair.old, old), (pair.new, new))
    )
    return ShapePair(before, after, place, pair.pointer + step)


def _is_unsent(outer: Shape, old: Schema, new: Schema) -> bool:
    """Return whether a member is not sent: a read-only one in requests, a write-only one in responses.

    In OpenAPI 3, the new release decides. In Swagger 2.0, the member must be read-only in both releases.
    """
    if not outer.openapi:
        return outer.direction is Direction.REQUEST and old.traits.read_only and new.traits.read_only
    return new.traits.read_only if outer.direction is Direction.REQUEST else new.traits.write_only


def _spread(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> frozenset[str]:
    """Return the names of definitions that differ, or that refer to such a definition directly or indirectly."""
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
