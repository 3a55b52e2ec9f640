"""What the runtime must know of an operation to send it: the same value for both clients."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from ovcgen.model import media
from ovcgen.model.api import Api, Operation, Parameter, SecurityDefinition
from ovcgen.model.schema import Anything, Array, Composed, File, Json, Map, Nothing, Record, Reference, Scalar, Schema
from ovcgen.model.waiter import WaiterSpec
from ovcgen.runtime import operation as wire
from ovcgen.runtime import waiters

Security = tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
PLACES = {"formData": "form"}
DATES = ("date", "date-time")
DEEPEST, MOST_DATES, LOOKED_AT = 4, 20, 1_000  # of the dates inside of a body that are checked by their format
NONE: Mapping[str, Schema] = {}
SEPARATORS = ("csv", "ssv", "tsv", "pipes")
SAFE = ("GET", "HEAD", "OPTIONS")  # change nothing (RFC 9110)
PYTHON: dict[str, tuple[type, ...]] = {"boolean": (bool,), "integer": (int,), "number": (int, float), "string": (str,)}


def wire_operation(operation: Operation, definitions: Mapping[str, Schema] = NONE) -> wire.OperationSpec:
    """The operation as `runtime.arguments` checks and encodes it; `definitions` are the shapes that it refers to."""
    return wire.OperationSpec(
        operation.dotted,
        operation.method,
        operation.called_path,
        tuple(_wire_parameter(parameter, operation, definitions) for parameter in operation.parameters),
        tasks=operation.tasks,
        answer=_answer(operation),
        retry="read" if operation.plain and operation.method in SAFE else operation.retry,
        one_of=_keys(operation, operation.exactly_one_of),
        any_of=_keys(operation, operation.at_least_one_of),
        capped=operation.max_items,
        leaving=tuple(
            (parameter.key, parameter.removed_in) for parameter in operation.parameters if parameter.removed_in
        ),
        plain=operation.plain,
        consumes=media.consumed(operation) if operation.plain else "",
        content_types=media.content_types(operation),
        accept=media.accepted(operation) if operation.plain else "",
        # A portal tells a guest less, as in `whoami`: the calls that guests may make are signed as all others are.
        security=security_names(operation.security) if operation.own_security and not operation.guest else None,
    )


def security_names(security: Security) -> tuple[tuple[str, ...], ...]:
    """The alternatives as the runtime knows them: the names of their schemes."""
    return tuple(tuple(scheme for scheme, _ in alternative) for alternative in security)


def wire_logins(api: Api) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, ...], ...] | None]:
    """The schemes of an API by name, and the alternatives its operations ask for, as `runtime.logins` takes them."""
    schemes = {definition.name: _scheme(definition) for definition in api.security_definitions}
    return schemes, None if api.security is None else security_names(api.security)


def _scheme(definition: SecurityDefinition) -> tuple[str, ...]:
    told = [definition.setting(key) or "" for key in ("name", "in", "x-bearer-format")]
    fields = [definition.kind, *map(str, told)]
    while not fields[-1]:
        fields.pop()
    return tuple(fields)


def _answer(operation: Operation) -> str:
    match operation.result:
        case File():
            return "file"
        case Scalar("string") if operation.plain:
            return "text"
        case _:
            return "json"


def wire_waiter(waiter: WaiterSpec, operation: wire.OperationSpec) -> waiters.Waiter:
    """The waiter as `runtime.waiters` asks it of that operation."""
    entry = waiter.list_entry
    key = "" if entry is None or entry.key == entry.name else entry.key
    return waiters.Waiter(
        waiter.name,
        operation,
        tuple(waiters.Condition(spec.at, spec.values, negated=spec.negated) for spec in waiter.until),
        failed=waiter.failure_states,
        falling=waiter.regress_from,
        fallen=waiter.regress_to,
        gone=waiter.missing_is_success,
        entry=(wire.ParameterSpec(entry.name, entry.kind, required=True, key=key), entry.at) if entry else None,
    )


def _keys(operation: Operation, choices: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The same choices in the keywords of callers."""
    keys = {parameter.name: parameter.key for parameter in operation.parameters}
    return tuple(tuple(keys[name] for name in choice) for choice in choices if keys.keys() >= set(choice))


def _wire_parameter(
    parameter: Parameter, operation: Operation, definitions: Mapping[str, Schema]
) -> wire.ParameterSpec:
    schema = parameter.schema
    kind, items, collection = (
        _body(parameter, operation) if parameter.location == "body" else _field(parameter, operation)
    )
    return wire.ParameterSpec(
        parameter.name,
        kind,
        place="member" if media.is_member(parameter, operation) else PLACES.get(parameter.location, parameter.location),
        required=parameter.required,
        default=_default(parameter, kind),
        items=items,
        collection=collection,
        empty=media.takes_empty(parameter, operation),
        validator=parameter.validator,
        choices=_choices(schema),
        bounds=_bounds(schema),
        login=parameter.login,
        format=_format(schema) if media.takes_dates(parameter, operation) else "",
        dates=_dates(parameter, operation, definitions),
        key="" if parameter.key == parameter.name else parameter.key,
    )


def _format(schema: Schema) -> str:
    """What dates the text, or the texts of the list, stand for."""
    while isinstance(schema, Array):
        schema = schema.items
    kind = schema.traits.format
    return kind if isinstance(schema, Scalar) and schema.kind == "string" and kind in DATES else ""


def _dates(
    parameter: Parameter, operation: Operation, definitions: Mapping[str, Schema]
) -> tuple[tuple[str, str], ...]:
    """The dates inside of a body of JSON, the nearest first: as many of them as can be checked without a delay."""
    if parameter.location != "body" or not media.takes_dates(parameter, operation) or _format(parameter.schema):
        return ()
    found: dict[str, str] = {}
    waiting: deque[tuple[tuple[str, ...], Schema]] = deque([((), parameter.schema)])
    for _ in range(LOOKED_AT):
        if not waiting or len(found) == MOST_DATES:
            break
        path, schema = waiting.popleft()
        if path and _format(schema) and isinstance(schema, Scalar):
            found.setdefault("/".join(path), _format(schema))
        if len(path) < DEEPEST:
            waiting.extend((path + step, inner) for step, inner in _inside(schema, definitions))
    return tuple(sorted(found.items()))


def _inside(schema: Schema, definitions: Mapping[str, Schema]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """The shapes in a shape, each with the step to it; members whose names hold a slash are left out."""
    waiting, passed = [schema], set[str]()
    while waiting:
        match waiting.pop():
            case Reference(name) if name in definitions and name not in passed:
                passed.add(name)
                waiting.append(definitions[name])
            case Composed(members):
                waiting.extend(reversed(members))
            case Array(items):
                yield ("*",), items
            case Map(values):
                yield ("*",), values
            case Record(properties):
                yield from (
                    ((property_.name,), property_.schema) for property_ in properties if "/" not in property_.name
                )
            case Scalar() as scalar if scalar is not schema:
                yield (), scalar


def _field(parameter: Parameter, operation: Operation) -> tuple[str, str, str]:
    """The kind of a parameter outside of a body, of its items, and how lists of it are written."""
    schema = parameter.schema
    if not isinstance(schema, Array):
        return _kind_in(operation, schema), "", "multi"
    known = ("multi", *SEPARATORS) if parameter.location in media.FIELDS else SEPARATORS
    collections = []
    while isinstance(schema, Array):
        collections.append(schema.collection if schema.collection in known else "csv")
        known = SEPARATORS  # only the outermost list can be written as repeated keys
        schema = schema.items
    return "array", _kind_in(operation, schema), " ".join(collections)


def _body(parameter: Parameter, operation: Operation) -> tuple[str, str, str]:
    """The same for a body: JSON can say everything, so that scalars and lists of them are looked at, no more."""
    if media.is_content(parameter, operation):
        return "content", "", "multi"
    match parameter.schema:
        case Scalar(kind, traits) if not traits.nullable:
            return kind, "", "multi"
        case Array(Scalar(kind, traits)) if not traits.nullable:
            return "array", kind, "multi"
        case Array():
            return "array", "", "multi"
        case _:
            return "json" if operation.plain else "object", "", "multi"


def _default(parameter: Parameter, kind: str) -> object:
    """The declared default, where it can be sent."""
    if parameter.default is None:
        return wire.MISSING
    value = parameter.default.value
    return value if kind not in PYTHON or _is(kind, value) else wire.MISSING


def _choices(schema: Schema) -> tuple[object, ...]:
    """All values there are; none where some of them are of another type than is declared."""
    if not isinstance(schema, Scalar) or not _is_all(schema):
        return ()
    return tuple(constant.value for constant in schema.traits.enum)


def _is_all(schema: Scalar) -> bool:
    """Whether all values there are have the declared type."""
    return all(_is(schema.kind, constant.value) for constant in schema.traits.enum)


def _is(kind: str, value: object) -> bool:
    return isinstance(value, PYTHON[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _bounds(schema: Schema) -> tuple[float | None, float | None, float | None]:
    """What is out of question for a number; an exclusive bound itself is left to the service."""
    found = {key: constant.value for key, constant in schema.traits.constraints}
    least, greatest, multiple = (found.get(key) for key in ("minimum", "maximum", "multipleOf"))
    return _number(least), _number(greatest), _number(multiple)


def _number(value: Json) -> float | None:
    return value if _is("number", value) else None


def _kind_in(operation: Operation, schema: Schema) -> str:
    """The kind of what is no body; plain documents leave some types open, or contradict them."""
    is_open = isinstance(schema, Anything) or (isinstance(schema, Scalar) and not _is_all(schema))
    return "json" if is_open and operation.plain else _kind(schema)


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
