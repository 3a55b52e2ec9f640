"""What content types mean for an operation."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.media import result_schema
from ovcgen.model.readers.swagger2 import read
from ovcgen.model.schema import Anything, Array, File, Nothing, Reference, Scalar, Schema, Traits
from ovcgen.normalise import normalise
from tests.build import INTEGER, STRING

THING = Reference("Thing")


@pytest.mark.parametrize(
    ("produces", "declared", "result"),
    [
        pytest.param((), THING, THING, id="nothing is said"),
        pytest.param(("application/xml", "application/json"), THING, THING, id="JSON among others"),
        pytest.param(("application/hal+json; charset=utf-8",), THING, THING, id="JSON under another name"),
        pytest.param(("text/json",), THING, THING, id="JSON that calls itself a text"),
        pytest.param(("image/png", "*/*"), THING, THING, id="any type"),
        pytest.param(("application/*",), THING, THING, id="any type of a kind"),
        pytest.param(("no type at all",), THING, THING, id="what is no type"),
        pytest.param(("application/xml",), THING, STRING, id="XML"),
        pytest.param(("Text/XML; charset=utf-8", "application/atom+xml"), Array(THING), STRING, id="XML by many names"),
        pytest.param(("text/csv", "application/yaml"), THING, STRING, id="texts"),
        pytest.param(("text/plain",), INTEGER, INTEGER, id="a number, which is read from a text"),
        pytest.param(("image/png", "text/plain"), STRING, STRING, id="a text or more"),
        pytest.param(("image/png", "text/plain"), THING, Anything(), id="a text or bytes"),
        pytest.param(("image/png", "application/zip"), THING, File(), id="bytes"),
        pytest.param(("application/octet-stream",), STRING, File(), id="bytes that are called a text"),
        pytest.param(("image/png",), Nothing(), File(), id="no shape"),
        pytest.param(("text/csv",), Nothing(), Scalar("string", Traits(nullable=True)), id="no shape of a text"),
        pytest.param(("text/plain",), File(), File(), id="a file"),
    ],
)
def test_a_result_is_what_its_types_can_hold(produces: tuple[str, ...], declared: Schema, result: Schema) -> None:
    """The declared shape where JSON may come, else a text or bytes."""
    assert result_schema(produces, declared) == result


@pytest.mark.parametrize(
    ("more", "result"),
    [({}, STRING), ({"x-ovcgen-dialect": "openvcloud"}, Array(Anything()))],
)
def test_only_plain_documents_are_taken_at_their_word(more: dict[str, Any], result: Schema) -> None:
    """What a portal says of its types is as true as the rest."""
    answer = {"200": {"description": "ok", "schema": {"type": "array", "items": {}}}}
    document = normalise({"swagger": "2.0", "info": {}, "paths": {"/a": {"get": {"responses": answer}}}})
    (found,) = read({**document, "produces": ["application/xml"], **more}, "1").operations

    assert found.result == result
