"""Implement external networks: the public addresses of cloudspaces and machines."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

from ovcgen.simulator.http_errors import Crash
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.resource_quotas import check_room
from ovcgen.simulator.state_records import Machine, Network

Json = Any
FREED = ("DELETED", "DESTROYED")


def network_interface(call: ActorCall, machine: Machine, network: Network, address: str) -> Json:
    """Return a machine's network interface in an external network as the JSON object that the portal shows.

    `address` is the machine's public IP address, without the prefix length.
    """
    number = machine.id
    suffix = "ext" if call.behaves("external-device-name") else f"{network.id}-ext"
    return {
        "referenceId": "",
        "networkId": network.id,
        "status": "",
        "deviceName": f"vm-{number}-{suffix}",
        "macAddress": f"52:54:00:{number >> 8 & 63 | 128:02x}:{number & 255:02x}:{network.id & 255:02x}",
        "ipAddress": f"{address}/{IPv4Network(network.subnet).prefixlen}",
        "type": "PUBLIC",
        "params": f"gateway:{network.gateway} externalnetworkId:{network.id}",
        "guid": "",
    }


def free_address(call: ActorCall, network: Network) -> str | None:
    """Return the first free address of an external network, or None. The address stays free: nothing is stored."""
    taken = taken_addresses(call, network)
    return next((address for address in network.addresses if address not in taken), None)


def is_free(call: ActorCall, network: Network, address: str) -> bool:
    """Return whether an address is one that an external network assigns, and no cloudspace or machine uses it."""
    return address in network.addresses and address not in taken_addresses(call, network)


def taken_addresses(call: ActorCall, network: Network) -> set[str]:
    """Return the addresses of an external network that cloudspaces and machines use.

    A cloudspace that is DELETED or DESTROYED does not keep its address; a machine keeps it until it is DESTROYED.
    """
    spaces = [space for space in call.state.cloudspaces if space.external_id == network.id]
    taken = {space.public_ip for space in spaces if space.status.at(call.now) not in FREED}
    for machine in call.state.machines:
        if machine.networks and machine.status.at(call.now) != "DESTROYED":
            taken |= {address for network_id, address in machine.networks if network_id == network.id}
    return taken


def wanted_network(call: ActorCall, wanted: Json) -> Network:
    """Return the external network with the id `wanted`. For None, return the first one that all accounts may use.

    For None, some releases return the first network even if it belongs to one account.

    Raises:
        UnknownObject: there is no network with that id.
        Crash: `wanted` is None, and there is no such network.
    """
    if wanted is not None:
        return call.state.networks.find(wanted)
    owned = call.behaves("cloudspace-network-of-others")
    public = next((network for network in call.state.networks if owned or network.account_id == 0), None)
    if public is None:
        raise Crash("there is no external network")
    return public


def _attach(call: ActorCall) -> Json:
    machine = call.state.machines.find(call.arguments["machineId"])
    space = call.state.cloudspaces.find(machine.cloudspace_id)
    if call.behaves("one-external-network"):
        if machine.networks:
            return True
        network = call.state.networks.find(space.external_id)
    else:
        network = wanted_network(call, call.arguments.get("externalNetworkId"))
    if network.id in dict(machine.networks):
        return True
    check_room(call, space, {"CU_I": 1})
    address = free_address(call, network)
    if address is None:
        raise Crash("no free address in the external network")
    call.state.machines.put(replace(machine, networks=(*machine.networks, (network.id, address))))
    return True


def _detach(call: ActorCall) -> Json:
    """Detach a machine from the given external network, or from all if none is given."""
    machine, gone = call.state.machines.find(call.arguments["machineId"]), call.arguments.get("externalNetworkId")
    gone = None if call.behaves("one-external-network") else gone
    left = tuple(pair for pair in machine.networks if gone is not None and pair[0] != gone)
    call.state.machines.put(replace(machine, networks=left))
    return True


def _list(call: ActorCall) -> Json:
    return [network_id for network_id, _ in call.state.machines.find(call.arguments["machineId"]).networks]


TABLE: dict[str, Behaviour] = {
    "/cloudapi/machines/attachExternalNetwork": _attach,
    "/cloudapi/machines/detachExternalNetwork": _detach,
    "/cloudapi/machines/listExternalNetworks": _list,
}
