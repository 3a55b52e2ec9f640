"""Iterate over the schemas inside a schema. References are not followed; `model.resolve` follows them."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.model.schema import Array, Composed, Map, Record, Reference, Schema

ITEMS, VALUES = "[]", "*"  # the steps of a path into a list, and to the undeclared members of an object


def parts(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield (step, schema) of each schema directly inside of this one.

    The step is ITEMS for the items of a list, VALUES for undeclared members (last), otherwise the name of the member.
    The members of `allOf` are not parts, because they describe the same value.
    """
    match schema:
        case Array(items):
            yield ITEMS, items
        case Map(values):
            yield VALUES, values
        case Record(properties, rest):
            yield from ((property_.name, property_.schema) for property_ in properties)
            if rest is not None:
                yield VALUES, rest


def references(schema: Schema) -> Iterator[str]:
    """Yield the name of every reference at any depth, also those in `allOf`; a name can come more than once."""
    waiting = [schema]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Reference):
            yield found.name
        waiting += found.members if isinstance(found, Composed) else (part for _, part in parts(found))


def path_steps(path: str) -> list[str]:
    """Return the steps of a path: `disks[].size` has the steps `disks`, `[]` and `size`."""
    return [step for step in path.replace(ITEMS, f".{ITEMS}").split(".") if step]
