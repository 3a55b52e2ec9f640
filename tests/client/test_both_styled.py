"""Styles, media types and servers: runtime clients and SDKs of a document send the same, blocking or not."""

from __future__ import annotations

import importlib
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import ovcgen
import ovcgen.aio
from ovcgen.generator.write import write
from ovcgen.runtime.auth import Bearer
from ovcgen.runtime.errors import ArgumentError
from tests.asynchronous import blocking
from tests.client.conftest import Listener

Opener = Callable[..., Any]
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
TEXT, LIST, OBJECT = {"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "object"}
ADDRESS = {"type": "object", "properties": {"street": {"type": "string"}, "zip": {"type": "string"}}}
DEEP = {"type": "object", "properties": {"o": {"type": "object", "properties": {"t": LIST}}}}
DEEP_QUERY = "c%5Bo%5D%5Bt%5D=a&c%5Bo%5D%5Bt%5D=b"


def document(*parameters: dict[str, Any], version: str = "3.1.0", path: str = "/things", **more: Any) -> dict[str, Any]:
    """A document with one call, `things.call`; `servers` are those of the document."""
    servers = {"servers": more.pop("servers")} if "servers" in more else {}
    call = {"operationId": "call", "tags": ["things"], "parameters": list(parameters), **more}
    call.setdefault("responses", {"200": {"description": "ok"}})
    info = {"title": f"styled {uuid.uuid4().hex}", "version": "1"}
    method = "post" if "requestBody" in more else "get"
    return {"openapi": version, "info": info, "paths": {path: {method: call}}, **servers}


def content(kind: str, schema: Any, **more: Any) -> dict[str, Any]:
    """A request body of one media type."""
    return {"requestBody": {"content": {kind: {"schema": schema, **more}}}}


def properties(**schemas: Any) -> dict[str, Any]:
    """An object with these properties."""
    return {"type": "object", "properties": schemas}


@pytest.fixture(params=["runtime", "sdk", "asynchronous runtime", "asynchronous sdk"])
def client(request: pytest.FixtureRequest, portal: Listener, tmp_path: Path) -> Iterator[Opener]:
    """Opens one of the four clients of a document, at the portal's address unless there are options.

    Asynchronous clients are called like blocking ones.
    """
    *asynchronous, kind = request.param.split()
    modules = set(sys.modules)
    portal.body = None

    def open_(served: dict[str, Any], **options: Any) -> Any:
        source = tmp_path / f"{served['info']['title']}.json"
        source.write_text(json.dumps(served))
        options = options or {"url": portal.url}
        opened: Any
        if kind == "runtime" and asynchronous:
            opened = ovcgen.aio.connect(spec=source, **options).in_this_thread()
        elif kind == "runtime":
            opened = ovcgen.connect(spec=source, **options)
        else:
            files = ovcgen.generate(source)
            folder = tmp_path / f"{served['info']['title']} sdk"
            write(files, folder)
            monkey.syspath_prepend(folder)
            package = next(name.partition("/")[0] for name in files if name.endswith("/_client.py"))
            opened = importlib.import_module(f"{package}.aio" if asynchronous else package).connect(**options)
        return clients.enter_context(blocking(opened) if asynchronous else opened)

    with pytest.MonkeyPatch.context() as monkey, ExitStack() as clients:
        yield open_
    for name in set(sys.modules) - modules:
        if name.startswith("styled_"):
            del sys.modules[name]


@pytest.mark.parametrize(
    ("parameter", "value", "target"),
    [
        ({"in": "query", "schema": LIST}, ["a b", "c"], "/things?c=a%20b&c=c"),
        ({"in": "query", "schema": LIST, "explode": False}, ["a,b", "c"], "/things?c=a%2Cb,c"),
        ({"in": "query", "schema": OBJECT}, {"x": 1, "y": None}, "/things?x=1"),
        ({"in": "query", "schema": OBJECT, "style": "deepObject"}, {"x": True}, "/things?c%5Bx%5D=true"),
        ({"in": "query", "schema": DEEP, "style": "deepObject"}, {"o": {"t": ["a", "b"]}}, f"/things?{DEEP_QUERY}"),
        ({"in": "query", "schema": LIST, "style": "pipeDelimited"}, ["a", "b"], "/things?c=a%7Cb"),
        ({"in": "query", "schema": {"anyOf": [{"type": "integer"}, LIST]}}, 7, "/things?c=7"),
        ({"in": "query", "schema": TEXT, "allowReserved": True}, "a/b", "/things?c=a/b"),
        ({"in": "query", "content": {"application/json": {"schema": OBJECT}}}, {"x": 1}, "/things?c=%7B%22x%22%3A1%7D"),
        ({"in": "path", "schema": LIST, "style": "matrix", "explode": True}, ["a", "b"], "/things/;c=a;c=b"),
        ({"in": "path", "schema": OBJECT, "style": "label"}, {"x": 1}, "/things/.x,1"),
        ({"in": "path", "schema": TEXT}, "a/b?c", "/things/a%2Fb%3Fc"),
    ],
)
def test_a_url(client: Opener, portal: Listener, parameter: dict[str, Any], value: Any, target: str) -> None:
    """Parameters in paths and queries."""
    is_path = parameter["in"] == "path"
    served = document({"name": "c", "required": is_path, **parameter}, path="/things/{c}" if is_path else "/things")

    client(served).things.call(c=value)

    assert portal.paths == [target]


def test_bravados_own_client_sends_the_same(portal: Listener, tmp_path: Path) -> None:
    """With `.swagger`, for what Swagger 2.0 can say."""
    portal.body = {}
    served = document(
        {"name": "id", "in": "path", "required": True, "schema": TEXT},
        {"name": "c", "in": "query", "explode": False, "schema": LIST},
        path="/things/{id}",
        **content("application/json", OBJECT),
    )
    source = tmp_path / "x.json"
    source.write_text(json.dumps(served))

    with ovcgen.connect(portal.url, spec=source) as client:
        client.swagger.things.call(id="a b", c=["x", "y,z"], body={"a": [1]}).response()

    assert (portal.paths, portal.bodies) == (["/things/a%20b?c=x,y%2Cz"], ['{"a":[1]}'])


@pytest.mark.parametrize(
    ("parameter", "value", "target"),
    [
        ({"in": "query", "schema": {"type": "boolean"}}, True, "/things?c=true"),
        ({"in": "query", "schema": {"type": "number"}}, 2, "/things?c=2"),
        ({"in": "query", "schema": LIST}, ["a b", "c"], "/things?c=a%20b&c=c"),
        ({"in": "path", "schema": {"type": "boolean"}}, False, "/things/false"),
        ({"in": "path", "schema": {"type": "integer", "minimum": 3}}, 3, "/things/3"),
        ({"in": "path", "schema": {"type": "integer", "minimum": 3}}, 2, "at least 3"),
        ({"in": "query", "schema": OBJECT}, {"x": 1}, "without `.swagger`"),
        ({"in": "path", "schema": LIST}, ["a"], "without `.swagger`"),
        ({"in": "query", "content": {"application/json": {}}}, {"x": 1}, "without `.swagger`"),
    ],
)
def test_types_of_bravados_own_client(
    portal: Listener, tmp_path: Path, parameter: dict[str, Any], value: Any, target: str
) -> None:
    """It makes texts of values, which are read again; what it can't write is refused, not sent in another way."""
    is_path = parameter["in"] == "path"
    served = document({"name": "c", "required": is_path, **parameter}, path="/things/{c}" if is_path else "/things")
    (tmp_path / "x.json").write_text(json.dumps(served))

    with ovcgen.connect(portal.url, spec=tmp_path / "x.json") as client:
        call = client.swagger.things.call
        if not target.startswith("/"):
            with pytest.raises(ArgumentError, match=target):
                call(c=value)
            return
        call(c=value).response()
    assert portal.paths == [target]


def test_headers_and_cookies(client: Opener, portal: Listener) -> None:
    """Cookies share one header; parameters named like the headers of a body are no parameters."""
    served = document(
        {"name": "X-List", "in": "header", "schema": LIST},
        {"name": "Accept", "in": "header", "schema": TEXT},
        {"name": "a", "in": "cookie", "schema": TEXT},
        {"name": "b", "in": "cookie", "schema": LIST},
    )
    client(served).things.call(X_List=["x", "y z"], a="1;2", b=["3", "4"])
    headers = portal.seen[-1][3]

    assert (headers["X-List"], headers["Cookie"]) == ("x,y z", "a=1%3B2; b=3; b=4")
    with pytest.raises(TypeError):
        client(served).things.call(Accept="text/html")


def test_the_whole_query_can_be_one_value(client: Opener, portal: Listener) -> None:
    """A form as it is."""
    served = document({"name": "q", "in": "querystring", "content": {FORM: {"schema": OBJECT}}}, version="3.2.0")
    client(served).things.call(q={"a": "x y", "b": [1, 2]})

    assert portal.paths == ["/things?a=x+y&b=1&b=2"]


@pytest.mark.parametrize(
    ("version", "encoding", "value", "text"),
    [
        ("3.0.3", {}, {"ad": {"street": "x", "zip": "1"}}, "street=x&zip=1"),
        ("3.1.0", {}, {"ad": {"street": "x"}}, "ad=%7B%22street%22%3A%22x%22%7D"),
        ("3.1.0", {"ad": {"style": "deepObject"}}, {"ad": {"street": "x y"}}, "ad%5Bstreet%5D=x+y"),
        ("3.1.0", {"o": {"style": "deepObject"}}, {"o": {"a": {"b": 1}}}, "o%5Ba%5D%5Bb%5D=1"),
        ("3.1.0", {"t": {"explode": False}}, {"t": ["a", "b"]}, "t=a,b"),
        ("3.1.0", {"a": {"contentType": "application/json"}}, {"a": "x"}, "a=%22x%22"),
        ("3.1.0", {"a": {"allowReserved": False, "contentType": "application/json"}}, {"a": "x/y"}, "a=x%2Fy"),
    ],
)
def test_a_form(
    client: Opener, portal: Listener, version: str, encoding: dict[str, Any], value: Any, text: str
) -> None:
    """The defaults differ between the versions."""
    form = properties(ad=ADDRESS, a=TEXT, t=LIST, o=OBJECT)
    served = document(**content(FORM, form, encoding=encoding), version=version)

    client(served).things.call(body=value)

    assert portal.bodies == [text]


@pytest.mark.parametrize(
    ("version", "schema", "encoding", "value", "found"),
    [
        ("3.1.0", TEXT, {}, "x", 'name="f"\r\n\r\nx\r\n'),
        ("3.1.0", {"type": "string", "contentEncoding": "base64"}, {}, "AP8=", "application/octet-stream\r\n\r\nAP8="),
        ("3.0.3", {"type": "string", "format": "byte"}, {}, "AP8=", 'name="f"\r\n\r\nAP8='),
        ("3.0.3", {"type": "string", "format": "binary"}, {}, b"x", 'filename="f"\r\nContent-Type: application/octet'),
        ("3.1.0", {}, {"contentType": "image/png"}, b"x", 'filename="f"\r\nContent-Type: image/png\r\n\r\nx'),
        ("3.1.0", LIST, {"style": "form", "explode": False}, ["a b", "c"], "\r\n\r\na b,c\r\n"),
        ("3.0.3", LIST, {"style": "form", "explode": False}, ["a", "b"], "\r\n\r\na\r\n"),
        ("3.1.0", OBJECT, {"headers": {"X-A": {"schema": {"const": "1"}}}}, {"a": 1}, "json\r\nX-A: 1\r\n\r\n{"),
    ],
)
def test_a_multipart_form(
    client: Opener, portal: Listener, version: str, schema: Any, encoding: dict[str, Any], value: Any, found: str
) -> None:
    """With the type and the headers of each part."""
    served = document(**content(MULTIPART, properties(f=schema), encoding={"f": encoding}), version=version)

    client(served).things.call(body={"f": value})

    assert found in portal.bodies[-1]


def test_a_text_is_no_file(client: Opener, portal: Listener) -> None:
    """Where the document says that it is one."""
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    served = document(**content(MULTIPART, properties(f=files)), version="3.0.3")

    with pytest.raises(ValueError, match="file opened in binary mode"):
        client(served).things.call(body={"f": ["rex.png"]})
    assert portal.seen == []


@pytest.mark.parametrize("kind", [FORM, MULTIPART])
def test_a_form_without_a_required_field_is_not_sent(client: Opener, portal: Listener, kind: str) -> None:
    """The error names the fields; None and an empty list would send nothing."""
    wrong = [({}, "'a' and 't'"), ({"t": ["x"]}, "'a'"), ({"a": None, "t": ["x"]}, "'a'"), ({"a": "x", "t": []}, "'t'")]
    form = properties(a=TEXT, t=LIST, n={"type": ["string", "null"]}, r={"readOnly": True, "type": "string"})
    things = client(document(**content(kind, {**form, "required": ["a", "n", "r", "t", "undeclared"]}))).things

    for value, missing in wrong:
        with pytest.raises(ValueError, match=f"needs a value for {missing} in 'body'"):
            things.call(body=value)
    assert portal.seen == []
    things.call(body={"a": "", "t": ["x"]})
    assert len(portal.seen) == 1


def test_several_types_of_a_body(client: Opener, portal: Listener) -> None:
    """The value chooses, or the caller."""
    kinds = {"application/json": {"schema": OBJECT}, FORM: {"schema": OBJECT}, "image/*": {"schema": {}}}
    things = client(document(requestBody={"content": kinds})).things

    things.call(body={"a": 1})
    things.call(body={"a": 1}, _content_type=FORM)
    things.call(body=b"GIF", _content_type="image/gif")

    sent = [(headers["Content-Type"], text) for _, _, text, headers in portal.seen]
    assert sent == [("application/json", '{"a":1}'), (FORM, "a=1"), ("image/gif", "GIF")]


@pytest.mark.parametrize(
    ("declared", "accept"),
    [
        ({"application/json": {}}, "application/json"),
        ({"text/csv": {}, "application/json": {}}, "application/json, text/csv"),
        ({"*/*": {"schema": OBJECT}}, "*/*"),
        ({"image/*": {}, "application/json": {}}, "application/json, */*"),
        ({"text/event-stream": {}, "application/json": {}}, "application/json"),
    ],
)
def test_what_is_asked_for(client: Opener, portal: Listener, declared: dict[str, Any], accept: str) -> None:
    """JSON first; streams only on request."""
    client(document(responses={"200": {"description": "", "content": declared}})).things.call()

    assert portal.seen[-1][3]["Accept"] == accept


def test_events_are_read_one_by_one(client: Opener, portal: Listener) -> None:
    """On request; without it the answer is what the type says."""
    declared = {"text/event-stream": {"schema": TEXT}, "application/json": {"schema": OBJECT}}
    things = client(document(responses={"200": {"description": "", "content": declared}})).things
    portal.kind, portal.body = "text/event-stream", b"data: {}\n\ndata: [DONE]\n\n"

    with things.call(_stream=True) as events:
        assert [event.json() for event in events] == [{}]
    assert portal.seen[-1][3]["Accept"] == "text/event-stream"


REGION = {"url": "https://{region}.h/v1", "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}}}


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({"variables": {"region": "us"}}, "https://us.h/v1"),
        ({"server": 1}, "https://other/v2"),
        ({"server": "second"}, "https://other/v2"),
        ({"url": "http://localhost:1"}, "http://localhost:1/v1"),
        ({"url": "http://localhost:1", "server": 1}, "http://localhost:1/v2"),
        ({"url": "http://localhost:1/v3/"}, "http://localhost:1/v3"),
    ],
)
def test_the_address_is_declared_or_given(client: Opener, options: dict[str, Any], url: str) -> None:
    """By server and variables, or by the caller."""
    served = document(servers=[REGION, {"url": "https://other/v2/", "name": "second"}], version="3.2.0")

    assert client(served, **options).url == url


def test_a_wrong_variable_is_refused(client: Opener) -> None:
    """Before any call."""
    with pytest.raises(ValueError, match="Pass one of eu, us"):
        client(document(servers=[REGION, REGION]), variables={"region": "ap"})


def test_an_operation_can_have_servers_of_its_own(client: Opener, portal: Listener, elsewhere: Listener) -> None:
    """With the logins of the client; a client at another address calls them there."""
    elsewhere.body = None
    served = document(servers=[{"url": f"{portal.url}/v1"}])
    served["paths"]["/things"]["get"]["servers"] = [{"url": f"{elsewhere.url}/up/"}]
    served["paths"]["/more"] = {"get": {**served["paths"]["/things"]["get"], "operationId": "more", "servers": []}}

    with client(served, auth=Bearer("eyJ.a.b")) as declared:
        declared.things.call()
        declared.things.more()
    client(served, url=portal.url).things.call()

    assert elsewhere.paths == ["/up/things"]
    assert elsewhere.seen[0][3]["Authorization"].endswith("earer eyJ.a.b")
    assert portal.paths == ["/v1/more", "/up/things"]


def test_a_relative_address_needs_a_host(tmp_path: Path) -> None:
    """Which only the caller knows."""
    source = tmp_path / "x.json"
    source.write_text(json.dumps(document(servers=[{"url": "/api"}])))

    with pytest.raises(ArgumentError, match="which is relative"):
        ovcgen.connect(spec=source)
