"""Check rights: the object exists, the caller has the right, and the status of the object allows the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ovcgen.simulator.call import ActorCall
from ovcgen.simulator.http_errors import Denied, HttpNotFound
from ovcgen.simulator.records import Account, Ace, Cloudspace, Machine
from ovcgen.simulator.state import PortalState

Json = Any
READ, WRITE, ADMIN = frozenset("R"), frozenset("RCX"), frozenset("ARCXDU")

NEEDED = {  # level and right -> operations; with two levels, one of them is enough
    "account:A": "accounts/update cloudspaces/disable cloudspaces/enable",
    "account:C": "cloudspaces/create disks/create disks/limitIO disks/resize machines/convertToTemplate "
    "machines/createTemplate",
    "account:D": "accounts/delete",
    "account:R": "accounts/get accounts/getConsumedCloudUnits accounts/getConsumedCloudUnitsByType "
    "accounts/getConsumption accounts/listTemplates disks/get disks/list",
    "account:U": "accounts/addUser accounts/deleteUser accounts/updateUser",
    "cloudspace:A": "cloudspaces/addAllowedSize cloudspaces/executeRouterOSScript cloudspaces/removeAllowedSize "
    "cloudspaces/update",
    "cloudspace:C": "cloudspaces/deploy machines/addDisk machines/clone machines/create machines/importOVF "
    "portforwarding/create portforwarding/update portforwarding/updateByPort",
    "cloudspace:D": "cloudspaces/delete",
    "cloudspace:R": "cloudspaces/get",
    "cloudspace:R machine:R": "portforwarding/list",
    "cloudspace:U": "cloudspaces/addUser cloudspaces/deleteUser cloudspaces/restore cloudspaces/updateUser",
    "cloudspace:X": "cloudspaces/getDefenseShield cloudspaces/getOpenvpnConfig disks/delete disks/deleteDisks "
    "disks/restore machines/attachDisk machines/attachExternalNetwork machines/delete machines/detachDisk "
    "machines/detachExternalNetwork machines/listExternalNetworks machines/resize machines/restore "
    "portforwarding/delete portforwarding/deleteByPort",
    "cloudspace:X machine:U": "machines/addUser machines/deleteUser machines/updateUser",
    "machine:C": "machines/snapshot machines/update",
    "machine:R": "machines/get machines/getConsoleUrl machines/getHistory machines/listSnapshots",
    "machine:X": "machines/deleteSnapshot machines/exportOVF machines/pause machines/reboot machines/reset "
    "machines/resume machines/rollbackSnapshot machines/start machines/stop",
}
NEEDED_BY = {f"/cloudapi/{name}": need for need, names in NEEDED.items() for name in names.split()}
NO_GROUP = ("/cloudbroker/qos/limitCPU", "/cloudbroker/zeroaccess/")
OF_ADMINS, OF_LEVELS = frozenset({"admin"}), frozenset({"level1", "level2", "level3"})
GROUPS = {  # path prefix -> groups; the caller must be in one of them
    "/system/usermanager/create": OF_ADMINS,
    "/system/usermanager/delete": OF_ADMINS,
    "/system/usermanager/edit": OF_ADMINS,
    "/system/usermanager/userget": OF_ADMINS,
    "/system/agentcontroller/": OF_ADMINS,
    "/system/logo/set": OF_ADMINS,
    "/system/logo/delete": OF_ADMINS,
    "/system/contentmanager/sendEvent": OF_ADMINS,
    "/system/audits/": frozenset({"level1"}),
    "/system/errorconditionhandler/purge": OF_LEVELS,
    "/system/job/purge": OF_LEVELS,
    "/system/log/purge": OF_LEVELS,
}
USABLE = ("VIRTUAL", "DEPLOYING", "DEPLOYED")
GONE = ("DELETED", "DESTROYED")
FINDS_ITSELF = ("/cloudbroker/account/", "/cloudbroker/cloudspace/destroy", "/cloudbroker/image/delete")


@dataclass(frozen=True, slots=True)
class Subject:
    """The objects that a call concerns. A machine includes its cloudspace, and a cloudspace its account."""

    account: Account | None = None
    cloudspace: Cloudspace | None = None
    machine: Machine | None = None


def authorise(call: ActorCall) -> None:
    """Check that the caller may make this call. Calls that guests may make are always allowed.

    The groups of the caller are checked first, so a caller outside them can't find out which objects exist.

    Raises:
        Denied: the caller lacks a group or right, or the status of the object allows reading only.
        UnknownObject: an id in the arguments is unknown.
        HttpNotFound: the account or cloudspace is deleted.
    """
    path, caller = call.operation.path, call.caller
    if call.operation.guest:
        return
    if not _in_groups(call):
        raise _denied(caller.name)
    subject = _subject(call)
    need = NEEDED_BY.get(path, "")
    if caller.admin or not need:
        return
    levels = [level.split(":") for level in need.split()]
    _check_status(call, subject, reads=all(right == "R" for _, right in levels))
    if not any(right in rights(subject, caller.name, level) for level, right in levels):
        raise _denied(caller.name)


def _in_groups(call: ActorCall) -> bool:
    """Return whether the caller is in the groups that the path requires.

    Paths of `/cloudbroker/` require an administrator. Other paths have no exception for administrators.
    """
    path = call.operation.path
    if path.startswith("/cloudbroker/") and not path.startswith(NO_GROUP):
        return call.caller.admin
    groups = next((groups for start, groups in GROUPS.items() if path.startswith(start)), None)
    user = call.state.users.get(call.caller.name)
    return groups is None or (user is not None and not groups.isdisjoint(user.groups))


def rights(subject: Subject, user: str, level: str = "machine") -> frozenset[str]:
    """Return the right letters that a user has at `level`, including those inherited from the account and cloudspace.

    Empty if `subject` has no object at that level.
    """
    if getattr(subject, level) is None:
        return frozenset()
    flow = {"account": ("account",), "cloudspace": ("account", "cloudspace")}
    names = flow.get(level, ("account", "cloudspace", "machine"))
    holders = [getattr(subject, name) for name in names]
    return frozenset("".join(ace.right for holder in holders if holder for ace in holder.acl if ace.user == user))


def subject_of(
    state: PortalState, *, machine_id: Json = None, cloudspace_id: Json = None, account_id: Json = None
) -> Subject:
    """Return the lowest object that is named, with the objects above it. Without any id, an empty subject.

    Raises:
        UnknownObject: the id is unknown.
    """
    machine = state.machines.find(machine_id) if machine_id is not None else None
    cloudspace_id = machine.cloudspace_id if machine else cloudspace_id
    cloudspace = state.cloudspaces.find(cloudspace_id) if cloudspace_id is not None else None
    account_id = cloudspace.account_id if cloudspace else account_id
    account = state.accounts.find(account_id) if account_id is not None else None
    return Subject(account, cloudspace, machine)


def ace_of(acl: tuple[Ace, ...], user: str) -> Ace | None:
    """Return the user's entry of an access list, or None."""
    return next((ace for ace in acl if ace.user == user), None)


def _subject(call: ActorCall) -> Subject:
    """Return the subject that decides: the first of the objects that the arguments name. All of them must exist."""
    state, found = call.state, []
    if call.operation.path.startswith(FINDS_ITSELF) and not call.does("broker finds objects first"):
        return Subject()
    ids = _ids(call)
    if "machineId" in ids:
        found.append(subject_of(state, machine_id=ids["machineId"]))
    if "diskId" in ids:
        disk = state.disks.find(ids["diskId"])
        found.append(subject_of(state, machine_id=disk.machine_id, account_id=disk.account_id))
    if "cloudspaceId" in ids:
        found.append(subject_of(state, cloudspace_id=ids["cloudspaceId"]))
    if "accountId" in ids:
        found.append(subject_of(state, account_id=ids["accountId"]))
    return found[0] if found else Subject()


def _ids(call: ActorCall) -> Mapping[str, Json]:
    names = {parameter.name for parameter in call.operation.parameters}
    nothing = (None, 0) if call.operation.path.startswith("/cloudbroker/") else (None,)
    return {name: value for name, value in call.arguments.items() if name in names and value not in nothing}


def _check_status(call: ActorCall, subject: Subject, *, reads: bool) -> None:
    account, cloudspace = subject.account, subject.cloudspace
    if account and (status := account.status.at(call.now)) != "CONFIRMED":
        if status == "DESTROYED":
            raise HttpNotFound(f"Account {account.id} does not exist")
        if not reads:
            raise Denied(f"Only reading is allowed: account {account.id} is {status}")
    if cloudspace and (status := cloudspace.status.at(call.now)) not in USABLE:
        missing = status == "DESTROYED" and call.does("destroyed spaces are missing")
        if missing or (status in GONE and (reads or call.operation.path.endswith("/restore"))):
            raise HttpNotFound(f"Cloudspace {cloudspace.id} does not exist")
        if not reads:
            raise Denied(f"Only reading is allowed: cloudspace {cloudspace.id} is {status}")


def _denied(user: str) -> Denied:
    return Denied(f'User: "{user}" isn\'t allowed to execute this action.\nNo rights on the object.')
