"""OpenAPI 3 documents are loaded, checked and generated like Swagger 2.0 documents."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ovcgen.documents.errors import NotAsWritten, NotSwagger
from ovcgen.generator.write import write
from ovcgen.workflows.build_sdk import sdk_of
from ovcgen.workflows.resolve import Reading, load, resolve

YAML = """
openapi: 3.0.3
info: {title: Shop, version: 1.10}
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
    get:
      operationId: order
      responses:
        200:
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
        4XX: {description: no, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
components:
  schemas:
    Error: {type: object, required: [reason], properties: {reason: {type: string}}}
    Order:
      type: object
      required: [id, on]
      properties:
        id: {type: integer}
        on: {type: string, format: date, example: 2020-01-01}
        state: {type: string, enum: [yes, no, 1.0]}
        payment: {oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Cash'}]}
    Card: {type: object, required: [number], properties: {number: {type: string}}}
    Cash: {type: object, required: [amount], properties: {amount: {type: number}}, nullable: true}
"""


def saved(folder: Path, document: Any, name: str = "shop.json") -> Path:
    """The document in a file."""
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_yaml_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Status codes are keys, `on` and `yes` are texts, and a version keeps its digits."""
    spec = load(saved(tmp_path, YAML, "shop.yaml"))

    assert spec.release == "Shop-1.10"
    assert spec.api is not None
    (operation,) = spec.api.operations
    assert [response.status for response in operation.responses] == ["200", "4XX"]
    order: Any = spec.api.schemas["Order"]
    states = next(member for member in order.properties if member.name == "state").schema.traits.enum
    assert [state.value for state in states] == ["1.0", "no", "yes"]
    assert [problem.sentence for problem in spec.problems] == [
        "/components/schemas/Order/properties/state/enum/2: 1.0 is no text; read as '1.0'.",
        "/info/version: 1.10 is no text; read as '1.10'.",
    ]


def test_an_sdk_imports_and_names_its_types(tmp_path: Path) -> None:
    """The generated package imports, a range of statuses has its type, and a union is the union of its members."""
    sdk = sdk_of(saved(tmp_path, YAML, "shop.yaml"))
    write(sdk.files, tmp_path / sdk.folder)

    types = sdk.files["shop_1_10/types.py"]
    assert "payment: NotRequired[Card | Cash | None]" in types
    assert "class Error(TypedDict)" in types
    assert sdk.operations == 1
    script = "import shop_1_10; print(shop_1_10.connect('https://shop.example').orders.order.__doc__)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path / sdk.folder, capture_output=True, text=True, check=True)
    assert "Error" in done.stdout


def test_another_major_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """OpenAPI 4 is not guessed."""
    with pytest.raises(NotSwagger) as caught:
        load(saved(tmp_path, {"openapi": "4.0.0", "paths": {}}))

    assert caught.value.what.endswith("is neither Swagger 2.0 nor OpenAPI 3: it says openapi: 4.0.0.")


ORDERS: dict[str, Any] = {"/orders": {"get": {"responses": {"200": {"description": "ok"}}}}}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
def test_the_metaschema_refuses_no_document(tmp_path: Path, version: str) -> None:
    """An unknown key is reported; only `strict` refuses the document."""
    document = {"openapi": version, "info": {"title": "T", "version": "1"}, "paths": ORDERS, "wibble": 1}
    path = saved(tmp_path, document)

    (problem,) = load(path).problems
    assert "wibble" in problem.what
    assert problem.done == "it is taken as it is"
    with pytest.raises(NotAsWritten, match="wibble"):
        load(path, reading=Reading(strict=True))


def test_a_valid_document_passes_the_strict_check(tmp_path: Path) -> None:
    """Nothing is reported for it."""
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": ORDERS}

    assert load(saved(tmp_path, document), reading=Reading(strict=True)).problems == ()


def test_a_document_without_a_readable_operation_is_refused(tmp_path: Path) -> None:
    """All of its mistakes are listed; a document of schemas alone is fine."""
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": []}}}

    with pytest.raises(NotAsWritten, match="/paths/~1a/get"):
        load(saved(tmp_path, document))
    assert load(saved(tmp_path, {**document, "paths": {}, "components": {"schemas": {"A": []}}})).problems != ()


def test_the_api_is_read_once(tmp_path: Path) -> None:
    """The API in the spec is that of the release."""
    release = resolve(saved(tmp_path, YAML, "shop.yaml"))

    assert release.api is release.spec.api
    assert release.declared() is release.api
