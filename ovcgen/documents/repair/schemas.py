"""Repair schemas. A schema that can't be understood allows anything, so that no wrong type is promised."""

from __future__ import annotations

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import (
    ANYTHING,
    IGNORED,
    Body,
    RepairContext,
    excerpt,
    known_keys,
    mapping,
    text_list,
)
from ovcgen.documents.repair.validation_keywords import CARRIED, PLAIN, plain_values, type_meant, with_format

NESTED = ("$ref", "type", "required", "enum", "properties", "additionalProperties", "items", "allOf")
OF_PARAMETERS = {"name", "in", "allowEmptyValue"}
KEYS = frozenset({*PLAIN, *CARRIED, *NESTED} - OF_PARAMETERS)
TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
KIND = "schema"
SCOPE = "x-scope"  # bravado resolves references relative to this key of its own


def schema(place: RepairContext, value: Json) -> Body:
    """Return a valid schema that is as close as possible to the given one; {} (any value) if it is not an object.

    A wrong type is corrected (`int`) or left out, `nullable` becomes `x-nullable`, and of a reference to nothing only
    description and title are left. Each repair, also of the schemas inside, is reported at its place.
    """
    place.note_kind(KIND)
    if not isinstance(value, dict):
        place.note(f"{excerpt(value)} is no schema", ANYTHING)
        return {}
    if value.get("nullable") is True:
        (place / "nullable").note("'nullable' does not belong here", "read as `x-nullable`")
        value = {"x-nullable": True, **{key: member for key, member in value.items() if key != "nullable"}}
    body = plain_values(place, known_keys(place, value, KEYS))
    if "$ref" in body:
        return _reference(place, body)
    body = _typed(place, body)
    if "required" in body:
        body = _required(place / "required", body)
    return _inner(place, body)


def _reference(place: RepairContext, body: Body) -> Body:
    target, others = body["$ref"], {key: body[key] for key in body if key != "$ref"}
    if not isinstance(target, str):
        (place / "$ref").note(f"{excerpt(target)} is no reference", ANYTHING)
        return schema(place, others)
    if target.isidentifier() and place.refers_to(f"#/definitions/{target}", KIND):
        if place.findings.known is None:
            return {**others, "$ref": target}  # the next pass knows the definitions
        (place / "$ref").note(f"{excerpt(target)} is no reference", f"read as '#/definitions/{target}'")
        return {"$ref": f"#/definitions/{target}"}
    if not place.refers_to(target, KIND):
        (place / "$ref").note(f"the document has no schema at {excerpt(target)}", ANYTHING)
        return {key: others[key] for key in ("description", "title") if key in others}
    if SCOPE in others:
        (place / SCOPE).note("it would lead the reference elsewhere", IGNORED)
        del others[SCOPE]
    return {"$ref": target, **{key: member for key, member in others.items() if key in PLAIN or key[:2] == "x-"}}


def _typed(place: RepairContext, body: Body) -> Body:
    kind = body.get("type")
    if (kind is None and "type" not in body) or (isinstance(kind, str) and kind in TYPES):
        return body
    others = {key: body[key] for key in body if key != "type"}
    if isinstance(kind, list) and kind:
        kinds = text_list(place / "type", kind, TYPES.__contains__)
        return {**others, "type": kinds} if kinds else others
    word = kind if isinstance(kind, str) else ""
    meant = type_meant(word)
    if meant == "file":
        meant, word = "string", "binary"
    if meant in TYPES:
        (place / "type").note(f"{excerpt(kind)} is no type", f"read as `{meant}`")
        return with_format({**others, "type": meant}, word)
    done = "its properties tell" if "properties" in body else ANYTHING
    (place / "type").note(f"{excerpt(kind)} is no type", done)
    return others


def _required(place: RepairContext, body: Body) -> Body:
    names = body["required"]
    if isinstance(names, list) and names and len(set(map(str, names))) == len(names) and _all_texts(names):
        return body
    others = {key: body[key] for key in body if key != "required"}
    if isinstance(names, bool) or not names:
        place.note(f"{excerpt(names)} is no list of names", IGNORED)
        return others
    kept = text_list(place, names)
    return {**others, "required": kept} if kept else others


def _all_texts(values: list[Json]) -> bool:
    return all(isinstance(json, str) for json in values)


def _inner(place: RepairContext, body: Body) -> Body:
    """Return the schema with its inner schemas repaired."""
    result = dict(body)
    if "properties" in body:
        members = mapping(place / "properties", body["properties"])
        result["properties"] = {name: schema(place / "properties" / name, member) for name, member in members.items()}
    if "additionalProperties" in body and not isinstance(body["additionalProperties"], bool):
        result["additionalProperties"] = schema(place / "additionalProperties", body["additionalProperties"])
    if "allOf" in body:
        parts = body["allOf"] if isinstance(body["allOf"], list) else []
        result["allOf"] = [schema(place / "allOf" / number, part) for number, part in enumerate(parts)]
        if not parts:
            (place / "allOf").note(f"{excerpt(body['allOf'])} is no list of schemas", IGNORED)
            del result["allOf"]
    if "items" in body:
        result["items"] = _items(place / "items", body["items"])
    return result


def _items(place: RepairContext, value: Json) -> Json:
    """Return the repaired `items`: one schema, or a list with a schema for each index."""
    if isinstance(value, list) and value:
        return [schema(place / number, item) for number, item in enumerate(value)]
    return schema(place, value)
