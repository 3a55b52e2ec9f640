"""Bodies, content types, dates and whole responses: the runtime client and the SDK do the same."""

from __future__ import annotations

import datetime
import importlib
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen.documents import repair_swagger2
from ovcgen.generator import sdk_files
from ovcgen.generator.write import write
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from tests.client.conftest import Listener, Open

Opener = Callable[[dict[str, Any]], Any]
TEXT, OBJECT = {"type": "string"}, {"type": "object"}
UTC = datetime.UTC
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def document(*parameters: dict[str, Any], method: str = "post", path: str = "/things", **more: Any) -> dict[str, Any]:
    """A document with one call, `things.call`."""
    call = {"operationId": "call", "tags": ["things"], "parameters": list(parameters), "responses": {}, **more}
    call["responses"] = call["responses"] or {"200": {"description": "ok", "schema": {}}}
    info = {"title": f"both {uuid.uuid4().hex}", "version": "1"}
    return {"swagger": "2.0", "info": info, "paths": {path: {method: call}}}


def body(name: str = "body", schema: Any = OBJECT, **more: Any) -> dict[str, Any]:
    """A parameter that is the body."""
    return {"name": name, "in": "body", "schema": schema, **more}


def form(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    """A parameter of a form."""
    return {"name": name, "in": "formData", "type": kind, **more}


@pytest.fixture(params=["runtime", "sdk"])
def client(request: pytest.FixtureRequest, portal: Listener, opened: Open, tmp_path: Path) -> Iterator[Opener]:
    """Opens one of the two clients of a document."""
    modules = set(sys.modules)

    def of_the_sdk(served: dict[str, Any]) -> Any:
        mended, _ = repair_swagger2(served, "x.json")
        files = sdk_files(read(normalise(mended, dialect="plain"), served["info"]["title"]), sha256="0")
        folder = tmp_path / served["info"]["title"]
        write(files, folder)
        monkey.syspath_prepend(folder)
        package = next(name.partition("/")[0] for name in files if name.endswith("/_client.py"))
        return importlib.import_module(package).connect(portal.url)

    def of_the_runtime(served: dict[str, Any]) -> Any:
        return opened(repair_swagger2(served, "x.json")[0])

    with pytest.MonkeyPatch.context() as monkey:
        yield of_the_sdk if request.param == "sdk" else of_the_runtime
    for name in set(sys.modules) - modules:
        if name.startswith("both_"):
            del sys.modules[name]


def sent(portal: Listener) -> tuple[str, Any]:
    """The content type and the body of the last request."""
    *_, text, headers = portal.seen[-1]
    kind = headers.get("Content-Type", "")
    return kind.partition(";")[0], json.loads(text) if "json" in kind else text


def refused(call: Callable[..., Any], **arguments: Any) -> str:
    """The message of an ArgumentError, whichever copy of the runtime it is of."""
    with pytest.raises(ValueError, match=r".") as caught:
        call(**arguments)
    assert "ArgumentError" in [kind.__name__ for kind in type(caught.value).__mro__]
    return str(caught.value)


def test_several_bodies_are_members_of_one_object(portal: Listener, client: Opener) -> None:
    """Those that are given; one that is required is asked for, and each has its own type."""
    call = client(
        document(body("login", TEXT, required=True), body("email", TEXT), body("notify", {"type": "boolean"}))
    )

    call.things.call(login="me", notify=False)

    assert sent(portal) == ("application/json", {"login": "me", "notify": False})
    with pytest.raises(TypeError, match="login"):
        call.things.call(email="x")
    assert "True or False" in refused(call.things.call, login="me", notify=3)


def test_of_bodies_without_names_one_can_be_sent(portal: Listener, client: Opener) -> None:
    """Nobody can say how two of them would stand in one body."""
    first, second = ({"in": "body", "schema": OBJECT, "required": True} for _ in range(2))
    call = client(document(first, second))

    call.things.call(body={"a": 1})

    assert sent(portal) == ("application/json", {"a": 1})
    keys = {"body": {}, "body_1": {}}
    assert "in one request" in refused(call.things.call, **keys)


def test_several_bodies_are_told(client: Opener) -> None:
    """With the place, and strict reading refuses them; so is a body beside a form."""
    del client
    several = document(body("a"), body("b"))
    both = document(body("a"), form("b"))

    problems = [*repair_swagger2(several, "x.json")[1], *repair_swagger2(both, "x.json")[1]]

    assert {problem.pointer for problem in problems} == {"/paths/~1things/post/parameters"}
    assert [problem.what for problem in problems] == [
        "there are several bodies: a, b",
        "there is a body, a, and a form, of b",
    ]


@pytest.mark.parametrize("consumes", [["application/json", "multipart/form-data"], ["multipart/form-data"], []])
def test_a_body_or_a_form_is_sent(portal: Listener, client: Opener, consumes: list[str]) -> None:
    """By what is given; both are refused."""
    parameters = (body(required=True), form("Name", required=True), form("file", "file"))
    call = client(document(*parameters, consumes=consumes))

    call.things.call(body={"a": 1})
    assert sent(portal) == ("application/json", {"a": 1})
    call.things.call(Name="n", file=b"content")
    kind, text = sent(portal)
    assert kind == "multipart/form-data"
    assert 'name="Name"\r\n\r\nn\r\n' in text
    assert "content" in text
    assert "'body' and 'Name'" in refused(call.things.call, body={}, Name="n")


PATCHES = ["application/json-patch+json", "application/merge-patch+json"]
STRATEGIC = "application/strategic-merge-patch+json"
CHOICES = [
    pytest.param(PATCHES, {"a": 1}, PATCHES[1], id="object"),
    pytest.param(PATCHES, [{"op": "remove", "path": "/a"}], PATCHES[0], id="list"),
    pytest.param([*PATCHES, "application/json"], {"a": 1}, "application/json", id="object as JSON"),
    pytest.param(
        [PATCHES[0], "application/strategic-merge-patch+json"], {}, "application/strategic-merge-patch+json", id="other"
    ),
    pytest.param(PATCHES[:1], {"a": 1}, PATCHES[0], id="nothing to choose"),
    pytest.param(["application/xml", "application/json"], {"a": 1}, "application/json", id="JSON beside XML"),
    pytest.param(["application/json", "application/octet-stream"], b"raw", "application/octet-stream", id="bytes"),
]


@pytest.mark.parametrize(("consumes", "value", "kind"), CHOICES)
def test_the_value_chooses_its_content_type(
    portal: Listener, client: Opener, consumes: list[str], value: Any, kind: str
) -> None:
    """Of those that the document declares."""
    client(document(body(), method="patch", consumes=consumes)).things.call(body=value)

    assert sent(portal) == (kind, value.decode() if isinstance(value, bytes) else value)


@pytest.mark.parametrize("kind", [*PATCHES, "application/json-patch+json; charset=utf-8"])
def test_a_caller_chooses_the_content_type(portal: Listener, client: Opener, kind: str) -> None:
    """Whatever the value is."""
    client(document(body(), consumes=PATCHES)).things.call(body={"a": 1}, _content_type=kind)

    assert portal.seen[-1][-1]["Content-Type"] == kind


def test_what_is_no_json_is_sent_as_it_is(portal: Listener, client: Opener) -> None:
    """As a text, bytes or the path of a file; an object can't be written in XML."""
    call = client(document(body(), consumes=["application/json", "application/xml"]))

    call.things.call(body="<a/>", _content_type="application/xml")

    assert sent(portal) == ("application/xml", "<a/>")
    assert "binary file" in refused(call.things.call, body={"a": 1}, _content_type="application/xml")


def test_a_form_has_the_content_type_that_is_chosen(portal: Listener, client: Opener) -> None:
    """Multipart only where that is asked for or needed."""
    call = client(document(form("a"), consumes=["application/x-www-form-urlencoded", "multipart/form-data"]))

    call.things.call(a="1")
    assert sent(portal) == ("application/x-www-form-urlencoded", "a=1")
    call.things.call(a="1", _content_type="multipart/form-data")
    assert sent(portal)[0] == "multipart/form-data"


@pytest.mark.parametrize("wrong", ["text/plain", "", 3, "application/json\r\nX: y"])
def test_a_content_type_that_is_not_declared_is_refused(client: Opener, wrong: Any) -> None:
    """The message says which there are; where there is one only, there is nothing to choose."""
    call = client(document(body(), consumes=PATCHES))

    assert ", ".join(PATCHES) in refused(call.things.call, body={}, _content_type=wrong)
    with pytest.raises(TypeError, match="_content_type"):
        client(document(body(), consumes=PATCHES[:1])).things.call(body={}, _content_type=PATCHES[0])


DAY, TIME = ({"type": "string", "format": literal} for literal in ("date", "date-time"))
INSIDE = {"at": TIME, "day": DAY, "list": {"type": "array", "items": {"type": "object", "properties": {"at": TIME}}}}
NAIVE = datetime.datetime(2026, 1, 2)
WRONG = [
    pytest.param({"since": NAIVE}, "'since'", "time zone", id="query without offset"),
    pytest.param({"since": NOW.date()}, "'since'", "time zone", id="date for a time"),
    pytest.param({"day": NOW}, "'day'", "value.date()", id="time for a date"),
    pytest.param({"days": [NOW]}, "'days'", "value.date()", id="in a list"),
    pytest.param({"note": NAIVE}, "'note'", "time zone", id="no format"),
    pytest.param({"body": {"x": [{"y": NAIVE}]}}, "'x.0.y' of 'body'", "time zone", id="body"),
    pytest.param({"body": {"at": NOW.date()}}, "'at' of 'body'", "time zone", id="date for a time in a body"),
    pytest.param({"body": {"day": NOW}}, "'day' of 'body'", "value.date()", id="time for a date in a body"),
    pytest.param({"body": {"list": [{}, {"at": NOW.date()}]}}, "'list.1.at' of 'body'", "time zone", id="deeper"),
    pytest.param({"body": {"a": {"b": {1, 2}}}}, "a set for 'a.b' of 'body'", "what JSON can say", id="a set"),
    pytest.param({"body": {"a": [b"x"]}}, "a bytes for 'a.0' of 'body'", "what JSON can say", id="bytes"),
    pytest.param({"body": {"a": float("nan")}}, "a float for 'a' of 'body'", "what JSON can say", id="NaN"),
    pytest.param({"body": {"a": Decimal("NaN")}}, "a Decimal for 'a' of 'body'", "a finite number", id="no Decimal"),
    pytest.param({"body": {(1, 2): 3}}, "a tuple for '(1, 2)' of 'body'", "texts for keys", id="a key"),
]


def dated() -> dict[str, Any]:
    """A call that takes dates in the query and in a body."""
    query = {"since": TIME, "day": DAY, "note": TEXT, "days": {"type": "array", "items": DAY}}
    fields = [{"name": name, "in": "query", **shape} for name, shape in query.items()]
    number = {"name": "amount", "in": "query", "type": "number", "maximum": 100}
    return document(*fields, number, body(schema={"type": "object", "properties": INSIDE}))


@pytest.mark.parametrize(("arguments", "named", "wanted"), WRONG)
def test_a_value_that_means_something_else_is_refused_by_its_name(
    client: Opener, arguments: dict[str, Any], named: str, wanted: str
) -> None:
    """Nothing is sent, and the message says what to pass."""
    message = refused(client(dated()).things.call, **arguments)

    assert named in message
    assert wanted in message


def test_dates_numbers_and_ids_are_written(portal: Listener, client: Opener) -> None:
    """As RFC 3339 and JSON write them, with all digits of a Decimal."""
    own = uuid.UUID(int=1)
    value = {
        "at": NOW,
        "day": NOW.date(),
        "id": own,
        "more": [Decimal("1.10"), Decimal("1E+30"), Decimal("0.1234567890123456789")],
    }

    client(dated()).things.call(
        since=NOW, day=NOW.date(), note=own, days=[NOW.date()], amount=Decimal("1.50"), body=value
    )

    verb, path, text, _ = portal.seen[-1]
    assert (
        path == f"/things?since=2026-01-02T03%3A04%3A05%2B00%3A00&day=2026-01-02&note={own}&days=2026-01-02&amount=1.50"
    )
    assert '"more": [1.10, 1E+30, 0.1234567890123456789]' in text
    assert json.loads(text)["id"] == str(own)
    assert (verb, json.loads(text)["at"]) == ("POST", "2026-01-02T03:04:05+00:00")


def test_a_response_has_value_status_and_headers(portal: Listener, client: Opener) -> None:
    """A 201 without a body says in `Location` where the new object is; the repr shows no header's value."""
    portal.status, portal.body, portal.headers = 201, b"", {"Location": "/things/7?token=s3cret", "Set-Cookie": "a=b"}
    created = {"201": {"description": "created", "headers": {"Location": {"type": "string"}}}}
    call = client(document(body(), responses=created))

    response = call.with_response(call.things.call, body={"a": 1})

    assert call.things.call(body={}) is None
    assert (response.value, response.status) == (None, 201)
    assert response.headers["location"] == response.headers.get("Location") == "/things/7?token=s3cret"
    assert "Set-Cookie" not in response.headers
    assert "s3cret" not in repr(response) + repr(response.headers)
    assert portal.bodies[0] == '{"a": 1}'


def test_a_response_can_be_a_file(portal: Listener, client: Opener, tmp_path: Path) -> None:
    """Its value is what the call returns, whatever that is."""
    portal.body, portal.kind = b"content", "application/octet-stream"
    call = client(
        document(
            produces=["application/octet-stream"], responses={"200": {"description": "", "schema": {"type": "file"}}}
        )
    )

    response = call.with_response(call.things.call, _to=str(tmp_path / "file"))

    assert response.value.read_bytes() == b"content"
    assert response.headers["content-type"] == "application/octet-stream"


def test_only_calls_of_this_client_can_be_made(client: Opener) -> None:
    """A function, a call of another client, and a call that has been made are refused; errors are the call's own."""
    call, other = client(document(body("must", required=True))), client(document())

    for wrong in (print, other.things.call, None):
        with pytest.raises(ValueError, match="with_response"):
            call.with_response(wrong)
    with pytest.raises(TypeError, match="must"):
        call.with_response(call.things.call)


def test_a_task_is_a_response_as_well(portal: Listener, cloud: Any) -> None:
    """The guid came with headers."""
    portal.body = "b2f6b2a5-0c7e-4a6a-8f6c-3d0a3c3b6d1f"

    response = cloud.with_response(cloud.cloudapi.cloudspaces.list, _async=True)

    assert isinstance(response.value, ovcgen.Task)
    assert isinstance(response, ovcgen.FullResponse)
    assert response.status == 200
