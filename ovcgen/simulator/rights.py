"""Check rights: the object exists, the caller has the right, and the status of the object allows the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ovcgen.simulator.http_errors import Denied, HttpNotFound, NotLoggedIn, UnknownObject
from ovcgen.simulator.operation_call import ActorCall
from ovcgen.simulator.state import PortalState
from ovcgen.simulator.state_records import Account, Ace, Cloudspace, Machine

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
OF_NODE_LEVELS = frozenset({"level2", "level3"})
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
SAME_NAMES = {  # cloudbroker actor -> the names of its operations that call the same operation of cloudapi
    "machine": "start stop pause resume reboot snapshot rollbackSnapshot deleteSnapshot clone listSnapshots getHistory "
    "resize create addDisk createTemplate convertToTemplate addUser deleteUser attachExternalNetwork "
    "detachExternalNetwork",
    "cloudspace": "create update addUser deleteUser",
    "account": "update addUser deleteUser",
}
INNER_CALLS = {  # operation of cloudbroker -> the operation of cloudapi that it calls
    "/cloudbroker/machine/destroy": "/cloudapi/machines/delete",
    "/cloudbroker/machine/updateMachine": "/cloudapi/machines/update",
    "/cloudbroker/qos/limitIO": "/cloudapi/disks/limitIO",
    "/cloudbroker/qos/resize": "/cloudapi/disks/resize",
    **{
        f"/cloudbroker/{actor}/{name}": f"/cloudapi/{actor}s/{name}"
        for actor, names in SAME_NAMES.items()
        for name in names.split()
    },
}
FREE_FOR_USERS = ("broker-unchecked", "nodes-unchecked", "broker-authorization-key")


@dataclass(frozen=True, slots=True)
class Subject:
    """A record of the objects on which a caller needs rights; None for those that the call does not concern.

    With a machine, its cloudspace is set, too; with a cloudspace, its account.
    """

    account: Account | None = None
    cloudspace: Cloudspace | None = None
    machine: Machine | None = None


def authorise(call: ActorCall) -> None:
    """Check that the caller may make this call. An operation that is open to guests is always allowed.

    The groups of the caller are checked first, so a caller outside them can't find out which objects exist.
    Administrators need the groups, but no rights on objects, and the status of an object does not hinder them.

    Raises:
        Denied: the caller lacks a group or right, or the status of the object allows reading only.
        NotLoggedIn: the operation itself calls cloudapi, where the login with a key is not known.
        UnknownObject: an id in the arguments is unknown.
        HttpNotFound: the account is DESTROYED, or the cloudspace is deleted and the call reads or restores.
    """
    path, caller = call.operation.path, call.caller
    if call.operation.guest:
        return
    if not _in_groups(call):
        raise _denied(caller.name)
    inner = INNER_CALLS.get(path) if call.behaves("broker-calls-as-caller") else None
    if inner and caller.by_key:
        raise NotLoggedIn("You need to log in to use this.", bare=True)
    try:
        subject = _subject(call, inner)
    except UnknownObject:
        if inner:
            return  # the operation itself refuses it
        raise
    need = NEEDED_BY.get(inner or path, "")
    if caller.admin or not need:
        return
    levels = [level.split(":") for level in need.split()]
    _check_status(call, subject, reads=all(right == "R" for _, right in levels))
    if not any(right in rights(subject, caller.name, level) for level, right in levels):
        raise _denied(caller.name)


def _in_groups(call: ActorCall) -> bool:
    """Return whether the caller is in the groups that the path requires.

    Paths of `/cloudbroker/` require the group of administrators, or in old releases a group of one of the levels. For
    other paths, administrators need the group like any other user.
    """
    path = call.operation.path
    groups = next((groups for start, groups in GROUPS.items() if path.startswith(start)), None)
    if path.startswith("/cloudbroker/") and not path.startswith(NO_GROUP):
        groups = _broker_groups(call)
    user = call.state.users.get(call.caller.name)
    return groups is None or (user is not None and not groups.isdisjoint(user.groups))


def _broker_groups(call: ActorCall) -> frozenset[str] | None:
    """Return the groups that an operation of cloudbroker requires, or None if any user may call the operation."""
    if any(call.behaves_here(name) for name in FREE_FOR_USERS):
        return None
    if call.behaves_here("nodes-need-level2"):
        return OF_NODE_LEVELS
    return OF_LEVELS if call.behaves("broker-needs-level") else OF_ADMINS


def is_checked(call: ActorCall) -> bool:
    """Return whether the operation of the call needs a group or a right. Whether the caller has it does not matter."""
    path = call.operation.path
    return path in NEEDED_BY or path.startswith(("/cloudbroker/", *GROUPS))


def rights(subject: Subject, user: str, level: str = "machine") -> frozenset[str]:
    """Return the right letters that a user has on an object, including those inherited from its cloudspace and account.

    `level` says which object of `subject`: `account`, `cloudspace` or `machine`. The result is empty if `subject` does
    not have that object. Upper and lower case of the user name count.
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
    """Return the object with a given id, and the objects above it: the cloudspace and the account.

    Of several ids, the machine's counts first, then the cloudspace's. Without any id, the Subject is empty.

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
    """Return the first entry of the user in an access list; None if there is none."""
    return next((ace for ace in acl if ace.user == user), None)


def _subject(call: ActorCall, inner: str | None) -> Subject:
    """Return the first object that the arguments name, on which the caller needs rights. All named objects must exist.

    In old releases, the subject of a cloudbroker operation is empty, unless the operation calls the cloudapi operation
    `inner`.
    """
    state, found = call.state, []
    if call.operation.path.startswith("/cloudbroker/") and call.behaves("broker-looks-at-no-object") and not inner:
        return Subject()
    ids = _ids(call)
    if "machineId" in ids:
        found.append(subject_of(state, machine_id=ids["machineId"]))
    if "diskId" in ids:
        disk = state.disks.find(ids["diskId"])
        account_id = disk.account_id or (0 if call.behaves("disk-without-account-missing") else None)
        found.append(subject_of(state, machine_id=disk.machine_id, account_id=account_id))
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
        missing = status == "DESTROYED" and call.behaves("status-check-without-bin")
        if missing or (status in GONE and (reads or call.operation.path.endswith("/restore"))):
            raise HttpNotFound(f"Cloudspace {cloudspace.id} does not exist")
        if not reads:
            raise Denied(f"Only reading is allowed: cloudspace {cloudspace.id} is {status}")


def _denied(user: str) -> Denied:
    return Denied(f'User: "{user}" isn\'t allowed to execute this action.\nNo rights on the object.')
