"""Access lists: how they look, and adding, changing and removing users on accounts, cloudspaces and machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ovcgen.simulator.call import Behaviour, Call
from ovcgen.simulator.records import Account, Ace, Cloudspace, Machine
from ovcgen.simulator.refusals import Clash, Missing, Wrong
from ovcgen.simulator.rights import ADMIN, READ, WRITE, Subject, ace_of, rights, subject_of

Json = Any
Holder = Account | Cloudspace | Machine
LEVELS = ("account", "cloudspace", "machine")


def stored(ace: Ace) -> Json:
    """An entry as accounts show it: the right as it was stored."""
    return {
        "userGroupId": ace.user,
        "type": "U",
        "right": ace.right,
        "status": "CONFIRMED",
        "explicit": ace.explicit,
        "guid": "",
    }


def inherited(subject: Subject) -> Json:
    """The entries of cloudspaces and machines, those from above included; rights are sorted."""
    own = subject.machine or subject.cloudspace
    above = [subject.account, subject.cloudspace if subject.machine else None]
    upper = {ace.user for holder in above if holder for ace in holder.acl}
    names = list(dict.fromkeys([*sorted(upper), *(ace.user for ace in (own.acl if own else ()))]))
    return [
        {
            "userGroupId": name,
            "type": "U",
            "right": "".join(sorted(rights(subject, name, "machine" if subject.machine else "cloudspace"))),
            "status": "CONFIRMED",
            "canBeDeleted": name not in upper,
        }
        for name in names
    ]


def behaviours(level: str) -> dict[str, Behaviour]:
    """`addUser`, `updateUser` and `deleteUser` of that level."""
    prefix = f"/cloudapi/{level}s"
    return {
        f"{prefix}/addUser": _bound(_add, level),
        f"{prefix}/updateUser": _bound(_update, level),
        f"{prefix}/deleteUser": _bound(_delete, level),
    }


def _bound(function: Callable[[Call, str], Json], level: str) -> Behaviour:
    return lambda call: function(call, level)


def _add(call: Call, level: str) -> bool:
    user, right = call.arguments["userId"], _right(call)
    subject = _subject(call, level)
    if user not in call.state.users:
        raise Missing(f"User {user} is not registered on the system")
    if ace_of(_holder(subject, level).acl, user):
        raise Wrong(f"User {user} already has access rights to this {level}")
    for name in LEVELS[: LEVELS.index(level) + 1]:
        holder = _holder(subject, name)
        if ace_of(holder.acl, user) is None:
            _put(call, holder, (*holder.acl, Ace(user, right, explicit=name == level)))
    return True


def _update(call: Call, level: str) -> bool:
    user, right = call.arguments["userId"], _right(call)
    subject = _subject(call, level)
    holder = _holder(subject, level)
    ace = ace_of(holder.acl, user)
    if ace is None:
        raise Missing(f"User {user} does not have access rights to this {level}")
    above = rights(subject, user, LEVELS[LEVELS.index(level) - 1]) if level != "account" else frozenset()
    if above and set(right) < above:
        raise Clash(f"User {user} already has a higher inherited access level")
    if above == set(right):
        return False
    changed = tuple(replace(each, right=right, explicit=True) if each is ace else each for each in holder.acl)
    _keep_an_admin(level, holder, changed)
    _put(call, holder, changed)
    return True


def _delete(call: Call, level: str) -> bool:
    user = call.arguments["userId"]
    holder = _holder(_subject(call, level), level)
    ace = ace_of(holder.acl, user)
    if ace is None:
        raise Missing(f"User {user} does not have access rights to this {level}")
    left = tuple(each for each in holder.acl if each is not ace)
    _keep_an_admin(level, holder, left)
    _put(call, holder, left)
    for lower in _below(call, holder) if call.arguments.get("recursivedelete") else ():
        _put(call, lower, tuple(each for each in lower.acl if each.user != user))
    return True


def _below(call: Call, holder: Holder) -> list[Holder]:
    match holder:
        case Account():
            spaces = [space for space in call.state.cloudspaces if space.account_id == holder.id]
            return [*spaces, *(machine for space in spaces for machine in call.state.machines_of(space.id))]
        case Cloudspace():
            return list(call.state.machines_of(holder.id))
        case Machine():
            return []


def _keep_an_admin(level: str, holder: Holder, acl: tuple[Ace, ...]) -> None:
    had = any(set(ace.right) >= ADMIN for ace in holder.acl)
    if level == "account" and had and not any(set(ace.right) >= ADMIN for ace in acl):
        raise Wrong("The last administrator of an account cannot be removed or lowered")


def _subject(call: Call, level: str) -> Subject:
    return subject_of(call.state, **{f"{level}_id": call.arguments[f"{level}Id"]})


def _holder(subject: Subject, level: str) -> Holder:
    holder: Holder = getattr(subject, level)
    return holder


def _put(call: Call, holder: Holder, acl: tuple[Ace, ...]) -> None:
    match holder:
        case Account():
            call.state.accounts.put(replace(holder, acl=acl))
        case Cloudspace():
            call.state.cloudspaces.put(replace(holder, acl=acl))
        case Machine():
            call.state.machines.put(replace(holder, acl=acl))


def _right(call: Call) -> str:
    right = str(call.arguments["accesstype"])
    if frozenset(right) not in (READ, WRITE, ADMIN) or len(set(right)) != len(right):
        raise Wrong(f"Access type {right} is none of R, RCX and ARCXDU")
    return right
