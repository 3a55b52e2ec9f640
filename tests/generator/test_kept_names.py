"""Names are promises: what had a Python name keeps it, whatever else is in the document by now."""

from __future__ import annotations

import json
import keyword
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.generator import sdk_files
from ovcgen.model.earlier_sdk_names import GivenNames, keep
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise

Json = dict[str, Any]
NAMES = [
    *(
        "a.b",
        "a-b",
        "a b",
        "a_b",
        "AB",
        "ab",
        "class",
        "class_",
        "self",
        "id",
        "id query",
        "id_query",
        "\U0001f600",
        "-",
    ),
    *("x" * 90, "x" * 90 + "y", "straße", "strasse", "ﬁ", "fi", "result", "task", "URL", "url", "获取", "_a", "a_"),
]
WORDS = st.sampled_from(NAMES)
RECORD = {"type": "object", "properties": {"text": {"type": "string"}}}


@st.composite
def documents(draw: st.DrawFn) -> Json:
    """A document whose names clash in every way."""
    definitions = draw(st.sets(WORDS | st.sampled_from(["AbAbResult", "IdAb"]), min_size=1, max_size=6))
    shapes = st.sampled_from([RECORD, *({"$ref": f"#/definitions/{name}"} for name in sorted(definitions))])
    parameters = st.lists(
        st.fixed_dictionaries({"name": WORDS, "in": st.sampled_from(["query", "header"]), "type": st.just("string")}),
        max_size=4,
        unique_by=lambda each: (each["name"], each["in"]),
    )
    operation = st.fixed_dictionaries(
        {
            "tags": st.lists(WORDS, min_size=1, max_size=1),
            "parameters": parameters,
            "responses": shapes.map(lambda shape: {"200": {"description": "", "schema": shape}}),
        },
        optional={"operationId": WORDS},
    )
    items = st.dictionaries(st.sampled_from(["get", "put", "post", "delete"]), operation, min_size=1, max_size=3)
    paths = st.sampled_from(["/", "/a/b", "/a_b", "/a-b", "/AB"])
    return {
        "swagger": "2.0",
        "info": {"title": "Moving", "version": "1"},
        "paths": draw(st.dictionaries(paths, items, min_size=1, max_size=4)),
        "definitions": dict.fromkeys(sorted(definitions), RECORD),
    }


def part_of(document: Json, draw: st.DrawFn) -> Json:
    """The document with some of its operations, parameters and definitions, in another order."""
    paths: Json = {}
    for path, item in reversed(document["paths"].items()):
        verbs = draw(st.sets(st.sampled_from(sorted(item)), min_size=0 if paths else 1))
        for verb in verbs:
            some = [parameter for parameter in item[verb]["parameters"] if draw(st.booleans())]
            paths.setdefault(path, {})[verb] = {**item[verb], "parameters": some[::-1]}
    return {**document, "paths": paths}


def names_of(document: Json, before: GivenNames | None = None, naming: str = "wire") -> GivenNames:
    """The names.json of the SDK of a document."""
    files = sdk_files(read(normalise(document, dialect="plain"), "moving-1"), sha256="", naming=naming, given=before)
    found = GivenNames.parse(files["moving_1/names.json"])
    assert found
    return found


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(documents(), st.data(), st.sampled_from(["wire", "pep8"]))
def test_whatever_comes_names_stay(document: Json, data: st.DataObject, naming: str) -> None:
    """Operations, parameters, tags and definitions that come take no name away, and get names of their own."""
    old = names_of(part_of(document, data.draw), naming=naming)

    new = names_of(document, old, naming)

    assert old.calls.items() <= new.calls.items()
    assert all(old.arguments[place].items() <= new.arguments[place].items() for place in old.arguments)
    assert old.types.items() <= new.types.items()
    assert_unique(new)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(documents(), st.randoms(use_true_random=False))
def test_order_changes_no_name(document: Json, shuffled: Any) -> None:
    """The order of paths, verbs, parameters and definitions in a document has no say."""
    other = json.loads(json.dumps(document))
    for item in other["paths"].values():
        for operation in item.values():
            shuffled.shuffle(operation["parameters"])
    for key in ("paths", "definitions"):
        entries = list(other[key].items())
        shuffled.shuffle(entries)
        other[key] = dict(entries)

    assert names_of(other) == names_of(document)


def assert_unique(names: GivenNames) -> None:
    """Every name is an identifier, and the only one of its kind in its scope."""
    assert len(set(names.calls.values())) == len(names.calls)
    assert len({type_.casefold() for type_ in names.types.values()}) == len(names.types)
    for scope in (*names.arguments.values(), names.types):
        assert len(set(scope.values())) == len(scope)
    for name in [
        *(part for call in names.calls.values() for part in call.split(".")),
        *(key for keys in names.arguments.values() for key in keys.values()),
        *names.types.values(),
    ]:
        assert name.isidentifier()
        assert not keyword.iskeyword(name)


def document(**operations: Json) -> Json:
    """A document with these operations at `/u`, by their verbs."""
    item = {
        verb: {"tags": ["u"], "responses": {"200": {"description": ""}}, **each} for verb, each in operations.items()
    }
    return {"swagger": "2.0", "info": {"title": "Moving", "version": "1"}, "paths": {"/u": item}}


@pytest.mark.parametrize("newcomer", ["user.get", "user_get", "user-get"])
def test_a_newcomer_steps_aside(newcomer: str) -> None:
    """Whatever verb it has and however it is spelled, a new operation leaves an old one its name."""
    old = names_of(document(delete={"operationId": "user-get"}))

    new = names_of(document(delete={"operationId": "user-get"}, get={"operationId": newcomer}), old)

    assert new.calls == {"DELETE /u": "u.user_get", "GET /u": "u.get_u"}


def test_an_operation_that_is_called_otherwise_gets_its_new_name() -> None:
    """Who changes an operationId or a tag wants another name."""
    old = names_of(document(get={"operationId": "list"}, put={"operationId": "save"}))

    new = names_of(document(get={"operationId": "all"}, put={"operationId": "save", "tags": ["v"]}), old)

    assert new.calls == {"GET /u": "u.all", "PUT /u": "v.save"}


@pytest.mark.parametrize("name", ["class", "_client", "__x", "a b", "import os", "", "get()"])
def test_a_name_that_no_code_can_hold_is_not_kept(name: str) -> None:
    """A names.json may have been edited: nothing but identifiers comes from it."""
    api = read(normalise(document(get={"operationId": "list"})), "moving-1")
    given_names = GivenNames(calls={"GET /u": f"u.{name}"}, arguments={}, types={})

    assert [operation.dotted for operation in keep(api, given_names).operations] == ["u.list"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"calls": []}', "[" * 100_000])
def test_what_is_no_names_json_is_none(text: str) -> None:
    """A file that can't be read is no reason to fail."""
    assert GivenNames.parse(text) is None


def test_entries_that_are_no_names_are_left_out() -> None:
    """An edited names.json loses the entries that can't be read, and keeps the others."""
    broken = {"GET /a": 5, "GET /b": "pq", "GET /c": ["tag"], "GET /d": [1, 2], "GET /e": {"a": "b", "c": "d"}}
    text = json.dumps({"calls": {"GET /u": "u.list", "GET /a": 5}, "declared": {"GET /u": ["u", "list"], **broken}})

    found = GivenNames.parse(text)

    assert found is not None
    assert (found.calls, found.declared) == ({"GET /u": "u.list"}, {"GET /u": ("u", "list")})


def test_definitions_have_their_names_before_shapes_without_one() -> None:
    """An answer that is described in place steps aside for a definition that is spelled like it."""
    answer = {"responses": {"200": {"description": "", "schema": RECORD}}}
    made = document(get={"operationId": "entity", **answer})
    made["paths"]["/u"]["put"] = {
        "tags": ["u"],
        "operationId": "other",
        "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/EntityResult"}}},
    }

    assert names_of({**made, "definitions": {"EntityResult": RECORD}}).types == {
        "EntityResult": "EntityResult",
        "u.entity.result": "EntityResult_e84bbc",
    }
