"""Texts that stand without quotes, keys that are there twice, and merge keys: what the text of a document says."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovcgen.documents import load_json, parse, repair_swagger2
from ovcgen.documents.errors import NotAsWritten, NotJson, NotYaml
from ovcgen.documents.json_reader import Loaded
from ovcgen.documents.yaml_reader import load_yaml, parse_yaml

DOCUMENT = """
swagger: "2.0"
info:
  title: @title
  version: @version
  description: @about
  termsOfService: @terms
  contact: {name: @contact}
  license: {name: @license}
host: @host
basePath: @base
tags: [{name: @tag, description: @tagged}]
securityDefinitions:
  key: {type: apiKey, in: header, name: @header, description: @how}
paths:
  /a:
    get:
      operationId: @id
      summary: @summary
      tags: [@group]
      parameters:
        - {name: @name, in: query, type: string, enum: [@choice, b], default: @default, description: @told}
        - {name: list, in: query, type: array, default: [@first],
           items: {type: string, enum: [@item], pattern: @pattern}}
        - {name: odd, in: query, type: string, format: @format}
      responses:
        200: {description: @answer, schema: {type: object, title: @called, required: [@needed], properties: {x: {}}}}
"""
PLACES = {
    "title": "/info/title",
    "version": "/info/version",
    "about": "/info/description",
    "terms": "/info/termsOfService",
    "contact": "/info/contact/name",
    "license": "/info/license/name",
    "host": "/host",
    "base": "/basePath",
    "tag": "/tags/0/name",
    "tagged": "/tags/0/description",
    "header": "/securityDefinitions/key/name",
    "how": "/securityDefinitions/key/description",
    "id": "/paths/~1a/get/operationId",
    "summary": "/paths/~1a/get/summary",
    "group": "/paths/~1a/get/tags/0",
    "name": "/paths/~1a/get/parameters/0/name",
    "choice": "/paths/~1a/get/parameters/0/enum/0",
    "default": "/paths/~1a/get/parameters/0/default",
    "told": "/paths/~1a/get/parameters/0/description",
    "item": "/paths/~1a/get/parameters/1/items/enum/0",
    "pattern": "/paths/~1a/get/parameters/1/items/pattern",
    "first": "/paths/~1a/get/parameters/1/default/0",
    "format": "/paths/~1a/get/parameters/2/format",
    "answer": "/paths/~1a/get/responses/200/description",
    "called": "/paths/~1a/get/responses/200/schema/title",
    "needed": "/paths/~1a/get/responses/200/schema/required/0",
}
NUMBERS = ["1.10", "1e3", "0.50", "2.0E+5", "7", "-0.0"]  # JSON knows these as well
WORDS = ["007", "0x1F", "0o17", "+1.0", ".5", "1.", "true", "True", "FALSE"]


def written(place: str, text: str) -> str:
    """The document with that text at one place, and harmless ones at all others."""
    document = DOCUMENT.replace(f"@{place}", text, 1) if place else DOCUMENT
    for name in sorted(PLACES, key=len, reverse=True):
        document = document.replace(f"@{name}", {"host": "h", "base": "/b"}.get(name, name))
    return document


def at(document: Any, pointer: str) -> Any:
    """The value at that place."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


@pytest.mark.parametrize("text", [*NUMBERS, *WORDS])
@pytest.mark.parametrize("place", PLACES)
def test_a_text_without_quotes_is_the_text_as_it_is_written(place: str, text: str) -> None:
    """Wherever Swagger expects a text, 1.10 is "1.10" in YAML; the place is told, and strict reading refuses it."""
    loaded = load_yaml(written(place, text).encode(), "x.yaml")

    document, problems = repair_swagger2(loaded.document, "x.yaml", loaded=loaded)

    assert at(document, PLACES[place]).removeprefix("/") == text
    assert PLACES[place] in [problem.pointer for problem in problems]
    with pytest.raises(NotAsWritten):
        repair_swagger2(loaded.document, "x.yaml", strict=True, loaded=loaded)


@pytest.mark.parametrize("text", NUMBERS)
@pytest.mark.parametrize("place", sorted(PLACES.keys() - {"choice", "default", "item", "first"}))
def test_a_number_of_json_is_the_text_as_it_is_written(place: str, text: str) -> None:
    """In JSON the same, but for values, where a number is meant as one."""
    whole = json.dumps(load_yaml(written(place, '"@@"').encode(), "x.yaml").document).replace('"@@"', text)
    loaded = load_json(whole.encode(), "x.json")

    document, _ = repair_swagger2(loaded.document, "x.json", loaded=loaded)

    assert at(document, PLACES[place]).removeprefix("/") == text


def test_a_number_where_a_number_belongs_is_one() -> None:
    """Nothing is told of it, however it is written."""
    body = "{name: a, in: query, type: number, enum: [1.10, 1e3], maximum: 1_0e1}".replace("1_0e1", "10e1")
    loaded = load_yaml(
        f'swagger: "2.0"\ninfo: {{title: t, version: "1"}}\npaths: {{/a: {{get: {{parameters: [{body}],'
        " responses: {200: {description: ok}}}}}\n".encode(),
        "x.yaml",
    )

    document, problems = repair_swagger2(loaded.document, "x.yaml", loaded=loaded)

    assert document["paths"]["/a"]["get"]["parameters"][0]["enum"] == [1.1, 1000.0]
    assert problems == ()


def test_a_key_in_another_spelling_keeps_the_text_of_its_value() -> None:
    """`Version: 1.10` is read as `version`, and as "1.10"."""
    loaded = load_yaml(written("", "").replace("version:", "Version: 1.10 #").encode(), "x.yaml")

    document, _ = repair_swagger2(loaded.document, "x.yaml", loaded=loaded)

    assert document["info"]["version"] == "1.10"


TWICE = [
    pytest.param('{"a": 1,\n"b": {"c": 1,\n "d": {},\n "c": [2]}}', {"a": 1, "b": {"c": [2], "d": {}}}, id="JSON"),
    pytest.param("a: 1\nb:\n  c: 1\n  c: [2]\n", {"a": 1, "b": {"c": [2]}}, id="YAML"),
]


def loading(text: str) -> Loaded:
    return load_json(text.encode(), "x.json") if text.startswith("{") else load_yaml(text.encode(), "x.yaml")


@pytest.mark.parametrize(("text", "value"), TWICE)
def test_of_a_key_that_is_there_twice_the_last_one_counts(text: str, value: Any) -> None:
    """Both lines are told, with the place; a pinned catalog is refused, which names the lines as well."""
    loaded = loading(text)
    last = 4

    assert loaded.document == value
    (problem,) = loaded.problems
    assert (problem.pointer, problem.done) == ("/b/c", "the last one counts")
    assert problem.what.endswith(f"is there twice, in lines {2 if text[0] == '{' else 3} and {last}")
    with pytest.raises((NotJson, NotYaml), match=r"lines [23] and 4"):
        (parse if text[0] == "{" else parse_yaml)(text.encode(), "x")


def test_every_line_of_a_key_is_told() -> None:
    """Also where it is there three times, and in one line."""
    found = loading('{"a": 1,\n"a": 2,\n"a": 3, "list": [0, {"b": 1, "b": 2}]}').problems

    assert [(problem.pointer, problem.what) for problem in found] == [
        ("/a", "the key 'a' is there 3 times, in lines 1, 2 and 3"),
        ("/list/1/b", "the key 'b' is there twice, in line 3"),
    ]


KEYS = st.sampled_from("abc~/")
PLAIN = st.one_of(st.integers(), st.booleans(), st.none(), st.text("ab:\"'{}[],\n", max_size=4))
PAIRS = st.recursive(
    PLAIN,
    lambda inner: st.lists(st.tuples(KEYS, inner), max_size=5) | st.lists(inner, max_size=3).map(lambda each: [each]),
    max_leaves=20,
)


def spelled(value: Any) -> str:
    """JSON with repeated keys: a list of pairs is an object, a list of one list is a list."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return "[" + ",\n".join(map(spelled, value[0])) + "]"
    if isinstance(value, list):
        return "{" + ",\n".join(f"{json.dumps(key)}: {spelled(inner)}" for key, inner in value) + "}"
    return json.dumps(value)


@given(st.lists(st.tuples(KEYS, PAIRS), max_size=6))
def test_every_repeated_key_is_told_and_nothing_else(pairs: list[tuple[str, Any]]) -> None:
    """As many repetitions as an independent reader counts, and the values that Python's own reader gives."""
    text = spelled(pairs)
    more = 0

    def counted(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal more
        more += len(members) - len(dict(members))
        return dict(members)

    expected = json.loads(text, object_pairs_hook=counted)
    loaded = load_json(text.encode(), "x.json")

    assert loaded.document == expected
    assert sum(len(lines) - 1 for lines in loaded.repeated.values()) >= bool(more)
    assert bool(loaded.problems) == bool(more)


MERGES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 9), max_size=3),  # the objects before that are merged
        st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), max_size=3),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(MERGES)
def test_merge_keys_are_followed(objects: list[tuple[list[int], dict[str, int], bool]]) -> None:
    """An object's own key wins, wherever `<<` stands, and of several merged objects the first."""
    lines: list[str] = []
    expected: dict[str, dict[str, int]] = {}
    for number, (merged, own, first) in enumerate(objects):
        names = ", ".join(f"*n{each}" for each in merged if each < number)
        merge = [f"<<: [{names}]"] if names else []
        before = [expected[f"o{each}"] for each in reversed(merged) if each < number]
        expected[f"o{number}"] = reduce(lambda done, each: {**done, **each}, [*before, own], {})
        members = [f"{key}: {value}" for key, value in own.items()]
        lines.append(f"o{number}: &n{number} {{{', '.join(merge + members if first else members + merge)}}}")
    text = "\n".join(lines)

    loaded = load_yaml(text.encode(), "x.yaml")

    assert loaded.document == expected
    assert loaded.problems == ()


def test_what_a_merge_key_overrides_is_no_repeated_key() -> None:
    """That is what it is for."""
    assert loading("a: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}\n").problems == ()


@pytest.mark.parametrize("value", ["1", "~", "[1]", "text"])
def test_a_merge_key_that_merges_no_object_is_ignored_with_a_warning(value: str) -> None:
    """The other members stay."""
    loaded = loading(f"a: {{<<: {value}, x: 1}}\n")

    assert loaded.document == {"a": {"x": 1}}
    assert [(problem.pointer, problem.done) for problem in loaded.problems] == [("/a", "the key is ignored")]


@pytest.mark.parametrize("text", ["a: &a {<<: *a}\n", "a: &a {b: {<<: *a}}\n"])
def test_objects_that_merge_themselves_are_refused(text: str) -> None:
    """They have no end."""
    with pytest.raises(NotYaml):
        loading(text)


@pytest.mark.slow
def test_merging_can_t_make_a_small_text_a_large_document() -> None:
    """Each member that is merged counts like one that is written."""
    first = "n0: &n0 {" + ", ".join(f"k{number}: 1" for number in range(300)) + "}\n"
    rest = "".join(f"n{number}: &n{number} {{<<: *n0}}\n" for number in range(1, 10_000))

    with pytest.raises(NotYaml, match="more than 2000000 values"):
        loading(first + rest)
