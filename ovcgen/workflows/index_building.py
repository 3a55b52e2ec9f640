"""Build the index of an API's operations, which `operation_index` reads."""

from __future__ import annotations

import inspect
import json
import re
import shlex
from collections.abc import Iterator, Mapping

from ovcgen.client.signatures import annotation
from ovcgen.generator.view.example_arguments import example_arguments
from ovcgen.model.api import Operation, Parameter
from ovcgen.model.media import content_types
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Anything, Array, File, Json, Map, Nothing, Record, Scalar, Schema, Union
from ovcgen.model.wire import wire_logins, wire_operation
from ovcgen.normalise.dialects import DIALECTS
from ovcgen.runtime.encoding import text_of
from ovcgen.runtime.operation import OperationSpec, ParameterSpec
from ovcgen.runtime.policy import READ
from ovcgen.runtime.secret_names import is_secret
from ovcgen.workflows.resolve import Release

DEPTH = 4  # objects and lists inside each other that are described of a response
UNIT = re.compile(
    r"\b(?:in (?P<unit>[KMGT]i?B|bytes|seconds since 1970|milliseconds|seconds|minutes|hours|days|percent|Mbps)"
    r"|(?P<rate>bytes per second|operations per second))\b"
)
ARGUMENTS = {
    kind: [argument for argument in inspect.signature(kind).parameters.values() if argument.name != "parameters"]
    for kind in (OperationSpec, ParameterSpec)
}
LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "multipleOf": "a multiple of {}",
    "minLength": "{} letters or more",
    "maxLength": "{} letters at most",
    "minItems": "{} items or more",
    "maxItems": "{} items at most",
    "pattern": "matches {}",
}


def index_of(release: Release) -> dict[str, Json]:
    """Return the index of an API as a JSON value, which `OperationIndex` reads.

    The key `client`, and the key `call` of each operation, have the arguments that `runtime.portal.Portal` needs. The
    key `call` is empty for documents of OpenAPI 3, whose calls need more.
    """
    api = release.api
    dialect = DIALECTS[api.dialect]
    schemes, security = wire_logins(api)
    samples = dict(dialect.wording.samples)
    resolver = Resolver(api.schemas)
    found = sorted(api.callable_operations, key=lambda operation: operation.dotted)
    return {
        "release": release.nearest.release if release.nearest else release.spec.release,
        "is_portal": dialect.pinned,
        "operations": {operation.dotted: record_of(operation, resolver, samples) for operation in found},
        "client": {
            "base_path": api.base_path,
            "schemes": schemes,
            "security": security,
            "secrets": [
                [scheme.parameter or "", scheme.location or ""]
                for scheme in api.security_definitions
                if scheme.kind == "apiKey"
            ],
        },
    }


def record_of(operation: Operation, resolver: Resolver, samples: Mapping[str, Json]) -> dict[str, Json]:
    """Return the record of one operation in the index.

    Its key `example` has the words of a command line (`name=value`) that pass the operation's own checks. If no such
    values are found, it has `name=...` for the arguments that are needed. `samples` are preferred values for these
    arguments, by parameter name.
    """
    answer = resolver.resolved(operation.result)
    wire = wire_operation(operation, resolver)
    return {
        "operation": operation.dotted,
        "method": operation.method,
        "path": operation.path,
        "summary": _first_sentence(operation.doc or operation.summary),
        "description": operation.doc or operation.summary,
        "task": operation.tasks,
        "long_running": operation.tasks and operation.retry != READ,
        "deprecated": operation.deprecation,
        "rights": _rights(operation),
        "arguments": [_parameter(parameter, wire, resolver) for parameter in operation.parameters],
        "exactly_one_of": operation.exactly_one_of,
        "at_least_one_of": operation.at_least_one_of,
        "content_types": content_types(operation),
        "answer": {
            "type": annotation(operation.result),
            "description": answer.traits.doc,
            "shape": shape_of(operation.result, resolver),
            "most": operation.max_items,
        },
        "example": _example(operation, samples),
        "call": {} if operation.openapi else _arguments(wire),
        "wire_parameters": [] if operation.openapi else [_arguments(parameter) for parameter in wire.parameters],
    }


def _first_sentence(text: str) -> str:
    line = " ".join(text.split())
    return re.split(r"(?<=[.!?]) (?=[A-Z])", line, maxsplit=1)[0]


def _rights(operation: Operation) -> str:
    """Return the logins and scopes that the document declares for this operation alone; "" if it declares none."""
    if operation.guest:
        return "none: guests may call it"
    if not operation.own_security:
        return ""
    alternatives = [
        " and ".join(f"{scheme} ({', '.join(scopes)})" if scopes else scheme for scheme, scopes in alternative)
        for alternative in operation.security
    ]
    return " or ".join(text or "none" for text in alternatives) or "none: it needs no login"


def _parameter(parameter: Parameter, operation: OperationSpec, resolver: Resolver) -> dict[str, Json]:
    schema = resolver.resolved(parameter.schema)
    inner = resolver.resolved(schema.items) if isinstance(schema, Array) else schema
    unit = UNIT.search(parameter.doc)
    return {
        "name": parameter.name,
        "type": type_text(schema, resolver),
        "required": parameter.key in operation.required,
        "default": parameter.default.value if parameter.default else None,
        "values": [constant.value for constant in inner.traits.enum or inner.traits.known],
        "format": inner.traits.format,
        "unit": (unit["unit"] or unit["rate"]) if unit else "",
        "limits": [text.format(value) for keyword, text in LIMITS.items() for value in _limit(schema, inner, keyword)],
        "description": parameter.doc,
        "place": parameter.location,
        "login": parameter.login,
        "secret": is_secret(parameter.name),
        "removed_in": parameter.removed_in,
        "deprecated": parameter.deprecated,
    }


def _limit(schema: Schema, inner: Schema, keyword: str) -> Iterator[Json]:
    """Yield the value of a constraint (`keyword`) of a parameter or of its items; nothing if it is not declared."""
    found = schema.traits.limits.get(keyword, inner.traits.limits.get(keyword))
    if found is not None:
        yield found


def type_text(schema: Schema, resolver: Resolver) -> str:
    """Return the type that a schema describes in words, such as `list of integer`; `any JSON` for any value."""
    match resolver.resolved(schema):
        case Scalar(kind):
            return kind
        case Array(items):
            return f"list of {type_text(items, resolver)}"
        case Map() | Record():
            return "object"
        case File():
            return "file"
        case Nothing():
            return "null"
        case Union(members):
            return " or ".join(dict.fromkeys(type_text(member, resolver) for member in members))
    return "any JSON"


def shape_of(schema: Schema, resolver: Resolver, depth: int = 0) -> Json:
    """Return a JSON value like the ones that a schema describes, with the names of types in place of scalars.

    The key `*` stands for any key. Lists and objects more than four levels deep are shown by the name of their type.
    `depth` is the level of the schema; callers leave it out.
    """
    found = resolver.resolved(schema)
    text = type_text(found, resolver)
    match found:
        case Array(items) if depth < DEPTH:
            return [shape_of(items, resolver, depth + 1)]
        case Map(values) if depth < DEPTH and not isinstance(resolver.resolved(values), Anything):
            return {"*": shape_of(values, resolver, depth + 1)}
        case Record(properties) if depth < DEPTH and properties:
            return {member.name: shape_of(member.schema, resolver, depth + 1) for member in properties}
        case Scalar(traits=traits) if traits.format:
            text = f"{text} ({traits.format})"
    return f"{text} or null" if found.traits.nullable else text


def _example(operation: Operation, samples: Mapping[str, Json]) -> list[str] | None:
    """Return arguments `name=value` that pass the operation's own checks; `name=...` for needed ones if none do."""
    values = example_arguments(operation, samples)
    if values is None:
        files = {parameter.key for parameter in operation.parameters if parameter.needed}
        return [f"{name}=..." for name in sorted(files)]
    secrets = {parameter.key for parameter in operation.parameters if is_secret(parameter.name)}
    return [f"{key}=-" if key in secrets else _word(key, value) for key, value in values.items()]


def _word(key: str, value: Json) -> str:
    if isinstance(value, dict | list) or value is None:
        return shlex.quote(f"{key}:={json.dumps(value)}")
    return shlex.quote(f"{key}={text_of(value)}")


def _arguments(value: OperationSpec | ParameterSpec) -> dict[str, Json]:
    """Return the arguments that construct a record of the runtime again, without parameters and default values."""
    given = {argument.name: getattr(value, argument.name) for argument in ARGUMENTS[type(value)]}
    return {field.name: given[field.name] for field in ARGUMENTS[type(value)] if given[field.name] != field.default}
