"""Mistakes that a human reads past: each is said, with its place and what is done about it."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from ovcgen.documents import repair_swagger2
from ovcgen.documents.errors import ForeignReference, NotAsWritten, NotSwagger
from ovcgen.documents.metaschema_validation import metaschema_mistakes
from ovcgen.documents.repair import repaired

OK = {"200": {"description": "ok"}}
QUERY = {"name": "size", "in": "query", "type": "integer"}


def document(*parameters: Any, path: str = "/pets", **more: Any) -> dict[str, Any]:
    """A document with one call that takes these."""
    call = {"parameters": list(parameters), "responses": OK}
    return {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {path: {"get": call}}, **more}


def defining(body: Any) -> dict[str, Any]:
    """A document with one named shape."""
    return document(definitions={"Pet": body})


AT = "/paths/~1pets/get"
MISTAKES = [
    pytest.param(document(info={"version": "1"}), "/info", "read as an empty text", id="no title"),
    pytest.param(
        document(info={"title": "T", "version": 1.5}), "/info/version", "read as '1.5'", id="number of a version"
    ),
    pytest.param(document(swagger=2.0), "/swagger", "read as '2.0'", id="number of Swagger"),
    pytest.param(document(servers=[]), "/servers", "the key is ignored", id="a key of OpenAPI 3"),
    pytest.param(document(basepath="/v1"), "/basepath", "read as `basePath`", id="lower case"),
    pytest.param(document(host="{{host}}"), "/host", "the key is ignored", id="a template for a host"),
    pytest.param(document(path="pets"), "/paths/pets", "read as '/pets'", id="no slash"),
    pytest.param(document(3), f"{AT}/parameters/0", "it is left out", id="a number for a parameter"),
    pytest.param(document({**QUERY, "type": "int"}), f"{AT}/parameters/0/type", "read as `integer`", id="int"),
    pytest.param(document({**QUERY, "example": 3}), f"{AT}/parameters/0/example", "the key is ignored", id="example"),
    pytest.param(document({**QUERY, "in": "cookie"}), f"{AT}/parameters/0/in", "it is left out", id="cookie"),
    *(
        pytest.param(
            document({**QUERY, "in": "header", "name": name}),
            f"{AT}/parameters/0/name",
            "it is left out",
            id=f"header {name!r}",
        )
        for name in ("X-A: b\r\nX-B", "X A", "X-Ä")
    ),
    pytest.param(
        document(securityDefinitions={"k": {"type": "apiKey", "in": "header", "name": "X-A\n"}}),
        "/securityDefinitions/k",
        "it is left out",
        id="key in an impossible header",
    ),
    pytest.param(
        document({"name": "n", "in": "query", "schema": {"type": "string"}}),
        f"{AT}/parameters/0/schema",
        "its keys are read as those of the parameter",
        id="schema of a query",
    ),
    pytest.param(document({"$ref": "#/parameters/x"}), f"{AT}/parameters/0", "it is left out", id="dangling parameter"),
    pytest.param(document(QUERY, QUERY), f"{AT}/parameters/1", "the last one counts", id="twice"),
    pytest.param(
        document(path="/pets/{id}"),
        "/paths/~1pets~1{id}/get",
        "read as a text that must be given",
        id="nothing for a part of the path",
    ),
    pytest.param(
        defining({"$ref": "#/definitions/X"}), "/definitions/Pet/$ref", "it may be anything (`Any`)", id="dangling"
    ),
    *(
        pytest.param(defining({"$ref": target}), "/definitions/Pet/$ref", "it may be anything (`Any`)", id=target)
        for target in ("/definitions/Pet", "../x.json", "x.json#/Pet", "#", "#definitions", "")
    ),
    pytest.param(
        document(definitions={"A": {"allOf": [{"$ref": "#/definitions/A"}, {"type": "object"}]}}),
        "/definitions/A/allOf/0/$ref",
        "it may be anything (`Any`)",
        id="allOf of itself",
    ),
    pytest.param(defining({"type": "tree"}), "/definitions/Pet/type", "it may be anything (`Any`)", id="unknown type"),
    pytest.param(defining({"required": True}), "/definitions/Pet/required", "the key is ignored", id="required: true"),
    pytest.param(defining({"oneOf": [{}]}), "/definitions/Pet/oneOf", "the key is ignored", id="oneOf"),
    pytest.param(defining([]), "/definitions/Pet", "it may be anything (`Any`)", id="a list for a schema"),
    pytest.param(
        document(**{"x-note": {"$ref": "./file.json"}}), "/x-note", "the key is ignored", id="reference in an extension"
    ),
    pytest.param(
        document(securityDefinitions={"b": {"type": "http", "scheme": "bearer"}}),
        "/securityDefinitions/b",
        "read as a login with `bearer`",
        id="a login of OpenAPI 3",
    ),
    *(
        pytest.param(
            document(responses={"Gone": {"description": "", "examples": examples}}),
            "/responses/Gone/examples",
            "it is left out",
            id=f"{examples!r} for examples",
        )
        for examples in (None, 7, "text", [{}])
    ),
]


@pytest.mark.parametrize(("bad", "pointer", "done"), MISTAKES)
def test_a_mistake_is_mended_and_said(bad: dict[str, Any], pointer: str, done: str) -> None:
    """One mistake is one problem, and what comes out keeps the rules."""
    before = json.dumps(bad)

    result, found = repaired(bad)

    assert [(problem.pointer, problem.done) for problem in found] == [(pointer, done)]
    assert metaschema_mistakes(result) == ()
    assert json.dumps(bad) == before


def test_a_good_document_stays_as_it_is() -> None:
    """Nothing is done where nothing is wrong."""
    good = document(QUERY, definitions={"Pet": {"type": "object", "properties": {"type": {"type": "string"}}}})

    assert repaired(good) == (good, ())


@pytest.mark.parametrize(("bad", "pointer", "done"), MISTAKES)
def test_strict_refuses_every_mistake(bad: dict[str, Any], pointer: str, done: str) -> None:
    """What is a warning otherwise."""
    with pytest.raises(NotAsWritten) as caught:
        repair_swagger2(bad, "x.json", strict=True)

    assert pointer in caught.value.what
    assert done not in caught.value.what


def test_a_document_without_a_call_is_refused_with_all_its_mistakes() -> None:
    """Not with the first of them only."""
    bad = document(info={}, paths={f"/{number}": {"get": 3} for number in range(30)})

    with pytest.raises(NotAsWritten) as caught:
        repair_swagger2(bad, "x.json")

    assert len(caught.value.problems) == 32


@pytest.mark.parametrize("target", ["http://127.0.0.1/x", "//portal.example/x", "file:///etc/passwd"])
def test_references_to_addresses_are_refused(target: str) -> None:
    """Whoever follows them does so with the rights of the caller."""
    with pytest.raises(ForeignReference):
        repair_swagger2(defining({"$ref": target}), "x.json")


def test_references_to_references_are_followed() -> None:
    """However long the chain is, be it of parameters, answers or paths."""
    chain = {f"p{number}": {"$ref": f"#/parameters/p{number + 1}"} for number in range(3_000)}
    good = document({"$ref": "#/parameters/p0"}, path="/pets/{id}", parameters=chain)
    chain["p3000"] = {"name": "id", "in": "path", "type": "string", "required": True}

    assert repaired(good) == (good, ())


@pytest.mark.parametrize("end", ["#/parameters/nothing", "#/parameters/p0", "#/parameters/p2999"])
def test_a_chain_of_parameters_that_leads_nowhere_is_left_out(end: str) -> None:
    """Each link is told; the other parameters stay."""
    chain = {f"p{number}": {"$ref": f"#/parameters/p{number + 1}"} for number in range(2_999)}
    bad = document({"$ref": "#/parameters/p0"}, QUERY, parameters={**chain, "p2999": {"$ref": end}})

    result, found = repaired(bad)

    assert result == document(QUERY, parameters={})
    assert len(found) == 3_001


CIRCLES = {
    "two references": {"A": {"$ref": "#/definitions/B"}, "B": {"$ref": "#/definitions/A"}},
    "allOf": {
        "A": {"allOf": [{"$ref": "#/definitions/B"}, {"type": "object"}]},
        "B": {"allOf": [{"$ref": "#/definitions/A"}, {"type": "object"}]},
    },
    "both": {"A": {"$ref": "#/definitions/B"}, "B": {"allOf": [{"allOf": [{"$ref": "#/definitions/A"}]}]}},
}


@pytest.mark.parametrize("circle", CIRCLES)
def test_each_reference_of_a_circle_is_told(circle: str) -> None:
    """What refers to the circle from outside of it stays as it is."""
    outside = {"type": "array", "items": {"$ref": "#/definitions/A"}}

    result, found = repaired(document(definitions={**CIRCLES[circle], "List": outside}))

    assert sorted(problem.pointer.split("/")[2] for problem in found) == ["A", "B"]
    assert {problem.what for problem in found} == {"the reference leads back to itself"}
    assert result["definitions"]["List"] == outside


def test_a_tree_is_no_circle() -> None:
    """A value can hold others of its kind."""
    tree = {
        "Node": {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/definitions/Node"}}}},
        "Tree": {"type": "array", "items": {"$ref": "#/definitions/Tree"}},
        "Map": {"type": "object", "additionalProperties": {"allOf": [{"$ref": "#/definitions/Map"}]}},
        "Brother": {"type": "object", "required": ["s"], "properties": {"s": {"$ref": "#/definitions/Sister"}}},
        "Sister": {"type": "object", "required": ["b"], "properties": {"b": {"$ref": "#/definitions/Brother"}}},
    }

    assert repaired(document(definitions=tree)) == (document(definitions=tree), ())


def test_other_kinds_of_documents_are_refused() -> None:
    """OpenAPI 3 is no mistake in Swagger 2.0."""
    with pytest.raises(NotSwagger):
        repair_swagger2({"openapi": "3.0.0"}, "x.json")


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_wrong_ends_well(seed: int) -> None:
    """Any value in any place: what comes out keeps the rules, or the document is refused."""
    chance = random.Random(seed)  # noqa: S311 - a test's own dice
    bad: Any = copy.deepcopy(document(QUERY, {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}))
    bad["definitions"] = {"Pet": {"type": "object", "required": ["n"], "properties": {"n": {"enum": ["a"]}}}}
    bad["securityDefinitions"] = {"key": {"type": "apiKey", "in": "header", "name": "K"}}
    odd = [None, 3, True, "x", [], {}, [3], {"x": 3}, [{"x": []}], {"$ref": "#/x"}, {"$ref": 3}, {"type": ["null", 3]}]
    for _ in range(3):
        holder: Any = bad
        while True:
            key = chance.choice(list(holder)) if isinstance(holder, dict) else chance.randrange(len(holder))
            if not (isinstance(holder[key], dict | list) and holder[key]) or chance.random() < 0.25:
                break
            holder = holder[key]
        if key != "swagger":
            holder[key] = chance.choice(odd)

    result, found = repaired(bad)

    assert found or result == bad
    assert metaschema_mistakes(result) == ()
    assert repaired(result) == (result, ())
