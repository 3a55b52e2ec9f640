"""Compile a JSON Schema into functions that only say whether a value is valid: ten times as fast as jsonschema.

It knows only those keywords of Draft 4 and 2020-12 that OpenAPI's metaschemas use. Formats are not checked. For
messages about an invalid value, use jsonschema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ovcgen.documents.document import Json
from ovcgen.documents.pointers import at, reference_steps

# Returns the names of the object's members that the schema describes, or None for an invalid value.
Check = Callable[[Any], "frozenset[str] | None"]
NOTHING: frozenset[str] = frozenset()
# Keywords without an effect of their own on validity.
ANNOTATIONS = frozenset(
    {
        *("$comment", "$defs", "$dynamicAnchor", "$id", "$schema", "default", "definitions", "description", "format"),
        *("id", "title", "examples", "then", "else", "minContains", "maxContains"),
    }
)
TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) or (isinstance(value, float) and value.is_integer())) and not isinstance(value, bool)
    ),
}


class UnknownKeyword(ValueError):
    """A ValueError: the schema has a keyword that this module does not know. `CompiledSchema(schema)` raises it.

    Known are the keywords that OpenAPI's metaschemas use; `maximum`, `maxLength` and `multipleOf` are not among them.
    """


class CompiledSchema:
    """A checker of JSON values that is made from one JSON Schema.

    It says only whether a value is valid, without a message. Values are compared with `enum` and `const` by type, too:
    1, 1.0 and true are three values. 1.0 is an integer, and true is no number.

    Args:
        schema: The JSON Schema, an object or a boolean. References inside the schema (`#/...`) are followed.

    Raises:
        UnknownKeyword: the schema has a keyword that this module does not know.
        LookupError: a `$ref` of the schema leads to nothing in the schema.
    """

    def __init__(self, schema: Json) -> None:
        self._root = schema
        self._known: dict[int, Check] = {}
        self._check = self._compiled(schema)

    def is_valid(self, value: Json) -> bool:
        """Return whether the schema allows a JSON value. `format` is not checked."""
        return self._check(value) is not None

    def _compiled(self, schema: Json) -> Check:
        """Return the function of a schema; that of a schema that is being compiled is looked up when it is called."""
        if isinstance(schema, bool):
            return _anything if schema else _nothing
        key = id(schema)
        if key in self._known:
            return self._known[key]
        self._known[key] = lambda value: self._known[key](value)
        checks = [self._keyword(name, schema) for name in sorted(schema, key=_is_last) if name not in ANNOTATIONS]
        last = [check for name, check in checks if name == "unevaluatedProperties"]
        first = [check for name, check in checks if name != "unevaluatedProperties"]
        self._known[key] = _unevaluated(first, last[0]) if last else _all(first)
        return self._known[key]

    def _keyword(self, name: str, schema: Mapping[str, Json]) -> tuple[str, Check]:
        value = schema[name]
        match name:
            case "$ref":
                return name, self._compiled(at(self._root, reference_steps(value)))
            case "$dynamicRef":
                return name, self._compiled(self._anchored(value.removeprefix("#")))
            case "allOf":
                return name, _all([self._compiled(inner) for inner in value])
            case "anyOf":
                return name, _any([self._compiled(inner) for inner in value])
            case "oneOf":
                return name, _one([self._compiled(inner) for inner in value])
            case "not":
                return name, _negated(self._compiled(value))
            case "if":
                then, other = (self._compiled(schema.get(key, True)) for key in ("then", "else"))
                return name, _conditional(self._compiled(value), then, other)
            case "dependentSchemas":
                return name, _dependent({key: self._compiled(inner) for key, inner in value.items()})
            case "properties" | "patternProperties" | "additionalProperties":
                return name, self._members(name, schema)
            case "unevaluatedProperties":
                return name, self._compiled(value)
            case "propertyNames":
                return name, _names(self._compiled(value))
            case "items":
                return name, _items(self._compiled(value))
            case "contains":
                least, most = schema.get("minContains", 1), schema.get("maxContains", float("inf"))
                return name, _contains(self._compiled(value), least, most)
            case _:
                return name, _simple(name, value, schema)

    def _members(self, name: str, schema: Mapping[str, Json]) -> Check:
        """Return the function of all three keywords for members, for the first of them that the schema has."""
        own = [key for key in ("properties", "patternProperties", "additionalProperties") if key in schema]
        if name != own[0]:
            return _anything
        return _members(
            {key: self._compiled(inner) for key, inner in schema.get("properties", {}).items()},
            [(re.compile(key), self._compiled(inner)) for key, inner in schema.get("patternProperties", {}).items()],
            self._compiled(schema["additionalProperties"]) if "additionalProperties" in schema else None,
        )

    def _anchored(self, name: str) -> Json:
        """Return the definition with a dynamic anchor: nothing overrides it, as the document is the root."""
        return next(inner for inner in self._root["$defs"].values() if inner.get("$dynamicAnchor") == name)


def _is_last(name: str) -> bool:
    return name not in ("type", "required", "const", "enum")


def _anything(_value: Json) -> frozenset[str] | None:
    return NOTHING


def _nothing(_value: Json) -> frozenset[str] | None:
    return None


def _all(checks: Iterable[Check]) -> Check:
    every = tuple(checks)
    if len(every) == 1:
        return every[0]

    def check(value: Json) -> frozenset[str] | None:
        found = NOTHING
        for inner in every:
            names = inner(value)
            if names is None:
                return None
            found = found | names if names else found
        return found

    return check


def _any(checks: Iterable[Check]) -> Check:
    every = tuple(checks)

    def check(value: Json) -> frozenset[str] | None:
        valid = [names for names in (inner(value) for inner in every) if names is not None]
        return NOTHING.union(*valid) if valid else None

    return check


def _one(checks: Iterable[Check]) -> Check:
    every = tuple(checks)

    def check(value: Json) -> frozenset[str] | None:
        valid = [names for names in (inner(value) for inner in every) if names is not None]
        return valid[0] if len(valid) == 1 else None

    return check


def _negated(inner: Check) -> Check:
    return lambda value: NOTHING if inner(value) is None else None


def _conditional(condition: Check, then: Check, other: Check) -> Check:
    def check(value: Json) -> frozenset[str] | None:
        names = condition(value)
        more = other(value) if names is None else then(value)
        return None if more is None else more | (names or NOTHING)

    return check


def _dependent(checks: Mapping[str, Check]) -> Check:
    def check(value: Json) -> frozenset[str] | None:
        found = NOTHING
        for key in checks.keys() & value.keys() if isinstance(value, dict) else ():
            names = checks[key](value)
            if names is None:
                return None
            found |= names
        return found

    return check


def _members(
    properties: Mapping[str, Check], patterns: list[tuple[re.Pattern[str], Check]], others: Check | None
) -> Check:
    def check(value: Json) -> frozenset[str] | None:
        if not isinstance(value, dict):
            return NOTHING
        found = []
        for name, inner in value.items():
            checks = [properties[name]] if name in properties else []
            checks += [checked for pattern, checked in patterns if pattern.search(name)]
            if not checks and others is not None:
                checks = [others]
            if any(checked(inner) is None for checked in checks):
                return None
            if checks:
                found.append(name)
        return frozenset(found)

    return check


def _unevaluated(checks: Iterable[Check], others: Check) -> Check:
    first = _all(checks)

    def check(value: Json) -> frozenset[str] | None:
        names = first(value)
        if names is None or not isinstance(value, dict):
            return names
        if any(others(inner) is None for name, inner in value.items() if name not in names):
            return None
        return frozenset(value)

    return check


def _names(inner: Check) -> Check:
    return lambda value: None if isinstance(value, dict) and any(inner(name) is None for name in value) else NOTHING


def _items(inner: Check) -> Check:
    return lambda value: None if isinstance(value, list) and any(inner(item) is None for item in value) else NOTHING


def _contains(inner: Check, least: float, most: float) -> Check:
    def check(value: Json) -> frozenset[str] | None:
        if not isinstance(value, list):
            return NOTHING
        return NOTHING if least <= sum(inner(item) is not None for item in value) <= most else None

    return check


def _simple(name: str, wanted: Any, schema: Mapping[str, Json]) -> Check:
    """Return the function of a keyword that has no schema inside; `schema` is the one that has it."""
    if name == "exclusiveMinimum" and wanted is True:  # Draft 4
        limit = schema["minimum"]
        return lambda value: NOTHING if not TYPES["number"](value) or value > limit else None
    holds = _holds(name, wanted)
    return lambda value: NOTHING if holds(value) else None


def _holds(name: str, wanted: Any) -> Callable[[Any], bool]:
    match name:
        case "type":
            kinds = [TYPES[kind] for kind in ([wanted] if isinstance(wanted, str) else wanted)]
            return kinds[0] if len(kinds) == 1 else lambda value: any(kind(value) for kind in kinds)
        case "required":
            return lambda value: not isinstance(value, dict) or value.keys() >= set(wanted)
        case "enum":
            return lambda value: any(_equal(value, one) for one in wanted)
        case "const":
            return lambda value: _equal(value, wanted)
        case "pattern":
            pattern = re.compile(wanted)
            return lambda value: not isinstance(value, str) or pattern.search(value) is not None
        case "minimum":
            return lambda value: not TYPES["number"](value) or value >= wanted
        case "exclusiveMinimum":
            return lambda value: not TYPES["number"](value) or value > wanted
        case "minLength" | "minItems" | "minProperties":
            kind = {"minLength": str, "minItems": list, "minProperties": dict}[name]
            return lambda value: not isinstance(value, kind) or len(value) >= wanted
        case "maxProperties" | "maxItems":
            kind = {"maxItems": list, "maxProperties": dict}[name]
            return lambda value: not isinstance(value, kind) or len(value) <= wanted
        case "uniqueItems":
            return lambda value: not wanted or not isinstance(value, list) or not _has_repeats(value)
    raise UnknownKeyword(name)


def _equal(one: Json, other: Json) -> bool:
    return type(one) is type(other) and bool(one == other)


def _has_repeats(values: list[Json]) -> bool:
    if all(isinstance(value, str) for value in values):
        return len(set(values)) < len(values)
    return any(_equal(value, other) for at, value in enumerate(values) for other in values[:at])
