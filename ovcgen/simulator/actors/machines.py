"""Implement cloudapi/machines: list, show, change, power, resize, delete and restore machines."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from ovcgen.simulator.actors import acl, external_network_addresses, machine_creation
from ovcgen.simulator.actors.deletion import (
    check_confirmed_name,
    check_parent_is_there,
    delete_machine,
    is_forever,
    restore_machine,
)
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpConflict, HttpNotFound, Unavailable
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.resource_quotas import check_room
from ovcgen.simulator.rights import ace_of, rights, subject_of
from ovcgen.simulator.state_records import CAP, Disk, Machine
from ovcgen.simulator.timing import changing, steady

Json = Any
DISC = "cdrom:"  # begins the tag of a machine that was started from a CD-ROM
UNSEEN = ("DELETED", "DESTROYED", "DESTROYING", "ERROR")
UNSEEN_BEFORE = ("DESTROYED", "DESTROYING")  # in releases that show machines in status ERROR
UNLISTED_BEFORE = ("DESTROYED", "ERROR", "")  # in releases that do not list machines that are being created


def _list(call: ActorCall) -> Json:
    """Return summaries of the machines of a cloudspace that the caller may see, with their stored status."""
    space_id = call.arguments.get("cloudspaceId")
    if space_id is None:
        raise HttpBadRequest("Param with name:cloudspaceId is missing.")
    space = call.state.cloudspaces.find(space_id)
    name, subject = call.caller.name, subject_of(call.state, cloudspace_id=space.id)
    sees_all = call.caller.admin or bool(rights(subject, name, "cloudspace"))  # computed once, not for every machine
    machines = (machine for machine in call.state.machines_of(space.id) if sees_all or ace_of(machine.acl, name))
    hidden = UNLISTED_BEFORE if call.behaves("machine-list-hides-new") else UNSEEN
    visible = (machine for machine in machines if machine.status.at(call.now) not in hidden)
    found = [_written(call, machine) for machine in islice(visible, CAP)]
    return Outcome([value for value, _ in found], text=f"[{', '.join(text for _, text in found)}]")


def _written(call: ActorCall, machine: Machine) -> tuple[Json, str]:
    """Return the summary of a machine and its JSON. Both are cached, because clients list machines very often."""
    disks = call.state.disks_of(machine.id)
    status, has_address = machine.status.at(call.now), call.now >= machine.address_at
    outside = (call.state.networks.find(network_id) for network_id, _ in machine.networks)

    def written() -> tuple[Json, str]:
        value = _summary(call, machine, status, disks)
        return value, json.dumps(value)

    return call.state.machines.derived(machine, (status, has_address, *disks, *outside), written)


def _summary(call: ActorCall, machine: Machine, status: str, disks: list[Disk]) -> Json:
    return {
        "id": machine.id,
        "name": machine.name,
        "status": status,
        "imageId": machine.image_id,
        "sizeId": machine.size_id,
        **_dimensions(call, machine),
        "disks": [disk.id for disk in disks],
        "nics": network_interfaces(call, machine),
        "storage": sum(disk.size for disk in disks),
        "referenceId": f"vm-{machine.id}",
        "stackId": machine.stack_id,
        "creationTime": machine.created,
        "updateTime": machine.updated,
    }


def _dimensions(call: ActorCall, machine: Machine) -> Json:
    return {} if call.behaves("machine-without-memory") else {"memory": machine.memory, "vcpus": machine.vcpus}


def _get(call: ActorCall) -> Json:
    """Return the details of a machine with its live status. A machine that is still being created is HALTED."""
    machine = _with_lease(call, _seen(call))
    disks = call.state.disks_of(machine.id)
    return {
        "id": machine.id,
        "cloudspaceid": machine.cloudspace_id,
        "name": machine.name,
        "description": machine.description,
        "hostname": f"vm-{machine.id}",
        "status": machine.status.at(call.now) or "HALTED",
        "imageid": machine.image_id,
        "osImage": call.state.images.find(machine.image_id).name,
        "sizeid": machine.size_id,
        **_dimensions(call, machine),
        "storage": sum(disk.size for disk in disks),
        "disks": [
            {
                "id": disk.id,
                "name": disk.name,
                "descr": disk.description,
                "type": disk.type,
                "status": disk.status.at(call.now),
                "sizeMax": disk.size,
                "acl": {},
            }
            for disk in disks
        ],
        "interfaces": network_interfaces(call, machine),
        "accounts": [{"login": machine.login, "password": machine.password, "guid": ""}],
        "acl": acl.entries_with_inherited(subject_of(call.state, machine_id=machine.id)),
        "locked": False,
        "creationTime": machine.created,
        "updateTime": machine.updated,
    }


def _with_lease(call: ActorCall, machine: Machine) -> Machine:
    """Return the machine, after recording the time of its IP address if the firewall has just assigned one."""
    if machine.address_at < machine_creation.NEVER or call.now < machine_creation.leased_at(call, machine.status):
        return machine
    return call.state.machines.put(replace(machine, address_at=call.now))


def network_interfaces(call: ActorCall, machine: Machine) -> Json:
    """Return the network interfaces of a machine as JSON objects: the private one, then one per external network.

    The private address is `Undefined` until the firewall has assigned it.
    """
    number = machine.id
    private = {
        "referenceId": "",
        "networkId": machine.cloudspace_id,
        "status": "",
        "deviceName": f"vm-{number}-{machine.cloudspace_id:04x}",
        "macAddress": f"52:54:00:{number >> 16 & 127:02x}:{number >> 8 & 255:02x}:{number & 255:02x}",
        "ipAddress": machine.address if call.now >= machine.address_at else "Undefined",
        "type": "bridge",
        "params": "",
        "guid": "",
    }
    public = [(call.state.networks.find(network_id), address) for network_id, address in machine.networks]
    return [
        private,
        *(external_network_addresses.network_interface(call, machine, network, address) for network, address in public),
    ]


def _seen(call: ActorCall) -> Machine:
    machine = call.state.machines.find(call.arguments["machineId"])
    if machine.status.at(call.now) in missing_statuses(call):
        raise HttpNotFound(f"Machine {machine.id} not found")
    return machine


def missing_statuses(call: ActorCall) -> tuple[str, ...]:
    """Return the statuses of machines that this release treats as missing: calls that only read get a 404 for them."""
    return UNSEEN_BEFORE if call.behaves("machine-error-seen") else UNSEEN


def _existing(call: ActorCall) -> Machine:
    """Return the machine of the call. Used by calls that crash on a deleted machine."""
    machine = call.state.machines.find(call.arguments["machineId"])
    if machine.status.at(call.now) in UNSEEN:
        raise Crash(f"machine {machine.id} has no domain")
    return machine


def _update(call: ActorCall) -> Json:
    """Change name and description, and return the machine's id. An empty value leaves the old one."""
    machine = _existing(call)
    name = call.arguments.get("name") or machine.name
    if call.operation.path.startswith("/cloudbroker/") and call.behaves("broker-update-without-name"):
        name = machine.name
    if name != machine.name:
        machine_creation.check_name_is_free(call, machine.cloudspace_id, name)
    description = call.arguments.get("description") or machine.description
    call.state.machines.put(replace(machine, name=name, description=description, updated=int(call.now)))
    return machine.id


def _powered(status: str, *, answer: bool | None = True, only: str = "") -> Callable[[ActorCall], Json]:
    """Return a behaviour that changes a machine's status after a delay. `only` is the status it must have before."""

    def power(call: ActorCall) -> Json:
        machine = _existing(call)
        present = machine.status.at(call.now)
        if only and present != only:
            if call.behaves("power-writes-status-first"):
                call.state.machines.put(replace(machine, status=steady(status)))
                raise Crash(f"machine {machine.id} is {present or 'not started'}")
            raise Unavailable(f"Machine {machine.id} is {present or 'not started'}, not {only}")
        at_once = status == "HALTED" and call.arguments.get("force") and not call.behaves("machine-stop-without-force")
        delay = 0.0 if at_once else call.pace.power
        ending = changing(call.now, present, (delay, status))
        updated = machine.updated if call.behaves("power-keeps-update-time") else int(call.now)
        call.state.machines.put(replace(machine, status=ending, updated=updated))
        return Outcome(answer, after=delay)

    return power


_on = _powered("RUNNING")


def _start(call: ActorCall) -> Json:
    """Start a machine from its boot disk, or from the CD-ROM `diskId`, whose id is kept as a tag of the machine."""
    machine = _existing(call)
    boots = any(disk.type == "B" for disk in call.state.disks_of(machine.id))
    if not boots and not call.behaves("machine-start-boot-unchecked"):
        raise HttpBadRequest(f"Machine {machine.id} has no boot disk")
    disk_id = None if call.behaves("machine-start-without-disk") else call.arguments.get("diskId")
    disc = None if disk_id is None else _disc(call, call.state.disks.find(disk_id), machine)
    tags = tuple(tag for tag in machine.tags if not tag.startswith(DISC))
    if disc is not None and not call.behaves("machine-start-from-any-disc"):
        tags += (f"{DISC}{disc.id}",)
    call.state.machines.put(replace(machine, tags=tags))
    return _on(call)


def _disc(call: ActorCall, disc: Disk, machine: Machine) -> Disk:
    """Check that the machine can start from a disk, which must be a CD-ROM image, and return this disk."""
    owner = call.state.cloudspaces.find(machine.cloudspace_id).account_id
    foreign = disc.account_id not in (0, owner) and not call.behaves("machine-start-from-foreign-disc")
    unready = disc.status.at(call.now) != "CREATED" and not call.behaves("machine-start-from-any-disc")
    if disc.type != "C" or foreign or unready:
        raise HttpBadRequest(f"Disk {disc.id} is no CD-ROM that machine {machine.id} can start from")
    return disc


def _reboot(answer: bool | None) -> Behaviour:
    """Return a behaviour that reboots a machine and returns `answer`, or null in the oldest release."""

    def reboot(call: ActorCall) -> Json:
        disks = call.state.disks_of(call.arguments["machineId"])
        if call.behaves("reboot-refuses-boot-disks") and [disk.type for disk in disks].count("B") > 1:
            raise HttpBadRequest("Machine has more than one boot disk")
        return _powered("RUNNING", answer=None if call.behaves("reboot-answers-null") else answer)(call)

    return reboot


def _resize(call: ActorCall) -> Json:
    machine = _existing(call)
    space = call.state.cloudspaces.find(machine.cloudspace_id)
    if call.behaves("machine-resize-halted-only") and machine.status.at(call.now) != "HALTED":
        raise HttpConflict("Can only resize a halted Virtual Machine")
    size_id, memory, vcpus = machine_creation.dimensions(call, Crash("neither sizeId nor memory and vcpus"))
    machine_creation.check_offered(space, size_id)
    running = machine.status.at(call.now) != "HALTED"
    if running and (memory < machine.memory or vcpus < machine.vcpus):
        raise HttpBadRequest("Can not shrink a machine that is not halted")
    more = {"CU_M": (memory - machine.memory) / 1024.0, "CU_C": vcpus - machine.vcpus}
    check_room(call, space, more)
    changed = replace(machine, size_id=size_id, memory=memory, vcpus=vcpus, updated=int(call.now))
    call.state.machines.put(changed)
    if (memory, vcpus) == (machine.memory, machine.vcpus):
        return True
    return True if call.behaves("machine-hot-resize-tried") else resize_outcome(call, machine)


def resize_outcome(call: ActorCall, machine: Machine) -> Outcome:
    """Return the outcome of a resize, which was done before: true; false with status 202 if the machine must restart.

    A restart is needed unless the machine is HALTED or its image supports resizing of running machines.
    """
    later = machine.status.at(call.now) != "HALTED" and not call.state.images.find(machine.image_id).hot_resize
    return Outcome(value=False, status=202) if later else Outcome(value=True)


def _delete(call: ActorCall) -> Json:
    machine = call.state.machines.find(call.arguments["machineId"])
    if machine.status.at(call.now) == "DESTROYED":
        raise HttpNotFound(f"Machine {machine.id} not found")
    check_confirmed_name(call, machine.name)
    clones = [other for other in call.state.machines if other.clone_of == machine.id]
    gone = UNSEEN_BEFORE if call.behaves("machine-clones-in-bin-block") else UNSEEN
    if any(clone.status.at(call.now) not in gone for clone in clones):
        raise HttpConflict("Can not delete a machine which has clones.")
    forever = is_forever(call, "machine-delete-destroys")
    if machine.status.at(call.now) == "DELETED" and not forever and not call.behaves("machine-delete-again"):
        return True
    delete_machine(call, machine, forever=forever)
    return Outcome(True, after=call.pace.delete)


def _restore(call: ActorCall) -> Json:
    machine = call.state.machines.find(call.arguments["machineId"])
    if machine.status.at(call.now) != "DELETED":
        raise HttpBadRequest(f"Can't restore a machine that is {machine.status.at(call.now)}")
    if not call.behaves("broker-restore-unchecked"):
        space = call.state.cloudspaces.find(machine.cloudspace_id)
        check_parent_is_there(call, space.status.at(call.now))
        room = sum(disk.size for disk in call.state.disks_of(machine.id))
        check_room(call, space, {"CU_M": machine.memory / 1024.0, "CU_C": machine.vcpus, "CU_D": room})
    restore_machine(call, machine)
    return True


def _console(call: ActorCall) -> Json:
    machine = _seen(call)
    running = machine.status.at(call.now) == "RUNNING"
    return f"https://console.example.org/vnc_auto.html?token=vm-{machine.id}" if running else None


TABLE: dict[str, Behaviour] = {
    "/cloudapi/machines/list": _list,
    "/cloudapi/machines/get": _get,
    "/cloudapi/machines/create": machine_creation.create,
    "/cloudapi/machines/update": _update,
    "/cloudapi/machines/start": _start,
    "/cloudapi/machines/stop": _powered("HALTED"),
    "/cloudapi/machines/reboot": _reboot(answer=True),
    "/cloudapi/machines/reset": _reboot(answer=None),
    "/cloudapi/machines/pause": _powered("PAUSED", only="RUNNING"),
    "/cloudapi/machines/resume": _powered("RUNNING"),
    "/cloudapi/machines/resize": _resize,
    "/cloudapi/machines/delete": _delete,
    "/cloudapi/machines/restore": _restore,
    "/cloudapi/machines/getConsoleUrl": _console,
    **acl.user_behaviours("machine"),
}
