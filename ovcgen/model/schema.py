"""The shapes a value can have: all of Swagger 2.0's schema family, as one closed set of frozen values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Json = Any  # what json.loads gives; Python has no exact name for it


@dataclass(frozen=True, slots=True)
class Constant:
    """A JSON value as canonical text: hashable, and `1`, `1.0` and `true` stay three values."""

    text: str

    @classmethod
    def of(cls, value: Json) -> Constant:
        return cls(json.dumps(value, sort_keys=True))

    @property
    def value(self) -> Json:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Traits:
    """What Swagger lets any shape carry beside its type.

    `constraints` are (keyword, value) pairs such as `("maximum", 20)`; `known` are values seen so far of an open set,
    while an `enum` belongs to the shape; `required` are members that have to be there, though their shape is told
    elsewhere or nowhere.
    """

    doc: str = ""
    format: str = ""
    nullable: bool = False
    read_only: bool = False
    default: Constant | None = None
    constraints: tuple[tuple[str, Constant], ...] = ()
    enum: tuple[Constant, ...] = ()
    known: tuple[Constant, ...] = ()
    required: tuple[str, ...] = ()


PLAIN = Traits()


@dataclass(frozen=True, slots=True)
class Scalar:
    """One `string`, `integer`, `number` or `boolean`."""

    kind: str
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Array:
    """A list; `collection` says how it is written outside a JSON body (`multi`, `csv`, `ssv`, `tsv`, `pipes`)."""

    items: Schema
    collection: str = "csv"
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Map:
    """An object with any keys, whose values all have one shape."""

    values: Schema
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Property:
    """One named member of a record."""

    name: str
    schema: Schema
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An object with named members; `rest` is the shape of unnamed ones, None where there may be none."""

    properties: tuple[Property, ...]
    rest: Schema | None
    discriminator: str = ""
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Composed:
    """`allOf`: a value that has every one of these shapes."""

    members: tuple[Schema, ...]
    discriminator: str = ""
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Reference:
    """The shape of that name in `Api.definitions`; the only way in which shapes can be recursive."""

    name: str
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class File:
    """Bytes that are no JSON."""

    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Anything:
    """No promise at all."""

    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Nothing:
    """An answer without a body, or with `null` only."""

    traits: Traits = PLAIN


Schema = Scalar | Array | Map | Record | Composed | Reference | File | Anything | Nothing
