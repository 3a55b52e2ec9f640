"""YAML 1.2: words stay words, and a small file can't become a large document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ovcgen.documents.errors import NotYaml
from ovcgen.documents.json_reader import parse
from ovcgen.documents.source_map import value_positions
from ovcgen.documents.yaml_reader import parse_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("Off", "Off"),
        ("on", "on"),
        ("y", "y"),
        ("2020-01-02", "2020-01-02"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ("<<", "<<"),
    ],
)
def test_a_value_is_what_the_core_schema_says(text: str, value: object) -> None:
    """Not what YAML 1.1 made of it."""
    found = parse_yaml(f"a: {text}\n".encode(), "x.yaml")["a"]

    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("read", [parse_yaml, parse])
def test_a_byte_order_mark_says_the_encoding(encoding: str, read: Callable[[bytes, str], object]) -> None:
    """Editors and shells of Windows write UTF-16."""
    text = '{"a": "\u00e9", "b": 1.50}\n'

    assert read(text.encode(encoding), "x.yaml") == {"a": "\u00e9", "b": 1.5}
    assert value_positions(text.encode(encoding), yaml=read is parse_yaml).members["b"].line == 1


def test_keys_are_texts() -> None:
    """A status is written without quotes."""
    assert parse_yaml(b"200: a\non: b\n", "x.yaml") == {"200": "a", "on": "b"}


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\n",
        "a: !!python/object/apply:os.system [ls]\n",
        "a: &x [*x]\n",
        "- 1\n",
        "",
        "a: [",
        "? [a]\n: b\n",
        "a: " + "[" * 100 + "]" * 100,
        "a: " + "[" * 300_000,
        "{a: " * 100_000,
        "\n".join(
            [
                "a: &a [x,x,x,x,x,x,x,x,x,x]",
                *(f"{n}: &{n} [{','.join([f'*{p}'] * 10)}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True)),
            ]
        ),
    ],
)
def test_what_json_could_not_say_is_refused(text: str) -> None:
    """Twice the same key, code, circles, depth, and ten to the ninth."""
    with pytest.raises(NotYaml):
        parse_yaml(text.encode(), "x.yaml")


@pytest.mark.parametrize("empty", ["{}", "[]"])
def test_an_empty_value_that_an_alias_puts_too_deep_is_an_error_of_yaml(empty: str) -> None:
    """It is at level 65 only where the alias stands."""
    deep = "[" * 63 + "*empty" + "]" * 63
    with pytest.raises(NotYaml, match="deeper than 64 levels"):
        parse_yaml(f"a: &empty {empty}\nb: {deep}\n".encode(), "x.yaml")
    assert parse_yaml(f"a: &empty {empty}\nb: {deep[1:-1]}\n".encode(), "x.yaml")
