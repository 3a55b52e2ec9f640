"""How machines are reached: external networks, port forwards, and the router of a cloudspace."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest

SOURCE = {"cloudspaceId": 1, "publicIp": "203.0.113.10", "machineId": 1, "protocol": "tcp"}


def ports(caller: Any) -> list[tuple[int, str, str]]:
    """The rules of cloudspace 1: place, public and local port."""
    rules = caller("cloudapi.portforwarding.list", cloudspaceId=1)
    return [(rule["id"], rule["publicPort"], rule["localPort"]) for rule in rules]


@pytest.fixture
def forwarded(story: Any) -> Any:
    """A story in which the ports 80, 443 and 2200 of a machine are forwarded."""
    for public, local in ((8080, 80), (8443, 443), (2200, 22)):
        story.alice("cloudapi.portforwarding.create", **SOURCE, publicPort=public, localPort=local)
    return story


def test_external_network(story: Any) -> None:
    """A second interface with an address of its own, as far as the limits go."""
    alice = story.alice
    [network] = alice("cloudapi.externalnetwork.list", accountId=1)
    alice("cloudapi.cloudspaces.update", cloudspaceId=1, maxNumPublicIP=1)
    with alice.refused(400, "CU_I"):
        alice("cloudapi.machines.attachExternalNetwork", machineId=1)
    alice("cloudapi.cloudspaces.update", cloudspaceId=1, maxNumPublicIP=2)
    with alice.refused(404, "externalnetwork"):
        alice("cloudapi.machines.attachExternalNetwork", machineId=1, externalNetworkId=99)

    assert alice("cloudapi.machines.attachExternalNetwork", machineId=1, externalNetworkId=network["id"]) is True
    private, public = alice("cloudapi.machines.get", machineId=1)["interfaces"]
    assert (private["type"], public["type"]) == ("bridge", "PUBLIC")
    assert re.fullmatch(r"[\d.]+/\d\d", public["ipAddress"])
    assert re.fullmatch(rf"gateway:[\d.]+ externalnetworkId:{network['id']}", public["params"])
    assert alice("cloudapi.machines.listExternalNetworks", machineId=1) == [network["id"]]
    assert alice("cloudapi.accounts.getConsumedCloudUnits", accountId=1)["CU_I"] == 2

    assert alice("cloudapi.machines.detachExternalNetwork", machineId=1, externalNetworkId=network["id"]) is True
    assert alice("cloudapi.machines.listExternalNetworks", machineId=1) == []
    assert len(alice("cloudapi.machines.get", machineId=1)["interfaces"]) == 1


def test_port_forwards_by_place(forwarded: Any) -> None:
    """Their ids are places in a list that every deletion renumbers."""
    alice = forwarded.alice
    assert ports(alice) == [(0, "8080", "80"), (1, "8443", "443"), (2, "2200", "22")]
    rules = alice("cloudapi.portforwarding.update", **SOURCE, id=1, publicPort=9443, localPort=443)
    assert sorted(rule["publicPort"] for rule in rules) == ["2200", "8080", "9443"]
    assert [(rule["id"], rule["publicPort"], rule["localPort"]) for rule in rules] == ports(alice)

    left = alice("cloudapi.portforwarding.delete", cloudspaceId=1, id=0)
    assert [rule["id"] for rule in left] == [0, 1]
    assert "8080" not in [rule["publicPort"] for rule in left]
    with alice.refused(404, "Cannot find the rule with id 2"):
        alice("cloudapi.portforwarding.delete", cloudspaceId=1, id=2)
    with alice.refused(404, "Cannot find the rule with id 7"):
        alice("cloudapi.portforwarding.update", **SOURCE, id=7, publicPort=1, localPort=1)


def test_port_forwards_by_port(forwarded: Any) -> None:
    """The names of the ports last longer than places."""
    alice = forwarded.alice
    old = {"sourcePublicIp": "203.0.113.10", "sourcePublicPort": 8080, "sourceProtocol": "tcp"}
    assert alice("cloudapi.portforwarding.updateByPort", **SOURCE, **old, publicPort=80, localPort=8000) is True
    assert ("80", "8000") in [rule[1:] for rule in ports(alice)]
    with alice.refused(404, "8080"):
        alice("cloudapi.portforwarding.updateByPort", **SOURCE, **old, publicPort=81, localPort=81)

    gone = {"cloudspaceId": 1, "publicIp": "203.0.113.10", "publicPort": 80}
    assert alice("cloudapi.portforwarding.deleteByPort", **gone, proto="tcp") is True
    with alice.refused(404, "203.0.113.10:80"):
        alice("cloudapi.portforwarding.deleteByPort", **gone, proto="tcp")


def test_port_forwards_that_are_refused(forwarded: Any) -> None:
    """A port is taken once a protocol, addresses have to be the cloudspace's; a clash loses the rule that it was."""
    alice, new = forwarded.alice, {**SOURCE, "publicPort": 8080, "localPort": 80}
    with alice.refused(409, "already exists"):
        alice("cloudapi.portforwarding.create", **new)
    with alice.refused(400, "not the public address"):
        alice("cloudapi.portforwarding.create", **{**new, "publicIp": "203.0.113.99"})
    with alice.refused(400, "1 to 65535", early=True):
        alice("cloudapi.portforwarding.create", **{**new, "publicPort": 65536})
    with alice.refused(400, "tcp or udp", early=True):
        alice("cloudapi.portforwarding.create", **{**new, "protocol": "icmp"})
    assert alice("cloudapi.portforwarding.create", **{**new, "protocol": "udp"}) is True

    with alice.refused(409, "already exists"):
        alice("cloudapi.portforwarding.update", **SOURCE, id=1, publicPort=2200, localPort=443)
    assert "8443" not in [rule[1] for rule in ports(alice)]


def test_router_access(story: Any) -> None:
    """A password that is new each time, the files of a VPN, and scripts."""
    alice = story.alice
    first, second = (alice("cloudapi.cloudspaces.getDefenseShield", cloudspaceId=1) for _ in range(2))
    assert (first["user"], first["url"]) == ("admin", second["url"])
    assert first["password"] != second["password"]
    with zipfile.ZipFile(io.BytesIO(alice("cloudapi.cloudspaces.getOpenvpnConfig", cloudspaceId=1))) as package:
        assert sorted(package.namelist()) == ["ca.crt", "credentials", "openvpn.ovpn"]
        assert b"203.0.113.10" in package.read("openvpn.ovpn")
    run = {"cloudspaceId": 1, "script": "/system identity print"}
    assert alice("cloudapi.cloudspaces.executeRouterOSScript", **run) is True
    with story.bob.refused(403):
        story.bob("cloudapi.cloudspaces.getDefenseShield", cloudspaceId=1)

    young = {"accountId": 1, "location": "be-demo-1", "name": "young", "access": "alice@itsyouonline"}
    space_id = alice("cloudapi.cloudspaces.create", **young)
    for name, more in (("getDefenseShield", {}), ("getOpenvpnConfig", {}), ("executeRouterOSScript", {"script": ":"})):
        with alice.refused(503):
            alice(f"cloudapi.cloudspaces.{name}", cloudspaceId=space_id, **more)
