"""Test what a simulated portal records of the requests of a real client."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests

import ovcgen
from ovcgen.rehearsal.exchange_recorder import ExchangeRecorder, stored_objects
from ovcgen.rehearsal.run_records import StoredObject, TaskEnd
from ovcgen.simulator import SimulatedPortal

NEW = {"cloudspaceId": 1, "memory": 512, "vcpus": 1, "imageId": 1, "disksize": 10}


@pytest.fixture(scope="module")
def started() -> Iterator[SimulatedPortal]:
    """Start one portal for all tests."""
    with ovcgen.simulate("2.4.5") as portal:
        yield portal


@pytest.fixture
def portal(started: SimulatedPortal) -> SimulatedPortal:
    """Return the shared portal, reset to its initial state."""
    started.simulator.reset()
    started.simulator.gate.observers.clear()
    return started


def post(portal: SimulatedPortal, operation: str, **form: object) -> requests.Response:
    """Send a form with POST, logged in with the portal's own secret."""
    values = {"authkey": portal.simulator.auth_secrets.portal, **form}
    headers = {"Accept": "application/json"}
    return requests.post(f"{portal.url}/restmachine/{operation}", data=values, headers=headers, timeout=10)


def test_requests_and_answers_are_recorded(portal: SimulatedPortal) -> None:
    """An exchange has the operation's name, the parameters as sent, and the outcome."""
    recorder = ExchangeRecorder(portal)
    post(portal, "cloudapi/machines/stop", machineId=1)
    post(portal, "cloudapi/machines/stop", machineId=77)
    post(portal, "cloudapi/machines/nothing")

    done, unknown, missing = recorder.exchanges()

    assert (done.operation, dict(done.arguments), done.outcome) == ("cloudapi.machines.stop", {"machineId": "1"}, "200")
    assert unknown.outcome.startswith("404 Could not find 77")
    assert (missing.operation, missing.refused) == ("cloudapi.machines.nothing", True)
    assert "Could not find method" in missing.outcome


def test_secrets_are_not_recorded(portal: SimulatedPortal) -> None:
    """Logins, passwords, keys and tokens in requests and responses are not recorded."""
    recorder = ExchangeRecorder(portal)
    key = post(portal, "cloudapi/users/authenticate", username=portal.username, password=portal.password).json()
    auth = ovcgen.ItsYouOnline(portal.client_id, portal.client_secret, url=portal.itsyouonline)
    with ovcgen.connect(portal.url, auth=auth, release="2.4.5") as client:
        machine = client.cloudapi.machines.get(machineId=1)
    post(portal, "cloudapi/machines/stop", machineId=key)

    recorded = repr(recorder.exchanges())

    secrets = [key, portal.password, portal.client_secret, portal.simulator.auth_secrets.portal]
    assert [secret for secret in (*secrets, machine["accounts"][0]["password"], "eyJ") if secret in recorded] == []
    assert "itsyouonline.access_token" in recorded


def test_the_end_of_a_task_is_known_without_polls(portal: SimulatedPortal) -> None:
    """The recorded end of a task is known without its polls; a refused task never ends, and the reason is recorded."""
    recorder = ExchangeRecorder(portal)
    guid = post(portal, "cloudapi/machines/create", name="web", _async=1, **NEW).json()
    for _ in range(3):
        post(portal, "system/task/get", taskguid=guid)
    post(portal, "cloudapi/machines/create", name="web", _async=1, **NEW)
    post(portal, "system/task/get", taskguid="unknown")

    done, refused, unknown = recorder.exchanges()

    assert done.task == TaskEnd("done", 2)
    assert refused.task is not None
    assert refused.outcome == "200, task never ends: 409 Selected name already exists"
    assert unknown.status == 404


def test_repeated_reads_and_refusals_are_one_exchange(portal: SimulatedPortal) -> None:
    """Repeated equal reads and repeated refusals are one exchange with a count; two creations are two exchanges."""
    recorder = ExchangeRecorder(portal)
    for _ in range(3):
        post(portal, "cloudapi/machines/get", machineId=1)
    for name in ("one", "two", "two", "two"):
        post(portal, "cloudapi/machines/create", name=name, **NEW)

    recorded = [(exchange.operation.rpartition(".")[2], exchange.times) for exchange in recorder.exchanges()]

    assert recorded == [("get", 3), ("create", 1), ("create", 1), ("create", 2)]


def test_a_connection_that_is_cut_has_no_status(portal: SimulatedPortal) -> None:
    """A fault that sends no response is recorded as refused, with status 0."""
    recorder = ExchangeRecorder(portal)
    portal.simulator.faults.add("drop", operation="cloudapi.machines.stop")
    with pytest.raises(requests.ConnectionError):
        post(portal, "cloudapi/machines/stop", machineId=1)

    [exchange] = recorder.exchanges()

    assert (exchange.status, exchange.refused, exchange.outcome) == (0, True, "no response")


def test_long_values_and_files_are_cut(portal: SimulatedPortal) -> None:
    """A parameter is cut to 200 characters, a JSON value keeps its type, and the value of a catalog is not recorded."""
    recorder = ExchangeRecorder(portal)
    post(portal, "cloudapi/machines/update", machineId=1, name="n", description="x" * 5000)
    url = f"{portal.url}/restmachine/cloudapi/machines/stop"
    json_body = {"authkey": portal.simulator.auth_secrets.portal, "machineId": 1}
    requests.post(url, data=json.dumps(json_body), headers={"Content-Type": "application/json"}, timeout=10)
    post(portal, "system/docgenerator/prepareCatalog", group="cloudapi")

    update, stop, catalog = recorder.exchanges()

    assert update.arguments["description"] == "x" * 200 + "..."
    assert stop.arguments == {"machineId": 1}
    assert (catalog.status, catalog.answer) == (200, None)


def test_objects_have_their_present_status(portal: SimulatedPortal) -> None:
    """The status of machines, cloudspaces, accounts, images, and disks without a machine is returned."""
    before = stored_objects(portal)
    post(portal, "cloudapi/machines/delete", machineId=1)
    post(portal, "cloudapi/disks/create", accountId=1, gid=66, name="loose", description="d", size=10, type="D")

    after = stored_objects(portal)

    assert {stored.kind for stored in before} == {"account", "cloudspace", "machine", "image"}
    assert before[StoredObject("machine", 1, "web1")] == "RUNNING"
    assert after[StoredObject("machine", 1, "web1")] == "DELETED"
    assert [stored.name for stored in after if stored.kind == "disk"] == ["loose"]
