"""Find the tags of unions: properties whose constant values tell the members of a union apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ovcgen.generator.view.schema_places import Key, SchemaPlace, SchemaPlaces, Tags, inner_parts
from ovcgen.model.schema import Constant, Record, Reference, Scalar, Schema, Union

DEEPEST = 4  # unions inside of unions
KINDS = ("string", "integer", "boolean")  # the types that a Literal can have

Found = tuple[Key, str, tuple[Constant, ...]]  # the key of a record, the name of its property, and its values


def found_tags(unions: Sequence[SchemaPlace], places: SchemaPlaces) -> Tags:
    """Return the tags of the records that are members of these unions; {} if there are none.

    A tag is a property whose constant values tell the members of a union apart. The result maps the key of each
    record's type (see `schema_places`) to its tags, and each tag to the values that it has in that record. A record
    that is in several unions has the values of all.
    """
    found: dict[Key, dict[str, tuple[Constant, ...]]] = {}
    for place in unions:
        for key, name, values in _tags(place, places):
            tags = found.setdefault(key, {})
            tags[name] = tuple(dict.fromkeys((*tags.get(name, ()), *values)))
    return found


@dataclass(frozen=True, slots=True)
class _Mapped:
    """What a discriminator says of one member.

    Attributes:
        tag: The property.
        values: Its values for the member, as text.
        name: The definition that the member is; "" for none.
    """

    tag: str
    values: tuple[str, ...]
    name: str

    @property
    def is_declared(self) -> bool:
        """Whether the mapping declares the values: they are not just the name of the definition."""
        return bool(self.values) and self.values != (self.name.rpartition("/")[2],)


def _tags(place: SchemaPlace, places: SchemaPlaces) -> Iterator[Found]:
    union, key = place.schema, place.key
    if not isinstance(union, Union):
        return
    members = [(member, places.at(member, (*key, name))) for name, member in inner_parts(union)]
    if not union.discriminator:
        yield from _disjoint([inner for _, inner in members], places)
        return
    for member, inner in members:
        own = key[1] if len(key) == 2 else ""  # a definition that is a union of its subtypes and of itself
        name = member.name if isinstance(member, Reference) else own
        if name and name == union.default_member:  # it has any other value, or no such property
            continue
        values = tuple(value for value, definition in union.mapping if name and definition == name)
        yield from _of_member(inner, _Mapped(union.discriminator, values, name), places)


def _of_member(place: SchemaPlace, mapped: _Mapped, places: SchemaPlaces, depth: int = 0) -> Iterator[Found]:
    """Yield the tags of one member of a union, or of all members of that member."""
    match place.schema:
        case Union() as union if depth < DEEPEST and union.discriminator != mapped.tag:
            for step, member in inner_parts(union):
                yield from _of_member(places.at(member, (*place.key, step)), mapped, places, depth + 1)
        case Record() as record:
            found = _values(record, mapped, places)
            if found:
                yield place.key, mapped.tag, found
            elif found is None and mapped.is_declared and not _is_hidden(place, mapped.tag, places):
                yield place.key, mapped.tag, tuple(map(Constant.of, mapped.values))


def _values(record: Record, mapped: _Mapped, places: SchemaPlaces) -> tuple[Constant, ...] | None:
    """Return the values of the tag of a record; () if a Literal can't express them, None if it has no tag."""
    declared = next((property_.schema for property_ in record.properties if property_.name == mapped.tag), None)
    if declared is None:
        return None
    schema = places.resolver.resolved(declared)
    if not isinstance(schema, Scalar) or schema.kind not in KINDS:
        return ()
    own = schema.traits.enum
    wanted = [Constant.of(value) for text in mapped.values if (value := _read(text, schema.kind)) is not None]
    return tuple(value for value in own if value in wanted) or own or tuple(wanted)


def _read(text: str, kind: str) -> str | int | bool | None:
    """Return a key of a mapping as a value of the type `kind`; None if it is not such a value."""
    match kind:
        case "boolean":
            return {"true": True, "false": False}.get(text.lower())
        case "integer":
            return int(text) if text.lstrip("-").isdecimal() else None
        case _:
            return text


def _is_hidden(place: SchemaPlace, tag: str, places: SchemaPlaces) -> bool:
    """Return whether the property is declared, but does not occur in this direction."""
    whole = places.resolver.resolved(Reference(place.key[1])) if len(place.key) == 2 else place.schema
    return isinstance(whole, Record) and any(property_.name == tag for property_ in whole.properties)


def _disjoint(members: Sequence[SchemaPlace], places: SchemaPlaces) -> Iterator[Found]:
    """Yield the constants that tell members without a discriminator apart: required in all, and never the same."""
    records = [(place.key, place.schema) for place in members if isinstance(place.schema, Record)]
    if len(records) < len(members):
        return
    first, *others = [_constants(record, places) for _, record in records]
    for name in first:
        every = [constants.get(name, ()) for constants in (first, *others)]
        listed = [value for values in every for value in values]
        if all(every) and len(set(listed)) == len(listed):
            for (key, _), values in zip(records, every, strict=True):
                yield key, name, values


def _constants(record: Record, places: SchemaPlaces) -> dict[str, tuple[Constant, ...]]:
    """Return the values of the required properties that have an enum, by name."""
    found = {}
    for property_ in record.properties:
        schema: Schema = places.resolver.resolved(property_.schema)
        if property_.required and isinstance(schema, Scalar) and schema.kind in KINDS and schema.traits.enum:
            found[property_.name] = schema.traits.enum
    return found
