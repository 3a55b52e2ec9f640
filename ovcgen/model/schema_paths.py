"""Find the schema at a path inside of another schema, such as `[].disks[].id`."""

from __future__ import annotations

from collections.abc import Mapping

from ovcgen.model.composition import plain
from ovcgen.model.schema import Anything, Array, Map, Record, Schema


def piece(schema: Schema, member: str, definitions: Mapping[str, Schema]) -> Schema:
    """Return the schema at the path `member`, with references and `allOf` resolved; Anything if the path is unknown."""
    found = plain(schema, definitions)
    for step in member.replace("[]", ".[]").split("."):
        if step:
            found = plain(_at(found, step), definitions)
    return found


def _at(schema: Schema, step: str) -> Schema:
    match schema:
        case Array(items) if step == "[]":
            return items
        case Map(values):
            return values
        case Record(properties, rest):
            return next((property_.schema for property_ in properties if property_.name == step), rest or Anything())
    return Anything()
