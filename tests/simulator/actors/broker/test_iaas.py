"""External networks and sizes."""

import pytest

B = "/cloudbroker/iaas"
NETWORK = {
    "name": "second",
    "subnet": "192.0.2.0/24",
    "gateway": "192.0.2.1",
    "startip": "192.0.2.10",
    "endip": "192.0.2.11",
    "gid": 66,
    "vlan": 7,
}


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"startip": "198.51.100.1"}, 400),
        ({"gateway": "198.51.100.1"}, 400),
        ({"endip": "nothing"}, 400),
        ({"subnet": "nothing"}, 400),
        ({"pingips": "8.8.8.8,nothing"}, 400),
        ({"gid": 99}, 404),
        ({"accountId": 99}, 404),
        ({"vlan": 7}, 409),
        ({"vlan": 8}, 200),
    ],
)
def test_what_a_network_is_made_of(admin, values, status):
    """Addresses within its subnet, a grid, a VLAN of its own."""
    admin.value(f"{B}/addExternalNetwork", **NETWORK)

    assert admin.post(f"{B}/addExternalNetwork", **{**NETWORK, **values}).status == status


def test_a_network_gives_its_addresses(admin, alice):
    """As many as it has, then 500 to machines and 503 to cloudspaces; more can be added."""
    made = admin.value(f"{B}/addExternalNetwork", **NETWORK, accountId=1)
    shown = alice.value("/cloudapi/externalnetwork/list", accountId=1)
    assert [network["name"] for network in shown] == ["public", "second"]

    alice.value("/cloudapi/machines/attachExternalNetwork", machineId=1, externalNetworkId=made)
    nic = alice.value("/cloudapi/machines/get", machineId=1)["interfaces"][1]
    assert (nic["ipAddress"], nic["params"]) == ("192.0.2.10/24", f"gateway:192.0.2.1 externalnetworkId:{made}")
    space = {"accountId": 1, "location": "be-demo-1", "access": "alice@itsyouonline", "externalnetworkId": made}
    assert alice.post("/cloudapi/cloudspaces/create", **space, name="first").status == 200
    assert alice.post("/cloudapi/cloudspaces/create", **space, name="second").status == 503

    added = {"externalnetworkId": made, "startip": "192.0.2.12", "endip": "192.0.2.12"}
    assert [admin.post(f"{B}/addExternalIPS", **added).status for _ in range(2)] == [200, 409]
    assert alice.post("/cloudapi/cloudspaces/create", **space, name="second").status == 200


def test_a_network_in_use_stays(admin):
    """409; an unused one goes."""
    made = admin.value(f"{B}/addExternalNetwork", **NETWORK)

    assert admin.post(f"{B}/deleteExternalNetwork", externalnetworkId=1).status == 409
    assert admin.value(f"{B}/deleteExternalNetwork", externalnetworkId=made) is True
    assert admin.post(f"{B}/deleteExternalNetwork", externalnetworkId=made).status == 404


def test_a_network_changes(admin, simulator):
    """Gateway, addresses to ping, addresses that it has no more."""
    assert admin.value(f"{B}/changeIPv4Gateway", externalnetworkId=1, gateway="203.0.113.2") is None
    assert admin.post(f"{B}/changeIPv4Gateway", externalnetworkId=1, gateway="192.0.2.1").status == 400
    assert admin.value(f"{B}/editPingIps", externalnetworkId=1, pingips="9.9.9.9, 1.1.1.1") is True
    assert admin.value(f"{B}/removeExternalIP", externalnetworkId=1, ip="203.0.113.11") is True
    assert admin.value(f"{B}/removeExternalIP", externalnetworkId=1, ip="203.0.113.11") is True

    network = simulator.state.networks.find(1)
    assert (network.gateway, network.pings, network.addresses[1]) == (
        "203.0.113.2",
        ("9.9.9.9", "1.1.1.1"),
        "203.0.113.12",
    )
    assert admin.post(f"{B}/removeExternalIPs", externalnetworkId=1, freeips=["x"]).status == 500


def test_sizes(admin, alice):
    """Merged into one that is equal; in use they stay; what is no number is 500."""
    new = {"name": "huge", "vcpus": 32, "memory": 65536}
    assert admin.value(f"{B}/addSize", **new, disksize="10,20") is True
    assert admin.value(f"{B}/addSize", **new, disksize="50") is True
    assert admin.post(f"{B}/addSize", **new, disksize="ten").status == 500
    size = alice.value("/cloudapi/sizes/list", cloudspaceId=1)[-1]
    assert (size["name"], size["disks"]) == ("huge", [10, 20, 50])

    assert admin.value(f"{B}/deleteSize", size_id=size["id"]) is True
    assert admin.value(f"{B}/deleteSize", size_id=2) is True
    assert [each["id"] for each in alice.value("/cloudapi/sizes/list", cloudspaceId=1)] == [1, 2, 3, 4, 5, 6]
