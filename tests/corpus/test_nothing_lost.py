"""All that a document says is in its SDK or in a warning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ovcgen.documents import repair_swagger2
from ovcgen.documents.document import Problem
from ovcgen.errors import SpecRefused
from ovcgen.generator import sdk_files
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from ovcgen.workflows.build_sdk import sdk_of
from tests.corpus.nothing_lost import lost, said_by
from tests.corpus.reading import document_at

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.json")), ids=lambda path: path.stem)
def test_nothing_of_a_real_document_is_lost(path: Path) -> None:
    """Every call and every parameter is there."""
    sdk = sdk_of(path)

    number, missing = lost(json.loads(path.read_text()), sdk.files, sdk.problems)

    assert number > sdk.operations
    assert missing == []


def test_path_items_and_parameters_of_other_files_count(tmp_path: Path) -> None:
    """A walk over the document alone would not see them."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/item.json").write_text('{"get": {"parameters": [{"$ref": "all.json#/parameters/a~1b"}]}}')
    (tmp_path / "shared/all.json").write_text('{"parameters": {"a/b": {"name": "a", "in": "query"}}}')
    (tmp_path / "root.json").write_text('{"openapi": "3.1.0", "paths": {"/x": {"$ref": "shared/item.json"}}}')

    assert [said.parameter for said in said_by(document_at(tmp_path / "root.json"))] == [None, ("query", "a")]


def test_what_is_lost_is_found() -> None:
    """The walk misses a call and a parameter that an SDK does not have, unless a warning tells of it."""
    call = {"parameters": [{"name": "a", "in": "query"}, {"name": "b", "in": "formData"}]}
    document = {"paths": {"/x": {"get": call}, "/y": {"parameters": [{"name": "c", "in": "path"}], "post": {}}}}
    files = {"p/g.py": 'X = OperationSpec("g.x", "GET", "/x", (ParameterSpec("b", "string"),))'}

    assert lost(document, files, ()) == (5, ["GET /x ('query', 'a')", "POST /y", "POST /y ('path', 'c')"])
    told = [Problem("/paths/~1x/get/parameters/0", "", ""), Problem("/paths/~1y/post", "", "")]
    assert lost(document, files, told) == (5, [])


NAMES = st.sampled_from(["a", "b", "A", "a-b", "class", "self", "id", "获取", "x y", "_to", "_content_type", "1"])
TYPES = st.sampled_from([{"type": "string"}, {"type": "integer"}, {"type": "array", "items": {"type": "string"}}, {}])
PARAMETERS = st.one_of(
    st.builds(
        lambda name, place, shape: {"name": name, "in": place, "required": place == "path", **shape},
        NAMES,
        st.sampled_from(["query", "header", "formData", "path", "body", "cookie"]),
        TYPES,
    ),
    NAMES.map(lambda name: {"name": name, "in": "body", "schema": {"type": "object"}}),
    st.sampled_from(["#/parameters/Shared", "#/parameters/Nothing", "#/parameters/Again"]).map(lambda at: {"$ref": at}),
    st.just({"in": "query", "type": "string"}),
)
CALLS = st.fixed_dictionaries(
    {"responses": st.just({"200": {"description": "ok"}})},
    optional={
        "parameters": st.lists(PARAMETERS, max_size=5),
        "tags": st.lists(NAMES, max_size=2),
        "operationId": NAMES,
        "consumes": st.lists(st.sampled_from(["application/json", "multipart/form-data", "text/xml"]), max_size=3),
    },
)
ITEMS = st.dictionaries(st.sampled_from(["get", "post", "put", "GET"]), CALLS, max_size=3)
PATHS = st.dictionaries(
    st.sampled_from(["/a", "/a/{id}", "/A", "/a/", "b", "/{a}/{b}", "/a?x=1"]),
    st.builds(
        lambda item, shared: {**item, **({"parameters": shared} if shared else {})},
        ITEMS,
        st.lists(PARAMETERS, max_size=2),
    ),
    max_size=4,
)


IN_NO_PATH = [{"name": "a", "in": "path", "required": True, "type": kind} for kind in ("string", "integer")]


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(PATHS)
@example({"/a": {"get": {"responses": {"200": {"description": "ok"}}}, "parameters": IN_NO_PATH}})
def test_nothing_of_any_document_is_lost(paths: dict[str, Any]) -> None:
    """Names that clash, parameters in odd places, references to nothing: in the SDK, or in a warning."""
    shared = {"Shared": {"name": "shared", "in": "query", "type": "string"}, "Again": {"$ref": "#/parameters/Shared"}}
    document = {"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": paths, "parameters": shared}

    try:
        mended, problems = repair_swagger2(document, "x.json")
    except SpecRefused:  # no call is left
        assert not any(said.parameter is None and said.method.islower() for said in said_by(document))
        return
    files = sdk_files(read(normalise(mended, dialect="plain"), "t 1"), sha256="0")

    assert lost(document, files, problems)[1] == []
