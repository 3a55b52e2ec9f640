"""Who may do what, and how much there is for all."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

BOB = "bob@itsyouonline"
LEVELS = pytest.mark.parametrize(
    ("level", "id"), [("account", {"accountId": 1}), ("cloudspace", {"cloudspaceId": 1}), ("machine", {"machineId": 1})]
)


def right_of(caller: Any, level: str, id: dict[str, int]) -> str:
    """The letters that bob holds there, sorted; "" where he does not stand."""
    acl = caller(f"cloudapi.{level}s.get", **id)["acl"]
    return "".join("".join(sorted(entry["right"])) for entry in acl if entry["userGroupId"] == BOB)


@LEVELS
def test_sharing(story: Any, level: str, id: dict[str, int]) -> None:
    """Given, raised and taken away, on each level."""
    alice, bob, actor = story.alice, story.bob, f"cloudapi.{level}s"
    with bob.refused(403, 'User: "bob@itsyouonline" isn\'t allowed'):
        bob(f"{actor}.get", **id)
    with alice.refused(404, "nobody@itsyouonline"):
        alice(f"{actor}.addUser", **id, userId="nobody@itsyouonline", accesstype="R")
    with alice.refused(400, early=True):
        alice(f"{actor}.addUser", **id, userId=BOB, accesstype="RX")
    assert alice(f"{actor}.addUser", **id, userId=BOB, accesstype="R") is True
    with alice.refused(400, "already has access rights"):
        alice(f"{actor}.addUser", **id, userId=BOB, accesstype="R")
    assert right_of(bob, level, id) == "R"
    with bob.refused(403):
        bob(f"{actor}.addUser", **id, userId=BOB, accesstype="ARCXDU")

    assert alice(f"{actor}.updateUser", **id, userId=BOB, accesstype="RCX") is True
    assert right_of(bob, level, id) == "CRX"
    assert alice(f"{actor}.deleteUser", **id, userId=BOB, **({} if level == "machine" else {"recursivedelete": True}))
    assert right_of(alice, level, id) == ""
    with alice.refused(404, "does not have access rights"):
        alice(f"{actor}.updateUser", **id, userId=BOB, accesstype="R")


def test_inherited_rights(story: Any) -> None:
    """Who stands above can't be given less below; the last administrator stays."""
    alice = story.alice
    alice("cloudapi.accounts.addUser", accountId=1, userId=BOB, accesstype="RCX")
    alice("cloudapi.cloudspaces.addUser", cloudspaceId=1, userId=BOB, accesstype="RCX")
    assert alice("cloudapi.cloudspaces.updateUser", cloudspaceId=1, userId=BOB, accesstype="RCX") is False
    with alice.refused(409, "higher inherited"):
        alice("cloudapi.cloudspaces.updateUser", cloudspaceId=1, userId=BOB, accesstype="R")
    with alice.refused(400, "last administrator"):
        alice("cloudapi.accounts.deleteUser", accountId=1, userId="alice@itsyouonline")
    with alice.refused(400, "last administrator"):
        alice("cloudapi.accounts.updateUser", accountId=1, userId="alice@itsyouonline", accesstype="R")

    alice("cloudapi.accounts.deleteUser", accountId=1, userId=BOB, recursivedelete=True)
    assert story.bob("cloudapi.cloudspaces.list") == []


def test_users_of_themselves(story: Any) -> None:
    """Whom one may share with, and what the portal keeps for the caller."""
    alice = story.alice
    found = alice("cloudapi.users.getMatchingUsernames", usernameregex="bo", limit=5)
    assert [user["username"] for user in found] == [BOB]
    with alice.refused(400, "20", early=True):
        alice("cloudapi.users.getMatchingUsernames", usernameregex="bo", limit=21)

    assert alice("cloudapi.users.setData", data='{"k": "v"}') is True
    assert alice("cloudapi.users.setData", data='{"theme": "dark"}') is True
    me = alice("cloudapi.users.get", username="alice@itsyouonline")
    assert (me["username"], me["data"]) == ("alice@itsyouonline", {"k": "v", "theme": "dark"})
    with alice.refused(403):
        alice("cloudapi.users.get", username=BOB)
    with alice.refused(400, "JSON"):
        alice("cloudapi.users.setData", data="{not json")


def test_quotas(story: Any) -> None:
    """Limits of cloudspaces and accounts, never below what is in use, and which sizes are offered."""
    alice = story.alice
    wanted = {"cloudspaceId": 1, "name": "renamed", "maxMemoryCapacity": 10, "maxVDiskCapacity": 20}
    assert alice("cloudapi.cloudspaces.update", **wanted) is True
    space = alice("cloudapi.cloudspaces.get", cloudspaceId=1)
    assert (space["name"], space["resourceLimits"]["CU_M"], space["resourceLimits"]["CU_D"]) == ("renamed", 10, 20)
    alice("cloudapi.machines.resize", machineId=1, memory=4096, vcpus=4)
    with alice.refused(400, "CU_C"):
        alice("cloudapi.cloudspaces.update", cloudspaceId=1, maxCPUCapacity=3)
    with alice.refused(400, "CU_C"):
        alice("cloudapi.accounts.update", accountId=1, maxCPUCapacity=3)
    assert alice("cloudapi.accounts.update", accountId=1, maxCPUCapacity=4) is True
    with alice.refused(400, "CU_C"):
        alice("cloudapi.machines.resize", machineId=1, memory=4096, vcpus=6)

    assert alice("cloudapi.cloudspaces.addAllowedSize", cloudspaceId=1, sizeId=3) is True
    assert [size["id"] for size in alice("cloudapi.sizes.list", cloudspaceId=1)] == [3]
    assert alice("cloudapi.cloudspaces.removeAllowedSize", cloudspaceId=1, sizeId=3) is True
    assert len(alice("cloudapi.sizes.list", cloudspaceId=1)) == 6
    with alice.refused(400, "not among"):
        alice("cloudapi.cloudspaces.removeAllowedSize", cloudspaceId=1, sizeId=3)
    with alice.refused(404, "Could not find 99 of type size"):
        alice("cloudapi.cloudspaces.addAllowedSize", cloudspaceId=1, sizeId=99)


def test_a_reservation_on_the_account(story: Any) -> None:
    """A cloudspace's limits are taken from its account's, and refused where there is not enough."""
    alice = story.alice
    space = {"accountId": 1, "location": "be-demo-1", "name": "small", "access": "alice@itsyouonline"}
    alice("cloudapi.accounts.update", accountId=1, maxMemoryCapacity=8)
    with alice.refused(400, "CU_M"):
        alice("cloudapi.cloudspaces.create", **space, maxMemoryCapacity=16)
    assert alice("cloudapi.cloudspaces.create", **space, maxMemoryCapacity=4) == 2


def test_consumption(story: Any) -> None:
    """In cloud units, one by one, and as files of each hour."""
    alice, started = story.alice, int(story.clock.now)
    units = alice("cloudapi.accounts.getConsumedCloudUnits", accountId=1)
    assert units == {"CU_M": 1.0, "CU_C": 1, "CU_D": 10, "CU_I": 1, "CU_S": 0, "CU_A": 0, "CU_NO": 0, "CU_NP": 0}
    assert alice("cloudapi.accounts.getConsumedCloudUnitsByType", accountId=1, cutype="CU_M") == 1.0
    with alice.refused(400, "CU_S", early=True):
        alice("cloudapi.accounts.getConsumedCloudUnitsByType", accountId=1, cutype="CU_S")

    story.clock.sleep(5 * 3600)
    period = {"start": float(started), "end": started + 2.5 * 3600}
    with zipfile.ZipFile(io.BytesIO(alice("cloudapi.accounts.getConsumption", accountId=1, **period))) as hours:
        assert len(hours.namelist()) == 3
        assert hours.testzip() is None
    with story.bob.refused(403):
        story.bob("cloudapi.accounts.getConsumption", accountId=1, **period)
