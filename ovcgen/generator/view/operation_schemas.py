"""List the schemas of an operation: of its arguments, successes and errors, in each media type, with their keys.

A key (see SchemaPlaces) says where a schema stands; its type is named by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ovcgen.generator.view.schema_places import CALL, SENT_ARGUMENT, WEBHOOK, Key
from ovcgen.model import media
from ovcgen.model.api import Api, Callback, Content, Operation, Parameter
from ovcgen.model.schema import Nothing, Schema
from ovcgen.runtime.media_types import plain_type

RESULT = "result"
Keyed = tuple[Key, Schema]


def call_key(operation: Operation, *what: str) -> Key:
    """Return the key of a schema in an operation's responses; in Swagger 2.0 also of one in its request.

    A key is a tuple that names the place of a schema, as in `("call", group, actor, method, "result")`. `what` are the
    steps behind the method, such as `result` or a parameter's keyword.
    """
    return (CALL, operation.group, operation.actor, operation.name, *what)


def argument_key(operation: Operation, parameter: Parameter) -> Key:
    """Return the key (the place) of a parameter's schema; it differs from that of the operation's result."""
    name = f"{parameter.key} argument" if parameter.key == RESULT else parameter.key
    key = call_key(operation, name)
    return (SENT_ARGUMENT, *key[1:]) if operation.openapi else key


def error_key(operation: Operation, status: str) -> Key:
    """Return the key (the place) of the schema of an error response; `status` is as declared, as in `404`."""
    return call_key(operation, f"error {status}")


def arguments(operation: Operation) -> Iterator[tuple[Parameter, Key, Schema]]:
    """Yield (parameter, key, schema) of each argument; for a body in OpenAPI 3, of each media type.

    The key is a tuple that names the place of the schema; see `keyed_contents` for those of media types.
    """
    for parameter in operation.parameters:
        key = argument_key(operation, parameter)
        if not parameter.contents:
            yield parameter, key, parameter.schema
        for inner, content in keyed_contents(key, parameter.contents):
            yield parameter, inner, media.value_schema(content)


def keyed_contents(
    key: Key, contents: Sequence[Content], schema_of: Callable[[Content], Schema] = media.value_schema
) -> Iterator[tuple[Key, Content]]:
    """Yield (key, content) of each media type; the keys name the places of their schemas.

    Media types with the same schema have the same key. The first has `key`, another schema the key with the subtype of
    its media type in the last step (`result xml`).

    Args:
        key: The key of the body or result.
        contents: The media types.
        schema_of: Returns the schema of a media type that is compared.
    """
    known: dict[Schema, Key] = {}
    for content in contents:
        name = plain_type(content.media_type).rpartition("/")[2].removeprefix("x-")
        inner = known.setdefault(schema_of(content), (*key[:-1], f"{key[-1]} {name}") if known else key)
        yield inner, content


def success_schemas(operation: Operation) -> Iterator[Keyed]:
    """Yield (key, schema) of each success of an operation; in OpenAPI 3 of each media type that the client accepts.

    The key is a tuple that names the place of the schema: `("call", group, actor, method, "result")` for the first
    success, with the status behind `result` for the others (`result 201`). Further media types have keys as in
    `keyed_contents`. A success without a body has the schema Nothing.
    """
    every = [(RESULT, operation.result)]
    every += [(f"{RESULT} {status}", schema) for status, schema in operation.other_results]
    answers = media.successes(operation.responses) if operation.openapi else []
    for number, (name, schema) in enumerate(every):
        key = call_key(operation, name)
        if number >= len(answers) or isinstance(schema, Nothing) or not answers[number].contents:
            yield key, schema
            continue
        for inner, content in keyed_contents(key, media.requested(answers[number].contents), media.response_schema):
            yield inner, media.response_schema(content)


def received_bodies(api: Api) -> Iterator[tuple[Callback, Key, Schema]]:
    """Yield (callback, key, schema) of each webhook and callback that has a body.

    The key is a tuple that names the place of the schema, which is that of the body's first media type.
    """
    every = [(webhook, "") for webhook in api.webhooks]
    every += [(callback, call.name) for call in api.callable_operations for callback in call.callbacks]
    for callback, caller in every:
        body = callback.operation.body
        if body:
            name = " ".join(filter(None, [caller, callback.operation.name]))
            yield callback, (WEBHOOK, name, "payload"), body.contents[0].schema


def received_doc(callback: Callback) -> str:
    """Return the docstring for the type of the body of a request that the service sends.

    It says how the service sends the request, and has the request's description.
    """
    where = f"to {callback.expression}" if callback.expression else "as a webhook"
    sent = f"The service sends it by {callback.operation.method} {where}: {callback.name}."
    return "\n\n".join(filter(None, [sent, callback.operation.doc]))
