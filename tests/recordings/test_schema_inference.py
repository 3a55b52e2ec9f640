"""Inference: a shape accepts what it was learned from, and tells nothing but types and names."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.recordings.schema_inference import inferred_schema, is_data, schema_text

KEYS = st.sampled_from(["id", "name", "acl", "nics"]) | st.text(max_size=6) | st.integers().map(str)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def judged(schema: Any) -> Any:
    """A Swagger schema as JSON Schema: only `x-nullable` is Swagger's own."""
    match schema:
        case {"x-nullable": True, **rest}:
            return {"anyOf": [judged(rest), {"type": "null"}]}
        case dict():
            inner = {key: judged(schema[key]) for key in ("items", "additionalProperties") if key in schema}
            named = {name: judged(each) for name, each in schema.get("properties", {}).items()}
            return {**schema, **inner, **({"properties": named} if named else {})}
    return schema


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_a_shape_accepts_what_it_was_learned_from(values: list[Any]) -> None:
    """jsonschema is the judge."""
    learned = judged(inferred_schema(values))

    for value in values:
        jsonschema.validate(value, learned)


@given(st.lists(VALUES, min_size=1, max_size=4), st.randoms())
def test_a_shape_does_not_depend_on_order(values: list[Any], random: Any) -> None:
    """Recordings come in any."""
    shuffled = random.sample(values, len(values))

    assert inferred_schema(shuffled) == inferred_schema(values)


@pytest.mark.parametrize(
    ("values", "schema", "words"),
    [
        ([1, 2], {"type": "integer"}, "integer"),
        ([1, 2.5], {"type": "number"}, "number"),
        ([1, None], {"type": "integer", "x-nullable": True}, "integer or null"),
        ([None], {"x-nullable": True}, "null"),
        ([1, "a"], {}, "anything"),
        ([[]], {"type": "array", "items": {}}, "[anything]"),
        ([[1], [None]], {"type": "array", "items": {"type": "integer", "x-nullable": True}}, "[integer or null]"),
        ([{}], {"type": "object"}, "{}"),
        ([{"1": "a", "22": "b"}], {"type": "object", "additionalProperties": {"type": "string"}}, "{*: string}"),
        (
            [{"id": 1, "nics": []}, {"id": 2}],
            {
                "type": "object",
                "properties": {"id": {"type": "integer"}, "nics": {"type": "array", "items": {}}},
                "required": ["id"],
            },
            "{id: integer, nics?: [anything]}",
        ),
    ],
)
def test_a_shape_is_in_swaggers_words(values: list[Any], schema: Any, words: str) -> None:
    """One type or none, null as `x-nullable`, keys that are data as `additionalProperties`."""
    assert inferred_schema(values) == schema
    assert schema_text(schema) == words


@pytest.mark.parametrize(
    "key",
    [
        *("1", "17_2", "de305d54-75b4-431b-adb2-eb6b9e546014", "deadbeef01", "m1234", "vm-1"),
        *("192.0.2.1", "52:54:00:00:00:01", "", "a b", "\x1b[31m", "x" * 41, "a\n"),
    ],
)
def test_a_key_that_says_which_one_is_data(key: str) -> None:
    """Numbers, guids, addresses, names of machines."""
    assert is_data(key)
    assert "properties" not in inferred_schema([{key: 1}])


@pytest.mark.parametrize("key", ["id", "networkGatewayIPv4", "_ckey", "$oid", "CU_M", "added"])
def test_a_key_that_says_what_is_a_name(key: str) -> None:
    """As records have them."""
    assert not is_data(key)
    assert is_data(key, {key})


def test_so_many_names_are_data() -> None:
    """No record has a hundred members."""
    schema = inferred_schema(
        [{f"u{'abcdefghij'[number // 10]}{'abcdefghij'[number % 10]}": 1 for number in range(100)}]
    )

    assert schema == {"type": "object", "additionalProperties": {"type": "integer"}}
