"""What a portal says no with; the class is the status, the text is the body of the answer.

Refused                   a portal exception: its message goes out as a JSON string
├── Wrong                 400
├── WrongPassword         401
├── Denied                403
├── Missing               404   a deleted object
│   └── UnknownObject     404   an id that was never given
├── NotPossible           405
├── Clash                 409
├── Pointless             412
├── Expired               419
│   └── LoggedOut         419
├── Disabled              501
└── Unavailable           503
Crash                     500   an ordinary exception inside a call
Unreadable                500   before any call was found
InvalidToken              401   an HTML page
"""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A portal exception. `bare` ones are sent as text without JSON quotes."""

    status = 400

    def __init__(self, message: str, *, bare: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.bare = bare


class HttpBadRequest(Refused):
    """A parameter or a rule was not met."""


class WrongPassword(Refused):
    """The one 401 that is an ordinary portal exception."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Unauthorized: wrong user name or password")


class Denied(Refused):
    """Logged in, but without the right, or the object is in no state for it."""

    status = 403


class HttpNotFound(Refused):
    """An object that was there once, or a thing without an id."""

    status = 404


class UnknownObject(HttpNotFound):
    """An id that this portal never gave."""

    def __init__(self, id: Any, category: str) -> None:
        super().__init__(f"Could not find {id} of type {category}")


class NotPossible(Refused):
    """Never allowed for this kind of object."""

    status = 405


class HttpConflict(Refused):
    """A name, state or other object is in the way."""

    status = 409


class HttpPreconditionFailed(Refused):
    """What is asked for is so already."""

    status = 412


class Expired(Refused):
    """A token is unknown or too old."""

    status = 419


class LoggedOut(Expired):
    """The authkey is unknown or has expired."""

    def __init__(self) -> None:
        super().__init__("Unknown or expired authkey")


class Disabled(Refused):
    """This release has the call, and does not carry it out."""

    status = 501


class Unavailable(Refused):
    """No capacity, or something below the portal did not answer."""

    status = 503


class Crash(Exception):
    """An ordinary exception inside a call: the portal answers 500 with its eco number."""


class Unreadable(Exception):
    """The portal fell over the request before it knew what is asked."""


class InvalidToken(Exception):
    """A JWT that is expired or signed by somebody else."""
