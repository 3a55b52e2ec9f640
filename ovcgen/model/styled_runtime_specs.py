"""Build the runtime's descriptions of operations whose parameters have styles, and whose bodies have media types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ovcgen.model import media
from ovcgen.model.api import Content, Encoding, Header, Operation, Parameter
from ovcgen.model.api import Server as DeclaredServer
from ovcgen.model.resolve import Resolver
from ovcgen.model.scalars import is_scalar
from ovcgen.model.schema import Anything, Array, File, Map, Record, Scalar, Schema, Union
from ovcgen.runtime.media_types import plain_type
from ovcgen.runtime.parameter_styles import DEEP, DEFAULT_STYLES, explodes
from ovcgen.runtime.record_parsers import is_sequential
from ovcgen.runtime.servers import ServerSpec
from ovcgen.runtime.styled_parameters import BodySpec, FieldSpec
from ovcgen.runtime.value_encoding import text_of

FIRST_VERSION = "3.0"  # in it, encodings of multipart have no style, and objects in forms are exploded
ANY = "*/*"
LOW = ";q=0.1"
OCTETS = "application/octet-stream"
STRUCTURED = (Array, Map, Record)
NESTED = (*STRUCTURED, Anything)


def kind_and_items(schema: Schema, resolver: Resolver) -> tuple[str, str]:
    """Return (kind, kind of the items) of a parameter for the runtime: `string`, ..., `array`, `object` or `json`.

    The second is "" unless the first is `array`. `json` stands for schemas that allow several types; as the kind of
    items also for lists, objects and `prefixItems`.
    """
    schema = resolver.resolved(schema)
    match schema:
        case Scalar(kind) if is_uniform(schema):
            return kind, ""
        case Array(items, prefix=()):
            inner = resolver.resolved(items)
            return "array", inner.kind if isinstance(inner, Scalar) and is_uniform(inner) else "json"
        case Array():
            return "array", "json"
        case Map() | Record():
            return "object", ""
        case _:
            return "json", ""


def is_uniform(schema: Scalar) -> bool:
    """Return whether all values of a scalar's enum have the declared type; True without an enum."""
    return all(is_scalar(schema.kind, constant.value) for constant in schema.traits.enum)


def style_of(parameter: Parameter) -> tuple[str, bool | None]:
    """Return (style, explode) of a parameter for the runtime; "" and None stand for the defaults of its location."""
    usual = DEFAULT_STYLES.get(parameter.location, "")
    explode = None if parameter.explode == explodes(parameter.style, None) else parameter.explode
    return "" if parameter.style == usual else parameter.style, explode


def has_nested_members(schema: Schema, resolver: Resolver, nested: tuple[type[Schema], ...] = NESTED) -> bool:
    """Return whether members of an object can be objects or lists, which are the schemas of the classes `nested`.

    Of an object with declared properties only these count, of any other object the schema of its undeclared members.
    One member that can be such an object or list is enough, and one alternative of a union. Of a schema that allows any
    value the result is whether `nested` has Anything.
    """
    shape = resolver.resolved(schema)
    match shape:
        case Record(members) if members:
            return any(_is_one_of(nested, member.schema, resolver) for member in members)
        case Record(rest=values):
            return values is not None and _is_one_of(nested, values, resolver)
        case Map(values):
            return _is_one_of(nested, values, resolver)
        case Union(members):
            return any(has_nested_members(member, resolver, nested) for member in members)
        case _:
            return isinstance(shape, Anything) and Anything in nested


def _is_one_of(classes: tuple[type[Schema], ...], schema: Schema, resolver: Resolver) -> bool:
    shape = resolver.resolved(schema)
    if isinstance(shape, Union):
        return any(_is_one_of(classes, member, resolver) for member in shape.members)
    return isinstance(shape, classes)


def bodies(operation: Operation, resolver: Resolver) -> tuple[BodySpec, ...]:
    """Return the runtime's description of each media type of the request body; of JSON alone if there is no body."""
    body = operation.body
    if body is None:
        return (BodySpec(media.JSON),)
    return tuple(_body(content, operation.openapi, resolver) for content in body.contents)


def _body(content: Content, version: str, resolver: Resolver) -> BodySpec:
    kind = plain_type(content.media_type)
    if kind not in media.FORMS:
        return BodySpec(content.media_type)
    is_multipart = kind == media.MULTIPART
    fields = tuple(_fields(content, version, resolver, is_multipart=is_multipart))
    return BodySpec(
        content.media_type,
        fields,
        exploded=version == FIRST_VERSION and not is_multipart,
        required=tuple(_required_fields(content, resolver)),
    )


def _required_fields(content: Content, resolver: Resolver) -> Iterator[str]:
    """Yield the names of the declared properties that a form must have.

    Properties that occur in responses only are left out, and those that may be null, because a form can't say null.
    """
    schema = resolver.resolved(content.schema)
    if not isinstance(schema, Record):
        return
    for member in schema.properties:
        traits, target = member.schema.traits, resolver.resolved(member.schema).traits
        if member.required and not (traits.read_only or traits.nullable or target.read_only or target.nullable):
            yield member.name


def _fields(
    content: Content, version: str, resolver: Resolver, *, is_multipart: bool
) -> Iterator[tuple[str, FieldSpec]]:
    """Yield (name, field) of the properties of a form that are not written in the usual way."""
    encodings = {encoding.name: encoding for encoding in content.encodings}
    schema = resolver.resolved(content.schema)
    declared = {part.name: part.schema for part in schema.properties} if isinstance(schema, Record) else {}
    for name in dict.fromkeys((*declared, *encodings)):
        item = _item(declared[name], resolver) if name in declared else None
        encoding = encodings.get(name, Encoding(name))
        is_nested = name in declared and has_nested_members(declared[name], resolver)
        field = _multipart_field(encoding, item, version) if is_multipart else _form_field(encoding, is_nested)
        if field != FieldSpec():
            yield name, field


def _item(schema: Schema, resolver: Resolver) -> Schema:
    """Return the resolved schema of a property, or of its items."""
    found = resolver.resolved(schema)
    return resolver.resolved(found.items) if isinstance(found, Array) else found


def _form_field(encoding: Encoding, is_nested: bool) -> FieldSpec:
    """Return a property of a URL-encoded form. If it declares a style, its media type is ignored."""
    if _has_style(encoding):
        return FieldSpec(
            style=encoding.style or "form",
            explode=encoding.explode,
            reserved=bool(encoding.allow_reserved),
            nested=encoding.style == DEEP and is_nested,
        )
    return FieldSpec(content_type=", ".join(encoding.content_types))


def _multipart_field(encoding: Encoding, item: Schema | None, version: str) -> FieldSpec:
    """Return a property of a multipart form; `item` is the schema of a part, None if it is not declared."""
    is_file = isinstance(item, File) or (isinstance(item, Scalar) and item.traits.format == "binary")
    kinds = ", ".join(encoding.content_types)
    if not kinds and version != FIRST_VERSION and isinstance(item, Scalar) and item.traits.format == "byte":
        kinds = OCTETS
    styled = version != FIRST_VERSION and _has_style(encoding)
    return FieldSpec(
        content_type=kinds,
        style=(encoding.style or "form") if styled else "",
        explode=encoding.explode if styled else None,
        headers=tuple(_usual_headers(encoding.headers)),
        binary=is_file,
    )


def _has_style(encoding: Encoding) -> bool:
    return bool(encoding.style) or encoding.explode is not None or encoding.allow_reserved is not None


def _usual_headers(headers: Iterable[Header]) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of the headers of a part that have one possible value, or a default."""
    for header in headers:
        traits = header.schema.traits
        constants = traits.enum if len(traits.enum) == 1 else (traits.default,)
        for constant in constants:
            value = None if constant is None else constant.value
            if isinstance(value, (str, int, float)) and text_of(value).isascii() and text_of(value).isprintable():
                yield header.name, text_of(value)


def response_types(operation: Operation) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (status, media types) of each declared response that a success can have (see `media.successes`)."""
    return tuple(
        (response.status, tuple(content.media_type for content in response.contents))
        for response in media.successes(operation.responses)
    )


def streams(operation: Operation) -> tuple[str, ...]:
    """Return the media types of successful responses that are sequences of records, such as JSON lines; () for none."""
    kinds = _sorted(
        content.media_type for response in media.successes(operation.responses) for content in response.contents
    )
    return tuple(kind for kind in kinds if is_sequential(kind))


def openapi3_accept(operation: Operation) -> str:
    """Return the value of the `Accept` header of calls that read the whole response; "" means JSON.

    The value lists all declared media types, and `*/*` for a range; streams of records only if no other type is
    declared. Types that are not `requested` for any successful response have a low quality (RFC 9110, section 12.4.2).
    """
    responses = media.successes(operation.responses)
    wanted = {content.media_type for response in responses for content in media.requested(response.contents)}
    produced = _sorted(content.media_type for response in responses for content in response.contents)
    kinds = [kind for kind in produced if not is_sequential(kind)] or produced
    kinds = [*(kind for kind in kinds if kind in wanted), *(kind for kind in kinds if kind not in wanted)]
    listed = dict.fromkeys((ANY if "*" in kind else kind) + ("" if kind in wanted else LOW) for kind in kinds)
    ordered = sorted(listed, key=lambda kind: (LOW in kind, kind.startswith(ANY)))
    return "" if ordered in ([], [media.JSON]) else ", ".join(ordered)


def _sorted(kinds: Iterable[str]) -> list[str]:
    """Return the distinct media types, preferred first."""
    return sorted(set(kinds), key=lambda kind: (media.preference(kind), kind))


def response_decoding(operation: Operation) -> str:
    """Return how the runtime decodes a success: `file` if all media types are files, else `json`.

    With `json` the media type of the response decides.
    """
    contents = [content for response in media.successes(operation.responses) for content in response.contents]
    shapes = [media.value_schema(content) for content in contents]
    return "file" if shapes and all(isinstance(shape, File) for shape in shapes) else "json"


def server_specs(servers: Iterable[DeclaredServer]) -> tuple[ServerSpec, ...]:
    """Return the runtime's descriptions of servers."""
    return tuple(
        ServerSpec(
            server.url,
            tuple((variable.name, variable.default, variable.values) for variable in server.variables),
            server.name,
        )
        for server in servers
    )
