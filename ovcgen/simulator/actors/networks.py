"""External networks of machines: an address of their own beside the private one."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

from ovcgen.simulator.call import Call
from ovcgen.simulator.records import Machine
from ovcgen.simulator.refusals import Crash

Json = Any
ADDRESSES = IPv4Network("198.51.100.0/24")
GATEWAY = ADDRESSES[1]


def nic(machine: Machine, network_id: int, address: str) -> Json:
    """How such an interface looks."""
    number = machine.id
    return {
        "referenceId": "",
        "networkId": network_id,
        "status": "",
        "deviceName": f"vm-{number}-{network_id}-ext",
        "macAddress": f"52:54:00:{number >> 8 & 63 | 128:02x}:{number & 255:02x}:{network_id & 255:02x}",
        "ipAddress": f"{address}/{ADDRESSES.prefixlen}",
        "type": "PUBLIC",
        "params": f"gateway:{GATEWAY} externalnetworkId:{network_id}",
        "guid": "",
    }


def _attach(call: Call) -> Json:
    """To the network that is named, else to the first."""
    machine = call.state.machines.find(call.arguments["machineId"])
    wanted = call.arguments.get("externalNetworkId")
    network = call.state.networks.find(next(iter(call.state.networks)).id if wanted is None else wanted)
    if network.id not in dict(machine.networks):
        added = (*machine.networks, (network.id, _free_address(call)))
        call.state.machines.put(replace(machine, networks=added))
    return True


def _free_address(call: Call) -> str:
    taken = {address for machine in call.state.machines for _, address in machine.networks}
    for address in list(ADDRESSES.hosts())[9:]:
        if str(address) not in taken:
            return str(address)
    raise Crash("no free address in the external network")


def _detach(call: Call) -> Json:
    """From the network that is named, else from all."""
    machine, gone = call.state.machines.find(call.arguments["machineId"]), call.arguments.get("externalNetworkId")
    left = tuple(pair for pair in machine.networks if gone is not None and pair[0] != gone)
    call.state.machines.put(replace(machine, networks=left))
    return True


def _list(call: Call) -> Json:
    return [network_id for network_id, _ in call.state.machines.find(call.arguments["machineId"]).networks]


TABLE = {
    "/cloudapi/machines/attachExternalNetwork": _attach,
    "/cloudapi/machines/detachExternalNetwork": _detach,
    "/cloudapi/machines/listExternalNetworks": _list,
}
