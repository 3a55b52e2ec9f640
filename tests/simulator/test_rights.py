"""Who may do what, and which refusal comes first."""

import pytest

BOB = "bob@itsyouonline"
LEVELS = {"account": 1, "cloudspace": 1, "machine": 1}
NAMES = {"accountId": 1, "name": "another", "machineId": 1, "cloudspaceId": 1}
NEW = {"accesstype": "R", "userId": "admin@itsyouonline"}
SPACE = {"location": "be-demo-1", "access": BOB}
MACHINE = {"cloudspaceId": 1, "imageId": 1, "sizeId": 1, "disksize": 10}
NEEDS = [  # call, its values beside the names above, and the letter it asks for
    ("accounts/get", {}, "R"),
    ("accounts/update", {}, "A"),
    ("accounts/addUser", NEW, "U"),
    ("cloudspaces/create", SPACE, "C"),
    ("cloudspaces/get", {}, "R"),
    ("cloudspaces/getDefenseShield", {}, "X"),
    ("cloudspaces/update", {}, "A"),
    ("cloudspaces/addUser", NEW, "U"),
    ("machines/create", MACHINE, "C"),
    ("machines/delete", {"name": ""}, "X"),
    ("machines/get", {}, "R"),
    ("machines/snapshot", {}, "C"),
    ("machines/stop", {}, "X"),
]


@pytest.mark.parametrize("right", ["R", "RCX", "ARCXDU"])
@pytest.mark.parametrize("given_on", LEVELS)
@pytest.mark.parametrize(("name", "values", "letter"), NEEDS, ids=[need[0] for need in NEEDS])
def test_rights_flow_downwards(simulator, alice, bob, given_on, right, name, values, letter):
    """From account to cloudspace to machine; upwards goes only what `addUser` adds there with the same letters."""
    kind = f"{given_on}s"
    alice.value(f"/cloudapi/{kind}/addUser", **{f"{given_on}Id": 1}, userId=BOB, accesstype=right)
    for holder in (simulator.state.accounts, simulator.state.cloudspaces, simulator.state.machines):
        assert all(ace.right == right for ace in holder.find(1).acl if ace.user == BOB)

    operation = simulator.api.operation("POST", f"/cloudapi/{name}")
    named = {key: value for key, value in NAMES.items() if operation.parameter(key)}
    allowed = bob.post(f"/cloudapi/{name}", **{**named, **values}).status != 403
    assert allowed == (letter in right)


@pytest.mark.parametrize(
    ("who", "path", "values", "status"),
    [
        ("guest", "/cloudapi/nothing", {}, 404),
        ("guest", "/cloudapi/machines/get", {}, 401),
        ("bob", "/cloudapi/machines/get", {}, 400),
        ("bob", "/cloudapi/machines/get", {"machineId": 99}, 404),
        ("bob", "/cloudapi/machines/get", {"machineId": 1}, 403),
        ("bob", "/cloudapi/machines/rollbackSnapshot", {"machineId": 1}, 403),
        ("alice", "/cloudapi/machines/rollbackSnapshot", {"machineId": 1, "name": "none"}, 409),
        ("bob", "/cloudbroker/machine/get", {}, 400),
        ("bob", "/cloudbroker/machine/get", {"machineId": 99}, 403),
        ("admin", "/cloudbroker/machine/get", {"machineId": 99}, 404),
    ],
)
def test_which_refusal_comes_first(request, who, path, values, status):
    """Route, login, parameters, object, right, rules; an administrator's call asks for the group before the object."""
    assert request.getfixturevalue(who).post(path, **values).status == status


def test_a_stranger_with_a_good_token_has_no_rights(simulator, visitor):
    """403 where a right is asked for, an empty list where none is."""
    stranger = visitor(simulator, "stranger@itsyouonline")

    assert stranger.post("/cloudapi/machines/get", machineId=1).status == 403
    assert stranger.post("/cloudbroker/machine/get", machineId=1).status == 403
    assert stranger.value("/cloudapi/accounts/list") == []
    assert stranger.value("/system/usermanager/whoami") == {"name": "stranger@itsyouonline", "admin": False}


@pytest.mark.parametrize("status", ["DISABLED", "DELETED"])
def test_what_is_shut_can_be_read_only(alice, admin, clock, status):
    """Administrators see no difference."""
    call = {"DISABLED": "disable", "DELETED": "delete"}[status]
    admin.value(f"/cloudbroker/account/{call}", accountId=1, reason="x")
    clock.sleep(10)

    assert alice.value("/cloudapi/accounts/get", accountId=1)["status"] == status
    assert alice.post("/cloudapi/accounts/update", accountId=1, maxCPUCapacity=9).status == 403
    assert admin.value("/cloudapi/accounts/update", accountId=1, maxCPUCapacity=9) is True
