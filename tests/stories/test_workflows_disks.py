"""Snapshots and data disks."""

from __future__ import annotations

from typing import Any

import pytest

DISK = {"accountId": 1, "gid": 66, "name": "data", "description": "scratch", "size": 10, "type": "D", "iops": 2000}
NEW = {"cloudspaceId": 1, "name": "web2", "sizeId": 2, "imageId": 1, "disksize": 10}


def names(caller: Any) -> list[str]:
    """What machine 1 has snapshots of."""
    return [each["name"] for each in caller("cloudapi.machines.listSnapshots", machineId=1)]


def test_snapshot_rollback_delete(story: Any) -> None:
    """Taken, gone back to, thrown away; it takes a while until a deleted one is gone."""
    alice = story.alice
    taken = alice("cloudapi.machines.snapshot", machineId=1, name="before")
    story.clock.sleep(5)
    with alice.refused(400, "Snapshot with name before already exists"):
        alice("cloudapi.machines.snapshot", machineId=1, name="before")
    again = alice("cloudapi.machines.snapshot", machineId=1, name="before", force=True)
    assert taken.keys() == again.keys()
    assert taken != again
    alice("cloudapi.machines.snapshot", machineId=1, name="after")
    [before, after] = alice("cloudapi.machines.listSnapshots", machineId=1)
    assert (before["name"], after["name"]) == ("before", "after")
    assert again == {before["diskguid"]: before["guid"]}
    assert before["epoch"] <= after["epoch"] == int(story.clock.now)

    with alice.refused(409, "halted"):
        alice("cloudapi.machines.rollbackSnapshot", machineId=1, name="before")
    alice("cloudapi.machines.stop", machineId=1)
    alice.wait("machine_halted", machineId=1)
    with alice.refused(400, "No such snapshot"):
        alice("cloudapi.machines.rollbackSnapshot", machineId=1, name="never")
    with alice.refused(400, "epoch or a name", early=True):
        alice("cloudapi.machines.rollbackSnapshot", machineId=1)
    assert alice("cloudapi.machines.rollbackSnapshot", machineId=1, epoch=before["epoch"]) is True
    alice("cloudapi.machines.start", machineId=1)

    assert alice("cloudapi.machines.deleteSnapshot", machineId=1, name="before") is True
    assert names(alice) == ["before", "after"]
    story.clock.sleep(30)
    assert names(alice) == ["after"]
    assert alice("cloudapi.machines.deleteSnapshot", machineId=1, name="never") is True


def test_the_life_of_a_data_disk(story: Any) -> None:
    """Made, attached, limited, grown, detached, and through the recycle bin, where only administrators come."""
    alice, admin = story.alice, story.admin
    disk_id = alice("cloudapi.disks.create", **DISK)
    assert alice.wait("disk_created", diskId=disk_id)["iotune"] == {"total_iops_sec": 2000}
    other = alice("cloudapi.machines.create", **NEW)
    assert alice("cloudapi.machines.attachDisk", machineId=1, diskId=disk_id) is True
    alice.wait("disk_assigned", diskId=disk_id)
    with alice.refused(400, "attached to another machine"):
        alice("cloudapi.machines.attachDisk", machineId=other, diskId=disk_id)

    assert alice("cloudapi.disks.limitIO", diskId=disk_id, iops=1000) is True
    with alice.refused(400, "at least 80", early=True):
        alice("cloudapi.disks.limitIO", diskId=disk_id, iops=79)
    with alice.refused(400, "not both"):
        alice("cloudapi.disks.limitIO", diskId=disk_id, total_iops_sec=1000, read_iops_sec=500)
    assert alice("cloudapi.disks.resize", diskId=disk_id, size=11) is True
    assert alice("cloudapi.disks.get", diskId=disk_id)["sizeMax"] == 11

    with alice.refused(409, "attached"):
        alice("cloudapi.disks.delete", diskId=disk_id, detach=False)
    assert alice("cloudapi.machines.detachDisk", machineId=1, diskId=disk_id) is True
    assert alice("cloudapi.disks.get", diskId=disk_id)["status"] == "CREATED"
    with alice.refused(403):
        alice("cloudapi.disks.delete", diskId=disk_id, detach=False)
    assert admin("cloudapi.disks.delete", diskId=disk_id, detach=False) is True
    assert admin("cloudapi.disks.get", diskId=disk_id)["status"] == "TOBEDELETED"
    assert admin("cloudapi.disks.restore", diskId=disk_id, reason="a mistake") is True
    assert admin("cloudapi.disks.get", diskId=disk_id)["status"] == "CREATED"
    assert admin("cloudapi.disks.delete", diskId=disk_id, detach=False, permanently=True) is True
    assert disk_id not in [disk["id"] for disk in alice("cloudapi.disks.list", accountId=1)]


@pytest.mark.parametrize(
    ("size", "text", "early"),
    [pytest.param(9, "only grow", False, id="less"), pytest.param(2001, "at most 2000", True, id="too much")],
)
def test_a_disk_only_grows_and_not_for_ever(story: Any, size: int, text: str, early: bool) -> None:
    """400 for less than it has and for more than 2000 GB."""
    disk_id = story.alice("cloudapi.disks.create", **DISK)

    with story.alice.refused(400, text, early=early):
        story.alice("cloudapi.disks.resize", diskId=disk_id, size=size)
    assert story.alice("cloudapi.disks.get", diskId=disk_id)["sizeMax"] == 10


def test_disks_of_a_machine(story: Any) -> None:
    """The short way to a data disk; the machine's own disks stay as they are."""
    alice = story.alice
    added = {"machineId": 1, "diskName": "more", "description": "more room", "size": 20}
    disk_id = alice("cloudapi.machines.addDisk", **added, type="D", iops=500)
    disks = alice("cloudapi.machines.get", machineId=1)["disks"]
    metadata = next(disk for disk in disks if disk["type"] == "M")

    assert (disks[-1]["id"], disks[-1]["status"], disks[-1]["sizeMax"]) == (disk_id, "ASSIGNED", 20)
    assert alice("cloudapi.disks.get", diskId=disk_id)["iotune"] == {"total_iops_sec": 500}
    with alice.refused(400, "Boot disks"):
        alice("cloudapi.machines.addDisk", **added, type="B")
    with alice.refused(400, "Metadata"):
        alice("cloudapi.disks.resize", diskId=metadata["id"], size=5)
    with alice.refused(400, "Boot disks"):
        alice("cloudapi.machines.detachDisk", machineId=1, diskId=disks[0]["id"])


def test_growing_a_disk_wants_a_restart(story: Any) -> None:
    """False, with 202, on a running machine whose image can't take it in."""
    alice = story.alice
    windows = next(each for each in alice("cloudapi.images.list") if each["type"] == "Windows")
    machine_id = alice("cloudapi.machines.create", **{**NEW, "imageId": windows["id"], "disksize": 20}, datadisks=[10])
    data = alice("cloudapi.machines.get", machineId=machine_id)["disks"][1]

    assert alice("cloudapi.disks.resize", diskId=data["id"], size=12) is False
    assert alice("cloudapi.disks.get", diskId=data["id"])["sizeMax"] == 12
