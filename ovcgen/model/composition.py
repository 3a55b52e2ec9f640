"""Resolve references, and merge the members of `allOf` into one schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    File,
    Json,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
)
from ovcgen.model.stackless import Steps, evaluated

LEAST: Mapping[str, Callable[[Json, Json], Json]] = {
    **dict.fromkeys(("minimum", "minItems", "minLength", "minProperties"), max),
    **dict.fromkeys(("maximum", "maxItems", "maxLength", "maxProperties"), min),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum", "uniqueItems"), lambda one, other: one or other),
}


def kind_of(schema: Schema) -> str | None:
    """Return the schema's Swagger type; `null` for Nothing, and None for Anything."""
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


def plain(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Return the schema with references followed and the members of `allOf` merged, at the top level only.

    A reference that is unknown or refers to itself gives Anything.
    """
    if not isinstance(schema, Reference | Composed):
        return schema
    return evaluated(_plain(schema, definitions, set()))


def _plain(schema: Schema, definitions: Mapping[str, Schema], inside: set[str]) -> Steps[Schema]:
    """Do the work of `plain` without Python's stack.

    `inside` holds the names of the references that are being followed. A reference to one of them gives Anything.
    """
    match schema:
        case Reference(name):
            if name in inside or name not in definitions:  # an unresolvable reference allows any value
                return Anything()
            inside.add(name)
            found: Schema = yield _plain(definitions[name], definitions, inside)
            inside.remove(name)
            return found
        case Composed():
            parts: list[Schema] = []
            for member in schema.members:
                parts.append((yield _plain(member, definitions, inside)))
            return _merged(schema, parts)
        case _:
            return schema


def both(one: Schema, other: Schema) -> Schema:
    """Return the schema of a value that matches both; it is Composed unless they are equal."""
    parts = [
        part for schema in (one, other) for part in (schema.members if isinstance(schema, Composed) else (schema,))
    ]
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else Composed(distinct)


def _merged(composed: Composed, parts: Sequence[Schema]) -> Schema:
    """Return the schema of a value that fits all parts.

    Where the parts contradict each other no value fits. Then the choice does not depend on their order.
    """
    told = [part for part in parts if not isinstance(part, Anything)]
    traits = _traits(composed.traits, parts)
    objects: list[Record | Map] = [scalar for scalar in told if isinstance(scalar, Record | Map)]
    if not told:
        return Anything(traits)
    if len(objects) < len(told):
        return replace(_narrowest(told), traits=traits)
    members: dict[str, Property] = {}
    for found in (found for object_ in objects if isinstance(object_, Record) for found in object_.properties):
        earlier = members.get(found.name, found)
        merged = Property(found.name, both(earlier.schema, found.schema), found.required or earlier.required)
        members[found.name] = merged
    return Record(
        tuple(replace(members[name], required=_has_to(members[name], traits)) for name in sorted(members)),
        _rest(objects),
        composed.discriminator
        or next((object_.discriminator for object_ in objects if isinstance(object_, Record)), ""),
        replace(traits, required=tuple(name for name in traits.required if name not in members)),
    )


def _narrowest(told: Sequence[Schema]) -> Schema:
    """Return what several schemas of one type require together.

    An integer is a number, and items must match the items of every array. Of different types the first by name is
    taken.
    """
    first = min(told, key=lambda part: kind_of(part) or "")  # "integer" is less than "number"
    if isinstance(first, Array):
        items = [schema.items for schema in told if isinstance(schema, Array)]
        return replace(first, items=reduce(both, items))
    return first


def _has_to(member: Property, traits: Traits) -> bool:
    return member.required or member.name in traits.required


def _rest(objects: Sequence[Record | Map]) -> Schema | None:
    """Return the schema of undeclared members; None if a part forbids them.

    A part that forbids undeclared members still allows those that another part declares.
    """
    rests = [object_.values if isinstance(object_, Map) else object_.rest for object_ in objects]
    told: list[Schema] = [rest for rest in rests if rest is not None and not isinstance(rest, Anything)]
    if None in rests:
        return None
    return reduce(both, told) if told else Anything()


def _traits(own: Traits, parts: Sequence[Schema]) -> Traits:
    """Return the traits of a value that matches all parts."""
    every = [own, *(part.traits for part in parts)]
    told = [part.traits for part in parts if not isinstance(part, Anything)]
    return replace(
        own,
        format=own.format or min((part.traits.format for part in parts if part.traits.format), default=""),
        nullable=own.nullable or (bool(told) and all(traits.nullable for traits in told)),
        read_only=any(traits.read_only for traits in every),
        default=next((traits.default for traits in every if traits.default is not None), None),
        constraints=_constraints(every),
        enum=_values(traits.enum for traits in every if traits.enum),
        required=tuple(sorted({name for traits in every for name in traits.required})),
    )


def _values(sets: Iterable[tuple[Constant, ...]]) -> tuple[Constant, ...]:
    """Return the values that are in all enums, in the order of the first."""
    listed = list(sets)
    return tuple(constant for constant in listed[0] if all(constant in other for other in listed)) if listed else ()


def _constraints(every: list[Traits]) -> tuple[tuple[str, Constant], ...]:
    found: dict[str, Constant] = {}
    for key, value in (pair for traits in every for pair in traits.constraints):
        earlier = found.get(key, value)
        found[key] = value if earlier == value else Constant.of(_tighter(key, earlier.value, value.value))
    return tuple(sorted(found.items()))


def _tighter(key: str, one: Json, other: Json) -> Json:
    """Return the stricter of two limits; of two values that can't be compared, such as patterns, a list of both."""
    if key in LEAST and isinstance(one, int | float) and isinstance(other, int | float):
        return LEAST[key](one, other)
    return sorted([one, other], key=str)
