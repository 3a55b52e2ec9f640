"""Definitions may refer to one another in a chain of any length: nothing ends at the depth of Python's stack."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen.cli import main
from ovcgen.workflows.build_sdk import sdk_of

LINKS = 2 * sys.getrecursionlimit()
Link = Callable[[dict[str, str]], dict[str, Any]]
KINDS: dict[str, Link] = {
    "reference": lambda following: following,
    "member": lambda following: {"type": "object", "properties": {"next": following}},
    "required member": lambda following: {"type": "object", "required": ["next"], "properties": {"next": following}},
    "list": lambda following: {"type": "array", "items": following},
    "map": lambda following: {"type": "object", "additionalProperties": following},
    "allOf": lambda following: {"allOf": [following]},
    "allOf of two": lambda following: {
        "allOf": [following, {"type": "object", "properties": {"own": {"type": "string"}}}]
    },
}


def chain(link: Link, end: str) -> dict[str, Any]:
    """A document whose one call takes and gives the first of many definitions; the last has a member of type `end`."""
    first = {"$ref": "#/definitions/D0"}
    definitions = {f"D{number}": link({"$ref": f"#/definitions/D{number + 1}"}) for number in range(LINKS)}
    definitions[f"D{LINKS}"] = {"type": "object", "required": ["end"], "properties": {"end": {"type": end}}}
    call = {
        "operationId": "call",
        "parameters": [{"name": "body", "in": "body", "schema": first}],
        "responses": {"200": {"description": "ok", "schema": first}},
    }
    info = {"title": "deep", "version": "1"}
    return {"swagger": "2.0", "info": info, "paths": {"/a": {"post": call}}, "definitions": definitions}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.slow] * (kind not in ("member", "allOf of two"))) for kind in KINDS]
)
def test_a_chain_may_have_any_length(tmp_path: Path, kind: str) -> None:
    """It is read, compared and called, and an SDK is made of it."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(chain(KINDS[kind], "string")))
    new.write_text(json.dumps(chain(KINDS[kind], "integer")))

    sdk = sdk_of(old)
    with ovcgen.connect("http://127.0.0.1:9", spec=old) as client:
        assert client.a.call.__doc__
    changes = ovcgen.compare(old, new)

    assert sdk.operations == 1
    assert sdk.problems == ()
    assert changes


def test_a_change_at_the_end_of_a_chain_is_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--witness` makes a request, or says that it makes none; it does not give up with a fault."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(json.dumps(chain(KINDS["required member"], "string")))
    new.write_text(json.dumps(chain(KINDS["required member"], "integer")))

    with pytest.raises(SystemExit) as ended:
        main(["diff", str(old), str(new), "--witness", "--output", "json"])

    assert ended.value.code in (0, 1)
    assert capsys.readouterr().out
