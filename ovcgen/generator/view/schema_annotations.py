"""Decide which schemas of an API get a named type, name these types, and write any schema as an annotation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from ovcgen.documents.python_identifiers import is_identifier
from ovcgen.generator.code import literal
from ovcgen.generator.python_names import class_name, distinct
from ovcgen.generator.view.operation_schemas import arguments, error_key, received_bodies, received_doc, success_schemas
from ovcgen.generator.view.schema_places import (
    BINARY,
    DEFINITION,
    SENT_DEFINITION,
    WEBHOOK,
    Key,
    SchemaPlace,
    SchemaPlaces,
    inner_parts,
    is_inside,
    is_sent,
    undeclared_members,
)
from ovcgen.generator.view.shadowed_names import BUILTINS, COLLECTIONS, TYPING, ScopedNames
from ovcgen.generator.view.type_naming import TypeNaming
from ovcgen.generator.view.union_member_labels import member_labels
from ovcgen.generator.view.union_tags import found_tags
from ovcgen.model import media
from ovcgen.model.api import Api, Operation
from ovcgen.model.scalars import DATE_NAMES, INT_OR_STRING, PYTHON_NAMES
from ovcgen.model.schema import Anything, Array, Composed, File, Map, Nothing, Record, Reference, Scalar, Schema, Union

LONGEST_LIST = 50  # a list of known values with more columns gets a named type
DEEPEST = 12
FILE = "FileLike"  # the runtime's type of what can be sent as a file


@dataclass(frozen=True, slots=True)
class NamedTypes:
    """The named types of a release's SDK, and the writer of annotations that use them.

    A key is a tuple that names the place of a schema (see `schema_places`).

    Attributes:
        places: Resolves the schemas of the release.
        named: The resolved schemas with a named type, by key.
        names: The names of these types, by key.
        sent: Keys of schemas that occur in requests only. There a date or datetime is accepted for a string.
    """

    places: SchemaPlaces
    named: Mapping[Key, Schema]
    names: Mapping[Key, str]
    sent: frozenset[Key]

    def annotation(self, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return the annotation of a schema, as source; it is never narrower than what the service may send.

        Args:
            schema: The schema.
            key: The key of its place.
            scope: The spelling of builtin and imported names where the annotation stands.
        """
        place = self.places.at(schema, key)
        name = self.names.get(place.key)
        annotation = scope.type(name) if name else self.annotation_of(place.schema, place.key, scope)
        return f"{annotation} | None" if place.nullable and annotation != "None" else annotation

    def annotation_of(self, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return the annotation of a resolved schema without using the name of its type, and without `| None`."""
        match schema:
            case Scalar("boolean") if not self.places.has_directions:
                return self.kinds(schema, key, scope)
            case Scalar():
                known = ", ".join(known_values(schema))
                kinds = self.kinds(schema, key, scope)
                listed = f"{scope('Literal')}[{known}]"
                return kinds if not known else listed if self.is_closed(schema, key) else f"{listed} | {kinds}"
            case Union():
                return self._enumeration(schema, key, scope) or self._either(schema, key, scope)
            case Array(items, prefix=prefix) if prefix:
                return f"{scope('list')}[{self._either(schema, key, scope)}]"
            case Array(items):
                return self._holding(f"{scope('list')}[", items, (*key, "item"), scope)
            case Map(values):
                return self._holding(f"{self._dict(key, scope)}[{scope('str')}, ", values, (*key, "value"), scope)
            case Record((), rest) if rest is not None:
                return f"{self._dict(key, scope)}[{scope('str')}, {self.annotation(rest, (*key, 'value'), scope)}]"
            case Record(()):
                parts = [self.annotation(part, (*key, step), scope) for step, _, part in undeclared_members(schema)]
                either = " | ".join(union_parts(parts or [scope("Any")], scope("Any")))
                return f"{self._dict(key, scope)}[{scope('str')}, {either}]"
            case File():
                return scope(FILE) if self.is_only_sent(key) else scope("bytes")
            case Nothing(traits) if self.places.has_directions and not traits.nullable and is_inside(key):
                return scope("Never" if self.is_only_sent(key) else "Any")
            case Nothing():
                return "None"
            case Anything(traits) if traits.format == INT_OR_STRING:
                return f"{scope('int')} | {scope('str')}"
            case Reference() | Composed() if key[0] == WEBHOOK:
                return self.annotation(schema, key, scope)
            case Record() | Composed() | Reference() | Anything():
                return scope("Any")

    def results(self, operation: Operation, scope: ScopedNames) -> tuple[str, ...]:
        """Return the types that a call may return, as source, each once; `None` is the last."""
        found = [self.annotation(schema, key, scope) for key, schema in success_schemas(operation)]
        return union_parts(found, scope("Any"))

    def _enumeration(self, union: Union, key: Key, scope: ScopedNames) -> str:
        """Return the annotation of a union of constants of several types; "" for any other union."""
        members = [self.places.resolver.resolved(member) for member in union.members]
        scalars = [member for member in members if isinstance(member, Scalar) and member.traits.enum]
        known = [value for scalar in scalars for value in known_values(scalar)]
        if len(scalars) < len(members) or len(known) < sum(len(scalar.traits.enum) for scalar in scalars):
            return ""
        listed = f"{scope('Literal')}[{', '.join(known)}]"
        kinds = [] if self.is_only_sent(key) else [self.kinds(scalar, key, scope) for scalar in scalars]
        return " | ".join(dict.fromkeys([listed, *kinds]))

    def is_only_sent(self, key: Key) -> bool:
        """Return whether the type at that key occurs in requests only; always False in Swagger 2.0.

        There an annotation may be narrower or wider than in a response: closed enums, `Mapping` and files.
        """
        return self.places.has_directions and (is_sent(key) or key in self.sent)

    def is_closed(self, schema: Scalar, key: Key) -> bool:
        """Return whether no other value than the known ones can occur: a constant, a tag, or an enum in a request.

        The result is always False in Swagger 2.0.
        """
        if not self.places.has_directions or schema.traits.known:
            return False
        if len(known_values(schema)) < len(schema.traits.enum):
            return False
        is_tag = key[-1] in self.places.tags.get(key[:-1], ())
        return is_tag or len(schema.traits.enum) == 1 or self.is_only_sent(key)

    def _dict(self, key: Key, scope: ScopedNames) -> str:
        """Return the type of an object with any keys; in a request a TypedDict fits too, which is no `dict`."""
        return scope("Mapping" if self.is_only_sent(key) else "dict")

    def _either(self, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return the union of the types of all members of a union, or of all items of a list."""
        kinds = [self.annotation(part, (*key, name), scope) for name, part in inner_parts(schema)]
        return " | ".join(union_parts(kinds, scope("Any")))

    def _holding(self, opening: str, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return `list[str] | list[date]`, because to type checkers `list[str]` is not a `list[str | date]`."""
        annotation = self.annotation(schema, key, scope)
        place = self.places.at(schema, key)
        date = "" if place.key in self.names else self._date(place.schema, place.key, scope)
        if not date:
            return f"{opening}{annotation}]"
        before, _, after = annotation.rpartition(f" | {date}")
        return f"{opening}{before}{after}] | {opening}{date}]"

    def kinds(self, schema: Scalar, key: Key, scope: ScopedNames) -> str:
        """Return the annotation of a scalar's type without its enum and known values.

        For a string in requests it is `str | date` or `str | datetime` if the format is that of a date, and FileLike
        in OpenAPI 3 if it is `binary`.
        """
        if schema.kind == "string" and schema.traits.format == BINARY and self.is_only_sent(key):
            return scope(FILE)
        date = self._date(schema, key, scope)
        return f"{scope(PYTHON_NAMES[schema.kind])}{f' | {date}' if date else ''}"

    def _date(self, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return the date type accepted for a string of that format; "" if there is none."""
        if key not in self.sent or not isinstance(schema, Scalar) or schema.kind != "string":
            return ""
        word = DATE_NAMES.get(schema.traits.format)
        return scope(word) if word else ""


def named_types(api: Api, given: Mapping[str, str] | None = None) -> NamedTypes:
    """Return the named types that the operations and callbacks of an API need.

    Definitions get their names before schemas without a name, which get another name if theirs is taken.

    Args:
        api: The API of the release.
        given: Names of types to keep, by their place in the document (see `type_place`); None for none.
    """
    places = SchemaPlaces(api)
    answered, sent, found = _found(api, places)
    if unions := [place for place in found.values() if isinstance(place.schema, Union)]:
        places.tags = found_tags(unions, places)
        answered, sent, found = _found(api, places) if places.tags else (answered, sent, found)
    named = {key: place.schema for key, place in found.items() if _has_name(place.schema, key)}
    reserved = {*TYPING, *BUILTINS, *DATE_NAMES.values(), "annotations"}
    reserved |= {FILE, *COLLECTIONS} if api.openapi else set()
    kept = _kept(named, given or {}, reserved)
    naming = TypeNaming(api, frozenset(named), member_labels(found.values(), places.resolver))
    names = distinct(named, naming, reserved=reserved, given=kept, rank=_rank)
    return NamedTypes(places, named, names, frozenset(sent - answered))


def _found(api: Api, places: SchemaPlaces) -> tuple[set[Key], set[Key], dict[Key, SchemaPlace]]:
    """Return the keys in responses, the keys in requests, and all places by their key."""
    answered: set[Key] = set()
    sent: set[Key] = set()
    found: dict[Key, SchemaPlace] = {}
    for operation in api.callable_operations:
        for key, schema in _answers(operation):
            found.update((place.key, place) for place in _walk(schema, key, places, answered))
        for parameter, key, schema in arguments(operation):
            seen = sent if api.openapi or media.takes_dates(parameter, operation) else answered
            found.update((place.key, place) for place in _walk(schema, key, places, seen))
    for callback, key, schema in received_bodies(api):
        found.update((place.key, place) for place in _walk(schema, key, places, answered))
        known = found[key].schema if key in found else schema
        traits = replace(known.traits, doc=received_doc(callback))
        found[key] = SchemaPlace(replace(known, traits=traits), key, nullable=False)
    for seen in (answered, sent):
        found.update((place.key, place) for place in _of_subtypes(places, seen))
    return answered, sent, found


def union_parts(annotations: Sequence[str], anything: str = "Any") -> tuple[str, ...]:
    """Return the distinct parts of a union of these annotations.

    A trailing `| None` is taken off and becomes one `None` at the end; other unions are not split. A single annotation
    is returned as it is. If `anything` is among several, only it is returned. No annotations give ().
    """
    if len(annotations) == 1:
        return tuple(annotations)
    parts = dict.fromkeys(annotation.removesuffix(" | None") for annotation in annotations)
    if anything in parts:
        return (anything,)
    has_none = any(annotation.endswith(" | None") or annotation == "None" for annotation in annotations)
    return (*(part for part in parts if part != "None"), *(["None"] if has_none else []))


def known_values(schema: Scalar) -> tuple[str, ...]:
    """Return the enum and known values of a string, integer or boolean as Python literals; () if there are none.

    Values of another type than the declared one are left out.
    """
    kind = {"string": str, "integer": int, "boolean": bool}.get(schema.kind)
    constants = (constant.value for constant in (*schema.traits.enum, *schema.traits.known))
    return tuple(dict.fromkeys(literal(value) for value in constants if type(value) is kind))


def type_place(key: Key) -> str:
    """Return the text by which names.json names the place of a type: `Pet.status` for `("type", "Pet", "status")`."""
    return ".".join(filter(None, key[1:]))


def _rank(key: Key) -> int:
    """Return the sort key for names: definitions spelled like a class, other definitions, then other schemas."""
    if key[0] not in (DEFINITION, SENT_DEFINITION) or len(key) != 2:
        return 2
    return 0 if key[0] == DEFINITION and class_name(key[1]) == key[1] else 1


def _kept(named: Iterable[Key], given: Mapping[str, str], reserved: Set[str]) -> dict[Key, str]:
    """Return the given names that are valid, not reserved and not used twice."""
    kept: dict[Key, str] = {}
    taken = {name.casefold() for name in reserved}
    for key in sorted(named, key=lambda key: (key[0] == SENT_DEFINITION, key)):
        name = given.get(f"{key[0]} {type_place(key)}", given.get(type_place(key), ""))
        if is_identifier(name) and not name.startswith("_") and name.casefold() not in taken:
            kept[key] = name
            taken.add(name.casefold())
    return kept


def _of_subtypes(places: SchemaPlaces, seen: set[Key]) -> Iterator[SchemaPlace]:
    """Yield the places of subtypes whose base has been seen."""
    known = places.subtypes
    waiting = [name for name in known if (DEFINITION, name) in seen]
    for name in waiting:
        for subtype in known[name]:
            yield from _walk(Reference(subtype), (DEFINITION, subtype), places, seen)
        waiting += [other for other in known if (DEFINITION, other) in seen and other not in waiting]


def _answers(operation: Operation) -> Iterator[tuple[Key, Schema]]:
    """Yield (key, schema) of each success and each error."""
    yield from success_schemas(operation)
    for status, schema in media.error_schemas(operation):
        yield error_key(operation, status), schema


def _walk(schema: Schema, key: Key, places: SchemaPlaces, seen: set[Key]) -> Iterator[SchemaPlace]:
    """Yield each place at or below this schema; `seen` is updated."""
    waiting = [(schema, key)]
    while waiting:
        place = places.at(*waiting.pop())
        if place.key in seen or len(place.key) > DEEPEST:
            continue
        seen.add(place.key)
        yield place
        waiting.extend(reversed([(part, (*place.key, name)) for name, part in inner_parts(place.schema)]))


def _has_name(schema: Schema, key: Key) -> bool:
    match schema:
        case _ if key[0] == WEBHOOK and len(key) == 3:
            return True
        case Record(properties):
            return bool(properties)
        case Scalar():
            return len(", ".join(known_values(schema))) > LONGEST_LIST
        case Array(items) | Map(items):
            return len(key) == 2 and _refers(items)  # a definition, which may contain itself
        case Union():
            return len(key) == 2
        case _:
            return False


def _refers(schema: Schema) -> bool:
    """Return whether a schema contains a reference or `allOf`, not counting members of records."""
    match schema:
        case Reference() | Composed():
            return True
        case Union(members):
            return any(map(_refers, members))
        case Array(items) | Map(items):
            return _refers(items)
        case _:
            return False
