"""Compare a recorded value with its declared schema and yield an observation at each location.

A `place` is the location of the schema in the corrected document (the steps of a JSON pointer), so that a correction
can target it. A `path` is the location of the value in the response, as users write it: `[].nics[].ipAddress`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ovcgen.documents.document import Json
from ovcgen.documents.pointers import reference_steps
from ovcgen.model.resolve import Resolver, kind_of, sole_member
from ovcgen.model.schema import Anything, Array, Composed, Map, Nothing, Property, Record, Reference, Schema
from ovcgen.recordings.schema_inference import is_data, json_type
from ovcgen.runtime.redaction import HIDDEN

UNTYPED = ("null", "file", "anything")  # null needs no mention beside them


class Agreement(StrEnum):
    """An enumeration of how a recorded value can agree with its declared schema.

    Attributes:
        FITS: The value is valid.
        UNKNOWN: No type is declared for the value.
        NEW: The key is not declared.
        ABSENT: A required key is missing.
        NULL: The value is null, which is not declared.
        TYPE: The value has another type than declared.
    """

    FITS = "fits"
    UNKNOWN = "unknown"  # nothing is declared
    NEW = "new"  # the key is not declared
    ABSENT = "absent"  # a required key is missing
    NULL = "null"  # null, which is not declared
    TYPE = "type"  # another type than declared

    @property
    def contradicts(self) -> bool:
        """Return whether this shows that the declaration is wrong (ABSENT, NULL, TYPE), and not only incomplete."""
        return self in (Agreement.ABSENT, Agreement.NULL, Agreement.TYPE)


@dataclass(frozen=True, slots=True)
class ValuePath:
    """A record of the place of a value in a response, and of the place of its schema in the document.

    Attributes:
        path: The path in the response, such as `[].nics[].ipAddress`; "" for the whole response.
        place: The steps of the schema's JSON pointer in the corrected document.
    """

    path: str
    place: tuple[str, ...]

    def inside(self, path: str, *place: str) -> ValuePath:
        """Return a new ValuePath: the path of a part of the value, and the place of the schema of that part.

        `path` is a member's name, `[]` or `*`; `place` are the steps from this schema to that of the part.
        """
        dot = "." if self.path and path != "[]" else ""
        return ValuePath(f"{self.path}{dot}{path}", (*self.place, *place))


@dataclass(frozen=True, slots=True)
class Observation:
    """A record of how one part of a recorded response agrees with its declared schema.

    Attributes:
        verdict: The result of the comparison.
        spot: The path of the value; its place is the target of the correction that would make the value valid, and ()
            for an undeclared key that is data.
        declared: The declared schema; for NEW, that of the object that has the undeclared key.
        value: The recorded value; None for ABSENT. It must not appear in any output.
        key: The name of the undeclared or missing key; "" for other verdicts.
        file: Whether the response is a file, whose bytes are not inspected.
    """

    verdict: Agreement
    spot: ValuePath
    declared: Schema
    value: Json = None
    key: str = ""
    file: bool = False


@dataclass(frozen=True, slots=True)
class ValueComparer:
    """A comparer of recorded values with their declared schemas.

    Attributes:
        resolver: Resolves the references of the schemas.
        texts: Strings that occur as values; keys equal to one are data.
    """

    resolver: Resolver
    texts: Collection[str] = ()

    def observations(self, schema: Schema, value: Json, spot: ValuePath) -> Iterator[Observation]:
        """Yield one observation for a value, one for each part inside of it, and one for each missing required key.

        The parts of a value are only compared if the value itself fits. A value that the recorder hid (`***`) gives no
        observation.

        Args:
            schema: The declared schema.
            value: The recorded value.
            spot: Where the value and its schema are.
        """
        if value == HIDDEN:  # a secret that the recorder replaced
            return
        shape, inner = self.resolved(schema, spot)
        verdict = _verdict(shape, value)
        yield Observation(verdict, spot, shape, value)
        if verdict != Agreement.FITS or value is None:
            return
        match shape:
            case Array(items):
                for json in value:
                    yield from self.observations(items, json, inner.inside("[]", "items"))
            case Map(values):
                for name in sorted(value):
                    yield from self.observations(values, value[name], inner.inside("*", "additionalProperties"))
            case Record() | Composed():
                yield from self._members(shape, value, inner)

    def resolved(self, schema: Schema, spot: ValuePath) -> tuple[Schema, ValuePath]:
        """Return (schema, its ValuePath) after following references and `allOf` with a single member.

        The schema is nullable if any schema on the way is. A reference that is unknown or refers to itself becomes
        Anything. The path in the response stays the same.
        """
        place, nullable = spot.place, False
        target = schema
        for target in self.resolver.chain(schema):
            nullable = nullable or target.traits.nullable
            if isinstance(target, Reference):
                place = _home(target.name)
            elif isinstance(target, Composed) and (only := sole_member(target)) is not None:
                place = (*place, "allOf", str(only))
        return replace(target, traits=replace(target.traits, nullable=nullable)), ValuePath(spot.path, place)

    def _members(self, shape: Schema, value: Json, spot: ValuePath) -> Iterator[Observation]:
        """Yield the observations in an object's members."""
        named = {member.name: (member, home) for member, home in self._properties(shape, spot)}
        for name, (member, home) in sorted(named.items()):
            inner = ValuePath(spot.path, home).inside(name, "properties", name)
            if name in value:
                yield from self.observations(member.schema, value[name], inner)
            elif member.required:
                yield Observation(Agreement.ABSENT, ValuePath(inner.path, (*home, "required")), member.schema, key=name)
        rest = shape.rest if isinstance(shape, Record) else None
        for name in sorted(value.keys() - named.keys()):
            if rest is not None and not isinstance(rest, Anything):
                yield from self.observations(rest, value[name], spot.inside("*", "additionalProperties"))
                continue
            if is_data(name, self.texts):
                seen = ValuePath(spot.inside("*").path, ())
            else:
                seen = ValuePath(spot.inside(name).path, (*spot.place, "properties"))
            yield Observation(Agreement.NEW, seen, shape, value[name], key=name)

    def _properties(self, shape: Schema, spot: ValuePath) -> Iterator[tuple[Property, tuple[str, ...]]]:
        """Yield the declared properties of an object, each with the place of the object schema that declares it."""
        match shape:
            case Record(properties):
                yield from ((property_, spot.place) for property_ in properties)
            case Composed(members):
                for number, member in enumerate(members):
                    inner = ValuePath(spot.path, (*spot.place, "allOf", str(number)))
                    yield from self._properties(*self.resolved(member, inner))


def type_name(schema: Schema) -> str:
    """Return the short name of a schema's type for findings, such as `string` or, if nullable, `string or null`.

    A schema without a type is `anything`. `null`, `file` and `anything` never get ` or null`.
    """
    word = kind_of(schema) or "anything"
    return f"{word} or null" if schema.traits.nullable and word not in UNTYPED else word


def _home(name: str) -> tuple[str, ...]:
    """Return the place of a definition. A reference outside `definitions` is named by its whole pointer (`#/...`)."""
    return reference_steps(name) if name.startswith("#/") else ("definitions", name)


def _verdict(schema: Schema, value: Json) -> Agreement:
    if isinstance(schema, Anything):
        return Agreement.FITS
    seen = json_type(value)
    if seen == "null":
        fits = schema.traits.nullable or isinstance(schema, Nothing)
        return Agreement.FITS if fits else Agreement.NULL
    word = type_name(schema).removesuffix(" or null")
    return Agreement.FITS if seen == word or (word, seen) == ("number", "integer") else Agreement.TYPE
