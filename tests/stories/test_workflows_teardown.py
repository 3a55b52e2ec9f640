"""The recycle bin, tearing everything down, and stopping many machines at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.paths import Unfinished

SPACE = {"accountId": 1, "location": "be-demo-1", "name": "staging", "access": "alice@itsyouonline"}
NEW = {"cloudspaceId": 1, "sizeId": 2, "imageId": 1, "disksize": 10}


def names(caller: Any, space_id: int = 1) -> list[str]:
    """The machines of a cloudspace."""
    return [machine["name"] for machine in caller("cloudapi.machines.list", cloudspaceId=space_id)]


def test_the_recycle_bin(story: Any) -> None:
    """Gone, back again but off, and gone for ever; its name is taken till then."""
    alice = story.alice
    assert alice("cloudapi.machines.delete", machineId=1) is True
    alice.wait("machine_deleted", machineId=1)
    with alice.refused(404, "Machine 1 not found"):
        alice("cloudapi.machines.get", machineId=1)
    with alice.refused(409, "already exists"):
        alice("cloudapi.machines.create", **NEW, name="web1")
    assert alice("cloudapi.machines.restore", machineId=1, reason="a mistake") is True
    assert alice("cloudapi.machines.get", machineId=1)["status"] == "HALTED"
    with alice.refused(400):
        alice("cloudapi.machines.restore", machineId=1, reason="twice")

    assert alice("cloudapi.machines.delete", machineId=1, permanently=True) is True
    assert names(alice) == []
    assert alice("cloudapi.machines.create", **NEW, name="web1") == 2


def test_deleting_a_cloudspace(story: Any) -> None:
    """Not while there are machines in it, nor while it is being deployed."""
    alice, admin = story.alice, story.admin
    with alice.refused(409, "can not contain machines"):
        alice("cloudapi.cloudspaces.delete", cloudspaceId=1)
    space_id = alice("cloudapi.cloudspaces.create", **SPACE)
    with alice.refused(400, "being deployed"):
        alice("cloudapi.cloudspaces.delete", cloudspaceId=space_id)
    alice.wait("cloudspace_deployed", cloudspaceId=space_id)

    assert alice("cloudapi.cloudspaces.delete", cloudspaceId=space_id) is True
    with alice.refused(404):
        alice("cloudapi.cloudspaces.get", cloudspaceId=space_id)
    assert admin("cloudapi.cloudspaces.get", cloudspaceId=space_id)["status"] == "DELETED"
    assert [space["id"] for space in alice("cloudapi.cloudspaces.list")] == [1]
    with alice.refused(409, "staging"):
        alice("cloudapi.cloudspaces.create", **SPACE)
    with alice.refused(403):
        alice("cloudapi.cloudspaces.delete", cloudspaceId=space_id, permanently=True)
    assert admin("cloudapi.cloudspaces.delete", cloudspaceId=space_id, permanently=True) is True
    assert admin("cloudapi.cloudspaces.get", cloudspaceId=space_id)["status"] == "DESTROYED"
    assert alice("cloudapi.cloudspaces.create", **SPACE) == space_id + 1


def test_tear_down(story: Any) -> None:
    """Clones before their golden machine, machines before their cloudspace."""
    alice = story.alice
    space_id = alice("cloudapi.cloudspaces.create", **SPACE)
    alice("cloudapi.machines.create", **{**NEW, "cloudspaceId": space_id}, name="web2")
    alice("cloudapi.machines.stop", machineId=1)
    alice("cloudapi.machines.clone", machineId=1, name="clone")

    for space in alice("cloudapi.cloudspaces.list"):
        machines = alice("cloudapi.machines.list", cloudspaceId=space["id"])
        for machine in sorted(machines, key=lambda each: -each["id"]):  # the golden one came first
            alice("cloudapi.machines.delete", machineId=machine["id"], permanently=True)
        alice("cloudapi.cloudspaces.delete", cloudspaceId=space["id"], permanently=True)

    assert alice("cloudapi.cloudspaces.list") == []
    units = alice("cloudapi.accounts.getConsumedCloudUnits", accountId=1)
    assert {unit: units[unit] for unit in ("CU_M", "CU_C", "CU_D", "CU_I")} == {
        "CU_M": 0.0,
        "CU_C": 0,
        "CU_D": 0,
        "CU_I": 0,
    }


def test_bulk_stop(story: Any) -> None:
    """Everything as tasks: the spaces, their machines, and one stop each, which run side by side."""
    alice = story.alice
    for number in (2, 3):
        alice("cloudapi.machines.create", **NEW, name=f"web{number}")
    spaces = alice.later("cloudapi.cloudspaces.list").result()
    lists = [alice.later("cloudapi.machines.list", cloudspaceId=space["id"]) for space in spaces]
    running = [each["id"] for listed in lists for each in listed.result() if each["status"] == "RUNNING"]
    begun = story.clock.now

    stops = [alice.later("cloudapi.machines.stop", machineId=number) for number in running]
    assert [stop.result() for stop in stops] == [True, True, True]
    assert story.clock.now - begun < 3 * 0.5
    assert {each["status"] for each in alice("cloudapi.machines.list", cloudspaceId=1)} == {"HALTED"}

    for number in running:  # one by one, as those who know do
        alice("cloudapi.machines.start", machineId=number)
        alice.wait("machine_running", machineId=number)


def test_a_task_whose_call_was_refused(story: Any) -> None:
    """It never ends: after one's own deadline, the call itself says why."""
    alice = story.alice
    alice("cloudapi.machines.delete", machineId=1)
    refused = alice.later("cloudapi.cloudspaces.create", **{**SPACE, "name": "production"})
    with pytest.raises(Unfinished):
        refused.result(timeout=60)
    with alice.refused(409, "Cloudspace with name production already exists."):
        alice("cloudapi.cloudspaces.create", **{**SPACE, "name": "production"})

    stopped = alice.later("cloudapi.machines.stop", machineId=1, force=True)
    with pytest.raises(Exception, match="machine 1 has no domain"):
        stopped.result()
