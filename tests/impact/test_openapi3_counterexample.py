"""A breaking change of an OpenAPI 3 document carries its proof, judged by jsonschema with the document's schemas."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.diff import BREAKING, compare
from ovcgen.impact.counterexample import witnesses
from ovcgen.recordings.openapi3_validator import OpenApi3Validator
from ovcgen.recordings.swagger2_validator import ReleaseDocument
from ovcgen.recordings.wire_request import Request
from tests.diff.rules.openapi3 import Body, calls_back, document, got, released, sent, takes

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
PET: dict[str, Any] = {"type": "object", "properties": {"name": TEXT, "age": NUMBER}}
PETS = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
POST = "POST /pets"


def proved(old: Body, new: Body) -> list[tuple[str, dict[str, Any]]]:
    """(kind, witness as JSON) of every breaking change."""
    sides = [ReleaseDocument(released(body), body) for body in (old, new)]
    changes = compare(sides[0].api, sides[1].api)
    found = witnesses(*sides, changes)
    return [(change.id, found[change.fingerprint].as_json()) for change in changes if change.wire is BREAKING]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(
    ("old", "new", "kind", "request_", "refusal"),
    [
        pytest.param(
            sent(PET),
            sent({**PET, "required": ["name"]}),
            "property.became-required",
            {"body": {}},
            "body: 'name' is a required property",
            id="a member is missing",
        ),
        pytest.param(
            {"parameters": [{"name": "n", "in": "query", "schema": NUMBER}]},
            {"parameters": [{"name": "n", "in": "query", "schema": {**NUMBER, "maximum": 3}}]},
            "constraint.added",
            {"query": {"n": "4"}},
            "n: 4 is greater than the maximum of 3",
            id="a number is too large",
        ),
        pytest.param(
            {},
            {"parameters": [{"name": "n", "in": "query", "required": True, "schema": NUMBER}]},
            "parameter.added-required",
            {},
            "n: it is required",
            id="a parameter is missing",
        ),
        pytest.param(
            sent({**TEXT, "nullable": True}),
            sent(TEXT),
            "nullable.removed",
            {"body": None},
            "body: None is not of type 'string'",
            id="null",
        ),
        pytest.param(
            sent({"oneOf": [*PETS, TEXT]}),
            sent({"oneOf": PETS}),
            "union.member-removed",
            {"body": "a"},
            "body: 'a' is not valid under any of the given schemas",
            id="a kind is refused",
        ),
    ],
)
def test_a_request_that_only_the_old_release_takes_is_shown(
    old: Body, new: Body, kind: str, request_: Body, refusal: str, version: str
) -> None:
    """The smallest request that the old document allows and the new one does not."""
    if "nullable" in str(old) and version != "3.0.3":
        old = sent({"type": ["string", "null"]})

    found = proved(document(old, version), document(new, version))

    assert found == [(kind, {"request": {"operation": POST, **request_}, "refusal": refusal})]


def test_an_answer_that_only_the_new_release_gives_is_shown() -> None:
    """The old document does not allow it."""
    found = proved(document(got({**PET, "required": ["age"]})), document(got(PET)))

    answer = {"status": "200", "body": {}}
    assert found == [("property.became-optional", {"answer": answer, "refusal": "'age' is a required property"})]


def test_what_a_service_sends_is_not_tried() -> None:
    """A callback is no call that can be made."""
    needed = {**PET, "required": ["age"]}

    found = proved(calls_back(sent(needed)), calls_back(sent(PET)))

    assert found == [
        ("property.became-optional", {"missing": "the service sends it, and callers only receive it"}),
    ]


def test_texts_are_read_as_the_document_types_them() -> None:
    """Lists are split as their style says, and undeclared fields are named."""
    numbers = {"type": "array", "items": NUMBER}
    validator = OpenApi3Validator(takes(numbers, style="pipeDelimited", explode=False), "3.1")

    right, wrong, other = (
        Request("POST", "/pets", {"query": query}) for query in ({"p": ["1|2"]}, {"p": ["1|a"]}, {"q": ["1"]})
    )

    assert validator.request_errors(right) == {}
    assert validator.request_errors(wrong) == {"p": "'a' is not of type 'integer'"}
    assert validator.undeclared(other) == ["q"]


def test_what_leads_out_of_the_document_is_not_judged() -> None:
    """A reference to another file is no reason to refuse a value."""
    validator = OpenApi3Validator(document(sent({"$ref": "other.yaml#/Pet"})), "3.1")

    assert validator.request_errors(Request("POST", "/pets", body=(1,))) == {}


def test_responses_are_found_by_range() -> None:
    """A range holds for its codes, and an undeclared status is refused."""
    validator = OpenApi3Validator(document(got(TEXT, status="4XX")), "3.1")

    assert validator.response_error(("POST", "/pets"), "404", "gone") == ""
    assert validator.response_error(("POST", "/pets"), "404", 1) == "1 is not of type 'string'"
    assert validator.response_error(("POST", "/pets"), "200", 1) == "it declares no answer 200"
