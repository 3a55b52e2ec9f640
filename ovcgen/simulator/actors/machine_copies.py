"""Implement copies of machines: snapshots, clones and templates."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import machine_creation, machines
from ovcgen.simulator.http_errors import Crash, Disabled, HttpBadRequest, HttpConflict, HttpNotFound, NotPossible
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.parameters import ABSENT
from ovcgen.simulator.resource_quotas import check_room
from ovcgen.simulator.state_records import NEW, Image, Machine, Snapshot
from ovcgen.simulator.timing import changing

Json = Any


def _machine(call: ActorCall, *, halted: bool = False) -> Machine:
    machine = call.state.machines.find(call.arguments["machineId"])
    if machine.status.at(call.now) in machines.missing_statuses(call):
        raise HttpNotFound(f"Machine {machine.id} not found")
    if halted and machine.status.at(call.now) != "HALTED":
        raise HttpConflict(f"Machine {machine.id} has to be halted for this")
    return machine


def _snapshot(call: ActorCall) -> Json:
    """Take a snapshot of all disks except the metadata disk, and return the guids of the snapshots by guid of the disk.

    The oldest release returns the time of the snapshot instead, in seconds since the epoch.
    """
    machine, name = _machine(call), call.arguments["name"]
    force = call.arguments.get("force") and not call.behaves("snapshot-without-force")
    for old in () if call.behaves("snapshot-same-name") else present_snapshots(call, machine):
        if old.name == name:
            if not force:
                raise HttpBadRequest(f"Snapshot with name {name} already exists")
            call.state.snapshots.drop(old.id)
    snapshot = take_snapshot(call, machine, name)
    return snapshot.epoch if call.behaves("snapshot-answers-epoch") else dict(snapshot.guids)


def take_snapshot(call: ActorCall, machine: Machine, name: str) -> Snapshot:
    """Store and return a new snapshot of all disks of a machine except the metadata disk; `name` is its name."""
    disks = [disk for disk in call.state.disks_of(machine.id) if disk.type != "M"]
    guids = tuple((str(uuid.uuid5(uuid.NAMESPACE_OID, f"disk {disk.id}")), str(uuid.uuid4())) for disk in disks)
    return call.state.snapshots.add(Snapshot(NEW, machine.id, name, int(call.now), guids))


def _list(call: ActorCall) -> Json:
    """Return one entry for each snapshot. One release returns one entry for each disk of each snapshot."""
    machine = _machine(call)
    if machine.status.at(call.now) == "ERROR":
        raise Crash(f"machine {machine.id} has no domain")
    if call.behaves("snapshots-name-and-epoch"):
        return [{"name": snapshot.name, "epoch": snapshot.epoch} for snapshot in present_snapshots(call, machine)]
    most = None if call.behaves("snapshots-one-per-disk") else 1
    return [
        {"name": snapshot.name, "epoch": snapshot.epoch, "guid": guid, "diskguid": disk_guid}
        for snapshot in present_snapshots(call, machine)
        for disk_guid, guid in (snapshot.guids or (("", ""),))[:most]
    ]


def present_snapshots(call: ActorCall, machine: Machine) -> list[Snapshot]:
    """Return the snapshots of a machine that the storage has not deleted yet, oldest first."""
    return [snapshot for snapshot in call.state.snapshots_of(machine.id) if call.now < snapshot.until]


def _named(call: ActorCall, machine: Machine) -> list[Snapshot]:
    name, epoch = call.arguments.get("name"), call.arguments.get("epoch")
    if call.behaves("snapshot-epoch-required"):
        name = None  # an unknown parameter
    if name is None and epoch is None:
        raise HttpBadRequest("Give an epoch or a name")
    snapshots = present_snapshots(call, machine)
    return [
        snapshot
        for snapshot in snapshots
        if name in (None, snapshot.name) and str(epoch) in ("None", str(snapshot.epoch))
    ]


def _rollback(call: ActorCall) -> Json:
    if not _named(call, _machine(call, halted=True)):
        name = call.arguments.get("name")
        if call.behaves("rollback-epoch-unchecked") and name is not None:
            raise HttpBadRequest(f"No snapshots found with this name {name}")
        if not (call.behaves("rollback-epoch-unchecked") or call.behaves("snapshot-epoch-required")):
            raise HttpBadRequest("No such snapshot")
    return Outcome(True, after=call.pace.copy)


def _delete(call: ActorCall) -> Json:
    """Delete snapshots and return true at once, even if there is none. The storage removes them after a delay."""
    machine = _machine(call)
    for snapshot in _named(call, machine):
        call.state.snapshots.put(replace(snapshot, until=min(snapshot.until, call.now + call.pace.delete)))
    for snapshot in call.state.snapshots_of(machine.id):
        if snapshot.until <= call.now:
            call.state.snapshots.drop(snapshot.id)
    return True


def _clone(call: ActorCall) -> Json:
    """Clone a machine with its disks and return its id. The source gets a snapshot with the clone's name.

    `snapshotTimestamp`, as the catalog spells it, is ignored. The spelling `snapshottimestamp` is read, and crashes.
    """
    source, name = _machine(call, halted=True), call.arguments["name"]
    if source.clone_of:
        raise NotPossible("A clone can not be cloned")
    simple = call.behaves("clone-without-choices")
    wanted = None if simple else call.arguments.get("cloudspaceId")
    space = call.state.cloudspaces.find(wanted or source.cloudspace_id)
    if space.account_id != call.state.cloudspaces.find(source.cloudspace_id).account_id:
        raise NotPossible("A machine can not be cloned into another account")
    machine_creation.check_name_is_free(call, space.id, name)
    if call.arguments.get("snapshottimestamp") not in ABSENT and not simple:
        raise Crash("snapshots have no timestamp")
    room = sum(disk.size for disk in call.state.disks_of(source.id))
    more = {"CU_M": source.memory / 1024.0, "CU_C": source.vcpus, "CU_D": room}
    check_room(call, space, more)
    if not simple:
        take_snapshot(call, source, name)
    clone = call.state.machines.add(
        replace(
            source,
            cloudspace_id=space.id,
            name=name,
            acl=(),
            status=changing(call.now, "", (call.pace.copy, "RUNNING")),
            created=int(call.now),
            updated=int(call.now),
            address=machine_creation.free_private_address(call, space),
            address_at=machine_creation.NEVER
            if call.behaves("machine-address-from-lease")
            else call.now + call.pace.copy + call.pace.address,
            clone_of=source.id,
            networks=(),
        )
    )
    for disk in call.state.disks_of(source.id):
        call.state.disks.add(replace(disk, machine_id=clone.id, status=machine_creation.disk_status(call, "ASSIGNED")))
    return Outcome(clone.id, after=call.pace.copy)


def _template(call: ActorCall) -> Json:
    """Create an image from the boot disk and return true at once, before the image is complete.

    The oldest release waits until the image is complete, and returns the id of the image.
    """
    waits = call.behaves("template-answers-image")
    machine = _machine(call, halted=not waits)
    source = call.state.images.find(machine.image_id)
    if source.account_id and call.behaves("template-of-template-refused"):
        raise HttpConflict("Can not make template from a machine which was created from a custom template.")
    boot = next((disk for disk in call.state.disks_of(machine.id) if disk.type == "B"), None)
    if boot is None:
        raise Crash(f"machine {machine.id} has no boot disk")
    name = call.arguments.get("templateName") or call.arguments["templatename"]  # the spelling of older releases
    status = changing(call.now, "CREATING", (call.pace.copy, "CREATED"))
    hot = source.hot_resize
    image = Image(NEW, name, "Custom Templates", boot.size, None, boot.account_id, "", status, hot_resize=hot)
    made = call.state.images.add(image)
    return Outcome(made.id, after=call.pace.copy) if waits else True


def _convert(_call: ActorCall) -> Json:
    """Refuse the call: the only release with this operation has switched it off."""
    raise Disabled("Converting machines to templates is disabled")


TABLE: dict[str, Behaviour] = {
    "/cloudapi/machines/snapshot": _snapshot,
    "/cloudapi/machines/listSnapshots": _list,
    "/cloudapi/machines/rollbackSnapshot": _rollback,
    "/cloudapi/machines/deleteSnapshot": _delete,
    "/cloudapi/machines/clone": _clone,
    "/cloudapi/machines/createTemplate": _template,
    "/cloudapi/machines/convertToTemplate": _convert,
}
