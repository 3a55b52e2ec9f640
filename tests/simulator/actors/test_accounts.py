"""Accounts and their users."""

import io
import zipfile

import pytest

from ovcgen.simulator import LOGINS, Simulator
from ovcgen.simulator.auth import log_in
from tests.simulator.conftest import Visitor

A = "/cloudapi/accounts"
BOB = "bob@itsyouonline"


def test_only_ones_own_accounts_are_listed(alice, bob, admin):
    """An administrator has none either."""
    assert [account["name"] for account in alice.value(f"{A}/list")] == ["acme"]
    assert bob.value(f"{A}/list") == admin.value(f"{A}/list") == []


def test_what_is_consumed(alice):
    """One machine with 1 GB, one CPU and 10 GB."""
    units = alice.value(f"{A}/getConsumedCloudUnits", accountId=1)

    assert (units["CU_M"], units["CU_C"], units["CU_D"], units["CU_I"]) == (1.0, 1, 10, 1)
    assert alice.value(f"{A}/getConsumedCloudUnitsByType", accountId=1, cutype="CU_D") == 10
    assert alice.post(f"{A}/getConsumedCloudUnitsByType", accountId=1, cutype="CU_S").status == 400


def test_a_limit_below_the_use_is_refused(alice):
    """400."""
    assert alice.post(f"{A}/update", accountId=1, maxVDiskCapacity=10).status == 200
    assert alice.post(f"{A}/update", accountId=1, maxMemoryCapacity=0.5).status == 400


def test_an_administrator_makes_an_account(admin, bob):
    """For a user, who then sees it."""
    made = admin.value("/cloudbroker/account/create", name="bobs", username=BOB)

    assert [account["id"] for account in bob.value(f"{A}/list")] == [made]
    assert admin.post("/cloudbroker/account/create", name="bobs", username=BOB).status == 409
    assert bob.post("/cloudbroker/account/create", name="more", username=BOB).status == 403


@pytest.mark.parametrize(
    ("level", "path"),
    [("accountId", "accounts"), ("cloudspaceId", "cloudspaces"), ("machineId", "machines")],
)
def test_sharing(alice, bob, level, path):
    """Twice is 400, an unknown user 404, an unknown right 400; without rights 403."""
    who = {level: 1, "userId": BOB}
    assert bob.post(f"/cloudapi/{path}/get", **{level: 1}).status == 403

    assert alice.value(f"/cloudapi/{path}/addUser", **who, accesstype="R") is True
    assert bob.post(f"/cloudapi/{path}/get", **{level: 1}).status == 200
    assert alice.post(f"/cloudapi/{path}/addUser", **who, accesstype="R").status == 400
    assert alice.post(f"/cloudapi/{path}/addUser", **{**who, "userId": "nobody"}, accesstype="R").status == 404
    assert alice.post(f"/cloudapi/{path}/addUser", **{**who, "userId": "nobody"}, accesstype="RX").status == 400
    assert bob.post(f"/cloudapi/{path}/addUser", **who, accesstype="R").status == 403


def test_rights_flow_downwards(alice, bob):
    """From the account to its machines; reading is not stopping."""
    alice.value(f"{A}/addUser", accountId=1, userId=BOB, accesstype="R")

    assert bob.value("/cloudapi/machines/get", machineId=1)["name"] == "web1"
    assert bob.post("/cloudapi/machines/stop", machineId=1).status == 403


def test_a_user_of_a_machine_is_added_upwards(alice, bob):
    """So he finds its cloudspace in his list."""
    alice.value("/cloudapi/machines/addUser", machineId=1, userId=BOB, accesstype="RCX")

    assert [space["id"] for space in bob.value("/cloudapi/cloudspaces/list")] == [1]
    assert bob.value("/cloudapi/machines/stop", machineId=1) is True


def test_inherited_rights_can_not_be_lowered(alice):
    """409; equal ones answer false; removing what is not there is 404."""
    alice.value(f"{A}/addUser", accountId=1, userId=BOB, accesstype="RCX")
    who = {"cloudspaceId": 1, "userId": BOB}
    assert alice.post("/cloudapi/cloudspaces/updateUser", **who, accesstype="RCX").status == 404

    alice.value("/cloudapi/cloudspaces/addUser", **who, accesstype="RCX")
    assert alice.value("/cloudapi/cloudspaces/updateUser", **who, accesstype="RCX") is False
    assert alice.post("/cloudapi/cloudspaces/updateUser", **who, accesstype="R").status == 409
    assert alice.value("/cloudapi/cloudspaces/updateUser", **who, accesstype="ARCXDU") is True


def test_the_last_administrator_stays(alice):
    """Neither removed nor lowered."""
    me = {"accountId": 1, "userId": "alice@itsyouonline"}

    assert alice.post(f"{A}/deleteUser", **me).status == 400
    assert alice.post(f"{A}/updateUser", **me, accesstype="R").status == 400


def test_removal_may_go_down(alice, bob):
    """`recursivedelete` takes the rights on cloudspaces and machines too."""
    alice.value("/cloudapi/machines/addUser", machineId=1, userId=BOB, accesstype="R")
    alice.value(f"{A}/deleteUser", accountId=1, userId=BOB, recursivedelete="true")

    assert bob.value("/cloudapi/cloudspaces/list") == []


@pytest.mark.parametrize(
    ("name", "values"), [("create", {"name": "bobs", "access": [BOB]}), ("delete", {"accountId": 1})]
)
def test_older_releases_never_made_or_deleted_accounts(pinned, clock, name, values):
    """They have the calls, and nothing behind them: 500."""
    portal = Simulator(*pinned("2.1.6"), clock=clock)
    units = ("maxMemoryCapacity", "maxVDiskCapacity", "maxCPUCapacity", "maxNetworkPeerTransfer", "maxNumPublicIP")
    visitor = Visitor(portal, log_in(portal.state, LOGINS.user.username, now=clock()))

    assert visitor.post(f"{A}/{name}", **values, **dict.fromkeys(units, -1)).status == 500
    assert [account["name"] for account in visitor.value(f"{A}/list")] == ["acme"]


def test_consumption_is_a_zip_with_a_file_an_hour(alice, clock):
    """Of the time in which the account was there."""
    begin = int(clock.now)
    clock.sleep(2 * 3600)
    packed = alice.get(f"{A}/getConsumption", accountId=1, start=begin - 9000, end=begin + 90_000)

    assert packed.kind == "application/octet-stream"
    with zipfile.ZipFile(io.BytesIO(packed.body)) as archive:
        assert len(archive.namelist()) == 3


def test_left_out_limits_stay_here_and_fall_there(alice, admin):
    """A user's update keeps what it does not name, an administrator's makes it unlimited."""
    alice.value(f"{A}/update", accountId=1, maxCPUCapacity=7)
    alice.value(f"{A}/update", accountId=1, maxMemoryCapacity=9)
    assert alice.value(f"{A}/get", accountId=1)["resourceLimits"]["CU_C"] == 7

    admin.value("/cloudbroker/account/update", accountId=1, name="acme", maxMemoryCapacity=9)
    assert alice.value(f"{A}/get", accountId=1)["resourceLimits"]["CU_C"] == -1


def test_who_came_for_an_object_below_goes_with_it(alice, bob):
    """Rights that were added upwards are cleaned up."""
    who = {"userId": BOB}
    alice.value("/cloudapi/machines/addUser", machineId=1, **who, accesstype="R")
    alice.value("/cloudapi/machines/deleteUser", machineId=1, **who)

    assert bob.value("/cloudapi/cloudspaces/list") == bob.value(f"{A}/list") == []


def test_an_email_address_names_a_user_too(alice, bob):
    """Where rights are given."""
    alice.value(f"{A}/addUser", accountId=1, userId="bob@example.org", accesstype="R")

    assert [account["name"] for account in bob.value(f"{A}/list")] == ["acme"]
