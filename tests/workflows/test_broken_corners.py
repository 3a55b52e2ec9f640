"""One broken corner of a document costs one operation at the most, and is told with its place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.documents import taken
from ovcgen.documents.document import Problem
from ovcgen.documents.pointers import json_pointer
from ovcgen.generator import sdk_files
from ovcgen.model.api import Api
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from tests.corpus.nothing_lost import lost

Path = tuple[str | int, ...]


def call(group: str, *parameters: Any, **more: Any) -> dict[str, Any]:
    """An operation with an id of its own."""
    return {
        "tags": [group],
        "operationId": f"{group}_{len(parameters)}",
        "summary": "What it does",
        "parameters": list(parameters),
        "responses": {
            "200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}},
            "404": {"$ref": "#/responses/Missing"},
        },
        **more,
    }


ID = {"name": "id", "in": "path", "required": True, "type": "string"}
SIZE = {"name": "size", "in": "query", "type": "array", "items": {"type": "integer"}, "collectionFormat": "csv"}
BODY = {"name": "body", "in": "body", "schema": {"allOf": [{"$ref": "#/definitions/Pet"}, {"type": "object"}]}}
FILE = {"name": "file", "in": "formData", "type": "file"}
DOCUMENT: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1", "contact": {"name": "me"}, "license": {"name": "MIT"}},
    "host": "api.example",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "tags": [{"name": "pets", "description": "All of them"}, {"name": "files"}],
    "security": [{"key": []}],
    "securityDefinitions": {
        "key": {"type": "apiKey", "in": "header", "name": "K"},
        "oauth": {"type": "oauth2", "flow": "application", "tokenUrl": "https://a.example", "scopes": {"read": "Read"}},
    },
    "paths": {
        "/pets": {
            "parameters": [{"$ref": "#/parameters/Limit"}],
            "get": call("pets"),
            "post": call("pets", BODY, consumes=["application/json"]),
        },
        "/pets/{id}": {
            "parameters": [ID],
            "get": call("pets", SIZE, SIZE | {"name": "x"}),
            "delete": call("gone", SIZE),
        },
        "/files": {"post": call("files", FILE, SIZE | {"in": "formData"}, consumes=["multipart/form-data"])},
        "/good": {"get": {"operationId": "good", "tags": ["good"], "responses": {"200": {"description": "ok"}}}},
    },
    "definitions": {
        "Pet": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "kind": {"type": "string", "enum": ["cat", "dog"], "default": "cat"},
                "kids": {"type": "array", "items": {"$ref": "#/definitions/Pet"}},
                "more": {"type": "object", "additionalProperties": {"type": "number", "maximum": 3}},
            },
        },
    },
    "parameters": {"Limit": {"name": "limit", "in": "query", "type": "integer", "default": 3}},
    "responses": {"Missing": {"description": "gone", "headers": {"X": {"type": "string"}}}},
}


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place of a value but the value itself."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield (*path, key)
        yield from places(inner, (*path, key))


# without these there is no document, or no operation
PLACES = [place for place in places(DOCUMENT) if place not in (("swagger",), ("paths",))]
TARGETS = [
    "#/definitions/Pet",
    "#/parameters/Limit",
    "#/responses/Missing",
    "#/paths/~1pets",
    "#/nothing",
    "#",
    "x.json",
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "x", "type", "array", "object", "file", "body", "path", "null", "#/x", "*", "a/b", "{id}"]),
    st.sampled_from(TARGETS).map(lambda target: {"$ref": target}),
)
JUNK = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "in", "name", "items", "allOf", "$ref", "schema", "200", "get", "x-a", "properties"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def made(document: Any) -> tuple[Api, tuple[Problem, ...], dict[str, str]]:
    """The values of a document, its problems, and the SDK that is made of it."""
    result, problems = taken(document, "x.json")
    api = read(normalise(result, dialect="plain"), "1")
    return api, problems, sdk_files(api, sha256="0")


WHOLE, _, _ = made(DOCUMENT)


def depends(path: Path) -> bool:
    """Whether what stands there is said of every operation."""
    return path[0] in ("security", "securityDefinitions", "consumes", "produces", "schemes")


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(PLACES), JUNK)
def test_one_odd_value_costs_one_operation_at_the_most(path: Path, junk: Any) -> None:
    """The document is taken; every operation at another place stays, and the one with the fault, or a warning of it."""
    bad = copy.deepcopy(DOCUMENT)
    holder: Any = bad
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = junk

    api, problems, files = made(bad)

    assert lost(bad, files, problems)[1] == []
    there = {(operation.method, operation.path) for operation in api.operations}
    for operation in WHOLE.operations:
        own: Path = ("paths", operation.path, operation.method.lower())
        if (operation.method, operation.path) not in there:
            assert path[: len(own)] == own[: len(path)], f"{operation.place} is gone"
            assert not written(bad, own) or any(_is_around(problem.pointer, json_pointer(own)) for problem in problems)
    if path[0] != "paths" or path[1] != "/good":
        good = next(operation for operation in api.operations if operation.path == "/good")
        assert depends(path) or good == next(operation for operation in WHOLE.operations if operation.path == "/good")


def written(document: Any, place: Path) -> bool:
    """Whether the document says something there; what it does not say can't be lost."""
    for step in place:
        if isinstance(document, dict) and step not in document:
            return False
        document = document[step] if isinstance(document, dict) else None
    return True


def _is_around(pointer: str, place: str) -> bool:
    """Whether one of two places lies in the other."""
    return f"{place}/".startswith(f"{pointer}/") or f"{pointer}/".startswith(f"{place}/")
