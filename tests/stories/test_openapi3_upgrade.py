"""A developer's code was written for the SDK of an OpenAPI 3 document; the service's next release changes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from ovcgen.cli import main
from tests.diff.test_swagger2_as_openapi3 import PETSTORE
from tests.diff.translation import translated

Body = dict[str, Any]
Run = Callable[..., tuple[int, str]]

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
PET = {"$ref": "#/components/schemas/Pet"}
CODE = """\
import pets_1_0_0

client = pets_1_0_0.connect("https://pets.example")


def names() -> list[str]:
    return [pet["name"] for pet in client.pets.list_pets(limit=100)]


def buy(name: str) -> None:
    client.pets.add(body={"kind": "dog", "name": name})
    client.pets.add(body={"kind": "cat", "name": name})


def owner(pet: int) -> str:
    found = client.pets.get_by_id(id=pet)
    return found["fullname"] + found["city"]
"""


def kind(name: str, **members: Body) -> Body:
    """A kind of pet."""
    properties = {"kind": {"const": name}, "name": TEXT, **members}
    return {"type": "object", "required": ["kind", "name", *members], "properties": properties}


def answer(schema: Body) -> Body:
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def release(version: str, listing: str, slot: str, dog: Body, owner: Body) -> Body:
    """A release of the service."""
    listed = {
        "operationId": listing,
        "tags": ["pets"],
        "parameters": [{"name": "limit", "in": "query", "schema": NUMBER}],
        "responses": answer({"type": "array", "items": PET}),
    }
    added = {
        "operationId": "add",
        "tags": ["pets"],
        "requestBody": {"required": True, "content": {"application/json": {"schema": PET}}},
        "responses": answer(PET),
    }
    asked = {
        "tags": ["pets"],
        "parameters": [{"name": slot, "in": "path", "required": True, "schema": NUMBER}],
        "responses": answer({"type": "object", "properties": owner}),
    }
    kinds = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog")]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": version},
        "servers": [{"url": "https://pets.example"}],
        "paths": {"/pets": {"get": listed, "post": added}, f"/pets/{{{slot}}}": {"get": asked}},
        "components": {"schemas": {"Cat": kind("cat"), "Dog": dog, "Pet": kinds}},
    }


OLD = release("1.0.0", "list_pets", "id", kind("dog"), {"city": TEXT, "fullname": TEXT})
NEW = release("2.0.0", "list_all", "petId", kind("dog", chip=TEXT), {"city": TEXT})


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with both documents and the developer's code."""
    monkeypatch.chdir(tmp_path)
    Path("old.json").write_text(json.dumps(OLD))
    Path("new.json").write_text(json.dumps(NEW))
    Path("app").mkdir()
    Path("app/main.py").write_text(CODE)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; returns its exit code and what it printed."""

    def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        return int(str(ended.value.code)), capsys.readouterr().out

    return run


def test_impact_names_the_lines_that_break(run: Run) -> None:
    """Renamed methods, a member that one kind of a union needs now, and one that is read and gone; nothing else."""
    _, printed = run("impact", "app", "--from", "old.json", "--to", "new.json", "--output", "json")

    found = json.loads(printed)
    assert [(broken["line"], broken["kind"]) for broken in found["breaks"]] == [
        (7, "operation.id-changed"),
        (11, "property.added-required"),
        (16, "path-parameter.renamed"),
        (16, "path-parameter.renamed"),
        (17, "property.removed"),
    ]
    assert found["unresolved"] == []


def test_migrate_renames_what_has_another_name(run: Run) -> None:
    """Methods and keywords are renamed, and what a developer has to decide is marked."""
    run("migrate", "app", "--from", "old.json", "--to", "new.json", "--write")

    code = Path("app/main.py").read_text()
    assert "client.pets.list_all(limit=100)" in code
    assert "client.pets.get_by_petId(petId=pet)" in code
    assert code.count("TODO(ovcgen)") == 2
    assert "# TODO(ovcgen): chip in body of pets.add() is wanted" in code


@pytest.mark.parametrize("output", ["text", "json", "markdown", "html", "github", "gitlab", "junit", "sarif"])
@pytest.mark.parametrize("versions", [("3.1", "3.1"), ("2.0", "3.0"), ("3.0", "2.0")])
def test_all_versions_are_compared_in_all_outputs(run: Run, versions: tuple[str, str], output: str) -> None:
    """Every renderer shows a comparison of any mix of versions."""
    documents = {"3.1": OLD, "2.0": PETSTORE, "3.0": translated(deepcopy(PETSTORE))}
    for file, version in zip(("a.json", "b.json"), versions, strict=True):
        Path(file).write_text(json.dumps(documents[version]))

    code, printed = run("diff", "a.json", "b.json", "--output", output, "--fail-on", "never", "--witness")

    assert code == 0
    if output == "json":
        assert json.loads(printed)["summary"]["breaking"] == 0


def test_a_changelog_goes_through_all_versions(run: Run) -> None:
    """Releases of Swagger 2.0 and OpenAPI 3 stand in one row."""
    for number, document in enumerate((PETSTORE, translated(deepcopy(PETSTORE)), OLD, NEW), start=1):
        Path(f"{number}.json").write_text(json.dumps(document))

    code, printed = run("changelog", "1.json", "2.json", "3.json", "4.json")

    assert code == 0
    assert "form.became-body" in printed


def test_a_migration_to_openapi_3_is_shown_in_code(run: Run) -> None:
    """A body has another keyword, which is rewritten; the fields of a form are one body, which is marked."""
    Path("old.json").write_text(json.dumps(PETSTORE))
    Path("new.json").write_text(json.dumps(translated(deepcopy(PETSTORE))))
    calls = (
        "import pets_1\n\nclient = pets_1.connect('https://pets.example')\n"
        "client.pets.add(pet={'kind': 'dog'})\n"
        "client.pets.upload(id=1, photo=b'', size=3)\n"
    )
    Path("app/main.py").write_text(calls)

    run("migrate", "app", "--from", "old.json", "--to", "new.json", "--write")

    code = Path("app/main.py").read_text()
    assert "client.pets.add(body={'kind': 'dog'})" in code
    assert "TODO(ovcgen): pets.upload() takes no photo, size" in code
