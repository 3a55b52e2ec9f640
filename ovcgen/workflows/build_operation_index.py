"""Build the index of an API's operations, which `operation_index` reads."""

from __future__ import annotations

import inspect
import re

from ovcgen.client.method_signatures import annotation
from ovcgen.model.api import Operation, Parameter
from ovcgen.model.media import content_types
from ovcgen.model.resolve import Resolver
from ovcgen.model.runtime_specs import wire_logins, wire_operation
from ovcgen.model.schema import Anything, Array, Json, Map, Record, Scalar, Schema
from ovcgen.normalise.dialect_registry import DIALECTS
from ovcgen.runtime.known_secrets import is_secret
from ovcgen.runtime.operation import OperationSpec, ParameterSpec
from ovcgen.runtime.policy import READ
from ovcgen.workflows.argument_descriptions import facts_of, members_of, type_text
from ovcgen.workflows.example_command_line import ExampleWords
from ovcgen.workflows.resolve import Release

DEPTH = 4  # objects and lists inside each other that are described of a response
ARGUMENTS = {
    kind: [argument for argument in inspect.signature(kind).parameters.values() if argument.name != "parameters"]
    for kind in (OperationSpec, ParameterSpec)
}


def index_of(release: Release) -> dict[str, Json]:
    """Return the index of an API's operations as a JSON value, which `OperationIndex` reads.

    Its keys are `release` (the pinned release that the API is, or resembles most, else its own name), `is_portal`,
    `operations` (see `record_of`, by the full name, sorted) and `client` (arguments of `runtime.portal.Portal`, and the
    API keys to declare as secrets).
    """
    api = release.api
    dialect = DIALECTS[api.dialect]
    schemes, security = wire_logins(api)
    resolver = Resolver(api.schemas)
    examples = ExampleWords(resolver, dict(dialect.wording.samples), has_proposals=not dialect.pinned)
    found = sorted(api.callable_operations, key=lambda operation: operation.dotted)
    return {
        "release": release.nearest.release if release.nearest else release.spec.release,
        "is_portal": dialect.pinned,
        "operations": {operation.dotted: record_of(operation, resolver, examples) for operation in found},
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


def record_of(operation: Operation, resolver: Resolver, examples: ExampleWords) -> dict[str, Json]:
    """Return the record of one operation in the index, a dict of JSON values for its help and for calling it.

    Its key `arguments` has a record for each argument (the keys of `facts_of`, `name`, `required`, `members` and
    others), `answer` describes the response, and `example` has the words of a command line (`name=value`) that
    `examples` makes. For a call, `call` has the arguments of the OperationSpec, and `wire_parameters` those of each
    ParameterSpec; both are empty for documents of OpenAPI 3, whose calls need more.
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
        "example": examples.of(operation),
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
    return {
        "name": parameter.name,
        "required": parameter.key in operation.required,
        **facts_of(parameter.schema, parameter.doc, resolver),
        "default": parameter.default.value if parameter.default else None,
        "place": parameter.location,
        "login": parameter.login,
        "secret": is_secret(parameter.name),
        "removed_in": parameter.removed_in,
        "deprecated": parameter.deprecated,
        "members": members_of(parameter.schema, resolver),
    }


def shape_of(schema: Schema, resolver: Resolver, depth: int = 0) -> Json:
    """Return a JSON value like the ones that a schema describes, with texts such as `string (date)` for scalars.

    A list has one item, and the key `*` stands for any key. Lists and objects more than four levels deep are shown by
    the name of their type. `depth` is the level of the schema; callers leave it out.
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


def _arguments(value: OperationSpec | ParameterSpec) -> dict[str, Json]:
    """Return the arguments that construct a record of the runtime again, without parameters and default values."""
    given = {argument.name: getattr(value, argument.name) for argument in ARGUMENTS[type(value)]}
    return {field.name: given[field.name] for field in ARGUMENTS[type(value)] if given[field.name] != field.default}
