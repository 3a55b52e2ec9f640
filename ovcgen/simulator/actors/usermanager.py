"""Implement system/usermanager: users and groups of the portal, and the caller's identity."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors.broker.user import check_groups, delete_user, new_user
from ovcgen.simulator.actors.users import start_session
from ovcgen.simulator.http_errors import HttpBadRequest, HttpConflict, HttpNotFound
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import User, UserGroup

Json = Any


def _authenticate(call: ActorCall) -> Json:
    return start_session(call, call.arguments["name"], call.arguments["secret"])


def _whoami(call: ActorCall) -> Json:
    if call.behaves("whoami-name"):
        return call.caller.name
    return {"name": call.caller.name, "admin": call.caller.admin}


def _exists(call: ActorCall) -> Json:
    return call.arguments["name"] in call.state.users


def _user(call: ActorCall, parameter: str) -> User:
    user = call.state.users.get(call.arguments[parameter])
    if user is None:
        raise HttpNotFound(f"User {call.arguments[parameter]} does not exist")
    return user


def _get(call: ActorCall) -> Json:
    """Return the stored user, including the hash of his password."""
    user = _user(call, "name")
    gid = next(iter(call.state.locations)).gid
    return {
        "id": user.name,
        "guid": f"{gid}_{user.name}",
        "gid": gid,
        "domain": user.domain,
        "passwd": hashlib.md5(user.password.encode(), usedforsecurity=False).hexdigest(),
        "roles": [],
        "active": True,
        "description": "",
        "emails": list(user.emails),
        "xmpp": [],
        "mobile": [],
        "lastcheck": 0,
        "groups": list(user.groups),
        "authkey": user.authkey,
        "authkeys": [],
        "data": dict(user.data),
        "protected": user.protected,
    }


def _create(call: ActorCall) -> Json:
    """Create a user and return his name. With a provider, it is `name@provider`, and the email may be used twice."""
    given, provider = call.arguments, call.arguments.get("provider")
    name = f"{given['username']}@{provider}" if provider else given["username"]
    groups, emails = tuple(given.get("groups") or ()), tuple(given.get("emails") or ())
    user = User(name, given.get("password") or "", groups, emails, domain=given.get("domain") or "")
    return new_user(call, user, own_email=not provider).name


def _edit(call: ActorCall) -> Json:
    """Change a user. His groups are replaced; missing groups mean none."""
    user, given = _user(call, "username"), call.arguments
    groups, emails = tuple(given.get("groups") or ()), tuple(given["emails"])
    check_groups(call, groups)
    others = [other for other in call.state.users.values() if other.name != user.name]
    if any(email in other.emails for other in others for email in emails):
        raise HttpConflict("Another user has one of these email addresses")
    password, domain = given.get("password") or user.password, given.get("domain") or user.domain
    call.state.users[user.name] = replace(user, groups=groups, emails=emails, password=password, domain=domain)
    return True


def _delete(call: ActorCall) -> Json:
    user = _user(call, "username")
    if user.protected:
        raise HttpBadRequest(f"User {user.name} is protected and can't be deleted here")
    delete_user(call, user.name)
    return True


def _create_group(call: ActorCall) -> Json:
    name = call.arguments["name"]
    if name in call.state.groups:
        raise HttpConflict(f"Group {name} already exists")
    call.state.groups[name] = UserGroup(name, call.arguments["domain"], call.arguments["description"])
    return True


def _group(call: ActorCall, parameter: str) -> UserGroup:
    group = call.state.groups.get(call.arguments[parameter])
    if group is None:
        raise HttpNotFound(f"Group {call.arguments[parameter]} does not exist")
    return group


def _edit_group(call: ActorCall) -> Json:
    """Change a group and replace its users, given as a list or as text separated by commas."""
    group, users = _group(call, "name"), call.arguments.get("users") or []
    wanted = users if isinstance(users, list) else [name.strip() for name in str(users).split(",")]
    for user in list(call.state.users.values()):
        groups = tuple(name for name in user.groups if name != group.name)
        groups += (group.name,) if user.name in wanted else ()
        if groups != user.groups:
            call.state.users[user.name] = replace(user, groups=groups)
    call.state.groups[group.name] = replace(
        group, domain=call.arguments["domain"], description=call.arguments["description"]
    )
    return True


def _delete_group(call: ActorCall) -> None:
    group = _group(call, "id")
    del call.state.groups[group.name]
    for user in list(call.state.users.values()):
        if group.name in user.groups:
            left = tuple(name for name in user.groups if name != group.name)
            call.state.users[user.name] = replace(user, groups=left)


def _groups_of(call: ActorCall) -> Json:
    return list(_user(call, "user").groups)


TABLE: dict[str, Behaviour] = {
    "/system/usermanager/authenticate": _authenticate,
    "/system/usermanager/whoami": _whoami,
    "/system/usermanager/userexists": _exists,
    "/system/usermanager/userget": _get,
    "/system/usermanager/usergroupsget": _groups_of,
    "/system/usermanager/create": _create,
    "/system/usermanager/editUser": _edit,
    "/system/usermanager/delete": _delete,
    "/system/usermanager/createGroup": _create_group,
    "/system/usermanager/editGroup": _edit_group,
    "/system/usermanager/deleteGroup": _delete_group,
}
