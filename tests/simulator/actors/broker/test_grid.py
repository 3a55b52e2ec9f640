"""Environments and their versions."""

import pytest

B = "/cloudbroker/grid"


def test_a_new_grid(admin, guest):
    """Where cloudspaces can be made; 409 twice."""
    new = {"gid": 77, "name": "Second", "locationcode": "be-demo-2"}
    assert [admin.post(f"{B}/add", **new).status for _ in range(2)] == [200, 409]
    admin.value(f"{B}/rename", gid=77, name="Other")
    assert [place["name"] for place in guest.value("/cloudapi/locations/list")] == ["Demo", "Other"]

    admin.value(f"{B}/changeSettings", id=77, settings="fast: true")
    assert admin.get("/system/gridmanager/getGrids").value[1]["settings"] == {"fast": True}
    assert admin.post(f"{B}/rename", gid=99, name="Other").status == 404


def test_settings_are_json_values(admin):
    """A date in the settings stays a string, as in all YAML that the project reads."""
    admin.value(f"{B}/changeSettings", id=66, settings="since: 2026-01-01")
    assert admin.get("/system/gridmanager/getGrids").value[0]["settings"] == {"since": "2026-01-01"}


@pytest.mark.parametrize("settings", ["just text", "[1]", "{"])
def test_settings_are_an_object(admin, settings):
    """400 for other YAML, and for none."""
    assert admin.post(f"{B}/changeSettings", id=66, settings=settings).status == 400


def test_during_an_upgrade_nobody_is_heard(admin, alice, guest, clock):
    """503 before an object is looked for; who asks for nothing but life, and the portal itself, still answer."""
    assert admin.value(f"{B}/upgrade", url="https://example.org/2.4.6.yml")["redirect_url"]
    assert alice.post("/cloudapi/machines/get", machineId=99).status == 503
    assert guest.post(f"{B}/status").status == 503
    assert guest.value("/cloudapi/locations/list")
    assert admin.value("/system/usermanager/userexists", name="nobody") is False
    assert admin.value(f"{B}/runUpgradeScript")
    clock.sleep(10)

    assert alice.post("/cloudapi/machines/get", machineId=99).status == 404
    assert guest.value(f"{B}/status") is True
    assert [version["status"] for version in admin.value(f"{B}/listVersions")] == ["PREVIOUS", "CURRENT"]


def test_a_task_of_an_upgrade_never_ends(admin, alice):
    """The refusal is inside it."""
    admin.value(f"{B}/upgrade", url="https://example.org/2.4.6.yml")
    guid = alice.value("/cloudapi/machines/stop", machineId=1, _async="1")

    assert alice.post("/system/task/get", taskguid=guid).status == 202


def test_an_upgrade_that_fails(admin, alice):
    """The version before is current again."""
    assert admin.value(f"{B}/upgradeFailed") is False
    assert admin.post(f"{B}/upgrade", url="somewhere").status == 400
    admin.value(f"{B}/upgrade", url="https://example.org/2.4.6.yml")
    assert admin.value(f"{B}/upgradeFailed") is True

    assert alice.value("/cloudapi/machines/stop", machineId=1) is True
    versions = admin.value(f"{B}/listVersions")
    assert [version["status"] for version in versions] == ["CURRENT", "ERROR"]
    assert [version["id"] for version in admin.value(f"{B}/listVersions", status="ERROR")] == [2]
    assert admin.value(f"{B}/deleteVersion", id=2) is True
    assert admin.post(f"{B}/runUpgradeScript").status == 500


def test_health(guest):
    """For everybody."""
    assert guest.value("/cloudbroker/health/status") == {"mongodb": True, "influxdb": True, "healtcheckalive": True}
