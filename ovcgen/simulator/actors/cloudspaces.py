"""Implement cloudapi/cloudspaces: list, show, create, change, deploy, delete and restore cloudspaces."""

from __future__ import annotations

import uuid
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

from ovcgen.simulator.actors import acl
from ovcgen.simulator.actors.deletion import check_parent_is_there, delete_cloudspace, is_forever, restore_cloudspace
from ovcgen.simulator.actors.external_network_addresses import free_address, is_free, wanted_network
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpConflict, HttpNotFound, Unavailable
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.resource_quotas import (
    Units,
    check_address_room,
    check_covered,
    check_reservation,
    consumption,
    limits_of,
)
from ovcgen.simulator.rights import ace_of, rights, subject_of
from ovcgen.simulator.state_records import CAP, NEW, Ace, Cloudspace, GridLocation, Network
from ovcgen.simulator.timing import changing

Json = Any
EMPTY = ("DELETED", "DESTROYED")
ADDRESSED = ("DEPLOYED", "MIGRATING", "DISABLED", "DESTROYING", "DELETED")


def _list(call: ActorCall) -> Json:
    """Return summaries of the caller's cloudspaces. New releases list deleted ones only with `includedeleted`."""
    shows = call.behaves("cloudspace-list-shows-deleted") or call.arguments.get("includedeleted")
    hidden = ("DESTROYED",) if shows else EMPTY
    mine = [space for space in call.state.cloudspaces if _mine(call, space)]
    return [_summary(call, space) for space in mine if space.status.at(call.now) not in hidden][:CAP]


def _mine(call: ActorCall, space: Cloudspace) -> bool:
    user = call.caller.name
    if rights(subject_of(call.state, cloudspace_id=space.id), user, "cloudspace"):
        return True
    return any(ace_of(machine.acl, user) for machine in call.state.machines_of(space.id))


def _summary(call: ActorCall, space: Cloudspace) -> Json:
    account = call.state.accounts.find(space.account_id)
    own = ace_of(account.acl, call.caller.name)
    return {
        "id": space.id,
        "name": space.name,
        "descr": space.description,
        "status": space.status.at(call.now),
        "accountId": account.id,
        "accountName": account.name,
        "acl": acl.entries_with_inherited(subject_of(call.state, cloudspace_id=space.id)),
        **({"accountAcl": acl.entry_as_stored(call, own)} if own else {}),
        **_addresses(call, space),
        "location": space.location,
        "gid": space.gid,
        "creationTime": space.created,
        "updateTime": space.updated,
    }


def _get(call: ActorCall) -> Json:
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    return {
        "id": space.id,
        "name": space.name,
        "description": space.description,
        "status": space.status.at(call.now),
        "accountId": space.account_id,
        "acl": acl.entries_with_inherited(subject_of(call.state, cloudspace_id=space.id)),
        "resourceLimits": dict(space.limits),
        **_addresses(call, space),
        "location": space.location,
        "gid": space.gid,
        "secret": space.secret,
        "creationTime": space.created,
        "updateTime": space.updated,
    }


def _addresses(call: ActorCall, space: Cloudspace) -> Json:
    address = space.public_ip if space.status.at(call.now) in ADDRESSED else None
    return {"publicipaddress": address, "externalnetworkip": address}


def _create(call: ActorCall) -> Json:
    """Create a cloudspace and return its id at once. Its firewall is deployed afterwards."""
    account = call.state.accounts.find(call.arguments["accountId"])
    if account.status.at(call.now) in ("DESTROYED", "DESTROYING") and call.behaves("cloudspace-create-account-gone"):
        raise HttpNotFound(f"Account {account.id} does not exist")
    place = _location(call)
    _check_name(call, account.id, call.arguments["name"])
    limits = limits_of(call.arguments)
    check_reservation(call.state, account, limits, now=call.now)
    if not call.behaves("cloudspace-create-public-ip-unchecked"):
        check_address_room(call, account)
    _check_network_ids(call, place)
    external = _external_network(call)
    network, address, now = _network(call), next_address(call, external), int(call.now)
    access = Ace(call.arguments["access"], "CXDRAU")  # a portal does not check that the user exists
    made = call.state.cloudspaces.add(
        Cloudspace(
            id=NEW,
            account_id=account.id,
            name=call.arguments["name"],
            acl=(access,),
            status=_deploying(call),
            created=now,
            updated=now,
            public_ip=address,
            secret=str(uuid.uuid4()),
            location=place.code,
            gid=place.gid,
            network=network,
            sizes=_allowed_sizes(call) or (),
            limits=limits,
            external_id=external.id,
        )
    )
    return made.id


def _external_network(call: ActorCall) -> Network:
    wanted = call.arguments.get("externalnetworkId")
    if isinstance(wanted, str) and call.behaves("cloudspace-network-id-as-text"):
        raise HttpBadRequest(f"Could not find externalnetwork with id {wanted}")
    return wanted_network(call, wanted)


def _allowed_sizes(call: ActorCall) -> tuple[int, ...] | None:
    sizes = None if call.behaves("cloudspace-sizes-ignored") else call.arguments.get("allowedVMSizes")
    return None if sizes is None else tuple(sizes)


def _check_network_ids(call: ActorCall, place: GridLocation) -> None:
    """Refuse to create a cloudspace in a grid that has no free network id. No network id is taken."""
    if any(ids.free for ids in call.state.network_ids if ids.id == place.gid):
        return
    if call.behaves("cloudspace-no-network-id-crashes"):
        raise Crash(f"no free network id in grid {place.gid}")
    raise Unavailable("Failed to get networkid")


def _location(call: ActorCall) -> GridLocation:
    code = call.arguments["location"]
    for location in call.state.locations:
        if location.code == code:
            return location
    raise HttpBadRequest(f"There is no location with code {code}")


def _check_name(call: ActorCall, account_id: int, name: str) -> None:
    for space in call.state.cloudspaces:
        if space.account_id == account_id and space.name == name and space.status.at(call.now) != "DESTROYED":
            raise HttpConflict(f"Cloudspace with name {name} already exists.")


def _network(call: ActorCall) -> str:
    fixed = call.behaves("cloudspace-network-fixed")
    text = (not fixed and call.arguments.get("privatenetwork")) or "192.168.103.0/24"
    try:
        return str(IPv4Network(text, strict=False))
    except ValueError as error:
        raise HttpBadRequest(f"{text} is no private network") from error


def next_address(call: ActorCall, network: Network) -> str:
    """Return the first free address of an external network. The address stays free: a later call can return it again.

    Raises:
        Unavailable: there is no free address.
    """
    address = free_address(call, network)
    if address is None:
        raise Unavailable("No free external IP addresses available")
    return address


def own_address(call: ActorCall, space: Cloudspace) -> str:
    """Return the public address that a cloudspace had before; if it is in use now, a free one of the same network.

    Raises:
        Unavailable: there is no free address.
    """
    network = call.state.networks.find(space.external_id)
    return space.public_ip if is_free(call, network, space.public_ip) else next_address(call, network)


def _deploying(call: ActorCall) -> Any:
    return changing(call.now, "VIRTUAL", (0, "DEPLOYING"), (call.pace.deploy, "DEPLOYED"))


def _update(call: ActorCall) -> Json:
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    name = call.arguments.get("name") or space.name
    if name != space.name:
        _check_name(call, space.account_id, name)
    limits = limits_of(call.arguments, space.limits)
    _check_limits(call, space, limits)
    sizes = _allowed_sizes(call)
    call.state.cloudspaces.put(
        replace(
            space,
            name=name,
            limits=limits,
            updated=int(call.now),
            sizes=space.sizes if sizes is None else sizes,
        )
    )
    return True


def _check_limits(call: ActorCall, space: Cloudspace, limits: Units) -> None:
    """Refuse limits below the cloudspace's consumption or above what its account has left."""
    if limits == space.limits:
        return
    machines, account = call.state.machines_of(space.id), call.state.accounts.find(space.account_id)
    check_covered(limits, consumption(call, machines, spaces=1))
    check_reservation(call.state, account, limits, now=call.now, instead_of=space)


def _delete(call: ActorCall) -> Json:
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    status, forever = space.status.at(call.now), is_forever(call, "cloudspace-delete-destroys")
    if status == "DESTROYED" and not call.behaves("cloudspace-delete-destroyed-again"):
        return True
    gone = ("DESTROYED",) if call.behaves("cloudspace-delete-blocked-by-bin") else EMPTY
    machines = call.state.machines_of(space.id)
    if any(machine.status.at(call.now) not in gone for machine in machines):
        raise HttpConflict("In order to delete a cloudspace it can not contain machines.")
    if status == "DEPLOYING":
        raise HttpBadRequest("Can not delete a cloudspace that is being deployed.")
    delete_cloudspace(call, space, forever=forever)
    return Outcome(True, after=call.pace.delete)


def _restore(call: ActorCall) -> Json:
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    if space.status.at(call.now) != "DELETED":
        raise HttpBadRequest("Can only restore a deleted cloudspace")
    check_parent_is_there(call, call.state.accounts.find(space.account_id).status.at(call.now))
    restore_cloudspace(call, space, address=own_address(call, space))
    return Outcome(True, after=call.pace.deploy)


def _deploy(call: ActorCall) -> Json:
    """Deploy a cloudspace. Returns null if it is not VIRTUAL (already deployed, or being deployed)."""
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    if space.status.at(call.now) != "VIRTUAL":
        return None
    deploying = replace(space, status=_deploying(call), public_ip=own_address(call, space), firewall="STARTED")
    call.state.cloudspaces.put(deploying)
    return Outcome("DEPLOYED", after=call.pace.deploy)


def _turned(status: str, expected: str) -> Any:
    """Return a behaviour that changes a cloudspace's status from `expected` to `status` after a delay.

    Disabling a cloudspace also stops its running machines.
    """

    def turn(call: ActorCall) -> Json:
        space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
        if space.status.at(call.now) != expected:
            raise HttpBadRequest(f"Cloudspace {space.id} is not {expected}")
        ending = changing(call.now, expected, (call.pace.power, status))
        for machine in call.state.machines_of(space.id):
            if status == "DISABLED" and machine.status.at(call.now) == "RUNNING":
                call.state.machines.put(replace(machine, status=changing(call.now, "HALTED")))
        if status == "DISABLED" and call.behaves("cloudspace-disable-fails"):
            raise Unavailable(f"VFW with id {space.id} is not deployed yet!")
        call.state.cloudspaces.put(replace(space, status=ending, updated=int(call.now)))
        return Outcome(True, after=call.pace.power)

    return turn


def _add_size(call: ActorCall) -> Json:
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    size = call.state.sizes.find(call.arguments["sizeId"])
    call.state.cloudspaces.put(replace(space, sizes=tuple(sorted({*space.sizes, size.id}))))
    return True


def _remove_size(call: ActorCall) -> Json:
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    size = call.state.sizes.find(call.arguments["sizeId"])
    if size.id not in space.sizes:
        raise HttpBadRequest(f"Size {size.id} is not among the allowed sizes")
    call.state.cloudspaces.put(replace(space, sizes=tuple(number for number in space.sizes if number != size.id)))
    return True


TABLE: dict[str, Behaviour] = {
    "/cloudapi/cloudspaces/list": _list,
    "/cloudapi/cloudspaces/get": _get,
    "/cloudapi/cloudspaces/create": _create,
    "/cloudapi/cloudspaces/update": _update,
    "/cloudapi/cloudspaces/delete": _delete,
    "/cloudapi/cloudspaces/restore": _restore,
    "/cloudapi/cloudspaces/deploy": _deploy,
    "/cloudapi/cloudspaces/disable": _turned("DISABLED", "DEPLOYED"),
    "/cloudapi/cloudspaces/enable": _turned("DEPLOYED", "DISABLED"),
    "/cloudapi/cloudspaces/addAllowedSize": _add_size,
    "/cloudapi/cloudspaces/removeAllowedSize": _remove_size,
    **acl.user_behaviours("cloudspace"),
}
