"""The compiled metaschemas agree with jsonschema, for valid documents and for every kind of mistake."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from ovcgen.documents import metaschema_validation
from ovcgen.documents.compiled_schema import CompiledSchema, UnknownKeyword

FOLDER = Path(metaschema_validation.__file__).parent / "metaschemas"
SCHEMAS = {
    version: json.loads((FOLDER / f"openapi-{version}.json").read_text()) for version in metaschema_validation.OPENAPI
}
COMPILED = {version: CompiledSchema(schema) for version, schema in SCHEMAS.items()}
VALIDATORS = {
    version: (Draft4Validator if version == "3.0" else Draft202012Validator)(schema)
    for version, schema in SCHEMAS.items()
}

SHOP: dict[str, Any] = {
    "info": {"title": "Shop", "version": "1", "contact": {"email": "a@b.example"}},
    "servers": [{"url": "https://{x}.example", "variables": {"x": {"default": "a", "enum": ["a", "b"]}}}],
    "tags": [{"name": "t"}],
    "security": [{"key": []}, {}],
    "paths": {
        "/a/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "post": {
                "tags": ["t"],
                "parameters": [
                    {"name": "q", "in": "query", "content": {"application/json": {}}},
                    {"name": "f", "in": "query", "style": "deepObject", "schema": {"type": "object"}},
                ],
                "requestBody": {
                    "content": {"multipart/form-data": {"schema": {}, "encoding": {"a": {"contentType": "text/plain"}}}}
                },
                "responses": {
                    "200": {"description": "ok", "headers": {"X": {"schema": {"type": "integer", "minimum": 1}}}},
                    "4XX": {"$ref": "#/components/responses/No"},
                },
                "callbacks": {"done": {"{$request.body#/url}": {"post": {"responses": {"200": {"description": ""}}}}}},
            },
        }
    },
    "components": {
        "schemas": {
            "A": {"type": "object", "required": ["a"], "properties": {"a": {"oneOf": [{"type": "string"}]}}},
            "B": {"allOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {"propertyName": "a"}},
        },
        "responses": {"No": {"description": "no", "content": {"text/plain": {"example": "no"}}}},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "flow": {"type": "oauth2", "flows": {"password": {"tokenUrl": "https://a.example", "scopes": {}}}},
        },
    },
    "x-own": {"any": ["thing"]},
}
JUNK = st.sampled_from([None, True, 0, -1, 1.5, "", "x", [], ["a", "a"], [{}], {}, {"$ref": "#/x"}, {"x-a": 1}])


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of each value inside of a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, inner in inside for found in paths(inner, (*path, key)))]


PLACES = [path for path in paths(SHOP) if path]


@pytest.mark.parametrize("version", metaschema_validation.OPENAPI)
def test_a_valid_document_is_valid(version: str) -> None:
    """Both say so."""
    document = {"openapi": f"{version}.0", **SHOP}

    assert VALIDATORS[version].is_valid(document)
    assert COMPILED[version].is_valid(document)


@pytest.mark.parametrize("version", metaschema_validation.OPENAPI)
@settings(max_examples=60, deadline=None)
@given(place=st.sampled_from(PLACES), junk=JUNK, key=st.sampled_from(["", "wibble", "x-a", "schema", "content"]))
def test_a_changed_document_is_judged_alike(version: str, place: tuple[Any, ...], junk: Any, key: str) -> None:
    """A value is replaced by another, or gets one more member."""
    document: Any = copy.deepcopy({"openapi": f"{version}.0", **SHOP})
    holder = document
    for step in place[:-1]:
        holder = holder[step]
    if key and isinstance(holder[place[-1]], dict):
        holder[place[-1]][key] = junk
    else:
        holder[place[-1]] = junk

    assert COMPILED[version].is_valid(document) == VALIDATORS[version].is_valid(document)
    assert bool(metaschema_validation.metaschema_mistakes(document)) != VALIDATORS[version].is_valid(document)


def test_an_unknown_keyword_is_an_error() -> None:
    """What can't be checked is not taken for valid."""
    with pytest.raises(UnknownKeyword):
        CompiledSchema({"maximum": 1, "dependentRequired": {}})
