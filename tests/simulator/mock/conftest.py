"""Provide mocks of small documents that are called without a port."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ovcgen.model.readers import read
from ovcgen.normalise import normalise
from ovcgen.simulator import HttpRequest
from ovcgen.simulator.mock import MockService
from ovcgen.simulator.responses import HttpResponse

INFO = {"title": "Pets", "version": "1"}
PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": {"type": "string", "minLength": 1},
        "tag": {"type": "string", "example": "quiet"},
        "password": {"type": "string", "writeOnly": True},
    },
}
PROBLEM = {"type": "object", "required": ["code"], "properties": {"code": {"type": "integer"}}}
NAMED = {"tom": {"value": {"id": 7, "name": "Tom"}}, "wrong": {"value": {"id": "seven"}}}
PETS: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": INFO,
    "servers": [
        {"url": "https://pets.example/{version}", "variables": {"version": {"default": "v1", "enum": ["v1", "v2"]}}}
    ],
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}},
                    {
                        "name": "tags",
                        "in": "query",
                        "explode": False,
                        "schema": {"type": "array", "items": {"type": "integer"}},
                    },
                    {
                        "name": "filter",
                        "in": "query",
                        "style": "deepObject",
                        "schema": {"$ref": "#/components/schemas/Problem"},
                    },
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string", "format": "uuid"}},
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "headers": {"X-Total": {"schema": {"type": "integer", "example": 3}}},
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
                            },
                            "text/csv": {"schema": {"type": "string"}, "example": "id,name\n1,Tom\n"},
                            "application/xml": {"schema": {"$ref": "#/components/schemas/Pet"}},
                        },
                    }
                },
            },
            "post": {
                "operationId": "createPet",
                "security": [{"key": []}, {"token": []}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}},
                        "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Pet"}},
                    },
                },
                "responses": {"201": {"description": ""}, "422": {"description": ""}},
            },
        },
        "/pets/mine": {"get": {"operationId": "mine", "responses": {"204": {"description": ""}}}},
        "/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "operationId": "getPet",
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}, "examples": NAMED}
                        },
                    },
                    "404": {
                        "description": "",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    },
                    "5XX": {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}},
                },
            },
            "delete": {"operationId": "deletePet", "responses": {"default": {"description": ""}}},
        },
        "/pets/{id}/photo.{format}": {
            "parameters": [
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in ("id", "format")
            ],
            "get": {
                "operationId": "getPhoto",
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
                    }
                },
            },
        },
    },
    "components": {
        "schemas": {"Pet": PET, "Problem": PROBLEM},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "token": {"type": "http", "scheme": "bearer"},
        },
    },
}


@dataclass(frozen=True)
class Reply:
    """A response of a mock; `kind` is its media type."""

    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def value(self) -> Any:
        """Return the body, parsed as JSON."""
        return json.loads(self.body)

    @property
    def detail(self) -> str:
        """Return the `detail` of problem details (RFC 9457)."""
        return str(self.value["detail"])

    @classmethod
    def of(cls, response: HttpResponse) -> Reply:
        """Return the reply for a response of the mock."""
        return cls(response.status, response.kind, response.body, dict(response.headers))


Ask = Callable[..., Reply]


def asking(document: Mapping[str, Any]) -> Ask:
    """Return a function that sends a request to a mock of a document."""
    if "openapi" not in document:
        document = normalise(document, release="1", dialect="plain")
    mock = MockService(read(document, "1"))

    def ask(method: str, target: str, *, body: Any = b"", **headers: str) -> Reply:
        path, _, query = target.partition("?")
        if not isinstance(body, bytes):
            headers.setdefault("content_type", "application/json")
            body = json.dumps(body).encode()
        listed = tuple(sorted((name.replace("_", "-").lower(), value) for name, value in headers.items()))
        return Reply.of(mock.answer(HttpRequest(method, path, query, listed, body)))

    return ask


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Return a function that sends a request to a mock of the pets document."""
    return asking(PETS)
