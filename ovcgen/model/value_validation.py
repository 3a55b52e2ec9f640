"""Check values against schemas, and report each violation with its place in the value.

Keywords that no type can express (`Traits.unchecked`) are not checked. The number of steps for one value is limited.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from ovcgen.documents.pointers import escaped
from ovcgen.model.constraints import EXCLUSIVE, NUMBERS
from ovcgen.model.linear_regex import matches
from ovcgen.model.resolve import Resolver
from ovcgen.model.scalars import is_scalar
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    File,
    Json,
    Map,
    Nothing,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
    Union,
)

MOST = 20  # violations of one value
MOST_STEPS = 50_000
LONGEST = 60  # characters of a value in a message
ARTICLES = {"integer": "an integer"}
UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")
SIZES = {"int32": 2**31, "int64": 2**63}


class Violation(NamedTuple):
    """A record of one error in a value.

    `pointer` is the place of the error (a JSON pointer such as `/disks/0/size`), "" for the value itself.
    """

    pointer: str
    message: str


class TooMuchWork(Exception):
    """An exception: the check of a value takes more than 50,000 steps. SchemaValidator catches it."""


class SchemaValidator:
    """A checker of values against the schemas of one API.

    Args:
        resolver: Resolves the schemas.
        is_request: Whether clients send the values. Then required read-only members may be absent, otherwise required
            write-only members.
        is_strict: Whether a value of a `oneOf` must match exactly one member. Schemas in the model are less precise
            than in the document, so a valid value can match several members.
    """

    def __init__(self, resolver: Resolver, *, is_request: bool, is_strict: bool = False) -> None:
        self._resolver = resolver
        self._is_request = is_request
        self._is_strict = is_strict

    def violations(self, schema: Schema, value: Json) -> list[Violation]:
        """Return at most 20 violations of a value; [] if the value is valid or its check takes too many steps.

        A number such as 1.0 is an integer. Bytes are accepted for a string, because forms contain files. The formats
        `date`, `date-time`, `ipv4`, `ipv6`, `uuid`, `int32` and `int64` are checked; other formats allow any value.
        """
        validation = _Validation(self._resolver, is_request=self._is_request, is_strict=self._is_strict)
        try:
            return list(islice(validation.violations(schema, value, ""), MOST))
        except (TooMuchWork, RecursionError, OverflowError):
            return []

    def is_valid(self, schema: Schema, value: Json) -> bool:
        """Return whether a value has no violations; True as well if its check takes too many steps."""
        return not self.violations(schema, value)


class _Validation:
    """The check of one value. The arguments have the same meaning as in `SchemaValidator`."""

    def __init__(self, resolver: Resolver, *, is_request: bool, is_strict: bool) -> None:
        self._resolver = resolver
        self._is_request = is_request
        self._is_strict = is_strict
        self._steps = 0
        self._known: dict[tuple[int, int], list[Violation]] = {}  # by the ids of schema and value

    def violations(self, schema: Schema, value: Json, at: str) -> Iterator[Violation]:
        """Yield the violations of a value, with `at` as the start of their pointers.

        For references, compositions and unions, the result for a value is kept and not computed twice.
        """
        if not isinstance(schema, Reference | Composed | Union):
            yield from self._checked(schema, value, at)
            return
        key = id(schema), id(value)
        if key not in self._known:
            self._known[key] = []  # a schema that leads back to itself says nothing more
            self._known[key] = list(islice(self._checked(schema, value, ""), MOST))
        for pointer, message in self._known[key]:
            yield Violation(at + pointer, message)

    def _checked(self, schema: Schema, value: Json, at: str) -> Iterator[Violation]:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooMuchWork
        if value is None and schema.traits.nullable:
            return
        match schema:
            case Reference():
                target = [*self._resolver.chain(schema)][-1]
                yield from () if isinstance(target, Reference) else self.violations(target, value, at)
                return
            case Composed(members):
                for member in members:
                    yield from self.violations(member, value, at)
            case Union():
                yield from self._union(schema, value, at)
            case Nothing():
                yield from [] if value is None else [Violation(at, f"{excerpt(value)} is not allowed here")]
            case Anything():
                pass
            case _:
                if wrong := _wrong_type(schema, value):
                    yield Violation(at, wrong)
                    return
        if schema.traits.enum and not any(_equal(value, constant.value) for constant in schema.traits.enum):
            listed = ", ".join(constant.text for constant in schema.traits.enum[:10])
            yield Violation(at, f"{excerpt(value)} is none of {listed}")
            return
        yield from _of_traits(schema.traits, value, at)
        if isinstance(value, list) and isinstance(schema, Array):
            yield from self._list(schema, value, at)
        elif isinstance(value, dict):
            yield from self._object(schema, value, at)

    def _union(self, union: Union, value: Json, at: str) -> Iterator[Violation]:
        if union.mapping and isinstance(value, dict) and union.discriminator in value:
            tag = value[union.discriminator]
            name = dict(union.mapping).get(str(tag), union.default_member)
            if name:
                yield from self.violations(Reference(name), value, at)
            else:
                known = ", ".join(key for key, _ in union.mapping[:10])
                yield Violation(f"{at}/{escaped(union.discriminator)}", f"{excerpt(tag)} is none of {known}")
            return
        found = [list(self.violations(member, value, at)) for member in union.members]
        valid = sum(not violations for violations in found)
        if not valid:
            nearest = max(found, key=lambda violations: (len(violations[0].pointer), -len(violations)))
            yield from nearest
        elif valid > 1 and union.exclusive and self._is_strict:
            yield Violation(at, "it matches more than one of the alternatives")

    def _list(self, array: Array, value: list[Json], at: str) -> Iterator[Violation]:
        for number, item in enumerate(value):
            schema = array.prefix[number] if number < len(array.prefix) else array.items
            yield from self.violations(schema, item, f"{at}/{number}")

    def _object(self, schema: Schema, value: dict[str, Json], at: str) -> Iterator[Violation]:
        required = list(schema.traits.required)
        if isinstance(schema, Record):
            required += [
                member.name for member in schema.properties if member.required and not self._is_absent(member.schema)
            ]
            for name, others in schema.dependent_required:
                required += [other for other in others if name in value]
        yield from (Violation(at, f"{name!r} is missing") for name in dict.fromkeys(required) if name not in value)
        if not isinstance(schema, Record | Map):
            return
        declared = {member.name: member.schema for member in schema.properties} if isinstance(schema, Record) else {}
        patterns = schema.patterns if isinstance(schema, Record) else ()
        rest = schema.rest if isinstance(schema, Record) else schema.values
        for name, member in value.items():
            schemas = [declared[name]] if name in declared else []
            schemas += [inner for pattern, inner in patterns if matches(pattern, name)]
            if not schemas and rest is None:
                known = f"; known are {', '.join(sorted(declared)[:10])}" if declared else ""
                yield Violation(at, f"{name!r} is not allowed{known}")
            for inner in schemas or ([rest] if rest is not None else []):
                yield from self.violations(inner, member, f"{at}/{escaped(name)}")

    def _is_absent(self, schema: Schema) -> bool:
        """Return whether a member is not sent: a read-only one in requests, a write-only one in responses."""
        return any(
            linked.traits.read_only if self._is_request else linked.traits.write_only
            for linked in self._resolver.chain(schema)
        )


def excerpt(value: Json) -> str:
    """Return the first 60 characters of a value as JSON (texts in quotes), with `...` if it is cut, for messages.

    A list, an object or bytes give "a list", "an object" or "a file".
    """
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = Constant.of(value).text if not isinstance(value, bytes) else "a file"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _equal(one: Json, other: Json) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _wrong_type(schema: Schema, value: Json) -> str:
    """Return what is wrong with the type of a value; "" if it is right."""
    match schema:
        case Scalar("integer") if isinstance(value, float) and value.is_integer():
            return ""
        case Scalar("string") if isinstance(value, bytes):  # a file in a form
            return ""
        case Scalar(kind):
            return "" if is_scalar(kind, value) else f"{excerpt(value)} is not {ARTICLES.get(kind, f'a {kind}')}"
        case Array():
            return "" if isinstance(value, list) else f"{excerpt(value)} is not a list"
        case Map() | Record():
            return "" if isinstance(value, dict) else f"{excerpt(value)} is not an object"
        case File():
            return "" if isinstance(value, bytes | str) else f"{excerpt(value)} is not a file"
    return ""


def _of_traits(traits: Traits, value: Json, at: str) -> Iterator[Violation]:
    """Yield the violations of the constraints and the format of a schema."""
    if traits.constraints:
        yield from (Violation(at, message) for message in _of_constraints(traits.limits, value))
    check = FORMATS.get(traits.format) if isinstance(value, str) else None
    if check is not None and not check(value):
        yield Violation(at, f"{excerpt(value)} is no {traits.format}")
    if traits.format in SIZES and isinstance(value, int) and not -SIZES[traits.format] <= value < SIZES[traits.format]:
        yield Violation(at, f"{excerpt(value)} is too large for {traits.format}")


def _of_constraints(limits: Mapping[str, Json], value: Json) -> Iterator[str]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    for keyword, limit in limits.items():
        if is_number and keyword in NUMBERS and isinstance(limit, int | float):
            if not NUMBERS[keyword](value, limit):
                yield f"{excerpt(value)} is {WORDS[keyword]} {limit}"
        elif is_number and keyword in EXCLUSIVE and limit is True and value == limits.get(EXCLUSIVE[keyword]):
            yield f"{excerpt(value)} is the limit itself, which is excluded"
        elif keyword == "pattern" and isinstance(value, str):
            for pattern in limit if isinstance(limit, list) else [limit]:
                if isinstance(pattern, str) and matches(pattern, value) is False:
                    yield f"{excerpt(value)} does not match {pattern[:LONGEST]}"
        elif keyword == "uniqueItems" and limit is True and isinstance(value, list):
            if len({json.dumps(item, sort_keys=True, default=repr) for item in value}) < len(value):
                yield "an item occurs twice"
        elif keyword[3:] in LENGTHS and isinstance(limit, int | float):
            yield from _of_length(keyword, limit, value)


def _of_length(keyword: str, limit: float, value: Json) -> Iterator[str]:
    """Yield a message if the length of a value violates `keyword`, such as `minItems`."""
    kind, noun = LENGTHS[keyword[3:]]
    is_least = keyword.startswith("min")
    count = len(value) if isinstance(value, kind) else limit
    if count < limit if is_least else count > limit:
        yield f"it has {count} {noun}, and not at {'least' if is_least else 'most'} {limit}"


LENGTHS: Mapping[str, tuple[type[str] | type[list[Json]] | type[dict[str, Json]], str]] = {
    "Length": (str, "characters"),
    "Items": (list, "items"),
    "Properties": (dict, "members"),
}
WORDS = {"minimum": "less than", "maximum": "more than", "multipleOf": "no multiple of"}


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def check(value: str) -> bool:
        try:
            parse(value)
        except ValueError:
            return False
        return True

    return check


def _is_date_time(value: str) -> bool:
    return DATE_TIME.fullmatch(value) is not None and _parses(datetime.fromisoformat)(value[:19].upper())


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "date": lambda value: len(value) == 10 and _parses(date.fromisoformat)(value),
    "date-time": _is_date_time,
    "ipv4": _parses(ipaddress.IPv4Address),
    "ipv6": _parses(ipaddress.IPv6Address),
    "uuid": lambda value: UUID.fullmatch(value) is not None,
}
