"""Implement system/gridmanager, system/health and system/agentcontroller: the physical machines of a grid."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from ovcgen.simulator.http_errors import HttpBadRequest, HttpNotFound, UnknownObject
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import Node

Json = Any
ROLES = ["node", "cpunode", "storagenode"]
WELL = "OK"


def _matching(records: Iterable[Json], call: ActorCall, *names: str) -> Json:
    """Return the records that match the arguments of these names. Missing arguments match everything."""
    wanted = {name: call.arguments[name] for name in names if call.arguments.get(name) is not None}
    return [record for record in records if all(str(record[name]) == str(value) for name, value in wanted.items())]


def _nodes(call: ActorCall) -> Json:
    records = _matching([_node(call, node) for node in call.state.nodes], call, "id", "guid", "gid", "name")
    active = call.arguments.get("active")
    if active is not None and call.behaves("nodes-active-filter"):
        records = [record for record in records if record.get("active") == active]
    elif active:
        records = [record for record in records if record["status"] == "ENABLED"]
    address, roles = call.arguments.get("ipaddr"), call.arguments.get("roles")
    wanted = set(str(roles).split(",")) if roles else set()
    return [record for record in records if address in (None, *record["ipaddr"]) and wanted <= set(record["roles"])]


def _node(call: ActorCall, node: Node) -> Json:
    address, mac = f"10.{node.gid % 256}.0.{node.id}", f"52:54:01:00:00:{node.id & 255:02x}"
    return {
        "id": node.id,
        "guid": f"{node.gid}_{node.id}",
        "gid": node.gid,
        "name": node.name,
        "roles": list(ROLES),
        "netaddr": [{"name": "backplane1", "ip": [address], "mac": mac}],
        "publickeys": [],
        "hostkey": "",
        "machineguid": mac.replace(":", ""),
        "ipaddr": [address],
        "peer_stats": 0,
        "peer_log": 0,
        "peer_backup": 0,
        "description": "",
        "lastcheck": 0,
        "memory": 65536,
        **({"active": node.status == "ENABLED"} if call.behaves("node-active") else {"status": node.status}),
    }


def _grids(call: ActorCall) -> Json:
    return [
        {
            "id": location.gid,
            "guid": location.gid,
            "name": location.name,
            "useavahi": False,
            "settings": dict(location.settings),
            "nid": 1,
        }
        for location in call.state.locations
    ]


def _disks(call: ActorCall) -> Json:
    records = [
        {
            "id": node.id,
            "guid": str(node.id),
            "partnr": 1,
            "gid": node.gid,
            "nid": node.id,
            "path": "/dev/sda",
            "size": 1000,
            "free": 500,
            "ssd": True,
            "fs": "ext4",
            "mounted": True,
            "mountpoint": "/",
            "active": True,
            "model": "",
            "description": "",
            "type": "",
            "lastcheck": 0,
        }
        for node in call.state.nodes
    ]
    return _matching(records, call, "id", "guid", "gid", "nid", "fs", "path", "mountpoint")


def _virtual_disks(call: ActorCall) -> Json:
    records = [
        {
            "id": disk.id,
            "gid": next(iter(call.state.locations)).gid,
            "nid": call.state.machines.find(disk.machine_id).stack_id,
            "path": f"volume_{disk.id}",
            "backingpath": "",
            "size": disk.size,
            "free": disk.size,
            "sizeondisk": 0,
            "fs": "",
            "active": True,
            "description": disk.description,
            "role": "",
            "machineid": disk.machine_id,
            "order": 0,
            "type": disk.type,
            "backup": False,
            "backuptime": 0,
            "expiration": 0,
            "backuplocation": "",
            "devicename": "",
            "lastcheck": 0,
        }
        for disk in call.state.disks
        if disk.machine_id is not None and disk.status.at(call.now) == "ASSIGNED"
    ]
    return _matching(records, call, "id", "gid", "nid", "machineid", "type", "description")


def _job(call: ActorCall, command: str, *, nid: int = 1, result: Json = None) -> Json:
    now = int(call.now)
    return {
        "id": 1,
        "guid": str(uuid.uuid4()),
        "sessionid": None,
        "nid": nid,
        "gid": next(iter(call.state.locations)).gid,
        "cmd": command,
        "category": "jumpscript",
        "roles": [],
        "args": {},
        "queue": "",
        "timeout": 600,
        "result": result,
        "parent": None,
        "resultcode": 0,
        "state": WELL,
        "timeCreate": now,
        "timeStart": now,
        "timeStop": now,
        "wait": True,
        "log": True,
        "errorreport": True,
        "tags": "",
    }


def _execute(call: ActorCall) -> Json:
    """Return the job of a script, as if it had run and returned nothing. No script is executed."""
    given = call.arguments
    if given.get("nid") is None and not given.get("role"):
        raise HttpBadRequest("Give a node or a role")
    if call.behaves("jumpscript-unchecked"):
        return _job(call, f"{given['organization']}/{given['name']}", nid=given.get("nid") or 1)
    if given.get("role") and given["role"] not in ROLES:
        raise HttpBadRequest(f"No node has the role {given['role']}")
    node = next((node for node in call.state.nodes if given.get("nid") in (None, node.id)), None)
    if node is None or node.status != "ENABLED":
        raise HttpBadRequest(f"Node {given.get('nid')} is not active")
    return _job(call, f"{given['organization']}/{given['name']}", nid=node.id)


def _check_machines(call: ActorCall) -> Json:
    return _job(call, "greenitglobe/vm_check")


def _sessions(call: ActorCall) -> Json:
    return {f"{node.gid}_{node.id}": [int(call.now), *ROLES] for node in call.state.nodes}


def _active_sessions(call: ActorCall) -> Json:
    return {f"{node.gid}_{node.id}": list(ROLES) for node in call.state.nodes}


def _no_job(call: ActorCall) -> Json:
    """Refuse every job id: jobs are not stored."""
    raise UnknownObject(call.arguments.get("guid") or call.arguments.get("id"), "job")


def _none(_call: ActorCall) -> Json:
    return []


def _overall(_call: ActorCall) -> Json:
    return {"state": WELL}


def _summary(call: ActorCall) -> Json:
    return {
        f"{node.gid}_{node.id}": {
            "level": 0,
            "gid": node.gid,
            "nid": node.id,
            "status": "RUNNING",
            "name": node.name,
            "categories": {},
        }
        for node in call.state.nodes
    }


def _detailed(call: ActorCall) -> Json:
    """Return the health of a node. An unknown node has no categories."""
    if call.arguments["nid"] not in {node.id for node in call.state.nodes}:
        return {"lastchecked": None, "categories": {}}
    check = {"msg": "Nothing to complain of", "last": "1 minute ago", "interval": "5 minutes", "status": WELL}
    return {"lastchecked": int(call.now), "categories": {"Hardware": {"status": WELL, "data": [check]}}}


def _refresh(call: ActorCall) -> Json:
    if call.arguments["nid"] not in {node.id for node in call.state.nodes}:
        raise HttpNotFound(f"Node {call.arguments['nid']} does not exist")
    return "Healthcheck has been scheduled"


def _run(_call: ActorCall) -> Json:
    return "Healthchecks have been scheduled"


TABLE: dict[str, Behaviour] = {
    "/system/gridmanager/getNodes": _nodes,
    "/system/gridmanager/getGrids": _grids,
    "/system/gridmanager/getDisks": _disks,
    "/system/gridmanager/getVDisks": _virtual_disks,
    "/system/gridmanager/getJob": _no_job,
    "/system/gridmanager/getJobs": _none,
    "/system/gridmanager/getLogs": _none,
    "/system/agentcontroller/executeJumpscript": _execute,
    "/system/agentcontroller/listSessions": _sessions,
    "/system/agentcontroller/listActiveSessions": _active_sessions,
    "/system/health/getOverallStatus": _overall,
    "/system/health/getStatusSummary": _summary,
    "/system/health/getDetailedStatus": _detailed,
    "/system/health/refreshCommand": _refresh,
    "/system/health/run": _run,
    "/cloudbroker/diagnostics/checkVms": _check_machines,
}
