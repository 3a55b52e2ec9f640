"""Implement cloudapi/users: log in, and read or change one's own user data."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any

from ovcgen.documents.depth_limit import read_json
from ovcgen.simulator.auth import log_in
from ovcgen.simulator.http_errors import Crash, Denied, HttpBadRequest, HttpNotFound, WrongPassword
from ovcgen.simulator.operation_call import ActorCall, Behaviour, Outcome
from ovcgen.simulator.rights import ace_of
from ovcgen.simulator.state_records import User

Json = Any
MOST = 20


def start_session(call: ActorCall, name: Json, password: Json, *, bare: bool = False) -> Outcome:
    """Log in the user `name`, and return an Outcome with the new session key as its result and as the cookie.

    Raises:
        WrongPassword: the user is unknown, has no password, or the password is wrong. With `bare`, its message is the
            short one of old releases.
    """
    user = call.state.users.get(name) if isinstance(name, str) else None
    if user is None or not user.password or user.password != password:
        raise WrongPassword(bare=bare)
    key = log_in(call.state, user.name, now=call.now)
    return Outcome(key, session=key)


def _authenticate(call: ActorCall) -> Json:
    """Log in. In old releases, the user must be in the access list of a CONFIRMED account."""
    name, bare = call.arguments["username"], call.behaves("login-failure-bare")
    accounts = (account for account in call.state.accounts if account.status.at(call.now) == "CONFIRMED")
    if call.behaves("login-needs-account") and not any(ace_of(account.acl, name) for account in accounts):
        raise WrongPassword(bare=bare)
    return start_session(call, name, call.arguments["password"], bare=bare)


def _get(call: ActorCall) -> Json:
    user = _own(call)
    return {"username": user.name, "emailaddresses": list(user.emails), "data": dict(user.data)}


def _own(call: ActorCall) -> User:
    """Return the caller's own user. Errors are sent without JSON quotes."""
    name = call.arguments.get("username") or call.caller.name
    if name != call.caller.name:
        raise Denied("Access not allowed", bare=True)
    user = call.state.users.get(name)
    if user is None:
        raise HttpNotFound(f"User {name} not found", bare=True)
    return user


def _set_data(call: ActorCall) -> Json:
    """Merge `data` into the stored data of the user."""
    user, data = _own(call), call.arguments["data"]
    if isinstance(data, str) and call.behaves("set-data-text-crashes"):
        raise Crash("dictionary update sequence element has the wrong length")
    try:
        data = read_json(data) if isinstance(data, str) else data
    except ValueError as error:
        raise HttpBadRequest("data is no JSON") from error
    if not isinstance(data, dict):
        raise HttpBadRequest("data is no JSON object")
    call.state.users[user.name] = replace(user, data={**user.data, **data})
    return True


def _matching(call: ActorCall) -> Json:
    limit = call.arguments["limit"]
    if not 0 < limit <= MOST:
        raise HttpBadRequest(f"Limit should be at most {MOST}")
    try:
        pattern = re.compile(str(call.arguments["usernameregex"]))
    except re.error as error:
        raise HttpBadRequest("usernameregex is no regular expression") from error
    names = [name for name in sorted(call.state.users) if pattern.match(name)]
    return [{"username": name, "gravatarurl": _picture(name)} for name in names[:limit]]


def _picture(name: str) -> str:
    return f"http://www.gravatar.com/avatar/{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()}"


TABLE: dict[str, Behaviour] = {
    "/cloudapi/users/authenticate": _authenticate,
    "/cloudapi/users/get": _get,
    "/cloudapi/users/setData": _set_data,
    "/cloudapi/users/getMatchingUsernames": _matching,
}
