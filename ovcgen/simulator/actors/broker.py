"""cloudbroker: what administrators do, mostly what users do under other names and without an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import accounts, cloudspaces, copies, disks, machines
from ovcgen.simulator.call import Behaviour, Call, Outcome
from ovcgen.simulator.pace import changing
from ovcgen.simulator.records import User
from ovcgen.simulator.refusals import Clash, Missing, Wrong

Json = Any
SILENT = ("start", "stop", "pause", "resume", "reboot")


def _as(behaviour: Behaviour, *, answer: bool = True, **renamed: str) -> Behaviour:
    """The same for administrators; `renamed` maps the user's parameter to the administrator's."""

    def run(call: Call) -> Json:
        values = {own: call.arguments.get(name) for own, name in renamed.items()}
        result = behaviour(replace(call, arguments={**call.arguments, **values}))
        if answer:
            return result
        return replace(result, value=None) if isinstance(result, Outcome) else None

    return run


def _create_cloudspace(call: Call) -> Json:
    """Without `access` it is the caller's own."""
    access = call.arguments.get("access") or call.caller.name
    return cloudspaces.TABLE["/cloudapi/cloudspaces/create"](
        replace(call, arguments={**call.arguments, "access": access})
    )


def _destroy_cloudspace(call: Call) -> Json:
    """Always null; the work goes on in the background."""
    space = call.state.cloudspaces.find(call.arguments["cloudspaceId"])
    for machine in call.state.machines_of(space.id):
        if machine.status.at(call.now) not in ("DELETED", "DESTROYED"):
            _end(call, call.state.machines, machine)
    if space.status.at(call.now) != "DESTROYED":
        _end(call, call.state.cloudspaces, space)


def _end(call: Call, table: Any, record: Any) -> None:
    last = "DESTROYED" if call.arguments.get("permanently") else "DELETED"
    table.put(replace(record, status=changing(call.now, "DESTROYING", (call.pace.delete, last))))


def _turn_account(status: str, *expected: str) -> Callable[[Call], Json]:
    def turn(call: Call) -> Json:
        account = call.state.accounts.find(call.arguments["accountId"])
        if account.status.at(call.now) not in expected:
            raise Wrong(f"Account {account.id} is {account.status.at(call.now)}")
        ending = changing(call.now, status)
        call.state.accounts.put(replace(account, status=ending, updated=int(call.now)))
        return True

    return turn


def _delete_account(call: Call) -> Json:
    account = call.state.accounts.find(call.arguments["accountId"])
    if account.status.at(call.now) != "DESTROYED":
        _end(call, call.state.accounts, account)


def _create_machine(call: Call) -> Json:
    """A size of -1 is none."""
    size_id = call.arguments.get("sizeId")
    values = {**call.arguments, "sizeId": None if size_id == -1 else size_id}
    return machines.TABLE["/cloudapi/machines/create"](replace(call, arguments=values))


def _add_disk(call: Call) -> Json:
    """A data disk, of 10 GB where nothing is said; its number is lost."""
    values = {**call.arguments, "type": "D", "size": call.arguments.get("size") or 10}
    disks.TABLE["/cloudapi/machines/addDisk"](replace(call, arguments=values))


def _create_user(call: Call) -> Json:
    name, emails = call.arguments["username"], tuple(call.arguments["emailaddress"])
    taken = {email for user in call.state.users.values() for email in user.emails}
    if name in call.state.users or taken & set(emails):
        raise Clash(f"User {name}, or one with that email address, already exists")
    password, groups = call.arguments.get("password") or "", tuple(call.arguments.get("groups") or ())
    call.state.users[name] = User(name, password, groups, emails)
    return True


def _delete_user(call: Call) -> Json:
    if call.state.users.pop(call.arguments["username"], None) is None:
        raise Missing(f"User {call.arguments['username']} does not exist")
    return True


M, C, A = "/cloudapi/machines", "/cloudapi/cloudspaces", "/cloudapi/accounts"

TABLE: dict[str, Behaviour] = {
    "/cloudbroker/account/update": accounts.TABLE[f"{A}/update"],
    "/cloudbroker/account/disable": _turn_account("DISABLED", "CONFIRMED", "DISABLED", "DELETED"),
    "/cloudbroker/account/enable": _turn_account("CONFIRMED", "DISABLED"),
    "/cloudbroker/account/delete": _delete_account,
    "/cloudbroker/cloudspace/create": _create_cloudspace,
    "/cloudbroker/cloudspace/update": cloudspaces.TABLE[f"{C}/update"],
    "/cloudbroker/cloudspace/destroy": _destroy_cloudspace,
    "/cloudbroker/machine/create": _create_machine,
    "/cloudbroker/machine/createOnStack": _create_machine,
    "/cloudbroker/machine/destroy": machines.TABLE[f"{M}/delete"],
    "/cloudbroker/machine/restore": machines.TABLE[f"{M}/restore"],
    "/cloudbroker/machine/listSnapshots": copies.TABLE[f"{M}/listSnapshots"],
    "/cloudbroker/machine/clone": _as(copies.TABLE[f"{M}/clone"], answer=False, name="cloneName"),
    "/cloudbroker/machine/snapshot": _as(copies.TABLE[f"{M}/snapshot"], answer=False, name="snapshotName"),
    "/cloudbroker/machine/addDisk": _add_disk,
    "/cloudbroker/user/create": _create_user,
    "/cloudbroker/user/delete": _delete_user,
    **{f"/cloudbroker/machine/{name}": _as(machines.TABLE[f"{M}/{name}"], answer=False) for name in SILENT},
    **{
        f"/cloudbroker/{kind}/{name}": _as(table[f"/cloudapi/{kind}s/{name}"], userId="username")
        for kind, table in (("account", accounts.TABLE), ("cloudspace", cloudspaces.TABLE), ("machine", machines.TABLE))
        for name in ("addUser", "deleteUser")
    },
}
