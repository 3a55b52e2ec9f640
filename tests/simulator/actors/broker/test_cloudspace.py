"""Cloudspaces in the hands of administrators."""

import pytest

B, C = "/cloudbroker/cloudspace", "/cloudapi/cloudspaces"
BOB = "bob@itsyouonline"
WHO = {"cloudspaceId": 1, "username": BOB, "recursivedelete": "false"}
FORWARD = {
    "cloudspaceId": 1,
    "publicIp": "203.0.113.10",
    "publicPort": 80,
    "machineId": 1,
    "localPort": 80,
    "protocol": "tcp",
}


def test_a_new_one_is_its_makers_own(admin, clock):
    """Where nobody is named; 409 for a name twice, 404 for unknown people."""
    new = {"accountId": 1, "location": "be-demo-1", "name": "theirs"}
    made = admin.value(f"{B}/create", **new)
    clock.sleep(10)
    assert admin.value(f"{C}/get", cloudspaceId=made)["status"] == "DEPLOYED"

    assert admin.post(f"{B}/create", **new).status == 409
    assert admin.post(f"{B}/create", **{**new, "name": "other", "access": "nobody"}).status == 404
    assert admin.post(f"{B}/create", **{**new, "name": "other", "location": "nowhere"}).status == 400


def test_limits_that_are_left_out_stay(admin):
    """Unlike those of accounts."""
    admin.value(f"{B}/update", cloudspaceId=1, name="production", maxCPUCapacity=7)
    admin.value(f"{B}/update", cloudspaceId=1, name="production", maxMemoryCapacity=9)

    assert admin.value(f"{C}/get", cloudspaceId=1)["resourceLimits"]["CU_C"] == 7


def test_what_is_destroyed_comes_back_or_not(admin, alice, clock):
    """With the machines that went with it."""
    assert admin.value(f"{B}/destroy", cloudspaceId=1, reason="x") is None
    clock.sleep(10)
    assert alice.post(f"{C}/get", cloudspaceId=1).status == 404
    assert admin.value(f"{C}/get", cloudspaceId=1)["status"] == "DELETED"

    assert admin.value(f"{B}/restore", cloudspaceId=1, reason="x") is True
    assert alice.value("/cloudapi/machines/get", machineId=1)["status"] == "HALTED"
    assert admin.post(f"{B}/destroy", cloudspaceId=1, reason="x", name="other").status == 400

    admin.value(f"{B}/destroy", cloudspaceId=1, reason="x", permanently="true")
    clock.sleep(10)
    assert admin.value("/cloudbroker/machine/get", machineId=1)["status"] == "DESTROYED"
    assert admin.value(f"{B}/destroy", cloudspaceId=1, reason="x") is None


def test_many_stop_at_the_first_that_fails(admin, clock):
    """Nobody is told."""
    made = admin.value(f"{B}/create", accountId=1, location="be-demo-1", name="theirs")
    clock.sleep(10)
    assert admin.value(f"{B}/destroyCloudSpaces", cloudspaceIds=[99, made], reason="x") is None
    assert admin.value(f"{C}/get", cloudspaceId=made)["status"] == "DEPLOYED"

    admin.value(f"{B}/destroyCloudSpaces", cloudspaceIds=[made, 99], reason="x")
    clock.sleep(10)
    assert admin.value(f"{C}/get", cloudspaceId=made)["status"] == "DELETED"


def test_without_its_firewall_nothing_is_forwarded(admin, alice):
    """503, until it runs again."""
    assert admin.value(f"{B}/getVFW", cloudspaceId=1)["status"] == "RUNNING"
    admin.value(f"{B}/stopVFW", cloudspaceId=1)
    stopped = admin.value(f"{B}/getVFW", cloudspaceId=1)
    assert (stopped["state"], stopped["status"]) == ("STOPPED", "HALTED")
    assert alice.post("/cloudapi/portforwarding/create", **FORWARD).status == 503
    assert alice.post(f"{C}/getDefenseShield", cloudspaceId=1).status == 503

    admin.value(f"{B}/startVFW", cloudspaceId=1)
    assert alice.value("/cloudapi/portforwarding/create", **FORWARD) is True
    rules = admin.value(f"{B}/getVFW", cloudspaceId=1)["tcpForwardRules"]
    assert [(rule["fromPort"], rule["toPort"]) for rule in rules] == [("80", "80")]
    assert admin.value(f"{B}/deletePortForward", cloudspaceId=1, publicIp="203.0.113.10", publicPort=80, proto="tcp")


def test_a_firewall_is_destroyed_and_deployed(admin, alice, clock):
    """In between there is no address and nothing to get."""
    assert admin.value(f"{B}/deployVFW", cloudspaceId=1) is None
    assert admin.value(f"{B}/destroyVFW", cloudspaceId=1) is True
    space = alice.value(f"{C}/get", cloudspaceId=1)
    assert (space["status"], space["publicipaddress"]) == ("VIRTUAL", None)
    assert admin.post(f"{B}/getVFW", cloudspaceId=1).status == 400
    assert admin.post(f"{B}/applyConfig", cloudspaceId=1).status == 400

    assert admin.value(f"{B}/deployVFW", cloudspaceId=1) == "DEPLOYED"
    clock.sleep(10)
    assert alice.value(f"{C}/get", cloudspaceId=1)["publicipaddress"] == "203.0.113.10"
    assert admin.value(f"{B}/applyConfig", cloudspaceId=1) is None


def test_a_firewall_moves(admin):
    """To another node only, and not to one that is shut."""
    assert admin.post(f"{B}/moveVirtualFirewallToFirewallNode", cloudspaceId=1, targetNid=1).status == 400
    assert admin.value(f"{B}/moveVirtualFirewallToFirewallNode", cloudspaceId=1, targetNid=2) is True
    assert admin.value(f"{B}/getVFW", cloudspaceId=1)["nodename"] == "node2"

    admin.value("/cloudbroker/node/maintenance", nid=1, vmaction="move")
    assert admin.post(f"{B}/moveVirtualFirewallToFirewallNode", cloudspaceId=1).status == 400


def test_how_a_firewall_is_reset(admin):
    """factory or restore, of a deployed cloudspace."""
    assert admin.value(f"{B}/resetVFW", cloudspaceId=1, resettype="restore") is None
    assert admin.post(f"{B}/resetVFW", cloudspaceId=1, resettype="hard").status == 400


@pytest.mark.parametrize(("before", "right", "status"), [("", "R", 200), ("R", "RCX", 200), ("R", "R", 412)])
def test_adding_who_has_rights_changes_them(admin, bob, before, right, status):
    """412 where the account gives him just these."""
    if before:
        admin.value("/cloudbroker/account/addUser", accountId=1, username=BOB, accesstype=before)
    reply = admin.post(f"{B}/addUser", cloudspaceId=1, username=BOB, accesstype=right)

    assert reply.status == status
    assert bob.value(f"{C}/get", cloudspaceId=1)["name"] == "production"
    assert admin.post(f"{B}/addUser", cloudspaceId=1, username="nobody", accesstype="R").status == 404


def test_only_own_entries_are_deleted(admin):
    """404 for those who have their rights from the account."""
    admin.value("/cloudbroker/account/addUser", accountId=1, username=BOB, accesstype="R")
    assert admin.post(f"{B}/deleteUser", **WHO).status == 404

    admin.value(f"{B}/addUser", cloudspaceId=1, username=BOB, accesstype="RCX")
    assert admin.value(f"{B}/deleteUser", **WHO) is True


def test_one_comes_from_elsewhere(admin):
    """Into an account and a grid that are known."""
    moved = {"cloudspace": "moved", "vfw": "{}", "sourceip": "192.0.2.1"}
    made = admin.value(f"{B}/migrateCloudspace", accountId=1, gid=66, **moved)

    assert admin.value(f"{C}/get", cloudspaceId=made)["name"] == "moved"
    assert admin.post(f"{B}/migrateCloudspace", accountId=1, gid=99, **moved).status == 400
