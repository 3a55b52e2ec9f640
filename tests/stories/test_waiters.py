"""Waiting with both clients on a simulated portal that takes its time."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

import ovcgen
from ovcgen.simulator.timing import changing

MACHINE = {"cloudspaceId": 1, "name": "web", "memory": 1024, "vcpus": 1, "imageId": 1, "disksize": 10}
WAITERS = {  # misspelt, or another word for the state, and what was meant
    "machine_runing": "machine_running",
    "machine_stopped": "machine_halted",
    "machine_started": "machine_running",
    "disk_attached": "disk_assigned",
    "cloudspace_ready": "cloudspace_deployed",
    "template_ready": "template_created",
    "machine_destroyed": "machine_deleted",
}
Open = Callable[[str], Any]


@pytest.fixture(params=["runtime client", "SDK"])
def package(request: pytest.FixtureRequest) -> Any:
    """What the user imports."""
    return ovcgen if request.param == "runtime client" else request.getfixturevalue("openvcloud_2_4_5")


@pytest.fixture
def opened(package: Any) -> Iterator[Callable[[Any], Any]]:
    """Opens a client of the simulated portal; it is closed at the end."""
    portals: list[Any] = []

    def open_(server: Any) -> Any:
        auth = package.ItsYouOnline(server.client_id, server.client_secret, url=server.itsyouonline)
        portals.append(package.connect(server.url, auth=auth))
        return portals[-1]

    yield open_
    for portal in portals:
        portal.close()


@pytest.fixture
def slow(opened: Open) -> Iterator[Any]:
    """A client of a portal whose work takes seconds."""
    with ovcgen.simulate("2.4.5", pace="demo") as server:
        yield opened(server)


@pytest.fixture
def simulated_and_opened(opened: Open) -> Iterator[tuple[Any, Any]]:
    """A portal that is quick, and a client of it."""
    with ovcgen.simulate("2.4.5") as server:
        yield server, opened(server)


@pytest.mark.slow
def test_a_machines_life(slow: Any, package: Any) -> None:
    """From nothing to an address, off, a template of it, and gone."""
    statuses: list[str] = []
    space_id = slow.cloudapi.cloudspaces.create(
        accountId=1, location="be-demo-1", name="staging", access="alice@itsyouonline"
    )
    task = slow.cloudapi.machines.create(**MACHINE, _async=True)

    with pytest.raises(package.WaitTimeout, match=rf"Cloudspace {space_id} is not deployed after 0 s; .* DEPLOYING"):
        slow.wait.cloudspace_deployed(cloudspaceId=space_id, timeout=0)
    space = slow.wait.cloudspace_deployed(cloudspaceId=space_id, on_progress=lambda each: statuses.append(each.status))
    machine_id = task.result()
    running = slow.wait.machine_running(machineId=machine_id)
    reachable = slow.wait.machine_reachable(machineId=machine_id)

    assert (space["id"], space["status"], bool(space["publicipaddress"])) == (space_id, "DEPLOYED", True)
    assert statuses[-2:] == ["DEPLOYING", "DEPLOYED"]
    assert running["status"] == "RUNNING"
    assert reachable["interfaces"][0]["ipAddress"].startswith("192.168.")

    slow.cloudapi.machines.stop(machineId=machine_id, _async=True)
    assert slow.wait.machine_halted(machineId=machine_id)["status"] == "HALTED"

    slow.cloudapi.machines.createTemplate(machineId=machine_id, templateName="gold")
    template = slow.wait.template_created(accountId=1, name="gold")
    assert slow.wait.image_created(imageId=template["id"], accountId=1)["name"] == "gold"

    slow.cloudapi.machines.delete(machineId=machine_id, _async=True)
    assert slow.wait.machine_deleted(machineId=machine_id) is None


def test_what_is_as_wanted_is_given_at_once(simulated_and_opened: tuple[Any, Any]) -> None:
    """Disks and accounts too."""
    _, portal = simulated_and_opened
    disk_id = portal.cloudapi.disks.create(accountId=1, gid=66, name="data", description="data", size=10)

    assert portal.wait.account_confirmed(accountId=1, timeout=0)["name"] == "acme"
    assert portal.wait.disk_created(diskId=disk_id, timeout=0)["status"] == "CREATED"
    portal.cloudapi.machines.attachDisk(machineId=1, diskId=disk_id)
    assert portal.wait.disk_assigned(diskId=disk_id, timeout=0)["status"] == "ASSIGNED"
    portal.cloudapi.disks.delete(diskId=disk_id, detach=True)
    assert portal.wait.disk_deleted(diskId=disk_id, timeout=0) is None
    portal.cloudapi.machines.pause(machineId=1)
    assert portal.wait.machine_paused(machineId=1, timeout=0)["status"] == "PAUSED"


def test_a_deployment_that_falls_back_has_failed(simulated_and_opened: tuple[Any, Any], package: Any) -> None:
    """Nobody waits for ten minutes when the portal has given up."""
    server, portal = simulated_and_opened
    spaces = server.simulator.state.cloudspaces
    spaces.put(replace(spaces.find(1), status=changing(time.time(), "DEPLOYING", (0.5, "VIRTUAL"))))

    with pytest.raises(package.WaitFailed) as caught:
        portal.wait.cloudspace_deployed(cloudspaceId=1)

    assert caught.value.what == "Cloudspace 1 does not become deployed: it fell back to VIRTUAL."


def test_a_machine_that_is_deleted_meanwhile_has_failed(simulated_and_opened: tuple[Any, Any], package: Any) -> None:
    """It was there, and is gone; one that never was is not found."""
    _, portal = simulated_and_opened

    with pytest.raises(package.WaitFailed, match="Machine 1 does not become halted: it is gone"):
        portal.wait.machine_halted(machineId=1, on_progress=lambda _: portal.cloudapi.machines.delete(machineId=1))
    with pytest.raises(package.NotFound):
        portal.wait.machine_halted(machineId=4711)


def test_a_task_that_is_still_running_says_what_its_machine_looks_like(opened: Open, package: Any) -> None:
    """The status comes from the operation of the waiters, polled with the machine's id from the arguments."""
    with ovcgen.simulate("2.4.5", pace="real") as server:
        portal = opened(server)
        task = portal.cloudapi.machines.stop(machineId=1, _async=True)
        with pytest.raises(package.TaskTimeout) as caught:
            task.result(timeout=0)

    assert caught.value.seen == "Machine 1 is RUNNING"
    assert caught.value.what == f"Task {task.guid} is still running after 0 s. Machine 1 is RUNNING."


def test_both_clients_refuse_the_same(simulated_and_opened: tuple[Any, Any], package: Any) -> None:
    """Before anything is sent, and in the same words."""
    server, portal = simulated_and_opened
    asked = len(server.simulator.seen)

    with pytest.raises(TypeError, match=r"got an unexpected keyword argument 'machineID'\. Did you mean 'machineId'"):
        portal.wait.machine_running(machineId=1, machineID=2)
    for misspelt in ("machine_id", "machineid", "machineID"):
        with pytest.raises(TypeError, match=rf"keyword argument '{misspelt}'\. Did you mean 'machineId'\?"):
            portal.wait.machine_running(**{misspelt: 1})
        with pytest.raises(TypeError, match=rf"keyword argument '{misspelt}'\. Did you mean 'machineId'\?"):
            portal.cloudapi.machines.get(**{misspelt: 1})
    with pytest.raises(TypeError, match=r"^cloudapi\.machines\.get\(\) missing 1 required keyword-only argument"):
        portal.cloudapi.machines.get()
    assert inspect.signature(portal.cloudapi.machines.get).parameters["machineId"].default is inspect.Parameter.empty
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'machineId'"):
        portal.wait.machine_running()
    with pytest.raises(TypeError, match=r"Waiters\.machine_running\(\) takes 1 positional argument but 2 were given"):
        portal.wait.machine_running(1)
    with pytest.raises(package.ArgumentError, match=r"wait\.machine_running\(\) can't send '1' for 'machineId'"):
        portal.wait.machine_running(machineId="1")
    for name, meant in WAITERS.items():
        with pytest.raises(AttributeError, match=rf"This portal has no waiter '{name}'\. Did you mean '{meant}'\?"):
            getattr(portal.wait, name)
    assert len(server.simulator.seen) == asked
