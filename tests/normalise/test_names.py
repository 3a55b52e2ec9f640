"""Names: total, deterministic, and never two alike."""

from __future__ import annotations

import keyword
import random
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovcgen.documents.python_identifiers import columns
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from ovcgen.normalise.names import CLIENT_NAMES, LONGEST, METHOD_NAMES, identifiers

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
        assert name.isidentifier()
        assert unicodedata.normalize("NFKC", name) == name
        assert columns(name) <= LONGEST
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
        pytest.param(["a-b", "a.b", "a_b"], ["a_b_d44362", "a_b_2e7336", "a_b"], id="punctuation only"),
        pytest.param(["1st", "", "-"], ["n1st", "name_e3b0c4", "name_3973e0"], id="no letter first"),
        pytest.param(["Größe", "获取用户", "año-1"], ["Größe", "获取用户", "año_1"], id="other alphabets"),
        pytest.param(["e\u0301", "é", "ﬁ"], ["é_bf1276", "é", "fi"], id="as Python normalises them"),
        pytest.param(["a\ufe0f", "\u3164"], ["a", "name_751920"], id="letters that nobody sees"),
        pytest.param(["__init__", "init"], ["init_759f8d", "init"], id="dunders"),
        pytest.param(
            ["x" * 64 + "-1", "x" * 64 + "-2"], ["x" * 57 + "_608a52", "x" * 57 + "_89d28a"], id="a long prefix shared"
        ),
        pytest.param(["x" * 80, "x" * 81], ["x" * 80, "x" * 57 + "_4d1f7b"], id="too long for a line"),
        pytest.param(["名" * 41], ["名" * 28 + "_f5967a"], id="wide letters"),
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
    return {operation.place: operation.dotted for operation in read(normalise(given_document), "1").callable_operations}


def test_a_portal_names_by_path() -> None:
    """Group, actor, method; of two verbs POST."""
    tags = {"tags": ["cloudapi__machines"]}
    catalog = document(("post", "/cloudapi/machines/get", tags), ("get", "/cloudapi/machines/get", tags))

    assert dotted(catalog)["POST /cloudapi/machines/get"] == "cloudapi.machines.get"
    assert "GET /cloudapi/machines/get" not in dotted(catalog)


def test_other_documents_name_by_tag_and_id() -> None:
    """The verb and path name what has no operationId, and what has one that another operation of the group has."""
    found = dotted(
        document(
            ("get", "/pets", {"tags": ["pets"], "operationId": "list"}),
            ("get", "/pets/{id}", {"operationId": "twice"}),
            ("put", "/pets/{id}", {"operationId": "twice"}),
            ("get", "/a/b", {"tags": ["x"]}),
            ("get", "/a_b", {"tags": ["x"]}),
            ("get", "/", {}),
            ("get", "/emoji", {"tags": ["y"], "operationId": "\U0001f600"}),
        )
    )

    assert found == {
        "GET /pets": "pets.list",
        "GET /pets/{id}": "pets.twice",
        "PUT /pets/{id}": "pets.put_pets_id",
        "GET /a/b": "x.get_a_b",
        "GET /a_b": "x.get_a_b_5d7847",
        "GET /": "root.get",
        "GET /emoji": "y.get_emoji",
    }


@pytest.mark.parametrize("newcomer", ["user-get", "user.get", "user get"])
def test_an_operation_that_reads_keeps_its_name(newcomer: str) -> None:
    """Where an operationId of another verb is spelled alike or is the same, the other verb steps aside."""
    old = ("get", "/u", {"tags": ["u"], "operationId": "user.get"})
    new = ("delete", "/u", {"tags": ["u"], "operationId": newcomer})

    assert dotted(document(old)) == {"GET /u": "u.user_get"}
    assert dotted(document(old, new)) == {"GET /u": "u.user_get", "DELETE /u": "u.delete_u"}


def test_an_operation_id_names_in_its_group_only() -> None:
    """`client.<tag>.<id>` tells two operations apart that have one operationId and two tags."""
    twice = [("post", f"/{tag}/deployments", {"tags": [tag], "operationId": "create"}) for tag in ("v1", "v1beta1")]

    assert sorted(dotted(document(*twice)).values()) == ["v1.create", "v1beta1.create"]


WISHES = st.sampled_from(["a.b", "a-b", "a b", "a_b", "class", "class_", "\U0001f600", "", "a/b", "ab", "x" * 90])
OPERATIONS = st.dictionaries(
    st.tuples(st.sampled_from(["get", "put", "post", "delete"]), st.sampled_from(["/", "/a/b", "/a_b", "/a-b", "/c"])),
    st.fixed_dictionaries({"tags": st.lists(WISHES, min_size=1, max_size=1), "operationId": WISHES}),
    min_size=1,
)


@settings(max_examples=200, deadline=None)
@given(OPERATIONS, st.data())
def test_no_other_operation_decides_what_a_name_steps_aside_to(
    every: dict[tuple[str, str], dict[str, Any]], data: st.DataObject
) -> None:
    """Whatever else is in a document, an operation has its own spelling or one of two that depend on itself alone."""
    some = data.draw(st.sets(st.sampled_from(sorted(every)), min_size=1))
    whole, part, alone = (
        named(document(*((*spot, every[spot]) for spot in spots))) for spots in (sorted(every), some, sorted(some)[:1])
    )

    assert len({dotted for dotted, _ in whole.values()}) == len(every)
    for place, (dotted_alone, _) in alone.items():
        group, name = dotted_alone.split(".")
        for found in (whole, part):
            its_group, its_name = found[place][0].split(".")
            assert its_group in (group, f"{group.rstrip('_')}_{its_group[-6:]}")
            verb, path = place.lower().split(" ")
            aside = identifiers([f"{verb} {path}"])[f"{verb} {path}"]
            assert its_name.startswith((name.rstrip("_"), aside))


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
        operation.place: (operation.dotted, {parameter.name: parameter.key for parameter in operation.parameters})
        for operation in read(normalise(given_document), "1").operations
    }


def test_one_name_in_two_places_is_two_keywords() -> None:
    """The path's is the plain one."""
    parameters = [{"name": "id", "in": place, "type": "string"} for place in ("header", "path", "query")]
    (operation,) = read(normalise(document(("get", "/{id}", {"parameters": parameters}))), "1").operations

    assert [parameter.key for parameter in operation.parameters] == ["id_header", "id", "id_query"]
