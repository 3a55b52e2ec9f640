"""Sample values of schemas in a raw OpenAPI 3 document, and a validator of its version: none of ovcgen's readers."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from random import Random
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft4Validator, Draft202012Validator, ValidationError
from jsonschema.validators import create, extend
from referencing import Registry, Resource, Specification

from tests.corpus.patterns import matching

MOST = 10
DEEPEST, OPTIONAL = 20, 5  # levels with members that are required, and with all others
FORMATS = {
    "byte": "YQ==",
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:30:00Z",
    "email": "somebody@example.com",
    "uri": "https://example.com/a",
    "uuid": "5d8f7a52-8d3c-4b0e-9d86-3f2f1d7c9a10",
}
URI = "urn:document"
ANNOTATIONS = {"description", "title", "discriminator", "example", "examples", "nullable", "readOnly", "default"}


class Document:
    """One OpenAPI 3 document, as it was parsed."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.is_3_0 = str(raw.get("openapi", "")).startswith("3.0")
        nothing_inside = Specification(
            "OpenAPI",
            id_of=lambda _: None,
            subresources_of=lambda _: (),
            anchors_in=lambda _, __: (),
            maybe_in_subresource=lambda segments, resolver, subresource: resolver,
        )
        absolute = _with_absolute_references(raw)
        schemas = (absolute.get("components") or {}).get("schemas") or {}
        self._judges: dict[int, tuple[Any, Any]] = {}
        self._tags = Tags(schemas)
        self._validator = _validator(OPENAPI_30 if self.is_3_0 else Draft202012Validator, self._tags)
        resource = Resource(absolute, nothing_inside)
        self._registry: Registry[Any] = Registry().with_resource(URI, resource)

    def followed(self, value: Any) -> Any:
        """Return what a reference leads to; the value itself if it is none. An unknown target is None."""
        for _ in range(20):
            if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
                return value
            value = self._target(value["$ref"])
        return None

    def _target(self, reference: str) -> Any:
        value: Any = self.raw
        if not reference.startswith("#/"):
            return None
        for part in reference[2:].split("/"):
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            value = value.get(key) if isinstance(value, dict) else value[int(key)] if key.isdigit() else None
        return value

    def allows(self, schema: Any, value: Any) -> bool | None:
        """Return whether a value is valid for a schema, by jsonschema alone; None if it can't read the schema."""
        try:
            if id(schema) not in self._judges:
                judge = self._validator(_with_absolute_references(schema), registry=self._registry)
                self._judges[id(schema)] = (judge, schema)  # an id is that of a schema as long as it is kept
            return bool(self._judges[id(schema)][0].is_valid(value))
        except Exception:  # noqa: BLE001 - a schema with mistakes of any kind says nothing about a value
            return None

    def samples(self, schema: Any, depth: int = 0, *, is_base: bool = False) -> list[Any]:
        """Return a few values of a schema: its examples, and values of each member of a union.

        Objects have all or none of their optional properties. Invalid values are returned only if none is valid.

        With `is_base` the schema is a member of `allOf`: values of its other subtypes are left out.
        """
        found = _distinct(islice(self._samples(schema, depth, is_base=is_base), 3 * MOST))
        return [value for value in found if self.allows(schema, value) is not False][:MOST] or found[:1]

    def _samples(self, schema: Any, depth: int, *, is_base: bool) -> Iterator[Any]:
        if schema is True or schema == {}:
            yield from ("text", 3, {"a": [1]})
        if not isinstance(schema, dict) or depth > DEEPEST:
            return
        if isinstance(schema.get("$ref"), str):
            target = self._target(schema["$ref"])
            siblings = {} if self.is_3_0 else {key: value for key, value in schema.items() if key != "$ref"}
            both = {**target, **siblings} if isinstance(target, dict) else target
            yield from self._samples(both, depth + 1, is_base=is_base)
            return
        written = [*([schema["example"]] if "example" in schema else []), *_list(schema, "examples")]
        yield from (value for value in written if value != {})
        if "const" in schema or "enum" in schema:
            yield from [schema["const"]] if "const" in schema else _list(schema, "enum")
            yield from [None] if schema.get("nullable") else []
            return
        yield from self._composed(schema, depth)
        yield from self._of_subtypes(schema, depth) if "discriminator" in schema and not is_base else ()
        yield from [None] if schema.get("nullable") else []

    def _composed(self, schema: dict[str, Any], depth: int) -> Iterator[Any]:
        """Yield values of the schema with each member of its unions, and all members of `allOf`."""
        plain = {key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "oneOf")}
        own = list(self._plain(plain, depth)) if {*plain} - ANNOTATIONS or plain == schema else []
        members = [each for each in _list(schema, "allOf") if not isinstance(each, dict) or {*each} - ANNOTATIONS]
        for member in members:
            own = _joined(own, self.samples(member, depth + 1, is_base=True))
        for keyword in ("anyOf", "oneOf"):
            branches = [self._branch(schema, member, depth) for member in _list(schema, keyword)]
            mixed = [
                value for row in zip_longest(*branches, fillvalue=_ABSENT) for value in row if value is not _ABSENT
            ]
            own = _joined(own, mixed) if branches else own
        yield from own

    def _of_subtypes(self, schema: dict[str, Any], depth: int) -> Iterator[Any]:
        """Yield values of the schemas that build on a base with a discriminator."""
        for tag, reference in () if "oneOf" in schema or "anyOf" in schema else self._tags.targets(schema).items():
            for value in self.samples({"$ref": reference.removeprefix(URI)}, depth + 2)[:2]:
                yield {**value, schema["discriminator"]["propertyName"]: tag} if isinstance(value, dict) else value

    def _branch(self, schema: dict[str, Any], member: Any, depth: int) -> list[Any]:
        """Return values of one member of a union, with the tag that the discriminator wants."""
        found = self.samples(member, depth + 1)
        tagged = schema.get("discriminator")
        if not isinstance(tagged, dict) or not isinstance(member, dict) or not isinstance(member.get("$ref"), str):
            return found
        name = member["$ref"].rpartition("/")[2]
        mapping = tagged.get("mapping") or {}
        tag = next((key for key, target in mapping.items() if target in (name, member["$ref"])), name)
        property_ = tagged.get("propertyName")
        return [
            {**value, property_: tag} if isinstance(value, dict) and isinstance(value.get(property_), str) else value
            for value in found
        ]

    def _plain(self, schema: dict[str, Any], depth: int) -> Iterator[Any]:
        kinds = schema.get("type")
        kinds = kinds if isinstance(kinds, list) else [kinds] if kinds else _guessed(schema)
        for kind in kinds:
            match kind:
                case "object":
                    yield from self._objects(schema, depth)
                case "array":
                    yield from self._lists(schema, depth)
                case "boolean":
                    yield from (True, False)
                case "null":
                    yield None
                case "integer" | "number":
                    yield from _numbers(schema, kind)
                case "string":
                    yield from _texts(schema)

    def _objects(self, schema: dict[str, Any], depth: int) -> Iterator[Any]:
        properties = schema.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        required = _list(schema, "required")
        wanted = {name: inner for name, inner in properties.items() if depth < OPTIONAL or name in required}
        values = {name: self.samples(inner, depth + 1) for name, inner in wanted.items()}
        whole = {name: found[0] for name, found in values.items() if found}
        rest = schema.get("additionalProperties")
        more = (
            {f"key {number}": value for number, value in enumerate(self.samples(rest, depth + 1)[:2])} if rest else {}
        )
        yield {**whole, **more}
        yield {name: value for name, value in whole.items() if name in required}
        for name, found in values.items():
            yield from ({**whole, name: other} for other in found[1:])
        yield more

    def _lists(self, schema: dict[str, Any], depth: int) -> Iterator[Any]:
        first = [found[0] for each in _list(schema, "prefixItems") if (found := self.samples(each, depth + 1))]
        items = self.samples(schema.get("items", {} if not first else False), depth + 1)
        least = max(int(schema.get("minItems") or 0) - len(first), 0)
        repeated = (items * (least or 1))[: max(least, 1)]
        yield first + (items[: int(schema.get("maxItems") or len(items))] if len(items) >= least else repeated)
        yield from (first + [item] * max(least, 1) for item in items)
        yield first


_ABSENT = object()


def _with_absolute_references(value: Any) -> Any:
    """Return a copy in which local references name the document, so that they lead there from any schema."""
    if isinstance(value, list):
        return [_with_absolute_references(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _with_absolute_references(each) for key, each in value.items()}
    if isinstance(found.get("$ref"), str) and found["$ref"].startswith("#"):
        found["$ref"] = URI + found["$ref"]
    return found


def _list(schema: Any, keyword: str) -> list[Any]:
    found = schema.get(keyword) if isinstance(schema, dict) else None
    return found if isinstance(found, list) else []


def _distinct(values: Any) -> list[Any]:
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(repr(value), copy.deepcopy(value))
    return list(found.values())


def _joined(own: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """Return each value of one list with one of the other: objects are merged, the later one wins."""
    if not own or not others:
        return [*own, *others]
    pairs = [(own[0], other) for other in others] + [(each, others[0]) for each in own[1:]]
    return [{**one, **other} if isinstance(one, dict) and isinstance(other, dict) else other for one, other in pairs]


def _guessed(schema: dict[str, Any]) -> list[str]:
    """Return the types of a schema without `type`."""
    if "properties" in schema or "additionalProperties" in schema:
        return ["object"]
    if {*schema} & {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}:
        return ["number"]
    return ["array"] if "items" in schema or "prefixItems" in schema else ["string"]


def _numbers(schema: dict[str, Any], kind: str) -> Iterator[Any]:
    step = schema.get("multipleOf") or 1
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    bounds = [bound for bound in (least, most) if isinstance(bound, int | float) and not isinstance(bound, bool)]
    for start in [*bounds, 0]:
        yield from (number for number in (start, start + step, start - step) if kind == "number" or number % 1 == 0)
    yield from [0.5] if kind == "number" else []


def _texts(schema: dict[str, Any]) -> Iterator[str]:
    least, most = int(schema.get("minLength") or 0), int(schema.get("maxLength") or 10**6)
    if isinstance(schema.get("pattern"), str):
        try:
            yield matching(schema["pattern"], Random(1), more=least)  # noqa: S311 - nothing is kept secret with it
            yield matching(schema["pattern"], Random(2))  # noqa: S311
        except (re.error, ValueError, OverflowError):
            pass
    yield FORMATS.get(schema.get("format", ""), ("text" + "x" * min(least, 1000))[:most])


def _or_null(check: Any) -> Any:
    """Return the check of a keyword that lets null pass in a schema that says `nullable`, also beside `allOf`."""

    def checked(validator: Any, inner: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        if value is not None or not schema.get("nullable"):
            yield from check(validator, inner, value, schema) or ()

    return checked


OPENAPI_30 = create(
    meta_schema=Draft4Validator.META_SCHEMA,
    validators={key: _or_null(check) for key, check in Draft4Validator.VALIDATORS.items()},
    type_checker=Draft4Validator.TYPE_CHECKER,
    id_of=lambda _: "",
)


class Tags:
    """The keyword `discriminator` for a validator: the tag of an object must name a schema, which must fit."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._schemas = schemas
        self._entered: set[int] = set()

    def __call__(self, validator: Any, tagged: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        """Yield what is wrong with a tag. A base schema is not entered again from one that builds on it."""
        name = tagged.get("propertyName") if isinstance(tagged, dict) else None
        if not isinstance(name, str) or not isinstance(value, dict) or id(value) in self._entered:
            return
        targets = self.targets(schema)
        target = targets.get(str(value.get(name)), self._reference(str(tagged.get("defaultMapping", ""))))
        if targets and not target:
            yield ValidationError(f"{value.get(name)!r} is the tag of no schema")
        elif targets:
            self._entered.add(id(value))
            yield from validator.descend(value, {"$ref": target})
            self._entered.discard(id(value))

    def targets(self, schema: Any) -> dict[str, str]:
        """Return the references to the schemas by their tags: the members of a union, or what builds on the base.

        A schema in the mapping is not known by its own name, too: no service sends both.
        """
        members = [each for keyword in ("oneOf", "anyOf") for each in _list(schema, keyword) if isinstance(each, dict)]
        references = [each["$ref"] for each in members if "$ref" in each]
        if not members:
            absolute = _with_absolute_references(schema)
            own = next((name for name, each in self._schemas.items() if each == absolute), "")
            references = [self._reference(name) for name, each in self._schemas.items() if self._builds_on(each, own)]
        names = {reference.rpartition("/")[2]: reference for reference in references}
        mapping = schema["discriminator"].get("mapping") or {}
        mapped = {str(key): self._reference(str(target)) for key, target in mapping.items()}
        return {name: target for name, target in names.items() if target not in mapped.values()} | mapped

    def _builds_on(self, schema: Any, base: str) -> bool:
        parents = [each.get("$ref", "") for each in _list(schema, "allOf") if isinstance(each, dict)] if base else []
        names = [parent.rpartition("/")[2] for parent in parents]
        return base in names or any(self._builds_on(self._schemas.get(name), base) for name in names)

    def _reference(self, name: str) -> str:
        if name in self._schemas:
            return f"{URI}#/components/schemas/{name}"
        return f"{URI}{name}" if name.startswith("#") else name if name.startswith(URI) else ""


def _validator(base: Any, tags: Tags) -> Any:
    own = {"discriminator": tags, "required": _required_of_answers}
    implied = {"properties": (dict, "object"), "items": (list, "array")}
    return extend(base, own | {key: _implying(base, key, *kinds) for key, kinds in implied.items()})


def _implying(base: Any, keyword: str, kind: type, name: str) -> Any:
    """Return the check of a keyword that stands for a type, as every tool reads it, if the schema has no `type`."""

    def check(validator: Any, inner: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        if "type" not in schema and not isinstance(value, kind):
            yield ValidationError(f"{value!r:.50} is not of type {name!r}")
        yield from base.VALIDATORS[keyword](validator, inner, value, schema) or ()

    return check


def _required_of_answers(_: Any, required: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    properties = schema.get("properties")
    for name in required if isinstance(required, list) and isinstance(value, dict) else ():
        declared = properties.get(name) if isinstance(properties, dict) else None
        if name not in value and not (isinstance(declared, dict) and declared.get("writeOnly") is True):
            yield ValidationError(f"{name!r} is a required property")
