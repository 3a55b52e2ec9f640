"""Define the schemas of Swagger 2.0 and OpenAPI 3 as a closed set of frozen values.

What different versions spell differently is one fact here:

- Null: `nullable` of the traits, whether written as `nullable`, `x-nullable`, the type `null`, a null in an enum, or a
  member of a union that allows only null. An enum never contains null, and no member of a union is Nothing.
- A constant is an enum with one value. A union of constants of one type is an enum.
- A list of types is a Union of one schema for each type (not `exclusive`).
- An exclusive limit is `minimum` with the switch `exclusiveMinimum` (and the same for maximum), as in Swagger 2.0.
- An encoding or a media type of a string is its format: `byte` for base64 and `binary` for bytes.
- Keywords beside a reference, `allOf`, `oneOf` or `anyOf` are one more member of a Composed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Json = Any  # a value that json.loads returns; Python has no exact type for it


@dataclass(frozen=True, slots=True)
class Constant:
    """A JSON value as canonical text. It is hashable, and `1`, `1.0` and `true` are three different constants."""

    text: str

    @classmethod
    def of(cls, value: Json) -> Constant:
        """Return the constant for a JSON value."""
        return cls(json.dumps(value, sort_keys=True))

    @property
    def value(self) -> Json:
        """Return the JSON value, parsed anew at each access."""
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class Traits:
    """The keywords that any schema can have besides its type and the schemas inside.

    Attributes:
        read_only: The member occurs in responses only.
        write_only: The member occurs in requests only.
        constraints: (keyword, value) pairs such as `("maximum", 20)`.
        unchecked: (keyword, value) pairs of keywords that no type can express, such as `not`, `if` and `contains`, as
            written in the document. They are used to compare documents, but values are not checked against them.
        enum: The closed set of allowed values; () if any value is allowed.
        known: Values observed so far of an open set (`x-known-values`).
        required: Required members that `properties` of the same schema does not declare.
        example: The first example of a value, as written in the document; None if there is none. Schemas with different
            examples can be equal.
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
    write_only: bool = False
    deprecated: bool = False
    unchecked: tuple[tuple[str, Constant], ...] = ()
    example: Json = field(default=None, compare=False, repr=False)

    @property
    def limits(self) -> dict[str, Json]:
        """Return the values of the constraints, by keyword."""
        return {keyword: constant.value for keyword, constant in self.constraints}


PLAIN = Traits()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A schema of a text, number or boolean; `kind` is `string`, `integer`, `number` or `boolean`."""

    kind: str
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Array:
    """A schema of a list.

    Attributes:
        items: The schema of the items; with a `prefix` of those after it. Nothing if there are no items after it.
        collection: `collectionFormat` outside of a JSON body (`multi`, `csv`, `ssv`, `tsv`, `pipes`). Swagger 2.0 only:
            see `Parameter.style`.
        prefix: The schemas of the first items, by position (`prefixItems`).
    """

    items: Schema
    collection: str = "csv"
    traits: Traits = PLAIN
    prefix: tuple[Schema, ...] = ()


@dataclass(frozen=True, slots=True)
class Map:
    """A schema of an object with arbitrary keys; all its values have the schema `values`."""

    values: Schema
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Property:
    """One declared member of a Record: its name, its schema, and whether it is required."""

    name: str
    schema: Schema
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A schema of an object with declared members.

    Attributes:
        properties: The declared members.
        rest: The schema of undeclared members (`additionalProperties`); None if they are forbidden.
        discriminator: The member that names the subtype; "" for none.
        mapping: (value of the discriminator, name of the definition) pairs, as declared; sorted.
        patterns: (regular expression, schema) pairs of members by name (`patternProperties`); sorted.
        dependent_required: (member, names of the members that it requires) pairs; sorted.
    """

    properties: tuple[Property, ...]
    rest: Schema | None
    discriminator: str = ""
    traits: Traits = PLAIN
    mapping: tuple[tuple[str, str], ...] = ()
    patterns: tuple[tuple[str, Schema], ...] = ()
    dependent_required: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """A schema of values that match every one of its `members` (`allOf`).

    `discriminator` and `mapping` are as those of a Record.
    """

    members: tuple[Schema, ...]
    discriminator: str = ""
    traits: Traits = PLAIN
    mapping: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Union:
    """A schema of values that match at least one of its members (`anyOf`, a list of types), or exactly one (`oneOf`).

    There are at least two members, all different, and none allows null: that is a trait of the union.

    Attributes:
        members: The schemas to match.
        exclusive: Whether it is `oneOf`.
        discriminator: The property whose value selects the member; "" for none.
        mapping: (value of the discriminator, name of the definition) pairs, sorted: the declared ones and, for each
            referenced member without one, the last part of its name.
        default_member: The name of the definition for other values of the discriminator; "" for none.
    """

    members: tuple[Schema, ...]
    exclusive: bool = False
    discriminator: str = ""
    traits: Traits = PLAIN
    mapping: tuple[tuple[str, str], ...] = ()
    default_member: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A schema that stands for the definition `name` in `Api.definitions` (`$ref`).

    Only references can make a schema recursive.
    """

    name: str
    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class File:
    """A schema of bytes that are not JSON."""

    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Anything:
    """A schema that allows any value; with an `enum`, the values of no single type that it lists."""

    traits: Traits = PLAIN


@dataclass(frozen=True, slots=True)
class Nothing:
    """A schema of nothing: a response without a body, null (`nullable`), or no value at all (`false`)."""

    traits: Traits = PLAIN


Schema = Scalar | Array | Map | Record | Composed | Union | Reference | File | Anything | Nothing
