"""Read the keywords that schemas of all kinds can have into `Traits`: limits, enums, null, and annotations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ovcgen.documents.document import Json
from ovcgen.documents.repair.context import excerpt
from ovcgen.model.readers.examples import example
from ovcgen.model.readers.openapi3.document_state import ANYTHING, IGNORED, Body, DocumentPlace
from ovcgen.model.scalars import INT_OR_STRING
from ovcgen.model.schema import Constant, Traits

COUNTS = ("maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties")
LIMITS = ("maximum", "minimum", "multipleOf")
OTHERS = {"pattern": str, "uniqueItems": bool}
CONSTRAINTS = frozenset({*COUNTS, *LIMITS, *OTHERS})
EXCLUSIVE = {"exclusiveMaximum": "maximum", "exclusiveMinimum": "minimum"}
# Keywords without a type in Python.
UNCHECKED = frozenset(
    {
        *("not", "if", "then", "else", "contains", "minContains", "maxContains", "dependentSchemas", "contentSchema"),
        *("unevaluatedItems", "unevaluatedProperties", "propertyNames", "contentMediaType"),
    }
)
TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
# Words of other languages for types, as documents write them.
MEANT: Mapping[str, str] = {
    **dict.fromkeys(("int", "int32", "int64", "long"), "integer"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    **dict.fromkeys(("bool",), "boolean"),
    **dict.fromkeys(("str", "text", "date", "date-time", "datetime", "uuid", "file", "binary"), "string"),
    **dict.fromkeys(("dict", "map", "hash"), "object"),
    **dict.fromkeys(("list",), "array"),
}
BINARY = re.compile(r"(image|audio|video|font)/(?!svg)|application/(octet-stream|pdf|zip|gzip)\b")  # no texts
FORMATS = {"date": "date", "date-time": "date-time", "datetime": "date-time", "file": "binary", "uuid": "uuid"}
# Everything that `traits` reads. A schema without any of them has no traits.
ANNOTATIONS = frozenset(
    {
        *("description", "format", "nullable", "readOnly", "writeOnly", "deprecated", "default", "required", "enum"),
        *("const", "type", "contentEncoding", "x-nullable", "x-known-values", "x-kubernetes-int-or-string"),
        *("example", "examples"),
    }
)
WANTED = ANNOTATIONS | CONSTRAINTS | EXCLUSIVE.keys() | UNCHECKED


def traits(place: DocumentPlace, body: Body) -> Traits:
    """Return the traits of a schema object: all its keywords except types, references, compositions and members.

    Constraints whose values do not fit the keyword are reported and ignored.
    """
    if WANTED.isdisjoint(body):
        return Traits()
    values = _values(place, body)
    return Traits(
        doc=place.member(body, "description").strip(),
        format=_format(place, body),
        nullable=_nullable(place, body) or (values is not None and None in values and "type" not in body),
        read_only="readOnly" in body and place.flag(body, "readOnly"),
        default=Constant.of(body["default"]) if body.get("default") is not None else None,
        constraints=_constraints(place, body),
        enum=constants(value for value in values or () if value is not None),
        known=constants(_listed(place, body, "x-known-values")),
        required=_elsewhere(place, body),
        write_only="writeOnly" in body and place.flag(body, "writeOnly"),
        deprecated="deprecated" in body and place.flag(body, "deprecated"),
        unchecked=tuple((key, Constant.of(body[key])) for key in sorted(UNCHECKED & body.keys())),
        example=example(body),
    )


def types(place: DocumentPlace, body: Body) -> list[str]:
    """Return the types that a schema object declares, without `null`; [] if it declares none.

    If `null` is the only one, the result is `["null"]`. `integer` is left out beside `number`. Words of other languages
    (`int`, `bool`, ...) are reported and read as the type that they mean; unknown words are reported and left out.
    """
    declared = body.get("type")
    if declared is None:
        return []
    if isinstance(declared, str) and declared in TYPES:
        return [declared]
    found = [_type(place, word) for word in (declared if isinstance(declared, list) else [declared])]
    known = list(dict.fromkeys(word for word in found if word))
    if "number" in known and "integer" in known:
        known.remove("integer")
    return [word for word in known if word != "null"] or known


def _type(place: DocumentPlace, word: Json) -> str:
    """Return a valid type. Unknown words are reported, and replaced by the type that they mean, or by ""."""
    if isinstance(word, str) and word in TYPES:
        return word
    if word is None and isinstance(place, DocumentPlace):
        (place / "type").note("null is no type", "read as `null`")
        return "null"
    lower = word.lower() if isinstance(word, str) else ""
    meant = lower if lower in TYPES else MEANT.get(lower, "")
    (place / "type").note(f"{excerpt(word)} is no type", f"read as `{meant}`" if meant else ANYTHING)
    return meant


def _format(place: DocumentPlace, body: Body) -> str:
    """Return the format of a schema: the declared one, or one derived from its encoding or from an invalid type."""
    if body.get("x-kubernetes-int-or-string") is True:
        return INT_OR_STRING
    declared = place.member(body, "format")
    encoding = body.get("contentEncoding")
    if not declared and isinstance(encoding, str):
        return "byte" if encoding.lower() in ("base64", "base64url") else encoding
    media_type = body.get("contentMediaType")
    if not declared and isinstance(media_type, str) and BINARY.match(media_type.lower()):
        return "binary"
    kind = body.get("type")
    return declared or (FORMATS.get(kind.lower(), "") if isinstance(kind, str) and kind not in TYPES else "")


def _nullable(place: DocumentPlace, body: Body) -> bool:
    kind = body.get("type")
    if isinstance(kind, list) and len(kind) > 1 and any(word == "null" or word is None for word in kind):
        return True
    if "nullable" not in body:
        return body.get("x-nullable") is True
    if not place.state.is_3_0 and body["nullable"] is True:
        place.state.nullable.append(place / "nullable")
    return place.flag(body, "nullable")


def _values(place: DocumentPlace, body: Body) -> list[Json] | None:
    """Return the values that a schema lists; None if it allows others. Numbers of strings are read as text."""
    if "const" in body:
        if place.state.is_3_0:
            (place / "const").note("OpenAPI 3.0 has no `const`", "read as an enum with one value")
        return [body["const"]]
    if "enum" not in body:
        return None
    listed = _listed(place, body, "enum")
    if body.get("type") != "string":
        return listed
    inner = place / "enum"
    return [
        (inner / number).text(value) if isinstance(value, bool | int | float) else value
        for number, value in enumerate(listed)
    ]


def _listed(place: DocumentPlace, body: Body, key: str) -> list[Json]:
    return place.array(body, key) if key in body else []


def constants(values: Any) -> tuple[Constant, ...]:
    """Return JSON values as constants, each once, sorted by their JSON text (`10` before `9`); () for no values."""
    return tuple(sorted({Constant.of(value) for value in values}, key=lambda constant: constant.text))


def _constraints(place: DocumentPlace, body: Body) -> tuple[tuple[str, Constant], ...]:
    found: dict[str, Json] = {}
    for key in CONSTRAINTS & body.keys():
        if _fits(key, body[key]):
            found[key] = body[key]
        elif body[key] is not None:
            (place / key).note(f"{excerpt(body[key])} does not fit there", IGNORED)
    for key, limit in EXCLUSIVE.items():
        if key in body:
            _exclude(place / key, key, limit, body[key], found)
    return tuple((key, Constant.of(found[key])) for key in sorted(found))


def _fits(key: str, value: Json) -> bool:
    if key in OTHERS:
        return isinstance(value, OTHERS[key])
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and (key not in COUNTS or (value >= 0 and value == int(value)))


def _exclude(place: DocumentPlace, key: str, limit: str, value: Json, found: dict[str, Json]) -> None:
    """Add an exclusive limit, which is a number or, in OpenAPI 3.0, a switch beside `minimum` or `maximum`."""
    if isinstance(value, bool):
        if not place.state.is_3_0:
            place.note(f"{excerpt(value)} is no number", "read as OpenAPI 3.0 means it")
        found[key] = value
    elif not isinstance(value, int | float):
        place.note(f"{excerpt(value)} does not fit there", IGNORED)
    elif limit not in found or (value >= found[limit] if limit == "minimum" else value <= found[limit]):
        found |= {limit: value, key: True}


def _elsewhere(place: DocumentPlace, body: Body) -> tuple[str, ...]:
    """Return the sorted required names that are not among `properties`."""
    if "required" not in body:
        return ()
    if isinstance(body["required"], bool):
        (place / "required").note("it is no list of names", IGNORED)
        return ()
    names = place.names(body, "required")
    if "" in names:
        (place / "required").note("it names no property", IGNORED)
    declared = body.get("properties")
    names = tuple(filter(None, names))
    return tuple(sorted({name for name in names if not isinstance(declared, dict) or name not in declared}))
