"""Make small sample values of schemas, and values just outside of their bounds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from math import ceil

from ovcgen.model.constraints import permits
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Anything, Array, File, Json, Map, Nothing, Property, Record, Scalar, Schema, Union
from ovcgen.model.walk import VALUES, parts

TEXTS = ("a", "", "1", "0.5", "true", "2018-01-01", "2018-01-01T00:00:00Z", "somebody@example.org")
NUMBERS = (1, 0, -1)
FORMATS = {
    "uuid": "00000000-0000-4000-8000-000000000001",
    "date": "2018-01-01",
    "date-time": "2018-01-01T00:00:00Z",
    "email": "somebody@example.org",
    "uri": "https://example.org/",
    "ipv4": "192.0.2.1",
    "byte": "YQ==",
}
LONGEST = 1000  # the maximal length of a text or list, whatever the bounds say
DEPTH = 5
DEEPEST_LIST = 20  # of lists with a smallest length, which can contain themselves
EXTRA = "another"


class Samples:
    """A maker of small sample values of schemas. Subclasses choose which members an object has, and which scalars.

    Attributes:
        anything: The value of a schema that allows any.
        file: The value of a file.
    """

    anything: Json = "a"
    file: Json = None

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver

    def value(self, schema: Schema, depth: int = 0) -> Json:
        """Return a sample value of a schema; `depth` is the number of objects and lists around it in the sample.

        References are followed. An object has the members that `is_included` selects; one with arbitrary keys is
        empty. A list has as few items as allowed, at most 1,000, and none from depth 20 on. A union has a value of its
        first member. A value of Nothing is None.
        """
        match self.resolver.resolved(schema):
            case Scalar() as scalar:
                return self.scalar(scalar)
            case Array(items, _, traits):
                least = min(int(traits.limits.get("minItems", 0)), LONGEST) if depth < DEEPEST_LIST else 0
                return [self.value(items, depth + 1)] * least if least else []
            case Record(properties):
                included = (property_ for property_ in properties if self.is_included(property_, depth))
                return {property_.name: self.member(property_, depth) for property_ in included}
            case Union(members):
                return self.value(members[0], depth)
            case File():
                return self.file
            case Anything():
                return self.anything
            case Nothing():
                return None
        return {}

    def is_included(self, member: Property, depth: int) -> bool:
        """Return whether the sample of an object at that depth has the member: required ones, if `depth` is below 5."""
        return member.required and depth < DEPTH

    def member(self, member: Property, depth: int) -> Json:
        """Return the value of a member of an object at that depth."""
        return self.value(member.schema, depth + 1)

    def scalar(self, scalar: Scalar) -> Json:
        """Return the first of the `candidates` that satisfies the constraints and the enum.

        If none does, the first of all candidates is returned, which is then not valid.
        """
        proposed = list(candidates(scalar))
        return next((value for value in proposed if permits(scalar.traits, value)), proposed[0])


class Variations(Samples):
    """A maker of values for a schema that differ at one path only, to find one that two releases treat differently.

    Args:
        resolver: Resolves the schemas of the release for which values are made.
        other: Resolves those of the other release, whose bounds and enums are tried, too.
    """

    def __init__(self, resolver: Resolver, other: Resolver) -> None:
        super().__init__(resolver)
        self._other = other

    def varied(self, schema: Schema, hint: Schema | None, steps: Sequence[str]) -> Iterator[Json]:
        """Yield values of a schema that differ only at one path; not all of them are valid.

        The value at the path can be left out, and can be null. If an object has no such member, it is yielded once as
        it is. If the schema has no such path for another reason, nothing is yielded.

        Args:
            schema: The schema of the values.
            hint: The schema of the same value in the other release, whose bounds are tried too; None if it has none.
            steps: The path, as in `["disks", "[]", "size"]`; [] varies the whole value.
        """
        shape, other = self.resolver.resolved(schema), self._other.resolved(hint or Nothing())
        if not steps:
            yield from self._variants(shape, other)
            return
        first, *rest = steps
        match shape:
            case Union(members):
                for member in members:
                    yield from self.varied(member, hint, steps)
            case Record():
                yield from self._members(shape, other, first, rest)
            case Array() | Map():
                ((_, part),), inner = parts(shape), next((part for _, part in parts(other)), None)
                values = self.varied(part, inner if type(other) is type(shape) else None, rest)
                yield from ([value] if isinstance(shape, Array) else {"key": value} for value in values)

    def _members(self, shape: Record, other: Schema, name: str, rest: Sequence[str]) -> Iterator[Json]:
        """Yield objects without and with a member, which may exist in one of the two releases only."""
        whole = self.value(shape)
        yield {key: value for key, value in whole.items() if key != name}
        own, others = (
            dict(parts(schema)).get(name) if isinstance(schema, Record) else None for schema in (shape, other)
        )
        found = own or others
        if found and name != VALUES:
            yield from ({**whole, name: value} for value in self.varied(found, others, rest))

    def _variants(self, shape: Schema, other: Schema) -> Iterator[Json]:
        """Yield values of the schema itself. The last one is always null."""
        match shape:
            case Scalar():
                yield from _unique(candidates(shape, other))
            case Array(items):
                one = self.value(items)
                lengths = {0, 1, 2, *_near(shape, "Items"), *_near(other, "Items")}
                yield from ([one] * length for length in sorted(lengths))
                yield [one, *islice(self._variants(self.resolver.resolved(items), Nothing()), 1, 3)]
            case Record(properties):
                whole = self.value(shape)
                yield whole
                optional = (property_ for property_ in properties if not property_.required)
                yield from ({**whole, property_.name: self.value(property_.schema)} for property_ in optional)
                yield {**whole, EXTRA: "a"}
            case Union(members):
                yield from (self.value(member) for member in (*members, *_members(other)))
            case Map(values):
                yield {}
                yield {"key": self.value(values)}
            case _:
                yield from ("a", 1, {}, [])
        yield None


def _members(schema: Schema) -> tuple[Schema, ...]:
    return schema.members if isinstance(schema, Union) else ()


def candidates(
    scalar: Scalar,
    other: Schema = Nothing(),  # noqa: B008 - it is immutable
    *,
    texts: Sequence[str] = TEXTS,
    numbers: Sequence[int] = NUMBERS,
) -> Iterator[Json]:
    """Yield values to try for a scalar, the most likely first; some lie outside of its bounds.

    The order is: its enum and known values, a text of its format, `texts` or `numbers`, values near the bounds of the
    scalar and of `other`, and the enum of `other`. Values can repeat.

    Args:
        scalar: The schema of the values.
        other: The schema of the same value in another release; Nothing for none.
        texts, numbers: The values to try for any string or number.
    """
    traits = scalar.traits
    yield from (constant.value for constant in (*traits.enum, *traits.known))
    if scalar.kind == "boolean":
        yield from (True, False)
    elif scalar.kind == "string":
        yield from (FORMATS[traits.format],) if traits.format in FORMATS else ()
        yield from texts
        yield from ("a" * length for length in sorted({*_near(scalar, "Length"), *_near(other, "Length")}))
    else:
        yield from numbers
        yield from _least_multiple(scalar)
        for bound in (*_bounds(scalar), *_bounds(other)):
            yield from (bound - 1, bound, bound + 1, *((bound + 0.5,) if scalar.kind == "number" else ()))
        yield from (0.5,) if scalar.kind == "number" else (2**31, 2**63)
    yield from (constant.value for constant in other.traits.enum)


def _least_multiple(scalar: Scalar) -> Iterator[Json]:
    """Yield the smallest positive multiple of `multipleOf` that is not below the minimum; nothing if not declared."""
    limits = scalar.traits.limits
    if step := limits.get("multipleOf"):
        yield step * max(ceil(limits.get("minimum", step) / step), 1)


def _near(schema: Schema, what: str) -> Iterator[int]:
    for bound in _bounds(schema, f"min{what}", f"max{what}"):
        yield from (length for length in (int(bound) - 1, int(bound), int(bound) + 1) if 0 <= length <= LONGEST)


def _bounds(schema: Schema, *keywords: str) -> list[Json]:
    """Return the values of these constraints; without `keywords`, the values of the number constraints."""
    wanted = keywords or ("minimum", "maximum", "multipleOf")
    return [value for key, value in schema.traits.limits.items() if key in wanted and isinstance(value, int | float)]


def _unique(values: Iterator[Json]) -> Iterator[Json]:
    seen: set[str] = set()
    for value in values:
        text = json.dumps(value)
        if text not in seen:
            seen.add(text)
            yield value
