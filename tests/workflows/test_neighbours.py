"""References to files beside a document are read; nothing outside of its folder is."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from ovcgen.errors import SpecRefused
from ovcgen.model.resolve import Resolver
from ovcgen.model.schema import Array, Nothing, Record, Reference, Union
from ovcgen.workflows.resolve import api_of, load

PET = {"type": "object", "properties": {"name": {"type": "string"}}}


def answering(reference: str, **more: Any) -> dict[str, Any]:
    """A document with a call whose answer is described at that reference, and one that needs none."""
    answer = {"200": {"description": "ok", "schema": {"$ref": reference}}}
    calls = {
        "/pet": {"get": {"operationId": "pet", "responses": answer}},
        "/other": {"get": {"operationId": "other", "responses": {"200": {"description": "ok"}}}},
    }
    return {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": calls, **more}


def saved(folder: Path, files: dict[str, Any]) -> Path:
    """The files in the folder; the first is the document."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return folder / next(iter(files))


def result(path: Path) -> Any:
    """The shape of the answer, references followed."""
    api = api_of(path)
    schema = next(operation for operation in api.operations if operation.path == "/pet").result
    while isinstance(schema, Reference):
        schema = api.definition(schema.name)
    return schema


BESIDE = {
    "whole file": {"d.json": answering("pet.json"), "pet.json": PET},
    "YAML in a folder": {"d.json": answering("sub/pet.yaml#/Pet"), "sub/pet.yaml": json.dumps({"Pet": PET})},
    "a place in it": {"d.json": answering("./x.json#/definitions/Pet"), "x.json": {"definitions": {"Pet": PET}}},
    "signs in its name": {"d.json": answering("a%20b.json#/a~1b%25"), "a b.json": {"a/b%": PET}},
    "a file of a file": {
        "d.json": answering("sub/a.json#/A"),
        "sub/a.json": {"A": {"$ref": "../b.json#/B"}},
        "b.json": {"B": {"$ref": "#/C"}, "C": PET},
    },
    "and back": {
        "d.json": answering("a.json#/A", definitions={"Pet": PET}),
        "a.json": {"A": {"$ref": "d.json#/definitions/Pet"}},
    },
    "a name for it": {
        "d.json": answering("#/definitions/Pet", definitions={"Pet": {"$ref": "pet.json"}}),
        "pet.json": PET,
    },
    "all definitions": {
        "d.json": answering("#/definitions/Pet", definitions={"$ref": "all.json"}),
        "all.json": {"Pet": PET},
    },
}


@pytest.mark.parametrize("name", BESIDE)
def test_a_file_beside_the_document_is_read(tmp_path: Path, name: str) -> None:
    """In whatever way it is named, and without a warning; strict reading takes it as well."""
    path = saved(tmp_path, BESIDE[name])

    assert isinstance(result(path), Record)
    assert load(path).problems == ()


def test_types_keep_their_names(tmp_path: Path) -> None:
    """The last word of the place, unless the document has a shape of that name."""
    own = {"type": "object", "properties": {"own": {"type": "string"}}}
    document = answering("x.json#/Pet", definitions={"Pet": own})

    path = saved(tmp_path, {"d.json": document, "x.json": {"Pet": PET}})

    assert [definition.name for definition in api_of(path).definitions] == ["Pet", "x_Pet"]
    assert isinstance(api_of(path).definition("Pet"), Record)


def test_shapes_in_files_can_hold_themselves(tmp_path: Path) -> None:
    """A tree in two files."""
    files = {
        "d.json": answering("tree.json#/Tree"),
        "tree.json": {"Tree": {"type": "array", "items": {"$ref": "leaf.json"}}},
        "leaf.json": {"type": "object", "properties": {"kids": {"$ref": "tree.json#/Tree"}}},
    }

    assert isinstance(result(saved(tmp_path, files)), Array)
    assert sorted(definition.name for definition in api_of(tmp_path / "d.json").definitions) == ["Tree", "leaf"]


def test_parameters_answers_and_paths_are_read_as_well(tmp_path: Path) -> None:
    """A path of another file brings its own references along."""
    document = answering("#/definitions/Pet", definitions={"Pet": PET})
    document["paths"]["/far"] = {"$ref": "paths/far.yaml#/far"}
    call = {
        "parameters": [{"$ref": "../parts.json#/size"}],
        "responses": {"200": {"$ref": "../parts.json#/done"}},
    }
    parts = {"size": {"name": "size", "in": "query", "type": "integer"}, "done": {"description": "done"}}

    path = saved(
        tmp_path, {"d.json": document, "paths/far.yaml": json.dumps({"far": {"get": call}}), "parts.json": parts}
    )

    operation = api_of(path).operation("GET", "/far")
    assert operation
    assert [parameter.name for parameter in operation.parameters] == ["size"]
    assert isinstance(operation.result, Nothing)
    assert load(path).problems == ()


def test_texts_without_quotes_in_another_file_are_as_written(tmp_path: Path) -> None:
    """As in the document itself."""
    pet = "type: object\nproperties:\n  size: {type: string, enum: [1.10, 2.0]}\n"

    (size,) = result(saved(tmp_path, {"d.json": answering("pet.yaml"), "pet.yaml": pet})).properties

    assert [each.value for each in size.schema.traits.enum] == ["1.10", "2.0"]


def outside(tmp_path: Path) -> dict[str, str]:
    """References to a file that is there, and that nobody may read."""
    (tmp_path / "outside.json").write_text(json.dumps(PET))
    (tmp_path / "in" / "folder").mkdir(parents=True)
    (tmp_path / "in" / "link.json").symlink_to(tmp_path / "outside.json")
    (tmp_path / "in" / "links").symlink_to(tmp_path)
    return {
        "above": "../outside.json",
        "above by a way round": "folder/../../outside.json",
        "above in other signs": "%2e%2e/outside.json",
        "absolute": str(tmp_path / "outside.json"),
        "a link": "link.json",
        "a folder that is a link": "links/outside.json",
        "a folder": "folder",
        "nothing": "missing.json",
        "no such place": "d.json#/definitions/Nothing",
        "a zero": "a%00b.json",
    }


NAMES = [
    "above",
    "above by a way round",
    "above in other signs",
    "absolute",
    "a link",
    "a folder that is a link",
    "a folder",
    "nothing",
    "no such place",
    "a zero",
]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_below_the_folder_is_not_read(tmp_path: Path, name: str) -> None:
    """The answer may be anything, the place is told, and the other call stays."""
    reference = outside(tmp_path)[name]
    path = saved(tmp_path / "in", {"d.json": answering(reference)})

    assert type(result(path)).__name__ == "Anything"
    assert [problem.pointer for problem in load(path).problems] == ["/paths/~1pet/get/responses/200/schema/$ref"]
    assert api_of(path).operation("GET", "/other")


def test_a_link_to_another_file_of_the_folder_is_followed(tmp_path: Path) -> None:
    """It leads to nothing that the document could not name."""
    path = saved(tmp_path, {"d.json": answering("link.json"), "pet.json": PET})
    (tmp_path / "link.json").symlink_to("pet.json")

    assert isinstance(result(path), Record)


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """Not even from a server that would answer; also where another file says so."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/pet.json"
    files = {"d.json": answering("a.json#/A"), "a.json": {"A": {"$ref": address}}}

    with pytest.raises(SpecRefused):
        load(saved(tmp_path, files))

    server.shutdown()
    server.server_close()
    assert asked == []


@pytest.mark.parametrize("content", ["{", "[1]", "<html>", '{"a": ' * 100])
def test_a_broken_file_costs_only_what_refers_to_it(tmp_path: Path, content: str) -> None:
    """What is wrong with it is told."""
    path = saved(tmp_path, {"d.json": answering("pet.json"), "pet.json": content})

    assert type(result(path)).__name__ == "Anything"
    assert any("pet.json" in problem.what and not problem.pointer for problem in load(path).problems)


def test_the_hash_of_a_document_is_that_of_all_its_files(tmp_path: Path) -> None:
    """An SDK is out of date when one of them changes."""
    path = saved(tmp_path, {"d.json": answering("pet.json"), "pet.json": PET})
    before = load(path).origin.sha256

    saved(tmp_path, {"pet.json": {"type": "object", "properties": {"size": {"type": "integer"}}}})

    assert load(path).origin.sha256 != before


PETS = {"schemas": {"Pet": {**PET, "$anchor": "pet"}, "Cat": {"allOf": [{"$ref": "#/schemas/Pet"}]}}}
CALL = {"operationId": "pet", "responses": {"200": {"$ref": "parts/answers.json#/ok"}}}
CONTENT = {"application/json": {"schema": {"$ref": "../pets.json#/schemas/Pet"}}}
ANSWERS = {"ok": {"description": "", "content": CONTENT}}
OWN_URL = {"$self": "https://a.example/v1/d.json", "openapi": "3.2.0"}
NAMED = {"schemas": {"Pet": {"$ref": "pets.json#/schemas/Pet"}}}


def openapi(reference: str, **more: Any) -> dict[str, Any]:
    """An OpenAPI 3 document whose answer is described at that reference."""
    content = {"application/json": {"schema": {"$ref": reference}}}
    call = {"operationId": "pet", "responses": {"200": {"description": "", "content": content}}}
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/pet": {"get": call}}, **more}


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"d.json": openapi("pets.json#/schemas/Pet"), "pets.json": PETS}, id="a pointer"),
        pytest.param({"d.json": openapi("pets.json#pet"), "pets.json": PETS}, id="an anchor"),
        pytest.param({"d.json": openapi("pet.yaml"), "pet.yaml": json.dumps(PET)}, id="a whole file"),
        pytest.param({"d.json": openapi("pets.json#/schemas/Cat"), "pets.json": PETS}, id="a reference in a file"),
        pytest.param(
            {
                "d.json": openapi("https://a.example/v1/pets.json#pet", **OWN_URL),
                "pets.json": PETS,
            },
            id="the document's own URL",
        ),
        pytest.param(
            {
                "d.json": openapi("") | {"paths": {"/pet": {"$ref": "parts/paths.json#/pet"}}},
                "parts/paths.json": {"pet": {"get": {**CALL, "responses": {"200": {"$ref": "answers.json#/ok"}}}}},
                "parts/answers.json": ANSWERS,
                "pets.json": PETS,
            },
            id="a path item and a response",
        ),
        pytest.param(
            {
                "d.json": openapi("#/components/schemas/Pet", components=NAMED),
                "pets.json": PETS,
            },
            id="a name of the document",
        ),
    ],
)
def test_files_beside_an_openapi_3_document_are_read(tmp_path: Path, files: dict[str, Any]) -> None:
    """References between files become references in the document; nothing is expanded in place."""
    path = saved(tmp_path, files)
    spec = load(path)

    assert spec.problems == ()
    found = Resolver(api_of(path).schemas).resolved(Reference(api_of(path).operations[0].result.name))
    assert isinstance(found, Record)
    assert [member.name for member in found.properties] == ["name"]


def test_the_mapping_of_a_discriminator_can_name_files(tmp_path: Path) -> None:
    """The member that a file describes and the mapping lead to one definition."""
    union = {"oneOf": [{"$ref": "cat.json"}, {"$ref": "dog.json"}]}
    union |= {"discriminator": {"propertyName": "kind", "mapping": {"meow": "cat.json"}}}
    document = openapi("#/components/schemas/Pet", components={"schemas": {"Pet": union}})

    api = api_of(saved(tmp_path, {"d.json": document, "cat.json": PET, "dog.json": PET}))

    pet = api.schemas["Pet"]
    assert isinstance(pet, Union)
    assert pet.mapping == (("dog", "dog"), ("meow", "cat"))


def test_nothing_outside_of_the_folder_is_read_for_openapi_3(tmp_path: Path) -> None:
    """A URL and a file above the folder are problems, and the value may be anything."""
    for reference in ("https://elsewhere.example/pet.json", "../pet.json", "/etc/passwd"):
        spec = load(saved(tmp_path / "inner", {"d.json": openapi(reference), "../pet.json": PET}))

        assert ["leads nowhere" in problem.what for problem in spec.problems] == [True]
