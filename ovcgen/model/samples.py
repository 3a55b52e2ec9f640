"""Generate small sample values of a schema, and some just outside of its bounds. They are candidates, not all valid."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from itertools import islice

from ovcgen.model.api import Api
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    File,
    Json,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
)

TEXTS = ("a", "", "1", "0.5", "true", "2018-01-01", "2018-01-01T00:00:00Z", "somebody@example.org")
NUMBERS = (1, 0, -1)
FORMATS = {
    "uuid": "00000000-0000-4000-8000-000000000001",
    "date": "2018-01-01",
    "date-time": "2018-01-01T00:00:00Z",
    "email": "somebody@example.org",
    "byte": "YQ==",
}
LONGEST = 1000  # the maximal length of a text or list, whatever the bounds say
DEPTH = 5
EXTRA = "another"
LEAST, MOST = ("minLength", "minimum"), ("maxLength", "maximum")


class Samples:
    """Generate values for the schemas of one release. Bounds of the other release give further values to try."""

    def __init__(self, api: Api, other: Api) -> None:
        self._shapes = {definition.name: definition.schema for definition in api.definitions}
        self._others = {definition.name: definition.schema for definition in other.definitions}

    def least(self, schema: Schema, depth: int = 0) -> Json:
        """Return the smallest value: required members only, and records at most 5 levels deep.

        It may be invalid, for example if a pattern matches none of the sample texts.
        """
        match self._opened(schema):
            case Record(properties) if depth < DEPTH:
                return {
                    property_.name: self.least(property_.schema, depth + 1)
                    for property_ in properties
                    if property_.required
                }
            case Array(items, _, traits):
                least = min(_bound(traits.constraints, "minItems", 0), LONGEST)
                return [self.least(items, depth + 1)] * least
            case Scalar() as scalar:
                proposed = list(_scalars(scalar, scalar))
                return next((value for value in proposed if _is_within(scalar, value)), proposed[0])
            case Anything():
                return "a"
            case Nothing() | File():
                return None
        return {}

    def varied(self, schema: Schema, hint: Schema | None, steps: list[str]) -> Iterator[Json]:
        """Yield values that differ only at the path `steps`, as in `["disks", "[]", "size"]`.

        Args:
            hint: The schema of the same place in the other release, whose bounds are tried too; None if there is none.
        """
        shape, other = self._opened(schema), None if hint is None else _opened(hint, self._others)
        if not steps:
            yield from self._variants(shape, other)
            return
        first, *rest = steps
        match shape:
            case Array(items):
                inner = other.items if isinstance(other, Array) else None
                yield from ([value] for value in self.varied(items, inner, rest))
            case Map(values):
                inner = other.values if isinstance(other, Map) else None
                yield from ({"key": value} for value in self.varied(values, inner, rest))
            case Record():
                yield from self._members(shape, other, first, rest)

    def _members(self, shape: Record, other: Schema | None, name: str, rest: list[str]) -> Iterator[Json]:
        """Yield objects without and with a member, which may exist in one of the two releases only."""
        own, others = _member(shape, name), _member(other, name)
        whole = self.least(shape)
        yield {key: value for key, value in whole.items() if key != name}
        found = own or others
        if found:
            hint = others.schema if others else None
            yield from ({**whole, name: value} for value in self.varied(found.schema, hint, rest))

    def _variants(self, shape: Schema, other: Schema | None) -> Iterator[Json]:
        """Yield values of the schema itself. The last one is always null."""
        match shape:
            case Scalar():
                yield from _scalars(shape, other)
            case Array(items):
                one = self.least(items)
                lengths = {0, 1, 2, *_near(shape, "Items"), *_near(other, "Items")}
                yield from ([one] * length for length in sorted(lengths))
                yield [one, *islice(self._variants(self._opened(items), None), 1, 3)]
            case Record(properties):
                whole = self.least(shape)
                yield whole
                yield from (
                    {**whole, property_.name: self.least(property_.schema)}
                    for property_ in properties
                    if not property_.required
                )
                yield {**whole, EXTRA: "a"}
            case Map(values):
                yield {}
                yield {"key": self.least(values)}
            case _:
                yield from ("a", 1, {}, [])
        yield None

    def _opened(self, schema: Schema) -> Schema:
        return _opened(schema, self._shapes)


def _opened(schema: Schema, shapes: dict[str, Schema]) -> Schema:
    """Return the schema that references lead to, with the members of `allOf` merged into one record."""
    for _ in range(len(shapes) + 1):
        if not isinstance(schema, Reference):
            break
        schema = shapes.get(schema.name, Anything())
    if isinstance(schema, Reference):
        return Anything()
    if isinstance(schema, Composed):
        parts = [_opened(member, shapes) for member in schema.members if member is not schema]
        members: dict[str, Property] = {}
        for part in parts:
            for property_ in part.properties if isinstance(part, Record) else ():
                members[property_.name] = property_
        return Record(tuple(members.values()), Anything(), traits=schema.traits) if members else Anything()
    return schema


def _member(shape: Schema | None, name: str) -> Property | None:
    properties = shape.properties if isinstance(shape, Record) else ()
    return next((property_ for property_ in properties if property_.name == name), None)


def _scalars(scalar: Scalar, other: Schema | None) -> Iterator[Json]:
    """Yield distinct values: the enum, then sample values and values near the bounds, last the enum of `other`."""
    yield from _unique(_proposed(scalar, other))


def _proposed(scalar: Scalar, other: Schema | None) -> Iterator[Json]:
    yield from (constant.value for constant in scalar.traits.enum)
    if scalar.traits.format in FORMATS:
        yield FORMATS[scalar.traits.format]
    if scalar.kind == "boolean":
        yield from (True, False)
    elif scalar.kind == "string":
        yield from TEXTS
        yield from ("a" * length for length in sorted({*_near(scalar, "Length"), *_near(other, "Length")}))
    else:
        yield from NUMBERS
        for shape in (scalar, other):
            for bound in _bounds(shape, ("minimum", "maximum", "multipleOf")):
                yield from (bound - 1, bound, bound + 1, *((bound + 0.5,) if scalar.kind == "number" else ()))
        yield from (0.5,) if scalar.kind == "number" else (2**31, 2**63)
    if other is not None:
        yield from (constant.value for constant in other.traits.enum)


def _is_within(scalar: Scalar, value: Json) -> bool:
    """Return whether a value matches enum, pattern and the bounds on length and value; other keywords are ignored."""
    if scalar.traits.enum and value not in [constant.value for constant in scalar.traits.enum]:
        return False
    size = len(value) if isinstance(value, str) else value
    for keyword, constant in scalar.traits.constraints:
        bound = constant.value
        if keyword == "pattern" and isinstance(value, str):
            with contextlib.suppress(re.error):
                if not re.search(bound, value):
                    return False
        if (keyword in LEAST and size < bound) or (keyword in MOST and size > bound):
            return False
    return True


def _near(shape: Schema | None, what: str) -> Iterator[int]:
    for bound in _bounds(shape, (f"min{what}", f"max{what}")):
        yield from (length for length in (int(bound) - 1, int(bound), int(bound) + 1) if 0 <= length <= LONGEST)


def _bounds(shape: Schema | None, keywords: tuple[str, ...]) -> Iterator[int | float]:
    for keyword, constant in shape.traits.constraints if shape is not None else ():
        value = constant.value
        if keyword in keywords and isinstance(value, int | float):
            yield value


def _bound(constraints: tuple[tuple[str, object], ...], keyword: str, fallback: int) -> int:
    return next((int(getattr(each, "value", 0)) for name, each in constraints if name == keyword), fallback)


def _unique(values: Iterator[Json]) -> Iterator[Json]:
    seen: set[str] = set()
    for value in values:
        text = json.dumps(value)
        if text not in seen:
            seen.add(text)
            yield value
