"""Implement the firewall of a cloudspace: its state, passwords and VPN configuration."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

from ovcgen.simulator.http_errors import Unavailable
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.state_records import Cloudspace, PortForward

Json = Any
DEPLOYED = ("DEPLOYED", "MIGRATING", "DISABLED", "DESTROYING", "DELETED")  # statuses in which the firewall exists


def running_firewall(call: ActorCall) -> Cloudspace:
    """Return the cloudspace of the call after checking that its firewall runs.

    The cloudspace is that of the argument `cloudspaceId`.

    Raises:
        UnknownObject: there is no such cloudspace.
        Unavailable: the firewall does not run.
    """
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    check_firewall(call, space)
    return space


def check_firewall(call: ActorCall, space: Cloudspace) -> None:
    """Check that the firewall of a cloudspace runs.

    Raises:
        Unavailable: the firewall does not exist or is stopped.
    """
    if space.status.at(call.now) not in ("DEPLOYED", "MIGRATING") or space.firewall != "STARTED":
        raise Unavailable("Could not execute action at this time, the virtual firewall is not running.")


def firewall_record(call: ActorCall, space: Cloudspace) -> Json:
    """Return the firewall of a cloudspace as a JSON object: the stored record, its node's name and present status."""
    node, network = call.state.nodes.find(space.node_id), IPv4Network(space.network)
    running = space.firewall == "STARTED" and space.status.at(call.now) in ("DEPLOYED", "MIGRATING")
    return {
        "id": space.id,
        "guid": f"{space.gid}_{space.id}",
        "gid": space.gid,
        "nid": node.id,
        "nodename": node.name,
        "name": "",
        "descr": "",
        "type": "routeros",
        "domain": str(space.id),
        "host": str(network[-2]),
        "username": "vscalers",
        "password": hashlib.sha256(space.secret.encode()).hexdigest()[:12],
        "tcpForwardRules": [forward(call, rule) for rule in call.state.rules_of(space.id)],
        "masquerade": True,
        "wsForwardRules": [],
        "networkid": str(space.id),
        "internalip": str(network[1]),
        "pubips": [f"{space.public_ip}/{_prefix(call, space)}"],
        "version": 1,
        "vlan": call.state.networks.find(space.external_id).vlan or 0,
        "state": "STARTED" if call.behaves("firewall-state-not-stored") else space.firewall,
        "status": "RUNNING" if running else "HALTED",
        "moddate": space.updated,
        "accesstime": 0,
        "deployment_jobguid": "",
    }


def forward(call: ActorCall, rule: PortForward) -> Json:
    """Return a port forward as the JSON object in the record of a firewall (`tcpForwardRules`); ports are texts."""
    return {
        "fromAddr": rule.public_ip,
        "fromPort": str(rule.public_port),
        "toAddr": call.state.machines.find(rule.machine_id).address,
        "toPort": str(rule.local_port),
        "protocol": rule.protocol,
    }


def _prefix(call: ActorCall, space: Cloudspace) -> int:
    return IPv4Network(call.state.networks.find(space.external_id).subnet).prefixlen


def _shield(call: ActorCall) -> Json:
    """Return a login for the firewall's web interface. Each call sets a new password."""
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    if not call.behaves("defense-shield-unchecked"):
        check_firewall(call, space)
    call.state.counters[f"shield {space.id}"] += 1
    number = call.state.counters[f"shield {space.id}"]
    password = hashlib.sha256(f"{space.secret}{number}".encode()).hexdigest()[:16]
    return {"user": "admin", "password": password, "url": f"https://{space.public_ip}:9443/webfig"}


def _openvpn(call: ActorCall) -> Outcome:
    space, packed = running_firewall(call), io.BytesIO()
    password = hashlib.sha256(f"vpn{space.secret}".encode()).hexdigest()[:16]
    files = {
        "ca.crt": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "credentials": f"admin\n{password}\n",
        "openvpn.ovpn": f"client\nremote {space.public_ip}\nca ca.crt\nauth-user-pass credentials\n",
    }
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return Outcome(packed.getvalue(), file="openvpn.zip")


def _script(call: ActorCall) -> Json:
    running_firewall(call)
    return True


def with_firewall_state(call: ActorCall, space: Cloudspace, state: str) -> Cloudspace:
    """Store and return a copy of a cloudspace whose firewall has the state `state` (STARTED or STOPPED)."""
    return call.state.cloudspaces.put(replace(space, firewall=state, updated=int(call.now)))


TABLE: dict[str, Behaviour] = {
    "/cloudapi/cloudspaces/getDefenseShield": _shield,
    "/cloudapi/cloudspaces/getOpenvpnConfig": _openvpn,
    "/cloudapi/cloudspaces/executeRouterOSScript": _script,
}
