"""Facts of a document that matter only when two documents are compared."""

from __future__ import annotations

from typing import Any

from ovcgen.model.api import Operation
from ovcgen.model.readers.openapi3 import read
from ovcgen.model.schema import Constant


def of(operation: Any) -> tuple[Operation, list[str]]:
    """The operation of a document, and the sentences of its problems."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/pets": {"get": {"responses": {"200": {"description": ""}}, **operation}}},
    }
    api, problems = read(document, "1")
    return api.operations[0], [problem.sentence for problem in problems]


def test_links_are_kept_as_they_are_written() -> None:
    """A link is kept without its description, so that only its target and values count."""
    link = {"operationId": "next", "description": "The next page."}

    operation, _ = of({"responses": {"200": {"description": "", "links": {"next": link}}}})

    assert operation.responses[0].links == (("next", Constant.of({"operationId": "next"})),)


def test_headers_may_begin_with_x() -> None:
    """Names of headers are no extensions, and a Content-Type header is ignored (OpenAPI 3.1, Response Object)."""
    headers = {"x-left": {"schema": {}}, "Content-Type": {"schema": {}}}

    operation, _ = of({"responses": {"200": {"description": "", "headers": headers}}})

    assert [header.name for header in operation.responses[0].headers] == ["x-left"]


def test_a_path_parameter_without_a_place_is_kept_apart() -> None:
    """It can't be sent, which is reported; the operation remembers it for comparisons."""
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}

    operation, problems = of({"parameters": [parameter]})

    assert operation.parameters == ()
    assert [parameter.name for parameter in operation.unplaced] == ["id"]
    assert problems == ["/paths/~1pets/get/parameters/0: the path has no {id}; it is left out."]


def test_a_required_property_has_a_name() -> None:
    """An empty name in `required` names no property, which is reported."""
    schema = {"type": "object", "required": ["", "a"]}

    operation, problems = of({"requestBody": {"content": {"application/json": {"schema": schema}}}})

    assert operation.parameters[0].schema.traits.required == ("a",)
    assert any("names no property" in problem for problem in problems)
