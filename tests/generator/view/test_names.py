"""The map from the names of a document to those of an SDK."""

from __future__ import annotations

import json
from dataclasses import replace

from ovcgen.generator.view.names_json import names
from ovcgen.generator.view.schema_annotations import named_types
from tests.build import INTEGER, api, machines, must_have, named, operation, parameter, record

PET = replace(
    operation(
        "/pets/{id}",
        parameter("id", place="path"),
        replace(parameter("page-size", INTEGER, place="query"), key="page_size"),
        result=named("pet shop"),
        method="GET",
    ),
    group="pets",
    actor="",
    name="getPet",
    plain=True,
)
API = api(PET, **{"pet shop": record(id=must_have(INTEGER))})
MAP = json.loads(names(API, named_types(API), "wire"))


def test_every_call_is_found_by_its_verb_and_path() -> None:
    """Somebody who knows the request finds the method."""
    assert MAP["calls"] == {"GET /pets/{id}": "pets.getPet"}


def test_every_argument_of_a_plain_call_is_found_by_its_place() -> None:
    """Swagger has one name in two places apart."""
    assert MAP["arguments"] == {"GET /pets/{id}": {"path id": "id", "query page-size": "page_size"}}


def test_a_catalog_tells_the_arguments_that_python_calls_otherwise() -> None:
    """The other arguments of a catalog's call have their wire names."""
    size = replace(parameter("page-size"), key="page_size")
    told = api(machines(parameter("name"), size))

    assert json.loads(names(told, named_types(told), "wire"))["arguments"] == {
        "POST /cloudapi/machines/create": {"formData page-size": "page_size"}
    }


def test_every_type_is_found_by_its_definition() -> None:
    """Definitions have names that no class can have."""
    assert MAP["types"] == {"pet shop": "PetShop"}
