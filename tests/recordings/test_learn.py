"""Learning: what fits is silent, what contradicts is named, what is proposed heals, and no value gets out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ovcgen.documents.pointers import at, steps
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from ovcgen.recordings.cassette_reader import Interaction, interactions
from ovcgen.recordings.learn import learn
from ovcgen.recordings.learning_report import LearnedShapes, as_json, as_text
from ovcgen.releases.library import Library
from ovcgen.releases.spec import Spec
from tests.recordings.conftest import CANARY, answer

SPECS = Path(__file__).parents[2] / "specs"
SPEC = Library(SPECS).load("2.4.5")
SPACES = "/cloudapi/cloudspaces/list"
SPACE = {
    "accountId": 1,
    "accountName": "demo",
    "acl": [],
    "externalnetworkip": None,
    "gid": 1,
    "id": 3,
    "location": "be-1",
    "name": "work",
    "publicipaddress": "203.0.113.7",
    "status": "DEPLOYED",
}
UNKNOWN = "/cloudapi/somewhere/unknown"


def learned_from(*recorded: Interaction, spec: Spec = SPEC) -> LearnedShapes:
    """What these recordings teach about a release."""
    api = read(normalise(spec.document, spec.overlay, release=spec.release), spec.release)
    return learn(api, spec.document, spec.overlay, recorded)


def said(learned: LearnedShapes) -> list[str]:
    """Its findings, as a user reads them."""
    return [
        f"{operation.operation}: {finding.text}" for operation in learned.operations for finding in operation.findings
    ]


def with_unknown(declared: Any = None) -> Spec:
    """2.4.5 with one more operation, of which no overlay says anything."""
    success = {"description": "", **({} if declared is None else {"schema": declared})}
    operation = {"description": "", "parameters": [], "responses": {"200": success}}
    paths = {**SPEC.document["paths"], UNKNOWN: {"post": operation}}
    return replace(SPEC, document={**SPEC.document, "paths": paths})


def healed(spec: Spec, learned: LearnedShapes) -> Spec:
    """The release with everything that was proposed."""
    actions = [*spec.overlay["actions"], *learned.actions]
    return replace(spec, overlay={**spec.overlay, "actions": actions})


def test_what_a_portal_answers_is_as_declared(cassette: Path) -> None:
    """Recorded with either client; task starts, task answers and refusals are left out."""
    learned = learned_from(*interactions(cassette))

    assert said(learned) == []
    assert "POST /cloudapi/machines/get" in [operation.operation for operation in learned.operations]
    assert "GET /cloudapi/accounts/getConsumption" in [operation.operation for operation in learned.operations]
    assert {"start of a task": 1, "answer of a task": 1, "no success": 1}.items() <= learned.skipped.items()


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"publicipaddress": 7}, "[].publicipaddress is declared string or null, seen integer"),
        ({"name": None}, "[].name is declared string, seen null"),
        ({"name": ...}, "[].name is declared required, seen absent"),
        ({"acl": {}}, "[].acl is declared array, seen object"),
        ({"acl": ["x"]}, "[].acl[] is declared object, seen string"),
        ({"gid": 1.5}, "[].gid is declared integer, seen number"),
        ({"gid": True}, "[].gid is declared integer, seen boolean"),
        ({"quota": {"cpu": 1}}, "[].quota is not declared, seen {cpu: integer}"),
        ({"4711": "x"}, "[].* is not declared, seen string"),
    ],
)
def test_a_difference_is_named_and_what_is_proposed_heals_it(change: dict[str, Any], finding: str) -> None:
    """The field, what is declared and what was seen; with the proposed correction the same recording fits."""
    space = {key: value for key, value in {**SPACE, **change}.items() if value is not ...}
    learned = learned_from(answer(SPACES, [SPACE, space]))

    assert said(learned) == [f"POST {SPACES}: {finding}"]
    assert bool(learned.contradictions) == ("is not declared" not in finding)
    again = learned_from(answer(SPACES, [SPACE, space]), spec=healed(SPEC, learned))
    assert said(again) == (said(learned) if "*" in finding else [])


@pytest.mark.parametrize(
    ("path", "value", "kind", "finding"),
    [
        (SPACES, {}, "application/json", "the answer is declared array, seen object"),
        (SPACES, None, "application/json", "the answer is declared array, seen null"),
        (SPACES, b"PK", "application/zip", "the answer is declared array, seen file"),
        ("/cloudapi/cloudspaces/getOpenvpnConfig", {}, "application/json", "the answer is declared file, seen object"),
    ],
)
def test_a_whole_answer_can_be_another_thing(path: str, value: Any, kind: str, finding: str) -> None:
    """Of a file only the content type counts."""
    learned = learned_from(answer(path, value, kind=kind))

    assert said(learned) == [f"POST {path}: {finding}"]
    assert said(learned_from(answer(path, value, kind=kind), spec=healed(SPEC, learned))) == []


@pytest.mark.parametrize("declared", [None, {"type": "string"}, {"type": "boolean"}])
@pytest.mark.parametrize("value", [True, [{"id": 1, "note": None}], None, {"1": 2, "3": 4}])
def test_an_unknown_operation_is_proposed(declared: Any, value: Any) -> None:
    """What no overlay confirms is unknown, whatever the catalog says; it is no contradiction."""
    spec = with_unknown(declared)
    learned = learned_from(answer(UNKNOWN, value), spec=spec)

    assert not learned.contradictions
    assert said(learned)[0].startswith(f"POST {UNKNOWN}: the answer is unknown so far, seen ")
    [action] = learned.actions
    place = "/paths/~1cloudapi~1somewhere~1unknown/post/responses/200"
    assert action["target"] == (f"{place}/schema" if declared else place)
    assert action["why"] == "Seen in 1 recorded answer."
    if value is not None or declared is not None:
        assert said(learned_from(answer(UNKNOWN, value), spec=healed(spec, learned))) == []


def test_what_is_proposed_is_an_overlay() -> None:
    """The format's own schema says so, and each `expect` is what is there."""
    learned = learned_from(answer(SPACES, [{**SPACE, "new": 1, "name": None, "gid": "x"}]), answer(SPACES, [{}]))
    format_ = json.loads((SPECS / "overlay.schema.json").read_text())

    jsonschema.validate({"overlay": "1.0", "actions": list(learned.actions)}, format_)
    assert len(learned.actions) == 4
    definitions = {"definitions": SPEC.overlay["common"]["definitions"]}
    for action in learned.actions:
        assert "expect" not in action or at(definitions, steps(action["target"])) == action["expect"]


@pytest.mark.parametrize(
    ("url", "compared"),
    [
        ("https://a.example/restmachine/cloudapi/cloudspaces/list", True),
        ("https://a.example//restmachine//cloudapi/cloudspaces//list/", True),
        ("http://127.0.0.1:1/behind/a/proxy/restmachine/cloudapi/cloudspaces/list?x=1", True),
        ("https://a.example/cloudapi/cloudspaces/list", False),
        ("https://a.example/restmachine/cloudapi/cloudspaces/list/more", False),
        ("https://a.example/restmachine/cloudapi/cloudspaces/list?_async=true", False),
        ("http://[/restmachine/cloudapi/cloudspaces/list", False),
    ],
)
def test_only_operations_of_the_release_are_compared(url: str, compared: bool) -> None:
    """Whatever stands before the base path."""
    learned = learned_from(replace(answer(SPACES, [SPACE]), url=url))

    assert bool(learned.operations) == compared
    assert bool(learned.skipped) != compared


@pytest.mark.parametrize(
    "recorded",
    [
        answer(SPACES, "b7c1", sent="a=1&_async=true"),
        answer(SPACES, "b7c1", sent='{"_async": true}'),
        answer("/system/task/get", [True, "x"]),
        answer(SPACES, "no", status=404),
        answer(SPACES, b"", status=204),
        answer(SPACES, b"<html>", kind="text/html"),
        answer(SPACES, b"[NaN", kind="application/json"),
        answer(SPACES, b"[" * 500 + b"]" * 500),
    ],
)
def test_what_says_nothing_is_left_out(recorded: Interaction) -> None:
    """And counted, with its reason."""
    learned = learned_from(recorded)

    assert (learned.operations, sum(learned.skipped.values())) == ((), 1)


def test_a_value_that_the_recorder_hid_has_any_type() -> None:
    """It says nothing of what was there."""
    assert said(learned_from(answer(SPACES, [{**SPACE, "id": "***"}]))) == []


def test_no_value_leaves_a_recording(cassette: Path) -> None:
    """Neither from real answers, where all is made unknown, nor as a key of an object that somebody's names index."""
    bare = replace(SPEC, overlay={})
    recorded = interactions(cassette)
    texts = {each for one in recorded for each in re.findall(r'"((?:[^"\\]|\\.){4,})"', one.body.decode("latin-1"))}
    keys = {"name", "status"}

    learned = learned_from(*recorded, answer(UNKNOWN, {CANARY: 1, "admin": {"192.0.2.9": 1}, "vm": "admin"}), spec=bare)

    told = as_json(learned) + as_text(learned) + as_text(learned, check=True)
    values = {text for text in texts if re.search(r"\d|-", text)} - keys
    assert CANARY in texts
    assert [value for value in sorted(values | {CANARY, "192.0.2.9"}) if value in told] == []


def test_a_lesson_does_not_depend_on_the_order_of_answers() -> None:
    """The same recordings in any order say the same."""
    recorded = [
        answer(SPACES, [{**SPACE, "x": 1}]),
        answer(SPACES, [{**SPACE, "x": "y", "name": 1}]),
        answer(SPACES, 1),
    ]

    assert as_json(learned_from(*recorded)) == as_json(learned_from(*reversed(recorded)))


def test_a_plain_document_is_taken_at_its_word() -> None:
    """Its paths may be templates, and what it declares is compared without an overlay."""
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
    success = {"description": "ok", "schema": schema}
    pets = {"/pets/{pet}": {"get": {"operationId": "get", "tags": ["pets"], "responses": {"200": success}}}}
    document = {"swagger": "2.0", "info": {"title": "pets", "version": "1.0"}, "paths": pets}
    recorded = replace(answer("", {"id": "7"}), method="GET", url="https://pets.example/pets/7")

    learned = learn(read(normalise(document), "1.0"), document, {}, [recorded])

    assert said(learned) == ["GET /pets/{pet}: id is declared integer, seen string"]
    assert "/pets/7" not in as_json(learned)


def test_what_is_composed_is_looked_through() -> None:
    """The members of all parts are known; what is wrong is named, and proposed where its place is known."""
    parts = [{"$ref": "#/definitions/Pet"}, {"type": "object", "properties": {"age": {"type": "integer"}}}]
    pet = {"type": "object", "properties": {"name": {"type": "string"}}}
    success = {"description": "ok", "schema": {"allOf": parts}}
    paths = {"/pet": {"get": {"operationId": "get", "tags": ["pets"], "responses": {"200": success}}}}
    document = {"swagger": "2.0", "info": {"title": "p", "version": "1"}, "paths": paths, "definitions": {"Pet": pet}}
    recorded = replace(answer("", {"name": None, "age": "x"}), method="GET", url="https://pets.example/pet")

    learned = learn(read(normalise(document), "1.0"), document, {}, [recorded])

    assert [each.text for _, each in learned.contradictions] == [
        "age is declared integer, seen string",
        "name is declared string, seen null",
    ]
    assert [action["target"] for action in learned.actions] == [
        "/definitions/Pet/properties/name",
        "/paths/~1pet/get/responses/200/schema/allOf/1/properties/age",
    ]
