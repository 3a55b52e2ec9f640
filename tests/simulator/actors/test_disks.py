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


def test_the_speed_of_a_disk_is_limited(alice):
    """Null while its machine does not run; without a machine it is a 404. The record shows the limits."""
    disk_id = alice.value(f"{D}/create", **NEW)

    assert alice.value(f"{D}/limitIO", diskId=1, read_bytes_sec=5) is True
    assert alice.value("/cloudapi/machines/stop", machineId=1) is True
    assert alice.value(f"{D}/limitIO", diskId=1, iops=1000) is None
    assert alice.value(f"{D}/get", diskId=1)["iotune"] == {"total_iops_sec": 1000}
    refused = alice.post(f"{D}/limitIO", diskId=disk_id, iops=1000)
    assert (refused.status, refused.value) == (404, "Could not find virtual machine beloning to disk")
    assert alice.value(f"{D}/get", diskId=disk_id)["iotune"] == {"total_iops_sec": 2000}
    assert alice.post(f"{D}/limitIO", diskId=1, iops=79).status == 400
    assert alice.post(f"{D}/limitIO", diskId=1, iops=100, read_iops_sec=100).status == 400


def test_several_disks_are_destroyed_by_administrators(alice, admin):
    """Whoever owns them."""
    disk_id = alice.value(f"{D}/create", **NEW)

    assert alice.post(f"{D}/deleteDisks", diskIds=disk_id, reason="x").status == 403
    assert admin.value(f"{D}/deleteDisks", diskIds=disk_id, reason="x") is True
    assert alice.post(f"{D}/get", diskId=disk_id).status == 404
