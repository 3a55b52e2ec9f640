"""Whatever a document declares, both clients send the same, and what they send is what it declares."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ovcgen.model.readers.openapi3 import read
from tests.corpus.document_values import Document
from tests.corpus.measure_wire import measured
from tests.corpus.openapi3_requests import RequestJudge
from tests.corpus.patterns import matching
from tests.corpus.receiving import Received

DOCUMENTS = Path(__file__).parent / "documents"


@pytest.mark.filterwarnings("ignore:Accessing Validator.resolver:DeprecationWarning")  # bravado-core's own
@pytest.mark.filterwarnings("ignore:.* format is not registered:Warning")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("document", sorted(DOCUMENTS.glob("*.json")), ids=lambda path: path.stem)
def test_both_clients_send_what_the_document_declares(document: Path, seed: int) -> None:
    """Every operation, with all its arguments and with the least; bravado-core reads what arrives."""

    row = measured(document, seed)

    assert row["detail"] == ""
    assert row["both"] == row["operations"] > 0
    assert row["judged"] == row["calls"] == 2 * row["operations"]
    assert (row["unmade"], row["different"], row["refused"], row["objected"]) == (0, 0, 0, 0)


@pytest.mark.parametrize("document", sorted(DOCUMENTS.glob("*.yaml")), ids=lambda path: path.stem)
def test_requests_of_openapi_3_stand_for_their_arguments(document: Path) -> None:
    """What is read from a request by the document's own words are the arguments of the call."""

    row = measured(document, 1)

    assert row["detail"] == ""
    assert row["judged"] == row["calls"] == 2 * row["operations"] > 0
    assert (row["unmade"], row["different"], row["refused"], row["objected"]) == (0, 0, 0, 0)


PARAMETERS: list[dict[str, Any]] = [
    {"in": "path", "name": "id", "style": "matrix", "explode": True, "schema": {"type": "array"}},
    {"in": "query", "name": "deep", "style": "deepObject", "schema": {"type": "object"}},
    {"in": "query", "name": "piped", "style": "pipeDelimited", "explode": False, "schema": {"type": "array"}},
    {"in": "query", "name": "json", "content": {"application/json": {"schema": {"type": "object"}}}},
    {"in": "header", "name": "X-Object", "schema": {"type": "object"}},
    {"in": "cookie", "name": "session", "schema": {"type": "string"}},
]
ARGUMENTS: dict[str, Any] = {
    "id": ["a/b", 2],
    "deep": {"on": True},
    "piped": ["a", "b c"],
    "json": {"a": None},
    "X_Object": {"a": 1, "b": 2},
    "session": "s;1",
    "body": {"name": "x", "size": 3},
}
SENT = Received(
    "POST",
    "/v1/things/;id=a%2Fb;id=2/now?deep%5Bon%5D=true&piped=a%7Cb%20c&json=%7B%22a%22:null%7D",
    (("X-Object", "a,1,b,2"), ("Cookie", "session=s%3B1"), ("Content-Type", "application/json")),
    b'{"size": 3, "name": "x"}',
)


@pytest.mark.parametrize(
    ("part", "wrong", "objection"),
    [
        ("target", SENT.target, ""),
        ("target", SENT.target.replace("a%2Fb", "a/b"), "the path"),
        ("target", SENT.target.replace(";id=2", ",2"), "the path"),
        ("target", SENT.target.replace("true", "True"), "the query"),
        ("target", SENT.target.replace("%7Cb", ",b"), "the query"),
        ("headers", SENT.headers[1:], "the header X-Object"),
        ("headers", (SENT.headers[0], SENT.headers[2]), "the cookies"),
        ("body", b'{"name": "x", "size": "3"}', "the body"),
    ],
)
def test_the_judge_of_openapi_3_objects(part: str, wrong: Any, objection: str) -> None:
    """A request that stands for other values is not let pass."""
    body = {"content": {"application/json": {"schema": {"type": "object"}}}}
    operation = {"parameters": PARAMETERS, "requestBody": body, "responses": {"200": {"description": "ok"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things/{id}/now": {"post": operation}},
    }
    (called,) = read(document, "1")[0].callable_operations

    found = RequestJudge(Document(document)).objection(SENT._replace(**{part: wrong}), called, ARGUMENTS)

    assert found.startswith(objection)
    assert bool(found) == bool(objection)


@pytest.mark.parametrize(
    "pattern",
    ["^[A-Z]{2}-[0-9]{3,5}$", r"a|bc|(d+)", r"^\w+\s?\d*$", "[^abc]{4}", "^(?:x[yz])*$", "^.{7}$", r"^https?://\S+$"],
)
def test_a_text_is_found_for_a_pattern(pattern: str) -> None:
    """The arguments of the measurement are as good as their patterns."""
    assert re.search(pattern, matching(pattern, Random(1)))  # noqa: S311


def test_boundaries_are_no_difference() -> None:
    """Each multi-part body has its own."""

    def received(boundary: str) -> Received:
        kind = f"multipart/form-data; boundary={boundary}"
        return Received("POST", "/", (("Content-Type", kind),), f"--{boundary}--".encode())

    assert received("a" * 32).without_boundary() == received("b" * 32).without_boundary()
    assert received("a" * 32).without_boundary() != received("b" * 31 + "x").without_boundary()


def test_the_documents_use_all_places_and_collections() -> None:
    """What the measurement covers without a folder of real documents."""
    text = json.dumps([json.loads(path.read_text()) for path in DOCUMENTS.glob("*.json")])

    assert set(re.findall(r'"in": "(\w+)"', text)) == {"body", "formData", "header", "path", "query"}
    assert set(re.findall(r'"collectionFormat": "(\w+)"', text)) == {"csv", "multi", "pipes", "ssv", "tsv"}
