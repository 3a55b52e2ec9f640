"""Read schema objects of OpenAPI 3.0 and of JSON Schema 2020-12 (3.1 and later)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import excerpt
from ovcgen.model.readers.openapi3.document_state import ANYTHING, IGNORED, Body, DocumentPlace
from ovcgen.model.readers.openapi3.schema_keywords import traits, types
from ovcgen.model.readers.openapi3.unions import discriminator, is_null, union, with_outer_traits
from ovcgen.model.scalars import INT_OR_STRING, is_scalar
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
    Union,
)

# Keywords that describe a value itself, beside references, `allOf`, `oneOf` and `anyOf`.
OBJECTS = ("properties", "additionalProperties", "patternProperties", "propertyNames", "dependentRequired")
LISTS = ("items", "prefixItems")
OWN = (*OBJECTS, *LISTS, "required")
ENTRIES = {"oneOf": True, "anyOf": False}  # whether exactly one member must match
# The keywords of each type, from which a missing type is inferred.
OBJECT_KEYWORDS = frozenset({*OBJECTS, "maxProperties", "minProperties"})
LIST_KEYWORDS = frozenset({*LISTS, "maxItems", "minItems", "uniqueItems"})
STRING_KEYWORDS = frozenset({"maxLength", "minLength", "pattern", "contentEncoding", "contentMediaType"})
NUMBER_KEYWORDS = frozenset({"maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf"})
OF_TYPE = {
    "object": OBJECT_KEYWORDS,
    "array": LIST_KEYWORDS,
    "string": STRING_KEYWORDS,
    "number": NUMBER_KEYWORDS,
    "integer": NUMBER_KEYWORDS,
}
# What counts beside a reference only from OpenAPI 3.1 on.
KEYWORDS = (OBJECT_KEYWORDS | LIST_KEYWORDS | STRING_KEYWORDS | NUMBER_KEYWORDS).union(
    ENTRIES, ("required", "allOf", "enum", "const", "not")
)
STRUCTURE = {"properties": "object", "items": "array"}
SCALARS = ("string", "integer", "number", "boolean")


def schema(place: DocumentPlace, body: Json) -> Schema:
    """Return the schema that a schema object describes; Anything for `true`, and Nothing for `false`.

    A part that can't be read is reported and becomes Anything. References stay references.
    """
    if isinstance(body, bool):
        return Anything() if body else Nothing()
    if not isinstance(body, dict):
        place.note(f"{excerpt(body)} is no schema", ANYTHING)
        return Anything()
    if place.state.is_3_0 and "$ref" in body:
        body = _annotated(place, body)
    own = traits(place, body)
    parts = [part for part in (_reference(place, body), *_members(place, body), *_unions(place, body)) if part]
    if not parts:
        return _typed(place, body, own)
    if len(parts) > 1 or any(key in body for key in OWN):
        return _composed(place, body, parts, own)
    (only,) = parts
    if isinstance(only, Composed) or own.enum or own.constraints:
        return _composed(place, body, parts, own)
    return with_outer_traits(only, own)


def _annotated(place: DocumentPlace, body: Body) -> Body:
    """Return a reference of OpenAPI 3.0 with the annotations beside it; other keywords there have no effect."""
    for key in body.keys() & KEYWORDS:
        (place / key).note(f"{key!r} has no effect beside a reference", IGNORED)
    return {key: value for key, value in body.items() if key not in KEYWORDS}


def _reference(place: DocumentPlace, body: Body) -> Schema | None:
    """Return the reference of a schema; None if it has none. One that leads nowhere is reported."""
    key = "$ref" if "$ref" in body else "$dynamicRef"
    target = body.get(key)
    if target is None:
        return None
    path = place.state.references.target(target, place.path) if isinstance(target, str) else None
    if path is None:
        (place / key).note(f"the reference {excerpt(target)} leads nowhere", ANYTHING)
        return Anything()
    if target.isidentifier():
        (place / key).note(f"{excerpt(target)} is no reference", f"read as '#/components/schemas/{target}'")
    return Reference(place.state.definition(path))


def _members(place: DocumentPlace, body: Body) -> list[Schema]:
    """Return the members of `allOf`, as one Composed; [] if there are none. `true` and `{}` add nothing."""
    listed = place.array(body, "allOf") if "allOf" in body else []
    members = [schema(place / "allOf" / number, member) for number, member in enumerate(listed) if member is not True]
    return [Composed(tuple(members))] if members else []


def _unions(place: DocumentPlace, body: Body) -> list[Schema]:
    """Return the unions of a schema. Members without a type have that of the schema around them."""
    found: list[Schema] = []
    for key, exclusive in ENTRIES.items():
        listed = place.array(body, key) if key in body else []
        kinds = body.get("type")
        members: list[Schema] = []
        nullable = False
        for number, member in enumerate(listed):
            if is_null(place / key / number, member):
                nullable = True
                continue
            inherits = isinstance(member, dict) and kinds is not None and _is_untyped(member)
            members.append(schema(place / key / number, {**member, "type": kinds} if inherits else member))
        if members or nullable:
            found.append(union(place, body, members, exclusive=exclusive, nullable=nullable))
    return found


def _is_untyped(member: Body) -> bool:
    return not any(key in member for key in ("type", "$ref", "$dynamicRef", "allOf", "oneOf", "anyOf", "const", "enum"))


def _composed(place: DocumentPlace, body: Body, parts: list[Schema], own: Traits) -> Schema:
    """Return the schema of values that match all parts and the keywords beside them."""
    members: list[Schema] = []
    for part in parts:
        if isinstance(part, Composed) and part.traits == Traits():
            members += part.members
        else:
            members.append(part)
    if any(key in body for key in OWN):
        inner = {key: body[key] for key in (*OWN, "type") if key in body}
        kind = "object" if any(key in body for key in (*OBJECTS, "required")) else "array"
        members.append(_built(place, inner, kind, Traits(required=own.required)))
    has_union = any(isinstance(member, Union) for member in members)
    name, mapping = ("", ()) if has_union else discriminator(place, body)
    if len(members) == 1 and not name and not own.enum and not own.constraints and not own.required:
        return (
            Composed(tuple(members), traits=own)
            if isinstance(parts[0], Composed)
            else with_outer_traits(members[0], own)
        )
    return Composed(tuple(members), name, replace(own, required=()), mapping)


def _typed(place: DocumentPlace, body: Body, own: Traits) -> Schema:
    """Return the schema of a body without references and compositions."""
    kinds = types(place, body)
    if own.format == INT_OR_STRING:
        return Anything(own)
    if not kinds:
        return _untyped(place, body, own)
    if len(kinds) == 1:
        for key, kind in STRUCTURE.items():
            if body.get(key) and kinds != [kind]:
                (place / key).note(f"{key!r} has no effect on the type {kinds[0]}", IGNORED)
        return Nothing(replace(own, nullable=True)) if kinds == ["null"] else _built(place, body, kinds[0], own)
    shared = Traits(own.doc, nullable=own.nullable, read_only=own.read_only, default=own.default)
    shared = replace(shared, write_only=own.write_only, deprecated=own.deprecated, unchecked=own.unchecked)
    shared = replace(shared, example=own.example)
    members = [_built(place, body, kind, _of_type(kind, own)) for kind in kinds]
    return Union(tuple(dict.fromkeys(members)), traits=shared)


def _of_type(kind: str, own: Traits) -> Traits:
    """Return the traits of one of several types: the constraints and values of that type."""
    keywords = OF_TYPE.get(kind, frozenset())
    return Traits(
        format=own.format if kind in ("string", "integer", "number") else "",
        constraints=tuple(pair for pair in own.constraints if pair[0] in keywords),
        enum=tuple(value for value in own.enum if kind not in SCALARS or is_scalar(kind, value.value)),
        required=own.required if kind == "object" else (),
    )


def _untyped(place: DocumentPlace, body: Body, own: Traits) -> Schema:
    """Return the schema of a body without a type: it is inferred from the keywords or the values of the enum."""
    if body.get("const", 0) is None or body.get("enum") == [None]:
        return Nothing(replace(own, nullable=True))
    if not OBJECT_KEYWORDS.isdisjoint(body) or body.get("required"):
        return _built(place, body, "object", own)
    if not LIST_KEYWORDS.isdisjoint(body):
        return _built(place, body, "array", own)
    kinds = [kind for kind in SCALARS if any(is_scalar(kind, value.value) for value in own.enum)]
    kinds = [kind for kind in kinds if kind != "number" or "integer" not in kinds or _has_fractions(own.enum)]
    if own.enum and all(any(is_scalar(kind, value.value) for kind in kinds) for value in own.enum):
        kinds = [kind for kind in kinds if kind != "integer" or "number" not in kinds]
        if len(kinds) == 1:
            return Scalar(kinds[0], own)
        members = tuple(Scalar(kind, Traits(enum=_of_type(kind, own).enum)) for kind in kinds)
        return Union(members, traits=replace(own, enum=()))
    if not STRING_KEYWORDS.isdisjoint(body):
        return Scalar("string", own)
    return Scalar("number", own) if not NUMBER_KEYWORDS.isdisjoint(body) else Anything(own)


def _has_fractions(values: Iterable[Constant]) -> bool:
    return any(isinstance(value.value, float) for value in values)


def _built(place: DocumentPlace, body: Body, kind: str, own: Traits) -> Schema:
    match kind:
        case "array":
            return _array(place, body, own)
        case "object":
            return _object(place, body, own)
        case _:
            return Scalar(kind, own)


def _array(place: DocumentPlace, body: Body, own: Traits) -> Schema:
    listed = body.get("prefixItems", [])
    items = body.get("items", {})
    first = "prefixItems"
    if isinstance(items, list):
        (place / "items").note("it is a list of schemas", "read as `prefixItems`")
        first, listed, items = "items", items, body.get("additionalItems", {})
    elif not isinstance(listed, list):
        (place / first).note(f"{excerpt(listed)} is no list", IGNORED)
        listed = []
    prefix = tuple(schema(place / first / number, item) for number, item in enumerate(listed))
    return Array(schema(place / "items", items) if items != {} else Anything(), traits=own, prefix=prefix)


def _object(place: DocumentPlace, body: Body, own: Traits) -> Schema:
    rest = body.get("additionalProperties", True)
    others = None if rest is False else schema(place / "additionalProperties", rest)
    declared = body.get("properties")
    if declared is not None and not isinstance(declared, dict):
        (place / "properties").note(f"{excerpt(declared)} is no object", IGNORED)
    properties = declared if isinstance(declared, dict) else {}
    patterns = place.objects(body, "patternProperties") if "patternProperties" in body else {}
    name, mapping = discriminator(place, body) if "discriminator" in body else ("", ())
    if not properties and not patterns and not name and others is not None and "dependentRequired" not in body:
        return Map(others, own)
    listed = body.get("required")
    required = set(filter(_is_text, listed)) if isinstance(listed, list) else set[str]()
    return Record(
        tuple(
            Property(key, schema(place / "properties" / key, member), key in required)
            for key, member in sorted(properties.items())
        ),
        others,
        name,
        own,
        mapping,
        tuple((key, schema(place / "patternProperties" / key, inner)) for key, inner in sorted(patterns.items())),
        _dependent(place, body),
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _dependent(place: DocumentPlace, body: Body) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if "dependentRequired" not in body:
        return ()
    inner = place / "dependentRequired"
    declared = place.objects(body, "dependentRequired")
    return tuple((key, tuple(sorted(inner.names(declared, key)))) for key in sorted(declared))
