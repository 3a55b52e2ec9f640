"""Resolve schemas where they stand: what a request or a response has there, and the key of its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ovcgen.generator.view.discriminator_subtypes import subtypes
from ovcgen.model.api import Api
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import (
    Anything,
    Array,
    Composed,
    Constant,
    Map,
    Nothing,
    Property,
    Record,
    Reference,
    Scalar,
    Schema,
    Traits,
    Union,
)
from ovcgen.model.walk import parts, references

Key = tuple[str, ...]  # (root, definition, field ...), or (root, group, actor, method, what ...)
Tags = Mapping[Key, Mapping[str, tuple[Constant, ...]]]  # the values of properties that tell members of unions apart

DEFINITION, CALL, WEBHOOK = "type", "call", "webhook"
SENT_DEFINITION, SENT_ARGUMENT = "sent", "send"  # the roots of keys in requests, where these differ from responses
BINARY = "binary"
DEEP = 2  # members of members
MOST_SUBTYPES = 40  # a definition with more subtypes is no union of them: checkers become slow
NO_TAGS: Tags = {}


def is_sent(key: Key) -> bool:
    """Return whether the key names the place of a schema in a request, and requests differ from responses there."""
    return key[0] in (SENT_DEFINITION, SENT_ARGUMENT)


def is_inside(key: Key) -> bool:
    """Return whether the key names a place inside of a definition, an argument or a response, not the whole of it."""
    return len(key) > _length_of_root(key)


def _length_of_root(key: Key) -> int:
    """Return the length of the key of the definition, argument or response that this key is in."""
    return 2 if key[0] in (DEFINITION, SENT_DEFINITION) else 5


@dataclass(frozen=True, slots=True)
class SchemaPlace:
    """A record of a resolved schema in its place.

    Attributes:
        schema: The schema, without references and `allOf`.
        key: The tuple that names the place; see SchemaPlaces.
        nullable: Whether null is allowed there.
    """

    schema: Schema
    key: Key
    nullable: bool


class SchemaPlaces:
    """A resolver of schemas that knows where they stand: the same definition can differ in requests and responses.

    A key is a tuple that names a place: `("type", definition, member, ...)`, `("call", group, actor, method, what,
    ...)` or `("webhook", name, "payload", ...)`. In requests, OpenAPI 3 has `send` in place of `call`, and `sent` in
    place of `type` for a definition that differs from responses.

    Attributes:
        resolver: Resolves the schemas of the release.
        has_directions: Whether requests and responses may differ. In Swagger 2.0 they never do.
        subtypes: For each definition with a discriminator, the names of its subtypes.
        tags: The values of properties that tell the members of unions apart, by the key of the record.
    """

    def __init__(self, api: Api) -> None:
        self.resolver = Resolver(api.schemas)
        self.has_directions = bool(api.openapi)
        self.subtypes = subtypes(self.resolver.definitions)
        self.tags: Tags = NO_TAGS
        self._compositions: dict[Key, Schema] = {}  # the compositions without a name that have been placed
        self._first_keys: dict[tuple[bool, int], Key] = {}  # the first place of each, for each direction
        self._unions = self._found_unions() if self.has_directions else {}
        self._differing = self._found_differing() if self.has_directions else frozenset[str]()

    def at(self, schema: Schema, key: Key) -> SchemaPlace:
        """Return the resolved schema of the place `key`: references and `allOf` are followed.

        The key of the result is that of the last definition on the way, or `key` if there is no reference. A definition
        with a discriminator and subtypes is the union of these, except where a subtype extends it. A composition inside
        of itself, as in `allOf` with a definition that has this `allOf`, has the key of the outer one.
        """
        target, nullable, name = schema, False, ""
        for target in self.resolver.chain(schema):
            nullable = nullable or target.traits.nullable
            if isinstance(target, Reference) and not (
                target.name in self._unions and name in self.subtypes[target.name]
            ):
                name = target.name
                key = (self._root(name, key), name)
        if name in self._unions and len(key) == 2:
            return SchemaPlace(self._unions[name], key, nullable or self._unions[name].traits.nullable)
        if isinstance(target, Composed | Union) and len(key) > 2:
            key = self._outermost(target, key)
        resolved = self.resolver.resolved(target)
        return SchemaPlace(self._visible(_with_all_required(resolved), key), key, nullable or resolved.traits.nullable)

    def _outermost(self, composition: Schema, key: Key) -> Key:
        """Return the key of the place around `key` that has the same composition; `key` if there is none.

        In OpenAPI 3, deep inside, it is the key of any earlier place: there can be as many places as permutations.
        """
        for length in range(3, len(key)):
            if self._compositions.get(key[:length]) is composition:
                return key[:length]
        first = self._first_keys.setdefault((is_sent(key), id(composition)), key)
        if self.has_directions and first != key and len(key) > _length_of_root(key) + DEEP:
            return first
        self._compositions[key] = composition
        return key

    def _root(self, name: str, key: Key) -> str:
        if not is_sent(key):
            return DEFINITION
        definition = self.resolver.definitions.get(name)
        is_enum = isinstance(definition, Scalar) and bool(definition.traits.enum)
        return SENT_DEFINITION if is_enum or name in self._differing else DEFINITION

    def _visible(self, schema: Schema, key: Key) -> Schema:
        """Return a record with the properties that occur in its direction, and with its tags."""
        if not self.has_directions or not isinstance(schema, Record):
            return schema
        tags = self.tags.get(key, {})
        hidden = "read_only" if is_sent(key) else "write_only"
        found = [property_ for property_ in schema.properties if not self.has_trait(property_.schema, hidden)]
        if not tags and len(found) == len(schema.properties):
            return schema
        declared = {property_.name: _tagged(property_, tags.get(property_.name, ())) for property_ in found}
        for name in tags.keys() - declared.keys():
            declared[name] = Property(name, Scalar("string", Traits(enum=tags[name])), required=True)
        return replace(schema, properties=tuple(declared[name] for name in sorted(declared)))

    def has_trait(self, schema: Schema, trait: str) -> bool:
        """Return whether a boolean trait, such as `read_only`, is set on a schema or on one that it refers to.

        `allOf` with one member that counts is followed too (see `Resolver.chain`).
        """
        if isinstance(schema, Reference | Composed):
            return any(getattr(target.traits, trait) for target in self.resolver.chain(schema))
        return bool(getattr(schema.traits, trait))

    def _found_unions(self) -> dict[str, Union]:
        """Return the unions of subtypes, by the name of the definition that they extend."""
        found = {}
        for name, known in self.subtypes.items():
            base = self.resolver.resolved(self.resolver.definitions[name])
            if not known or len(known) > MOST_SUBTYPES or not isinstance(base, Record) or not base.discriminator:
                continue
            mapped = {definition for _, definition in base.mapping}
            implicit = [(other.rpartition("/")[2], other) for other in known if other not in mapped]
            members: list[Schema] = [Reference(other) for other in known]
            members += [base] if name in mapped else []
            mapping = tuple(sorted({**dict(implicit), **dict(base.mapping)}.items()))
            if len(members) > 1:
                found[name] = Union(tuple(members), True, base.discriminator, base.traits, mapping)
        return found

    def _found_differing(self) -> frozenset[str]:
        """Return the names of the definitions whose requests and responses differ, at any depth."""
        users: dict[str, list[str]] = {}
        for name, schema in self.resolver.definitions.items():
            for other in (*references(schema), *self.subtypes.get(name, ())):
                users.setdefault(other, []).append(name)
        waiting = [name for name, schema in self.resolver.definitions.items() if self._differs(schema)]
        found = set(waiting)
        while waiting:
            new = [name for name in users.get(waiting.pop(), ()) if name not in found]
            found.update(new)
            waiting += new
        return frozenset(found)

    def _differs(self, schema: Schema) -> bool:
        """Return whether a schema differs in requests and responses; references are not followed."""
        waiting = [schema]
        while waiting:
            found = waiting.pop()
            if isinstance(found, Scalar) and found.kind == "string" and found.traits.format == BINARY:
                return True
            if isinstance(found, Record) and any(
                self.has_trait(property_.schema, trait)
                for property_ in found.properties
                for trait in ("read_only", "write_only")
            ):
                return True
            waiting += found.members if isinstance(found, Composed | Union) else (part for _, part in parts(found))
        return False


def _with_all_required(schema: Schema) -> Schema:
    """Return a record with the names that `required` has and `properties` has not, as properties of any type."""
    if not isinstance(schema, Record) or not schema.properties or schema.rest is None or not schema.traits.required:
        return schema
    declared = {property_.name: property_ for property_ in schema.properties}
    added = {name: Property(name, Anything(), required=True) for name in schema.traits.required if name not in declared}
    members = {**declared, **added}
    return replace(schema, properties=tuple(members[name] for name in sorted(members)))


def _tagged(property_: Property, values: tuple[Constant, ...]) -> Property:
    """Return the property with these values only; unchanged without values."""
    if not values:
        return property_
    value = values[0].value
    kind = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "string"
    return replace(property_, schema=Scalar(kind, Traits(property_.schema.traits.doc, enum=values)), required=True)


def inner_parts(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield (step, schema) of the schemas from which the annotation of a resolved schema is made.

    The step is added to the key of the resolved schema: `item`, `value`, the name of a member, or a name for the member
    of a union.
    """
    match schema:
        case Array(items, prefix=prefix):
            yield from ((f"item {at}", item) for at, item in enumerate(prefix))
            if not prefix or not isinstance(items, Nothing):
                yield "item", items
        case Union():
            yield from zip(_member_names(schema), schema.members, strict=True)
        case Map(values):
            yield "value", values
        case Record((), rest) if rest is not None:
            yield "value", rest
        case Record(properties):
            yield from ((property_.name, property_.schema) for property_ in properties)
            yield from ((step, part) for step, _, part in undeclared_members(schema))


def undeclared_members(record: Record) -> Iterator[tuple[str, str, Schema]]:
    """Yield (step of the key, pattern, schema) of the members without a declaration that have a schema.

    The pattern is the regular expression of their names, "" for all other names.
    """
    yield from (
        (f"pattern {number}", pattern, schema) for number, (pattern, schema) in enumerate(record.patterns, start=1)
    )
    if record.rest not in (None, Anything()) and record.properties:
        yield "other member", "", record.rest


def _member_names(union: Union) -> Iterator[str]:
    """Yield a name for each member of a union: of its last reference, else of its only constant, else its number."""
    taken: set[str] = set()
    for number, member in enumerate(union.members, start=1):
        name = member_name(member, union.discriminator)
        name = name if name and name not in taken else str(number)
        taken.add(name)
        yield name


def member_name(member: Schema, discriminator: str) -> str:
    """Return a name for a member of a union; "" if it has none, such as a plain reference.

    For `allOf` it is the name of its last reference. For a record it is the value of a property with a single value: of
    `discriminator` if possible, else the first value in alphabetical order.
    """
    match member:
        case Composed(members):
            return next(
                (member.name.rpartition("/")[2] for member in members[::-1] if isinstance(member, Reference)), ""
            )
        case Record(properties):
            constants = [
                (property_.name != discriminator, str(property_.schema.traits.enum[0].value))
                for property_ in properties
                if isinstance(property_.schema, Scalar) and len(property_.schema.traits.enum) == 1
            ]
            return min(constants)[1] if constants else ""
        case _:
            return ""
