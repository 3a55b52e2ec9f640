"""What the runtime must know of an operation to send it: the same value for both clients."""

from __future__ import annotations

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Anything, Array, Composed, File, Map, Nothing, Record, Reference, Scalar, Schema
from ovcgen.runtime import arguments

PLACES = {"formData": "form"}


def wire_operation(operation: Operation) -> arguments.Operation:
    """The operation as `runtime.arguments` checks and encodes it."""
    return arguments.Operation(
        operation.dotted,
        operation.method,
        operation.path,
        tuple(_wire_parameter(parameter) for parameter in operation.parameters),
        tasks=operation.tasks,
        answer="file" if isinstance(operation.result, File) else "json",
        retry=operation.retry,
    )


def _wire_parameter(parameter: Parameter) -> arguments.Parameter:
    schema = parameter.schema
    items, collection = (_kind(schema.items), schema.collection) if isinstance(schema, Array) else ("", "multi")
    return arguments.Parameter(
        parameter.name,
        _kind(schema),
        place=PLACES.get(parameter.place, parameter.place),
        required=parameter.required,
        default=arguments.MISSING if parameter.default is None else parameter.default.value,
        items=items,
        collection=collection,
        validator=parameter.validator,
        key="" if parameter.key == parameter.name else parameter.key,
    )


def _kind(schema: Schema) -> str:
    match schema:
        case Scalar(kind):
            return kind
        case Array():
            return "array"
        case File():
            return "file"
        case Map() | Record() | Composed() | Reference() | Anything() | Nothing():
            return "object"
