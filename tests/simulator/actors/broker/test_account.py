"""Accounts in the hands of administrators."""

import pytest

A, B = "/cloudapi/accounts", "/cloudbroker/account"
BOB = "bob@itsyouonline"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"name": "acme", "username": BOB}, 409),
        ({"name": "new", "username": BOB, "emailaddress": "other@example.org"}, 409),
        ({"name": "new", "username": "nobody"}, 400),
        ({"name": "new", "username": "nobody", "emailaddress": "no email"}, 400),
        ({"name": "new", "username": "nobody", "emailaddress": "a.b@example.org"}, 400),
        ({"name": "new", "username": BOB, "maxCPUCapacity": 0}, 400),
        ({"name": "new", "username": BOB, "maxVDiskCapacity": 9}, 400),
        ({"name": "n", "username": BOB}, 400),
        ({"name": "new", "username": "no one"}, 400),
    ],
)
def test_what_no_account_is_made_of(admin, values, status):
    """Names and addresses of others, people without an address, limits of nothing."""
    assert admin.post(f"{B}/create", **values).status == status


def test_an_owner_is_made_where_there_is_none(admin):
    """With the email address that is given; he stays when a later check fails."""
    owner = {"username": "nobody", "emailaddress": "nobody@example.org"}
    assert admin.post(f"{B}/create", name="new", **owner, maxCPUCapacity=0).status == 400
    assert admin.value("/system/usermanager/userget", name="nobody")["groups"] == ["user"]

    made = admin.value(f"{B}/create", name="new", **owner)
    account = admin.value(f"{A}/get", accountId=made)
    assert (account["status"], account["acl"][0]["right"]) == ("CONFIRMED", "CXDRAU")


def test_a_disabled_account_stops_its_machines(admin, alice):
    """They stay down when it is enabled again; what is not disabled can't be enabled."""
    assert admin.post(f"{B}/enable", accountId=1, reason="x").status == 400
    assert admin.value(f"{B}/disable", accountId=1, reason="x") is True
    assert alice.value("/cloudapi/machines/get", machineId=1)["status"] == "HALTED"
    assert alice.post("/cloudapi/machines/start", machineId=1).status == 403

    assert admin.value(f"{B}/enable", accountId=1, reason="x") is True
    assert alice.value("/cloudapi/machines/start", machineId=1) is True


def test_async_without_an_underscore(admin, alice):
    """True at once; how it went is an event."""
    assert admin.value(f"{B}/disable", accountId=1, reason="x", **{"async": "1"}) is True
    told = admin.get("/system/contentmanager/checkEvents", cursor=0).value

    assert (told["event"]["title"], told["event"]["type"]) == ("disable", "success")
    assert alice.value(f"{A}/get", accountId=1)["status"] == "DISABLED"


def test_a_deleted_account_comes_back_with_all_it_had(admin, alice, clock):
    """Its cloudspaces, their machines, and their users' rights."""
    assert admin.value(f"{B}/delete", accountId=1, reason="x") is None
    assert admin.value(f"{A}/get", accountId=1)["status"] == "DESTROYING"
    clock.sleep(10)
    assert admin.value(f"{A}/get", accountId=1)["status"] == "DELETED"
    assert alice.value(f"{A}/list") == alice.value("/cloudapi/cloudspaces/list") == []

    assert admin.value(f"{B}/restore", accountId=1, reason="x") is None
    clock.sleep(10)
    assert [each["status"] for each in alice.value("/cloudapi/cloudspaces/list")] == ["DEPLOYED"]
    assert alice.value("/cloudapi/machines/get", machineId=1)["status"] == "HALTED"
    assert admin.post(f"{B}/restore", accountId=1, reason="x").status == 400


def test_a_destroyed_account_is_gone(admin, alice, clock):
    """404 for its owner; deleting it again does nothing; its name is free."""
    assert admin.post(f"{B}/delete", accountId=1, reason="x", name="other").status == 400
    admin.value(f"{B}/delete", accountId=1, reason="x", permanently="true")
    clock.sleep(10)

    assert alice.post(f"{A}/get", accountId=1).status == 404
    assert admin.value(f"{A}/get", accountId=1)["status"] == "DESTROYED"
    assert admin.value(f"{B}/delete", accountId=1, reason="x") is None
    assert admin.value(f"{B}/create", name="acme", username=BOB) == 2


def test_many_are_deleted_at_once(admin, clock):
    """Unknown ones are passed over; any text at all means for ever."""
    made = admin.value(f"{B}/create", name="new", username=BOB)
    assert admin.value(f"{B}/deleteAccounts", accountIds=[99, made], reason="x", permanently="false") is None
    clock.sleep(10)

    assert admin.value(f"{A}/get", accountId=made)["status"] == "DESTROYED"


def test_administrators_of_accounts(admin, simulator, visitor):
    """Given, and taken; the last one stays."""
    admin.value(f"{B}/addUser", accountId=1, username=BOB, accesstype="ARCXDU")
    bob = visitor(simulator, BOB)
    assert bob.value(f"{A}/update", accountId=1, maxCPUCapacity=50) is True

    def remove(name):
        values = {"accountId": 1, "username": name, "recursivedelete": "false"}
        return admin.post(f"{B}/deleteUser", **values).status

    assert [remove(name) for name in ("alice@itsyouonline", BOB, "nobody")] == [200, 400, 404]
