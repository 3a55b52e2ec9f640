"""Test that a hostile document can neither exhaust a mock nor inject headers."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ovcgen.simulator.mock.path_index import segment_values
from tests.simulator.mock.conftest import INFO, asking


def document(schema: Any, *, parameters: Any = (), path: str = "/a", response: Any = None, **schemas: Any) -> Any:
    """Return a document with one operation whose response has that schema."""
    answer = {"description": "", "content": {"application/json": {"schema": schema}}, **(response or {})}
    operation = {"parameters": list(parameters), "responses": {"200": answer}}
    components = {"schemas": schemas}
    return {"openapi": "3.1.0", "info": INFO, "paths": {path: {"get": operation}}, "components": components}


def reference(name: str) -> dict[str, str]:
    """Return a reference to the schema of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


WIDE = {f"m{number}": reference("Wide") for number in range(300)}
DEEP = {
    f"D{n}": {
        "type": "object",
        "required": [f"m{number}" for number in range(20)],
        "properties": {f"m{number}": reference(f"D{n + 1}") for number in range(20)},
    }
    for n in range(20)
}
FORKED = {
    f"F{n}": {"oneOf": [reference(f"F{n + 1}"), {"allOf": [reference(f"F{n + 1}"), {"maxProperties": n}]}]}
    for n in range(40)
}


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(document({"type": "string", "pattern": "^(a+)+b$", "minLength": 900}), id="pattern"),
        pytest.param(document({"type": "string", "minLength": 10**12}), id="long text"),
        pytest.param(
            document({"type": "array", "minItems": 10**9, "items": {"type": "array", "minItems": 10**9, "items": {}}}),
            id="long lists",
        ),
        pytest.param(document({"type": "array", "minItems": 999, "uniqueItems": True, "items": {}}), id="unique items"),
        pytest.param(document(reference("Wide"), Wide={"properties": WIDE}), id="wide and recursive"),
        pytest.param(
            document(reference("Wide"), Wide={"properties": WIDE, "required": list(WIDE)}), id="endless recursion"
        ),
        pytest.param(document(reference("D0"), **DEEP), id="20 to the power of 20 values"),
        pytest.param(document(reference("F0"), **FORKED, F40={"type": "object"}), id="2 to the power of 40 branches"),
        pytest.param(
            document(reference("A"), A={"allOf": [reference("B")]}, B={"allOf": [reference("A")]}), id="circle"
        ),
        pytest.param(document({"type": "object", "minProperties": 10**9}), id="many members"),
        pytest.param(document({"type": "number", "multipleOf": 1e-300, "minimum": 1e300}), id="small steps"),
        pytest.param(document({"type": "integer", "minimum": 10**400}), id="a huge integer"),
        pytest.param(document({"patternProperties": {"^(a+)+$": {}}, "minProperties": 5}), id="pattern of names"),
    ],
)
def test_an_answer_takes_no_time_and_no_space(hostile: Any) -> None:
    """For any schema the mock makes a response within 20 seconds of CPU time (hours without limits) and below 4 MB."""
    ask = asking(hostile)
    started = time.process_time()

    found = ask("GET", "/a")

    assert found.status == 200
    assert len(found.body) < 4_000_000
    assert time.process_time() - started < 20


def test_a_value_can_not_exhaust_a_pattern() -> None:
    """A value for a pattern with catastrophic backtracking is refused, and does not take for ever."""
    schema = {"type": "string", "pattern": "^([a-z]+)+$"}
    ask = asking(document({}, parameters=[{"name": "q", "in": "query", "schema": schema}]))
    started = time.process_time()

    assert ask("GET", f"/a?q={'a' * 5000}!").status == 400
    assert time.process_time() - started < 20


def test_a_path_can_not_exhaust_its_template() -> None:
    """A path segment with 300 parameters is matched in linear time."""
    template = "-".join(f"{{p{number}}}" for number in range(300))
    started = time.process_time()

    assert segment_values(template, "-" * 8000 + "!") is not None
    assert segment_values(template + ".x", "a-" * 4000) is None
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("template", "segment", "values"),
    [
        ("{id}", "7", {"id": "7"}),
        ("{id}", "", None),
        ("{id}.json", "7.json", {"id": "7"}),
        ("{id}.json", "7.json.json", {"id": "7.json"}),
        ("{id}.json", ".json", None),
        ("{a}-{b}", "1-2-3", {"a": "1", "b": "2-3"}),
        ("v{a}", "v1", {"a": "1"}),
        ("v{a}", "w1", None),
        ("{a}:do", "1:undo", None),
        ("{a", "{a", {}),
    ],
)
def test_templates(template: str, segment: str, values: Any) -> None:
    """A template of one path segment is matched to its parameters and fixed text; no parameter is empty."""
    assert segment_values(template, segment) == values


def test_headers_stay_headers() -> None:
    """Header names and values with line breaks are not sent, nor are declared headers that the server itself sets."""
    headers = {
        "X-One": {"schema": {"type": "string", "example": "a\r\nSet-Cookie: b=c"}},
        "X-Two\r\nX-Three": {"schema": {"type": "string"}},
        "Content-Length": {"schema": {"type": "integer", "example": 1}},
        "Transfer-Encoding": {"schema": {"type": "string", "example": "chunked"}},
        "X-Four": {"schema": {"type": "string", "example": "\u2028é"}},
        "X-Five": {"schema": {"type": "array", "items": {"type": "integer", "example": 5}}},
    }

    assert asking(document({}, response={"headers": headers}))("GET", "/a").headers == {
        "X-Four": "?é",
        "X-Five": "5",
    }


def test_the_mock_goes_on_after_a_fault_of_its_own() -> None:
    """After a deeply nested value in a request, the mock answers the next request."""
    ask = asking(
        document({}, parameters=[{"name": "q", "in": "query", "content": {"application/json": {"schema": {}}}}])
    )

    assert ask("GET", f"/a?q={'[' * 100_000}").status in (200, 400)
    assert ask("GET", "/a").status == 200
