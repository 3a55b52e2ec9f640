"""How fast, how large."""

import pytest

B = "/cloudbroker/qos"
RATE = {"rate": 10, "burst": 20}


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"cloudspaceId": 1}, 200),
        ({"machineId": 1}, 200),
        ({"machineMAC": "52:54:00:00:00:01"}, 200),
        ({"machineMAC": "52:54:00:00:00:09"}, 404),
        ({"machineId": 9}, 404),
        ({}, 500),
        ({"cloudspaceId": 1, "machineId": 1}, 500),
    ],
)
def test_one_thing_is_limited_inside(admin, values, status):
    """More or none of the three falls over the portal's own mistake."""
    assert admin.post(f"{B}/limitInternalBandwith", **values, **RATE).status == status


def test_towards_the_internet(admin):
    """Null."""
    assert admin.value(f"{B}/limitInternetBandwith", cloudspaceId=1, **RATE) is None


def test_disks(admin, alice):
    """As users do it; the answer to a new size is a sentence."""
    assert admin.value(f"{B}/limitIO", diskId=1, iops=500) is True
    assert alice.value("/cloudapi/disks/get", diskId=1)["iotune"] == {"total_iops_sec": 500}
    assert admin.post(f"{B}/limitIO", diskId=1, iops=79).status == 400
    assert admin.value(f"{B}/limitIO", diskId=1, iops=80, size_iops_sec=4) is True
    assert admin.post(f"{B}/resize", diskId=1, size=5).status == 400


def test_processors(alice):
    """500 for everybody: there is no check, and nothing behind it."""
    assert alice.post(f"{B}/limitCPU", machineId=1).status == 500
