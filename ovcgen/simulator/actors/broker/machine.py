"""Implement cloudbroker/machine: machines of all users, individually and in bulk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ovcgen.documents.depth_limit import read_json
from ovcgen.simulator.actors import (
    acl,
    audits,
    disks,
    external_network_addresses,
    machine_copies,
    machines,
    portforwarding,
)
from ovcgen.simulator.actors.broker.cloudapi_adapters import (
    for_each,
    in_background_on_request,
    returning_null,
    returning_sentence,
    with_arguments,
    with_parameter_names,
)
from ovcgen.simulator.actors.deletion import check_confirmed_name
from ovcgen.simulator.actors.firewalls import forward
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpConflict, HttpNotFound
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.state_records import CAP, Machine
from ovcgen.simulator.timing import changing

Json = Any
M, F = "/cloudapi/machines", "/cloudapi/portforwarding"
POWER = ("start", "stop", "pause", "resume", "reboot")
RESTART = "Machine will be resized when it is restarted"


def _machine(call: ActorCall) -> Machine:
    return call.state.machines.find(call.arguments["machineId"])


def _create(call: ActorCall) -> Json:
    """Create a machine. A size id of -1 means no size."""
    size_id = call.arguments.get("sizeId")
    return machines.TABLE[f"{M}/create"](with_arguments(call, sizeId=None if size_id == -1 else size_id))


def _create_on_stack(call: ActorCall) -> Outcome:
    node = call.state.nodes.find(call.arguments["stackid"])
    made: Outcome = _create(call)
    call.state.machines.put(replace(call.state.machines.find(made.value), stack_id=node.id))
    return made


def machine_record(call: ActorCall, machine: Machine) -> Json:
    """Return a machine, also a deleted one, as cloudbroker shows it: an object with the keys of the database."""
    return {
        "id": machine.id,
        "guid": machine.id,
        "_ckey": "",
        "_meta": ["osismodel", "cloudbroker", "vmachine", 1],
        "name": machine.name,
        "descr": machine.description,
        "sizeId": machine.size_id,
        "imageId": machine.image_id,
        "dedicatedCU": False,
        "disks": [disk.id for disk in call.state.disks_of(machine.id)],
        "nics": machines.network_interfaces(call, machine),
        "referenceId": f"vm-{machine.id}",
        "accounts": [{"login": machine.login, "password": machine.password, "guid": ""}],
        "status": machine.status.at(call.now),
        "hostName": f"vm-{machine.id}",
        "cpus": machine.vcpus,
        "boot": True,
        "hypervisorType": "KVM",
        "stackId": machine.stack_id,
        "acl": [acl.entry_as_stored(call, ace) for ace in machine.acl],
        "cloudspaceId": machine.cloudspace_id,
        "networkGatewayIPv4": "",
        "referenceSizeId": "",
        "cloneReference": machine.clone_of,
        "clone": 0,
        "creationTime": machine.created,
        "updateTime": machine.updated,
        "deletionTime": 0,
        "memory": machine.memory,
        "vcpus": machine.vcpus,
        "type": "",
        "tags": " ".join(machine.tags),
    }


def _get(call: ActorCall) -> Json:
    return machine_record(call, _machine(call))


def _list(call: ActorCall) -> Json:
    """Return the machines that match all given criteria, including destroyed ones. At least one criterion is required.

    The parameter `accountName` is in no catalog.
    """
    tag, node, space_id, account = (
        call.arguments.get(name) for name in ("tag", "computeNode", "cloudspaceId", "accountName")
    )
    if not any((tag, node, space_id, account)):
        raise HttpBadRequest("At least one of tag, computeNode, accountName or cloudspaceId is needed")
    found = call.state.machines_of(space_id) if space_id else list(call.state.machines)
    if tag:
        found = [machine for machine in found if " ".join(machine.tags) == tag]
    if node:
        stacks = {other.id for other in call.state.nodes if node in (other.name, str(other.id))}
        found = [machine for machine in found if machine.stack_id in stacks]
    if account:
        owners = {owner.id for owner in call.state.accounts if owner.name == account}
        spaces = {space.id for space in call.state.cloudspaces if space.account_id in owners}
        found = [machine for machine in found if machine.cloudspace_id in spaces]
    return [machine_record(call, machine) for machine in found[:CAP]]


def _destroy(call: ActorCall) -> Json:
    check_confirmed_name(call, _machine(call).name)
    return machines.TABLE[f"{M}/delete"](call)


def _each(name: str, *only: str) -> Callable[[ActorCall, Json], None]:
    """Return a function for one machine that calls the machines behaviour `name`.

    Deleted machines are skipped (except for `delete`), and those whose status is not in `only`, if it is given.
    """

    def act(call: ActorCall, machine_id: Json) -> None:
        machine = call.state.machines.find(machine_id)
        gone = machine.status.at(call.now) in machines.UNSEEN
        if (only and machine.status.at(call.now) not in only) or (gone and name != "delete"):
            return
        machines.TABLE[f"{M}/{name}"](replace(call, arguments={**call.arguments, "machineId": machine_id, "name": ""}))

    return act


def _add_disk(call: ActorCall) -> None:
    """Add a data disk, by default of 10 GB. The result is null, so its id is unknown to the caller."""
    disks.TABLE[f"{M}/addDisk"](with_arguments(call, type="D", size=call.arguments.get("size") or 10))


def _delete_disk(call: ActorCall) -> Json:
    """Detach a disk and put it into the recycle bin."""
    return disks.TABLE["/cloudapi/disks/delete"](with_arguments(call, detach=True, permanently=False, name=None))


def _move(call: ActorCall) -> Json:
    """Move a machine to the given stack, or to any other one."""
    machine, wanted = _machine(call), call.arguments.get("targetStackId")
    others = [node for node in call.state.nodes if node.id != machine.stack_id and node.status == "ENABLED"]
    node = call.state.nodes.find(wanted) if wanted is not None else next(iter(others), None)
    if node is None or node not in others:
        raise HttpBadRequest("A machine can only move to another stack that is enabled")
    present = machine.status.at(call.now)
    moving = changing(call.now, "MIGRATING", (call.pace.power, present))
    call.state.machines.put(replace(machine, stack_id=node.id, status=moving, updated=int(call.now)))
    return Outcome(None, after=call.pace.power)


def _prepare(call: ActorCall) -> Json:
    """Return the record of a machine that comes from another environment, and set its status to MIGRATING."""
    call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    try:
        wanted = read_json(call.arguments["machine"])
        machine = call.state.machines.find(wanted["id"])
    except (TypeError, ValueError, KeyError) as error:
        raise HttpBadRequest("machine is no object with an id") from error
    moving = replace(machine, status=changing(call.now, "MIGRATING"), updated=int(call.now))
    call.state.machines.put(moving)
    return {"id": machine.id, "xml": f"<domain><name>vm-{machine.id}</name></domain>", "stackId": machine.stack_id}


def _tag(call: ActorCall) -> Json:
    machine, name = _machine(call), str(call.arguments["tagName"])
    if machine.status.at(call.now) == "DESTROYED":
        raise HttpBadRequest(f"Machine {machine.id} is DESTROYED")
    if name in machine.tags:
        raise HttpConflict(f"Machine {machine.id} has the tag {name} already")
    call.state.machines.put(replace(machine, tags=(*machine.tags, name)))
    return True


def _untag(call: ActorCall) -> Json:
    machine, name = _machine(call), str(call.arguments["tagName"])
    if name not in machine.tags:
        raise HttpNotFound(f"Machine {machine.id} has no tag {name}")
    call.state.machines.put(replace(machine, tags=tuple(tag for tag in machine.tags if tag != name)))
    return True


def _forwards(call: ActorCall) -> Json:
    """Return the port forwards of a machine. The ids are indexes in the list of its cloudspace."""
    machine = _machine(call)
    rules = enumerate(call.state.rules_of(machine.cloudspace_id))
    return [{"id": place, **forward(call, rule)} for place, rule in rules if rule.machine_id == machine.id]


def _forwarded(name: str) -> Behaviour:
    """Return a behaviour that translates the arguments for portforwarding: `destPort` is the public port."""

    def run(call: ActorCall) -> None:
        space = call.state.cloudspaces.find(_machine(call).cloudspace_id)
        port = call.arguments.get("destPort") or call.arguments.get("publicPort")
        address, protocol = call.arguments.get("publicIp") or space.public_ip, call.arguments["proto"]
        named = {"cloudspaceId": space.id, "publicIp": address, "publicPort": port, "protocol": protocol}
        portforwarding.TABLE[f"{F}/{name}"](with_arguments(call, **named))

    return run


def _template(call: ActorCall) -> Json:
    """Fail as the portal does: it calls another operation with a parameter which that operation does not have.

    Raises:
        HttpBadRequest: the call has the undeclared parameter `callbackUrl`, in releases that check the inner call.
        Crash: in all other cases.
    """
    if call.arguments.get("callbackUrl") and call.behaves("broker-template-callback"):
        raise HttpBadRequest("Param with name:templateName is missing.")
    raise Crash("createTemplate() got an unexpected keyword argument 'templatename'")


def _checked(behaviour: Behaviour) -> Behaviour:
    """Return a behaviour that first checks, in some releases, that the machine exists and is not destroyed."""

    def run(call: ActorCall) -> Json:
        if call.behaves("broker-machine-checks-first"):
            number = call.arguments["machineId"]
            if number not in call.state.machines.records:
                raise HttpNotFound(f"Machine ID {number} was not found")
            if _machine(call).status.at(call.now) in ("DESTROYED", ""):
                raise HttpBadRequest(f"Machine {number} is invalid")
        return behaviour(call)

    return run


def _history(call: ActorCall) -> Json:
    if call.behaves("broker-history-crashes"):
        raise Crash("getHistory() takes a parameter size")
    return audits.history(call)


def _resize(call: ActorCall) -> Json:
    resize = machines.TABLE[f"{M}/resize"]
    if call.behaves("broker-resize-boolean"):
        return resize(call)
    return returning_sentence("Machine was successfully resized", resize, restart=RESTART)(call)


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/machine/create": _create,
    "/cloudbroker/machine/createOnStack": _create_on_stack,
    "/cloudbroker/machine/prepareForMigration": _prepare,
    "/cloudbroker/machine/get": _get,
    "/cloudbroker/machine/list": _list,
    "/cloudbroker/machine/destroy": _destroy,
    "/cloudbroker/machine/destroyMachines": for_each("machineIds", _each("delete")),
    "/cloudbroker/machine/startMachines": for_each("machineIds", _each("start")),
    "/cloudbroker/machine/stopMachines": for_each("machineIds", _each("stop", "RUNNING", "PAUSED")),
    "/cloudbroker/machine/rebootMachines": for_each("machineIds", _each("reboot")),
    "/cloudbroker/machine/resize": _resize,
    "/cloudbroker/machine/restore": machines.TABLE[f"{M}/restore"],
    "/cloudbroker/machine/updateMachine": returning_null(machines.TABLE[f"{M}/update"]),
    "/cloudbroker/machine/moveToDifferentComputeNode": in_background_on_request(_move),
    "/cloudbroker/machine/getHistory": _checked(_history),
    "/cloudbroker/machine/listSnapshots": _checked(machine_copies.TABLE[f"{M}/listSnapshots"]),
    "/cloudbroker/machine/snapshot": _checked(
        returning_null(with_parameter_names(machine_copies.TABLE[f"{M}/snapshot"], name="snapshotName"))
    ),
    "/cloudbroker/machine/rollbackSnapshot": _checked(returning_null(machine_copies.TABLE[f"{M}/rollbackSnapshot"])),
    "/cloudbroker/machine/deleteSnapshot": returning_null(machine_copies.TABLE[f"{M}/deleteSnapshot"]),
    "/cloudbroker/machine/clone": _checked(
        returning_null(with_parameter_names(machine_copies.TABLE[f"{M}/clone"], name="cloneName"))
    ),
    "/cloudbroker/machine/createTemplate": _template,
    "/cloudbroker/machine/convertToTemplate": machine_copies.TABLE[f"{M}/convertToTemplate"],
    "/cloudbroker/machine/addDisk": _add_disk,
    "/cloudbroker/machine/deleteDisk": _delete_disk,
    "/cloudbroker/machine/tag": _tag,
    "/cloudbroker/machine/untag": _untag,
    "/cloudbroker/machine/listPortForwards": _forwards,
    "/cloudbroker/machine/createPortForward": _forwarded("create"),
    "/cloudbroker/machine/deletePortForward": _forwarded("deleteByPort"),
    "/cloudbroker/machine/addUser": with_parameter_names(machines.TABLE[f"{M}/addUser"], userId="username"),
    "/cloudbroker/machine/deleteUser": with_parameter_names(machines.TABLE[f"{M}/deleteUser"], userId="username"),
    **{f"/cloudbroker/machine/{name}": _checked(returning_null(machines.TABLE[f"{M}/{name}"])) for name in POWER},
    **{
        f"/cloudbroker/machine/{name}": external_network_addresses.TABLE[f"{M}/{name}"]
        for name in ("attachExternalNetwork", "detachExternalNetwork", "listExternalNetworks")
    },
}
