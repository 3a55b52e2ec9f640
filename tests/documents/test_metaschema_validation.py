"""Mistakes in a document, in words that its author understands."""

import subprocess
import sys

import pytest

from ovcgen.documents import check
from ovcgen.documents.errors import BadStructure
from ovcgen.documents.metaschema_validation import metaschema_mistakes, without_valid_parts

AT = "/paths/~1cloudapi~1machines~1get/post"
GOOD = {"name": "machineId", "in": "formData", "type": "integer", "required": True, "collectionFormat": "multi"}
ANSWER = {"200": {"description": "result", "schema": {"type": "string"}}}


def document(parameter=GOOD, responses=ANSWER, **changes):
    """A document with one operation that takes one parameter."""
    operation = {"parameters": [parameter], "responses": responses}
    paths = {"/cloudapi/machines/get": {"post": operation}}
    return {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": paths, **changes}


def without(key):
    """The good parameter without that key."""
    return {name: value for name, value in GOOD.items() if name != key}


@pytest.mark.parametrize(
    ("bad", "pointer", "what"),
    [
        pytest.param(
            document(without("name")),
            f"{AT}/parameters/0",
            "'name' is a required property",
            id="a parameter without name",
        ),
        pytest.param(
            document({**GOOD, "items": "integer"}),
            f"{AT}/parameters/0/items",
            "'integer' is not of type 'object'",
            id="items is a word",
        ),
        pytest.param(
            document({**GOOD, "in": "cookie"}),
            f"{AT}/parameters/0/in",
            "'cookie' is not one of body, formData, header, path, query",
            id="a place that is none",
        ),
        pytest.param(
            document({**GOOD, "type": "obj"}),
            f"{AT}/parameters/0/type",
            "'obj' is not one of ['string', 'number', 'boolean', 'integer', 'array', 'file']",
            id="a type that is none",
        ),
        pytest.param(
            document({**GOOD, "required": "yes"}),
            f"{AT}/parameters/0/required",
            "'yes' is not of type 'boolean'",
            id="yes is no boolean",
        ),
        pytest.param(
            document("machineId"),
            f"{AT}/parameters/0",
            "'machineId' is not of type 'object'",
            id="a parameter is a word",
        ),
        pytest.param(
            document(responses={"200": {}}),
            f"{AT}/responses/200",
            "'description' is a required property",
            id="an answer without description",
        ),
        pytest.param(
            document(responses={"ok": {"description": ""}}),
            f"{AT}/responses",
            "'ok' does not belong here",
            id="a status that is none",
        ),
        pytest.param(document(info={"title": "T"}), "/info", "'version' is a required property", id="no version"),
        pytest.param(document(servers=[]), "", "'servers' does not belong here", id="a key of OpenAPI 3"),
    ],
)
def test_a_mistake_is_named_where_it_is(bad, pointer, what):
    """One mistake gives one line: of all allowed shapes, the one that was meant is compared."""
    assert metaschema_mistakes(bad) == ((pointer, what),)


def test_a_good_document_has_no_problems():
    """Nothing is found where nothing is wrong."""
    assert metaschema_mistakes(document()) == ()


def test_all_mistakes_are_said_at_once():
    """Nobody has to repair a document one refusal at a time."""
    with pytest.raises(BadStructure) as caught:
        check(document(without("name"), info={}), "catalog.json")

    assert caught.value.what.startswith("catalog.json breaks the rules of Swagger 2.0:\n")
    assert set(caught.value.what.splitlines()[1:]) == {
        f"  {AT}/parameters/0: 'name' is a required property",
        "  /info: 'title' is a required property",
        "  /info: 'version' is a required property",
    }


def test_more_than_ten_mistakes_are_cut_off():
    """A screen has an end."""
    paths = {f"/{number}": {"post": {}} for number in range(50)}

    with pytest.raises(BadStructure) as caught:
        check(document(paths=paths), "catalog.json")

    assert len(caught.value.problems) == 10
    assert caught.value.what.endswith("and more\n")


def test_what_a_document_says_can_t_flood_the_screen():
    """A wrong value may be as long as the document."""
    ((_, what),) = metaschema_mistakes(document(info="x" * 10_000))

    assert len(what) <= 200


def test_deep_schemas_are_a_refusal_and_no_crash():
    """The stack is not the document's to use up."""
    schema = {"type": "string"}
    for _ in range(2000):
        schema = {"type": "array", "items": schema}

    assert metaschema_mistakes(document(definitions={"Deep": schema})) == (
        ("", "its schemas nest too deeply to be checked"),
    )


@pytest.mark.parametrize("version", ["3.0", "3.1", "3.2"])
def test_a_mistake_leaves_nothing_valid_to_jsonschema(version):
    """Only the section members with mistakes are suspects, also beside a mistake that is in none of them."""
    answer = {"responses": {"200": {"description": "result"}}}
    openapi3 = {
        "openapi": f"{version}.0",
        "info": {"title": "T", "version": "1"},
        "description": "It belongs into info.",
        "paths": {"/good": {"get": answer}, "/bad": {"get": {**answer, "tags": "a"}}},
        "components": {
            "responses": {"Good": answer["responses"]["200"], "Bad": {"description": 7}},
            "parameters": {"Good": {"name": "a", "in": "query", "schema": {}}},
        },
    }

    found = without_valid_parts(openapi3, version)

    assert found["description"] == "It belongs into info."
    assert [*found["paths"]] == ["/bad"]
    assert [*found["components"]["responses"]] == ["Bad"]
    assert not found["components"]["parameters"]
    assert {pointer for pointer, _ in metaschema_mistakes(openapi3)} == {
        "",
        "/paths/~1bad/get/tags",
        "/components/responses/Bad/description",
    }


def test_checking_fetches_nothing_and_importing_loads_nothing():
    """All metaschemas are at hand, and jsonschema comes in with the first check only."""
    code = """
import sys
from ovcgen.documents import check
assert not {"jsonschema", "bravado", "jinja2"} & sys.modules.keys()
touched = []
sys.addaudithook(lambda event, _: touched.append(event) if event.startswith(("socket.", "urllib.")) else None)
check({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {}}, "x")
assert not [event for event in touched if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request")]
assert "jsonschema" in sys.modules
assert "swagger_spec_validator" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
