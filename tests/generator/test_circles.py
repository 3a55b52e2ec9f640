"""Definitions that are themselves, in unions and `allOf`: each is reported, and type checkers accept the aliases."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.generator import sdk_files
from ovcgen.model.readers.openapi3 import read

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
NAMES = "ABCD"


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def made(schemas: Json) -> tuple[str, list[str]]:
    """The types of an SDK whose one call answers with all these schemas, and the names of those with problems."""
    answer = {"type": "object", "properties": {f"its_{name}": ref(name) for name in schemas}}
    response = {"description": "", "content": {"application/json": {"schema": answer}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/m": {"get": {"operationId": "do", "tags": ["m"], "responses": {"200": response}}}},
        "components": {"schemas": schemas},
    }
    api, problems = read(document, "t 1")
    return sdk_files(api, sha256="")["t_1/types.py"], [problem.pointer.rpartition("/")[2] for problem in problems]


def unions_with_themselves(code: str) -> list[str]:
    """The aliases that lead to themselves through unions alone, which type checkers refuse."""
    aliases: dict[str, set[str]] = {}
    for node in ast.parse(code).body:
        match node:
            case ast.AnnAssign(ast.Name(name), ast.Name("TypeAlias"), value) if value is not None:
                text = value.value if isinstance(value, ast.Constant) else ast.unparse(value)
                aliases[name] = set(re.sub(r"\[.*\]", "", str(text)).split(" | "))
    reached = dict(aliases)
    for _ in aliases:
        reached = {name: found.union(*(reached.get(each, ()) for each in found)) for name, found in reached.items()}
    return [name for name, found in reached.items() if name in found]


@pytest.mark.parametrize(
    ("schemas", "members"),
    [
        ({"A": {"allOf": [ref("A")]}}, {"its_A": "Any"}),
        ({"A": {"anyOf": [{"allOf": [ref("A")]}]}}, {"its_A": "Any"}),
        ({"A": {"oneOf": [{"anyOf": [ref("A"), {"type": "integer"}]}, TEXT]}}, {"its_A": "A"}),
        ({"A": {"allOf": [{"oneOf": [ref("A"), TEXT]}]}}, {"its_A": "str"}),
        ({"A": {"oneOf": [ref("B"), TEXT]}, "B": {"allOf": [ref("A")]}}, {"its_A": "str", "its_B": "str"}),
        ({"A": {"allOf": [ref("B"), TEXT]}, "B": {"oneOf": [ref("A"), TEXT]}}, {"its_A": "Any", "its_B": "Any"}),
        (
            {
                "A": {"allOf": [ref("B"), {"properties": {"a": TEXT}}]},
                "B": {"allOf": [ref("A"), {"properties": {"b": TEXT}}]},
            },
            {"its_A": "A", "its_B": "B"},
        ),
    ],
)
def test_a_circle_is_reported_and_left_out(schemas: Json, members: dict[str, str]) -> None:
    """The members beside the circle stay; where there are none, any value is taken."""
    code, reported = made(schemas)

    assert reported == list(schemas)
    assert dict(re.findall(r"(its_\w): NotRequired\[(.*)\]", code)) == members
    assert unions_with_themselves(code) == []


def test_subtypes_that_extend_their_union_are_no_circle() -> None:
    """A base that is the union of its subtypes, which extend it with `allOf`, is how many documents say it."""
    base = {"type": "object", "properties": {"kind": TEXT}, "oneOf": [ref("B"), ref("C")]}
    schemas = {"A": base, "B": {"allOf": [ref("A"), {"properties": {"b": TEXT}}]}, "C": {"allOf": [ref("A")]}}

    code, reported = made(schemas)

    assert reported == []
    assert "b: NotRequired[str]" in code


SCHEMAS = st.recursive(
    st.sampled_from([TEXT, {"type": "integer"}, {"type": "object", "properties": {"a": TEXT}}, *map(ref, NAMES)]),
    lambda inner: st.builds(
        lambda key, members: {key: members},
        st.sampled_from(["oneOf", "anyOf", "allOf"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)


@settings(max_examples=60)
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, SCHEMAS)))
def test_no_alias_is_a_union_with_itself(schemas: Json) -> None:
    """Whatever the definitions say of each other."""
    assert unions_with_themselves(made(schemas)[0]) == []
