"""Read `oneOf`, `anyOf` and discriminators, and recognise null in all its spellings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import excerpt
from ovcgen.model.constraints import merged
from ovcgen.model.readers.openapi3.document_state import IGNORED, Body, DocumentPlace
from ovcgen.model.readers.openapi3.schema_keywords import constants
from ovcgen.model.schema import Nothing, Reference, Scalar, Schema, Traits, Union

Mappings = tuple[tuple[str, str], ...]


def is_null(place: DocumentPlace, body: Json) -> bool:
    """Return whether a schema object allows only null: `type: null`, or an enum or constant with only null.

    In OpenAPI 3.0 also `nullable` alone, as generators for Rust write it beside a reference. References are followed.
    """
    passed: set[tuple[str, ...]] = set()
    while isinstance(body, dict) and isinstance(reference := body.get("$ref"), str):
        path = place.state.references.target(reference, place.path)
        if path is None or path in passed:
            return False
        passed.add(path)
        place, body = place.at(path), place.state.references.value(path)
    if not isinstance(body, dict):
        return False
    if place.state.is_3_0 and body == {"nullable": True}:
        return True
    return body.get("type") in ("null", ["null"]) or body.get("enum") == [None] or body.get("const", 0) is None


def union(place: DocumentPlace, body: Body, members: Sequence[Schema], *, exclusive: bool, nullable: bool) -> Schema:
    """Return the schema of a union of these members.

    With one member left the result is that member, with none Nothing; a union of constants of one type is one enum. The
    result is nullable if `nullable` is true or a member is nullable.

    Args:
        place, body: The schema that has the union, for its discriminator.
        members: All members but those that allow only null. Equal ones count once.
        exclusive: Whether it is a `oneOf`.
        nullable: Whether a member that allows only null was left out.
    """
    nullable = nullable or any(member.traits.nullable for member in members)
    distinct = tuple(dict.fromkeys(_without_null(member) for member in members))
    if not distinct:
        return Nothing(Traits(nullable=nullable))
    own = Traits(nullable=nullable)
    if len(distinct) == 1:
        return with_outer_traits(distinct[0], own)
    if enumeration := _enumeration(distinct):
        return with_outer_traits(enumeration, own)
    name, mapping = discriminator(place, body) if "discriminator" in body else ("", ())
    return Union(distinct, exclusive, name, own, _complete(name, mapping, distinct), _default(place, body))


def _without_null(member: Schema) -> Schema:
    return replace(member, traits=replace(member.traits, nullable=False)) if member.traits.nullable else member


def _enumeration(members: Sequence[Schema]) -> Scalar | None:
    """Return the enum to which a union of constants of one type is equal; None for any other union."""
    scalars = [member for member in members if isinstance(member, Scalar) and len(member.traits.enum) == 1]
    if len(scalars) < len(members) or len({(scalar.kind, scalar.traits.format) for scalar in scalars}) > 1:
        return None
    if any(scalar.traits.constraints or scalar.traits.unchecked for scalar in scalars):
        return None
    values = constants(value.value for scalar in scalars for value in scalar.traits.enum)
    lines = [f"{scalar.traits.enum[0].text}: {scalar.traits.doc}" for scalar in scalars if scalar.traits.doc]
    return Scalar(scalars[0].kind, Traits("\n".join(lines), scalars[0].traits.format, enum=values))


def with_outer_traits(schema: Schema, outer: Traits) -> Schema:
    """Return a schema with the traits of the schema object in which it stands (`outer`) added to its own.

    An outer description or default has precedence over the inner one, an inner format or enum over the outer one.
    Constraints of both must hold.
    """
    if outer == Traits() and outer.example is None:
        return schema
    own = schema.traits
    found = replace(
        own,
        doc=outer.doc or own.doc,
        format=own.format or ("" if isinstance(schema, Reference) else outer.format),
        nullable=own.nullable or outer.nullable,
        read_only=own.read_only or outer.read_only,
        write_only=own.write_only or outer.write_only,
        deprecated=own.deprecated or outer.deprecated,
        default=own.default if outer.default is None else outer.default,
        constraints=merged([own, outer]) if outer.constraints else own.constraints,
        enum=own.enum or outer.enum,
        known=outer.known or own.known,
        unchecked=tuple(sorted({*own.unchecked, *outer.unchecked}, key=lambda pair: pair[0])),
        example=own.example if outer.example is None else outer.example,
    )
    return replace(schema, traits=found)


def discriminator(place: DocumentPlace, body: Body) -> tuple[str, Mappings]:
    """Return (property, mapping) of a discriminator; ("", ()) if the schema object `body` has none.

    The mapping has the declared (value of the property, name of the definition) pairs, sorted. Entries that lead
    nowhere are reported and left out.
    """
    declared = body.get("discriminator")
    if declared is None:
        return "", ()
    inner = place / "discriminator"
    if isinstance(declared, str):
        inner.note("it is no object", "read as the name of the property")
        return declared, ()
    if not isinstance(declared, Mapping) or not isinstance(declared.get("propertyName"), str):
        inner.note(f"{excerpt(declared)} names no property", IGNORED)
        return "", ()
    return declared["propertyName"], _mapping(inner, declared)


def _mapping(place: DocumentPlace, declared: Body) -> Mappings:
    found: dict[str, str] = {}
    for value, target in place.objects(declared, "mapping").items() if "mapping" in declared else ():
        name = _definition(place / "mapping" / value, target)
        if name:
            found[value] = name
    return tuple(sorted(found.items()))


def _definition(place: DocumentPlace, target: Json) -> str:
    """Return the definition that a mapping names: by a valid name, else by a reference; "" if there is none."""
    path: tuple[str, ...] = ("components", "schemas", target) if isinstance(target, str) else ()
    if not _exists(place, path):
        path = (place.state.references.target(target, place.path) if isinstance(target, str) else None) or ()
    if not path:
        place.note(f"{excerpt(target)} leads nowhere", IGNORED)
        return ""
    return place.state.definition(path)


def _exists(place: DocumentPlace, path: tuple[str, ...]) -> bool:
    try:
        place.state.references.value(path)
    except LookupError:
        return False
    return bool(path)


def _complete(name: str, mapping: Mappings, members: Sequence[Schema]) -> Mappings:
    """Return the mapping with the implicit value of each referenced member that has none: the end of its name."""
    if not name:
        return ()
    known = {definition for _, definition in mapping}
    implicit = [
        (member.name.rpartition("/")[2], member.name)
        for member in members
        if isinstance(member, Reference) and member.name not in known
    ]
    return tuple(sorted({**dict(implicit), **dict(mapping)}.items()))


def _default(place: DocumentPlace, body: Body) -> str:
    declared = body.get("discriminator")
    if not isinstance(declared, Mapping) or "defaultMapping" not in declared:
        return ""
    return _definition(place / "discriminator" / "defaultMapping", declared["defaultMapping"])
