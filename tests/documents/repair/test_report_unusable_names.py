"""Names that can't name anything in Python are said with their place."""

from __future__ import annotations

from typing import Any

import pytest

from ovcgen.documents import repair_swagger2
from ovcgen.errors import SpecRefused

OK = {"responses": {"200": {"description": ""}}}


def document(get: dict[str, Any], delete: dict[str, Any], **more: Any) -> dict[str, Any]:
    paths = {"/u": {"get": {**OK, **get}, "delete": {**OK, **delete}}}
    return {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": paths, **more}


def test_an_operation_id_that_is_repeated_is_a_mistake() -> None:
    """The warning stands at the operation that loses it, and names the one that keeps it."""
    twice = document({"operationId": "same"}, {"operationId": "same"})

    (problem,) = repair_swagger2(twice, "file")[1]

    assert problem.pointer == "/paths/~1u/delete/operationId"
    assert problem.what == "'same' is the operationId of GET /u, too"
    with pytest.raises(SpecRefused):
        repair_swagger2(twice, "file", strict=True)


def test_a_name_without_a_letter_is_said_with_its_place() -> None:
    """Of operations, groups, arguments and types alike."""
    odd = document(
        {"operationId": "\U0001f600", "tags": ["--"], "parameters": [{"name": "$", "in": "query", "type": "string"}]},
        {"operationId": "获取", "tags": ["用户"]},
        definitions={"!": {"type": "object"}},
    )

    assert [problem.pointer for problem in repair_swagger2(odd, "file")[1]] == [
        "/definitions/!",
        "/paths/~1u/get/operationId",
        "/paths/~1u/get/parameters/0/name",
        "/paths/~1u/get/tags/0",
    ]
