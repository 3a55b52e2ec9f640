"""Resolve schemas: follow references, merge the members of `allOf`, and return the type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from ovcgen.model import constraints
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
    Union,
)
from ovcgen.model.walk import VALUES, parts, path_steps

MOST_COMBINATIONS = 100  # of the members of unions with what stands beside them, for one schema


def kind_of(schema: Schema) -> str | None:
    """Return the type of a schema, as in JSON Schema: `file` for File, `null` for Nothing.

    The result is None for Anything and for a union. References and `allOf` are not followed: they give `object`.
    """
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
        case Anything() | Union():
            return None


class Resolver:
    """A resolver of the schemas of one API: it follows references and merges the members of `allOf`.

    Attributes:
        definitions: The schemas that references lead to, by name.
    """

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self.definitions = definitions
        self._known: dict[Schema, Schema] = {}
        self._owners = {id(schema): name for name, schema in definitions.items() if isinstance(schema, Composed)}

    def resolved(self, schema: Schema) -> Schema:
        """Return the schema with references followed and the members of `allOf` merged, at the top level only.

        The schemas inside are not changed. A reference that is unknown or refers to itself gives Anything. The traits
        of a reference, such as a description beside `$ref`, are not in the result: it has those of the target.
        """
        if not isinstance(schema, (Reference, Composed)):
            return schema
        if schema not in self._known:
            self._known[schema] = self._resolved(schema)
        return self._known[schema]

    def chain(self, schema: Schema) -> Iterator[Schema]:
        """Yield the schema, then each schema reached through references and `allOf` with a single member.

        The last schema is the target: Anything if a reference is unknown or leads back, Composed if members must be
        merged. `sole_member` says which members count.
        """
        passed: set[str] = set()
        while True:
            yield schema
            match schema:
                case Reference(name):
                    schema = Anything() if name in passed else self.definitions.get(name, Anything())
                    passed.add(name)
                case Composed(members) if (only := sole_member(schema)) is not None:
                    schema = members[only]
                case _:
                    return

    def at(self, schema: Schema, path: str) -> Schema:
        """Return the resolved schema at a path such as `[].disks[].id` inside of a schema.

        `[]` stands for the items of a list, `*` for undeclared members. A member that is not declared has the schema of
        undeclared members. The result is Anything if the path is unknown.
        """
        found = self.resolved(schema)
        for step in path_steps(path):
            inner: dict[str, Schema] = {}
            for name, part in parts(found):
                inner.setdefault(name, part)
            found = self.resolved(inner.get(step, inner.get(VALUES, Anything())))
        return found

    def _resolved(self, schema: Schema) -> Schema:
        passed: set[str] = set()
        while isinstance(schema, Reference):
            if schema.name in passed:
                return Anything()
            passed.add(schema.name)
            schema = self.definitions.get(schema.name, Anything())
        passed |= {self._owners[id(schema)]} if id(schema) in self._owners else set()
        return self._merged(schema, passed, [MOST_COMBINATIONS]) if isinstance(schema, Composed) else schema

    def _merged(self, composed: Composed, passed: set[str], budget: list[int]) -> Schema:
        """Return the schema of values that match all members of `allOf`.

        With a union among them it is a union: each member of the first union together with everything else.

        Args:
            passed: The definitions of which this is a part. A union with one of them as a member is left out, as it
                says nothing else.
            budget: How many combinations may still be made. When it is spent, unions are left out.
        """
        followed: dict[tuple[str, bool], None] = {}
        members = list(self._members(composed, followed))
        if not any(isinstance(member, Union) for member in members):
            return _merged(composed, members)
        passed = passed | {name for name, _ in followed}
        others = [member for member in members if not isinstance(member, Union)]
        unions = [member for member in members if isinstance(member, Union) and not _is_condition(member, passed)]
        budget[0] -= sum(len(union.members) for union in unions)
        if not unions or budget[0] < 0:
            return _merged(composed, others)
        first, *rest = unions
        found: dict[Schema, None] = {}
        for member in first.members:
            combined = self._merged(Composed((*others, member, *rest)), passed, budget)
            alone = self._merged(Composed((member,)), passed, budget) if isinstance(member, Reference) else combined
            same = isinstance(member, Reference) and _has_same_members(alone, combined)
            alternatives = combined.members if isinstance(combined, Union) else (combined,)
            found.update(dict.fromkeys((member,) if same else alternatives))
        traits = _traits(composed.traits, [member for member in members if not _is_open(member)])
        if len(found) == 1:
            return replace(next(iter(found)), traits=traits)
        return replace(first, members=tuple(found), traits=replace(traits, required=()))

    def _members(self, composed: Composed, passed: dict[tuple[str, bool], None]) -> Iterator[Schema]:
        """Yield the members of `allOf` in order, with references followed and nested `allOf` flattened.

        For a nested `allOf` the keywords beside it come first, then its members, nullable if it is nullable. A
        reference that was followed before (`passed`) is left out, because it would add nothing.
        """
        waiting: list[tuple[Schema, bool]] = [(member, False) for member in reversed(composed.members)]
        while waiting:
            member, nullable = waiting.pop()
            nullable = nullable or member.traits.nullable
            match member:
                case Reference(name):
                    if (name, nullable) not in passed and name in self.definitions:
                        passed[name, nullable] = None
                        waiting.append((self.definitions[name], nullable))
                case Composed(members, "", traits):
                    yield Anything(traits)
                    waiting += [(inner, nullable) for inner in reversed(members)]
                case Composed(members, discriminator, traits, mapping):
                    yield Record((), Anything(), discriminator, replace(traits, nullable=True), mapping)
                    waiting += [(inner, nullable) for inner in reversed(members)]
                case _ if nullable and not member.traits.nullable:
                    yield replace(member, traits=replace(member.traits, nullable=True))
                case _:
                    yield member


def sole_member(composed: Composed) -> int | None:
    """Return the index of the only member of an `allOf` that counts; None if none, or more than one, counts.

    Members that allow any object or any value do not count, except one that is alone. The result is also None if
    `required` names members that are not declared beside it.
    """
    if any(schema.traits.required for schema in (composed, *composed.members)):
        return None
    if len(composed.members) == 1:
        return 0
    found = [number for number, member in enumerate(composed.members) if not _is_open(member)]
    return found[0] if len(found) == 1 else None


def _is_open(schema: Schema) -> bool:
    is_any = isinstance(schema, Anything) and not schema.traits.format
    return is_any or schema == Map(Anything(), schema.traits)


def _all(schemas: Iterable[Schema]) -> Schema:
    """Return the schema of values that match all schemas: the schema itself if all are equal, else Composed."""
    distinct = tuple(dict.fromkeys(schemas))
    if len(distinct) == 1:
        return distinct[0]
    doc = next((schema.traits.doc for schema in reversed(distinct) if schema.traits.doc), "")
    return Composed(distinct, traits=Traits(doc=doc, read_only=any(schema.traits.read_only for schema in distinct)))


def _merged(composed: Composed, members: Sequence[Schema]) -> Schema:
    """Return the schema of values that match all members.

    If members contradict each other, no value matches. The result then does not depend on their order.
    """
    constrained = [member for member in members if not isinstance(member, Anything)]
    traits = _traits(composed.traits, members)
    objects: list[Record | Map] = [member for member in constrained if isinstance(member, Record | Map)]
    if not constrained:
        return Anything(traits)
    if len(objects) < len(constrained):
        return replace(_narrowest(constrained), traits=traits)
    declared: dict[str, list[Property]] = {}
    records = [object_ for object_ in objects if isinstance(object_, Record)]
    for property_ in (property_ for record in records for property_ in record.properties):
        declared.setdefault(property_.name, []).append(property_)
    discriminators = [record.discriminator for record in records]
    return Record(
        tuple(_property(name, declared[name], traits) for name in sorted(declared)),
        _rest(objects),
        composed.discriminator or min(filter(None, discriminators), default=""),
        replace(traits, required=tuple(name for name in traits.required if name not in declared)),
        composed.mapping or next((record.mapping for record in records if record.mapping), ()),
        tuple(sorted((pair for record in records for pair in record.patterns), key=lambda pair: pair[0])),
        tuple(sorted({pair for record in records for pair in record.dependent_required})),
    )


def _is_condition(union: Union, passed: Set[str]) -> bool:
    """Return whether a union says nothing about members of an object, or has a definition of `passed` as a member."""
    return any(isinstance(member, Reference) and member.name in passed for member in union.members) or all(
        isinstance(member, Anything | Map) or (isinstance(member, Record) and not member.properties)
        for member in union.members
    )


def _has_same_members(one: Schema, other: Schema) -> bool:
    return (
        isinstance(one, Record)
        and isinstance(other, Record)
        and (one.properties, one.rest) == (other.properties, other.rest)
    )


def _property(name: str, declared: Sequence[Property], traits: Traits) -> Property:
    required = name in traits.required or any(property_.required for property_ in declared)
    return Property(name, _all(property_.schema for property_ in declared), required)


def _narrowest(schemas: Sequence[Schema]) -> Schema:
    """Return what several schemas of one type require together.

    An integer is a number, and items must match the items of every array. Of different types the first by name is
    taken.
    """
    first = min(schemas, key=lambda schema: kind_of(schema) or "")  # "integer" is less than "number"
    if isinstance(first, Array):
        return replace(first, items=_all(schema.items for schema in schemas if isinstance(schema, Array)))
    return first


def _rest(objects: Sequence[Record | Map]) -> Schema | None:
    """Return the schema of undeclared members; None if a part forbids them.

    A part that forbids undeclared members still allows those that another part declares.
    """
    rests = [object_.values if isinstance(object_, Map) else object_.rest for object_ in objects]
    constrained: list[Schema] = [rest for rest in rests if rest is not None and not isinstance(rest, Anything)]
    if None in rests:
        return None
    return _all(constrained) if constrained else Anything()


def _traits(own: Traits, members: Sequence[Schema]) -> Traits:
    """Return the traits of values that match all members. Descriptions and known values are those of `own`."""
    every = [own, *(member.traits for member in members)]
    constrained = [member.traits for member in members if not isinstance(member, Anything)]
    return replace(
        own,
        format=own.format or min((traits.format for traits in every if traits.format), default=""),
        nullable=own.nullable or (bool(constrained) and all(traits.nullable for traits in constrained)),
        read_only=any(traits.read_only for traits in every),
        write_only=any(traits.write_only for traits in every),
        deprecated=any(traits.deprecated for traits in every),
        default=next((traits.default for traits in every if traits.default is not None), None),
        constraints=constraints.merged(every),
        enum=_values(traits.enum for traits in every if traits.enum),
        required=tuple(sorted({name for traits in every for name in traits.required})),
        unchecked=tuple(sorted({pair for traits in every for pair in traits.unchecked}, key=lambda pair: pair[0])),
    )


def _values(sets: Iterable[tuple[Constant, ...]]) -> tuple[Constant, ...]:
    """Return the values that are in all enums, in the order of the first."""
    listed = list(sets)
    return tuple(constant for constant in listed[0] if all(constant in other for other in listed)) if listed else ()
