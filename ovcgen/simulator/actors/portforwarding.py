"""Implement cloudapi/portforwarding. The id of a rule is its index in the list, so deletions change the ids."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors.firewalls import check_firewall
from ovcgen.simulator.http_errors import HttpBadRequest, HttpConflict, HttpNotFound, Unavailable
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import NEW, PortForward

Json = Any
PORTS = range(1, 65536)


def _list(call: ActorCall) -> Json:
    """Return the port forwards. If they are filtered by machine, the ids are indexes in the filtered list."""
    machine_id = call.arguments.get("machineId")
    if machine_id is not None and call.behaves("forward-list-without-address"):
        machine_id = machine_id if call.state.machines.find(machine_id).address_at <= call.now else None
    rules = call.state.rules_of(call.arguments["cloudspaceId"])
    return _records(call, [rule for rule in rules if machine_id in (None, rule.machine_id)])


def _records(call: ActorCall, rules: list[PortForward]) -> Json:
    return [_record(call, place, rule) for place, rule in enumerate(rules)]


def _record(call: ActorCall, place: int, rule: PortForward) -> Json:
    machine = call.state.machines.find(rule.machine_id)
    return {
        "id": place,
        "publicIp": rule.public_ip,
        "publicPort": str(rule.public_port),
        "localIp": machine.address,
        "localPort": str(rule.local_port),
        "protocol": rule.protocol,
        "machineName": f"{machine.name} ({machine.address})",
        "machineId": machine.id,
    }


def _create(call: ActorCall) -> Json:
    """Create a port forward and return true."""
    call.state.rules.add(_wanted(call))
    return True


def _wanted(call: ActorCall, *, instead_of: PortForward | None = None) -> PortForward:
    given = call.arguments
    space = call.state.cloudspaces.find(given["cloudspaceId"])
    if space.status.at(call.now) != "DEPLOYED":
        raise HttpBadRequest("The cloudspace is not deployed yet")
    if not call.behaves("forward-firewall-unchecked"):
        check_firewall(call, space)
    if given["publicIp"] != space.public_ip:
        raise HttpBadRequest(f"{given['publicIp']} is not the public address of this cloudspace")
    protocol = given.get("protocol") or "tcp"
    if protocol not in ("tcp", "udp"):
        raise HttpBadRequest("Protocol should be tcp or udp")
    if given["publicPort"] not in PORTS or given["localPort"] not in PORTS:
        raise HttpBadRequest("Ports should be from 1 to 65535")
    machine = call.state.machines.find(given["machineId"])
    elsewhere = machine.cloudspace_id != space.id and not call.behaves("forward-to-other-cloudspace")
    if elsewhere or call.now < machine.address_at:
        raise HttpNotFound("No correct ipaddress found for this machine")
    wanted = PortForward(NEW, space.id, space.public_ip, given["publicPort"], machine.id, given["localPort"], protocol)
    for rule in call.state.rules_of(space.id):
        if rule is not instead_of and rule.public_port == wanted.public_port:
            _check_protocol(call, rule, wanted)
    return wanted


def _check_protocol(call: ActorCall, rule: PortForward, wanted: PortForward) -> None:
    """Refuse a port forward whose public port `rule` uses for the same protocol (in some releases, for any)."""
    place = f"{wanted.public_ip} {wanted.public_port}/{wanted.protocol}"
    once = call.behaves("forward-port-once")
    if rule.protocol == wanted.protocol or (once and call.operation.name == "update"):
        raise HttpConflict(f"Forward of {place} already exists")
    if once:
        port = wanted.public_port
        raise Unavailable(f"Forward to {wanted.public_ip} with port {port} failed to create.")


def _placed(call: ActorCall) -> PortForward:
    rules, place = call.state.rules_of(call.arguments["cloudspaceId"]), call.arguments["id"]
    if place not in range(len(rules)):
        raise HttpNotFound(f"Cannot find the rule with id {place}")
    return rules[place]


def _update(call: ActorCall) -> Json:
    rule = _placed(call)
    _replace(call, rule)
    return _records(call, call.state.rules_of(rule.cloudspace_id))


def _update_by_port(call: ActorCall) -> Json:
    given = call.arguments
    rule = _found(call, given["sourcePublicIp"], given["sourcePublicPort"], given.get("sourceProtocol"))
    _replace(call, rule)
    return True


def _replace(call: ActorCall, rule: PortForward) -> None:
    """Replace a rule by the one that the call describes. If that conflicts with another rule, the old rule is lost."""
    try:
        wanted = _wanted(call, instead_of=rule)
    except HttpConflict:
        call.state.rules.drop(rule.id)
        raise
    call.state.rules.put(replace(wanted, id=rule.id))


def _delete(call: ActorCall) -> Json:
    _check_running(call)
    rule = _placed(call)
    _drop(call, rule)
    return _records(call, call.state.rules_of(rule.cloudspace_id))


def _delete_by_port(call: ActorCall) -> Json:
    """Delete a rule by its port. The parameter is `proto`; `protocol` is ignored."""
    given = call.arguments
    _check_running(call)
    _drop(call, _found(call, given["publicIp"], given["publicPort"], given.get("proto")))
    return True


def _check_running(call: ActorCall) -> None:
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    if not call.behaves("forward-firewall-unchecked"):
        check_firewall(call, space)


def _drop(call: ActorCall, rule: PortForward) -> None:
    """Remove a port forward, and in old releases also the port forward of the other protocol on the same port."""
    both = call.behaves("forward-delete-both-protocols")
    for other in call.state.rules_of(rule.cloudspace_id):
        if other is rule or (both and other.public_port == rule.public_port):
            call.state.rules.drop(other.id)


def _found(call: ActorCall, public_ip: str, port: int, protocol: str | None) -> PortForward:
    for rule in call.state.rules_of(call.arguments["cloudspaceId"]):
        if (rule.public_ip, rule.public_port) == (public_ip, port) and protocol in (None, rule.protocol):
            return rule
    raise HttpNotFound(f"Could not find port forwarding with {public_ip}:{port}")


TABLE: dict[str, Behaviour] = {
    "/cloudapi/portforwarding/list": _list,
    "/cloudapi/portforwarding/create": _create,
    "/cloudapi/portforwarding/update": _update,
    "/cloudapi/portforwarding/updateByPort": _update_by_port,
    "/cloudapi/portforwarding/delete": _delete,
    "/cloudapi/portforwarding/deleteByPort": _delete_by_port,
}
