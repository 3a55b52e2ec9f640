"""Choose content types: which type a request body has, which types it accepts, and what a response then holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ovcgen.model.api import Content, Operation, Parameter, Response
from ovcgen.model.schema import Anything, Array, File, Nothing, Scalar, Schema, Traits
from ovcgen.runtime.media_types import is_json, is_text, plain_type
from ovcgen.runtime.record_parsers import EVENT_STREAM, is_sequential

JSON = "application/json"
JSON_PATCH = "application/json-patch+json"
MULTIPART = "multipart/form-data"
FIELDS = ("formData", "query")
FORM = "application/x-www-form-urlencoded"
FORMS = (FORM, MULTIPART)
OTHER = 4  # the rank of media types that are neither JSON nor forms
UNDECLARED = Response("204", None)  # stands for a success that the document does not declare
SENDABLE = re.compile(r"[!-~][ -~]*/[ -~]*[!-~]")  # content types that are valid in a header


def successes(responses: Sequence[Response]) -> list[Response]:
    """Return those of an operation's declared responses that a success can have: all 2xx, else `default`, else []."""
    found = [response for response in responses if response.status.startswith("2")]
    return found or [response for response in responses if response.status == "default"]


def swagger2_content_type(operation: Operation) -> str:
    """Return the content type with which a Swagger 2.0 request body is sent, from `consumes` and the parameters.

    "" means the default of the runtime: JSON for a body, `application/x-www-form-urlencoded` for a form. A body is sent
    as JSON if that or a range (`*/*`, `application/*`) is declared, else as the first declared type that is based on
    JSON (`application/vnd.x+json`), else as the first declared type. Form types don't count for a body: with nothing
    else, it is sent as JSON. A form is sent as multipart if it has a file, or if multipart is declared and URL-encoded
    forms are not. Content types that are not valid in a header are ignored.
    """
    declared = _declared(operation.consumes)
    plain = [plain_type(kind) for kind in declared]
    if any(parameter.location == "body" for parameter in operation.parameters):
        found = [kind for kind in declared if plain_type(kind) not in (FORM, MULTIPART)]
        if not found or any(plain_type(kind) in (JSON, "*/*", "application/*") for kind in found):
            return ""
        return next((kind for kind in found if is_json(kind)), found[0])
    form = [parameter for parameter in operation.parameters if parameter.location == "formData"]
    if any(isinstance(parameter.schema, File) for parameter in form):
        return MULTIPART
    return MULTIPART if form and MULTIPART in plain and FORM not in plain else ""


def content_types(operation: Operation) -> tuple[str, ...]:
    """Return the declared content types of the request body from which a caller can choose; () if there is no choice.

    In OpenAPI 3 a single range such as `image/*` is a choice, too. Operations of Swagger 2.0 have a choice only if they
    are `plain`.
    """
    if operation.openapi:
        kinds = tuple(content.media_type for content in operation.body.contents) if operation.body else ()
        return kinds if len(kinds) > 1 or any("*" in kind for kind in kinds) else ()
    places = {parameter.location for parameter in operation.parameters}
    declared = dict.fromkeys(_declared(operation.consumes))
    fitting = [
        kind
        for kind in declared
        if ("formData" in places if plain_type(kind) in (FORM, MULTIPART) else "body" in places)
    ]
    return tuple(fitting) if operation.plain and len(fitting) > 1 else ()


def takes_patches(parameter: Parameter, operation: Operation) -> bool:
    """Return whether the parameter is a body that can also be sent as a JSON patch, which is a list (RFC 6902)."""
    return parameter.location == "body" and JSON_PATCH in map(plain_type, content_types(operation))


def takes_bytes(parameter: Parameter, operation: Operation) -> bool:
    """Return whether the parameter is a body that can also be sent as bytes, with a type that is no JSON and no form.

    The result is False if the caller can't choose the content type (see `content_types`).
    """
    return parameter.location == "body" and any(
        not is_json(type_) and plain_type(type_) not in (FORM, MULTIPART) for type_ in content_types(operation)
    )


def is_member(parameter: Parameter, operation: Operation) -> bool:
    """Return whether a parameter is one member of a JSON body: one of several body parameters that have names."""
    bodies = [parameter for parameter in operation.parameters if parameter.location == "body"]
    if parameter.location != "body" or len(bodies) < 2 or any(body.unnamed for body in bodies):
        return False
    return all(takes_json(operation, body.schema) for body in bodies)


def takes_json(operation: Operation, schema: Schema) -> bool:
    """Return whether a Swagger 2.0 body with that schema is encoded as JSON.

    It is if the content type is JSON or not declared. With `text/plain` all schemas but strings are encoded as JSON.
    """
    kind = swagger2_content_type(operation) or JSON
    is_string = isinstance(schema, Scalar) and schema.kind == "string"
    return is_json(kind) or (plain_type(kind) == "text/plain" and not is_string)


def is_content(parameter: Parameter, operation: Operation) -> bool:
    """Return whether a parameter is sent as raw bytes: a file, or a body that is neither JSON nor a form."""
    if parameter.contents:
        first = parameter.contents[0]
        is_number = isinstance(parameter.schema, Scalar) and parameter.schema.kind != "string"
        return preference(first.media_type) == OTHER and not is_number and not isinstance(parameter.schema, Array)
    if isinstance(parameter.schema, File):
        return True
    return parameter.location == "body" and not takes_json(operation, parameter.schema)


def takes_empty(parameter: Parameter, operation: Operation) -> bool:
    """Return whether a call may pass "" for "no value", as in `?verbose=` (`allowEmptyValue`).

    The result is False for strings, for which "" is a usual value, for parameters outside of query and form, and for
    operations that are not `plain`.
    """
    is_text = isinstance(parameter.schema, Scalar) and parameter.schema.kind == "string"
    return operation.plain and parameter.allow_empty and parameter.location in FIELDS and not is_text


def takes_dates(parameter: Parameter, operation: Operation) -> bool:
    """Return whether callers may pass dates, which the runtime converts to text.

    They may in bodies that are not sent as raw bytes, and in other parameters that are scalars or lists. Operations
    that are not `plain` take no dates.
    """
    if not operation.plain or is_content(parameter, operation):
        return False
    return parameter.location == "body" or isinstance(parameter.schema, Array | Scalar)


def swagger2_accept(operation: Operation) -> str:
    """Return the value of the `Accept` header of a Swagger 2.0 operation; "" means JSON, the default of the runtime.

    It is "" if `application/json` or nothing is declared. Otherwise it lists the declared JSON types, else all
    declared types; for a file, all declared types or `*/*`. Types that are not valid in a header are ignored.
    """
    declared = _declared(operation.produces)
    if isinstance(operation.result, File):
        return ", ".join(declared) or "*/*"
    if not declared or JSON in map(plain_type, declared):
        return ""
    return ", ".join([kind for kind in declared if is_json(kind)] or declared)


def preference(media_type: str) -> int:
    """Return the rank of a media type among several, the lowest first. Its case and parameters do not count.

    0 is `application/json`, 1 another JSON type, 2 the ranges `*/*` and `application/*`, 3 a form, 4 any other type.
    """
    kind = plain_type(media_type)
    for rank, matches in enumerate((kind == JSON, is_json(kind), kind in ("*/*", "application/*"), kind in FORMS)):
        if matches:
            return rank
    return OTHER


def requested(contents: Sequence[Content]) -> Sequence[Content]:
    """Return the media types of a response that a call asks for when it reads the whole response.

    Streams of records are left out if there are other types. Types other than JSON are left out if JSON with the same
    schema is declared too, as .NET and XML services do, because the value of a text or XML body would be a string
    instead of a value of the schema. If the schema of the JSON allows any value, they are not left out.
    """
    whole = [content for content in contents if not is_sequential(plain_type(content.media_type))]
    same = [
        content.schema
        for content in whole
        if is_json(content.media_type) and not isinstance(content.schema, Anything | None)
    ]
    return [content for content in whole if is_json(content.media_type) or content.schema not in same] or contents


def value_schema(content: Content) -> Schema:
    """Return the schema of the Python value to which a body with that media type is decoded.

    It is a string for text types, also for a stream of events, a File for binary types, and a list for sequences of
    JSON texts. The declared schema of a sequence is that of an item, unless it is a list.
    """
    kind, schema = plain_type(content.media_type), content.schema
    if is_sequential(kind) and kind != EVENT_STREAM:
        if isinstance(schema, Array) and not content.streams:
            return schema
        is_text_alone = isinstance(schema, Scalar) and schema.kind == "string" and not content.streams
        return Array(Anything() if is_text_alone or isinstance(schema, File) else schema)
    if content.streams:
        return Scalar("string", Traits(doc=schema.traits.doc)) if is_text(kind) else schema
    if isinstance(schema, File) or preference(kind) < OTHER:
        return schema
    return result_schema((kind,), schema)


def response_schema(content: Content) -> Schema:
    """Return the schema of the Python value to which a response with that media type is decoded.

    It is the `value_schema`, but a string for a number or boolean in a text type.
    """
    schema = value_schema(content)
    is_other = isinstance(schema, Scalar) and schema.kind != "string" and is_text(content.media_type)
    return Scalar("string", Traits(doc=schema.traits.doc)) if is_other else schema


def error_schemas(operation: Operation) -> tuple[tuple[str, Schema], ...]:
    """Return (status, schema) pairs of the declared error responses whose body is JSON; () for none.

    A status can be a range such as `4XX`. `default` counts as an error only if a 2xx response is declared beside it.
    """
    if not operation.openapi and not can_return_json(operation.produces):
        return ()
    others = "default" if any(response.status.startswith("2") for response in operation.responses) else ""
    return tuple(
        (response.status, response.schema)
        for response in operation.responses
        if response.schema is not None and (response.status[:1] in "45" or response.status == others)
        if not response.contents or can_return_json((response.contents[0].media_type,))
    )


def can_return_json(produces: tuple[str, ...]) -> bool:
    """Return whether a Swagger 2.0 response can be JSON; `produces` are the declared media types.

    It can if a declared type is JSON or contains `*`, or if no type that is valid in a header is declared.
    """
    kinds = _declared(produces)
    return not kinds or any(is_json(kind) or "*" in kind for kind in kinds)


def result_schema(produces: tuple[str, ...], declared: Schema) -> Schema:
    """Return the schema of the Python value that a successful call returns.

    The schema is the declared one if a response can be JSON, or if it is a File. Otherwise it is a string (or the
    declared scalar) for text types, a File for binary types, and Anything if both are declared. A success without a
    schema may have an empty body: a string is then None, and a file is empty.

    Args:
        produces: The declared media types of the response.
        declared: The declared schema; Nothing for none.
    """
    if can_return_json(produces) or isinstance(declared, File):
        return declared
    texts = [is_text(kind) for kind in _declared(produces)]
    traits = Traits(doc=declared.traits.doc, nullable=isinstance(declared, Nothing))
    if not any(texts):
        return File(Traits(doc=declared.traits.doc))
    if isinstance(declared, Scalar):
        return declared
    return Scalar("string", traits) if all(texts) else Anything(traits)


def _declared(kinds: tuple[str, ...]) -> list[str]:
    return [kind for kind in kinds if SENDABLE.fullmatch(kind)]


def status_range(status: str) -> str:
    """Return the range that includes a status code, such as `2XX` for `200`; a range such as `2XX` gives itself.

    `status` must not be `default`, which has no range.
    """
    return f"{status[:1]}XX"
