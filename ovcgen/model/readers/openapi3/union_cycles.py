"""Remove circles of unions, such as a definition that is a union with itself as a member: they allow nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from ovcgen.documents.repair.reference_cycles import circles
from ovcgen.model.readers.openapi3.unions import with_outer_traits
from ovcgen.model.schema import Anything, Composed, Map, Record, Reference, Schema, Union


def without_union_cycles(definitions: Mapping[str, Schema]) -> tuple[dict[str, Schema], list[str]]:
    """Return the definitions without circles of unions, and the names of the definitions in circles to be reported.

    All circles are to be reported but those of subtypes that extend a union. The names are in the order of
    `definitions`.

    A union in a circle has the members of all unions that it leads to instead of references to them. A circle of
    `allOf` alone is kept, because it is read as the sum of its parts; so is a union of subtypes that extend the union.
    The definitions of any other circle with an `allOf` become Anything.
    """
    found = dict(definitions)
    reported: set[str] = set()
    for circle in circles({name: _names(_parts(schema, through_all_of=False)) for name, schema in definitions.items()}):
        found.update((name, _flat(name, definitions)) for name in circle)
        reported |= circle
    for circle in circles({name: _names(_parts(schema)) for name, schema in found.items()}):
        inside = [part for name in circle for part in _parts(found[name])]
        has_union = any(isinstance(part, Union) for part in inside)
        if has_union and any(_is_object(part, circle) for part in inside):
            continue
        if has_union:
            found.update((name, Anything(found[name].traits)) for name in circle)
        reported |= circle
    return found, [name for name in definitions if name in reported]


def _parts(schema: Schema, *, through_all_of: bool = True) -> Iterator[Schema]:
    """Yield a schema, and the members of unions and, with `through_all_of`, of `allOf` in it, at any depth."""
    waiting = [schema]
    while waiting:
        part = _unwrapped(waiting.pop())
        yield part
        if isinstance(part, Union) or (through_all_of and isinstance(part, Composed)):
            waiting += part.members


def _names(parts: Iterable[Schema]) -> tuple[str, ...]:
    return tuple(part.name for part in parts if isinstance(part, Reference))


def _unwrapped(schema: Schema) -> Schema:
    """Return the only member of an `allOf` with one member; other schemas unchanged."""
    while isinstance(schema, Composed) and len(schema.members) == 1:
        (schema,) = schema.members
    return schema


def _is_object(part: Schema, circle: Set[str]) -> bool:
    return isinstance(part, Record | Map) or (isinstance(part, Reference) and part.name not in circle)


def _flat(name: str, definitions: Mapping[str, Schema]) -> Schema:
    """Return the union of all members that a definition in a circle leads to; Anything if there are none."""
    own = definitions[name]
    members = tuple(dict.fromkeys(_members(name, definitions)))
    if len(members) > 1:
        union = _unwrapped(own)
        return replace(union, members=members) if isinstance(union, Union) else Union(members, traits=own.traits)
    return with_outer_traits(members[0], own.traits) if members else Anything(own.traits)


def _members(name: str, definitions: Mapping[str, Schema]) -> Iterator[Schema]:
    """Yield the members of a union that are no unions, with those of all unions that it leads to."""
    passed = {name}
    waiting: list[Schema] = [definitions[name]]
    while waiting:
        schema = _unwrapped(waiting.pop(0))
        target = _unwrapped(definitions.get(schema.name, Anything())) if isinstance(schema, Reference) else None
        if isinstance(schema, Union):
            waiting[:0] = schema.members
        elif not isinstance(schema, Reference) or not isinstance(target, Union | Reference):
            yield schema
        elif schema.name not in passed:
            passed.add(schema.name)
            waiting.insert(0, target)
