"""Define the errors of a simulated portal; each class has the status code of its response.

`Refused` and its subclasses are portal exceptions: the message is sent as a JSON string.

Refused                       400
├── HttpBadRequest            400
├── NotLoggedIn               401   an operation calls another one without a login
│   └── WrongPassword         401
├── Denied                    403
├── HttpNotFound              404   the object was deleted
│   └── UnknownObject         404   the id never existed
├── NotPossible               405
├── HttpConflict              409
├── HttpPreconditionFailed    412
├── Expired                   419
│   └── LoggedOut             419
├── Disabled                  501
└── Unavailable               503
Crash                         500   an ordinary exception inside a call
Unreadable                    500   the request failed before its operation was found
InvalidToken                  401   an HTML page
"""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Base class of a portal's refusals: the response has the class's `status`, and the message as a JSON string.

    `bare` messages are sent as plain text without JSON quotes.
    """

    status = 400

    def __init__(self, message: str, *, bare: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.bare = bare


class HttpBadRequest(Refused):
    """A parameter is wrong, or a rule of the operation is violated."""


class NotLoggedIn(Refused):
    """An operation calls another operation without a login. A 401 for a guest is sent without this exception."""

    status = 401


class WrongPassword(NotLoggedIn):
    """The user name or password is wrong. With `bare`, the message is the short one of old releases."""

    def __init__(self, *, bare: bool = False) -> None:
        super().__init__("Unauthorized" if bare else "Unauthorized: wrong user name or password", bare=bare)


class Denied(Refused):
    """The caller lacks the right, or the status of the object does not allow the call."""

    status = 403


class HttpNotFound(Refused):
    """The object was deleted, or there is no object of that name."""

    status = 404


class UnknownObject(HttpNotFound):
    """404: there was never an object with this id. For a deleted object, raise HttpNotFound.

    `category` is the portal's name of the object type, as in its message (`vmachine`).
    """

    def __init__(self, id: Any, category: str) -> None:
        super().__init__(f"Could not find {id} of type {category}")


class NotPossible(Refused):
    """The call is never allowed for this kind of object."""

    status = 405


class HttpConflict(Refused):
    """A name, a status or another object prevents the call."""

    status = 409


class HttpPreconditionFailed(Refused):
    """The object already has the requested state."""

    status = 412


class Expired(Refused):
    """A token is unknown or has expired."""

    status = 419


class LoggedOut(Expired):
    """The session key or user key (`authkey`) is unknown or has expired."""

    def __init__(self) -> None:
        super().__init__("Unknown or expired authkey")


class Disabled(Refused):
    """This release has the operation, but it is switched off."""

    status = 501


class Unavailable(Refused):
    """There is no capacity, or a system below the portal did not answer."""

    status = 503


class Crash(Exception):
    """A call fails with an exception that is no refusal, such as a bug of the portal.

    The response is 500 with an error number (`eco-...`).
    """


class Unreadable(Exception):
    """The portal failed on the request before it knew the operation. The response is 500."""


class InvalidToken(Exception):
    """A JWT has expired, or its signature is wrong. The response is 401, an HTML page."""
