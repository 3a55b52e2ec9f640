"""Implement cloudbroker/iaas: external networks, their addresses, and sizes."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from ovcgen.simulator.actors.external_network_addresses import taken_addresses
from ovcgen.simulator.actors.locations_sizes_images import location_of_grid
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpConflict
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import NEW, Network, Size

Json = Any
MOST = 65_536  # maximum number of addresses in a network


def _add(call: ActorCall) -> Json:
    """Create an external network and return its id. Without an account, it is for all accounts."""
    given, subnet = call.arguments, _subnet(call.arguments["subnet"])
    simple = call.behaves("network-add-unchecked")
    location_of_grid(call, given["gid"])
    made = Network(
        id=NEW,
        name=given["name"],
        account_id=given.get("accountId") or 0,
        subnet=str(subnet),
        gateway=_within(subnet, given["gateway"]),
        addresses=_range(subnet, given["startip"], given["endip"]),
        gid=given["gid"],
        vlan=given.get("vlan"),
        pings=_addresses((not simple and given.get("pingips")) or "8.8.8.8"),
    )
    if (
        not simple
        and made.vlan is not None
        and any((network.vlan, network.gid) == (made.vlan, made.gid) for network in call.state.networks)
    ):
        raise HttpConflict(f"VLAN {made.vlan} is already in use by another external network")
    return call.state.networks.add(made).id


def _subnet(text: Json) -> IPv4Network:
    try:
        return IPv4Network(str(text), strict=False)
    except ValueError as error:
        raise HttpBadRequest(f"{text} is no subnet") from error


def _within(subnet: IPv4Network, text: Json) -> str:
    try:
        address = IPv4Address(str(text))
    except ValueError as error:
        raise HttpBadRequest(f"{text} is no IP address") from error
    if address not in subnet:
        raise HttpBadRequest(f"{text} is not in subnet {subnet}")
    return str(address)


def _range(subnet: IPv4Network, first: Json, last: Json) -> tuple[str, ...]:
    numbers = range(int(IPv4Address(_within(subnet, first))), int(IPv4Address(_within(subnet, last))) + 1)
    if len(numbers) > MOST:
        raise HttpBadRequest(f"An external network has at most {MOST} addresses")
    return tuple(str(IPv4Address(number)) for number in numbers)


def _addresses(text: Json) -> tuple[str, ...]:
    """Return the IP addresses in a text, separated by commas."""
    found = tuple(part.strip() for part in str(text).split(",") if part.strip())
    for address in found:
        _within(IPv4Network("0.0.0.0/0"), address)
    return found


def _network(call: ActorCall) -> Network:
    return call.state.networks.find(call.arguments["externalnetworkId"])


def _delete(call: ActorCall) -> Json:
    network = _network(call)
    spaces = [space for space in call.state.cloudspaces if space.external_id == network.id]
    used = any(space.status.at(call.now) != "DESTROYED" for space in spaces)
    if used or (taken_addresses(call, network) and not call.behaves("network-delete-ignores-machines")):
        raise HttpConflict(f"External network {network.id} is still in use")
    call.state.networks.drop(network.id)
    return True


def _add_addresses(call: ActorCall) -> Json:
    network, given = _network(call), call.arguments
    added = _range(_subnet(network.subnet), given["startip"], given["endip"])
    if set(added) & (set(network.addresses) | taken_addresses(call, network)):
        raise HttpConflict("Some of these addresses belong to the network already")
    call.state.networks.put(replace(network, addresses=(*network.addresses, *added)))
    return True


def _remove_address(call: ActorCall) -> Json:
    """Remove an address from a network. Returns true even if the network does not have it."""
    network, gone = _network(call), call.arguments["ip"]
    left = tuple(address for address in network.addresses if address != gone)
    call.state.networks.put(replace(network, addresses=left))
    return True


def _remove_addresses(_call: ActorCall) -> Json:
    """Raise Crash: a portal uses a model that does not exist, so every call fails."""
    raise Crash("no such model: publicipv4pool")


def _change_gateway(call: ActorCall) -> None:
    network = _network(call)
    gateway = _within(_subnet(network.subnet), call.arguments["gateway"])
    call.state.networks.put(replace(network, gateway=gateway))


def _change_pings(call: ActorCall) -> Json:
    network = _network(call)
    call.state.networks.put(replace(network, pings=_addresses(call.arguments["pingips"])))
    return True


def _add_size(call: ActorCall) -> Json:
    """Create a size. If a size with the same memory and vcpus exists, the disk sizes are added to that size instead.

    Old releases refuse the call if that size has one of the disk sizes. Otherwise they create a second size.
    """
    given = call.arguments
    try:
        offered = {int(part) for part in str(given["disksize"]).split(",")}
    except ValueError as error:
        raise Crash(f"invalid literal for int(): {given['disksize']}") from error
    alone = call.behaves("size-exists-refused")
    for size in call.state.sizes:
        same = (size.vcpus, size.memory) == (given["vcpus"], given["memory"])
        if same and alone and offered & set(size.disks):
            raise HttpBadRequest("Size with disk memory vcpu combination already exists.")
        if same and not alone:
            call.state.sizes.put(replace(size, disks=tuple(sorted({*size.disks, *offered}))))
            return True
    call.state.sizes.add(Size(NEW, given["memory"], given["vcpus"], tuple(sorted(offered)), str(given["name"])))
    return True


def _delete_size(call: ActorCall) -> Json:
    """Delete a size and return true. A size that machines use is kept, and the result is true as well."""
    number = call.arguments["size_id"]
    used = {machine.size_id for machine in call.state.machines if machine.status.at(call.now) != "DESTROYED"}
    if number not in used:
        call.state.sizes.drop(number)
    return True


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/iaas/addExternalNetwork": _add,
    "/cloudbroker/iaas/deleteExternalNetwork": _delete,
    "/cloudbroker/iaas/addExternalIPS": _add_addresses,
    "/cloudbroker/iaas/removeExternalIP": _remove_address,
    "/cloudbroker/iaas/removeExternalIPs": _remove_addresses,
    "/cloudbroker/iaas/changeIPv4Gateway": _change_gateway,
    "/cloudbroker/iaas/editPingIps": _change_pings,
    "/cloudbroker/iaas/addSize": _add_size,
    "/cloudbroker/iaas/deleteSize": _delete_size,
}
