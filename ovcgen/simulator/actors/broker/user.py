"""Implement cloudbroker/user: create and delete users, and set passwords and keys."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors import acl
from ovcgen.simulator.actors.broker.account import check_email
from ovcgen.simulator.actors.broker.cloudapi_adapters import for_each
from ovcgen.simulator.http_errors import Crash, HttpBadRequest, HttpConflict, HttpNotFound, WrongPassword
from ovcgen.simulator.operation_call import ActorCall, Behaviour
from ovcgen.simulator.state_records import User

Json = Any


def new_user(call: ActorCall, user: User, *, own_email: bool = True) -> User:
    """Check a new user, store it in the portal's state and return `user` as it was given.

    A user without a password is stored with a random one. `own_email` means that no other user may have the same email
    address.

    Raises:
        HttpConflict: the name or an email address is taken.
        HttpBadRequest: an email address, a group or the password is invalid.
    """
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
    """Check that a password has 8 to 80 characters and no white space. (The error message says 60.)

    Raises:
        HttpBadRequest: the password is invalid.
    """
    if not is_password(password):
        raise HttpBadRequest("Password should be 8 to 60 characters long and contain no white space")


def is_password(password: Json) -> bool:
    """Return whether a value is acceptable as a new password: a text of 8 to 80 characters without white space."""
    return isinstance(password, str) and 8 <= len(password) <= 80 and not re.search(r"\s", password)


def check_groups(call: ActorCall, groups: tuple[str, ...]) -> None:
    """Check that the portal has user groups with all these names.

    Raises:
        HttpBadRequest: a group does not exist.
    """
    for group in groups:
        if group not in call.state.groups:
            raise HttpBadRequest(f"Group {group} does not exist")


def delete_user(call: ActorCall, name: str) -> None:
    """Delete the user `name`, the user's entries in access lists, and in most releases the user's sessions.

    Raises:
        HttpBadRequest: the user is the last administrator of an account.
        KeyError: there is no such user; callers check that first.
    """
    acl.remove_from_access_lists(call, name)
    del call.state.users[name]
    if call.behaves("user-delete-keeps-sessions"):
        return
    for key in [key for key, session in call.state.sessions.items() if session.user == name]:
        del call.state.sessions[key]


def _create(call: ActorCall) -> Json:
    """Create a user whom only the cloud broker can delete. `emailaddress` must be a list of one address."""
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
    if "_" in name and call.behaves("user-delete-underscore-crashes"):
        raise Crash("too many values to unpack")
    if name not in call.state.users:
        raise HttpNotFound(f"User {name} does not exist")
    delete_user(call, name)
    return True


def _delete_by_guid(call: ActorCall) -> Json:
    """Delete a user by guid (`66_name`). A text without an underscore is taken as a name."""
    guid = str(call.arguments["userguid"])
    name = guid.partition("_")[2] if "_" in guid else guid
    if name not in call.state.users:
        raise Crash("list index out of range") if "_" in guid else HttpNotFound(f"User {guid} does not exist")
    delete_user(call, name)
    return True


def _delete_one(call: ActorCall, name: Json) -> None:
    name = str(name).partition("_")[2] or str(name)
    if name in call.state.users:
        delete_user(call, name)


def _delete_many(call: ActorCall) -> None:
    """Delete users by name or guid and return null. Unknown users are ignored."""
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
    """Create and return a static session key for a user. The key is valid until the next one is created.

    Raises:
        WrongPassword: in the releases whose call always fails, because it logs in with a hash instead of the password.
    """
    if call.behaves("broker-authorization-key"):
        raise WrongPassword
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
