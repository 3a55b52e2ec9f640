"""What the runtime must know of an operation to send it: the same value for both clients."""

from __future__ import annotations

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.schema import Anything, Array, Composed, File, Map, Nothing, Record, Reference, Scalar, Schema
from ovcgen.model.waiter import Waiter
from ovcgen.runtime import operation as wire
from ovcgen.runtime import waiters

PLACES = {"formData": "form"}


def wire_operation(operation: Operation) -> wire.Operation:
    """The operation as `runtime.arguments` checks and encodes it."""
    return wire.Operation(
        operation.dotted,
        operation.method,
        operation.path,
        tuple(_wire_parameter(parameter) for parameter in operation.parameters),
        tasks=operation.tasks,
        answer="file" if isinstance(operation.result, File) else "json",
        retry=operation.retry,
        one_of=_keys(operation, operation.one_of),
        any_of=_keys(operation, operation.any_of),
        capped=operation.capped,
        leaving=tuple((each.key, each.removed_in) for each in operation.parameters if each.removed_in),
    )


def wire_waiter(waiter: Waiter, operation: wire.Operation) -> waiters.Waiter:
    """The waiter as `runtime.waiters` asks it of that operation."""
    entry = waiter.entry
    key = "" if entry is None or entry.key == entry.name else entry.key
    return waiters.Waiter(
        waiter.name,
        operation,
        tuple(waiters.Condition(each.at, each.values, negated=each.negated) for each in waiter.until),
        failed=waiter.failed,
        falling=waiter.falling,
        fallen=waiter.fallen,
        gone=waiter.gone,
        entry=(wire.Parameter(entry.name, entry.kind, required=True, key=key), entry.at) if entry else None,
    )


def _keys(operation: Operation, choices: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The same choices in the keywords of callers."""
    keys = {parameter.name: parameter.key for parameter in operation.parameters}
    return tuple(tuple(keys[name] for name in choice) for choice in choices if keys.keys() >= set(choice))


def _wire_parameter(parameter: Parameter) -> wire.Parameter:
    schema = parameter.schema
    items, collection = (_kind(schema.items), schema.collection) if isinstance(schema, Array) else ("", "multi")
    return wire.Parameter(
        parameter.name,
        _kind(schema),
        place=PLACES.get(parameter.place, parameter.place),
        required=parameter.required,
        default=wire.MISSING if parameter.default is None else parameter.default.value,
        items=items,
        collection=collection,
        validator=parameter.validator,
        choices=tuple(each.value for each in schema.traits.enum) if isinstance(schema, Scalar) else (),
        bounds=_bounds(schema),
        key="" if parameter.key == parameter.name else parameter.key,
    )


def _bounds(schema: Schema) -> tuple[float | None, float | None, float | None]:
    """What is out of question for a number; an exclusive bound itself is left to the portal."""
    found = {key: constant.value for key, constant in schema.traits.constraints}
    return found.get("minimum"), found.get("maximum"), found.get("multipleOf")


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
