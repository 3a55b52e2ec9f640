"""The way of machines, cloudspaces and accounts into the recycle bin, out of it, and for ever."""

from __future__ import annotations

from dataclasses import replace

from ovcgen.simulator.call import Call
from ovcgen.simulator.pace import Timeline, changing, steady
from ovcgen.simulator.records import Account, Cloudspace, Machine

BIN, GONE = "DELETED", ("DELETED", "DESTROYED")


def end_machine(call: Call, machine: Machine, *, forever: bool, along: bool = False) -> None:
    """With its disks; its port forwards are lost. `along` is one that goes because its cloudspace does."""
    ended = replace(machine, status=_ending(call, forever), updated=int(call.now), taken_along=along)
    call.state.machines.put(ended)
    for disk in call.state.disks_of(machine.id):
        call.state.disks.put(replace(disk, status=steady("DESTROYED" if forever else BIN)))
    for rule in call.state.rules_of(machine.cloudspace_id):
        if rule.machine_id == machine.id:
            call.state.rules.drop(rule.id)


def restore_machine(call: Call, machine: Machine) -> None:
    """Halted, and its disks beside it: they are not attached again."""
    call.state.machines.put(replace(machine, status=steady("HALTED"), updated=int(call.now), taken_along=False))
    for disk in call.state.disks_of(machine.id):
        call.state.disks.put(replace(disk, status=steady("CREATED")))


def end_cloudspace(call: Call, space: Cloudspace, *, forever: bool, along: bool = False) -> None:
    """Its machines first; for ever takes those in the recycle bin too."""
    for machine in call.state.machines_of(space.id):
        status = machine.status.at(call.now)
        if status not in GONE or (forever and status == BIN):
            end_machine(call, machine, forever=forever, along=True)
    ended = replace(space, status=_ending(call, forever), updated=int(call.now), taken_along=along)
    call.state.cloudspaces.put(ended)


def restore_cloudspace(call: Call, space: Cloudspace, *, address: str) -> None:
    """With the machines that were taken along; its firewall is started."""
    for machine in call.state.machines_of(space.id):
        if machine.taken_along and machine.status.at(call.now) == BIN:
            restore_machine(call, machine)
    status = changing(call.now, "DEPLOYING", (call.pace.deploy, "DEPLOYED"))
    back = replace(space, status=status, updated=int(call.now), taken_along=False, public_ip=address)
    call.state.cloudspaces.put(replace(back, firewall="STARTED"))


def end_account(call: Call, account: Account, *, forever: bool) -> None:
    """With its cloudspaces, images and disks."""
    last = "DESTROYED" if forever else BIN
    for space in call.state.cloudspaces:
        status = space.status.at(call.now)
        if space.account_id == account.id and (status not in GONE or (forever and status == BIN)):
            end_cloudspace(call, space, forever=forever, along=True)
    for image in call.state.images:
        if image.account_id == account.id and image.status.at(call.now) not in GONE:
            call.state.images.put(replace(image, status=steady(last)))
    for disk in call.state.disks:
        if disk.account_id == account.id and disk.machine_id is None and disk.status.at(call.now) != "DESTROYED":
            call.state.disks.put(replace(disk, status=steady("DESTROYED" if forever else "TOBEDELETED")))
    call.state.accounts.put(replace(account, status=_ending(call, forever), updated=int(call.now)))


def _ending(call: Call, forever: bool) -> Timeline:
    return changing(call.now, "DESTROYING", (call.pace.delete, "DESTROYED" if forever else BIN))
