"""Infer a Swagger schema from recorded values. Only types and names of keys are kept, never a value.

genson merges the schemas. It is given a schema of each single value, so that it never sees the value itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from ovcgen.documents.document import Json
from ovcgen.errors import MissingExtra

NAME = re.compile(r"[A-Za-z_$@][A-Za-z0-9_]{0,39}", re.ASCII)
DATA = re.compile(r"(?=.*[0-9])[0-9a-f]{8,}|.*[0-9]{4}.*", re.ASCII | re.IGNORECASE)
MANY = 64  # an object with more keys is a map, not a record
REST = "."  # the pattern under which the values of all data keys are merged
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


class NoInference(MissingExtra):
    """An error: genson is not installed."""

    def __init__(self) -> None:
        super().__init__("Learning", "genson", "learn")


def json_type(value: Json) -> str:
    """Return the JSON type of a value: `string`, `integer`, `number`, `boolean`, `null`, `array` or `object`.

    An int is an `integer`, and a float a `number`, also 1.0.
    """
    return TYPES.get(type(value)) or ("array" if isinstance(value, list) else "object")


def is_data(key: str, texts: Collection[str] = ()) -> bool:
    """Return whether a key looks like data (an id, an address), and not like the name of a property.

    A key is data if it is no identifier of at most 40 ASCII characters (which may begin with `$` or `@`), if it has
    four digits in a row, if it is a hexadecimal number of at least 8 characters with at least one of 0 to 9, or if it
    is in `texts`: strings that occur as values elsewhere in the recordings.
    """
    return not NAME.fullmatch(key) or bool(DATA.fullmatch(key)) or key in texts


def inferred_schema(values: Iterable[Json], texts: Collection[str] = ()) -> dict[str, Any]:
    """Return a Swagger schema that all these values match; {} (any value) if their types differ.

    Integers and other numbers together are `number`. A null among the values makes the schema `x-nullable`; without
    values it is {}. A property is required if every object has it. Keys that are data (see `is_data`) are no
    properties: the schema of their values is `additionalProperties`. Objects with more than 64 different keys have no
    properties but `additionalProperties`.

    Raises:
        NoInference: genson is not installed.
    """
    return _swagger(_merged([_sketch(value, texts) for value in values]))


def schema_text(schema: Json) -> str:
    """Return a Swagger schema as short text: `[{id: integer, name?: string or null}]`; `anything` for {}.

    `?` marks members that are not required, and `*` the values of any other key. {"x-nullable": true} alone is `null`.
    """
    match schema:
        case {"type": "array", "items": items}:
            word = f"[{schema_text(items)}]"
        case {"type": "object"}:
            required = schema.get("required", ())
            parts = [
                f"{name}{'' if name in required else '?'}: {schema_text(inner)}"
                for name, inner in schema.get("properties", {}).items()
            ]
            rest = [f"*: {schema_text(schema['additionalProperties'])}"] if "additionalProperties" in schema else []
            word = f"{{{', '.join([*parts, *rest])}}}"
        case {"type": str(word)}:
            pass
        case {"x-nullable": True}:
            return "null"
        case _:
            return "anything"
    return f"{word} or null" if schema.get("x-nullable") else word


def _merged(sketches: Iterable[Json]) -> Json:
    """Return one JSON schema for all of these. Raises NoInference."""
    try:
        from genson.schema.node import SchemaNode
    except ImportError as error:
        raise NoInference from error
    node = SchemaNode()
    for sketch in sketches:
        node.add_schema(sketch)
    return node.to_schema()


def _sketch(value: Json, texts: Collection[str]) -> Json:
    """Return the JSON schema of one value."""
    match value:
        case list():
            return {
                "type": "array",
                **({"items": {"anyOf": [_sketch(item, texts) for item in value]}} if value else {}),
            }
        case dict():
            data = [name for name in value if is_data(name, texts)]
            names = [name for name in value if name not in set(data)]
            body: dict[str, Any] = {"type": "object", "required": names}
            body["properties"] = {name: _sketch(value[name], texts) for name in names}
            if data:
                body["patternProperties"] = {REST: {"anyOf": [_sketch(value[name], texts) for name in data]}}
            return body
    return {"type": json_type(value)}


def _swagger(schema: Json) -> dict[str, Any]:
    """Return a JSON schema in Swagger 2.0 form: one type, and `x-nullable`. Several types give {} (any value)."""
    choices = [json for part in schema.get("anyOf", [schema]) for json in _single(part)]
    typed = [choice for choice in choices if choice.get("type") != "null"]
    nullable = {"x-nullable": True} if len(typed) < len(choices) else {}
    if len(typed) != 1:
        return nullable if not typed else {}
    return {**_of_one_type(typed[0]), **nullable}


def _single(schema: Json) -> list[Json]:
    """Return a schema with several types as several schemas of one type each."""
    types = schema.get("type")
    return [{**schema, "type": type_} for type_ in types] if isinstance(types, list) else [schema]


def _of_one_type(schema: Json) -> dict[str, Any]:
    match schema.get("type"):
        case "array":
            return {"type": "array", "items": _swagger(schema.get("items", {}))}
        case "object":
            return _object(schema)
        case str(name):
            return {"type": name}
    return {}


def _object(schema: Json) -> dict[str, Any]:
    properties, required = schema.get("properties", {}), schema.get("required", [])
    data = [*schema.get("patternProperties", {}).values()]
    if len(properties) > MANY:
        data, properties, required = [*data, *properties.values()], {}, []
    body: dict[str, Any] = {"type": "object"}
    if data:
        body["additionalProperties"] = _swagger(_merged(data))
    if properties:
        body["properties"] = {name: _swagger(properties[name]) for name in sorted(properties)}
    if required:
        body["required"] = sorted(required)
    return body
