"""Render an API of OpenAPI 3 as the Swagger 2.0 document that bravado gets: paths, names and locations alone.

What is sent comes from our own descriptions of the operations, so nothing else matters in it. Cookies, parameters that
are the whole query, and methods that Swagger 2.0 does not have are left out: their calls do not need bravado.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ovcgen.documents.document import Document
from ovcgen.model.api import Api, Operation, Parameter
from ovcgen.model.resolve import Resolver
from ovcgen.model.styled_runtime_specs import kind_and_items

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
TYPES = ("array", "boolean", "integer", "number")  # those that bravado does not write as texts
LOCATIONS = ("body", "header", "path", "query")


def bravado_document(api: Api, base_path: str) -> Document:
    """Return a normalised Swagger 2.0 document with the operations of an OpenAPI 3 API, for bravado.

    It has the names, locations and simple types of parameters, but no schemas, responses or logins. Operations with
    TRACE or a method of their own, and parameters in cookies or of the whole query, are left out. An operationId that
    several operations have is replaced by method and path. `base_path` is the `basePath` of the document; "" means `/`.
    """
    resolver = Resolver(api.schemas)
    ids = Counter(operation.id for operation in api.operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in api.operations:
        if operation.method in METHODS:
            paths.setdefault(operation.called_path, {})[operation.method.lower()] = {
                "operationId": operation.id if ids[operation.id] == 1 else f"{operation.method} {operation.path}",
                **_operation(operation, resolver),
            }
    return {"swagger": "2.0", "basePath": base_path or "/", "paths": paths}


def _operation(operation: Operation, resolver: Resolver) -> dict[str, Any]:
    return {
        "x-ovcgen-name": [operation.group, operation.actor, operation.name],
        "tags": [operation.group],
        "description": operation.doc,
        "parameters": [
            _parameter(parameter, resolver) for parameter in operation.parameters if parameter.location in LOCATIONS
        ],
    }


def _parameter(parameter: Parameter, resolver: Resolver) -> dict[str, Any]:
    where = {"name": parameter.name, "in": parameter.location, "description": parameter.doc}
    if parameter.location == "body":
        return where
    kind, _ = kind_and_items(parameter.schema, resolver)
    return {**where, "type": kind if kind in TYPES and not parameter.content_type else "string"}
