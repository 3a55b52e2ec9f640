"""Test `operations`, which lists operations, and `call ... --help`, which describes one operation."""

from __future__ import annotations

import json
import shlex
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import ovcgen
from tests.cli.conftest import Run, catalog, expected, small_catalog

CREATE = "cloudapi.machines.create"
PETS = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "components": {"securitySchemes": {"o": {"type": "oauth2", "flows": {}}}},
    "paths": {
        "/pets/{id}": {
            "put": {
                "operationId": "replace",
                "tags": ["pets"],
                "summary": "Replace a pet. It keeps its id.",
                "deprecated": True,
                "security": [{"o": ["write:pets"]}, {}],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "format": "int64"}},
                    {"name": "kind", "in": "query", "schema": {"enum": ["cat", "dog"], "default": "cat"}},
                    {
                        "name": "pause",
                        "in": "query",
                        "description": "Time to wait, in seconds\u202e.",
                        "schema": {"type": "array", "items": {"type": "number", "minimum": 0.5}, "maxItems": 3},
                    },
                    {"name": "api_key", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {"content": {"application/json": {}, "application/xml": {}}},
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    }
                },
            }
        }
    },
}
PET = {
    "type": "object",
    "properties": {
        "name": {"type": ["string", "null"]},
        "born": {"type": "string", "format": "date"},
        "parents": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
        "marks": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
}


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def pets(here: Path) -> Path:
    """Return the path of an OpenAPI 3 document."""
    document = json.loads(json.dumps(PETS))
    document["components"]["schemas"] = {"Pet": PET}
    (here / "pets.json").write_text(json.dumps(document))
    return here / "pets.json"


def names(listed: str) -> list[str]:
    """Return the names of the operations in a JSON list."""
    return [row["operation"] for row in json.loads(listed)]


def test_a_release_is_listed(run: Run) -> None:
    """The list of a release has names, marks and first sentences; a pattern filters the list."""
    ended = run("operations", "2.4.5", "machines snapshot", "-o", "table")

    assert (ended.code, ended.out, ended.err) == (0, expected("operations.txt"), "")


def test_without_a_source_the_newest_release_is_listed(run: Run) -> None:
    """Without a source the newest release is listed, a single word is a pattern, and stderr names the release."""
    ended = run("operations", "machines.create*")

    assert (ended.code, names(ended.out)) == (0, [CREATE, "cloudapi.machines.createTemplate"])
    assert ended.err == "The operations of 2.4.5, the newest pinned release:\n"
    assert len(names(run("operations").out)) == len(names(run("operations", "2.4.5").out)) > 200


def test_a_portal_is_listed(run: Run, logged_in: Any) -> None:
    """The list of a portal has its cloudapi group or the named groups; a second list sends no request."""
    listed = run("operations", logged_in.url, "disks.*")
    more = run("operations", logged_in.url, "list", "--group", "libcloud", "--group", "cloudapi")
    before = len(logged_in.simulator.seen)
    run("operations", logged_in.url)

    first = json.loads(listed.out)[0]
    assert first["operation"] == "cloudapi.disks.create"
    assert (first["method"], first["path"], first["task"]) == ("POST", "/cloudapi/disks/create", True)
    assert {name.partition(".")[0] for name in names(more.out)} == {"cloudapi", "libcloud"}
    assert len(logged_in.simulator.seen) == before


def test_a_document_is_listed(run: Run, pets: Path) -> None:
    """The operations of an OpenAPI 3 or Swagger 2.0 document are listed."""
    [row] = json.loads(run("operations", pets.name).out)
    assert (row["operation"], row["summary"], row["marks"]) == ("pets.replace", "Replace a pet.", ["deprecated"])
    (pets.parent / "small.json").write_bytes(small_catalog())
    assert names(run("operations", "small.json", "--group", "cloudapi").out) == ["cloudapi.things.list"]


def test_nothing_that_fits_is_the_answer_no(run: Run, here: Path) -> None:
    """A pattern without a match ends with exit code 1, and prints an empty list as JSON."""
    ended = run("operations", "2.4.5", "zebra")
    (here / "specs").mkdir()

    assert (ended.code, ended.out) == (1, "[]\n")
    assert "No operation of 2.4.5 fits 'zebra'" in ended.err
    assert "no pinned release" in run("operations", "--specs", here / "specs").err


def test_an_operation_is_described(run: Run) -> None:
    """An operation of a named release is described without a network; the command itself accepts the example."""
    ended = run("call", "https://portal.example", CREATE, "--release", "2.4.5", "--help")

    assert (ended.code, ended.out, ended.err) == (0, expected("operation_help.txt"), "")
    program, *words = shlex.split(ended.out.splitlines()[-1])
    assert program == "ovcgen"
    assert run(*words, "--timeout", "0.1").code == 6  # portal.example is not reached, and nothing was refused before
    assert run("call", "--help").out.startswith("Usage: ovcgen call")
    assert run("call", "https://portal.example", "--help").out.startswith("Usage: ovcgen call")


def test_an_operation_of_a_document_is_described(run: Run, pets: Path) -> None:
    """A description has types, formats, units, limits, values, defaults, rights, and the schema of the response."""
    ended = run("call", "pets.json", "pets.replace", "--help")

    assert (ended.code, ended.out, ended.err) == (0, expected("operation_help_of_a_document.txt"), "")
    machine = json.loads(
        run("call", "https://a.example", "pets.replace", "--spec", pets, "--help", "--output", "json").out
    )
    assert [argument["name"] for argument in machine["arguments"]] == ["id", "kind", "pause", "api_key", "body"]
    assert "call" not in machine


ORDER = {
    "type": "object",
    "required": ["customer", "items"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "customer": {
            "type": "object",
            "description": "Who pays.",
            "required": ["email"],
            "properties": {"email": {"type": "string", "format": "email"}},
        },
        "items": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["amount"],
                "properties": {"amount": {"type": "integer", "minimum": 2}},
            },
        },
        "note": {"type": "string", "maxLength": 80},
    },
}
MEMBERS = """
Members of body (* is required):
  * customer        object. Who pays.
  * customer.email  string, email.
  * items           list of object; 1 items or more.
  * items[].amount  integer; at least 2.
    note            string; 80 letters at most.
"""


def shop(version: str, schema: object) -> str:
    """Return a Swagger 2.0 or OpenAPI 3 document with one operation, `orders.create`, whose body has a schema."""
    call: dict[str, Any] = {"operationId": "create", "tags": ["orders"], "responses": {"201": {"description": "ok"}}}
    definitions: dict[str, Any] = {"Order": schema}
    document = {"info": {"title": "Shop", "version": "1"}, "paths": {"/orders": {"post": call}}}
    if version == "swagger":
        reference = {"$ref": "#/definitions/Order"}
        call["parameters"] = [{"name": "body", "in": "body", "required": True, "schema": reference}]
        return json.dumps({"swagger": "2.0", "definitions": definitions, **document})
    reference = {"$ref": "#/components/schemas/Order"}
    call["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}
    return json.dumps({"openapi": "3.0.3", "components": {"schemas": definitions}, **document})


@pytest.mark.parametrize("version", ["swagger", "openapi"])
def test_the_members_of_a_body_are_described(run: Run, here: Path, version: str) -> None:
    """The help of an operation lists the members of its body, and a mock of the document accepts the example."""
    (here / "shop.json").write_text(shop(version, ORDER))

    shown = run("call", "shop.json", "orders.create", "--help").out
    _, _, _, operation, *words = shlex.split(shown.splitlines()[-1])
    with ovcgen.simulate(here / "shop.json") as mock:
        ended = run("call", mock.url, operation, "--spec", "shop.json", *words)

    assert MEMBERS in shown
    assert words == ['body:={"customer": {"email": "somebody@example.org"}, "items": [{"amount": 2}]}']
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ({"type": "array", "items": {"$ref": "#/components/schemas/Order"}}, []),
        ({"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/Order"}}, {"type": "integer"}]}, []),
        ({"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Order"}}}, ["next"]),
        ({"type": "object", "additionalProperties": {"properties": {"a": {}}, "type": "object"}}, ["*.a"]),
        ({"oneOf": [{"required": ["a"], "properties": {"a": {}}}, {"properties": {"b": {}}}]}, ["a", "b"]),
    ],
)
def test_bodies_of_any_form_are_described(run: Run, here: Path, schema: object, names: list[str]) -> None:
    """The members of recursive bodies are listed once, and those of maps and alternatives are listed too."""
    (here / "shop.json").write_text(shop("openapi", schema))

    shown = json.loads(run("call", "shop.json", "orders.create", "--help", "-o", "json").out)

    [body] = shown["arguments"]
    assert [member["name"] for member in body["members"]] == names
    assert not any(member["required"] for member in body["members"])


def test_a_portal_that_is_gone_is_described_from_what_is_kept(run: Run) -> None:
    """If a portal can't be reached, its cached catalog is used even when a day old, and a warning says so."""
    with catalog(small_catalog()) as url:
        assert run("call", url, "cloudapi.things.list", "--help").code == 0
    with socket.socket() as taken:  # it does not listen, and no server of another test gets the port
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", urlsplit(url).port))
        fresh = run("call", url, "cloudapi.things.list", "--help")
        old = run("call", url, "cloudapi.things.list", "--help", "--refresh")

    assert (fresh.code, fresh.err) == (0, "")
    assert (old.code, old.err) == (0, f"warning: {url} is not reached; its catalog of 0 hours ago is used.\n")
    assert run("call", "http://127.0.0.1:1", "cloudapi.things.list", "--help").code == 6


@pytest.mark.parametrize(
    ("words", "what", "fix"),
    [
        (
            ["https://a.example", "cloudapi.machines.creat", "--release", "2.4.5"],
            "no operation",
            f"Did you mean {CREATE}?",
        ),
        (["pets.json", "pets.replac"], "no operation", "Did you mean pets.replace?"),
        (["pets.json", "zebras.count"], "no operation", "Pass one of pets.replace."),
        (["https://a.example", "machines", "--help"], "no operation", "GROUP.ACTOR.METHOD"),
    ],
)
@pytest.mark.usefixtures("pets")
def test_a_mistyped_operation_is_not_described(run: Run, words: list[str], what: str, fix: str) -> None:
    """For a mistyped operation the nearest name is suggested."""
    ended = run("call", *words, "--help")

    assert (ended.code, ended.two_lines, what in ended.err, fix in ended.err) == (2, True, True, True), ended
