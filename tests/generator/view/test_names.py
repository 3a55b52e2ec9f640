"""The map from the names of a document to those of an SDK."""

from __future__ import annotations

import json
from dataclasses import replace

from ovcgen.generator.view.names import names
from ovcgen.generator.view.shapes import shapes
from tests.build import INTEGER, api, must_have, named, operation, parameter, record

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
)
API = api(PET, **{"pet shop": record(id=must_have(INTEGER))})
MAP = json.loads(names(API, shapes(API)))


def test_every_call_is_found_by_its_verb_and_path() -> None:
    """Somebody who knows the request finds the method."""
    assert MAP["calls"] == {"GET /pets/{id}": "pets.getPet"}


def test_an_argument_is_there_if_python_calls_it_otherwise() -> None:
    """Its place belongs to its name: Swagger has both apart."""
    assert MAP["arguments"] == {"GET /pets/{id}": {"query page-size": "page_size"}}


def test_every_type_is_found_by_its_definition() -> None:
    """Definitions have names that no class can have."""
    assert MAP["types"] == {"pet shop": "PetShop"}
