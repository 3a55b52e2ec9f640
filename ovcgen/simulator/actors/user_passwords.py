"""Implement the password operations of cloudapi/users in older releases.

No mail is sent, so every token from a mail is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ovcgen.simulator.actors.broker.user import is_password
from ovcgen.simulator.http_errors import Expired, HttpBadRequest, HttpNotFound
from ovcgen.simulator.operation_call import ActorCall, Behaviour

Json = Any
BAD_PASSWORD = "A new password has 8 to 60 characters and no white space"  # noqa: S105 - a sentence


def _update(call: ActorCall) -> Json:
    """Change the caller's password. A refusal also has status 200; its code is in the body."""
    user = call.state.users.get(call.caller.name)
    if user is None:
        raise HttpNotFound("User not found", bare=True)
    if user.password != call.arguments["oldPassword"]:
        return [400, "Your current password doesn't match."]
    if not is_password(call.arguments["newPassword"]):
        return [400, BAD_PASSWORD]
    call.state.users[user.name] = replace(user, password=call.arguments["newPassword"])
    return [200, "Your password has been changed."]


def _send_link(call: ActorCall) -> Json:
    address = call.arguments["emailaddress"]
    if not any(address in user.emails for user in call.state.users.values()):
        raise HttpNotFound("No user has this email address", bare=True)
    return "Reset password email sent"


def _expired(_call: ActorCall) -> Json:
    raise Expired("Invalid or expired token", bare=True)


def _not_invited(_call: ActorCall) -> Json:
    """Refuse every invitation token: users without a login can't be invited."""
    raise HttpBadRequest("Invalid token and email address")


TABLE: dict[str, Behaviour] = {
    "/cloudapi/users/updatePassword": _update,
    "/cloudapi/users/sendResetPasswordLink": _send_link,
    "/cloudapi/users/getResetPasswordInformation": _expired,
    "/cloudapi/users/resetPassword": _expired,
    "/cloudapi/users/validate": _expired,
    "/cloudapi/users/registerInvitedUser": _not_invited,
    "/cloudapi/users/isValidInviteUserToken": _not_invited,
}
