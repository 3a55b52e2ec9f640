"""Remove circles of unions, such as a definition that is a union with itself as a member: they allow nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ovcgen.model.schema import Anything, Reference, Schema, Union


def without_union_cycles(definitions: Mapping[str, Schema]) -> tuple[dict[str, Schema], list[str]]:
    """Return (definitions without circles of unions, names of those that were in a circle).

    A union in a circle has the members of all unions that it leads to instead of references to them. A definition that
    only leads back to itself becomes Anything.
    """
    found = dict(definitions)
    circular = [name for name in definitions if _leads_back(name, definitions)]
    for name in circular:
        union = definitions[name]
        if isinstance(union, Union):
            members = tuple(dict.fromkeys(_members(name, definitions)))
            found[name] = _union(union, members)
        else:
            found[name] = Anything(union.traits)
    return found, circular


def _union(union: Union, members: tuple[Schema, ...]) -> Schema:
    if len(members) > 1:
        return replace(union, members=members)
    return replace(members[0], traits=union.traits) if members else Anything(union.traits)


def _inner(schema: Schema) -> Iterator[str]:
    """Yield the definitions that a schema is, or is a union with."""
    for member in schema.members if isinstance(schema, Union) else (schema,):
        if isinstance(member, Reference):
            yield member.name


def _leads_back(name: str, definitions: Mapping[str, Schema]) -> bool:
    """Return whether a union leads to itself, through unions and references alone."""
    if not isinstance(definitions[name], Union | Reference):
        return False
    passed: set[str] = set()
    waiting = [*_inner(definitions[name])]
    while waiting:
        target = waiting.pop()
        if target == name:
            return True
        if target not in passed and isinstance(definitions.get(target), Union | Reference):
            passed.add(target)
            waiting += _inner(definitions[target])
    return False


def _members(name: str, definitions: Mapping[str, Schema]) -> Iterator[Schema]:
    """Yield the members of a union that are no unions, with those of all unions that it leads to."""
    passed = {name}
    waiting: list[Schema] = [definitions[name]]
    while waiting:
        schema = waiting.pop(0)
        if isinstance(schema, Union):
            waiting[:0] = schema.members
        elif not isinstance(schema, Reference) or not isinstance(definitions.get(schema.name), Union | Reference):
            yield schema
        elif schema.name not in passed:
            passed.add(schema.name)
            waiting.insert(0, definitions[schema.name])
