"""Cloudspaces: deployed over time, shared, limited, deleted."""

import pytest

from ovcgen.simulator import DEMO

C = "/cloudapi/cloudspaces"
NEW = {"accountId": 1, "location": "be-demo-1", "name": "test", "access": "alice@itsyouonline"}


def test_create_answers_at_once_and_deploys_meanwhile(alice, clock):
    """The public address comes with the firewall."""
    before = clock()
    space_id = alice.value(f"{C}/create", **NEW)
    assert clock() == before
    young = alice.value(f"{C}/get", cloudspaceId=space_id)
    clock.sleep(DEMO.deploy)
    grown = alice.value(f"{C}/get", cloudspaceId=space_id)

    assert (young["status"], young["publicipaddress"]) == ("DEPLOYING", None)
    assert (grown["status"], grown["publicipaddress"]) == ("DEPLOYED", "203.0.113.11")
    assert [each["status"] for each in alice.value(f"{C}/list")] == ["DEPLOYED", "DEPLOYED"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"name": "production"}, 409, id="name in use"),
        pytest.param({"name": "<x>"}, 400, id="bad name"),
        pytest.param({"location": "mars"}, 400, id="no such location"),
        pytest.param({"accountId": 9}, 404, id="no such account"),
        pytest.param({"maxCPUCapacity": 0}, 400, id="zero is no limit"),
        pytest.param({"maxVDiskCapacity": 9}, 400, id="too few GB"),
        pytest.param({"privatenetwork": "here"}, 400, id="no network"),
    ],
)
def test_create_is_refused(alice, change, code):
    """And nothing is made."""
    assert alice.post(f"{C}/create", **{**NEW, **change}).status == code
    assert len(alice.value(f"{C}/list")) == 1


def test_access_gets_an_entry_of_its_own(alice):
    """The list of the account does not count, and nobody looks up who it is; deleteUser takes the entry away again."""
    for name in ("alice@itsyouonline", "nobody@itsyouonline"):
        space_id = alice.value(f"{C}/create", **{**NEW, "name": name[:6], "access": name})
        entries = {
            entry["userGroupId"]: entry["right"] for entry in alice.value(f"{C}/get", cloudspaceId=space_id)["acl"]
        }
        assert entries[name] == "ACDRUX"

        assert alice.value(f"{C}/deleteUser", cloudspaceId=space_id, userId=name) is True
        assert alice.post(f"{C}/deleteUser", cloudspaceId=space_id, userId=name).status == 404
        assert alice.value("/cloudapi/accounts/get", accountId=1)["acl"][0]["userGroupId"] == "alice@itsyouonline"


def test_a_cloudspace_with_machines_can_not_be_deleted(alice):
    """409; machines first."""
    assert alice.post(f"{C}/delete", cloudspaceId=1).status == 409

    alice.value("/cloudapi/machines/delete", machineId=1)
    assert alice.value(f"{C}/delete", cloudspaceId=1) is True
    assert alice.value(f"{C}/list") == []
    assert alice.post(f"{C}/get", cloudspaceId=1).status == 404


def test_a_cloudspace_being_deployed_can_not_be_deleted(alice):
    """400."""
    space_id = alice.value(f"{C}/create", **NEW)

    assert alice.post(f"{C}/delete", cloudspaceId=space_id).status == 400


def test_what_administrators_see_of_deleted_ones(alice, admin, clock):
    """The record, and they alone can restore it."""
    space_id = alice.value(f"{C}/create", **NEW)
    clock.sleep(DEMO.deploy)
    alice.value(f"{C}/delete", cloudspaceId=space_id)

    assert admin.value(f"{C}/get", cloudspaceId=space_id)["status"] == "DELETED"
    assert alice.post(f"{C}/restore", cloudspaceId=space_id, reason="x").status == 404
    assert alice.post(f"{C}/delete", cloudspaceId=space_id, permanently="true").status == 403
    assert admin.value(f"{C}/restore", cloudspaceId=space_id, reason="x") is True
    assert alice.value(f"{C}/get", cloudspaceId=space_id)["status"] == "DEPLOYED"


def test_machines_are_limited(alice):
    """What would exceed the cloudspace's limits is refused."""
    alice.value(f"{C}/update", cloudspaceId=1, maxCPUCapacity=2)
    new = {"cloudspaceId": 1, "imageId": 1, "disksize": 10}

    assert alice.post("/cloudapi/machines/create", **new, name="big", sizeId=3).status == 400
    assert alice.post("/cloudapi/machines/create", **new, name="small", sizeId=2).status == 200


def test_two_networks_never_share_an_address(alice):
    """Nor do two cloudspaces."""
    ids = [alice.value(f"{C}/create", **{**NEW, "name": f"space{n}"}) for n in range(5)]
    spaces = {space["id"] for space in alice.value(f"{C}/list")}

    assert len(set(ids)) == 5
    assert set(ids) < spaces


def test_limits_are_not_set_below_what_is_in_use(alice):
    """Nor above what the account has left beside its other cloudspaces."""
    alice.value(f"{C}/update", cloudspaceId=1, maxCPUCapacity=1)
    alice.value("/cloudapi/machines/resize", machineId=1, memory=2048, vcpus=1)
    assert alice.post(f"{C}/update", cloudspaceId=1, maxMemoryCapacity=1).status == 400

    alice.value("/cloudapi/accounts/update", accountId=1, maxMemoryCapacity=8)
    assert alice.post(f"{C}/update", cloudspaceId=1, maxMemoryCapacity=9).status == 400
    assert alice.post(f"{C}/update", cloudspaceId=1, maxMemoryCapacity=8).status == 200
    assert alice.post(f"{C}/update", cloudspaceId=1, maxMemoryCapacity=7).status == 200
