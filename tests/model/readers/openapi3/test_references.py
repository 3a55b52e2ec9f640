"""References of OpenAPI 3 lead to pointers, anchors and identifiers, and stay references."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.readers.openapi3 import read
from ovcgen.model.schema import Anything, Record, Reference, Scalar, Schema


def opened(schemas: Any, **more: Any) -> tuple[dict[str, Schema], list[str]]:
    """The definitions of a document with these schemas, and the pointers of its problems."""
    info = {"title": "T", "version": "1"}
    api, problems = read({"openapi": "3.1.0", "info": info, "components": {"schemas": schemas}, **more}, "1")
    return api.schemas, [problem.pointer for problem in problems]


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("#/components/schemas/Pet", "Pet"),
        ("#/components/schemas/Pet/properties/name", "#/components/schemas/Pet/properties/name"),
        ("#pet", "Pet"),
        ("https://api.example/schemas/pet", "Pet"),
        ("/schemas/pet#/properties/name", "#/components/schemas/Pet/properties/name"),
        ("https://api.example/schemas/pet#name", "#/components/schemas/Pet/properties/name"),
    ],
)
def test_a_reference_leads_to_pointers_anchors_and_identifiers(reference: str, target: str) -> None:
    """The name of a schema outside of `components/schemas` is a reference to it."""
    named = reference == "#pet"
    pet = {"type": "object", "properties": {"name": {"type": "string", "$anchor": "name"}}}
    pet |= {"$anchor": "pet"} if named else {"$id": "https://api.example/schemas/pet"}

    found, problems = opened({"Pet": pet, "A": {"$ref": reference}}, **{"$self": "https://api.example/openapi"})

    assert found["A"] == Reference(target)
    assert isinstance(found[target], Record if target == "Pet" else Scalar)
    assert problems == []


def test_a_pointer_in_a_resource_starts_at_its_root() -> None:
    """`#/$defs/…` inside of a schema with an `$id` is a place in that schema."""
    tree = {"$id": "tree", "$defs": {"leaf": {"type": "string"}}, "properties": {"leaf": {"$ref": "#/$defs/leaf"}}}

    found, problems = opened({"Tree": tree})

    record = found["Tree"]
    assert isinstance(record, Record)
    assert record.properties[0].schema == Reference("#/components/schemas/Tree/$defs/leaf")
    assert problems == []


def test_recursive_schemas_stay_references() -> None:
    """Nothing is expanded in place; a reference to itself allows anything, and is reported."""
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}

    found, problems = opened({"Node": node, "A": {"$ref": "#/components/schemas/A"}})

    record = found["Node"]
    assert isinstance(record, Record)
    assert record.properties[0].schema == Reference("Node")
    assert found["A"] == Anything()
    assert problems == ["/components/schemas/A"]


def test_a_circle_of_other_references_is_reported() -> None:
    """A parameter that refers to itself is left out."""
    circle = {"$ref": "#/components/parameters/P"}
    paths = {"/x": {"get": {"parameters": [circle], "responses": {}}}}
    info = {"title": "T", "version": "1"}
    document = {"openapi": "3.0.0", "info": info, "paths": paths, "components": {"parameters": {"P": circle}}}

    api, problems = read(document, "1")

    assert api.operations[0].parameters == ()
    assert ["circle" in problem.what for problem in problems] == [True]
