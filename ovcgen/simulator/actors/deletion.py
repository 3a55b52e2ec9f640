"""Delete machines, cloudspaces and accounts, permanently or into the recycle bin, and restore them."""

from __future__ import annotations

from dataclasses import replace

from ovcgen.simulator.http_errors import HttpBadRequest
from ovcgen.simulator.operation_call import ActorCall
from ovcgen.simulator.state_records import Account, Cloudspace, Disk, Machine
from ovcgen.simulator.timing import Timeline, changing, steady

BIN, GONE = "DELETED", ("DELETED", "DESTROYED")


def is_forever(call: ActorCall, without_bin: str) -> bool:
    """Return whether a deletion is permanent.

    `without_bin` is the id of the behaviour of the releases in which this type of object has no recycle bin. There,
    every deletion is permanent.
    """
    return call.behaves(without_bin) or asks_permanently(call)


def asks_permanently(call: ActorCall) -> bool:
    """Return whether the argument `permanently` of the call is true; False in releases that ignore the parameter."""
    return not call.behaves("permanently-ignored") and bool(call.arguments.get("permanently"))


def check_confirmed_name(call: ActorCall, name: str) -> None:
    """Refuse a deletion whose argument `name` is not `name`, the object's name.

    A call without the argument, or with an empty one, passes. No catalog declares this parameter. Upper and lower case
    count.

    Raises:
        HttpBadRequest: the name is wrong, and this release checks it.
    """
    wanted = call.arguments.get("name")
    if wanted and wanted != name and not call.behaves("delete-name-ignored"):
        raise HttpBadRequest(f"The name of this object is not {wanted}")


def check_parent_is_there(call: ActorCall, status: str) -> None:
    """Check that the account or cloudspace of an object to restore is not deleted; `status` is its status.

    Raises:
        HttpBadRequest: the status is DELETED, or in most releases DESTROYED or DESTROYING.
    """
    gone = (BIN,) if call.behaves("restore-checks-deleted-parent-only") else (BIN, "DESTROYED", "DESTROYING")
    if status in gone:
        raise HttpBadRequest(f"Can't restore into an account or cloudspace that is {status}")


def delete_machine(call: ActorCall, machine: Machine, *, forever: bool, with_parent: bool = False) -> None:
    """Delete a machine with its disks, and remove its port forwards. It is DESTROYING first, for `pace.delete` seconds.

    Args:
        forever: Whether it is destroyed; otherwise it goes into the recycle bin. Some releases, and machines with
            physical disks in most releases, destroy always.
        with_parent: Whether it is deleted because its cloudspace is, and restored together with it.
    """
    physical = any(disk.type == "P" for disk in call.state.disks_of(machine.id))
    forever = (
        forever
        or call.behaves("machine-delete-destroys")
        or (physical and not call.behaves("machine-delete-keeps-physical-disks"))
    )
    ended = replace(machine, status=_ending(call, forever), updated=int(call.now), taken_along=with_parent)
    call.state.machines.put(ended)
    for disk in call.state.disks_of(machine.id):
        call.state.disks.put(replace(disk, status=steady("DESTROYED" if forever else BIN)))
    for rule in call.state.rules_of(machine.cloudspace_id):
        if rule.machine_id == machine.id:
            call.state.rules.drop(rule.id)


def restore_machine(call: ActorCall, machine: Machine) -> None:
    """Take a machine and its disks out of the recycle bin: the machine becomes HALTED, the disks CREATED.

    The present status is not checked. Port forwards are not restored.
    """
    call.state.machines.put(replace(machine, status=steady("HALTED"), updated=int(call.now), taken_along=False))
    for disk in call.state.disks_of(machine.id):
        call.state.disks.put(replace(disk, status=steady("CREATED")))


def delete_cloudspace(call: ActorCall, space: Cloudspace, *, forever: bool, with_parent: bool = False) -> None:
    """Delete a cloudspace with its machines. It is DESTROYING first, for `pace.delete` seconds.

    Args:
        forever: Whether both are destroyed, also machines that are in the recycle bin; otherwise they go into the
            recycle bin.
        with_parent: Whether it is deleted because its account is.
    """
    for machine in call.state.machines_of(space.id):
        status = machine.status.at(call.now)
        if status not in GONE or (forever and status == BIN):
            delete_machine(call, machine, forever=forever, with_parent=True)
    ended = replace(space, status=_ending(call, forever), updated=int(call.now), taken_along=with_parent)
    call.state.cloudspaces.put(ended)


def restore_cloudspace(call: ActorCall, space: Cloudspace, *, address: str) -> None:
    """Take a cloudspace, and the machines that were deleted with it, out of the recycle bin.

    Its firewall is deployed again, with the public address `address`. The present status is not checked.
    """
    for machine in call.state.machines_of(space.id):
        if machine.taken_along and machine.status.at(call.now) == BIN:
            restore_machine(call, machine)
    status = changing(call.now, "DEPLOYING", (call.pace.deploy, "DEPLOYED"))
    back = replace(space, status=status, updated=int(call.now), taken_along=False, public_ip=address)
    call.state.cloudspaces.put(replace(back, firewall="STARTED"))


def delete_account(call: ActorCall, account: Account, *, forever: bool) -> None:
    """Delete an account with its cloudspaces and images, and in most releases its unattached disks.

    `forever` means that they are destroyed, also what is in the recycle bin; otherwise they go into the recycle bin.
    """
    last = "DESTROYED" if forever else BIN
    for space in call.state.cloudspaces:
        status = space.status.at(call.now)
        if space.account_id == account.id and (status not in GONE or (forever and status == BIN)):
            delete_cloudspace(call, space, forever=forever, with_parent=True)
    for image in call.state.images:
        if image.account_id == account.id and image.status.at(call.now) not in GONE:
            call.state.images.put(replace(image, status=steady(last)))
    for disk in () if call.behaves("account-delete-keeps-disks") else call.state.disks:
        if disk.account_id == account.id and disk.machine_id is None and disk.status.at(call.now) != "DESTROYED":
            delete_disk(call, disk, forever=forever)
    call.state.accounts.put(replace(account, status=_ending(call, forever), updated=int(call.now)))


def delete_disk(call: ActorCall, disk: Disk, *, forever: bool) -> None:
    """Detach a disk from its machine, and put it into the recycle bin (TOBEDELETED).

    With `forever`, and always in some releases, it is destroyed instead. The record stays, without a machine.
    """
    loose = disk.machine_id is None
    kept = not forever and not call.behaves("disk-delete-destroys" if loose else "disk-detach-delete-destroys")
    deleted = 0 if call.behaves("disk-deletion-time-zero") else int(call.now)
    status = steady("TOBEDELETED" if kept else "DESTROYED")
    call.state.disks.put(replace(disk, machine_id=None, status=status, deleted=deleted if kept else 0))


def _ending(call: ActorCall, forever: bool) -> Timeline:
    return changing(call.now, "DESTROYING", (call.pace.delete, "DESTROYED" if forever else BIN))
