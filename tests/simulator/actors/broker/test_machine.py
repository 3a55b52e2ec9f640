"""Machines in the hands of administrators."""

BOB = "bob@itsyouonline"
B = "/cloudbroker"


def test_only_administrators(alice):
    """403 for everybody else."""
    assert alice.post(f"{B}/machine/stop", machineId=1, reason="x").status == 403


def test_they_do_what_users_do_without_an_answer(admin, alice):
    """The effect is the same."""
    assert admin.value(f"{B}/machine/stop", machineId=1, reason="x") is None
    assert alice.value("/cloudapi/machines/get", machineId=1)["status"] == "HALTED"
    assert admin.value(f"{B}/machine/clone", machineId=1, cloneName="copy", reason="x") is None
    assert [each["name"] for each in alice.value("/cloudapi/machines/list", cloudspaceId=1)] == ["web1", "copy"]


def test_what_they_make_is_there(admin, alice):
    """With the numbers they were told."""
    new = {"accountId": 1, "location": "be-demo-1", "name": "theirs", "access": BOB}
    space_id = admin.value(f"{B}/cloudspace/create", **new)
    machine = {"cloudspaceId": space_id, "name": "vm", "imageId": 1, "sizeId": 1, "disksize": 10}
    machine_id = admin.value(f"{B}/machine/create", **machine)

    assert alice.value("/cloudapi/machines/get", machineId=machine_id)["cloudspaceid"] == space_id


def test_they_share_other_peoples_objects(admin, bob):
    """Under another parameter name."""
    admin.value(f"{B}/account/addUser", accountId=1, username=BOB, accesstype="R")

    assert bob.value("/cloudapi/machines/get", machineId=1)["name"] == "web1"


def test_a_stored_machine(admin):
    """In whatever status, with the names that the store has."""
    admin.value(f"{B}/machine/destroy", machineId=1, reason="x")
    machine = admin.value(f"{B}/machine/get", machineId=1)

    assert (machine["cloudspaceId"], machine["hostName"], machine["accounts"][0]["login"]) == (
        1,
        "vm-1",
        "cloudscalers",
    )
    assert machine["status"] in ("DESTROYING", "DELETED")


def test_which_machines(admin):
    """By cloudspace, node, tag or account; by nothing is 400."""
    admin.value(f"{B}/machine/tag", machineId=1, tagName="red")
    for criterion in ({"cloudspaceId": 1}, {"computeNode": "node1"}, {"tag": "red"}, {"accountName": "acme"}):
        assert [each["id"] for each in admin.value(f"{B}/machine/list", **criterion)] == [1]
    for criterion in ({"computeNode": "node2"}, {"tag": "re"}, {"accountName": "other"}, {"computeNode": "none"}):
        assert admin.value(f"{B}/machine/list", **criterion) == []
    assert admin.post(f"{B}/machine/list").status == 400


def test_tags_come_and_go(admin):
    """409 twice, 404 where there is none."""
    label = {"machineId": 1, "tagName": "red"}
    assert admin.post(f"{B}/machine/untag", **label).status == 404
    assert admin.value(f"{B}/machine/tag", **label) is True
    assert admin.post(f"{B}/machine/tag", **label).status == 409
    assert admin.value(f"{B}/machine/untag", **label) is True


def test_many_at_once(admin, clock):
    """Null; those that are unknown or in the wrong state are passed over."""
    many = {"machineIds": [99, 1], "reason": "x"}

    def status():
        clock.sleep(10)
        return admin.value(f"{B}/machine/get", machineId=1)["status"]

    for name, after in (("stop", "HALTED"), ("start", "RUNNING"), ("reboot", "RUNNING"), ("destroy", "DELETED")):
        assert admin.value(f"{B}/machine/{name}Machines", **many) is None
        assert status() == after
    admin.value(f"{B}/machine/startMachines", **many)
    assert status() == "DELETED"


def test_a_machine_moves(admin):
    """To another stack that is open."""
    there = {"machineId": 1, "reason": "x", "force": "false"}
    assert admin.post(f"{B}/machine/moveToDifferentComputeNode", **there, targetStackId=1).status == 400
    assert admin.post(f"{B}/machine/moveToDifferentComputeNode", **there, targetStackId=9).status == 404
    assert admin.value(f"{B}/machine/moveToDifferentComputeNode", **there) is None
    assert admin.value(f"{B}/machine/get", machineId=1)["stackId"] == 2


def test_ports_are_forwarded(admin):
    """To the address of the machine, from that of its cloudspace; 409 twice, 404 for none."""
    port = {"machineId": 1, "localPort": 22, "destPort": 2200, "proto": "tcp"}
    assert admin.value(f"{B}/machine/createPortForward", **port) is None
    assert admin.post(f"{B}/machine/createPortForward", **port).status == 409
    (rule,) = admin.value(f"{B}/machine/listPortForwards", machineId=1, result="x")
    assert (rule["id"], rule["fromAddr"], rule["toPort"]) == (0, "203.0.113.10", "22")

    gone = {"machineId": 1, "publicIp": "203.0.113.10", "publicPort": 2200, "proto": "tcp"}
    assert admin.value(f"{B}/machine/deletePortForward", **gone) is None
    assert admin.post(f"{B}/machine/deletePortForward", **gone).status == 404


def test_disks(admin, alice):
    """Added without an answer, deleted into the recycle bin."""
    new = {"machineId": 1, "diskName": "more", "description": "x", "reason": "x"}
    assert admin.value(f"{B}/machine/addDisk", **new) is None
    disk = alice.value("/cloudapi/machines/get", machineId=1)["disks"][-1]
    assert (disk["type"], disk["sizeMax"]) == ("D", 10)

    assert admin.value(f"{B}/machine/deleteDisk", machineId=1, diskId=disk["id"]) is True
    assert alice.value("/cloudapi/disks/get", diskId=disk["id"])["status"] == "TOBEDELETED"


def test_what_never_works(admin):
    """Templates end in 500, whatever is sent."""
    assert admin.post(f"{B}/machine/createTemplate", machineId=1, templateName="golden", reason="x").status == 500


def test_a_machine_on_a_stack(admin):
    """The one that is named; 404 for none."""
    new = {"cloudspaceId": 1, "name": "vm", "imageId": 1, "sizeId": 1, "disksize": 10}
    made = admin.value(f"{B}/machine/createOnStack", **new, stackid=2)

    assert admin.value(f"{B}/machine/get", machineId=made)["stackId"] == 2
    assert admin.post(f"{B}/machine/createOnStack", **{**new, "name": "other"}, stackid=9).status == 404


def test_a_user_who_has_access_is_not_added(admin):
    """400."""
    who = {"machineId": 1, "username": BOB, "accesstype": "R"}

    assert [admin.post(f"{B}/machine/addUser", **who).status for _ in range(2)] == [200, 400]


def test_a_machine_that_is_brought_from_elsewhere(admin):
    """Its domain and stack; what is no object with an id is 400."""
    target = admin.value(f"{B}/machine/prepareForMigration", cloudspaceId=1, machine='{"id": 1}')

    assert (target["id"], target["stackId"]) == (1, 1)
    assert admin.value(f"{B}/machine/get", machineId=1)["status"] == "MIGRATING"
    assert admin.post(f"{B}/machine/prepareForMigration", cloudspaceId=1, machine="[]").status == 400
