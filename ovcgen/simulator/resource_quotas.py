"""Compute the resource limits and the consumption of accounts and cloudspaces in cloud units.

Units: CU_M memory in GB, CU_C virtual CPUs, CU_D disk space in GB, CU_I public addresses, CU_NP network transfer.
A limit of -1 means unlimited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ovcgen.simulator.http_errors import Crash, HttpBadRequest
from ovcgen.simulator.operation_call import ActorCall
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.state_records import UNLIMITED, Account, Cloudspace, Machine

Json = Any
Units = Mapping[str, float]
UNITS = {
    "maxMemoryCapacity": "CU_M",
    "maxVDiskCapacity": "CU_D",
    "maxCPUCapacity": "CU_C",
    "maxNetworkPeerTransfer": "CU_NP",
    "maxNumPublicIP": "CU_I",
}
LEAST = {"CU_D": 10, "CU_I": 1}
GONE = ("DELETED", "DESTROYED")


def limits_of(arguments: Mapping[str, Json], before: Units = UNLIMITED) -> Units:
    """Return new limits by cloud unit: those that the arguments set (`maxMemoryCapacity`, ...), else those of `before`.

    An argument that is missing or None sets nothing; -1 sets no limit.

    Raises:
        HttpBadRequest: a limit other than -1 is not positive, or below its minimum (CU_D 10, CU_I 1).
    """
    given = {unit: arguments[name] for name, unit in UNITS.items() if arguments.get(name) is not None}
    for unit, value in given.items():
        if value != -1 and (value <= 0 or value < LEAST.get(unit, 0)):
            raise HttpBadRequest(f"Limit of {unit} should be -1 for none, or at least {LEAST.get(unit, 1)}")
    return {**before, **given}


def consumption(call: ActorCall, machines: list[Machine], *, spaces: int) -> Units:
    """Return what these machines use, by cloud unit: memory and disk space in GB, virtual CPUs and public addresses.

    Machines that are DELETED or DESTROYED do not count, except that in some releases the memory of machines in the
    recycle bin counts. CU_NP is not in the result.

    Args:
        call: The call, whose state has the machines' disks.
        machines: The machines, in any status.
        spaces: The number of cloudspaces, each of which uses one more public address.

    Raises:
        Crash: a machine has no size, in the release that looks up its consumption by size.
    """
    living = [machine for machine in machines if machine.status.at(call.now) not in GONE]
    if call.behaves("consumption-crashes-without-size") and not all(machine.size_id for machine in living):
        raise Crash("KeyError: 0")
    sizes = [disk.size for machine in living for disk in call.state.disks_of(machine.id)]
    counted = living
    if call.behaves("consumption-memory-of-bin"):
        counted = [machine for machine in machines if machine.status.at(call.now) not in ("DESTROYED", "ERROR")]
    return {
        "CU_M": sum(machine.memory for machine in counted) / 1024.0,
        "CU_C": sum(machine.vcpus for machine in living),
        "CU_D": sum(sizes),
        "CU_I": spaces + sum(len(machine.networks) for machine in living),
    }


def account_consumption(call: ActorCall, account: Account) -> Units:
    """Return what all cloudspaces of an account use, by cloud unit.

    In some releases, CU_D counts all disks of the account, also unattached ones and those in the recycle bin.


    Raises:
        Crash: as for `consumption`.
    """
    spaces = [space for space in call.state.cloudspaces if space.account_id == account.id]
    living = [space for space in spaces if space.status.at(call.now) not in GONE]
    machines = [machine for space in spaces for machine in call.state.machines_of(space.id)]
    used = consumption(call, machines, spaces=len(living))
    if not call.behaves("consumption-disks-of-bin"):
        return used
    disks = [disk for disk in call.state.disks if disk.account_id == account.id]
    return {**used, "CU_D": sum(disk.size for disk in disks if disk.status.at(call.now) != "DESTROYED")}


def check_room(call: ActorCall, space: Cloudspace, more: Units) -> None:
    """Check that the units `more` fit into what a cloudspace and its account have left; a limit of -1 is no limit.

    Raises:
        HttpBadRequest: a limit would be exceeded.
        Crash: as for `consumption`.
    """
    account = call.state.accounts.find(space.account_id)
    holders = [(f"cloudspace {space.name}", space.limits), (f"account {account.name}", account.limits)]
    if all(limits.get(unit, -1) == -1 for _, limits in holders for unit in more):
        return
    used = [
        consumption(call, call.state.machines_of(space.id), spaces=1),
        account_consumption(call, account),
    ]
    for (holder, limits), present in zip(holders, used, strict=True):
        _check(holder, limits, present, more)


def check_address_room(call: ActorCall, account: Account) -> None:
    """Check that an account may use one more public address.

    Raises:
        HttpBadRequest: the limit of the account would be exceeded.
        Crash: as for `consumption`.
    """
    if account.limits.get("CU_I", -1) != -1:
        _check(f"account {account.name}", account.limits, account_consumption(call, account), {"CU_I": 1})


def check_covered(limits: Units, used: Units) -> None:
    """Check that the limits are not below the units in use.

    Raises:
        HttpBadRequest: a limit is too low.
    """
    for unit, limit in limits.items():
        if limit != -1 and limit < used.get(unit, 0):
            raise HttpBadRequest(f"Limit of {unit} is below the {used[unit]:g} in use")


def check_reservation(
    state: PortalState, account: Account, wanted: Units, *, now: float, instead_of: Cloudspace | None = None
) -> None:
    """Check that an account has enough units left for a cloudspace with the limits `wanted`.

    The limits of its other cloudspaces count as used, except of those that are deleted at the time `now`. A limit of
    -1 (unlimited) counts as 0. Pass the cloudspace as `instead_of` when its limits change, so that its present limits
    do not count; None for a new cloudspace.

    Raises:
        HttpBadRequest: the account's limit would be exceeded.
    """
    spaces = [space for space in state.cloudspaces if space.account_id == account.id and space is not instead_of]
    living = [space for space in spaces if space.status.at(now) not in GONE]
    reserved = {unit: sum(max(0.0, space.limits.get(unit, -1)) for space in living) for unit in wanted}
    _check(f"account {account.name}", account.limits, reserved, {unit: max(0.0, n) for unit, n in wanted.items()})


def _check(holder: str, limits: Units, present: Units, more: Units) -> None:
    for unit, amount in more.items():
        limit = limits.get(unit, -1)
        if limit != -1 and present.get(unit, 0) + amount > limit:
            raise HttpBadRequest(f"Not enough {unit} left in {holder}: limit {limit:g}, used {present.get(unit, 0):g}")
