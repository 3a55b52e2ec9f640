"""Define the schemas of Swagger 2.0 as a closed set of frozen values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Json = Any  # a value that json.loads returns; Python has no exact type for it


@dataclass(frozen=True, slots=True)
class Constant:
    """A JSON value as canonical text. It is hashable, and `1`, `1.0` and `true` are three different values."""

    text: str

    @classmethod
    def of(cls, value: Json) -> Constant:
        """Return the constant for a JSON value."""
        return cls(json.dumps(value, sort_keys=True))

    @property
    def value(self) -> Json:
        """Return the JSON value."""
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Traits:
    """The keywords that any schema can have beside its type.

    Attributes:
        constraints: (keyword, value) pairs such as `("maximum", 20)`.
        enum: The closed set of allowed values; () if any value is allowed.
        known: Values observed so far of an open set (`x-known-values`).
        required: Required members that `properties` of the same schema does not declare.
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

    @property
    def limits(self) -> dict[str, Json]:
        """Return the constraints by keyword."""
        return {keyword: constant.value for keyword, constant in self.constraints}


PLAIN = Traits()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number or boolean; `kind` is `string`, `integer`, `number` or `boolean`."""

    kind: str
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Array:
    """A list; `collection` is the `collectionFormat` outside of a JSON body (`multi`, `csv`, `ssv`, `tsv`, `pipes`)."""

    items: Schema
    collection: str = "csv"
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Map:
    """An object with arbitrary keys; all its values have one schema."""

    values: Schema
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Property:
    """One declared member of a record."""

    name: str
    schema: Schema
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An object with declared members.

    `rest` is the schema of undeclared members (`additionalProperties`); None if they are forbidden.
    """

    properties: tuple[Property, ...]
    rest: Schema | None
    discriminator: str = ""
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Composed:
    """`allOf`: a value that matches every member schema."""

    members: tuple[Schema, ...]
    discriminator: str = ""
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Reference:
    """A `$ref` to the definition `name` in `Api.definitions`. Only references can make a schema recursive."""

    name: str
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class File:
    """Bytes that are not JSON."""

    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Anything:
    """A schema that allows any value."""

    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Nothing:
    """A response without a body, or whose body is `null`."""

    traits: Traits = PLAIN


Schema = Scalar | Array | Map | Record | Composed | Reference | File | Anything | Nothing
