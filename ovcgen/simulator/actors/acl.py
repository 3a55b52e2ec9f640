"""Implement access lists: show them, and add, change and remove users of accounts, cloudspaces and machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ovcgen.simulator.http_errors import HttpBadRequest, HttpConflict, HttpNotFound
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.rights import ADMIN, READ, WRITE, Subject, ace_of, rights, subject_of
from ovcgen.simulator.state_records import Account, Ace, Cloudspace, Machine

Json = Any
Holder = Account | Cloudspace | Machine
ENDED = ("DESTROYING", "DELETED", "DESTROYED")
LEVELS = ("account", "cloudspace", "machine")


def entry_as_stored(call: ActorCall, ace: Ace) -> Json:
    """Return an entry of an access list as the JSON object that accounts show, with the right letters as stored."""
    return {
        "userGroupId": ace.user,
        "type": "U",
        "right": ace.right,
        "status": "CONFIRMED",
        **({} if call.behaves("acl-without-explicit") else {"explicit": ace.explicit}),
        "guid": "",
    }


def entries_with_inherited(subject: Subject) -> Json:
    """Return the access list of a cloudspace or machine as JSON objects, with entries inherited from above.

    Each entry has all right letters of the user, sorted. Users with rights above come first, sorted by name; their
    entries can't be deleted (`canBeDeleted`). The list is that of the machine if `subject` has one, else of the
    cloudspace.
    """
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


def user_behaviours(level: str) -> dict[str, Behaviour]:
    """Return the functions of `addUser`, `updateUser` and `deleteUser` by path, such as `/cloudapi/accounts/addUser`.

    `level` is the type of object: `account`, `cloudspace` or `machine`.
    """
    prefix = f"/cloudapi/{level}s"
    return {
        f"{prefix}/addUser": _bound(_add, level),
        f"{prefix}/updateUser": _bound(_update, level),
        f"{prefix}/deleteUser": _bound(_delete, level),
    }


def _bound(function: Callable[[ActorCall, str], Json], level: str) -> Behaviour:
    return lambda call: function(call, level)


def _add(call: ActorCall, level: str) -> bool:
    """Add a user to the access list of an object, and of the objects that contain it if the user is not in theirs.

    All new entries have the same right. No catalog declares the parameter `explicit`. In some releases, only the list
    of the object itself changes.
    """
    right, subject = _right(call), _subject(call, level)
    user = _registered(call)
    if ace_of(_holder(subject, level).acl, user):
        raise HttpBadRequest(f"User {user} already has access rights to this {level}")
    own = call.behaves("acl-without-explicit") or str(call.arguments.get("explicit")).lower() not in ("false", "0")
    levels = (level,) if call.behaves("acl-not-upwards") else LEVELS[: LEVELS.index(level) + 1]
    for name in levels:
        holder = _holder(subject, name)
        if ace_of(holder.acl, user) is None:
            explicit = name == level and own
            _put(call, holder, (*holder.acl, Ace(user, right, explicit=explicit)))
    return True


def _registered(call: ActorCall) -> str:
    """Return the name of the user that is given by name or email address."""
    user = call.state.user_named(call.arguments["userId"])
    if user is None:
        raise HttpNotFound(f"User {call.arguments['userId']} is not registered on the system")
    return user.name


def _update(call: ActorCall, level: str) -> bool:
    user, right = _meant(call), _right(call)
    subject = _subject(call, level)
    holder = _holder(subject, level)
    ace = ace_of(holder.acl, user)
    above = rights(subject, user, LEVELS[LEVELS.index(level) - 1]) if level != "account" else frozenset()
    if ace is None and not (above and call.behaves("acl-update-adds")):
        raise HttpNotFound(f"User {user} does not have access rights to this {level}")
    if above and set(right) < above:
        raise HttpConflict(f"User {user} already has a higher inherited access level")
    if above == set(right):
        if level == "machine" and call.behaves("acl-update-removes-equal"):
            _put(call, holder, without_user(holder.acl, user))
        return False
    changed = _changed(call, level, holder.acl, Ace(user, right))
    _keep_an_admin(level, holder, changed)
    _put(call, holder, changed)
    return True


def _changed(call: ActorCall, level: str, acl: tuple[Ace, ...], ace: Ace) -> tuple[Ace, ...]:
    """Return an access list in which `ace` replaces the entry of the same user.

    For accounts, and in old releases, the new entry has the position of the old one; otherwise it is the last one.
    """
    in_place = level == "account" or call.behaves("acl-update-in-place")
    if in_place and ace_of(acl, ace.user):
        return tuple(ace if other.user == ace.user else other for other in acl)
    return (*without_user(acl, ace.user), ace)


def _meant(call: ActorCall) -> str:
    user = call.state.user_named(call.arguments["userId"])
    return user.name if user else str(call.arguments["userId"])


def _delete(call: ActorCall, level: str) -> bool:
    user, subject = _meant(call), _subject(call, level)
    holder = _holder(subject, level)
    ace = ace_of(holder.acl, user)
    if ace is None:
        raise HttpNotFound(f"User {user} does not have access rights to this {level}")
    _keep_an_admin(level, holder, without_user(holder.acl, user))
    _put(call, holder, without_user(holder.acl, user))
    for lower in _below(call, holder) if call.arguments.get("recursivedelete") else ():
        _put(call, lower, without_user(lower.acl, user))
    for name in () if call.behaves("acl-not-upwards") else reversed(LEVELS[: LEVELS.index(level)]):
        _clean_up(call, _holder(subject, name), user)
    return True


def _clean_up(call: ActorCall, upper: Holder, user: str) -> None:
    """Remove the user's implicit entry from an object if no object below it has an entry of the user."""
    ace = ace_of(upper.acl, user)
    if ace and not ace.explicit and not any(ace_of(lower.acl, user) for lower in _below(call, upper)):
        _put(call, upper, without_user(upper.acl, user))


def without_user(acl: tuple[Ace, ...], user: str) -> tuple[Ace, ...]:
    """Return a new access list without the entries of that user. Upper and lower case of the name count."""
    return tuple(ace for ace in acl if ace.user != user)


def remove_from_access_lists(call: ActorCall, user: str) -> None:
    """Remove a user from all access lists.

    Deleted objects are included. If it raises, no list has been changed.

    Raises:
        HttpBadRequest: the user is the last administrator of an account that is not deleted.
    """
    for account in list(call.state.accounts):
        if ace_of(account.acl, user) and account.status.at(call.now) not in ENDED:
            _keep_an_admin("account", account, without_user(account.acl, user))
    holders: list[Holder] = [*call.state.accounts, *call.state.cloudspaces, *call.state.machines]
    for holder in holders:
        if ace_of(holder.acl, user):
            _put(call, holder, without_user(holder.acl, user))


def _below(call: ActorCall, holder: Holder) -> list[Holder]:
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
        raise HttpBadRequest("The last administrator of an account cannot be removed or lowered")


def _subject(call: ActorCall, level: str) -> Subject:
    return subject_of(call.state, **{f"{level}_id": call.arguments[f"{level}Id"]})


def _holder(subject: Subject, level: str) -> Holder:
    holder: Holder = getattr(subject, level)
    return holder


def _put(call: ActorCall, holder: Holder, acl: tuple[Ace, ...]) -> None:
    match holder:
        case Account():
            call.state.accounts.put(replace(holder, acl=acl))
        case Cloudspace():
            call.state.cloudspaces.put(replace(holder, acl=acl))
        case Machine():
            call.state.machines.put(replace(holder, acl=acl))


def _right(call: ActorCall) -> str:
    right = str(call.arguments["accesstype"])
    if frozenset(right) not in (READ, WRITE, ADMIN) or len(set(right)) != len(right):
        raise HttpBadRequest(f"Access type {right} is none of R, RCX and ARCXDU")
    return right
