"""Describe the members of unions that have no name of their own, for the names of their types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ovcgen.generator.view.schema_places import Key, SchemaPlace, inner_parts, member_name
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Array, Map, Record, Scalar, Schema, Union


def member_labels(places: Iterable[SchemaPlace], resolver: Resolver) -> dict[Key, str]:
    """Return a description of each member that is known by its number only, by its key.

    It is the `member_name` (`cat` for an object with the constant `kind: "cat"`) if no other member has the same, else
    `with size` if no other member has the property `size`, else the type: `list`, `map` or `text`. Members without such
    a difference keep their number: they have no description, but `variant 1` behind another number, as in `error 422`.
    """
    found: dict[Key, str] = {}
    for place in places:
        if isinstance(place.schema, Union):
            labels = _labels(place.schema, resolver)
            if place.key[-1][-1:].isdecimal():
                labels = {step: label or f"variant {step}" for step, label in labels.items()}
            found.update(((*place.key, step), label) for step, label in labels.items() if label)
    return found


def _labels(union: Union, resolver: Resolver) -> Mapping[str, str]:
    members = {step: _resolved(member, resolver) for step, member in inner_parts(union)}
    counts = Counter(name for member in members.values() for name in _properties(member))
    constants = {step: member_name(member, union.discriminator) for step, member in members.items()}
    shared = Counter(constants.values())
    labels = {
        step: constants[step] if constants[step] and shared[constants[step]] == 1 else _label(member, counts)
        for step, member in members.items()
        if step.isdecimal()
    }
    taken = Counter(label.casefold() for label in (*labels.values(), *(members.keys() - labels.keys())))
    return {step: label if taken[label.casefold()] == 1 else "" for step, label in labels.items()}


def _resolved(schema: Schema, resolver: Resolver) -> Schema:
    """Return the schema and its properties without references and `allOf`."""
    found = resolver.resolved(schema)
    if not isinstance(found, Record):
        return found
    properties = (replace(member, schema=resolver.resolved(member.schema)) for member in found.properties)
    return replace(found, properties=tuple(properties))


def _properties(schema: Schema) -> list[str]:
    """Return the names of the properties of an object, the required ones first."""
    if not isinstance(schema, Record):
        return []
    return [member.name for member in sorted(schema.properties, key=lambda member: (not member.required, member.name))]


def _label(schema: Schema, counts: Mapping[str, int]) -> str:
    match schema:
        case Record():
            own = next((name for name in _properties(schema) if counts[name] == 1), "")
            return f"with {own}" if own else ""
        case Array():
            return "list"
        case Map():
            return "map"
        case Scalar("string"):
            return "text"
        case _:
            return ""
