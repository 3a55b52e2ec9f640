"""Find the subtypes of definitions that have a discriminator."""

from __future__ import annotations

from collections.abc import Mapping

from ovcgen.model.schema import Composed, Record, Reference, Schema


def subtypes(definitions: Mapping[str, Schema]) -> dict[str, tuple[str, ...]]:
    """Return the sorted names of all direct and indirect subtypes of each definition with a discriminator, by its name.

    A subtype is a definition that refers to the other one in its `allOf`; unions do not count. A definition without
    subtypes has (), one without a discriminator is not in the result, and no definition is its own subtype.
    """
    below: dict[str, set[str]] = {}
    for name, schema in definitions.items():
        for member in schema.members if isinstance(schema, Composed) else ():
            if isinstance(member, Reference):
                below.setdefault(member.name, set()).add(name)
    bases = (
        name for name, schema in definitions.items() if isinstance(schema, Record | Composed) and schema.discriminator
    )
    return {name: tuple(sorted(_all(name, below) - {name})) for name in bases}


def _all(name: str, below: Mapping[str, set[str]]) -> set[str]:
    """Return the direct and indirect subtypes of a definition."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = below.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found
