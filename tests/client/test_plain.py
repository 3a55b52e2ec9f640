"""The runtime client of a document that is no portal's: a file, an address, a call."""

from __future__ import annotations

import datetime
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen.client import bravado_adapter
from tests.client.conftest import Listener, Open, RuntimePortal, field_of, plain

UPLOAD = {"consumes": ["multipart/form-data"]}


@pytest.fixture
def petstore(portal: Listener, tmp_path: Path) -> Iterator[RuntimePortal]:
    """Opened as a user does, from a file whose host is another."""
    path = tmp_path / "petstore.json"
    document = plain(field_of("name", required=True), host="elsewhere.example", schemes=["wss"], basePath="/api/v2")
    path.write_text(json.dumps(document))
    with ovcgen.connect(portal.url, spec=str(path)) as client:
        yield client


def test_a_file_is_enough(portal: Listener, petstore: RuntimePortal) -> None:
    """`client.<group>.<method>`, below the base path of the document; its host redirects nobody."""
    portal.body = {"id": 1}

    assert petstore.things.call(name="web") == {"id": 1}
    assert (portal.paths, portal.bodies) == (["/api/v2/things"], ["name=web"])


def test_a_mistake_is_told_as_ever(portal: Listener, petstore: RuntimePortal) -> None:
    """Before anything is sent."""
    with pytest.raises(TypeError, match="Did you mean 'name'"):
        petstore.things.call(name="web", nmae="x")
    assert portal.seen == []


@pytest.mark.parametrize("place", ["/", "/{id}", "/a/{id}.{format}", "/query?action=list", "/a b/ü"])
def test_any_path_goes_through_bravado(portal: Listener, opened: Open, place: str) -> None:
    """Also those that make it stumble elsewhere."""
    holes = [field_of(name, place="path", required=True) for name in ("id", "format") if f"{{{name}}}" in place]
    client = opened(plain(*holes, path=place))
    (operation,) = client._named.values()

    client.things.call(**{hole["name"]: "x" for hole in holes})

    assert bravado_adapter.find_operation(client.swagger, operation) is not None
    assert len(portal.seen) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"security": [{"undeclared": []}]},
        {"definitions": {"A": {"title": "Same"}, "B": {"title": "Same"}}},
        {"x-note": {"nested": {"default": {"enum": [1]}}}},
        {"securityDefinitions": {"a": {"type": "apiKey", "name": "x-own-secret", "in": "query"}}},
        {"parameters": {"unused": field_of("x")}, "responses": {"unused": {"description": "none"}}},
    ],
)
def test_what_bravado_can_not_load_it_does_not_get(portal: Listener, opened: Open, more: dict[str, Any]) -> None:
    """Its copy has the operations and nothing else."""
    client = opened(plain(field_of("name"), **more))

    client.things.call(name="web")

    assert portal.bodies == ["name=web"]


def test_declared_keys_are_hidden(portal: Listener, opened: Open) -> None:
    """Also those that are sent as an ordinary argument."""
    login = {"type": "apiKey", "name": "own-token-8", "in": "query"}
    client = opened(plain(field_of("own-token-8", place="query"), securityDefinitions={"login": login}))
    portal.status = 404

    with pytest.raises(ovcgen.NotFound) as caught:
        client.things.call(own_token_8="canary")

    assert portal.paths == ["/v1/things?own-token-8=canary"]
    assert caught.value.response is not None
    assert "canary" not in f"{caught.value} {caught.value.response.url} {caught.value.response.request.url}"


def test_a_file_is_sent_through_bravado(portal: Listener, opened: Open, tmp_path: Path) -> None:
    """In parts, as the SDK sends it."""
    path = tmp_path / "picture.png"
    path.write_bytes(b"picture")
    client = opened(plain(field_of("note"), field_of("file", "file", required=True), operation=UPLOAD))

    client.things.call(note="new", file=path)

    (body,) = portal.bodies
    assert 'name="note"\r\n\r\nnew\r\n' in body
    assert 'name="file"; filename="picture.png"\r\nContent-Type: application/octet-stream\r\n\r\npicture\r\n' in body


def test_a_body_that_bravado_could_not_write(portal: Listener, opened: Open, tmp_path: Path) -> None:
    """A date inside of JSON, and a file in the place of a body."""
    path = tmp_path / "image"
    path.write_bytes(b"picture")
    thing = {"name": "thing", "in": "body", "required": True, "schema": {}}

    opened(plain(thing)).things.call(thing={"at": datetime.date(2024, 2, 29)})
    opened(plain(thing, operation={"consumes": ["image/png"]})).things.call(thing=path)

    assert portal.bodies == ['{"at": "2024-02-29"}', "picture"]


@pytest.mark.parametrize(
    ("kind", "body", "value"),
    [
        ("application/json", {"a": 1}, {"a": 1}),
        ("text/plain", b"words", "words"),
        ("image/png", b"\x89", b"\x89"),
        ("application/xml", b"<a/>", "<a/>"),
    ],
)
def test_an_answer_is_what_its_type_says(portal: Listener, opened: Open, kind: str, body: Any, value: Any) -> None:
    """Through bravado, too."""
    portal.kind, portal.body = kind, body

    assert opened(plain()).things.call() == value


@pytest.mark.parametrize(
    ("kind", "said", "value", "annotation"),
    [
        ("application/xml", b"<a/>", "<a/>", "str"),
        ("text/plain", b'{"a": 1}', '{"a": 1}', "str"),
        ("image/png", b"\x89", b"\x89", "bytes | Path"),
        ("application/json", b'{"a": 1}', {"a": 1}, "dict[str, Any]"),
    ],
)
def test_an_answer_is_what_its_operation_says(
    portal: Listener, opened: Open, kind: str, said: bytes, value: object, annotation: str
) -> None:
    """An object can't come where only other types than JSON are produced."""
    portal.kind, portal.body = kind, said
    thing = {"200": {"description": "ok", "schema": {"type": "object", "properties": {"a": {}}}}}
    call = opened(plain(operation={"responses": thing, "produces": [kind]})).things.call

    assert call() == value
    assert inspect.signature(call).return_annotation == annotation


def test_dates_are_sent_as_texts(portal: Listener, opened: Open) -> None:
    """And the signature says so."""
    days = field_of("days", "array", "query", items={"type": "string", "format": "date"})
    call = opened(plain(field_of("at", format="date-time"), days)).things.call

    call(at=datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC), days=[datetime.date(2024, 2, 29), "2024-03-01"])

    assert (portal.paths, portal.bodies) == (
        ["/v1/things?days=2024-02-29%2C2024-03-01"],
        ["at=2024-02-29T00%3A00%3A00%2B00%3A00"],
    )
    assert str(inspect.signature(call).parameters["at"]) == "at: 'str | datetime | None' = None"


def test_logins_that_documents_declare(portal: Listener, opened: Open) -> None:
    """Basic, a key, a token."""
    for auth in (ovcgen.Basic("a", "b"), ovcgen.ApiKey("k", name="X-Key"), ovcgen.Bearer("t", scheme="Bearer")):
        opened(plain(), auth=auth).things.call()

    sent = [(headers.get("Authorization"), headers.get("X-Key")) for *_, headers in portal.seen]
    assert sent == [("Basic YTpi", None), (None, "k"), ("Bearer t", None)]
