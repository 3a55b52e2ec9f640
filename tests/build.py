"""A tiny vocabulary for values of an API, so that a test's row says all that matters.

api(machines(NAME, must(SIZE)))  is a release with one call, which takes `name` and must be given `sizeId`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.model.api import Api, Definition, Header, Operation, Parameter, Response
from ovcgen.model.schema import Anything, Array, Constant, Nothing, Property, Record, Reference, Scalar, Schema, Traits

STRING, INTEGER, NUMBER, BOOLEAN = (Scalar(kind) for kind in ("string", "integer", "number", "boolean"))
ANYTHING, NOTHING = Anything(), Nothing()


def api(*operations: Operation, release: str = "2.4.5", **definitions: Schema) -> Api:
    """A release with these operations and named shapes: a portal's, where all its calls are."""
    return Api(
        release=release,
        title="JumpScale",
        dialect="openvcloud" if all(operation.actor for operation in operations) else "plain",
        version="7.0",
        base_path="/restmachine",
        operations=tuple(sorted(operations, key=lambda each: (each.path, each.method))),
        definitions=tuple(Definition(name, shape) for name, shape in sorted(definitions.items())),
    )


def operation(path: str, *parameters: Parameter, method: str = "POST", **more: Any) -> Operation:
    """A call at that path; its Python names are the steps of the path, and a portal's has three."""
    group, actor, name = [*path.strip("/").split("/"), "", ""][:3]
    responses = more.pop("responses", (answer(STRING),))
    result = responses[0].schema if responses and responses[0].schema is not None else NOTHING
    more = {"result": result, "plain": not actor, **more}
    return Operation(group, actor, name, method, path, parameters, responses, **more)


def machines(*parameters: Parameter, **more: Any) -> Operation:
    """`POST /cloudapi/machines/create`, with these parameters."""
    return operation("/cloudapi/machines/create", *parameters, **more)


def answers(*schemas: Schema) -> Operation:
    """`POST /cloudapi/machines/create`, which answers that shape."""
    return machines(responses=tuple(answer(schema) for schema in schemas))


def answer(schema: Schema | None, status: str = "200", **headers: Schema) -> Response:
    """An answer with that status."""
    return Response(status, schema, tuple(Header(name, each) for name, each in sorted(headers.items())))


def parameter(name: str, schema: Schema = STRING, place: str = "formData", default: Any = None) -> Parameter:
    """A parameter that may be left out."""
    return Parameter(name, name, place, schema, default=None if default is None else Constant.of(default))


def must(optional: Parameter) -> Parameter:
    """The same parameter, which can't be left out."""
    return replace(optional, required=True)


def slot(name: str) -> Parameter:
    """A part of the path."""
    return must(parameter(name, place="path"))


def body(schema: Schema = STRING, name: str = "body") -> Parameter:
    """The content of a request."""
    return parameter(name, schema, "body")


def listed(items: Schema, collection: str = "multi") -> Array:
    """A list."""
    return Array(items, collection)


def record(*, closed: bool = False, **members: Schema | Property) -> Record:
    """An object; `must_have(...)` marks members that are always there."""
    properties = (each if isinstance(each, Property) else Property(name, each) for name, each in members.items())
    named = (replace(each, name=name) for name, each in zip(members, properties, strict=True))
    return Record(tuple(sorted(named, key=lambda each: each.name)), None if closed else ANYTHING)


def must_have(schema: Schema) -> Property:
    """A member that is always there."""
    return Property("", schema, required=True)


def one_of(*values: Any) -> Scalar:
    """A text out of a closed set."""
    return Scalar("string", Traits(enum=tuple(sorted((Constant.of(value) for value in values), key=lambda c: c.text))))


def named(name: str) -> Reference:
    """The shape of that name among the definitions."""
    return Reference(name)


NAME = parameter("name")
SIZE = parameter("sizeId", INTEGER)
