"""What of an operation the runtime must know."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.model.schema import Anything, Array, File, Map, Scalar, Schema
from ovcgen.model.wire import wire_operation
from ovcgen.runtime.operation import MISSING
from tests.build import BOOLEAN, INTEGER, STRING, machines, must, parameter


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
    assert (found.answer, found.tasks, found.retry) == (answer, tasks, retry)
