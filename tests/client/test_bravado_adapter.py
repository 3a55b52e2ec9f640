"""bravado's traps, each shown to be closed, with the real bravado over real sockets."""

from __future__ import annotations

import copy
import gc
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bravado.client
import bravado.http_future
import pytest

from ovcgen.client.applied_corrections import Corrections
from ovcgen.errors import SpecRefused
from ovcgen.model.readers.swagger2 import read
from ovcgen.normalise import normalise
from ovcgen.runtime.errors import NotFound, ServerError
from ovcgen.workflows.resolve import resolve
from tests.client.conftest import Listener, Open, RuntimePortal, field_of, plain

CREATE = {"cloudspaceId": 1, "name": "web", "sizeId": 2, "imageId": 3, "disksize": 10}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often each of bravado's three ways has been gone; they work as ever."""
    counts: dict[str, int] = {}

    def count(owner: Any, name: str) -> None:
        genuine = getattr(owner, name)

        def counting(*arguments: Any, **keywords: Any) -> Any:
            counts[name] = counts.get(name, 0) + 1
            return genuine(*arguments, **keywords)

        monkeypatch.setattr(owner, name, counting)

    count(bravado.client.CallableOperation, "__call__")
    count(bravado.client, "construct_request")
    count(bravado.http_future, "unmarshal_response")
    return counts


def test_every_call_goes_through_bravado(portal: Listener, cloud: RuntimePortal, counted: dict[str, int]) -> None:
    """Four kinds of calls, four times each of bravado's ways."""
    cloud.cloudapi.cloudspaces.list()
    cloud.cloudapi.accounts.getConsumption(accountId=1, start=1, end=2)
    portal.body = 7
    cloud.cloudapi.machines.create(**CREATE)
    portal.body = [True, 7]
    cloud.task("0b7e2b4a-8f6c-4a43-9a38-3f2a2c1a7f11").result()

    assert counted == {"__call__": 4, "construct_request": 4, "unmarshal_response": 4}
    assert len(portal.seen) == 4


def test_bravado_forgets_a_client_that_is_not_used(portal: Listener) -> None:
    """What bravado-core keeps for a document is deleted with the client, so that many clients do not fill the memory.

    It keeps functions by the address of the document, so nothing that still exists may be deleted.
    """
    from bravado_core import _decorators, marshal, unmarshal

    caches = [
        marshal._get_marshaling_method.cache,
        unmarshal._get_unmarshaling_method.cache,
        _decorators.handle_null_value.cache,
    ]

    def kept() -> list[int]:
        gc.collect()
        return [len(cache) for cache in caches]

    def called() -> RuntimePortal:
        normal = normalise(plain(field_of("number", "integer")))
        corrections = Corrections("1.0", exact=True, skipped=())
        with RuntimePortal(portal.url, read(normal, "1.0"), normal, corrections=corrections) as client:
            client.things.call(number=1)
            return client

    client, used = called(), kept()
    for _ in range(3):
        called()
    assert kept() == used
    assert min(used) > 0
    client.things.call(number=1)


def test_bravado_knows_every_operation_of_a_release(cloud: RuntimePortal) -> None:
    """None of them goes round it because it was not found."""
    from ovcgen.client import bravado_adapter

    missing = [
        operation.dotted
        for operation in resolve("2.4.5").api.operations
        if not _found(bravado_adapter, cloud, operation)
    ]

    assert missing == []


def _found(bravado_adapter: Any, cloud: RuntimePortal, operation: Any) -> bool:
    wire = cloud._wire[operation.method, operation.path]
    found = bravado_adapter.find_operation(cloud.swagger, wire)
    assert found is not None
    return all((parameter.name, parameter.place) in found.sendable_parameters for parameter in wire.parameters)


def test_the_document_stays_as_it_was(opened: Open) -> None:
    """bravado writes into what it gets; the document given is not what it gets."""
    document = resolve("2.4.5").document
    before = copy.deepcopy(document)

    opened().cloudapi.cloudspaces.list()

    assert document == before


def test_a_document_does_not_choose_the_host(portal: Listener, elsewhere: Listener, opened: Open) -> None:
    """A token must never follow the `host` of a document."""
    host = elsewhere.url.removeprefix("http://")
    client = opened(plain(field_of("name"), host=host, schemes=["https"]))

    client.things.call(name="web")
    client.swagger.things.call(name="web").response()

    assert (portal.paths, elsewhere.seen) == (["/v1/things", "/v1/things"], [])


@pytest.mark.parametrize("place", ["definitions", "body"])
@pytest.mark.parametrize("target", ["{url}/evil.json", "file:///etc/passwd", "other.json#/x", "//{host}/x"])
def test_a_reference_to_the_outside_is_refused(elsewhere: Listener, opened: Open, target: str, place: str) -> None:
    """Nothing is fetched and nothing is read, also for a document that nobody has checked before."""
    reference = {"$ref": target.format(url=elsewhere.url, host=elsewhere.url.partition("//")[2])}
    body = {"name": "body", "in": "body", "schema": reference if place == "body" else {}}

    with pytest.raises(SpecRefused):
        _ = opened(plain(body, definitions={"Thing": reference} if place == "definitions" else {})).swagger

    assert elsewhere.seen == []


def test_bravado_gets_no_reference_at_all(opened: Open) -> None:
    """What it can't see it can't follow."""
    body = {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Thing"}}
    client = opened(plain(body, definitions={"Thing": {"type": "object"}}))

    assert "$ref" not in repr(client.swagger.swagger_spec.spec_dict)


@pytest.mark.parametrize("status", [200, 404, 503])
def test_a_future_sends_once(portal: Listener, cloud: RuntimePortal, status: int) -> None:
    """Asking again, from other threads too, gives the same answer or the same error, and sends nothing."""
    portal.status, portal.body = status, "text"
    future = cloud.swagger.cloudapi__machines.post_cloudapi_machines_create(**CREATE)

    def ask(_number: int) -> str:
        try:
            return str(future.result())
        except (NotFound, ServerError) as error:
            return type(error).__name__

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(ask, range(8)))

    assert len(portal.seen) == 1
    assert answers == {{200: "text", 404: "NotFound", 503: "ServerError"}[status]}


def test_a_future_that_is_not_asked_sends_nothing(portal: Listener, cloud: RuntimePortal) -> None:
    """bravado's own way, kept for those who use its client."""
    cloud.swagger.cloudapi__cloudspaces.post_cloudapi_cloudspaces_list()

    assert portal.seen == []


@pytest.mark.parametrize("status", [200, 201, 202, 206])
def test_a_success_that_is_not_declared_is_a_success(portal: Listener, cloud: RuntimePortal, status: int) -> None:
    """bravado would raise for every status but 200."""
    portal.status, portal.body = status, [{"id": 1}]

    assert cloud.cloudapi.cloudspaces.list() == [{"id": 1}]


@pytest.mark.parametrize("kind", ["application/json", "text/html", "application/msgpack", "application/x-any", ""])
@pytest.mark.parametrize("value", [{"id": None, "more": {"a": []}}, [1, None], "text", 1.5, True, None])
def test_an_answer_is_what_was_sent(portal: Listener, cloud: RuntimePortal, value: Any, kind: str) -> None:
    """The declared shape is wrong nearly everywhere, and the content type sometimes."""
    portal.body, portal.kind = value, kind

    assert cloud.cloudapi.cloudspaces.list() == value


def test_a_file_is_bytes(portal: Listener, cloud: RuntimePortal) -> None:
    """Whatever its content type."""
    portal.body, portal.kind = b"PK\x03\x04", "application/octet-stream"

    assert cloud.cloudapi.accounts.getConsumption(accountId=1, start=1, end=2) == b"PK\x03\x04"


@pytest.mark.slow
def test_arguments_are_not_logged(portal: Listener, cloud: RuntimePortal, caplog: pytest.LogCaptureFixture) -> None:
    """At no level, from no logger, on both clients."""
    caplog.set_level(logging.DEBUG)
    canary = "canary-5f3c"
    portal.body = "key"

    cloud.cloudapi.users.authenticate(username="user", password=canary)
    cloud.swagger.cloudapi__users.post_cloudapi_users_authenticate(username="user", password=canary).response()

    assert canary in portal.bodies[0]
    assert canary in portal.bodies[1]
    assert "post_cloudapi_users_authenticate" in caplog.text
    assert canary not in caplog.text


def test_the_order_of_arguments_changes_nothing(portal: Listener, cloud: RuntimePortal) -> None:
    """Document order, always."""
    for keywords in (CREATE, dict(reversed(CREATE.items()))):
        cloud.cloudapi.machines.create(**keywords)
        cloud.swagger.cloudapi__machines.post_cloudapi_machines_create(**keywords).response()

    assert len(set(portal.bodies)) == 1


def test_booleans_are_lower_case_in_forms(portal: Listener, cloud: RuntimePortal) -> None:
    """Python's `True` is no word of the portal."""
    cloud.cloudapi.cloudspaces.list(includedeleted=True)
    cloud.cloudapi.cloudspaces.list(includedeleted=False)

    assert portal.bodies == ["includedeleted=true", "includedeleted=false"]


def test_booleans_are_lower_case_in_queries(portal: Listener, opened: Open) -> None:
    """There bravado would have done it."""
    client = opened(plain(field_of("all", "boolean", "query"), verb="get"))
    client.things.call(all=True)
    client.swagger.things.call(all=False).response()

    assert portal.paths == ["/v1/things?all=true", "/v1/things?all=false"]


def test_what_is_absent_is_not_sent(portal: Listener, cloud: RuntimePortal) -> None:
    """No `name=` for None or an empty list, and no default in place of what was left out."""
    cloud.cloudapi.machines.create(**CREATE, datadisks=[], description=None)
    cloud.swagger.cloudapi__machines.post_cloudapi_machines_create(**CREATE, datadisks=[], description=None).response()

    assert portal.bodies == ["cloudspaceId=1&name=web&sizeId=2&imageId=3&disksize=10"] * 2


def test_defaults_are_not_sent(portal: Listener, opened: Open) -> None:
    """The portal knows them; bravado would fill them in."""
    client = opened(plain(field_of("size", "integer", default=5), field_of("day", format="date")))
    client.things.call()
    client.things.call(day="2026-01-01")

    assert portal.bodies == ["", "day=2026-01-01"]


def test_a_call_without_parameters_has_no_body(portal: Listener, cloud: RuntimePortal) -> None:
    """Neither a body nor a Content-Type."""
    cloud.cloudapi.locations.list()

    verb, path, body, headers = portal.seen[0]
    assert (verb, path, body) == ("POST", "/restmachine/cloudapi/locations/list", "")
    assert "Content-Type" not in headers
    assert headers["Accept"] == "application/json"


def test_its_deprecations_are_not_our_callers() -> None:
    """Who takes warnings for errors can connect and call."""
    opened = "ovcgen.connect(server.url, release=server.release)"
    script = f"import ovcgen\nwith ovcgen.simulate() as server, {opened} as portal:\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{script}    print(len(portal.cloudapi.locations.list()))"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("1\n", "")
