"""Implement cloudbroker/node, and computenode of older releases: the physical machines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors.broker.cloudapi_adapters import in_background_on_request
from ovcgen.simulator.actors.locations_sizes_images import location_of_grid
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpNotFound, HttpPreconditionFailed
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.samples import sample
from ovcgen.simulator.state_records import Node
from ovcgen.simulator.timing import changing

Json = Any
ACTIONS = ("power_on", "shutdown", "force_shutdown", "reboot")


def _node(call: ActorCall) -> Node:
    number = call.arguments.get("nid")
    return call.state.nodes.find(call.arguments.get("id") if number is None else number)


def _turned(status: str) -> Behaviour:
    """Return a behaviour that sets the status of a node and returns null."""

    def turn(call: ActorCall) -> None:
        node = _node(call)
        if status == "MAINTENANCE":
            _empty(call, node)
        call.state.nodes.put(replace(node, status=status))

    return turn


def _empty(call: ActorCall, node: Node) -> None:
    """Move the running machines of a node to another one, or stop them. An unknown `vmaction` does nothing."""
    action = call.arguments.get("vmaction") or "move"
    other = next(
        (candidate for candidate in call.state.nodes if candidate.id != node.id and candidate.status == "ENABLED"), None
    )
    for machine in list(call.state.machines):
        if machine.stack_id == node.id and machine.status.at(call.now) == "RUNNING":
            if action == "stop" or other is None:
                call.state.machines.put(replace(machine, status=changing(call.now, "HALTED")))
            elif action == "move":
                call.state.machines.put(replace(machine, stack_id=other.id))


def _enable_all(call: ActorCall) -> None:
    numbers = call.arguments.get("nids") or call.arguments.get("ids") or ()
    for node in [call.state.nodes.find(number) for number in numbers]:
        call.state.nodes.put(replace(node, status="ENABLED"))


def _compute_node(call: ActorCall) -> Node:
    node = call.state.nodes.records.get(call.arguments["id"])
    if node is None:
        raise HttpNotFound(f"ComputeNode with id {call.arguments['id']} not found")
    return node


def _set_status(call: ActorCall) -> Json:
    """Set the status of a node and return the new status. Calls with any status but ENABLED crash.

    Raises:
        HttpNotFound: there is no such node.
        HttpPreconditionFailed: the present status of the node does not allow the change.
        Crash: the status is not ENABLED.
    """
    node, status = _compute_node(call), str(call.arguments["status"])
    if status not in ("ENABLED", "MAINTENANCE", "DECOMMISSIONED"):
        raise Crash(f"{status} is no status")
    if node.status not in ("MAINTENANCE", "ENABLED", "ERROR"):
        raise HttpPreconditionFailed(f"A node that is {node.status} can't be {status}")
    if status != "MAINTENANCE" or not call.behaves("computenode-maintenance-unwritten"):
        call.state.nodes.put(replace(node, status=status))
    if status != "ENABLED":
        raise Crash("maintenance() takes a parameter vmaction")
    return status


def _compute_turned(status: str, answer: Json) -> Behaviour:
    """Return a behaviour that sets the status of a compute node to `status` and returns `answer`."""

    def turn(call: ActorCall) -> Json:
        node = _compute_node(call)
        if status == "MAINTENANCE":
            if call.arguments["vmaction"] not in ("move", "stop"):
                raise HttpBadRequest("vmaction should be move or stop")
            _empty(call, node)
        call.state.nodes.put(replace(node, status=status))
        return answer

    return turn


def _activate(call: ActorCall) -> Json:
    """Return a sample value, without activating any storage node. One release crashes if the call names a node."""
    if call.arguments["nids"] and call.behaves("activate-nodes-crashes"):
        raise Crash("global name is not defined")
    return sample(call.operation, call.api, call.arguments)


def _power(call: ActorCall) -> None:
    _node(call)
    if call.arguments["action"] not in ACTIONS:
        raise HttpBadRequest(f"action should be one of {', '.join(ACTIONS)}")


def _stacks(call: ActorCall) -> Json:
    gid = call.arguments.get("gid")
    if gid is not None:
        location_of_grid(call, gid)
    nodes = [node for node in call.state.nodes if gid in (None, node.gid)]
    images = [image.id for image in call.state.images if image.status.at(call.now) == "CREATED"]
    return [_stack(node, images) for node in nodes]


def _stack(node: Node, images: list[int]) -> Json:
    """Return the stored record of a stack. `referenceId` is the id of its node as text."""
    return {
        "id": node.id,
        "guid": node.id,
        "_ckey": "",
        "_meta": ["osismodel", "cloudbroker", "stack", 1],
        "gid": node.gid,
        "name": node.name,
        "descr": "",
        "type": "OPENVCLOUD",
        "login": "",
        "passwd": "",
        "apikey": "",
        "apiUrl": "qemu+tcp://localhost/system",
        "appId": "",
        "images": images,
        "referenceId": str(node.id),
        "status": node.status,
        "error": 0,
        "eco": "",
    }


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/node/maintenance": _turned("MAINTENANCE"),
    "/cloudbroker/node/enable": _turned("ENABLED"),
    "/cloudbroker/node/decomission": _turned("DECOMMISSIONED"),
    "/cloudbroker/node/enableNodes": in_background_on_request(_enable_all),
    "/cloudbroker/node/applyIpmiAction": _power,
    "/cloudbroker/ovsnode/activateNodes": _activate,
    "/cloudbroker/computenode/maintenance": _compute_turned("MAINTENANCE", answer=True),
    "/cloudbroker/computenode/enable": _compute_turned("ENABLED", answer="ENABLED"),
    "/cloudbroker/computenode/decommission": _compute_turned("DECOMMISSIONED", answer=True),
    "/cloudbroker/computenode/enableStacks": _enable_all,
    "/cloudbroker/computenode/setStatus": _set_status,
    "/cloudbroker/computenode/list": _stacks,
}
