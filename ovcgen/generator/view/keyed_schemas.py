"""List the schemas of an operation: of its arguments, successes and errors, in each media type, with their keys.

A key (see `places`) says where a schema stands; its type is named by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ovcgen.generator.view.located_schemas import CALL, SENT_ARGUMENT, WEBHOOK, Key
from ovcgen.model import media
from ovcgen.model.api import Api, Callback, Content, Operation, Parameter
from ovcgen.model.schema import Nothing, Schema
from ovcgen.model.styled_wire import successes
from ovcgen.runtime.media_types import plain_type

RESULT = "result"
Keyed = tuple[Key, Schema]


def call_key(operation: Operation, *what: str) -> Key:
    """Return the key of a schema in that operation's responses; in Swagger 2.0 also of one in its request.

    `what` are the steps inside, such as `result` or a parameter's keyword.
    """
    return (CALL, operation.group, operation.actor, operation.name, *what)


def argument_key(operation: Operation, parameter: Parameter) -> Key:
    """Return the key of a parameter's schema; it differs from that of the result."""
    name = f"{parameter.key} argument" if parameter.key == RESULT else parameter.key
    key = call_key(operation, name)
    return (SENT_ARGUMENT, *key[1:]) if operation.openapi else key


def error_key(operation: Operation, status: str) -> Key:
    """Return the key of the schema of the error with that status, such as `404`."""
    return call_key(operation, f"error {status}")


def arguments(operation: Operation) -> Iterator[tuple[Parameter, Key, Schema]]:
    """Yield (parameter, key, schema) of each argument, and of each media type of a body."""
    for parameter in operation.parameters:
        key = argument_key(operation, parameter)
        if not parameter.contents:
            yield parameter, key, parameter.schema
        for inner, content in keyed(key, parameter.contents):
            yield parameter, inner, media.value_schema(content)


def keyed(
    key: Key, contents: Sequence[Content], schema_of: Callable[[Content], Schema] = media.value_schema
) -> Iterator[tuple[Key, Content]]:
    """Yield (key, content) of each media type. Those with the same schema have the same key, the first has `key`."""
    known: dict[Schema, Key] = {}
    for content in contents:
        name = plain_type(content.media_type).rpartition("/")[2].removeprefix("x-")
        inner = known.setdefault(schema_of(content), (*key[:-1], f"{key[-1]} {name}") if known else key)
        yield inner, content


def results(operation: Operation) -> Iterator[Keyed]:
    """Yield (key, schema) of each success; in OpenAPI 3 of each media type that the client accepts."""
    every = [(RESULT, operation.result)]
    every += [(f"{RESULT} {status}", schema) for status, schema in operation.other_results]
    answers = successes(operation) if operation.openapi else []
    for number, (name, schema) in enumerate(every):
        key = call_key(operation, name)
        if number >= len(answers) or isinstance(schema, Nothing) or not answers[number].contents:
            yield key, schema
            continue
        for inner, content in keyed(key, media.requested(answers[number].contents), media.answer_schema):
            yield inner, media.answer_schema(content)


def received(api: Api) -> Iterator[tuple[Callback, Key, Schema]]:
    """Yield (callback, key, schema) of the body of each webhook and callback that has one: of its first media type."""
    every = [(webhook, "") for webhook in api.webhooks]
    every += [(callback, call.name) for call in api.callable_operations for callback in call.callbacks]
    for callback, caller in every:
        body = callback.operation.body
        if body:
            name = " ".join(filter(None, [caller, callback.operation.name]))
            yield callback, (WEBHOOK, name, "payload"), body.contents[0].schema


def received_doc(callback: Callback) -> str:
    """Return the description of a request that the service sends, for the type of its body."""
    where = f"to {callback.expression}" if callback.expression else "as a webhook"
    sent = f"The service sends it by {callback.operation.method} {where}: {callback.name}."
    return "\n\n".join(filter(None, [sent, callback.operation.doc]))
