"""Implement cloudapi/disks, and the calls of cloudapi/machines that attach disks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import machine_creation, machines
from ovcgen.simulator.actors.deletion import asks_permanently, check_confirmed_name, check_parent_is_there, delete_disk
from ovcgen.simulator.actors.locations_sizes_images import location_of_grid
from ovcgen.simulator.http_errors import Denied, HttpBadRequest, HttpConflict, HttpNotFound
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import CAP, NEW, Disk, Machine
from ovcgen.simulator.timing import steady

Json = Any
TUNED = re.compile(r"(total|read|write)_(bytes|iops)_sec(_max)?|size_iops_sec")
LARGEST, MOST, LEAST_IOPS = 2000, 25, 80  # GB, disks of a machine, operations a second


def _list(call: ActorCall) -> Json:
    kind, accounts = call.arguments.get("type"), [call.arguments["accountId"]]
    if call.behaves("disk-list-all-types"):
        kind, accounts = None, [*accounts, 0]
    owned = [disk for disk in call.state.disks if disk.account_id in accounts and kind in (None, disk.type)]
    disks = [disk for disk in owned if disk.status.at(call.now) != "DESTROYED"]
    return [{**_record(call, disk), "machineId": disk.machine_id} for disk in disks[:CAP]]


def _get(call: ActorCall) -> Json:
    return _record(call, _existing(call))


def _record(call: ActorCall, disk: Disk) -> Json:
    return {
        "id": disk.id,
        "guid": disk.id,
        "_ckey": "",
        "_meta": ["osismodel", "cloudbroker", "disk", 1],
        "name": disk.name,
        "descr": disk.description,
        "sizeMax": disk.size,
        "sizeUsed": 0,
        "referenceId": f"volume_{disk.id}",
        "realityDeviceNumber": 0,
        "status": disk.status.at(call.now),
        "type": disk.type,
        "gid": next(iter(call.state.locations)).gid,
        **({"iops": disk.tune["total_iops_sec"]} if call.behaves("disk-iops") else {"iotune": dict(disk.tune)}),
        "accountId": disk.account_id,
        "acl": {},
        "role": "",
        "order": None,
        "iqn": "",
        "diskPath": "",
        "login": "",
        "passwd": "",
        "params": "",
        "bootPartition": 0,
        "images": [],
        **({} if call.behaves("deletion-time-absent") else {"deletionTime": disk.deleted}),
    }


def _existing(call: ActorCall) -> Disk:
    disk = call.state.disks.find(call.arguments["diskId"])
    if disk.status.at(call.now) == "DESTROYED":
        raise HttpNotFound(f"Disk {disk.id} does not exist")
    return disk


def _create(call: ActorCall) -> Json:
    location_of_grid(call, call.arguments["gid"])
    account = call.state.accounts.find(call.arguments["accountId"])
    if account.status.at(call.now) == "DELETED" and not call.behaves("disk-create-in-deleted-account"):
        raise HttpBadRequest("Can not create a disk on deleted Account")
    return _made(call, call.arguments["name"], call.arguments["accountId"]).id


def _made(call: ActorCall, name: str, account_id: int) -> Disk:
    given = None if call.behaves("disk-resize-missing") else call.arguments.get("iops")
    size, iops = _size(call), given or 2000
    if iops < LEAST_IOPS and not call.behaves("disk-limit-without-minimum"):
        raise HttpBadRequest(f"Limit of iops should be at least {LEAST_IOPS}")
    disk = Disk(
        id=NEW,
        name=name,
        type=call.arguments.get("type") or "D",
        size=size,
        account_id=account_id,
        status=machine_creation.disk_status(call, "CREATED"),
        description=call.arguments.get("description") or "",
        tune={"total_iops_sec": iops},
    )
    return call.state.disks.add(disk)


def _limit(call: ActorCall) -> Json:
    """Set the I/O limits of a disk, and return true, or null if its machine does not run.

    `iops` is an old name of `total_iops_sec`.
    """
    disk, given = _created(call), call.arguments
    named = {**given, "total_iops_sec": given.get("total_iops_sec") or given.get("iops")}
    if call.behaves("disk-limit-iops-only"):
        named = {"total_iops_sec": given["iops"]}
    tune = {name: value for name, value in named.items() if TUNED.fullmatch(name) and value is not None}
    for kind in ("bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max"):
        if f"total_{kind}" in tune and {f"read_{kind}", f"write_{kind}"} & tune.keys():
            raise HttpBadRequest(f"Give the total of {kind}, or reading and writing, not both")
    least = 0 if call.behaves("disk-limit-without-minimum") else LEAST_IOPS
    if least and any(value < least for name, value in tune.items() if "iops" in name and name != "size_iops_sec"):
        raise HttpBadRequest(f"Limit of iops should be at least {LEAST_IOPS}")
    if disk.machine_id is None:
        raise HttpNotFound("Could not find virtual machine beloning to disk")
    call.state.disks.put(replace(disk, tune=tune))
    return True if call.state.machines.find(disk.machine_id).status.at(call.now) == "RUNNING" else None


def _created(call: ActorCall) -> Disk:
    """Return the disk that `diskId` names. In old releases, a DESTROYED disk is an HttpBadRequest (400)."""
    disk = call.state.disks.find(call.arguments["diskId"])
    if disk.status.at(call.now) == "DESTROYED" and call.behaves("disk-destroyed-not-created"):
        raise HttpBadRequest(f"Disk with id {disk.id} is not created")
    return _existing(call)


def _delete_many(call: ActorCall) -> Json:
    """Destroy disks permanently, even attached ones."""
    for disk in [call.state.disks.find(number) for number in call.arguments["diskIds"]]:
        call.state.disks.put(replace(disk, machine_id=None, status=steady("DESTROYED")))
    return True


def _size(call: ActorCall) -> int:
    size: int = call.arguments["size"]
    if not 0 < size <= LARGEST:
        raise HttpBadRequest(f"Invalid disk size: {size} GB, at most {LARGEST} are possible.")
    return size


def _delete(call: ActorCall) -> Json:
    disk = _existing(call)
    check_confirmed_name(call, disk.name)
    if disk.machine_id is not None and not call.arguments.get("detach"):
        raise HttpConflict(f"Disk {disk.id} is attached to machine {disk.machine_id}")
    if disk.type == "C" and _is_used(call, disk):
        raise HttpConflict(f"CD-ROM {disk.id} is used by a machine")
    delete_disk(call, disk, forever=asks_permanently(call))
    return True


def _is_used(call: ActorCall, disc: Disk) -> bool:
    """Return whether a machine that is not deleted was started from this CD-ROM.

    One release compares only the first digits of the ids: a machine that uses CD-ROM 12 counts for CD-ROM 1.
    """
    if call.behaves("disc-use-unchecked"):
        return False
    living = (machine for machine in call.state.machines if machine.status.at(call.now) not in machines.UNSEEN)
    tag = f"{machines.DISC}{disc.id}"
    if call.behaves("disc-used-by-prefix"):
        return any(other.startswith(tag) for machine in living for other in machine.tags)
    return any(tag in machine.tags for machine in living)


def _restore(call: ActorCall) -> Json:
    disk = call.state.disks.find(call.arguments["diskId"])
    if disk.status.at(call.now) != "TOBEDELETED":
        raise HttpBadRequest(f"Disk {disk.id} is not in the recycle bin")
    if not call.behaves("disk-restore-ignores-account"):
        check_parent_is_there(call, call.state.accounts.find(disk.account_id).status.at(call.now))
    call.state.disks.put(replace(disk, status=steady("CREATED"), deleted=0))
    return True


def _resize(call: ActorCall) -> Json:
    disk = _created(call)
    if disk.type == "M":
        raise HttpBadRequest("Metadata disks can't be resized")
    if _size(call) < disk.size:
        raise HttpBadRequest("Disks can only grow")
    call.state.disks.put(replace(disk, size=call.arguments["size"]))
    return machines.resize_outcome(call, call.state.machines.find(disk.machine_id)) if disk.machine_id else True


def _attach(call: ActorCall) -> Json:
    machine = call.state.machines.find(call.arguments["machineId"])
    disk = _existing(call)
    if disk.machine_id == machine.id:
        return True
    if not call.behaves("attach-takes-disk-away"):
        _check_free(call, disk, machine)
    _check_place(call, machine.id)
    call.state.disks.put(replace(disk, machine_id=machine.id, status=machine_creation.disk_status(call, "ASSIGNED")))
    return True


def _check_free(call: ActorCall, disk: Disk, machine: Machine) -> None:
    if disk.machine_id is not None:
        raise HttpBadRequest(f"Disk {disk.id} is attached to another machine")
    if disk.account_id != call.state.cloudspaces.find(machine.cloudspace_id).account_id:
        raise Denied(f"Disk {disk.id} belongs to another account")


def _check_place(call: ActorCall, machine_id: int) -> None:
    if len(call.state.disks_of(machine_id)) >= MOST:
        raise HttpBadRequest(f"A machine can have at most {MOST} disks")


def _detach(call: ActorCall) -> Json:
    """Detach a disk. Returns true as well if it is not attached to this machine."""
    machine, disk = call.state.machines.find(call.arguments["machineId"]), _existing(call)
    if disk.machine_id != machine.id:
        return True
    if disk.type == "B" and not call.behaves("boot-disk-moves"):
        raise HttpBadRequest("Boot disks can't be detached")
    call.state.disks.put(replace(disk, machine_id=None, status=machine_creation.disk_status(call, "CREATED")))
    return True


def _add(call: ActorCall) -> Json:
    machine = call.state.machines.find(call.arguments["machineId"])
    if call.arguments.get("type") == "B" and not call.behaves("boot-disk-moves"):
        raise HttpBadRequest("Boot disks can't be added")
    _check_place(call, machine.id)
    account_id = call.state.cloudspaces.find(machine.cloudspace_id).account_id
    disk = _made(call, call.arguments["diskName"], account_id)
    call.state.disks.put(replace(disk, machine_id=machine.id, status=machine_creation.disk_status(call, "ASSIGNED")))
    return disk.id


TABLE: dict[str, Behaviour] = {
    "/cloudapi/disks/list": _list,
    "/cloudapi/disks/get": _get,
    "/cloudapi/disks/create": _create,
    "/cloudapi/disks/delete": _delete,
    "/cloudapi/disks/restore": _restore,
    "/cloudapi/disks/resize": _resize,
    "/cloudapi/disks/limitIO": _limit,
    "/cloudapi/disks/deleteDisks": _delete_many,
    "/cloudapi/machines/attachDisk": _attach,
    "/cloudapi/machines/detachDisk": _detach,
    "/cloudapi/machines/addDisk": _add,
}
