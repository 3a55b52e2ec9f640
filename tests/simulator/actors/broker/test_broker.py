"""What administrators do."""

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


def test_a_disabled_account_can_only_be_read(admin, alice):
    """403, until it is enabled again."""
    admin.value(f"{B}/account/disable", accountId=1, reason="x")
    assert alice.post("/cloudapi/machines/stop", machineId=1).status == 403
    assert alice.value("/cloudapi/accounts/get", accountId=1)["status"] == "DISABLED"

    admin.value(f"{B}/account/enable", accountId=1, reason="x")
    assert alice.post("/cloudapi/machines/stop", machineId=1).status == 200


def test_a_destroyed_cloudspace_takes_its_machines_along(admin, alice, clock):
    """In the background."""
    assert admin.value(f"{B}/cloudspace/destroy", cloudspaceId=1, reason="x") is None
    clock.sleep(10)

    assert alice.value("/cloudapi/cloudspaces/list") == []
    assert alice.post("/cloudapi/machines/get", machineId=1).status == 404


def test_users_come_and_go(admin, guest):
    """A new one can log in."""
    admin.value(f"{B}/user/create", username="carol", emailaddress="c@example.org", password="long-enough")
    who = {"username": "carol", "password": "long-enough"}
    assert guest.post("/cloudapi/users/authenticate", **who).status == 200
    assert admin.post(f"{B}/user/create", username="carol", emailaddress="d@example.org").status == 409

    admin.value(f"{B}/user/delete", username="carol")
    assert guest.post("/cloudapi/users/authenticate", **who).status == 401


def test_they_share_other_peoples_objects(admin, bob):
    """Under another parameter name."""
    admin.value(f"{B}/account/addUser", accountId=1, username=BOB, accesstype="R")

    assert bob.value("/cloudapi/machines/get", machineId=1)["name"] == "web1"
