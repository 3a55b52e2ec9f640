"""Physical machines."""

import pytest

B = "/cloudbroker/node"


@pytest.mark.parametrize(("action", "status", "stack"), [("move", "RUNNING", 2), ("stop", "HALTED", 1)])
def test_maintenance_empties_a_node(admin, action, status, stack):
    """Its machines move, or stop; then it is open again."""
    assert admin.value(f"{B}/maintenance", nid=1, vmaction=action) is None
    machine = admin.value("/cloudbroker/machine/get", machineId=1)
    assert (machine["status"], machine["stackId"]) == (status, stack)
    assert admin.get("/system/gridmanager/getNodes", id=1).value[0]["status"] == "MAINTENANCE"

    assert admin.value(f"{B}/enableNodes", nids=[1, 2]) is None
    assert admin.get("/system/gridmanager/getNodes", id=1).value[0]["status"] == "ENABLED"


def test_a_node_is_given_up_and_taken_back(admin):
    """The spelling is the portal's."""
    assert admin.value(f"{B}/decomission", nid=2) is None
    assert admin.get("/system/gridmanager/getNodes", id=2).value[0]["status"] == "DECOMMISSIONED"
    assert admin.value(f"{B}/enable", nid=2) is None
    assert admin.post(f"{B}/enable", nid=9).status == 404


def test_power(admin):
    """Of four kinds."""
    assert admin.value(f"{B}/applyIpmiAction", nid=1, action="reboot") is None
    assert admin.post(f"{B}/applyIpmiAction", nid=1, action="kick").status == 400


def test_older_releases_know_them_as_compute_nodes(pinned, clock, guest, simulator):
    """And list whole records of them."""
    portal = type(simulator)(*pinned("2.4.0"), clock=clock)
    admin = type(guest)(portal, portal.auth_secrets.portal)

    assert admin.post("/cloudbroker/computenode/setStatus", id=2, gid=66, status="DECOMMISSIONED").status == 500
    stacks = admin.value("/cloudbroker/computenode/list", gid=66)
    assert [(stack["referenceId"], stack["status"]) for stack in stacks] == [("1", "ENABLED"), ("2", "DECOMMISSIONED")]
    assert stacks[0].keys() >= {"id", "guid", "gid", "name", "descr", "type", "images", "apiUrl", "error"}
    assert admin.post("/cloudbroker/computenode/list", gid=99).status == 404
