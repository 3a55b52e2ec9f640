"""Pair the members of two unions (`oneOf`, `anyOf`), or a schema with the member of a union that it became."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ovcgen.model.resolve import Resolver, kind_of
from ovcgen.model.schema import Anything, Array, Composed, Map, Record, Reference, Scalar, Schema, Traits, Union

ALIKE = 0.5  # the least part of all property names that two objects share to be the same member


@dataclass(frozen=True, slots=True)
class UnpairedMember:
    """A record of a member of a union that only one release has.

    Attributes:
        label: The name of its definition, else its type; `any` for no type.
        is_known: Whether another member of the same union has the same schema, so that no value comes or goes with it.
    """

    label: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class MemberPairs:
    """A record of the pairs of members of a union in two releases. A schema that is no union counts as its only member.

    Attributes:
        both: (label, old, new) of the members that both have. The label is the name of the new member's definition,
            else its type; "" if `by_type` is set.
        removed, added: The members that only the old or only the new release has.
        by_type: Whether both are lists of types, so that their types are compared instead of their members.
    """

    both: tuple[tuple[str, Schema, Schema], ...]
    removed: tuple[UnpairedMember, ...] = ()
    added: tuple[UnpairedMember, ...] = ()
    by_type: bool = False


@dataclass(frozen=True, slots=True)
class MemberSearch:
    """The search for pairs of members of two unions.

    Attributes:
        sides: The resolvers of the old and the new release.
        are_unchanged: Function that returns whether an old and a new schema are equal, with all that they refer to.
    """

    sides: tuple[Resolver, Resolver]
    are_unchanged: Callable[[Schema, Schema], bool]

    def pairs(self, old: Schema, new: Schema) -> MemberPairs:
        """Return the pairs of members, matched by equality, name, tag, equal content, and last by similarity.

        Similarity counts only if both schemas are unions. Two objects are similar if they share at least half of all
        their property names, other schemas if their types are equal; two references are never similar. A member that is
        itself a union is replaced by its members if it has no pair.

        Only types are paired if both schemas are types or lists of types, and the types of one include those of the
        other or both have no keywords that restrict the values otherwise.
        """
        plain = self._typed(0, old), self._typed(1, new)
        if old_types := types_of(plain[0]):
            new_types = types_of(plain[1])
            if new_types and (all(map(_is_bare, plain)) or _is_part(old_types, new_types)):
                return self._by_type(*plain)
        tags = (_tags(old), _tags(new))
        ways: list[Callable[[Schema, Schema], bool]] = [
            self.are_unchanged,
            _has_one_name,
            lambda one, other: _has_one_tag(one, other, tags),
            lambda one, other: self._unwrapped(0, one) == self._unwrapped(1, other),
        ]
        if isinstance(old, Union) and isinstance(new, Union):
            ways.append(self._is_alike)
        both, left, right = _matched(_members(old), _members(new), ways)
        inner = self._flattened(0, left), self._flattened(1, right)
        if inner != (left, right):
            more, left, right = _matched(*inner, ways)
            both += more
        return MemberPairs(
            tuple((_label(other), one, other) for one, other in both),
            tuple(self._member(0, one, _members(old)) for one in left),
            tuple(self._member(1, other, _members(new)) for other in right),
        )

    def _typed(self, side: int, schema: Schema) -> Schema:
        """Return the scalar or array that an `allOf` describes; any other schema is returned as it is."""
        resolved = self.sides[side].resolved(schema) if isinstance(schema, Composed) else schema
        return resolved if isinstance(resolved, Scalar | Array) else schema

    def _flattened(self, side: int, members: list[Schema]) -> list[Schema]:
        """Return the members. A member that is a union is replaced by its members."""
        opened = [(member, self.sides[side].resolved(member)) for member in members]
        return [
            inner for member, union in opened for inner in (_members(union) if isinstance(union, Union) else [member])
        ]

    def _by_type(self, old: Schema, new: Schema) -> MemberPairs:
        """Return the pairs of members of one type; an integer is also a number."""
        had = {kind_of(member): member for member in _members(old)}
        has = {kind_of(member): member for member in _members(new)}
        shared = [("", had[kind], has[kind]) for kind in had if kind in has and kind is not None]
        return MemberPairs(tuple(shared), by_type=True)

    def _member(self, side: int, member: Schema, every: tuple[Schema, ...]) -> UnpairedMember:
        own = self._unwrapped(side, member)
        return UnpairedMember(
            _label(member), any(self._unwrapped(side, other) == own for other in every if other != member)
        )

    def _unwrapped(self, side: int, member: Schema) -> Schema:
        """Return the resolved schema without its description."""
        resolved = self.sides[side].resolved(member)
        return replace(resolved, traits=replace(resolved.traits, doc=""))

    def _is_alike(self, one: Schema, other: Schema) -> bool:
        if isinstance(one, Reference) and isinstance(other, Reference):
            return False
        had, has = self.sides[0].resolved(one), self.sides[1].resolved(other)
        if isinstance(had, Record) and isinstance(has, Record):
            names = [{property_.name for property_ in record.properties} for record in (had, has)]
            return len(names[0] & names[1]) >= ALIKE * len(names[0] | names[1])
        if isinstance(had, Union) or isinstance(has, Union):
            return False
        return kind_of(had) == kind_of(has)


def _matched(
    old: Iterable[Schema], new: Iterable[Schema], ways: Iterable[Callable[[Schema, Schema], bool]]
) -> tuple[list[tuple[Schema, Schema]], list[Schema], list[Schema]]:
    """Return (pairs, rest of `old`, rest of `new`). The `ways` to match members are tried one after the other."""
    left, right = list(old), list(new)
    both: list[tuple[Schema, Schema]] = []
    for fits in ways:
        for one in left.copy():
            other = next((member for member in right if fits(one, member)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                both.append((one, other))
    return both, left, right


def as_union(schema: Schema, other: Schema) -> Schema:
    """Return the union of the variants that an object's discriminator names, if `other` is a union.

    Both forms describe the same values: either the variants refer to the object in their `allOf`, or a union lists
    them. Any other schema, and an object with fewer than two variants, is returned unchanged. The new union is
    exclusive (`oneOf`) if `other` is.
    """
    if not isinstance(other, Union) or not isinstance(schema, Record) or not schema.mapping:
        return schema
    members = tuple(Reference(name) for name in dict.fromkeys(name for _, name in schema.mapping))
    if len(members) < 2:
        return schema
    return Union(members, other.exclusive, schema.discriminator, schema.traits, schema.mapping)


def types_of(schema: Schema) -> frozenset[str] | None:
    """Return the types of a schema, or of a union that is a list of types; None for no type and for other unions.

    A union is a list of types if it has no discriminator, and each member is of another type and no reference. The
    members of a `oneOf` must not have other keywords that restrict the values.
    """
    if not isinstance(schema, Union):
        kind = kind_of(schema)
        return None if kind is None else frozenset({kind})
    if schema.discriminator or (schema.exclusive and not _is_bare(schema)):
        return None
    kinds = [kind_of(member) for member in schema.members if isinstance(member, Scalar | Array | Map | Record)]
    found = frozenset(kind for kind in kinds if kind is not None)
    return found if len(found) == len(schema.members) else None


def _is_bare(schema: Schema) -> bool:
    """Return whether a schema has no keywords that restrict the values, except its types."""
    match schema:
        case Union(members):
            return all(map(_is_bare, members))
        case Scalar(kind):
            return schema == Scalar(kind, _annotations(schema.traits))
        case Array() | Map():
            inner = schema.items if isinstance(schema, Array) else schema.values
            plain = replace(schema, traits=_annotations(schema.traits))
            return schema == plain and isinstance(inner, Anything) and not getattr(schema, "prefix", ())
    return False


def _annotations(traits: Traits) -> Traits:
    """Return only those traits that do not restrict the values, such as the description."""
    return Traits(
        doc=traits.doc,
        nullable=traits.nullable,
        read_only=traits.read_only,
        write_only=traits.write_only,
        deprecated=traits.deprecated,
        default=traits.default,
    )


def _is_part(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether one of two sets of types includes the other. `number` includes `integer`."""
    wide = [types | ({"integer"} if "number" in types else set()) for types in (one, other)]
    return one <= wide[1] or other <= wide[0]


def _members(schema: Schema) -> tuple[Schema, ...]:
    return schema.members if isinstance(schema, Union) else (schema,)


def _label(member: Schema) -> str:
    """Return the name of a member's definition, else its type."""
    match member:
        case Reference(name):
            return name.rpartition("/")[2]
        case Composed(members):
            named = [inner for inner in members if isinstance(inner, Reference)]
            return _label(named[-1]) if named else "object"
    return kind_of(member) or "any"


def _has_one_name(one: Schema, other: Schema) -> bool:
    names = [member.name for member in (one, other) if isinstance(member, Reference)]
    return len(names) == 2 and names[0] == names[1]


Tags = dict[str, set[str]]


def _tags(schema: Schema) -> Tags:
    """Return the tags of a union's members by the names of their definitions, without the implicit ones."""
    found: Tags = {}
    for tag, name in schema.mapping if isinstance(schema, Union) else ():
        if tag != name.rpartition("/")[2]:
            found.setdefault(name, set()).add(tag)
    return found


def _has_one_tag(one: Schema, other: Schema, tags: tuple[Tags, Tags]) -> bool:
    if not (isinstance(one, Reference) and isinstance(other, Reference)):
        return False
    return not tags[0].get(one.name, set()).isdisjoint(tags[1].get(other.name, set()))
