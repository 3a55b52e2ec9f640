"""Snapshots, clones and templates."""

from dataclasses import replace

import pytest

from ovcgen.simulator import DEMO

M = "/cloudapi/machines"


@pytest.fixture
def halted(alice):
    """An ordinary user whose machine 1 is stopped."""
    alice.value(f"{M}/stop", machineId=1)
    return alice


def snapshots(visitor):
    """Their names."""
    return [each["name"] for each in visitor.value(f"{M}/listSnapshots", machineId=1)]


def test_a_snapshot_is_taken_listed_and_deleted(alice, clock):
    """The same name twice only by force; a deleted one is gone when the storage has come to it."""
    assert len(alice.value(f"{M}/snapshot", machineId=1, name="before")) == 1
    assert alice.post(f"{M}/snapshot", machineId=1, name="before").status == 400
    assert alice.post(f"{M}/snapshot", machineId=1, name="before", force="true").status == 200
    assert snapshots(alice) == ["before"]

    assert alice.value(f"{M}/deleteSnapshot", machineId=1, name="before") is True
    clock.sleep(DEMO.delete / 2)
    assert alice.value(f"{M}/deleteSnapshot", machineId=1, name="before") is True
    assert snapshots(alice) == ["before"]
    clock.sleep(DEMO.delete / 2)
    assert snapshots(alice) == []


def test_rolling_back_wants_a_halted_machine(alice):
    """And a snapshot that is there."""
    alice.value(f"{M}/snapshot", machineId=1, name="before")
    assert alice.post(f"{M}/rollbackSnapshot", machineId=1, name="before").status == 409

    alice.value(f"{M}/stop", machineId=1)
    assert alice.value(f"{M}/rollbackSnapshot", machineId=1, name="before") is True
    assert alice.post(f"{M}/rollbackSnapshot", machineId=1, name="other").status == 400
    assert alice.post(f"{M}/rollbackSnapshot", machineId=1).status == 400


def test_a_clone_is_a_machine(halted):
    """With copies of the disks, and another address."""
    clone_id = halted.value(f"{M}/clone", machineId=1, name="copy")
    source, clone = (halted.value(f"{M}/get", machineId=number) for number in (1, clone_id))

    assert clone["name"] == "copy"
    assert [disk["type"] for disk in clone["disks"]] == [disk["type"] for disk in source["disks"]]
    assert {disk["id"] for disk in clone["disks"]}.isdisjoint(disk["id"] for disk in source["disks"])
    assert snapshots(halted) == ["copy"]


def test_a_clone_holds_its_source(halted):
    """Which can't be deleted while it lives; and it can't be cloned itself."""
    clone_id = halted.value(f"{M}/clone", machineId=1, name="copy")
    halted.value(f"{M}/stop", machineId=clone_id)
    assert halted.post(f"{M}/clone", machineId=clone_id, name="again").status == 405
    assert halted.post(f"{M}/delete", machineId=1).status == 409

    halted.value(f"{M}/delete", machineId=clone_id)
    assert halted.post(f"{M}/delete", machineId=1).status == 200


def test_a_running_machine_is_not_copied(alice):
    """409."""
    assert alice.post(f"{M}/clone", machineId=1, name="copy").status == 409
    assert alice.post(f"{M}/createTemplate", machineId=1, templateName="golden").status == 409


def test_a_template_is_made_in_the_background(halted, clock):
    """Then machines are made of it, and it can't be destroyed while one exists."""
    halted.value(f"{M}/createTemplate", machineId=1, templateName="golden")
    (young,) = halted.value("/cloudapi/accounts/listTemplates", accountId=1)
    assert young["status"] == "CREATING"
    assert halted.post("/cloudapi/images/delete", imageId=young["id"]).status == 403

    clock.sleep(DEMO.copy)
    assert [image["name"] for image in halted.value("/cloudapi/images/list", accountId=1)][-1] == "golden"
    new = {"cloudspaceId": 1, "name": "web2", "sizeId": 2, "disksize": 10}
    halted.value(f"{M}/create", **new, imageId=young["id"])
    assert halted.value("/cloudapi/images/delete", imageId=young["id"]) is True
    assert halted.value("/cloudapi/images/restore", imageId=young["id"]) is True
    assert halted.post("/cloudapi/images/delete", imageId=young["id"], permanently="true").status == 409


def test_a_system_image_stays(alice):
    """405."""
    assert alice.post("/cloudapi/images/delete", imageId=1).status == 405


def test_a_clone_wants_room(halted):
    """400 where the cloudspace has not enough left."""
    halted.value("/cloudapi/cloudspaces/update", cloudspaceId=1, maxMemoryCapacity=1)

    assert halted.post(f"{M}/clone", machineId=1, name="clone").status == 400


def test_the_time_of_a_snapshot_is_not_heard(halted):
    """Under the catalog's name it has no effect, under the portal's own the call falls over."""
    assert halted.post(f"{M}/clone", machineId=1, name="clone1", snapshottimestamp=1).status == 500
    assert halted.post(f"{M}/clone", machineId=1, name="clone2", snapshotTimestamp=1).status == 200


def test_machines_of_a_template(halted, simulator, clock):
    """They resize as their source does, and log in with what was put into the image."""
    images = simulator.state.images
    images.put(replace(images.find(1), hot_resize=False))
    halted.value(f"{M}/createTemplate", machineId=1, templateName="gold")
    asked = {"cloudspaceId": 1, "name": "web2", "sizeId": 2, "imageId": 3, "disksize": 10}
    assert halted.post(f"{M}/create", **asked).status == 400

    clock.sleep(DEMO.copy)
    machine_id = halted.value(f"{M}/create", **asked)
    assert halted.value(f"{M}/get", machineId=machine_id)["accounts"][0]["login"] == "Custom login"
    assert halted.post(f"{M}/resize", machineId=machine_id, sizeId=3).status == 202
