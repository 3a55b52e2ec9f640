"""Facts of a document that nothing but a comparison asks for."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.api import Api
from ovcgen.model.readers.swagger2 import read, schema
from ovcgen.normalise import normalise


def api(**operation: Any) -> Api:
    """The API of a document with one call."""
    body = {"responses": {"200": {"description": ""}}, **operation}
    return read(normalise({"swagger": "2.0", "info": {}, "paths": {"/pets": {"get": body}}}), "1")


@pytest.mark.parametrize("declared", ["", "listPets"])
def test_an_id_is_the_declared_one(declared: str) -> None:
    """Whatever id normalising gives to a call that has none."""
    (found,) = api(**({"operationId": declared} if declared else {})).operations

    assert found.id == declared


def test_a_summary_is_read_beside_the_description() -> None:
    """It can change by itself."""
    (found,) = api(summary=" Pets ", description="All of them.").operations

    assert (found.summary, found.doc) == ("Pets", "All of them.")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"type": "object", "required": ["b", "a", "c"], "properties": {"a": {}}}, ("b", "c")),
        ({"allOf": [{"$ref": "#/definitions/Pet"}], "required": ["a"]}, ("a",)),
        ({"required": "a"}, ()),
        ({"required": [1]}, ()),
    ],
)
def test_what_has_to_be_there_is_known_though_its_shape_is_not(body: dict[str, Any], names: tuple[str, ...]) -> None:
    """Documents list names whose shape another part of `allOf` tells, or none."""
    assert schema(body).traits.required == names
