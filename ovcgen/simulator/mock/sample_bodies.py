"""Make the values of bodies: from the examples of the document, else from the schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ovcgen.model.linear_regex import text_of
from ovcgen.model.resolve import Resolver
from ovcgen.model.samples import FORMATS, LONGEST, NUMBERS, Samples, candidates
from ovcgen.model.scalars import INT_OR_STRING
from ovcgen.model.schema import (
    Anything,
    Array,
    Constant,
    File,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Union,
)
from ovcgen.model.value_validation import SchemaValidator

Json = Any
OPTIONAL = 4  # levels of objects and lists with optional members
DEEPEST = 40  # and with required ones
LARGEST = 5_000  # values in one body
TEXTS = ("text", "a", "", "1", "2018-01-01")
MORE_FORMATS = {
    **FORMATS,
    "hostname": "www.example.org",
    "ipv6": "2001:db8::1",
    "time": "12:30:00Z",
    "duration": "P1D",
    "uri-reference": "/",
    "uri-template": "/{id}",
    "url": "https://example.org/",
    "json-pointer": "/a",
    "regex": "a",
}
CONTENT = b"the content of a file"


class BodySamples(Samples):
    """A maker of values that satisfy schemas, for request and response bodies. Equal schemas get equal values.

    Args:
        resolver: Resolves the schemas of the API.
        has_examples: Whether examples and defaults of schemas are used, if they fit their schema.
        is_request: Whether the values are for requests. Then read-only members are left out, otherwise write-only ones.
    """

    file = CONTENT

    def __init__(self, resolver: Resolver, *, has_examples: bool = True, is_request: bool = False) -> None:
        super().__init__(resolver)
        self._is_request = is_request
        self._has_examples = has_examples
        self._validator = SchemaValidator(resolver, is_request=is_request, is_strict=True)
        self._optional = OPTIONAL
        self._left = LARGEST
        self._inside: list[str] = []  # the definitions around the value

    def body(self, schema: Schema, levels_to_try: Sequence[int] = (OPTIONAL, 1, 0)) -> Json:
        """Return a value of a schema, for a whole body: a valid one if one is found.

        If none is found, the value for the first of `levels_to_try` is returned, which does not satisfy the schema
        completely. `levels_to_try` are the numbers of levels of optional members, the preferred one first.
        """
        found = []
        for levels in levels_to_try:
            self._optional, self._left, self._inside = levels, LARGEST, []
            found.append(self.value(schema))
            if self._validator.is_valid(schema, found[-1]):
                return found[-1]
        return found[0]

    def value(self, schema: Schema, depth: int = 0) -> Json:
        """Return a value of a schema that is `depth` levels inside of the body. Callers outside use `body`."""
        self._left -= 1
        if self._left < 0 or depth > DEEPEST:
            return None if schema.traits.nullable else _smallest(self.resolver.resolved(schema))
        if self._has_examples:
            for value in self._written(schema):
                return value
        before = len(self._inside)
        self._inside += [linked.name for linked in self.resolver.chain(schema) if isinstance(linked, Reference)]
        try:
            return self._made(self.resolver.resolved(schema), depth)
        finally:
            del self._inside[before:]

    def _written(self, schema: Schema) -> Iterator[Json]:
        """Yield the valid examples of a schema, then its default if it is valid."""
        for linked in self.resolver.chain(schema):
            example = linked.traits.example
            if example is not None and self._validator.is_valid(schema, example):
                self._left -= _size(example)
                yield example
        for linked in self.resolver.chain(schema):
            if linked.traits.default is not None:
                value = linked.traits.default.value
                if value is not None and self._validator.is_valid(schema, value):
                    yield value

    def _made(self, schema: Schema, depth: int) -> Json:
        traits = schema.traits
        if traits.enum and not isinstance(schema, Scalar):
            return traits.enum[0].value
        match schema:
            case Array():
                return self._list(schema, depth)
            case Record():
                subtype = self._subtype(schema)
                return self._record(schema, depth) if subtype is None else self.value(subtype, depth)
            case Map(values):
                is_wanted = depth < self._optional and not isinstance(values, Anything)
                limits = traits.limits
                least = max(int(limits.get("minProperties", 0)), int(is_wanted and limits.get("maxProperties") != 0))
                required = dict.fromkeys(traits.required)
                names = [*required, *(f"key{number}" for number in range(1, min(least, LONGEST) - len(required) + 1))]
                return {name: self.value(values, depth + 1) for name in names}
            case Union():
                return self._member_of(schema, depth)
            case Anything():
                return "1" if traits.format == INT_OR_STRING else {}
            case File():
                return self.file
            case Nothing():
                return None
        return super().value(schema, depth)

    def is_included(self, member: Property, depth: int) -> bool:
        """Return whether an object that is `depth` levels inside of the body gets the member: all required ones do.

        Optional members are left out in deep levels and where their schema contains itself. Read-only members are left
        out of requests, and write-only ones of responses, even if they are required.
        """
        chain = list(self.resolver.chain(member.schema))
        if any(linked.traits.read_only if self._is_request else linked.traits.write_only for linked in chain):
            return False
        if member.required:
            return True
        is_recursive = any(name in self._inside for name in _names(member.schema, self.resolver))
        return depth < self._optional and not is_recursive

    def _subtype(self, record: Record) -> Reference | None:
        """Return the first subtype in the mapping of a record; None to make the record itself."""
        names = [name for _, name in record.mapping if name in self.resolver.definitions]
        is_named = not names or any(name in names for name in self._inside)
        return None if is_named else Reference(names[0])

    def _record(self, record: Record, depth: int) -> Json:
        limits = record.traits.limits
        included = [member for member in record.properties if self.is_included(member, depth)]
        excess = len(included) - int(limits.get("maxProperties", len(included)))
        optional = [member.name for member in included if not member.required]
        left_out = set(optional[max(0, len(optional) - excess) :]) if excess > 0 else set()
        found = {member.name: self.member(member, depth) for member in included if member.name not in left_out}
        if record.discriminator in found:
            tags = {name: tag for tag, name in record.mapping}
            own = next(iter(self._inside[-1:]), "")
            if own and (record.mapping or isinstance(found[record.discriminator], str)):
                self._tag(found, record, tags.get(own, own))
        for name in record.traits.required:
            if name not in found and record.rest is not None:
                found[name] = self.value(record.rest, depth + 1)
        least = min(int(limits.get("minProperties", 0)), LONGEST)
        number = 0
        while len(found) < least and record.rest is not None:
            number += 1
            found[f"key{number}"] = self.value(record.rest, depth + 1)
        return found

    def _tag(self, found: dict[str, Json], record: Record, tag: str) -> None:
        """Set the discriminator of an object, unless its schema forbids that value."""
        named = (member.schema for member in record.properties if member.name == record.discriminator)
        declared = next(named, Anything())
        if self._validator.is_valid(declared, tag):
            found[record.discriminator] = tag

    def _member_of(self, union: Union, depth: int) -> Json:
        """Return a value of the first member of a union that gives a valid one."""
        tags = {name: tag for tag, name in union.mapping}
        first: Json = None
        left = self._left
        for number, member in enumerate(union.members):
            self._left = left
            if self._is_recursive(member) and number < len(union.members) - 1:
                continue
            value = self.value(member, depth)
            if isinstance(member, Reference) and member.name in tags and isinstance(value, dict):
                value = {**value, union.discriminator: tags[member.name]}
            if self._validator.is_valid(union, value):
                return value
            first = value if first is None else first
        return None if first is None and union.traits.nullable else first

    def _is_recursive(self, schema: Schema) -> bool:
        return any(name in self._inside for name in _names(schema, self.resolver))

    def _list(self, array: Array, depth: int) -> Json:
        limits = array.traits.limits
        least = min(int(limits.get("minItems", 0)), LONGEST)
        wanted = 0 if depth >= self._optional or self._is_recursive(array.items) else 1
        most = int(limits.get("maxItems", LONGEST))
        found = [self.value(schema, depth + 1) for schema in array.prefix[:most]]
        count = min(max(least, wanted), most) - len(found)
        if isinstance(array.items, Nothing) or count <= 0:
            return found
        item = self.value(array.items, depth + 1)
        self._left -= _size(item) * (count - 1)
        if self._left < 0:
            return [*found, item]
        if count > 1 and limits.get("uniqueItems") is True:
            return found + self._distinct(array.items, item, count)
        return found + [item] * count

    def _distinct(self, schema: Schema, first: Json, count: int) -> list[Json]:
        """Return up to `count` different values of a schema."""
        resolved = self.resolver.resolved(schema)
        proposed = [first]
        if isinstance(resolved, Scalar):
            proposed += [*candidates(resolved), *(_numbered(resolved, number) for number in range(2, count + 2))]
        elif isinstance(resolved, Record | Map) and isinstance(first, dict):
            for name, value in first.items():
                if isinstance(value, str | int) and not isinstance(value, bool):
                    numbers = range(2, count + 2)
                    proposed += [
                        {**first, name: value + number if isinstance(value, int) else f"{value}{number}"}
                        for number in numbers
                    ]
        found: dict[str, Json] = {}
        for value in proposed:
            if len(found) < count and self._validator.is_valid(schema, value):
                found.setdefault(Constant.of(value).text, value)
        return list(found.values())

    def scalar(self, scalar: Scalar) -> Json:
        """Return the first candidate that satisfies enum, format and constraints of a scalar, else the first one."""
        proposed: list[Json] = []
        with suppress(OverflowError):  # of limits beyond the range of floats
            proposed.extend(self._candidates(scalar))
        proposed = proposed or [_smallest(scalar)]
        return next((value for value in proposed if self._validator.is_valid(scalar, value)), proposed[0])

    def _candidates(self, scalar: Scalar) -> Iterator[Json]:
        traits = scalar.traits
        yield from (constant.value for constant in (*traits.enum, *traits.known))
        if scalar.kind == "string":
            limits = traits.limits
            least = min(int(limits.get("minLength", 0)), LONGEST)
            most = min(int(limits.get("maxLength", LONGEST)), LONGEST)
            pattern = limits.get("pattern")
            if traits.format in MORE_FORMATS:
                yield MORE_FORMATS[traits.format]
            for expression in [pattern] if isinstance(pattern, str) else pattern or ():
                made = text_of(expression, least=max(least, 1), most=most)
                made = made or text_of(expression, least=least, most=most)
                yield from [] if made is None else [made]
            yield "text".ljust(least, "x")[:most]
        if scalar.kind in ("integer", "number"):
            yield from _near_limits(traits.limits, is_whole=scalar.kind == "integer")
        yield from candidates(scalar, texts=TEXTS, numbers=NUMBERS)


def _near_limits(limits: Mapping[str, Json], *, is_whole: bool) -> Iterator[Json]:
    """Yield multiples of `multipleOf` near the minimum and maximum, and for fractions the middle between them."""
    bounds = [limits[key] for key in ("minimum", "maximum") if isinstance(limits.get(key), int | float)]
    step = limits.get("multipleOf") or 1
    for bound in bounds:
        nearest = bound // step * step
        yield from (int(value) if value == int(value) else value for value in (nearest, nearest + step))
    if len(bounds) == 2 and not is_whole:
        yield sum(bounds) / 2


def _numbered(scalar: Scalar, number: int) -> Json:
    return f"text{number}" if scalar.kind == "string" else number


def _names(schema: Schema, resolver: Resolver) -> list[str]:
    """Return the names of the definitions that a schema, or the items of a list, refer to."""
    names = [linked.name for linked in resolver.chain(schema) if isinstance(linked, Reference)]
    resolved = resolver.resolved(schema)
    if isinstance(resolved, Array | Map):
        inner = resolved.items if isinstance(resolved, Array) else resolved.values
        names += [linked.name for linked in resolver.chain(inner) if isinstance(linked, Reference)]
    return names


def _smallest(schema: Schema) -> Json:
    """Return the smallest value of a type. It ends a body that has become too large or too deep."""
    match schema:
        case Scalar(kind, traits):
            known = {"string": "", "integer": 0, "number": 0, "boolean": False}
            return traits.enum[0].value if traits.enum else known[kind]
        case Array():
            return []
        case Record() | Map():
            return {}
    return None


def _size(value: Json) -> int:
    """Return roughly how many single values a list or an object has; 1 for other values."""
    return 1 + len(json.dumps(value, default=str)) // 10 if isinstance(value, dict | list) else 1
