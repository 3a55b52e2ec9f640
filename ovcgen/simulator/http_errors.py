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
    """The base class of the errors with which a simulated portal answers a call. The class has the HTTP status.

    Attributes:
        message: The body of the response, sent as a JSON string.
        bare: Whether the message is sent as plain text without JSON quotes.
    """

    status = 400

    def __init__(self, message: str, *, bare: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.bare = bare


class HttpBadRequest(Refused):
    """The simulated portal answers 400: a parameter is wrong, or a rule of the operation is violated."""


class NotLoggedIn(Refused):
    """The simulated portal answers 401: an operation itself calls another operation, without a login.

    The 401 for a caller who is not logged in is sent without this exception.
    """

    status = 401


class WrongPassword(NotLoggedIn):
    """The simulated portal answers 401: the user name or password is wrong.

    With `bare`, the message is the short one of old releases, sent as plain text.
    """

    def __init__(self, *, bare: bool = False) -> None:
        super().__init__("Unauthorized" if bare else "Unauthorized: wrong user name or password", bare=bare)


class Denied(Refused):
    """The simulated portal answers 403: the caller lacks the right, or the object's status does not allow the call."""

    status = 403


class HttpNotFound(Refused):
    """The simulated portal answers 404: the object was deleted, or there is no object of that name."""

    status = 404


class UnknownObject(HttpNotFound):
    """The simulated portal answers 404: there was never an object with this id.

    For a deleted object, HttpNotFound is raised.

    Args:
        id: The id as it was given, for the message.
        category: The portal's name of the object type for the message, such as `vmachine`.
    """

    def __init__(self, id: Any, category: str) -> None:
        super().__init__(f"Could not find {id} of type {category}")


class NotPossible(Refused):
    """The simulated portal answers 405: the call is never allowed for this kind of object."""

    status = 405


class HttpConflict(Refused):
    """The simulated portal answers 409: a name, a status or another object prevents the call."""

    status = 409


class HttpPreconditionFailed(Refused):
    """The simulated portal answers 412: the object already has the requested state."""

    status = 412


class Expired(Refused):
    """The simulated portal answers 419: a token is unknown or has expired."""

    status = 419


class LoggedOut(Expired):
    """The simulated portal answers 419: the session key or user key (`authkey`) is unknown or has expired."""

    def __init__(self) -> None:
        super().__init__("Unknown or expired authkey")


class Disabled(Refused):
    """The simulated portal answers 501: this release has the operation, but it is switched off."""

    status = 501


class Unavailable(Refused):
    """The simulated portal answers 503: there is no capacity, or a system below the portal did not answer."""

    status = 503


class Crash(Exception):
    """The simulated portal answers 500 with an error number (`eco-...`), as a portal does for one of its bugs.

    The text of the exception is not sent; `Simulator.crashes` has it.
    """


class Unreadable(Exception):
    """The simulated portal answers 500 without an error number: it failed before it had found the operation.

    The text of the exception is not sent; `Simulator.crashes` has it.
    """


class InvalidToken(Exception):
    """The simulated portal answers 401 with an HTML page: a JWT has expired, or its signature is wrong.

    The text of the exception is not sent.
    """
