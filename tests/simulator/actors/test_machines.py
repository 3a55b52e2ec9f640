"""Machines, from creation to the recycle bin."""

import ast

import pytest

from ovcgen.simulator import DEMO

M = "/cloudapi/machines"
NEW = {"cloudspaceId": 1, "name": "web2", "sizeId": 2, "imageId": 1, "disksize": 10}


def status(visitor, machine_id):
    """What `get` says."""
    return visitor.value(f"{M}/get", machineId=machine_id)["status"]


def names(visitor):
    """What `list` says."""
    return [machine["name"] for machine in visitor.value(f"{M}/list", cloudspaceId=1)]


def test_create_get_and_list_agree(alice, clock):
    """One machine, three views."""
    machine_id = alice.value(f"{M}/create", **NEW, datadisks=[5, 6])
    clock.sleep(DEMO.address)
    machine = alice.value(f"{M}/get", machineId=machine_id)
    listed = next(each for each in alice.value(f"{M}/list", cloudspaceId=1) if each["id"] == machine_id)

    assert (machine["name"], machine["status"], machine["memory"], machine["sizeid"]) == ("web2", "RUNNING", 1024, 2)
    assert [disk["type"] for disk in machine["disks"]] == ["B", "D", "D", "M"]
    assert machine["storage"] == listed["storage"] == 21
    assert [disk["id"] for disk in machine["disks"]] == listed["disks"]
    assert machine["interfaces"][0]["ipAddress"] == listed["nics"][0]["ipAddress"] == "192.168.103.253"


def test_a_new_machine_is_not_there_at_once(alice, clock):
    """Its stored state is empty, its live state halted, and its address comes last."""
    alice.value(f"{M}/create", **NEW, _async=1)
    assert alice.value(f"{M}/list", cloudspaceId=1)[1]["status"] == ""
    assert status(alice, 2) == "HALTED"

    clock.sleep(DEMO.create)
    assert status(alice, 2) == "RUNNING"
    assert alice.value(f"{M}/get", machineId=2)["interfaces"][0]["ipAddress"] == "Undefined"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"name": "web1"}, 409, id="name in use"),
        pytest.param({"name": "a"}, 400, id="short name"),
        pytest.param({"name": "   "}, 500, id="blank name"),
        pytest.param({"disksize": 9}, 400, id="smaller than the image"),
        pytest.param({"disksize": 2001}, 400, id="too large"),
        pytest.param({"sizeId": ""}, 400, id="no size"),
        pytest.param({"memory": 512, "vcpus": 1}, 400, id="two sizes"),
        pytest.param({"sizeId": "", "memory": 513, "vcpus": 1}, 400, id="odd memory"),
        pytest.param({"sizeId": "", "memory": -512, "vcpus": 1}, 400, id="negative memory"),
        pytest.param({"sizeId": "", "memory": 512, "vcpus": -1}, 400, id="negative vcpus"),
        pytest.param({"imageId": 99}, 404, id="no such image"),
        pytest.param({"sizeId": 99}, 404, id="no such size"),
        pytest.param({"cloudspaceId": 99}, 404, id="no such cloudspace"),
        pytest.param({"datadisks": "1,2"}, 400, id="commas"),
    ],
)
def test_create_is_refused(alice, change, code):
    """And nothing is made."""
    assert alice.post(f"{M}/create", **{**NEW, **change}).status == code
    assert names(alice) == ["web1"]


def test_a_free_size(alice):
    """Its size id is 0."""
    alice.value(f"{M}/create", **{**NEW, "sizeId": ""}, memory=2048, vcpus=2)

    assert alice.value(f"{M}/get", machineId=2)["sizeid"] == 0


def test_only_allowed_sizes(alice):
    """A cloudspace may offer a few only."""
    alice.value("/cloudapi/cloudspaces/addAllowedSize", cloudspaceId=1, sizeId=3)

    assert alice.post(f"{M}/create", **NEW).status == 400
    assert [size["id"] for size in alice.value("/cloudapi/sizes/list", cloudspaceId=1)] == [3]


@pytest.mark.parametrize(
    ("calls", "ends"),
    [
        (["stop"], "HALTED"),
        (["stop", "start"], "RUNNING"),
        (["pause"], "PAUSED"),
        (["pause", "resume"], "RUNNING"),
        (["stop", "reboot"], "RUNNING"),
        (["reset"], "RUNNING"),
    ],
)
def test_the_power_cycle(alice, calls, ends):
    """Each call blocks until it is done."""
    for name in calls:
        assert alice.value(f"{M}/{name}", machineId=1) == (None if name == "reset" else True)
    assert status(alice, 1) == ends


def test_pause_wants_a_running_machine(alice):
    """503 otherwise."""
    alice.value(f"{M}/stop", machineId=1)

    assert alice.post(f"{M}/pause", machineId=1).status == 503


def test_the_recycle_bin(alice):
    """Deleted is 404, restored is halted, and the name stays taken until it is destroyed."""
    alice.value(f"{M}/delete", machineId=1)
    assert alice.post(f"{M}/get", machineId=1).status == 404
    assert names(alice) == []
    assert alice.post(f"{M}/create", **{**NEW, "name": "web1"}).status == 409
    assert alice.post(f"{M}/start", machineId=1).status == 500

    alice.value(f"{M}/restore", machineId=1, reason="x")
    assert status(alice, 1) == "HALTED"

    alice.value(f"{M}/delete", machineId=1, permanently="true")
    assert alice.post(f"{M}/restore", machineId=1, reason="x").status == 400
    assert alice.value(f"{M}/create", **{**NEW, "name": "web1"}) == 2


def test_resize(alice):
    """Up at any time, down only when halted."""
    alice.value(f"{M}/resize", machineId=1, sizeId=3)
    assert alice.value(f"{M}/get", machineId=1)["memory"] == 2048
    assert alice.post(f"{M}/resize", machineId=1, sizeId=1).status == 400

    alice.value(f"{M}/stop", machineId=1)
    assert alice.value(f"{M}/resize", machineId=1, sizeId=1) is True


def test_update_answers_the_id(alice):
    """Not a truth; and a description can't be emptied."""
    assert alice.value(f"{M}/update", machineId=1, name="web9", description="x") == 1
    assert alice.value(f"{M}/update", machineId=1, description="") == 1
    assert alice.value(f"{M}/get", machineId=1)["description"] == "x"


def test_list_wants_a_cloudspace(alice):
    """Though the catalog calls it optional."""
    assert alice.post(f"{M}/list").status == 400
    assert alice.post(f"{M}/list", cloudspaceId=9).status == 404


@pytest.mark.parametrize("value", ["1.5", "true", '"x"', "[1]", "-1", "1e5"])
def test_an_odd_id_is_no_id(alice, value):
    """It passes the parameter check, and nothing is found under it."""
    reply = alice.post(f"{M}/get", machineId=value)

    assert reply.status == 404
    assert "of type vmachine" in reply.value


@pytest.mark.parametrize(
    ("path", "given", "seconds", "changed"),
    [
        ("/cloudapi/machines/stop", {}, 60, "status"),
        ("/cloudapi/machines/update", {"name": "other"}, 0, "name"),
        ("/cloudapi/machines/resize", {"sizeId": 3}, 0, "memory"),
        ("/cloudapi/machines/addDisk", {"diskName": "more", "description": "x", "size": 20, "type": "D"}, 60, "disks"),
        ("/cloudapi/disks/resize", {"diskId": 1, "size": 30}, 0, "storage"),
        ("/cloudapi/machines/attachExternalNetwork", {}, 0, "nics"),
    ],
)
def test_a_list_shows_every_change(alice, clock, path, given, seconds, changed):
    """Though what it shows of a machine is kept until something of it changes."""
    names = {"machineId": 1} if "machines" in path else {}
    (before,) = alice.value("/cloudapi/machines/list", cloudspaceId=1)
    assert alice.post(path, **names, **given).status in (200, 202)
    clock.sleep(seconds)
    (after,) = alice.value("/cloudapi/machines/list", cloudspaceId=1)

    assert before[changed] != after[changed]


def test_a_list_shows_an_address_as_soon_as_there_is_one(alice, clock):
    """Which changes by itself."""
    guid = alice.value("/cloudapi/machines/create", **NEW, _async="1")
    seen = []
    for _ in range(6):
        machine = alice.value("/cloudapi/machines/list", cloudspaceId=1)[1]
        seen.append((machine["status"], machine["nics"][0]["ipAddress"]))
        clock.sleep(0.5)

    assert guid
    assert list(dict.fromkeys(seen)) == [
        ("", "Undefined"),
        ("RUNNING", "Undefined"),
        ("RUNNING", "192.168.103.253"),
    ]


def test_a_list_is_the_same_in_every_format(alice):
    """JSON is written in another way than the others."""
    plain = alice.value("/cloudapi/machines/list", cloudspaceId=1)

    assert alice.value("/cloudapi/machines/list", cloudspaceId=1, format="json") == {"result": plain}
    assert ast.literal_eval(alice.post("/cloudapi/machines/list", cloudspaceId=1, format="raw").text) == plain
