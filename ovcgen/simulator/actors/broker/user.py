"""cloudbroker/user: people who can log in."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import acl
from ovcgen.simulator.actors.broker.account import check_email
from ovcgen.simulator.actors.broker.sharing import for_each
from ovcgen.simulator.call import ActorCall, Behaviour
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpConflict, HttpNotFound
from ovcgen.simulator.records import User

Json = Any


def new_user(call: ActorCall, user: User, *, own_email: bool = True) -> User:
    """Keep a new user who follows the rules; without a password he gets a random one."""
    if user.name in call.state.users:
        raise HttpConflict(f"User {user.name} already exists")
    for email in user.emails:
        check_email(email)
        if own_email and any(email in other.emails for other in call.state.users.values()):
            raise HttpConflict(f"Another user has the email address {email}")
    check_groups(call, user.groups)
    if user.password:
        check_password(user.password)
    call.state.users[user.name] = replace(user, password=user.password or secrets.token_hex(8))
    return user


def check_password(password: Json) -> None:
    """8 to 80 characters without white space, whatever the text says."""
    if not is_password(password):
        raise HttpBadRequest("Password should be 8 to 60 characters long and contain no white space")


def is_password(password: Json) -> bool:
    """Whether a portal takes it for a new password."""
    return isinstance(password, str) and 8 <= len(password) <= 80 and not re.search(r"\s", password)


def check_groups(call: ActorCall, groups: tuple[str, ...]) -> None:
    """Refuse a group that is not there."""
    for group in groups:
        if group not in call.state.groups:
            raise HttpBadRequest(f"Group {group} does not exist")


def remove(call: ActorCall, name: str) -> None:
    """Off all access lists, and his sessions end; the last administrator of an account stays."""
    acl.forget(call, name)
    del call.state.users[name]
    for key in [key for key, session in call.state.sessions.items() if session.user == name]:
        del call.state.sessions[key]


def _create(call: ActorCall) -> Json:
    """Protected: only the cloud broker deletes him. One email address only, in a list."""
    name, emails = call.arguments["username"], tuple(call.arguments["emailaddress"])
    if "@" in name:
        raise HttpBadRequest("A user name with @ belongs to an identity provider")
    if len(emails) != 1:
        raise HttpBadRequest("Give one email address")
    groups = tuple(call.arguments.get("groups") or ())
    new_user(call, User(name, call.arguments.get("password") or "", groups, emails, protected=True))
    return True


def _delete(call: ActorCall) -> Json:
    name = call.arguments["username"]
    if name not in call.state.users:
        raise HttpNotFound(f"User {name} does not exist")
    remove(call, name)
    return True


def _delete_by_guid(call: ActorCall) -> Json:
    """What has an underscore is a guid, `66_name`; else it is a name."""
    guid = str(call.arguments["userguid"])
    name = guid.partition("_")[2] if "_" in guid else guid
    if name not in call.state.users:
        raise Crash("list index out of range") if "_" in guid else HttpNotFound(f"User {guid} does not exist")
    remove(call, name)
    return True


def _delete_one(call: ActorCall, name: Json) -> None:
    name = str(name).partition("_")[2] or str(name)
    if name in call.state.users:
        remove(call, name)


def _delete_many(call: ActorCall) -> None:
    """Null, in the background."""
    given = call.arguments["userIds"]
    names = given if isinstance(given, list) else [name.strip() for name in str(given).strip("[]").split(",")]
    for_each("userIds", _delete_one)(replace(call, arguments={"userIds": [str(name).strip("\"'") for name in names]}))


def _user(call: ActorCall) -> User:
    user = call.state.users.get(call.arguments["username"])
    if user is None:
        raise HttpNotFound(f"User {call.arguments['username']} does not exist")
    return user


def _set_password(call: ActorCall) -> Json:
    user, password = _user(call), call.arguments["password"]
    check_password(password)
    call.state.users[user.name] = replace(user, password=password)
    return True


def _send_link(call: ActorCall) -> Json:
    _user(call)
    return "Mail has been sent"


def _make_key(call: ActorCall) -> Json:
    """A key that lasts until the next one is made."""
    user, key = _user(call), secrets.token_hex(16)
    call.state.users[user.name] = replace(user, authkey=key)
    return key


TABLE: dict[str, Behaviour] = {
    "/cloudbroker/user/create": _create,
    "/cloudbroker/user/delete": _delete,
    "/cloudbroker/user/deleteByGuid": _delete_by_guid,
    "/cloudbroker/user/deleteUsers": _delete_many,
    "/cloudbroker/user/updatePassword": _set_password,
    "/cloudbroker/user/sendResetPasswordLink": _send_link,
    "/cloudbroker/user/generateAuthorizationKey": _make_key,
}
