"""Implement cloudbroker/qos: limit and resize disks and networks."""

from __future__ import annotations

from typing import Any

from ovcgen.simulator.actors import disks, machines
from ovcgen.simulator.actors.broker.cloudapi_adapters import returning_sentence
from ovcgen.simulator.http_errors import Crash, UnknownObject
from ovcgen.simulator.operation_call import ActorCall, Behaviour

Json = Any
LIMITED = ("cloudspaceId", "machineId", "machineMAC")


def _cpu(_call: ActorCall) -> Json:
    """Raise Crash: a portal declares this operation but does not implement it."""
    raise Crash("NotImplementedError")


def _internal(call: ActorCall) -> Json:
    """Limit a cloudspace, a machine or a MAC address. Any other number of targets crashes, as in a portal."""
    named = {name: call.arguments[name] for name in LIMITED if call.arguments.get(name)}
    if len(named) != 1:
        raise Crash("'module' object has no attribute 'BadRequest'")
    if "cloudspaceId" in named:
        call.state.cloudspaces.find(named["cloudspaceId"])
    if "machineId" in named:
        call.state.machines.find(named["machineId"])
    if "machineMAC" in named and named["machineMAC"] not in _addresses(call):
        raise UnknownObject(named["machineMAC"], "vmachine")
    return True


def _addresses(call: ActorCall) -> set[str]:
    return {nic["macAddress"] for machine in call.state.machines for nic in machines.network_interfaces(call, machine)}


def _internet(call: ActorCall) -> None:
    call.state.cloudspaces.find(call.arguments["cloudspaceId"])


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/qos/limitCPU": _cpu,
    "/cloudbroker/qos/limitIO": disks.TABLE["/cloudapi/disks/limitIO"],
    "/cloudbroker/qos/resize": returning_sentence(
        "Disk was successfully resized",
        disks.TABLE["/cloudapi/disks/resize"],
        restart="Disk will be resized when its machine is restarted",
    ),
    "/cloudbroker/qos/limitInternalBandwith": _internal,
    "/cloudbroker/qos/limitInternetBandwith": _internet,
}
