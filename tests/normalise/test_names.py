"""Names: total, deterministic, and never two alike."""

from __future__ import annotations

import keyword
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.model.reader import read
from ovcgen.normalise import normalise
from ovcgen.normalise.names import CLIENT_NAMES, METHOD_NAMES, identifiers

AWKWARD = [
    "class",
    "None",
    "match",
    "self",
    "_async",
    "unknown",
    "list",
    "List",
    "LIST",
    "__init__",
    "__class__",
    "__x",
    "_",
    "__",
    "",
    " ",
    "-",
    "$",
    "1",
    "1st",
    "n1",
    "a-b",
    "a_b",
    "a.b",
    "a b",
    "a_b_",
    "a_b_2",
    "name",
    "name_",
    "é",
    "e",
    "ß",
    "ﬁ",
    "名前",
    "\U0001f600",
    "\ud800",
    "\x00",
    "x" * 64,
    "x" * 64 + "a",
    "x" * 64 + "-b",
    "x" * 300,
    "-" * 70,
    "class_",
]
names = st.sets(st.sampled_from(AWKWARD) | st.text(max_size=80), max_size=30)


@settings(max_examples=300, deadline=None)
@given(names, st.sampled_from([frozenset(), METHOD_NAMES, CLIENT_NAMES]), st.booleans())
def test_every_name_gets_an_identifier_of_its_own(wire: set[str], reserved: frozenset[str], hidden: bool) -> None:
    """Whatever a document says, Python can say it too, and it is never mangled inside a class."""
    found = identifiers(wire, reserved, hidden=hidden)

    assert found.keys() == wire
    assert len(set(found.values())) == len(wire)
    for name in found.values():
        assert name.isascii()
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert not name.startswith("__")
        assert name not in reserved
        assert hidden or not name.startswith("_")


@settings(deadline=None)
@given(st.permutations(AWKWARD))
def test_order_changes_no_name(shuffled: list[str]) -> None:
    """Nor does hearing a name twice."""
    assert identifiers(shuffled * 2) == identifiers(AWKWARD)


@pytest.mark.parametrize(
    ("wire", "spelled"),
    [
        pytest.param(["name", "cloudspaceId", "_x"], ["name", "cloudspaceId", "_x"], id="as they are"),
        pytest.param(["class", "None"], ["class_", "None_"], id="keywords"),
        pytest.param(["list", "List"], ["list", "List"], id="case only"),
        pytest.param(["a-b", "a.b", "a_b"], ["a_b_", "a_b_2", "a_b"], id="punctuation only"),
        pytest.param(["1st", ""], ["n1st", "name"], id="no letter first"),
        pytest.param(["Größe"], ["Groe"], id="other alphabets"),
        pytest.param(["__init__", "init"], ["init_", "init"], id="dunders"),
        pytest.param(["x" * 64 + "-1", "x" * 64 + "-2"], ["x" * 64, "x" * 64 + "_"], id="a long prefix shared"),
        pytest.param(["x" * 80, "x" * 81], ["x" * 80, "x" * 64], id="too long for a line"),
    ],
)
def test_names_read_like_what_they_stand_for(wire: list[str], spelled: list[str]) -> None:
    """Itself where that is possible, else the nearest that is free."""
    found = identifiers(wire)

    assert [found[name] for name in wire] == spelled


def document(*operations: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """A document of these (verb, path, operation)."""
    paths: dict[str, Any] = {}
    for verb, path, body in operations:
        paths.setdefault(path, {})[verb] = {"responses": {}, **body}
    return {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": paths}


def dotted(given_document: dict[str, Any]) -> dict[str, str]:
    """How each operation that can be called is spelled."""
    return {each.place: each.dotted for each in read(normalise(given_document), "1").callable_operations}


def test_a_portal_names_by_path() -> None:
    """Group, actor, method; of two verbs POST."""
    tags = {"tags": ["cloudapi__machines"]}
    catalog = document(("post", "/cloudapi/machines/get", tags), ("get", "/cloudapi/machines/get", tags))

    assert dotted(catalog)["POST /cloudapi/machines/get"] == "cloudapi.machines.get"
    assert "GET /cloudapi/machines/get" not in dotted(catalog)


def test_other_documents_name_by_tag_and_id() -> None:
    """The path speaks where they are silent; ids used twice name nothing."""
    found = dotted(
        document(
            ("get", "/pets", {"tags": ["pets"], "operationId": "list"}),
            ("get", "/pets/{id}", {"operationId": "twice"}),
            ("put", "/pets/{id}", {"operationId": "twice"}),
            ("get", "/a/b", {"tags": ["x"]}),
            ("get", "/a_b", {"tags": ["x"]}),
            ("get", "/", {}),
        )
    )

    assert found == {
        "GET /pets": "pets.list",
        "GET /pets/{id}": "pets.get_pets_id",
        "PUT /pets/{id}": "pets.put_pets_id",
        "GET /a/b": "x.get_a_b",
        "GET /a_b": "x.get_a_b_",
        "GET /": "root.get",
    }


def test_ids_are_unique() -> None:
    """bravado wants that."""
    same = {"operationId": "same", "tags": ["a"]}
    normal = normalise(document(("get", "/a", same), ("post", "/a", same), ("get", "/b", {"operationId": "own"})))
    ids = [body["operationId"] for item in normal["paths"].values() for body in item.values()]

    assert len(set(ids)) == 3
    assert "own" in ids


def test_order_in_the_document_changes_no_name() -> None:
    """Of keys, of paths and of parameters."""
    spots = [("get", f"/a{number % 7}/{mark}b", {"tags": ["t"]}) for number in range(9) for mark in ("-", "_", "", ".")]
    parameters = [{"name": name, "in": "query", "type": "string"} for name in AWKWARD]
    spots = [(verb, path, {**body, "parameters": parameters}) for verb, path, body in spots]
    shuffled = random.Random(5)  # noqa: S311  # any order will do
    other = [
        (verb, path, {**body, "parameters": shuffled.sample(parameters, len(parameters))})
        for verb, path, body in shuffled.sample(spots, len(spots))
    ]

    assert named(document(*spots)) == named(document(*other))


def named(given_document: dict[str, Any]) -> dict[str, Any]:
    """Every name that a caller writes."""
    return {
        each.place: (each.dotted, {parameter.name: parameter.key for parameter in each.parameters})
        for each in read(normalise(given_document), "1").operations
    }


def test_one_name_in_two_places_is_two_keywords() -> None:
    """The path's is the plain one."""
    parameters = [{"name": "id", "in": place, "type": "string"} for place in ("header", "path", "query")]
    (operation,) = read(normalise(document(("get", "/{id}", {"parameters": parameters}))), "1").operations

    assert [each.key for each in operation.parameters] == ["id_header", "id", "id_query"]
