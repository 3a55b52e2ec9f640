"""What calls return where a document declares it in several places, or nowhere."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ovcgen.client.method_signatures import signature_of
from ovcgen.generator import sdk_files
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise

Json = dict[str, Any]
TEXT = {"type": "string"}
BASE = {"type": "object", "properties": {"t": TEXT}}
PET = {"$ref": "#/definitions/Base"}


def document(responses: Json, produces: list[str], verb: str = "get", **definitions: Json) -> Json:
    operation = {"operationId": "call", "tags": ["m"], "produces": produces, "responses": responses}
    return {
        "swagger": "2.0",
        "info": {"title": "t"},
        "paths": {"/m": {verb: operation}},
        "definitions": {"Base": BASE, **definitions},
    }


def returned(responses: Json, produces: list[str]) -> str:
    """The annotation of the call in the SDK."""
    files = sdk_files(read(normalise(document(responses, produces)), "t 1"), sha256="")
    code = files["t_1/m/__init__.py"]
    *overloads, last = re.findall(r" -> (.*):", code)
    return " | ".join(overloads) or last


def types(schema: Json, **definitions: Json) -> str:
    """The types of an SDK with a call that answers that shape."""
    answer = {"200": {"description": "", "schema": schema}}
    return sdk_files(read(normalise(document(answer, [], **definitions)), "t 1"), sha256="")["t_1/types.py"]


def answers(**schemas: Json | None) -> Json:
    return {
        status.strip("_"): {"description": "", **({"schema": schema} if schema else {})}
        for status, schema in schemas.items()
    }


@pytest.mark.parametrize(
    ("responses", "annotation"),
    [
        pytest.param(answers(_200=TEXT, _201={"type": "integer"}, _204=None), "str | int | None", id="three kinds"),
        pytest.param(answers(_200=TEXT, _201=TEXT), "str", id="the same twice"),
        pytest.param(answers(_200=PET, _202={**PET}), "types.Base", id="one record"),
        pytest.param(answers(_200=TEXT, _201={}), "str | None", id="no shape"),
        pytest.param(answers(_204=None, _206=TEXT), "str | None", id="none comes last"),
        pytest.param(answers(_200=TEXT, _404=BASE, default=BASE), "str", id="errors are raised"),
        pytest.param(answers(_200=TEXT, _201={"enum": [1]}), "Any", id="anything is all"),
        pytest.param(
            answers(_200={"type": "array", "items": {"type": "integer", "x-nullable": True}}, _204=None),
            "list[int | None] | None",
            id="none inside of a list",
        ),
    ],
)
def test_a_call_returns_any_of_its_successes(responses: Json, annotation: str) -> None:
    """Each kind of success once, in the order of the statuses; the client at run time says the same."""
    (operation,) = read(normalise(document(responses, [])), "t 1").operations

    assert returned(responses, []) == annotation
    assert str(signature_of(operation).return_annotation).replace("Base", "types.Base") == annotation


@pytest.mark.parametrize(
    ("produces", "status", "annotation"),
    [
        (["application/pdf"], "_200", "bytes | Path"),
        (["image/png", "application/octet-stream"], "_200", "bytes | Path"),
        (["application/pdf"], "default", "bytes | Path"),
        (["application/pdf"], "_204", "None"),
        (["text/csv"], "_200", "str | None"),
        (["application/json", "application/pdf"], "_200", "None"),
        ([], "_200", "None"),
    ],
)
def test_a_success_without_a_shape_is_what_its_types_say(produces: list[str], status: str, annotation: str) -> None:
    """What is no JSON has a body all the same: bytes, which can be written to a path, or a text."""
    assert returned(answers(**{status: None}), produces) == annotation


@pytest.mark.parametrize(
    "part",
    [
        {"properties": {}},
        {"type": "object", "allOf": [PET, {"type": "object"}]},
        {"allOf": [PET, {"description": "Only a text."}]},
        {"additionalProperties": {}},
        {"additionalProperties": True},
    ],
)
def test_an_all_of_that_adds_nothing_is_its_base(part: Json) -> None:
    """Whatever says no more than that there is an object."""
    found = types({"type": "object", "properties": {"s": {"allOf": [PET], **part}}})

    assert "s: NotRequired[Base]" in found


def test_an_inherited_property_can_be_required() -> None:
    """`required` stands beside the `allOf`, in a part without properties, or in one with others."""
    own = {"properties": {"own": TEXT}, "required": ["t"]}
    for all_of in ({"allOf": [PET], "required": ["t"]}, {"allOf": [PET, {"required": ["t"]}]}, {"allOf": [PET, own]}):
        found = types({"$ref": "#/definitions/Child"}, Child=all_of)

        assert "    t: str" in found.partition("class Child(TypedDict):")[2]


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "string", "format": "int-or-string"},
        {"type": "object", "format": "int-or-string"},
        {"format": "int-or-string"},
        {"x-kubernetes-int-or-string": True},
    ],
)
def test_a_number_or_a_text(shape: Json) -> None:
    """Kubernetes' ports and percentages, whatever type stands beside their format."""
    found = types({"type": "object", "properties": {"port": {"$ref": "#/definitions/IntOrString"}}}, IntOrString=shape)

    assert "port: NotRequired[int | str]" in found
