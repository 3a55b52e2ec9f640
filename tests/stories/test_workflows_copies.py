"""Machines made of machines: clones of a golden one, templates, and appliances that travel."""

from __future__ import annotations

from typing import Any

import pytest

SHARE = {
    "link": "https://cloud.example.org/remote.php/webdav/",
    "username": "alice",
    "passwd": "secret",
    "path": "exports",
}


def halted(caller: Any, machine_id: int = 1) -> None:
    """Switch it off and wait."""
    caller("cloudapi.machines.stop", machineId=machine_id)
    caller.wait("machine_halted", machineId=machine_id)


def test_golden_machine_and_clones(story: Any) -> None:
    """A snapshot, then clones with addresses and disks of their own."""
    alice = story.alice
    forward = {"cloudspaceId": 1, "publicIp": "203.0.113.10", "publicPort": 2200}
    alice("cloudapi.portforwarding.create", **forward, machineId=1, localPort=22, protocol="tcp")
    assert alice("cloudapi.portforwarding.deleteByPort", **forward, proto="tcp") is True
    golden = {"machineId": 1, "cloudspaceId": 1, "snapshotTimestamp": 1}
    with alice.refused(409, "halted"):
        alice("cloudapi.machines.clone", **golden, name="clone1")
    halted(alice)
    alice("cloudapi.machines.snapshot", machineId=1, name="golden")
    alice("cloudapi.portforwarding.create", **forward, machineId=1, localPort=22, protocol="tcp")

    clone_id = alice("cloudapi.machines.clone", **golden, name="clone1")
    source = alice("cloudapi.machines.get", machineId=1)
    clone = alice.wait("machine_reachable", machineId=clone_id)
    assert clone["interfaces"][0]["ipAddress"] != source["interfaces"][0]["ipAddress"]
    assert [disk["type"] for disk in clone["disks"]] == [disk["type"] for disk in source["disks"]] == ["B", "M"]
    assert not {disk["id"] for disk in clone["disks"]} & {disk["id"] for disk in source["disks"]}
    assert alice("cloudapi.portforwarding.list", cloudspaceId=1, machineId=clone_id) == []
    snapshots = alice("cloudapi.machines.listSnapshots", machineId=1)
    assert [snapshot["name"] for snapshot in snapshots] == ["golden", "clone1"]

    data = {"diskName": "data", "description": "its own", "size": 10, "type": "D"}
    disk_id = alice("cloudapi.machines.addDisk", machineId=clone_id, **data)
    assert alice("cloudapi.disks.limitIO", diskId=disk_id, iops=800) is True
    halted(alice, clone_id)
    with alice.refused(405, "clone"):
        alice("cloudapi.machines.clone", machineId=clone_id, name="clone2")
    with alice.refused(409, "clones"):
        alice("cloudapi.machines.delete", machineId=1)
    with alice.refused(409, "already exists"):
        alice("cloudapi.machines.clone", machineId=1, name="clone1")
    alice("cloudapi.machines.delete", machineId=clone_id)
    assert alice("cloudapi.machines.delete", machineId=1) is True


def test_template(story: Any) -> None:
    """From a machine that is off to an image, machines of it, and the recycle bin."""
    alice, asked = story.alice, {"machineId": 1, "templateName": "gold"}
    with alice.refused(409, "halted"):
        alice("cloudapi.machines.createTemplate", **asked)
    halted(alice)
    assert alice("cloudapi.machines.createTemplate", **asked) is True
    [young] = alice("cloudapi.accounts.listTemplates", accountId=1)
    assert young["status"] == "CREATING"
    new = {"cloudspaceId": 1, "name": "web2", "sizeId": 2, "imageId": young["id"], "disksize": 10}
    with alice.refused(400, "not available"):
        alice("cloudapi.machines.create", **new)
    template = alice.wait("template_created", accountId=1, name="gold", timeout=120)

    image_id = template["id"]
    assert image_id in [image["id"] for image in alice("cloudapi.images.list", accountId=1)]
    assert image_id not in [image["id"] for image in story.bob("cloudapi.images.list")]
    machine_id = alice("cloudapi.machines.create", **new)
    machine = alice("cloudapi.machines.get", machineId=machine_id)
    assert machine["accounts"][0] | {"guid": ""} == {"login": "Custom login", "password": "Custom password", "guid": ""}

    assert alice("cloudapi.images.delete", imageId=image_id) is True
    assert alice("cloudapi.images.list", accountId=1) == alice("cloudapi.images.list")
    assert alice("cloudapi.images.restore", imageId=image_id) is True
    with alice.refused(409, "used"):
        alice("cloudapi.images.delete", imageId=image_id, permanently=True)
    with alice.refused(405, "system image"):
        alice("cloudapi.images.delete", imageId=1)
    alice("cloudapi.machines.delete", machineId=machine_id, permanently=True)
    assert alice("cloudapi.images.delete", imageId=image_id, permanently=True) is True


def test_export_and_import(story: Any) -> None:
    """An appliance goes to a share and comes back as another machine; null is all that is said of it."""
    alice = story.alice
    new = {"cloudspaceId": 1, "name": "source", "sizeId": 2, "imageId": 1, "disksize": 20, "datadisks": [30]}
    source = alice("cloudapi.machines.create", **new)
    assert alice("cloudapi.machines.exportOVF", **SHARE, machineId=source) is True
    story.clock.sleep(300)

    asked = {"cloudspaceId": 1, "name": "back", "memory": 2048, "vcpus": 2, "description": "from afar"}
    assert alice("cloudapi.machines.importOVF", **SHARE, **asked) is None
    assert "back" not in [machine["name"] for machine in alice("cloudapi.machines.list", cloudspaceId=1)]
    for _ in range(100):
        listed = {each["name"]: each["id"] for each in alice("cloudapi.machines.list", cloudspaceId=1)}
        if "back" in listed:
            break
        story.clock.sleep(0.5)
    machine = alice.wait("machine_running", machineId=listed["back"])

    assert (machine["memory"], machine["vcpus"], machine["description"]) == (2048, 2, "from afar")
    assert [(disk["type"], disk["sizeMax"]) for disk in machine["disks"]] == [("B", 20), ("D", 30), ("M", 0)]


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("http://cloud.example.org/webdav/", id="not https"),
        pytest.param("https://cloud.example.org:8443/webdav/", id="a port"),
        pytest.param("https://alice:secret@cloud.example.org/webdav/", id="a user"),
        pytest.param("https://cloud/webdav/", id="no dotted host"),
        pytest.param("https://[::1", id="no address at all"),
    ],
)
def test_links_to_shares(story: Any, link: str) -> None:
    """400 for all that is not https with a plain dotted host."""
    asked = {"cloudspaceId": 1, "name": "back", "sizeId": 2}

    with story.alice.refused(400, "link"):
        story.alice("cloudapi.machines.exportOVF", **{**SHARE, "link": link}, machineId=1)
    with story.alice.refused(400, "link"):
        story.alice("cloudapi.machines.importOVF", **{**SHARE, "link": link}, **asked)
