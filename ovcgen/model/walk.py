"""Iterate over the schemas inside a schema. References are not followed; `model.resolve` follows them."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.model.schema import Array, Composed, Map, Record, Reference, Scalar, Schema, Union

ITEMS, VALUES = "[]", "*"  # the steps of a path into a list, and to the undeclared members of an object


def parts(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield (step, schema) of each schema directly inside of a schema; references are not followed.

    The step is ITEMS (`[]`) for the items of a list, VALUES (`*`) for undeclared members, otherwise the name of the
    member. The members of `allOf` and of unions are not parts, because they describe the same value. Several parts can
    have the same step: each of the first items of a list (`prefixItems`) has ITEMS too, after that of all other items,
    and the schemas of members by a pattern have VALUES, before that of undeclared members.
    """
    match schema:
        case Array(items, prefix=prefix):
            yield ITEMS, items
            yield from ((ITEMS, item) for item in prefix)
        case Map(values):
            yield VALUES, values
        case Record(properties, rest, patterns=patterns):
            yield from ((property_.name, property_.schema) for property_ in properties)
            yield from ((VALUES, inner) for _, inner in patterns)
            if rest is not None:
                yield VALUES, rest


def references(schema: Schema) -> Iterator[str]:
    """Yield the name of every reference at any depth, also those in `allOf` and unions; names can repeat."""
    waiting = [schema]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Scalar):
            continue  # most schemas are
        if isinstance(found, Reference):
            yield found.name
        waiting += found.members if isinstance(found, Composed | Union) else (part for _, part in parts(found))


def path_steps(path: str) -> list[str]:
    """Return the steps of a path: `["disks", "[]", "size"]` for `disks[].size`, [] for "".

    The name of a member that contains a dot is split, too.
    """
    return [step for step in path.replace(ITEMS, f".{ITEMS}").split(".") if step]
