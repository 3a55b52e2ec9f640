"""Test that the examples of a document are found and change nothing else of the API."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.api import Api, Example
from ovcgen.model.readers import read
from ovcgen.model.readers.examples import example
from ovcgen.normalise import normalise

INFO = {"title": "a", "version": "1"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"example": 0}, 0),
        ({"example": 1, "examples": [2]}, 1),
        ({"examples": [2, 3]}, 2),
        ({"examples": []}, None),
        ({"examples": {"a": 1}}, None),
        ({"x-example": 4}, 4),
        ({"x-examples": {"a": {"value": 5}}}, 5),
        ({"x-examples": {"application/json": {"value": 5, "other": 6}}}, {"value": 5, "other": 6}),
        ({"x-examples": [7]}, 7),
        ({"x-examples": "none"}, None),
        ({}, None),
    ],
)
def test_the_first_example_of_a_schema(body: Any, found: Any) -> None:
    """`example` has precedence over `examples`, and both over the extensions of vendors."""
    assert example(body) == found


def openapi(schema: Any, **media_type: Any) -> Api:
    """Return the API of a document with one response."""
    content = {"application/json": {"schema": schema, **media_type}}
    operation = {"responses": {"200": {"description": "", "content": content}}}
    document = {"openapi": "3.1.0", "info": INFO, "paths": {"/a": {"get": operation}}}
    return read({**document, "components": {"schemas": {"A": {"type": "string", "example": "of A"}}}}, "1")


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({"type": "string", "example": "x"}, "x"),
        ({"type": ["string", "integer"], "examples": ["x"]}, "x"),
        ({"$ref": "#/components/schemas/A", "examples": ["x"]}, "x"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}], "example": "x"}, "x"),
        ({"allOf": [{"$ref": "#/components/schemas/A"}], "example": "x"}, "x"),
        ({"example": "x"}, "x"),
    ],
)
def test_a_schema_of_any_kind_has_its_example(schema: Any, found: Any) -> None:
    """A schema of any kind keeps its example in its traits; schemas that differ in the example only are equal."""
    with_example = openapi(schema).operations[0].responses[0].contents[0].schema
    without = openapi({key: value for key, value in schema.items() if not key.startswith("example")})

    assert with_example.traits.example == found
    assert with_example == without.operations[0].responses[0].contents[0].schema


def test_examples_of_a_media_type() -> None:
    """The `example` of a media type comes before its named examples; a broken reference is left out."""
    named = {"b": {"value": 2}, "c": {"dataValue": 3}, "d": {"serializedValue": "4"}, "e": {"externalValue": "5.json"}}
    content = (
        openapi({}, example=None, examples={**named, "f": {"$ref": "#/nowhere"}}).operations[0].responses[0].contents
    )

    assert content[0].examples == (Example(None), Example(2, "b"), Example(3, "c"), Example("4", "d", is_text=True))


def test_examples_of_swagger() -> None:
    """A response of Swagger 2.0 has examples by media type or by name."""
    examples = {"examples": {"application/json": 1}, "x-examples": {"other": {"value": 2}}}
    operation = {"responses": {"200": {"description": "", "schema": {"type": "integer", "x-example": 3}, **examples}}}
    document = {"swagger": "2.0", "info": INFO, "paths": {"/a": {"get": operation}}}
    (response,) = read(normalise(document, release="1", dialect="plain"), "1").operations[0].responses

    assert response.examples == (Example(1, media_type="application/json"), Example(2, "other"))
    assert response.schema is not None
    assert response.schema.traits.example == 3
