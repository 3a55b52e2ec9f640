"""Machines that people build: with SSH access, of a size of their own, and switched off and on."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from ovcgen.simulator.timing import changing
from tests.stories.paths import Refusal

NEW = {"cloudspaceId": 1, "name": "web2", "description": "a web server", "sizeId": 2, "imageId": 1, "disksize": 10}
FREE = {key: value for key, value in NEW.items() if key != "sizeId"} | {"memory": 2048, "vcpus": 2}


def opened(caller: Any, machine_id: int, *, first: int) -> int:
    """Forward the first public port from `first` on that is free to the machine's SSH; which one it was."""
    space = caller("cloudapi.cloudspaces.get", cloudspaceId=1)
    for port in count(first):
        try:
            caller(
                "cloudapi.portforwarding.create",
                cloudspaceId=1,
                publicIp=space["publicipaddress"],
                publicPort=port,
                machineId=machine_id,
                localPort=22,
                protocol="tcp",
            )
        except Refusal as refusal:
            if refusal.status != 409:
                raise
        else:
            return port
    raise AssertionError


def test_a_machine_with_ssh_access(story: Any) -> None:
    """Choose, create, wait for its address, and forward a port to it."""
    alice = story.alice
    size = next(each for each in alice("cloudapi.sizes.list", cloudspaceId=1) if each["memory"] == 1024)
    image = next(each for each in alice("cloudapi.images.list", cloudspaceId=1) if each["type"] == "Linux")
    disk = next(disk for disk in size["disks"] if disk >= image["size"])
    chosen = {"sizeId": size["id"], "imageId": image["id"], "disksize": disk}

    machine_id = alice("cloudapi.machines.create", **{**NEW, **chosen}, datadisks=[10])
    assert alice("cloudapi.machines.get", machineId=machine_id)["interfaces"][0]["ipAddress"] == "Undefined"
    with alice.refused(404, "No correct ipaddress found for this machine"):
        opened(alice, machine_id, first=2200)
    with alice.refused(409, "Selected name already exists"):
        alice("cloudapi.machines.create", **NEW)
    assert machine_id in [machine["id"] for machine in alice("cloudapi.machines.list", cloudspaceId=1)]
    machine = alice.wait("machine_reachable", machineId=machine_id)
    assert machine["accounts"][0]["login"] == "cloudscalers"
    assert len(machine["accounts"][0]["password"]) == 9
    assert machine["interfaces"][0]["ipAddress"] == "192.168.103.253"

    assert [opened(alice, number, first=2200) for number in (machine_id, 1)] == [2200, 2201]
    [rule] = alice("cloudapi.portforwarding.list", cloudspaceId=1, machineId=machine_id)
    assert (rule["publicPort"], rule["localPort"], rule["protocol"]) == ("2200", "22", "tcp")
    assert len(alice("cloudapi.portforwarding.list", cloudspaceId=1)) == 2


def test_ports_wait_for_the_cloudspace(story: Any) -> None:
    """Machines can be made while it is being deployed; port forwards can't."""
    alice, asked = story.alice, {"accountId": 1, "location": "be-demo-1", "name": "new", "access": "alice@itsyouonline"}
    space_id = alice("cloudapi.cloudspaces.create", **asked)
    spaces = story.state.cloudspaces
    spaces.put(replace(spaces.find(space_id), status=changing(story.clock.now, "DEPLOYING", (60, "DEPLOYED"))))
    machine_id = alice("cloudapi.machines.create", **{**NEW, "cloudspaceId": space_id})
    rule = {"cloudspaceId": space_id, "publicPort": 80, "localPort": 80, "protocol": "tcp", "machineId": machine_id}

    with alice.refused(400, "not deployed"):
        alice("cloudapi.portforwarding.create", **rule, publicIp="203.0.113.11")
    space = alice.wait("cloudspace_deployed", cloudspaceId=space_id)
    assert alice("cloudapi.portforwarding.create", **rule, publicIp=space["publicipaddress"]) is True


def test_a_free_size_data_disks_and_cloud_init(story: Any) -> None:
    """No size id, and the disks in their order."""
    alice = story.alice
    script = {"ipxe": "https://boot.example.org/script"}
    machine_id = alice("cloudapi.machines.create", **FREE, datadisks=[20, 50], userdata=script)
    machine = alice("cloudapi.machines.get", machineId=machine_id)

    assert (machine["sizeid"], machine["memory"], machine["vcpus"], machine["storage"]) == (0, 2048, 2, 80)
    assert [(disk["type"], disk["sizeMax"]) for disk in machine["disks"]] == [("B", 10), ("D", 20), ("D", 50), ("M", 0)]
    other = alice("cloudapi.machines.create", **{**FREE, "name": "web3"}, userdata="ipxe: https://boot.example.org/")
    assert alice("cloudapi.machines.get", machineId=other)["name"] == "web3"


@pytest.mark.parametrize(
    ("change", "text", "early"),
    [
        pytest.param({"name": ""}, "Param with name:name is missing.", True, id="no name"),
        pytest.param({"memory": 2047}, "even number", True, id="odd memory"),
        pytest.param({"disksize": 9}, "too small for image", False, id="smaller than the image"),
        pytest.param({"datadisks": [2001]}, "2000", False, id="data disk too large"),
        pytest.param({"memory": None, "vcpus": None}, "sizeId", True, id="no size"),
        pytest.param({"sizeId": 2}, "not both", True, id="two sizes"),
    ],
)
def test_a_machine_is_refused(story: Any, change: dict[str, Any], text: str, early: bool) -> None:
    """And none is made."""
    with story.alice.refused(400, text, early=early):
        story.alice("cloudapi.machines.create", **{**FREE, **change})

    assert [each["name"] for each in story.alice("cloudapi.machines.list", cloudspaceId=1)] == ["web1"]


def test_limits_of_cloudspace_and_account(story: Any) -> None:
    """400 for what is more than they allow, and for a size that is not offered."""
    alice = story.alice
    alice("cloudapi.cloudspaces.update", cloudspaceId=1, maxMemoryCapacity=2, maxVDiskCapacity=60)
    with alice.refused(400, "CU_M"):
        alice("cloudapi.machines.create", **FREE)
    with alice.refused(400, "CU_D"):
        alice("cloudapi.machines.create", **NEW, datadisks=[60])
    alice("cloudapi.accounts.update", accountId=1, maxCPUCapacity=1)
    with alice.refused(400, "CU_C"):
        alice("cloudapi.machines.create", **NEW)

    alice("cloudapi.accounts.update", accountId=1, maxCPUCapacity=-1)
    alice("cloudapi.cloudspaces.addAllowedSize", cloudspaceId=1, sizeId=1)
    with alice.refused(400, "not allowed"):
        alice("cloudapi.machines.create", **NEW)
    assert alice("cloudapi.machines.create", **{**NEW, "sizeId": 1}) == 2


def test_power_cycle_and_rescue_cd(story: Any) -> None:
    """Off, on from a CD-ROM, and everything in between."""
    alice = story.alice
    assert alice("cloudapi.machines.getConsoleUrl", machineId=1).startswith("https://")
    assert alice("cloudapi.machines.stop", machineId=1, force=True) is True
    alice.wait("machine_halted", machineId=1)
    assert alice("cloudapi.machines.getConsoleUrl", machineId=1) is None
    with alice.refused(503, "not RUNNING"):
        alice("cloudapi.machines.pause", machineId=1)

    cds = {"name": "rescue", "url": "https://cds.example.org/rescue.iso", "gid": 66, "accountId": 1}
    assert story.admin("cloudbroker.image.createCDROMImage", **cds) is True
    story.clock.sleep(60)
    [cd] = alice("cloudapi.disks.list", accountId=1, type="C")
    with alice.refused(400, "no CD-ROM"):
        alice("cloudapi.machines.start", machineId=1, diskId=1)
    with alice.refused(404, "Could not find 99 of type disk"):
        alice("cloudapi.machines.start", machineId=1, diskId=99)
    assert alice("cloudapi.machines.start", machineId=1, diskId=cd["id"]) is True
    alice.wait("machine_running", machineId=1)

    answers = [alice(f"cloudapi.machines.{name}", machineId=1) for name in ("reboot", "reset", "pause", "resume")]
    assert answers == [True, None, True, True]
    assert alice("cloudapi.machines.get", machineId=1)["status"] == "RUNNING"
    history = alice("cloudapi.machines.getHistory", machineId=1, size=10)
    assert "User alice@itsyouonline called machines/reboot" in [entry["message"] for entry in history]
    with story.bob.refused(403):
        story.bob("cloudapi.machines.stop", machineId=1)
    with alice.refused(404, "Could not find 4711 of type vmachine"):
        alice("cloudapi.machines.stop", machineId=4711)


def test_resize(story: Any) -> None:
    """Up at once where the image can, else with the next start; down only when it is off."""
    alice = story.alice
    assert alice("cloudapi.machines.resize", machineId=1, memory=2048, vcpus=2) is True
    machine = alice("cloudapi.machines.get", machineId=1)
    assert (machine["memory"], machine["vcpus"], machine["sizeid"]) == (2048, 2, 0)
    with alice.refused(400, "shrink"):
        alice("cloudapi.machines.resize", machineId=1, sizeId=1)
    with alice.refused(400, "even number", early=True):
        alice("cloudapi.machines.resize", machineId=1, memory=4095, vcpus=2)

    alice("cloudapi.machines.stop", machineId=1)
    assert alice("cloudapi.machines.resize", machineId=1, sizeId=1) is True
    alice("cloudapi.machines.start", machineId=1)
    machine = alice.wait("machine_running", machineId=1)
    assert (machine["memory"], machine["vcpus"], machine["sizeid"]) == (512, 1, 1)


def test_a_resize_that_wants_a_restart(story: Any) -> None:
    """False, with 202: the image can't do it while it runs."""
    alice = story.alice
    windows = next(each for each in alice("cloudapi.images.list") if each["type"] == "Windows")
    machine_id = alice("cloudapi.machines.create", **{**NEW, "imageId": windows["id"], "disksize": 20})

    assert alice("cloudapi.machines.resize", machineId=machine_id, sizeId=4) is False
    assert alice("cloudapi.machines.get", machineId=machine_id)["memory"] == 4096
    alice("cloudapi.machines.stop", machineId=machine_id)
    alice("cloudapi.machines.start", machineId=machine_id)
    assert alice("cloudapi.machines.resize", machineId=machine_id, sizeId=4) is True
