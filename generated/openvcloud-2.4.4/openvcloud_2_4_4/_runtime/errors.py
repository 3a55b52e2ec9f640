# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Every error that a caller can meet.

OvcError                    what happened, and `fix`: what to do
├── ArgumentError           a value that can't be sent (also a ValueError)
├── ApiError                the portal answered with an error status
│   ├── BadRequest          400
│   ├── Unauthorized        401
│   ├── Forbidden           403
│   ├── NotFound            404
│   ├── Conflict            409
│   ├── AuthExpired         419
│   └── ServerError         5xx
├── TaskError               about a task; `.guid` says which
│   ├── TaskFailed          it ended badly; the portal's own words
│   ├── TaskLost            the portal does not know it (any more)
│   └── TaskTimeout         our patience ended; it may still be running
├── WaitError               about an object that was waited for; `.status` is what was last seen
│   ├── WaitFailed          it can't come to the wanted state any more
│   └── WaitTimeout         our patience ended; it may still get there
├── TransportError          the request never reached the portal: safe to repeat
├── OutcomeUnknown          it may have been carried out: look before you repeat
└── DecodeError             the answer can't be read

ListCapped                  a warning: the list may be longer than what came
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Response

LONGEST = 2000  # characters of somebody else's text in an error
ECO = re.compile(r"\beco-\d+-[0-9a-fA-F-]{8,40}")


def one_line(text: str) -> str:
    """Somebody else's text as it may be shown: nothing in it that a terminal would obey, and not too much of it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


class OvcError(Exception):
    """Base of every error that is raised on purpose: `.what` happened, `.fix` is the way out."""

    def __init__(self, what: str, *, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.what} {self.fix}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self), self.args, self.__dict__)


def _revive(kind: type[OvcError], arguments: tuple[Any, ...], state: dict[str, Any]) -> OvcError:
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(state)
    return error


class ArgumentError(OvcError, ValueError):
    """A value that can't be sent."""


class ApiError(OvcError):
    """The portal answered with an error status.

    `.status` is the HTTP status, `.message` the portal's words, `.operation` such as `POST /cloudapi/machines/get`,
    `.eco` the portal's own number of an internal error (quote it to support) or "", `.response` the answer with
    every secret taken out of its request, `.body` what it holds as JSON, or None.
    """

    fix_text = "Read the portal's words; the call was understood and refused."

    def __init__(
        self, status: int, message: str, *, operation: str, response: Response | None = None, body: Any = None
    ) -> None:
        words = f": {message}" if message else ""
        super().__init__(_sentence(f"{operation} answered {status}{words}"), fix=self.fix_text)
        self.status = status
        self.message = message
        self.operation = operation
        self.response = response
        self.body = body
        found = ECO.search(message)
        self.eco = found.group() if found else ""


class BadRequest(ApiError):
    """400: a parameter or a rule of the portal was not met."""

    fix_text = "Correct the parameter that the portal names."


class Unauthorized(ApiError):
    """401: nobody is logged in, or the token is not accepted."""

    fix_text = "Check the credentials; a JWT may have expired."


class Forbidden(ApiError):
    """403: logged in, but without the right."""

    fix_text = "Ask an administrator of the account for the right, or look at the object's status."


class NotFound(ApiError):
    """404: no such object, or no such operation in this portal's release."""

    fix_text = "Check the id; deleted objects are not found either."


class Conflict(ApiError):
    """409: the object's state or another object's name is in the way."""

    fix_text = "Look at the object's present state, then call again."


class AuthExpired(ApiError):
    """419: the session key is unknown or has expired."""

    fix_text = "Log in again."


class ServerError(ApiError):
    """5xx: the portal failed. It may have done part of the work."""

    fix_text = "Look at the object before you repeat; give the eco number, if there is one, to support."


class TaskError(OvcError):
    """Something about a task; `.guid` says which."""

    def __init__(self, guid: str, what: str, *, fix: str) -> None:
        super().__init__(what, fix=fix)
        self.guid = guid


class TaskFailed(TaskError):
    """A task ended badly; `.message` holds the portal's words. Part of the work may have been done."""

    def __init__(self, guid: str, message: str) -> None:
        what = _sentence(f"Task {guid} failed: {one_line(message)}")
        super().__init__(guid, what, fix="Look at the object before you repeat the call.")
        self.message = message


class TaskLost(TaskError):
    """The portal does not know the task: it restarted, or the result is older than 600 seconds."""

    def __init__(self, guid: str) -> None:
        super().__init__(
            guid,
            f"The portal does not know task {guid}: it keeps results for 600 s, and none over a restart.",
            fix="Look at the object: the work may have been done.",
        )


class TaskTimeout(TaskError):
    """A task had not ended within the caller's patience; it may still be running, and can be asked again by guid."""

    def __init__(self, guid: str, timeout: float) -> None:
        super().__init__(
            guid,
            f"Task {guid} is still running after {timeout:g} s.",
            fix="Look at the object, or repeat the call without _async: a refused call never ends as a task.",
        )
        self.timeout = timeout


class WaitError(OvcError):
    """An object did not become what was waited for; `.waiter` says which, `.status` what was last seen."""

    def __init__(self, waiter: str, what: str, *, fix: str, status: str) -> None:
        super().__init__(one_line(what), fix=fix)
        self.waiter = waiter
        self.status = status


class WaitFailed(WaitError):
    """The object went where the wanted state can't come from any more."""

    def __init__(self, waiter: str, subject: str, goal: str, *, seen: str, status: str) -> None:
        super().__init__(
            waiter,
            f"{subject} does not become {goal}: {seen}.",
            fix="Look at the object; to wait longer does not help.",
            status=status,
        )


class WaitTimeout(WaitError):
    """The object was not as wanted within the caller's patience; it may still get there."""

    def __init__(self, waiter: str, subject: str, goal: str, *, seen: str, status: str, timeout: float) -> None:
        super().__init__(
            waiter,
            f"{subject} is not {goal} after {timeout:g} s; last seen: {seen}.",
            fix="Look at the object, or wait again with a longer timeout.",
            status=status,
        )
        self.timeout = timeout


class TransportError(OvcError):
    """The request never reached the portal, so it is safe to repeat."""


class OutcomeUnknown(OvcError):
    """The request was sent and its answer lost: it may have been carried out."""


class DecodeError(OvcError):
    """The answer can't be read as what it should be."""


BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    419: AuthExpired,
}


def api_error(
    status: int, message: str, *, operation: str, response: Response | None = None, body: Any = None
) -> ApiError:
    """The error for that HTTP status."""
    kind = BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
    return kind(status, message, operation=operation, response=response, body=body)


class ListCapped(UserWarning):
    """A list came with as many records as the portal ever sends; there is no way to ask it for the rest."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(
            f"{name}() answered {limit} records, the most the portal sends: there may be more. "
            "Narrow the call down, by account or cloudspace where it takes one."
        )
