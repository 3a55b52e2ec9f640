"""All that Swagger 2.0 can say of a value, as it stands in the signatures and the types of an SDK."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ovcgen.generator import sdk_files
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise

Json = Any
TEXT = {"type": "string"}
PET = {
    "discriminator": "kind",
    "properties": {"kind": TEXT, "id": {"type": "integer", "readOnly": True}},
    "required": ["id", "kind"],
}
CAT = {"allOf": [{"$ref": "#/definitions/Pet"}, {"properties": {"lives": {"type": "integer"}}}]}
LION = {"allOf": [{"$ref": "#/definitions/Cat"}, {"properties": {"mane": {"type": "boolean"}}}]}


def made(parameter: Json = None, result: Json = None, **definitions: Json) -> tuple[str, str]:
    """The modules of one call, `things.call`, as one text, and the module of the types."""
    responses = {"200": {"description": "ok", **({"schema": result} if result else {})}}
    call = {
        "operationId": "call",
        "tags": ["things"],
        "parameters": [parameter] if parameter else [],
        "responses": responses,
    }
    document = {"swagger": "2.0", "info": {"title": "t"}, "paths": {"/a": {"post": call}}, "definitions": definitions}
    files = sdk_files(read(normalise(document), "t 1"), sha256="0" * 64)
    calls = files["t_1/things/__init__.py"] + files["t_1/things/_operations.py"]
    return calls, files["t_1/types.py"]


def signature(code: str) -> str:
    """What stands between `self` and `**unknown`, and the answer; without line breaks."""
    joined = re.sub(r"\s+", " ", code).replace("( ", "(").replace(", )", ")")
    (found,) = re.findall(r"def call\(self, (?:\*, )?(.*?)\*\*unknown: Never\) -> (.*?): \"\"\"", joined)
    return f"{found[0].strip(', ')} -> {found[1]}"


def field(**shape: Json) -> Json:
    return {"name": "x", "in": "query", "required": True, **shape}


def body(schema: Json, **more: Json) -> Json:
    return {"name": "x", "in": "body", "required": True, "schema": schema, **more}


@pytest.mark.parametrize(
    ("parameter", "declared"),
    [
        pytest.param(field(type="string"), "x: str", id="a text"),
        pytest.param(field(type="string", enum=["a", "b"]), 'x: Literal["a", "b"] | str', id="an enum of texts"),
        pytest.param(field(type="integer", enum=[2, 1]), "x: Literal[1, 2] | int", id="an enum of numbers"),
        pytest.param(field(type="number", enum=[0.5, 1]), "x: float", id="an enum that no literal can say"),
        pytest.param(field(type="boolean", enum=[True]), "x: bool", id="an enum of one"),
        pytest.param(field(type="string", enum=["a", 1, None]), 'x: Literal["a"] | str', id="an enum of many types"),
        pytest.param(field(type="boolean", allowEmptyValue=True), 'x: bool | Literal[""]', id="a value or none"),
        pytest.param(field(type="string", allowEmptyValue=True), "x: str", id="a text may be empty anyhow"),
        pytest.param(
            field(type="array", items={"type": "integer"}, allowEmptyValue=True),
            'x: list[int] | Literal[""]',
            id="a list or none",
        ),
        pytest.param(
            field(type="array", items={"type": "array", "items": {"type": "number"}}),
            "x: list[list[float]]",
            id="lists in lists",
        ),
        pytest.param(
            body({"type": "array", "items": {"type": "array", "items": TEXT}}),
            "x: list[list[str]]",
            id="a body of lists",
        ),
        pytest.param(body({"type": "object", "additionalProperties": TEXT}), "x: dict[str, str]", id="a map"),
        pytest.param(
            body({"additionalProperties": {"type": "array", "items": TEXT}}),
            "x: dict[str, list[str]]",
            id="a map of lists",
        ),
        pytest.param(
            body({"type": "object", "additionalProperties": False}), "x: dict[str, Any]", id="a closed object"
        ),
        pytest.param(body({}), "x: Any", id="anything"),
        pytest.param(body({"$ref": "#/definitions/Node"}), "x: types.Node", id="a shape that holds itself"),
        pytest.param(
            body({"type": "object", "x-nullable": True}, required=False), "x: dict[str, Any] | None = None", id="null"
        ),
    ],
)
def test_what_can_be_sent(parameter: Json, declared: str) -> None:
    """Never narrower than what the document allows."""
    node = {
        "properties": {
            "next": {"$ref": "#/definitions/Node"},
            "by": {"additionalProperties": {"$ref": "#/definitions/Node"}},
        }
    }

    code, types = made(parameter, Node=node)

    assert signature(code) == f"{declared} -> None"
    assert ("by: NotRequired[dict[str, Node]]\n    next: NotRequired[Node]" in types) == ("Node" in declared)


@pytest.mark.parametrize("collection", ["csv", "ssv", "tsv", "pipes", "multi"])
def test_a_list_is_written_as_the_document_wants(collection: str) -> None:
    """A list is a list in Python; the constant says how it is sent."""
    code, _ = made(field(type="array", items=TEXT, collectionFormat=collection))

    assert signature(code) == "x: list[str] -> None"
    assert (f'collection="{collection}"' in code) == (collection != "multi")


def test_members_that_only_answers_have() -> None:
    """Who sends a record can leave out what is read-only; in an answer it is there."""
    _, sent = made(body({"$ref": "#/definitions/Pet"}), Pet=PET)
    _, answered = made(None, {"$ref": "#/definitions/Pet"}, Pet=PET)

    assert "    id: NotRequired[int]\n    kind: str" in sent
    assert "    id: int\n    kind: str" in answered


@pytest.mark.parametrize("place", ["body", "result"])
def test_a_discriminator_brings_its_heirs(place: str) -> None:
    """What can stand there has a type, though no call names it; and nothing else has."""
    pet = {"$ref": "#/definitions/Pet"}
    parameter, result = (body(pet), None) if place == "body" else (None, pet)

    _, types = made(
        parameter, result, Pet=PET, Cat=CAT, Lion=LION, Other={"allOf": [{"$ref": "#/definitions/Box"}]}, Box=PET
    )

    assert re.findall(r"class (\w+)", types) == ["Cat", "Lion", "Pet"]
    assert '"""Its `kind` says which of these it is, if any: Cat, Lion."""' in types
    assert re.search(
        r"class Lion\(TypedDict\):\n    id: .*\n    kind: str\n    lives: .*\n    mane: NotRequired\[bool\]\n", types
    )


def test_heirs_bring_what_they_hold() -> None:
    """Also heirs of another base, and nothing twice where two are each a kind of the other."""
    toy = {"discriminator": "made_of", "properties": {"made_of": TEXT}}
    cat = {"allOf": [{"$ref": "#/definitions/Pet"}, {"properties": {"toy": {"$ref": "#/definitions/Toy"}}}]}
    ball = {"allOf": [{"$ref": "#/definitions/Toy"}, {"properties": {"owner": {"$ref": "#/definitions/Pet"}}}]}
    loop = {"discriminator": "k", "allOf": [{"$ref": "#/definitions/Loop"}]}

    _, types = made(None, {"$ref": "#/definitions/Pet"}, Pet=PET, Cat=cat, Toy=toy, Ball=ball, Loop=loop)

    assert re.findall(r"class (\w+)", types) == ["Ball", "Cat", "Pet", "Toy"]
