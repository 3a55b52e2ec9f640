"""Compositions that contain themselves have a finite number of types."""

from __future__ import annotations

from typing import Any

from ovcgen.generator import sdk_files
from ovcgen.model.readers import read


def to(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_members_that_extend_their_own_definition_end() -> None:
    """Each of eight members is the definition with one property more: the types are far fewer than permutations."""
    members = {
        name: {"allOf": [to("Node"), {"type": "object", "properties": {f"own_{name}": {"type": "string"}}}]}
        for name in "abcdefgh"
    }
    content = {"application/json": {"schema": to("Node")}}
    call = {"operationId": "node", "responses": {"200": {"description": "", "content": content}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/node": {"get": call}},
        "components": {"schemas": {"Node": {"type": "object", "properties": members}}},
    }

    files = sdk_files(read(document, "1"), sha256="0" * 64, version="1.0", changes="")

    types = files["api_1/types.py"]
    assert "class Node(TypedDict):" in types
    assert types.count("TypedDict)") < 100
