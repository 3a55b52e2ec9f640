"""JSON pointers and references."""

from __future__ import annotations

import pytest

from ovcgen.documents.pointers import at, json_pointer, steps
from ovcgen.normalise.reference_resolution import operations, referenced

DOCUMENT = {"a/b": {"m~n": [{"x": 1}, "text"]}, "": {"": 2}, "definitions": {"A B": {"type": "object"}, "%41": {}}}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [("", DOCUMENT), ("/a~1b/m~0n/0/x", 1), ("/a~1b/m~0n/1", "text"), ("//", 2)],
)
def test_a_pointer_leads_to_a_value(pointer: str, value: object) -> None:
    """As RFC 6901 has it."""
    assert at(DOCUMENT, steps(pointer)) == value
    assert json_pointer(steps(pointer)) == pointer


@pytest.mark.parametrize(
    "pointer",
    [
        "a~1b",
        "#/a~1b",
        "/a~2b",
        "/a~",
        "/none",
        "/a~1b/m~0n/2",
        "/a~1b/m~0n/-1",
        "/a~1b/m~0n/-",
        "/a~1b/m~0n/00",
        "/a~1b/m~0n/\u0661",
        "/a~1b/m~0n/1/0",
        "/a~1b/m~0n/0/x/y",
        "/a~1b/m~0n/" + "9" * 5000,
    ],
)
def test_a_pointer_to_nothing_is_a_lookup_error(pointer: str) -> None:
    """Malformed ones, and indices that only Python would take."""
    with pytest.raises(LookupError):
        at(DOCUMENT, steps(pointer))


@pytest.mark.parametrize("target", ["#/definitions/A%20B", "#/definitions/A B"])
def test_a_reference_may_be_percent_encoded(target: str) -> None:
    """It is a part of a URI."""
    assert referenced(DOCUMENT, target) == {"type": "object"}


def test_extensions_are_no_operations() -> None:
    """Neither beside paths nor beside verbs."""
    paths = {"/b": {"get": {}, "x-get": {}, "parameters": []}, "x-a": {"get": {}}, "/a": {"put": {}, "get": {}}}

    assert [(path, verb) for path, verb, _ in operations({"paths": paths})] == [
        ("/a", "get"),
        ("/a", "put"),
        ("/b", "get"),
    ]
