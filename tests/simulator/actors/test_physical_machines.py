"""The physical side of a grid."""

import pytest

G = "/system/gridmanager"


def ids(reply):
    return [each["id"] for each in reply.value]


@pytest.mark.parametrize(
    ("criterion", "found"),
    [({}, [1, 2]), ({"name": "node2"}, [2]), ({"gid": 9}, []), ({"roles": "cpunode"}, [1, 2]), ({"roles": "x"}, [])],
)
def test_nodes(alice, criterion, found):
    """By both verbs."""
    assert ids(alice.get(f"{G}/getNodes", **criterion)) == ids(alice.post(f"{G}/getNodes", **criterion)) == found


def test_what_there_is(alice):
    """Grids, disks of nodes, disks of machines; no job and no log is kept."""
    assert [grid["name"] for grid in alice.get(f"{G}/getGrids").value] == ["Demo"]
    assert ids(alice.get(f"{G}/getDisks", nid=2)) == [2]
    assert ids(alice.get(f"{G}/getVDisks", machineid=1)) == [1, 2]
    assert alice.get(f"{G}/getJobs", category="x").value == alice.get(f"{G}/getLogs").value == []
    assert alice.get(f"{G}/getJob", guid="x").status == 404


def test_health(alice):
    """Of all, and of each node; none of a node that is not there."""
    assert alice.get("/system/health/getOverallStatus").value == {"state": "OK"}
    assert list(alice.get("/system/health/getStatusSummary").value) == ["66_1", "66_2"]
    assert alice.get("/system/health/getDetailedStatus", nid=1).value["categories"]["Hardware"]["status"] == "OK"
    assert alice.get("/system/health/getDetailedStatus", nid=9).value == {"lastchecked": None, "categories": {}}
    assert alice.post("/system/health/refreshCommand", nid=9, cmd="x").status == 404


@pytest.mark.parametrize(
    ("where", "status"),
    [({"nid": 1}, 200), ({"role": "cpunode"}, 200), ({}, 400), ({"role": "x"}, 400), ({"nid": 9}, 400)],
)
def test_scripts_run_somewhere(admin, where, status):
    """On a node or a role that is there."""
    script = {"organization": "x", "name": "y", "gid": 66}

    assert admin.post("/system/agentcontroller/executeJumpscript", **script, **where).status == status
