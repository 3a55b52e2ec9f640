"""External networks."""

M = "/cloudapi/machines"


def test_a_machine_gets_a_public_interface(alice):
    """Beside its private one, until it is detached."""
    alice.value(f"{M}/attachExternalNetwork", machineId=1)
    _, public = alice.value(f"{M}/get", machineId=1)["interfaces"]
    assert (public["type"], public["ipAddress"]) == ("PUBLIC", "203.0.113.11/24")
    assert public["params"] == "gateway:203.0.113.1 externalnetworkId:1"
    assert alice.value(f"{M}/listExternalNetworks", machineId=1) == [1]

    alice.value(f"{M}/detachExternalNetwork", machineId=1)
    assert alice.value(f"{M}/listExternalNetworks", machineId=1) == []


def test_an_unknown_network(alice):
    """404."""
    assert alice.post(f"{M}/attachExternalNetwork", machineId=1, externalNetworkId=9).status == 404
