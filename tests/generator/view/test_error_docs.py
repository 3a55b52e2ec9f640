"""What an SDK says of the bodies of errors."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.generator.view.error_docs import errors_text
from ovcgen.generator.view.methods import method
from ovcgen.generator.view.schema_annotations import named_types
from ovcgen.generator.view.shadowed_names import ScopedNames
from ovcgen.generator.view.types_package import types_view
from ovcgen.model.api import Operation, Response
from ovcgen.model.schema import Schema
from tests.build import ANYTHING, INTEGER, STRING, answer, api, body, listed, named, operation, record

ERROR = named("Error")
GONE = record(since=STRING)


def failing(*errors: Response, **more: Any) -> Operation:
    """A call that answers a text, or one of these errors."""
    return operation("/shop/things/get", responses=(answer(STRING), *errors), **more)


def text(called: Operation, **definitions: Schema) -> str:
    return errors_text(called, named_types(api(called, Error=record(code=INTEGER), **definitions)))


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ((), ""),
        ((answer(None, "404"),), ""),
        ((answer(ERROR, "default"),), "types.Error"),
        ((answer(ERROR, "404"),), "types.Error (404)"),
        ((answer(ERROR, "400"), answer(ERROR, "503")), "types.Error (400, 503)"),
        ((answer(GONE, "410"), answer(ERROR, "default")), "types.ThingsGetError410 (410), types.Error (any other)"),
        ((answer(listed(ERROR), "400"), answer(STRING, "404")), "list[types.Error] (400), str (404)"),
        ((answer(ANYTHING, "400"),), ""),
        ((answer(ANYTHING, "400"), answer(ERROR, "404")), "Any (400), types.Error (404)"),
        ((answer(ERROR, "302"), answer(ERROR, "202")), ""),
    ],
)
def test_errors_have_bodies_where_the_document_says_so(errors: tuple[Response, ...], told: str) -> None:
    """By their status, one type once."""
    assert text(failing(*errors)) == (f"Errors have a .body: {told}." if told else "")


def test_a_default_answer_may_be_the_success() -> None:
    """Where no other is declared."""
    assert text(operation("/shop/things/get", responses=(answer(ERROR, "default"),))) == ""


def test_an_error_that_is_no_json_has_no_body() -> None:
    """Its words are in the message."""
    assert text(failing(answer(ERROR, "404"), produces=("application/xml",))) == ""


def test_the_shapes_of_errors_are_types() -> None:
    """Those of the document, and those that only stand there."""
    called = failing(answer(GONE, "410"), answer(ERROR, "default"))
    made = types_view(named_types(api(called, Error=record(code=INTEGER)))).modules[0].types

    assert [type_.opening for type_ in made] == ["class Error(TypedDict):", "class ThingsGetError410(TypedDict):"]


def test_a_docstring_ends_with_the_errors() -> None:
    """After the arguments."""
    called = failing(answer(ERROR, "404"), doc="Gets one.")
    made = method(called, "_GET", named_types(api(called, Error=record(code=INTEGER))), ScopedNames())

    assert made.docstring == '"""Gets one.\n\n        Errors have a .body: types.Error (404).\n        """'


def test_an_argument_called_result_is_not_the_result() -> None:
    """Each has a type of its own."""
    called = operation("/shop/things/put", body(record(a=STRING), "result"), responses=(answer(record(b=STRING)),))
    made = types_view(named_types(api(called))).modules[0].types

    assert [type_.opening for type_ in made] == [
        "class ThingsPutResult(TypedDict):",
        "class ThingsPutResultArgument(TypedDict):",
    ]
