"""Build the descriptions that the runtime needs to send requests: operations, logins and waiters.

The sync and the async client use the same values.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ovcgen.model import media, styled_runtime_specs
from ovcgen.model.api import Api, Operation, Parameter, SecurityDefinition
from ovcgen.model.pagination import page_scheme
from ovcgen.model.resolve import Resolver, kind_of
from ovcgen.model.scalars import DATE_NAMES, PYTHON_NAMES, is_scalar
from ovcgen.model.schema import Anything, Array, File, Json, Record, Scalar, Schema
from ovcgen.model.waiter import WaiterSpec
from ovcgen.model.walk import VALUES, parts
from ovcgen.runtime import operation as wire
from ovcgen.runtime import waiters
from ovcgen.runtime.parameter_styles import DEEP
from ovcgen.runtime.styled_operation import StyledOperation
from ovcgen.runtime.styled_parameters import StyledParameter

Security = tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]
PLACES = {"formData": "form"}
DEEPEST, MOST_DATES, LOOKED_AT = 4, 20, 1_000  # limits of the search for dates inside of a body
SEPARATORS = ("csv", "ssv", "tsv", "pipes")
ASYNC = "_async"  # the keyword that runs a call as a task
SAFE = ("GET", "HEAD", "OPTIONS")  # methods that change nothing (RFC 9110)


def wire_operation(operation: Operation, resolver: Resolver | None = None) -> wire.OperationSpec:
    """Return the runtime's description of an operation, with which the runtime checks and encodes arguments.

    An operation of OpenAPI 3 gives a StyledOperation.

    Args:
        operation: The operation.
        resolver: Resolves the schemas of `operation`. Without it references lead nowhere: dates inside of a body and
            pages behind a reference are not found, and what a reference describes may be any JSON.

    """
    if operation.openapi:
        return _styled_operation(operation, resolver or Resolver({}))
    return wire.OperationSpec(
        operation.dotted,
        operation.method,
        operation.called_path,
        tuple(_wire_parameter(parameter, operation, resolver or Resolver({})) for parameter in operation.parameters),
        switches=(ASYNC,) if operation.tasks else (),
        answer=_answer(operation),
        retry="read" if operation.plain and operation.method in SAFE else operation.retry,
        one_of=_keys(operation, operation.exactly_one_of),
        any_of=_keys(operation, operation.at_least_one_of),
        capped=operation.max_items,
        leaving=_deprecated_in(operation),
        plain=operation.plain,
        consumes=media.swagger2_content_type(operation) if operation.plain else "",
        content_types=media.content_types(operation),
        accept=media.swagger2_accept(operation) if operation.plain else "",
        # A portal returns less to a guest (as in `whoami`), so operations that guests may call are signed too.
        security=security_names(operation.security) if operation.own_security and not operation.guest else None,
        pages=page_scheme(operation, resolver or Resolver({})),
    )


def _styled_operation(operation: Operation, resolver: Resolver) -> StyledOperation:
    return StyledOperation(
        operation.dotted,
        operation.method,
        operation.called_path,
        tuple(_styled_parameter(parameter, operation, resolver) for parameter in operation.parameters),
        bodies=styled_runtime_specs.bodies(operation, resolver),
        responses=styled_runtime_specs.response_types(operation),
        streams=styled_runtime_specs.streams(operation),
        servers=styled_runtime_specs.server_specs(operation.servers),
        answer=styled_runtime_specs.response_decoding(operation),
        retry=operation.retry,
        leaving=_deprecated_in(operation),
        accept=styled_runtime_specs.openapi3_accept(operation),
        security=security_names(operation.security) if operation.own_security else None,
        pages=page_scheme(operation, resolver),
    )


def _styled_parameter(parameter: Parameter, operation: Operation, resolver: Resolver) -> StyledParameter:
    schema = resolver.resolved(parameter.schema)
    is_body = parameter.location == "body"
    has_media = is_body or bool(parameter.content_type)
    kind, items = ("json", "") if has_media else styled_runtime_specs.kind_and_items(schema, resolver)
    style, explode = ("", None) if has_media else styled_runtime_specs.style_of(parameter)
    explode = None if kind in PYTHON_NAMES else explode  # which has no effect on single values
    return StyledParameter(
        parameter.name,
        kind,
        place=parameter.location,
        style=style,
        explode=explode,
        reserved=parameter.allow_reserved,
        media=parameter.content_type,
        nested=parameter.style == DEEP and styled_runtime_specs.has_nested_members(parameter.schema, resolver),
        required=parameter.required,
        default=_default(parameter, kind),
        items=items,
        empty=parameter.allow_empty and parameter.location == "query" and kind != "string",
        choices=_choices(schema) if kind != "json" else (),
        bounds=_bounds(schema) if kind != "json" else wire.ANY_NUMBER,
        login=parameter.login,
        format="" if has_media else _format(schema),
        dates=_dates(parameter, operation, resolver),
        key="" if parameter.key == parameter.name else parameter.key,
    )


def _deprecated_in(operation: Operation) -> tuple[tuple[str, str], ...]:
    """Return (keyword, release) of the parameters that a later release no longer has."""
    return tuple((parameter.key, parameter.removed_in) for parameter in operation.parameters if parameter.removed_in)


def security_names(security: Security) -> tuple[tuple[str, ...], ...]:
    """Return security alternatives as the runtime expects them: a tuple of scheme names for each, without scopes."""
    return tuple(tuple(scheme for scheme, _ in alternative) for alternative in security)


def wire_logins(api: Api) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, ...], ...] | None]:
    """Return (security schemes by name, alternatives): how clients log in, as the runtime expects it.

    A scheme is a tuple of its kind, then `name` (of `http`, its scheme), `in` and `x-bearer-format` as far as declared;
    empty strings at the end are left out. The alternatives apply to operations without their own, and are None if no
    operation needs a login.
    """
    schemes = {definition.name: _scheme(definition) for definition in api.security_definitions}
    return schemes, None if api.security is None else security_names(api.security)


def _scheme(definition: SecurityDefinition) -> tuple[str, ...]:
    token = "" if definition.kind == "bearer" else definition.bearer_format or ""  # there it is a hint only
    fields = [definition.kind, definition.parameter or definition.http_scheme, definition.location or "", token]
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
    """Return the runtime's description of a waiter, which polls `operation` (the runtime's description of it)."""
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
    """Return the same sets with Python keywords instead of wire names; sets with an unknown name are left out."""
    keys = {parameter.name: parameter.key for parameter in operation.parameters}
    return tuple(tuple(keys[name] for name in choice) for choice in choices if keys.keys() >= set(choice))


def _wire_parameter(parameter: Parameter, operation: Operation, resolver: Resolver) -> wire.ParameterSpec:
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
        dates=_dates(parameter, operation, resolver),
        key="" if parameter.key == parameter.name else parameter.key,
    )


def _format(schema: Schema) -> str:
    """Return `date` or `date-time` if the string, or each string of the list, has that format; else ""."""
    while isinstance(schema, Array):
        schema = schema.items
    kind = schema.traits.format
    return kind if isinstance(schema, Scalar) and schema.kind == "string" and kind in DATE_NAMES else ""


def _dates(parameter: Parameter, operation: Operation, resolver: Resolver) -> tuple[tuple[str, str], ...]:
    """Return (path, format) of the dates inside of a JSON body, sorted by path.

    The search is breadth-first and limited (DEEPEST, MOST_DATES, LOOKED_AT), so that checking a body stays fast.
    """
    if parameter.location != "body" or not media.takes_dates(parameter, operation) or _format(parameter.schema):
        return ()
    found: dict[str, str] = {}
    waiting: deque[tuple[tuple[str, ...], Schema]] = deque([((), parameter.schema)])
    for _ in range(LOOKED_AT):
        if not waiting or len(found) == MOST_DATES:
            break
        path, schema = waiting.popleft()
        schema = resolver.resolved(schema)
        if path and isinstance(schema, Scalar) and _format(schema):
            found.setdefault("/".join(path), _format(schema))
        if len(path) < DEEPEST:
            waiting.extend(((*path, step), inner) for step, inner in _inside(schema))
    return tuple(sorted(found.items()))


def _inside(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield (path step, schema) of each schema directly inside this one; the step is `*` for items and map values.

    Undeclared members of records and members whose name has a slash are left out.
    """
    for step, part in parts(schema):
        if not isinstance(schema, Record):
            yield "*", part
        elif step != VALUES and "/" not in step:
            yield step, part


def _field(parameter: Parameter, operation: Operation) -> tuple[str, str, str]:
    """Return the kind of a parameter outside of a body, the kind of its items, and the formats of (nested) lists."""
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
    """Return the kind of a body, the kind of its items, and the format of lists.

    Only scalars and lists of scalars have a kind of their own; other bodies can be any JSON.
    """
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
    """Return the declared default; MISSING if there is none or if it has the wrong type."""
    if parameter.default is None:
        return wire.MISSING
    value = parameter.default.value
    return value if kind not in PYTHON_NAMES or is_scalar(kind, value) else wire.MISSING


def _choices(schema: Schema) -> tuple[object, ...]:
    """Return the values of the enum; () if there is none or if a value does not have the declared type."""
    if not isinstance(schema, Scalar) or not _is_all(schema):
        return ()
    return tuple(constant.value for constant in schema.traits.enum)


def _is_all(schema: Scalar) -> bool:
    """Return whether all values of the enum have the declared type."""
    return all(is_scalar(schema.kind, constant.value) for constant in schema.traits.enum)


def _bounds(schema: Schema) -> tuple[float | None, float | None, float | None]:
    """Return minimum, maximum and `multipleOf` of a number, None for each that is absent.

    `exclusiveMinimum` and `exclusiveMaximum` are ignored: the service itself checks whether the bound is allowed.
    """
    least, greatest, multiple = (schema.traits.limits.get(key) for key in ("minimum", "maximum", "multipleOf"))
    return _number(least), _number(greatest), _number(multiple)


def _number(value: Json) -> float | None:
    return value if is_scalar("number", value) else None


def _kind_in(operation: Operation, schema: Schema) -> str:
    """Return the kind of a parameter outside of a body; `json` where a plain document gives no usable type."""
    is_open = isinstance(schema, Anything) or (isinstance(schema, Scalar) and not _is_all(schema))
    return "json" if is_open and operation.plain else kind_of(schema) or "object"
