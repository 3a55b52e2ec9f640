"""A Swagger 2.0 document is compared with its translation to OpenAPI 3."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ovcgen.diff import compare
from ovcgen.diff.change import BREAKING, INFO, Change
from ovcgen.model.api import Api
from ovcgen.model.readers import openapi3, swagger2
from ovcgen.normalise import normalise
from tests.diff.documents import documents, pairs
from tests.diff.translation import translated

SLOW = settings(
    max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
ONLY_IN_PYTHON = {"body.renamed", "form.became-body", "body.became-form", "operation.name-changed"}
PETSTORE: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1"},
    "host": "pets.example",
    "basePath": "/v1",
    "schemes": ["https", "http"],
    "securityDefinitions": {
        "basic": {"type": "basic"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "oauth": {"type": "oauth2", "flow": "application", "tokenUrl": "https://t.example", "scopes": {"read": ""}},
        "code": {
            "type": "oauth2",
            "flow": "accessCode",
            "authorizationUrl": "https://a.example",
            "tokenUrl": "https://t.example",
            "scopes": {},
        },
    },
    "security": [{"oauth": ["read"]}, {"key": []}],
    "definitions": {
        "Pet": {
            "type": "object",
            "discriminator": "kind",
            "required": ["kind"],
            "properties": {
                "kind": {"type": "string"},
                "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
                "friends": {"type": "array", "items": {"$ref": "#/definitions/Pet"}},
                "tag": {"type": "string", "x-nullable": True, "readOnly": True},
            },
        },
        "Dog": {
            "allOf": [{"$ref": "#/definitions/Pet"}, {"type": "object", "properties": {"barks": {"type": "boolean"}}}]
        },
    },
    "paths": {
        "/pets": {
            "get": {
                "operationId": "list",
                "tags": ["pets"],
                "produces": ["application/json", "application/xml"],
                "parameters": [
                    {"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}},
                    {
                        "name": "tags",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "multi",
                    },
                    {
                        "name": "pipes",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "pipes",
                    },
                    {"name": "X-Trace", "in": "header", "type": "string", "default": "none"},
                ],
                "responses": {
                    "200": {
                        "description": "All.",
                        "schema": {"type": "array", "items": {"$ref": "#/definitions/Dog"}},
                        "headers": {"X-Left": {"type": "integer"}},
                    },
                    "404": {"description": "None."},
                },
            },
            "post": {
                "operationId": "add",
                "tags": ["pets"],
                "consumes": ["application/json"],
                "parameters": [
                    {"name": "pet", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Dog"}}
                ],
                "responses": {"201": {"description": "", "schema": {"$ref": "#/definitions/Pet"}}},
            },
        },
        "/pets/{id}/photo": {
            "get": {
                "operationId": "photo",
                "produces": ["image/png"],
                "parameters": [{"name": "id", "in": "path", "required": True, "type": "integer", "format": "int64"}],
                "responses": {"200": {"description": "", "schema": {"type": "file"}}},
            },
            "post": {
                "operationId": "upload",
                "consumes": ["multipart/form-data"],
                "security": [],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "type": "integer", "format": "int64"},
                    {"name": "photo", "in": "formData", "required": True, "type": "file"},
                    {"name": "size", "in": "formData", "type": "integer", "default": 3},
                    {"name": "marks", "in": "formData", "type": "array", "items": {"type": "string"}},
                ],
                "responses": {"200": {"description": ""}},
            },
        },
    },
}


def before(document: dict[str, Any]) -> Api:
    """The API of a Swagger 2.0 document."""
    return swagger2.read(normalise(deepcopy(document)), "1")


def after(document: dict[str, Any]) -> Api:
    """The API of its translation."""
    return openapi3.read(translated(document), "2")[0]


def kinds(changes: list[Change]) -> set[str]:
    """The kinds of changes, without those that only Python code meets."""
    return {change.id for change in changes} - ONLY_IN_PYTHON


@pytest.mark.parametrize("forwards", [True, False])
def test_a_translation_changes_no_request(forwards: bool) -> None:
    """Logins, addresses, styles, forms, files and media types are the same in both versions."""
    sides = (before(PETSTORE), after(PETSTORE))

    changes = compare(*sides) if forwards else compare(*sides[::-1])

    assert kinds(changes) == set()
    assert {change.wire for change in changes} <= {INFO}


def test_a_translation_tells_what_python_code_passes() -> None:
    """A body has the keyword `body` in OpenAPI 3, and the fields of a form are members of it."""
    changes = {change.id: change for change in compare(before(PETSTORE), after(PETSTORE))}

    assert changes["body.renamed"].hint == "Pass `body` instead of `pet`."
    assert changes["form.became-body"].operation == "POST /pets/{id}/photo"
    assert changes["form.became-body"].sdk is BREAKING
    assert changes["form.became-body"].hint == 'In Python, pass body={"marks": ..., "photo": ..., "size": ...}.'


def test_changes_are_found_across_versions() -> None:
    """A migration that also changes the API says so, with a pointer into the new document."""
    new = translated(PETSTORE)
    new["components"]["schemas"]["Pet"]["required"].append("age")
    new["paths"]["/pets"]["get"]["parameters"][0]["explode"] = True

    changes = compare(before(PETSTORE), openapi3.read(new, "2")[0])

    assert kinds(changes) == {"property.became-required", "parameter.explode-changed"}
    pointers = {change.pointer for change in changes if change.id == "property.became-required"}
    assert pointers == {"/components/schemas/Dog/properties/age", "/components/schemas/Pet/properties/age"}


@given(documents())
@SLOW
def test_no_translation_is_a_change(document: dict[str, Any]) -> None:
    """Whatever the document, its translation is the same API in both directions."""
    assert kinds(compare(before(document), after(document))) == set()
    assert kinds(compare(after(document), before(document))) == set()


@given(pairs())
@SLOW
def test_a_change_is_as_bad_in_both_versions(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """What breaks between two Swagger 2.0 documents breaks between their translations as well."""
    old, new = pair
    own, across = (
        {change.operation for change in compare(*sides) if change.wire is BREAKING}
        for sides in ((before(old), before(new)), (before(old), after(new)))
    )

    assert own == across
