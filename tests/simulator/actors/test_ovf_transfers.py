"""Machines as OVF."""

import pytest

from ovcgen.simulator import DEMO

M = "/cloudapi/machines"
SHARE = {"link": "https://cloud.example.org/remote.php/webdav/", "username": "x", "passwd": "x", "path": "x"}


def test_a_machine_arrives_later(alice, clock):
    """Null at once; it is not to be seen before it runs."""
    new = {"cloudspaceId": 1, "name": "arrived", "memory": 1024, "vcpus": 1}
    assert alice.value(f"{M}/importOVF", **SHARE, **new) is None
    assert [each["name"] for each in alice.value(f"{M}/list", cloudspaceId=1)] == ["web1"]
    clock.sleep(10)

    assert [each["name"] for each in alice.value(f"{M}/list", cloudspaceId=1)] == ["web1", "arrived"]
    machine = alice.value(f"{M}/get", machineId=2)
    assert (machine["status"], machine["disks"][0]["status"]) == ("RUNNING", "")


def test_a_name_that_is_taken_is_told_by_mail_only(alice, clock):
    """Nothing arrives."""
    assert alice.value(f"{M}/importOVF", **SHARE, cloudspaceId=1, name="web1", sizeId=1) is None
    clock.sleep(10)

    assert len(alice.value(f"{M}/list", cloudspaceId=1)) == 1


@pytest.mark.parametrize(
    "link",
    [
        "http://cloud.example.org/",
        "https://cloud.example.org:8443/",
        "https://me:secret@cloud.example.org/",
        "https://cloud/",
        "https://[",
    ],
)
def test_where_a_share_can_not_be(alice, link):
    """400 in both directions."""
    assert alice.post(f"{M}/exportOVF", **{**SHARE, "link": link}, machineId=1).status == 400
    new = {"cloudspaceId": 1, "name": "arrived", "sizeId": 1}
    assert alice.post(f"{M}/importOVF", **{**SHARE, "link": link}, **new).status == 400


def test_a_machine_is_sent_away(alice):
    """True, and it stays."""
    assert alice.value(f"{M}/exportOVF", **SHARE, machineId=1) is True
    assert alice.post(f"{M}/importOVF", **SHARE, cloudspaceId=1, name="arrived").status == 400


def test_what_was_sent_away_comes_back(alice, clock):
    """With its disks, when the upload is complete; the folder may be written with slashes or without."""
    added = {"machineId": 1, "diskName": "data", "description": "data", "size": 30, "type": "D"}
    alice.value(f"{M}/addDisk", **added)
    alice.value(f"{M}/exportOVF", **{**SHARE, "path": "/sent/"}, machineId=1)
    for name in ("early", "late"):
        alice.value(f"{M}/importOVF", **{**SHARE, "path": "sent"}, cloudspaceId=1, name=name, sizeId=2)
        clock.sleep(DEMO.copy)

    assert disks(alice, "early") == [("B", 10, ""), ("M", 0, "")]
    assert disks(alice, "late") == [("B", 10, ""), ("D", 30, ""), ("M", 0, "")]


def disks(visitor, name):
    """Types, sizes and states of the disks of the machine of that name."""
    found = {each["name"]: each["id"] for each in visitor.value(f"{M}/list", cloudspaceId=1)}
    machine = visitor.value(f"{M}/get", machineId=found[name])
    return [(disk["type"], disk["sizeMax"], disk["status"]) for disk in machine["disks"]]


def test_there_has_to_be_room(alice):
    """400 for more than the limits allow."""
    alice.value("/cloudapi/cloudspaces/update", cloudspaceId=1, maxCPUCapacity=1)

    assert alice.post(f"{M}/importOVF", **SHARE, cloudspaceId=1, name="arrived", sizeId=2).status == 400


def test_a_machine_in_the_recycle_bin_stays_there(alice):
    """404."""
    alice.value(f"{M}/delete", machineId=1)

    assert alice.post(f"{M}/exportOVF", **SHARE, machineId=1).status == 404
