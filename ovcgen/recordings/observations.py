"""Walks through a recorded value along the shape that its operation declares, and says at each place what was seen.

A place is where the shape stands in the corrected document (the steps of a JSON pointer), so that a correction can
name it; a path is where the value stands in the answer, as people say it: `[].nics[].ipAddress`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import unquote

from ovcgen.documents.document import Json
from ovcgen.model.api import Api
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    File,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
)
from ovcgen.normalise.places import steps
from ovcgen.recordings.inference import is_data, kind
from ovcgen.runtime.redaction import HIDDEN


class Agreement(StrEnum):
    """How what was seen stands to what is declared."""

    FITS = "fits"
    UNKNOWN = "unknown"  # nothing is declared
    NEW = "new"  # a key that is not declared
    ABSENT = "absent"  # a required key
    NULL = "null"  # where it is not declared
    TYPE = "type"  # another one

    @property
    def contradicts(self) -> bool:
        """Whether the declaration is wrong, not just short."""
        return self in (Agreement.ABSENT, Agreement.NULL, Agreement.TYPE)


@dataclass(frozen=True, slots=True)
class ValuePath:
    """A value's path, and the place of its shape."""

    path: str
    place: tuple[str, ...]

    def inside(self, path: str, *place: str) -> ValuePath:
        """The spot of a part of it."""
        dot = "." if self.path and path != "[]" else ""
        return ValuePath(f"{self.path}{dot}{path}", (*self.place, *place))


@dataclass(frozen=True, slots=True)
class Sighting:
    """One value at one spot. `place` is that of the action that would make it fit; `value` never leaves this part."""

    verdict: Agreement
    spot: ValuePath
    declared: Schema
    value: Json = None
    key: str = ""
    file: bool = False  # bytes, which are not looked at


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk needs to know: the named shapes, and texts that are values wherever they stand."""

    api: Api
    texts: Collection[str] = ()

    def sightings(self, schema: Schema, value: Json, spot: ValuePath) -> Iterator[Sighting]:
        """What is to be seen in a value."""
        if value == HIDDEN:  # a recorder put it there
            return
        shape, inner = self.resolved(schema, spot)
        verdict = _verdict(shape, value)
        yield Sighting(verdict, spot, shape, value)
        if verdict != Agreement.FITS or value is None:
            return
        match shape:
            case Array(items):
                for json in value:
                    yield from self.sightings(items, json, inner.inside("[]", "items"))
            case Map(values):
                for name in sorted(value):
                    yield from self.sightings(values, value[name], inner.inside("*", "additionalProperties"))
            case Record() | Composed():
                yield from self._members(shape, value, inner)

    def resolved(self, schema: Schema, spot: ValuePath) -> tuple[Schema, ValuePath]:
        """The shape behind references and compositions of one, and where it stands; nullable if any of them is."""
        passed: set[str] = set()
        nullable = False
        while True:
            nullable = nullable or schema.traits.nullable
            match schema:
                case Reference(name) if name not in passed:
                    passed.add(name)
                    schema, spot = self.api.definition(name) or Anything(), ValuePath(spot.path, _home(name))
                case Composed((only,)):
                    schema, spot = only, replace(spot, place=(*spot.place, "allOf", "0"))
                case Reference():
                    return Anything(), spot
                case _:
                    return replace(schema, traits=replace(schema.traits, nullable=nullable)), spot

    def _members(self, shape: Schema, value: Json, spot: ValuePath) -> Iterator[Sighting]:
        """What is to be seen in an object."""
        named = {member.name: (member, home) for member, home in self._properties(shape, spot)}
        for name, (member, home) in sorted(named.items()):
            inner = ValuePath(spot.path, home).inside(name, "properties", name)
            if name in value:
                yield from self.sightings(member.schema, value[name], inner)
            elif member.required:
                yield Sighting(Agreement.ABSENT, ValuePath(inner.path, (*home, "required")), member.schema, key=name)
        rest = shape.rest if isinstance(shape, Record) else None
        for name in sorted(value.keys() - named.keys()):
            if rest is not None and not isinstance(rest, Anything):
                yield from self.sightings(rest, value[name], spot.inside("*", "additionalProperties"))
                continue
            told = not is_data(name, self.texts)
            seen = ValuePath(spot.inside(name if told else "*").path, (*spot.place, "properties") if told else ())
            yield Sighting(Agreement.NEW, seen, shape, value[name], key=name)

    def _properties(self, shape: Schema, spot: ValuePath) -> Iterator[tuple[Property, tuple[str, ...]]]:
        """The named members of an object, with the place of the object that declares each."""
        match shape:
            case Record(properties):
                yield from ((property_, spot.place) for property_ in properties)
            case Composed(members):
                for number, member in enumerate(members):
                    inner = ValuePath(spot.path, (*spot.place, "allOf", str(number)))
                    yield from self._properties(*self.resolved(member, inner))


def declared(schema: Schema) -> str:
    """The name of a shape, as findings say it."""
    match schema:
        case Scalar(name):
            word = name
        case Array():
            word = "array"
        case Nothing():
            return "null"
        case File():
            return "file"
        case Anything():
            return "anything"
        case _:
            word = "object"
    return f"{word} or null" if schema.traits.nullable else word


def _home(name: str) -> tuple[str, ...]:
    """The place of a definition; one that has no name of its own is called by its whole reference."""
    return steps(unquote(name[1:])) if name.startswith("#/") else ("definitions", name)


def _verdict(schema: Schema, value: Json) -> Agreement:
    if isinstance(schema, Anything):
        return Agreement.FITS
    seen = kind(value)
    if seen == "null":
        fits = schema.traits.nullable or isinstance(schema, Nothing)
        return Agreement.FITS if fits else Agreement.NULL
    word = declared(schema).removesuffix(" or null")
    return Agreement.FITS if seen == word or (word, seen) == ("number", "integer") else Agreement.TYPE
