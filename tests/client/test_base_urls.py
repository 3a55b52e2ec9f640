"""Where calls go: to the address that the caller gave, or to those that the document declares."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ovcgen
import ovcgen.aio
from ovcgen.client.base_urls import NoAddress, OtherOrigin
from ovcgen.runtime.errors import ArgumentError
from ovcgen.workflows.download_document import NoDocument
from tests.client.conftest import Listener, plain

SECRET = "canary-7f3a"
KEY = ovcgen.ApiKey("k", name="X-Key")
Call = Callable[..., None]


def document(*servers: str, own: str = "") -> dict[str, Any]:
    """A document with these servers and two calls, `things.call` and `things.other`, which has a server of its own."""
    ok = {"tags": ["things"], "responses": {"200": {"description": "ok"}}}
    other = {**ok, "operationId": "other", **({"servers": [{"url": own}]} if own else {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "addresses", "version": "1"},
        **({"servers": [{"url": server} for server in servers]} if servers else {}),
        "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
        "security": [{"key": []}],
        "paths": {"/call": {"get": {**ok, "operationId": "call"}}, "/other": {"get": other}},
    }


@pytest.fixture(params=["blocking", "asyncio"])
def call(request: pytest.FixtureRequest) -> Call:
    """Opens a client with the options of `connect`, and makes one call with it."""

    async def in_a_loop(url: str, name: str, **options: Any) -> None:
        async with ovcgen.aio.connect(url, **options) as client:
            await getattr(client.things, name)()

    def call(url: str = "", name: str = "call", **options: Any) -> None:
        if request.param == "asyncio":
            asyncio.run(in_a_loop(url, name, **options))
            return
        with ovcgen.connect(url, **options) as client:
            getattr(client.things, name)()

    return call


def calls(listener: Listener) -> list[tuple[str, str]]:
    """The calls that a server got, each with its key; the documents it served are no calls."""
    return [(path, headers.get("X-Key", "")) for _, path, _, headers in listener.seen if "openapi.json" not in path]


@pytest.mark.parametrize(
    ("servers", "path"),
    [((), "/call"), (("/v1",), "/v1/call"), (("../v2/",), "/v2/call"), ((".",), "/docs/call")],
)
def test_a_relative_address_is_relative_to_the_document(
    call: Call, portal: Listener, servers: tuple[str, ...], path: str
) -> None:
    """That server gets the login."""
    portal.body = document(*servers)
    call(spec=f"{portal.url}/docs/openapi.json", auth=KEY)

    assert calls(portal) == [(path, "k")]


def test_a_downloaded_document_does_not_lead_a_login_elsewhere(
    call: Call, portal: Listener, elsewhere: Listener, tmp_path: Path
) -> None:
    """Unless the caller gives that address, or has the document."""
    portal.body = document(elsewhere.url)
    spec = f"{portal.url}/openapi.json?token={SECRET}"
    for login in ({"auth": KEY}, {"auth": [KEY]}, {"cert": "client.pem"}):
        with pytest.raises(OtherOrigin, match="where no login is sent unasked") as caught:
            call(spec=spec, **login)
        assert elsewhere.url in caught.value.fix
        assert SECRET not in f"{caught.value}"
    assert calls(elsewhere) == []

    call(spec=spec)
    call(elsewhere.url, spec=spec, auth=KEY)
    (tmp_path / "mine.json").write_text(json.dumps(portal.body))
    call(spec=tmp_path / "mine.json", auth=KEY)
    assert calls(elsewhere) == [("/call", ""), ("/call", "k"), ("/call", "k")]
    assert calls(portal) == []


def test_an_operation_does_not_either(call: Call, portal: Listener, elsewhere: Listener) -> None:
    """The other operations can be called."""
    portal.body = document("/", own=elsewhere.url)
    spec = f"{portal.url}/openapi.json"

    with pytest.raises(OtherOrigin):
        call(name="other", spec=spec, auth=KEY)
    call(spec=spec, auth=KEY)
    call(name="other", spec=spec)

    assert (calls(portal), calls(elsewhere)) == ([("/call", "k")], [("/other", "")])


@pytest.mark.parametrize("address", ["http://[::1/x", "http://a:99999999/", "http://a:x/", "//["])
@pytest.mark.parametrize("own", [False, True])
def test_an_invalid_address_is_our_error(call: Call, portal: Listener, address: str, *, own: bool) -> None:
    """The reader reports or ignores invalid URLs anywhere; only a call at such an address is refused."""
    portal.body = served = document(*(["/"] if own else [address]), own=address if own else "")
    served["components"]["securitySchemes"]["grant"] = {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": address, "refreshUrl": address, "scopes": {}}},
    }
    served["components"]["schemas"] = {"A": {"$id": address, "properties": {"x": {"$ref": f"{address}#/a"}}}}
    spec = f"{portal.url}/openapi.json"
    with pytest.raises(ArgumentError, match=r"no http\(s\) URL|at another server"):
        call(name="other" if own else "call", spec=spec, auth=KEY)
    call(portal.url, spec=spec, auth=KEY)


@pytest.mark.parametrize("version", ["2.0", "3.1"])
def test_a_file_that_declares_no_host_needs_an_address(call: Call, tmp_path: Path, version: str) -> None:
    """Only the caller knows it; the host of a Swagger 2.0 document is not used."""
    made = plain(host="a.example") if version == "2.0" else document("/v1")
    (tmp_path / "mine.json").write_text(json.dumps(made))

    with pytest.raises(ArgumentError) as caught:
        call(spec=tmp_path / "mine.json")
    assert isinstance(caught.value, NoAddress) is (version == "2.0")
    assert "https://service.example" in caught.value.fix


@pytest.mark.parametrize(
    ("headers", "status", "body", "reason"),
    [
        ({"Location": "https://elsewhere.example/openapi.json"}, 302, {}, "points to https://elsewhere.example"),
        ({}, 404, {}, "answered 404"),
        ({}, 200, b"[]", "holds no object"),
        ({}, 200, b'{"openapi": "4.0.0"}', "openapi: 4.0.0"),
    ],
)
def test_what_is_no_document(
    call: Call, portal: Listener, headers: dict[str, str], status: int, body: Any, reason: str
) -> None:
    """A redirect is not followed, and no login is sent for a document."""
    portal.headers, portal.status, portal.body = headers, status, body
    with pytest.raises((NoDocument, ovcgen.SpecRefused), match=reason):
        call(spec=f"{portal.url}/openapi.json", auth=KEY)
    assert [headers.get("X-Key") for _, _, _, headers in portal.seen] == [None]
