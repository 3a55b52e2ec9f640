"""Numbers that a portal hands out, and values that are left with it."""

import pytest

L = "/libcloud/libvirt"


def test_network_numbers_are_taken_and_given_back(alice):
    """First come, first served; null where none is left; 404 for an unknown grid."""
    assert alice.post(f"{L}/getFreeNetworkId", gid=77).status == 404
    assert alice.value(f"{L}/registerNetworkIdRange", gid=77, start=5, end=6) is True
    taken = [alice.value(f"{L}/getFreeNetworkId", gid=77) for _ in range(3)]
    assert taken == [5, 6, None]

    assert alice.value(f"{L}/releaseNetworkId", gid=77, networkid=6) is True
    assert alice.value(f"{L}/getFreeNetworkId", gid=77) == 6


def test_a_number_that_a_cloudspace_has(alice):
    """409, in its own grid."""
    assert alice.post(f"{L}/registerNetworkIdRange", gid=66, start=1, end=10).status == 409
    assert alice.post(f"{L}/registerNetworkIdRange", gid=66, start=5000, end=5001).status == 200
    assert alice.post(f"{L}/registerNetworkIdRange", gid=77, start=1, end=10).status == 200


def test_addresses_are_never_given_twice(alice):
    """They look like those of machines."""
    given = [alice.value(f"{L}/getFreeMacAddress", gid=66) for _ in range(300)]

    assert len(set(given)) == 300
    assert all(address.startswith("52:54:00:") for address in given)


def test_consoles(alice):
    """By grid."""
    assert alice.value(f"{L}/registerVNC", url="http://console-1", gid=66) == [1, True, True]
    assert alice.value(f"{L}/listVNC", gid=66) == ["http://console-1"]
    assert alice.value(f"{L}/listVNC", gid=77) == []


@pytest.mark.parametrize(("timeout", "seconds", "value"), [(0, 10**6, "text"), (10, 9, "text"), (10, 11, None)])
def test_a_value_lies_for_so_long(alice, clock, timeout, seconds, value):
    """0 is for ever."""
    key = alice.value(f"{L}/storeInfo", data="text", timeout=timeout)
    clock.now += seconds
    visitor = type(alice)(alice.simulator, alice.simulator.auth_secrets.portal)

    assert visitor.value(f"{L}/retreiveInfo", key=key, reset="false") == value


def test_a_value_can_be_taken_away(alice):
    """With `reset`, once; JSON stays JSON."""
    key = alice.json(f"{L}/storeInfo", {"data": {"a": [1]}, "timeout": 0}).value
    assert alice.value(f"{L}/retreiveInfo", key=key, reset="false") == {"a": [1]}
    assert alice.value(f"{L}/retreiveInfo", key=key, reset="true") == {"a": [1]}
    assert alice.value(f"{L}/retreiveInfo", key=key, reset="true") is None
