"""What of an operation the runtime must know."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.runtime_specs import wire_operation
from ovcgen.model.schema import Anything, Array, Constant, File, Map, Reference, Scalar, Schema, Traits
from ovcgen.runtime.operation import MISSING
from tests.build import BOOLEAN, INTEGER, STRING, machines, must, operation, parameter
from tests.build import answer as response


@pytest.mark.parametrize(
    ("shape", "kind", "items", "collection"),
    [
        (STRING, "string", "", "multi"),
        (BOOLEAN, "boolean", "", "multi"),
        (Scalar("number"), "number", "", "multi"),
        (Array(INTEGER, "multi"), "array", "integer", "multi"),
        (Array(STRING), "array", "string", "csv"),
        (Array(Map(Anything()), "pipes"), "array", "object", "pipes"),
        (Map(Anything()), "object", "", "multi"),
        (File(), "file", "", "multi"),
    ],
)
def test_a_shape_becomes_a_kind(shape: Schema, kind: str, items: str, collection: str) -> None:
    """All that matters for writing it into a form or a query."""
    (found,) = wire_operation(machines(parameter("x", shape))).parameters

    assert (found.kind, found.items, found.collection) == (kind, items, collection)


@pytest.mark.parametrize(
    ("declared", "place"),
    [("formData", "form"), ("query", "query"), ("path", "path"), ("header", "header"), ("body", "body")],
)
def test_a_place_has_a_short_name(declared: str, place: str) -> None:
    """Only the form's is another."""
    assert wire_operation(machines(parameter("x", place=declared))).parameters[0].place == place


def test_a_default_may_be_none_at_all() -> None:
    """That is not the same as null."""
    with_default, without = wire_operation(
        machines(parameter("a", INTEGER, default=0), must(parameter("b")))
    ).parameters

    assert (with_default.default, with_default.required) == (0, False)
    assert (without.default, without.required) == (MISSING, True)


@pytest.mark.parametrize(
    ("shape", "place", "kind", "items", "collection"),
    [
        (Array(Array(INTEGER, "pipes"), "multi"), "query", "array", "integer", "multi pipes"),
        (Array(Array(INTEGER, "multi"), "multi"), "formData", "array", "integer", "multi csv"),
        (Array(STRING, "multi"), "header", "array", "string", "csv"),
        (Array(STRING, "no such"), "path", "array", "string", "csv"),
        (Anything(), "query", "json", "", "multi"),
        (Scalar("string", Traits(enum=(Constant.of(True),))), "query", "json", "", "multi"),
        (Array(Array(INTEGER)), "body", "array", "", "multi"),
        (Array(STRING), "body", "array", "string", "multi"),
        (Reference("Thing"), "body", "json", "", "multi"),
        (STRING, "body", "string", "", "multi"),
    ],
)
def test_plain_documents_send_more(shape: Schema, place: str, kind: str, items: str, collection: str) -> None:
    """Lists in lists, any JSON in a body, and values that contradict their declared type."""
    (found,) = wire_operation(operation("/things", parameter("x", shape, place))).parameters

    assert (found.kind, found.items, found.collection) == (kind, items, collection)


@pytest.mark.parametrize(
    ("place", "shape", "consumes", "kind", "content"),
    [
        ("body", Reference("Thing"), (), "json", ""),
        ("body", Reference("Thing"), ("application/xml", "application/json"), "json", ""),
        ("body", Reference("Thing"), ("application/xml", "application/a+json"), "json", "application/a+json"),
        ("body", Reference("Thing"), ("application/xml",), "content", "application/xml"),
        ("body", Reference("Thing"), ("text/plain",), "json", "text/plain"),
        ("body", STRING, ("text/plain",), "content", "text/plain"),
        ("body", Reference("Thing"), ("*/*",), "json", ""),
        ("body", Reference("Thing"), ("multipart/form-data", "line\nbreak/x"), "json", ""),
        ("formData", File(), (), "file", "multipart/form-data"),
        ("formData", STRING, (), "string", ""),
        ("formData", STRING, ("multipart/form-data",), "string", "multipart/form-data"),
        ("formData", STRING, ("multipart/form-data", "application/x-www-form-urlencoded"), "string", ""),
        ("query", STRING, ("application/xml",), "string", ""),
    ],
)
def test_the_content_type_is_one_that_is_declared(
    place: str, shape: Schema, consumes: tuple[str, ...], kind: str, content: str
) -> None:
    """JSON where it is among them, a form where that will do."""
    found = wire_operation(operation("/things", parameter("x", shape, place), consumes=consumes))

    assert (found.parameters[0].kind, found.consumes) == (kind, content)


@pytest.mark.parametrize(
    ("result", "produces", "answer", "accept"),
    [
        (Anything(), (), "json", ""),
        (STRING, ("text/plain", "application/json"), "text", ""),
        (STRING, ("text/plain", "text/csv"), "text", "text/plain, text/csv"),
        (Anything(), ("application/xml", "application/hal+json"), "json", "application/hal+json"),
        (File(), (), "file", "*/*"),
        (File(), ("application/pdf",), "file", "application/pdf"),
    ],
)
def test_what_is_asked_for_is_what_is_declared(
    result: Schema, produces: tuple[str, ...], answer: str, accept: str
) -> None:
    """JSON where it can be had."""
    found = wire_operation(operation("/things", responses=(response(result),), produces=produces, method="GET"))

    assert (found.answer, found.accept, found.plain, found.retry) == (answer, accept, True, "read")


@pytest.mark.parametrize(("default", "sent"), [(3, 3), ("3", MISSING), (True, MISSING), (None, MISSING)])
def test_a_default_that_can_not_be_sent_is_none(default: Any, sent: Any) -> None:
    """Documents write "3" where they mean 3."""
    assert wire_operation(machines(parameter("x", INTEGER, default=default))).parameters[0].default == sent


@pytest.mark.parametrize(
    ("more", "answer", "tasks", "retry"),
    [
        ({}, "json", False, "creating"),
        ({"result": File()}, "file", False, "creating"),
        ({"tasks": True, "retry": "read"}, "json", True, "read"),
    ],
)
def test_an_operation_says_how_it_goes(more: dict[str, Any], answer: str, tasks: bool, retry: str) -> None:
    """And where."""
    found = wire_operation(machines(**more))

    assert (found.name, found.place) == ("cloudapi.machines.create", "POST /cloudapi/machines/create")
    assert (found.answer, bool(found.switches), found.retry) == (answer, tasks, retry)
