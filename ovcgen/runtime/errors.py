# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Define every error that a call can raise.

ClientError                 what happened, and `fix`: what to do
├── ArgumentError           a value that can't be sent (also a ValueError)
├── ApiError                the service answered with an error status
│   ├── BadRequest          400
│   ├── Unauthorized        401
│   ├── Forbidden           403
│   ├── NotFound            404
│   ├── Conflict            409
│   ├── AuthExpired         419
│   └── ServerError         5xx
├── TaskError               about a task; `.guid` is its id
│   ├── TaskFailed          the task failed; the message is the portal's
│   ├── TaskLost            the portal does not know the task, or no longer
│   └── TaskTimeout         the timeout passed; the task may still be running
├── WaitError               about a wait for an object; `.status` is the last status seen
│   ├── WaitFailed          the object can't reach the wanted state any more
│   └── WaitTimeout         the timeout passed; the object may still reach the state
├── TransportError          no response, and it is safe to repeat the call
├── OutcomeUnknown          no readable response; the call may have been executed
└── DecodeError             the response can't be read

ListCapped                  a warning: the list may be incomplete

OpenvCloud's SDKs and ovcgen also use the name OvcError for ClientError.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Response

LONGEST = 2000  # characters of a foreign text in an error
ECO = re.compile(r"\beco-\d+-[0-9a-fA-F-]{8,40}")


def one_line(text: str) -> str:
    """Return a foreign text for display: one line without control characters, at most 2000 characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


class ClientError(Exception):
    """Base class of all errors that a client raises on purpose.

    Attributes:
        what: What happened, as a sentence.
        fix: What to do about it, as a sentence.
    """

    def __init__(self, what: str, *, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.what} {self.fix}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self), self.args, self.__dict__)


OvcError = ClientError


def _revive(kind: type[ClientError], arguments: tuple[Any, ...], state: dict[str, Any]) -> ClientError:
    """Rebuild a pickled error without calling its constructor."""
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(state)
    return error


class ArgumentError(ClientError, ValueError):
    """A value that can't be sent."""


class ApiError(ClientError):
    """The service answered with an error status, or with a redirect, which is not followed.

    Attributes:
        status: The HTTP status.
        message: The message of the service.
        operation: Method and path, such as `POST /cloudapi/machines/get`.
        eco: The portal's number of an internal error, to quote to support; "" if there is none.
        response: The HTTP response; its request contains no secrets.
        body: The JSON value of the response body, or None.
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
    """400: a parameter is wrong, or a rule of the portal is not met."""

    fix_text = "Correct the parameter that the portal names."


class Unauthorized(ApiError):
    """401: no login was sent, or it was not accepted."""

    fix_text = "Check the credentials; a JWT may have expired."


class Forbidden(ApiError):
    """403: the login is valid but has no right to do this."""

    fix_text = "Ask an administrator of the account for the right, or look at the object's status."


class NotFound(ApiError):
    """404: no such object, or no such operation in this portal's release."""

    fix_text = "Check the id; deleted objects are not found either."


class Conflict(ApiError):
    """409: the object's state, or the name of another object, does not allow the call."""

    fix_text = "Look at the object's present state, then call again."


class AuthExpired(ApiError):
    """419: the session key is unknown or has expired."""

    fix_text = "Log in again."


class ServerError(ApiError):
    """5xx: the portal failed. It may have done part of the work."""

    fix_text = "Look at the object before you repeat; give the eco number, if there is one, to support."


class TaskError(ClientError):
    """An error about a task; `.guid` is the task's id."""

    def __init__(self, guid: str, what: str, *, fix: str) -> None:
        super().__init__(what, fix=fix)
        self.guid = guid


class TaskFailed(TaskError):
    """A task failed; `.message` is the portal's message. Part of the work may have been done."""

    def __init__(self, guid: str, message: str) -> None:
        what = _sentence(f"Task {guid} failed: {one_line(message)}")
        super().__init__(guid, what, fix="Look at the object before you repeat the call.")
        self.message = message


class TaskLost(TaskError):
    """The portal does not know the task: it has restarted, or the result is older than 600 seconds."""

    def __init__(self, guid: str) -> None:
        super().__init__(
            guid,
            f"The portal does not know task {guid}: it keeps results for 600 s, and none over a restart.",
            fix="Look at the object: the work may have been done.",
        )


class TaskTimeout(TaskError):
    """A task did not end before the timeout. It may still be running and can be asked for again by its guid."""

    def __init__(self, guid: str, timeout: float) -> None:
        super().__init__(
            guid,
            f"Task {guid} is still running after {timeout:g} s.",
            fix="Look at the object, or repeat the call without _async: a refused call never ends as a task.",
        )
        self.timeout = timeout


class WaitError(ClientError):
    """An object did not reach the state that was waited for.

    Attributes:
        waiter: The name of the waiter, such as `machine_running`.
        status: The last status seen.
    """

    def __init__(self, waiter: str, what: str, *, fix: str, status: str) -> None:
        super().__init__(one_line(what), fix=fix)
        self.waiter = waiter
        self.status = status


class WaitFailed(WaitError):
    """The object is in a state from which it can't reach the wanted one."""

    def __init__(self, waiter: str, subject: str, goal: str, *, seen: str, status: str) -> None:
        super().__init__(
            waiter,
            f"{subject} does not become {goal}: {seen}.",
            fix="Look at the object; to wait longer does not help.",
            status=status,
        )


class WaitTimeout(WaitError):
    """The object did not reach the wanted state before the timeout. It may still reach it."""

    def __init__(self, waiter: str, subject: str, goal: str, *, seen: str, status: str, timeout: float) -> None:
        super().__init__(
            waiter,
            f"{subject} is not {goal} after {timeout:g} s; last seen: {seen}.",
            fix="Look at the object, or wait again with a longer timeout.",
            status=status,
        )
        self.timeout = timeout


class TransportError(ClientError):
    """There is no response, and repeating the call is safe: it was not sent, or it changes nothing."""


class OutcomeUnknown(ClientError):
    """The request was sent but there is no readable response: the call may have been executed."""


class DecodeError(ClientError):
    """The response can't be decoded as the expected type."""


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
    """Return the error for an HTTP status: a subclass of ApiError, or ApiError itself for other 4xx and 3xx."""
    kind = BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
    return kind(status, message, operation=operation, response=response, body=body)


class ListCapped(UserWarning):
    """A list has as many records as the portal returns at most. The portal has no way to return the rest."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(
            f"{name}() answered {limit} records, the most the portal sends: there may be more. "
            "Narrow the call down, by account or cloudspace where it takes one."
        )
