"""Implement cloudbroker/cloudspace: cloudspaces of all users, and their firewalls."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import cloudspaces, portforwarding
from ovcgen.simulator.actors.broker.cloudapi_adapters import (
    call_for_each,
    in_background_on_request,
    with_arguments,
    with_parameter_names,
)
from ovcgen.simulator.actors.deletion import check_confirmed_name, delete_cloudspace, is_forever
from ovcgen.simulator.actors.external_network_addresses import wanted_network
from ovcgen.simulator.actors.firewalls import DEPLOYED, firewall_record, with_firewall_state
from ovcgen.simulator.http_errors import HttpBadRequest, HttpNotFound, HttpPreconditionFailed, Refused, UnknownObject
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.rights import ace_of, rights, subject_of
from ovcgen.simulator.state_records import NEW, Cloudspace
from ovcgen.simulator.timing import changing, steady

Json = Any
C = "/cloudapi/cloudspaces"


def _space(call: ActorCall, *refused: str) -> Cloudspace:
    """Return the cloudspace of the call. In some releases, the statuses in `refused` are an error."""
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    if space.status.at(call.now) in refused and not call.behaves("broker-firewall-of-destroyed"):
        if call.behaves("broker-firewall-destroyed-text"):
            raise HttpBadRequest("Specified cloudspace is destroyed")
        raise HttpBadRequest(f"Cloudspace {space.id} is {space.status.at(call.now)}")
    return space


def _deployed(call: ActorCall) -> Cloudspace:
    space = _space(call)
    if space.status.at(call.now) != "DEPLOYED":
        raise HttpBadRequest(f"Cloudspace {space.id} is not deployed")
    return space


def _create(call: ActorCall) -> Json:
    """Create a cloudspace. By default, the caller gets access."""
    account = call.state.accounts.find(call.arguments["accountId"])
    if account.status.at(call.now) in ("DELETED", "DESTROYED"):
        raise HttpNotFound(f"Account {account.id} does not exist")
    access = call.arguments.get("access") or call.caller.name
    if access not in call.state.users:
        raise HttpNotFound(f"User {access} is not registered on the system")
    return cloudspaces.TABLE[f"{C}/create"](with_arguments(call, access=access))


def _destroy(call: ActorCall) -> None:
    """Delete a cloudspace and return null. One that is being deployed is kept."""
    try:
        space = _space(call)
    except UnknownObject:
        if call.behaves("broker-delete-unknown-fine"):
            return
        raise
    check_confirmed_name(call, space.name)
    _end(call, space)


def _destroy_all(call: ActorCall) -> None:
    """Delete cloudspaces. Any text for `permanently` counts as true, even `false`.

    In releases with a recycle bin for cloudspaces, it stops at the first one that is refused.
    """
    if call.behaves("cloudspace-delete-destroys"):
        _destroy_each(call)
        return
    for number in call.arguments["cloudspaceIds"]:
        try:
            _end(call, call.state.cloudspaces.find(number))
        except Refused:
            return


def _destroy_each(call: ActorCall) -> None:
    """Delete cloudspaces. In some releases, the first refusal is raised after all others are deleted."""
    refused = call_for_each(call, "cloudspaceIds", lambda call, number: _end(call, call.state.cloudspaces.find(number)))
    if refused and call.behaves("broker-firewall-of-destroyed"):
        raise refused[0]


def _end(call: ActorCall, space: Cloudspace) -> None:
    if space.status.at(call.now) not in ("DESTROYED", "DEPLOYING"):
        delete_cloudspace(call, space, forever=is_forever(call, "cloudspace-delete-destroys"))


def _add_user(call: ActorCall) -> Json:
    """Add a user, or replace the user's rights. Refused if the account already gives exactly these rights."""
    space, user = _space(call, "DELETED"), call.state.user_named(call.arguments["username"])
    call = with_arguments(call, userId=call.arguments["username"])
    subject = subject_of(call.state, cloudspace_id=space.id)
    if user is None or not rights(subject, user.name, "cloudspace"):
        return cloudspaces.TABLE[f"{C}/addUser"](call)
    if rights(subject, user.name, "account") == frozenset(str(call.arguments["accesstype"])):
        raise HttpPreconditionFailed(f"User {user.name} already has these rights on the account")
    kind = "updateUser" if ace_of(space.acl, user.name) else "addUser"
    cloudspaces.TABLE[f"{C}/{kind}"](call)
    return True


def _firewall(state: str, *refused: str) -> Behaviour:
    """Return a behaviour that sets the state of the firewall."""

    def turn(call: ActorCall) -> Json:
        with_firewall_state(call, _space(call, *refused), state)
        return True

    return turn


def _deploy_firewall(call: ActorCall) -> Json:
    _space(call, "DESTROYED")
    return cloudspaces.TABLE[f"{C}/deploy"](call)


def _destroy_firewall(call: ActorCall) -> Json:
    """Remove the firewall. The cloudspace is VIRTUAL again, and its address is free."""
    space = _space(call, "DESTROYED")
    call.state.cloudspaces.put(replace(space, status=steady("VIRTUAL"), public_ip="", updated=int(call.now)))
    return True


def _reset_firewall(call: ActorCall) -> Json:
    """Reset the firewall. The oldest release deploys a new firewall, and has no parameter `resettype`."""
    if call.behaves("firewall-reset-deploys"):
        status = changing(call.now, "DEPLOYING", (call.pace.deploy, "DEPLOYED"))
        call.state.cloudspaces.put(replace(_space(call), status=status, firewall="STARTED", updated=int(call.now)))
        return Outcome(None, after=call.pace.deploy)
    if call.arguments.get("resettype", "factory") not in ("factory", "restore"):
        raise HttpBadRequest("resettype should be factory or restore")
    space = _deployed(call)
    with_firewall_state(call, space, "STARTED")
    return Outcome(None, after=call.pace.power)


def _apply(call: ActorCall) -> None:
    _deployed(call)


def _get_firewall(call: ActorCall) -> Json:
    space = _space(call)
    if space.status.at(call.now) not in DEPLOYED:
        raise HttpBadRequest(f"Cloudspace {space.id} has no virtual firewall")
    return firewall_record(call, space)


def _move_firewall(call: ActorCall) -> Json:
    """Move the firewall to the given node, or to any other one."""
    space, wanted = _deployed(call), call.arguments.get("targetNid")
    here, disabled = call.behaves("move-firewall-anywhere"), call.behaves("move-firewall-to-disabled")
    others = [
        node
        for node in call.state.nodes
        if (here or node.id != space.node_id) and (disabled or node.status == "ENABLED")
    ]
    node = call.state.nodes.find(wanted) if wanted is not None else next(iter(others), None)
    if node not in others or node is None:
        raise HttpBadRequest("The firewall can only move to another node that is enabled")
    moving = changing(call.now, "MIGRATING", (call.pace.power, "DEPLOYED"))
    call.state.cloudspaces.put(replace(space, node_id=node.id, status=moving, updated=int(call.now)))
    return Outcome(True, after=call.pace.power)


def _migrate(call: ActorCall) -> Json:
    """Create a cloudspace that comes from another environment, with its old name, and return its id."""
    account = next((account for account in call.state.accounts if account.id == call.arguments["accountId"]), None)
    place = next((location for location in call.state.locations if location.gid == call.arguments["gid"]), None)
    if account is None or place is None:
        raise HttpBadRequest("Unknown account or grid")
    network = wanted_network(call, None)
    now, address = int(call.now), cloudspaces.next_address(call, network)
    made = Cloudspace(
        id=NEW,
        account_id=account.id,
        name=str(call.arguments["cloudspace"]),
        acl=(),
        status=steady("DEPLOYED"),
        created=now,
        updated=now,
        public_ip=address,
        secret=str(uuid.uuid4()),
        location=place.code,
        gid=place.gid,
        external_id=network.id,
    )
    return call.state.cloudspaces.add(made).id


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/cloudspace/create": _create,
    "/cloudbroker/cloudspace/update": cloudspaces.TABLE[f"{C}/update"],
    "/cloudbroker/cloudspace/destroy": _destroy,
    "/cloudbroker/cloudspace/destroyCloudSpaces": _destroy_all,
    "/cloudbroker/cloudspace/restore": cloudspaces.TABLE[f"{C}/restore"],
    "/cloudbroker/cloudspace/addUser": _add_user,
    "/cloudbroker/cloudspace/deleteUser": with_parameter_names(cloudspaces.TABLE[f"{C}/deleteUser"], userId="username"),
    "/cloudbroker/cloudspace/getVFW": _get_firewall,
    "/cloudbroker/cloudspace/startVFW": _firewall("STARTED", "DELETED", "DESTROYED"),
    "/cloudbroker/cloudspace/stopVFW": _firewall("STOPPED", "DESTROYED"),
    "/cloudbroker/cloudspace/deployVFW": in_background_on_request(_deploy_firewall),
    "/cloudbroker/cloudspace/destroyVFW": _destroy_firewall,
    "/cloudbroker/cloudspace/resetVFW": in_background_on_request(_reset_firewall),
    "/cloudbroker/cloudspace/applyConfig": _apply,
    "/cloudbroker/cloudspace/moveVirtualFirewallToFirewallNode": in_background_on_request(_move_firewall),
    "/cloudbroker/cloudspace/migrateCloudspace": _migrate,
    "/cloudbroker/cloudspace/deletePortForward": portforwarding.TABLE["/cloudapi/portforwarding/deleteByPort"],
}
