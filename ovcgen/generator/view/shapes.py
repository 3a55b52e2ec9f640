"""Decide which schemas of an API get a named type, name these types, and write any schema as an annotation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from ovcgen.documents.identifiers import is_identifier
from ovcgen.generator.code import literal
from ovcgen.generator.python_names import class_name, distinct
from ovcgen.generator.view.scoped_names import BUILTINS, TYPING, ScopedNames
from ovcgen.generator.view.subtypes import subtypes
from ovcgen.model import media
from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.scalars import DATE_NAMES, INT_OR_STRING, PYTHON_NAMES
from ovcgen.model.schema import Anything, Array, Composed, File, Map, Nothing, Record, Reference, Scalar, Schema, Union

Key = tuple[str, ...]  # ("type", definition, field ...) or ("call", group, actor, method, what ...)

RESULT = "result"
FILE = "FileLike"  # the type of a file in a request
LONGEST_LIST = 50  # a list of known values with more columns gets a named type
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Shapes:
    """The named types made from the schemas of one release.

    Attributes:
        resolver: Resolves the schemas of the release.
        named: The resolved schemas with a named type, by key.
        names: The names of these types, by key.
        sent: Keys of schemas that occur in requests only. There a date or datetime is accepted for a string.
        subtypes: For each definition with a discriminator, the names of its subtypes.
    """

    resolver: Resolver
    named: Mapping[Key, Schema]
    names: Mapping[Key, str]
    sent: frozenset[Key]
    subtypes: Mapping[str, tuple[str, ...]]

    def annotation(self, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return the annotation of a schema. It is never narrower than what the service may send."""
        place = _place(schema, key, self.resolver)
        name = self.names.get(place.key)
        annotation = scope.type(name) if name else self.annotation_of(place.schema, place.key, scope)
        return f"{annotation} | None" if place.nullable and annotation != "None" else annotation

    def annotation_of(self, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return the annotation of a schema without using its type's name and without `| None`."""
        match schema:
            case Scalar():
                known = ", ".join(known_values(schema))
                kinds = self.kinds(schema, key, scope)
                return f"{scope('Literal')}[{known}] | {kinds}" if known else kinds
            case Union(members):
                every = [self.annotation(member, (*key, str(at)), scope) for at, member in enumerate(members)]
                return " | ".join(one_of(every, scope("Any")))
            case Array(items, prefix=prefix) if prefix:
                return f"{scope('list')}[{self._either(schema, key, scope)}]"
            case Array(items):
                return self._holding(f"{scope('list')}[", items, (*key, "item"), scope)
            case Map(values):
                return self._holding(f"{scope('dict')}[{scope('str')}, ", values, (*key, "value"), scope)
            case Record((), rest) if rest is not None:
                return f"{scope('dict')}[{scope('str')}, {self.annotation(rest, (*key, 'value'), scope)}]"
            case Record(()):
                return f"{scope('dict')}[{scope('str')}, {scope('Any')}]"
            case File():
                return scope(FILE if key in self.sent else "bytes")
            case Nothing():
                return "None"
            case Anything(traits) if traits.format == INT_OR_STRING:
                return f"{scope('int')} | {scope('str')}"
            case Record() | Composed() | Reference() | Anything():
                return scope("Any")

    def argument(self, parameter: Parameter, operation: Operation, scope: ScopedNames) -> str:
        """Return the type of an argument: of a body that of any of its media types."""
        found = [self.annotation(schema, key, scope) for key, schema in argument_schemas(operation, parameter)]
        return " | ".join(one_of(found, scope("Any")))

    def results(self, operation: Operation, scope: ScopedNames) -> tuple[str, ...]:
        """Return the types that a call may return, each once; None is the last."""
        found = [self.annotation(schema, key, scope) for key, schema in results(operation)]
        return one_of(found, scope("Any"))

    def _either(self, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return the union of the types of all items of a list, whatever their position."""
        kinds = [self.annotation(part, (*key, name), scope) for name, part in _parts(schema)]
        return " | ".join(one_of(kinds, scope("Any")))

    def _holding(self, opening: str, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return `list[str] | list[date]`, because to type checkers `list[str]` is not a `list[str | date]`."""
        annotation = self.annotation(schema, key, scope)
        place = _place(schema, key, self.resolver)
        date = "" if place.key in self.names else self._date(place.schema, place.key, scope)
        if not date:
            return f"{opening}{annotation}]"
        before, _, after = annotation.rpartition(f" | {date}")
        return f"{opening}{before}{after}] | {opening}{date}]"

    def kinds(self, schema: Scalar, key: Key, scope: ScopedNames) -> str:
        """Return the annotation of a scalar's type, without known values."""
        date = self._date(schema, key, scope)
        is_file = key in self.sent and schema.kind == "string" and schema.traits.format == "binary"
        others = [scope(FILE)] if is_file else [date] if date else []
        return " | ".join([scope(PYTHON_NAMES[schema.kind]), *others])

    def _date(self, schema: Schema, key: Key, scope: ScopedNames) -> str:
        """Return the date type accepted for a string of that format; "" if there is none."""
        if key not in self.sent or not isinstance(schema, Scalar) or schema.kind != "string":
            return ""
        word = DATE_NAMES.get(schema.traits.format)
        return scope(word) if word else ""


def shapes(api: Api, given: Mapping[str, str] | None = None) -> Shapes:
    """Return the types that the operations of this API need.

    `given` are names of types to keep, by `type_place`. Definitions get their names before schemas without a name,
    which
    get another name if theirs is taken.
    """
    resolver = Resolver(api.schemas)
    answered: set[Key] = set()
    sent: set[Key] = set()
    named: dict[Key, Schema] = {}
    for operation in api.callable_operations:
        for key, schema in _answers(operation):
            named.update(_walk(schema, key, resolver, answered))
        for parameter in operation.parameters:
            seen = sent if media.takes_dates(parameter, operation) else answered
            for key, schema in argument_schemas(operation, parameter):
                named.update(_walk(schema, key, resolver, seen))
    known = subtypes(resolver.definitions)
    for seen in (answered, sent):
        named.update(_types_of_subtypes(known, resolver, seen))
    reserved = {*TYPING, *BUILTINS, *DATE_NAMES.values(), FILE, "annotations"}
    names = distinct(named, _type_name, reserved=reserved, given=_kept(named, given or {}, reserved), rank=_rank)
    return Shapes(resolver, named, names, frozenset(sent - answered), known)


def call_key(operation: Operation, *what: str) -> Key:
    """Return the key of a schema in that operation."""
    return ("call", operation.group, operation.actor, operation.name, *what)


def one_of(annotations: Sequence[str], anything: str = "Any") -> tuple[str, ...]:
    """Return the distinct annotations of a union.

    A trailing `| None` is taken off and becomes one `None` at the end; other unions are not split. A single annotation
    is returned as it is. If `anything` is among several, only it is returned.
    """
    if len(annotations) == 1:
        return tuple(annotations)
    parts = dict.fromkeys(annotation.removesuffix(" | None") for annotation in annotations)
    if anything in parts:
        return (anything,)
    has_none = any(annotation.endswith(" | None") or annotation == "None" for annotation in annotations)
    return (*(part for part in parts if part != "None"), *(["None"] if has_none else []))


def results(operation: Operation) -> Iterator[tuple[Key, Schema]]:
    """Yield (key, schema) of each success."""
    yield call_key(operation, RESULT), operation.result
    for status, schema in operation.other_results:
        yield call_key(operation, f"{RESULT} {status}"), schema


def argument_key(operation: Operation, parameter: Parameter) -> Key:
    """Return the key of a parameter's schema; it differs from that of the result."""
    return call_key(operation, f"{parameter.key} argument" if parameter.key == RESULT else parameter.key)


def argument_schemas(operation: Operation, parameter: Parameter) -> Iterator[tuple[Key, Schema]]:
    """Yield (key, schema) of a parameter; of a body those of all its media types, each schema once, without files."""
    key = argument_key(operation, parameter)
    yield key, parameter.schema
    found = [parameter.schema]
    for content in parameter.contents[1:]:
        schema = media.value_schema(content)
        is_open = isinstance(schema, Anything) and media.preference(content.media_type) == media.OTHER
        if schema not in found and not isinstance(schema, File) and not is_open:
            found.append(schema)
            words = re.sub(r"[^0-9A-Za-z]+", " ", content.media_type)
            yield (*key[:-1], f"{key[-1]} {words}"), schema


def error_key(operation: Operation, status: str) -> Key:
    """Return the key of an error's schema."""
    return call_key(operation, f"error {status}")


def known_values(schema: Scalar) -> tuple[str, ...]:
    """Return the enum and known values of a string or integer as literals: hints for editors, others can occur."""
    kind = {"string": str, "integer": int}.get(schema.kind)
    constants = (constant.value for constant in (*schema.traits.enum, *schema.traits.known))
    return tuple(dict.fromkeys(literal(value) for value in constants if type(value) is kind))


def _type_name(key: Key) -> str:
    """Return `PetStatus` for `("type", "Pet", "status")`.

    For `("call", "store", "pets", "get", "result")`, the result of an operation, it is `PetsGetResult`.
    """
    return class_name(" ".join(key[1:] if key[0] == "type" else key[2:]))


def type_place(key: Key) -> str:
    """Return the text that names.json has for the place of a type."""
    return ".".join(filter(None, key[1:]))


def _rank(key: Key) -> int:
    """Return the sort key for names: definitions spelled like a class, other definitions, then other schemas."""
    if key[0] != "type" or len(key) != 2:
        return 2
    return 0 if class_name(key[1]) == key[1] else 1


def _kept(named: Iterable[Key], given: Mapping[str, str], reserved: Set[str]) -> dict[Key, str]:
    """Return the given names that are valid, not reserved and not used twice."""
    kept: dict[Key, str] = {}
    taken = {name.casefold() for name in reserved}
    for key in sorted(named):
        name = given.get(f"{key[0]} {type_place(key)}", given.get(type_place(key), ""))
        if is_identifier(name) and not name.startswith("_") and name.casefold() not in taken:
            kept[key] = name
            taken.add(name.casefold())
    return kept


def _types_of_subtypes(
    known: Mapping[str, tuple[str, ...]], resolver: Resolver, seen: set[Key]
) -> Iterator[tuple[Key, Schema]]:
    """Yield the named schemas of subtypes whose base has been seen."""
    waiting = [name for name in known if ("type", name) in seen]
    for name in waiting:
        for subtype in known[name]:
            yield from _walk(Reference(subtype), ("type", subtype), resolver, seen)
        waiting += [other for other in known if ("type", other) in seen and other not in waiting]


def _answers(operation: Operation) -> Iterator[tuple[Key, Schema]]:
    """Yield (key, schema) of each success and each error."""
    for key, schema in results(operation):
        yield key, schema
    for status, schema in media.error_shapes(operation):
        yield error_key(operation, status), schema


def _walk(schema: Schema, key: Key, resolver: Resolver, seen: set[Key]) -> Iterator[tuple[Key, Schema]]:
    """Yield each resolved schema at or below this one that has a named type; `seen` is updated."""
    waiting = [(schema, key)]
    while waiting:
        place = _place(*waiting.pop(), resolver)
        schema, key = place.schema, place.key
        if key in seen or len(key) > DEEPEST:
            continue
        seen.add(key)
        if _has_name(schema, key):
            yield key, schema
        waiting.extend(reversed([(part, (*key, name)) for name, part in _parts(schema)]))


@dataclass(frozen=True, slots=True)
class _Place:
    """A resolved schema, its key, and whether null is allowed."""

    schema: Schema
    key: Key
    nullable: bool


def _place(schema: Schema, key: Key, resolver: Resolver) -> _Place:
    """Follow references and `allOf` to the resolved schema. Its key is the last reference, or `key` without one."""
    target, nullable = schema, False
    for target in resolver.chain(schema):
        nullable = nullable or target.traits.nullable
        if isinstance(target, Reference):
            key = ("type", target.name)
    resolved = resolver.resolved(target)
    return _Place(resolved, key, nullable or resolved.traits.nullable)


def _has_name(schema: Schema, key: Key) -> bool:
    match schema:
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


def _parts(schema: Schema) -> Iterator[tuple[str, Schema]]:
    match schema:
        case Array(items, prefix=prefix):
            yield from ((f"item {at}", item) for at, item in enumerate(prefix))
            if not prefix or not isinstance(items, Nothing):
                yield "item", items
        case Union(members):
            yield from ((str(at), member) for at, member in enumerate(members))
        case Map(values):
            yield "value", values
        case Record((), rest) if rest is not None:
            yield "value", rest
        case Record(properties):
            yield from ((property_.name, property_.schema) for property_ in properties)
