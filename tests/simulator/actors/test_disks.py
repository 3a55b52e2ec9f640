"""Data disks and their way from one machine to the next."""

D, M = "/cloudapi/disks", "/cloudapi/machines"
NEW = {"accountId": 1, "gid": 66, "name": "data", "description": "x", "size": 10, "type": "D"}


def status(visitor, disk_id):
    """What `get` says."""
    return visitor.value(f"{D}/get", diskId=disk_id)["status"]


def test_a_disk_goes_its_way(alice, admin):
    """Created, attached, detached, deleted, restored, destroyed."""
    disk_id = alice.value(f"{D}/create", **NEW)
    assert status(alice, disk_id) == "CREATED"
    alice.value(f"{M}/attachDisk", machineId=1, diskId=disk_id)
    assert status(alice, disk_id) == "ASSIGNED"
    assert disk_id in [disk["id"] for disk in alice.value(f"{M}/get", machineId=1)["disks"]]
    assert alice.post(f"{D}/delete", diskId=disk_id).status == 409
    alice.value(f"{M}/detachDisk", machineId=1, diskId=disk_id)

    assert alice.post(f"{D}/delete", diskId=disk_id).status == 403
    admin.value(f"{D}/delete", diskId=disk_id)
    assert status(alice, disk_id) == "TOBEDELETED"
    admin.value(f"{D}/restore", diskId=disk_id, reason="x")
    admin.value(f"{D}/delete", diskId=disk_id, permanently="true")
    assert alice.post(f"{D}/get", diskId=disk_id).status == 404


def test_a_disk_is_added_to_a_machine(alice):
    """A boot disk can't be."""
    new = {"machineId": 1, "diskName": "more", "description": "x", "size": 10}

    assert alice.post(f"{M}/addDisk", **new, type="B").status == 400
    disk_id = alice.value(f"{M}/addDisk", **new, type="D")
    listed = {disk["id"]: disk["machineId"] for disk in alice.value(f"{D}/list", accountId=1)}
    assert listed[disk_id] == 1


def test_a_disk_only_grows(alice):
    """Up to 2000 GB."""
    disk_id = alice.value(f"{D}/create", **NEW)

    assert alice.value(f"{D}/resize", diskId=disk_id, size=11) is True
    assert [alice.post(f"{D}/resize", diskId=disk_id, size=size).status for size in (10, 2001)] == [400, 400]
