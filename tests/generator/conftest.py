"""SDKs as the code of today makes them, for tests that ask type checkers and editors about them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import ovcgen
from ovcgen.generator.write import write

ROOT = Path(__file__).parents[2]
TORTURE = ROOT / "tests" / "corpus" / "documents" / "torture.json"
ID = {"name": "petId", "in": "path", "required": True, "type": "integer"}
PET = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
PETS: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1.0"},
    "host": "pets.example",
    "schemes": ["https"],
    "securityDefinitions": {"key": {"type": "apiKey", "name": "X-Key", "in": "header"}},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "tags": ["pets"],
                "produces": ["application/json"],
                "responses": {
                    "200": {"description": "ok", "schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}}}
                },
            }
        },
        "/pets/{petId}": {
            "get": {
                "operationId": "getPet",
                "tags": ["pets"],
                "produces": ["application/json"],
                "parameters": [ID, {"name": "details", "in": "query", "type": "boolean"}],
                "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}},
            }
        },
    },
    "definitions": {"Pet": PET},
}


class Made(NamedTuple):
    """A generated SDK: the folder to import from, and the name of its package."""

    folder: Path
    package: str


def made(source: str | Path, folder: Path) -> Made:
    """Generate the SDK of a release or document into the folder."""
    files = ovcgen.generate(source)
    write(files, folder)
    package = next(name for name in files if name.endswith("/py.typed")).partition("/")[0]
    return Made(folder, package)


@pytest.fixture(scope="session")
def portal_sdk(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The SDK of an OpenvCloud release."""
    return made("2.4.5", tmp_path_factory.mktemp("sdk") / "openvcloud")


@pytest.fixture(scope="session")
def plain_sdk(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The SDK of a small document that is not OpenvCloud's."""
    folder = tmp_path_factory.mktemp("sdk")
    (folder / "pets.json").write_text(json.dumps(PETS))
    return made(folder / "pets.json", folder / "pets")


@pytest.fixture(scope="session")
def torture_sdk(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The SDK of a document with all that Swagger 2.0 can say."""
    return made(TORTURE, tmp_path_factory.mktemp("sdk") / "torture")


@pytest.fixture(scope="session")
def harbour_sdk(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The SDK of an OpenAPI 3 document with every kind of type."""
    return made(Path(__file__).with_name("harbour.yaml"), tmp_path_factory.mktemp("sdk") / "harbour")
