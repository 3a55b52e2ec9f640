"""Whatever a document names things, it can be called, and arrives as it should: with the real bravado."""

from __future__ import annotations

from typing import Any

import pytest

import ovcgen
from ovcgen.client import bravado_adapter
from ovcgen.client.portal import operation_named
from tests.client.conftest import Listener, Open, RuntimePortal, field_of, plain


@pytest.mark.parametrize(
    "name",
    ["self", "_request_options", "operation", "request_options", "timeout", "headers", "unknown", "class", "a-b", "$x"],
)
def test_a_parameter_may_have_any_name(portal: Listener, opened: Open, name: str) -> None:
    """bravado gives some names to arguments of its own, and Python others a meaning."""
    client = opened(plain(field_of(name, required=True), field_of("other")))
    (key, _) = operation_named(client, "things.call").parameters

    client.things.call(**{key.key: "value", "other": "x"})

    assert portal.bodies == [f"{name.replace('$', '%24')}=value&other=x"]


@pytest.mark.parametrize("name", ["self", "_request_options", "timeout", "class", "_client", "mro", "call", "__init__"])
def test_an_operation_may_have_any_name(portal: Listener, opened: Open, name: str) -> None:
    """Its method has a name that Python allows."""
    client = opened(plain(operation={"operationId": name}))
    (dotted,) = client._named

    getattr(client.things, dotted.partition(".")[2])()

    assert portal.paths == ["/v1/things"]


@pytest.mark.parametrize("shape", [{"kind": "boolean"}, {"kind": "array", "items": {"type": "integer"}}])
def test_a_field_may_be_empty(portal: Listener, opened: Open, shape: dict[str, Any]) -> None:
    """Where the document allows it, whatever the type; elsewhere a text is no value of that type."""
    empty = field_of("empty", place="query", allowEmptyValue=True, **shape)
    client = opened(plain(empty, field_of("full", **shape)))

    client.things.call(empty="")
    with pytest.raises(ovcgen.ArgumentError):
        client.things.call(full="")

    assert portal.paths == ["/v1/things?empty="]


@pytest.mark.parametrize("group", ["wait", "swagger", "_wire", "exchange", "close", "class", "__dict__", "actors"])
def test_a_group_may_have_any_name(portal: Listener, opened: Open, group: str) -> None:
    """Our own names on a portal stay ours."""
    client = opened(plain(operation={"tags": [group]}))
    (dotted,) = client._named

    getattr(client, dotted.partition(".")[0]).call()

    assert portal.paths == ["/v1/things"]


def test_one_name_in_two_places(portal: Listener, opened: Open) -> None:
    """Swagger allows it; bravado knows one of them only."""
    client = opened(
        plain(field_of("id", "integer", "query"), field_of("id", place="path", required=True), path="/things/{id}")
    )

    client.things.call(id="a/b", id_query=5)

    assert portal.paths == ["/v1/things/a%2Fb?id=5"]


def test_names_that_bravado_takes_for_one(portal: Listener, opened: Open) -> None:
    """It spells `a-b` as `a_b`."""
    several = field_of("a-b", "array", items={"type": "string"}, collectionFormat="multi")
    client = opened(plain(several, field_of("a_b", required=True)))

    client.things.call(a_b="1", a_b_formData=["2", "3"])

    assert portal.bodies == ["a-b=2&a-b=3&a_b=1"]


def test_bravados_own_client_fills_paths_and_headers(portal: Listener, opened: Open) -> None:
    """The same bytes as ours, wherever the parameter is."""
    client = opened(
        plain(
            field_of("id", place="path", required=True),
            field_of("X-Kind", place="header"),
            path="/things/{id}/parts/{id}",
        )
    )
    client.things.call(id="a b/c", X_Kind="new")
    client.swagger.things.call(id="a b/c", **{"X-Kind": "new"}).response()

    assert portal.paths[0] == portal.paths[1] == "/v1/things/a%20b%2Fc/parts/a%20b%2Fc"
    assert [headers["X-Kind"] for *_, headers in portal.seen] == ["new", "new"]


@pytest.mark.parametrize("as_task", [True, False])
def test_bravados_own_client_can_start_tasks(portal: Listener, cloud: RuntimePortal, as_task: bool) -> None:
    """`_async` is a parameter there, and is sent only when it is true."""
    cloud.swagger.cloudapi__cloudspaces.post_cloudapi_cloudspaces_list(_async=as_task).response()

    assert portal.bodies == ["_async=true" if as_task else ""]


def test_bravado_with_the_lookups_of_unusual_documents(portal: Listener, opened: Open) -> None:
    """A path without words and tags, extensions beside operations, and what a path shares."""
    document = plain(field_of("name"), path="/", operation={"tags": []}, basePath="/")
    document["paths"]["/"] |= {"x-note": {"parameters": 1}, "parameters": [field_of("all", "boolean", "query")]}
    document["paths"]["x-more"] = "text"

    opened(document).root.call(name="web", all=True)

    assert (portal.paths, portal.bodies) == (["/?all=true"], ["name=web"])


def test_a_body_is_json_on_both_clients(portal: Listener, opened: Open) -> None:
    """With its references, which bravado does not get to see."""
    thing = {"name": "thing", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Thing"}}
    client = opened(
        plain(thing, definitions={"Thing": {"type": "object"}}, operation={"consumes": ["application/json"]})
    )
    client.things.call(thing={"id": 1, "tags": ["a", None]})
    client.swagger.things.call(thing={"id": 1, "tags": ["a", None]}).response()

    assert portal.bodies == ['{"id": 1, "tags": ["a", null]}'] * 2
    assert [headers["Content-Type"] for *_, headers in portal.seen] == ["application/json"] * 2


def test_every_operation_of_a_plain_document_goes_through_bravado(opened: Open) -> None:
    """Also the second verb of a path, and paths below others."""
    paths = {
        f"/things{more}": {verb: {"responses": {}, "tags": ["x"]} for verb in ("get", "post", "delete", "put", "patch")}
        for more in ("", "/a", "/{id}", "/a-b", "/a_b")
    }
    client = opened({**plain(), "paths": paths})

    assert len(client._named) == 25
    assert all(bravado_adapter.find_operation(client.swagger, spec) for spec in client._named.values())
