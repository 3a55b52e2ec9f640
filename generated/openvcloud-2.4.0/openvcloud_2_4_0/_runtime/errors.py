"""Define the errors that a call of any service can raise.

ClientError                 what happened, and `fix`: what to do
├── ArgumentError           a value that can't be sent (also a ValueError)
├── ApiError                the service answered with an error status
│   ├── BadRequest          400
│   ├── Unauthorized        401
│   ├── Forbidden           403
│   ├── NotFound            404
│   ├── Conflict            409
│   ├── RateLimited         429; `.retry_after` is the wait in seconds
│   └── ServerError         5xx
├── TransportError          no response, and it is safe to repeat the call
├── OutcomeUnknown          no readable response; the call may have been executed
└── DecodeError             the response can't be read
    └── ResponseTooLarge    the response is larger than 64 MiB
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Response  # type: ignore[import-untyped,unused-ignore]

LONGEST = 2000  # characters of a foreign text in an error
INCIDENTS: dict[str, re.Pattern[str]] = {}  # how messages name an internal error, by the name of such numbers

ADVICE: dict[re.Pattern[str], str] = {}  # what to do after a refusal, by the beginning of its message
NOT_IMPLEMENTED = 501
NOT_IMPLEMENTED_FIX = "This release of the service does not offer the call: use another one, or another release."


def one_line(text: str) -> str:
    """Return a foreign text for display: one line of printable characters, at most 2000; the rest is cut off.

    Each run of whitespace and other characters that can't be printed becomes one space.
    """
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]


def sentence(text: str) -> str:
    """Return the text with a full stop at its end, unless it ends with `.`, `!` or `?`."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


class ClientError(Exception):
    """Base class of all errors that a client raises on purpose.

    Its text is both sentences, `what` and `fix`.

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


def _revive(kind: type[ClientError], arguments: tuple[Any, ...], state: dict[str, Any]) -> ClientError:
    """Rebuild a pickled error without calling its constructor."""
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(state)
    return error


class ArgumentError(ClientError, ValueError):
    """A value, option or file that the caller passed can't be used. Also a ValueError."""


class ApiError(ClientError):
    """The service answered with an error status, or with a redirect, which is not followed.

    Attributes:
        status: The HTTP status.
        message: The message of the service.
        operation: Method and path, such as `GET /pets/{id}`.
        eco: The number of an internal error, to quote to support; "" if the message has none.
        response: The HTTP response; its request contains no secrets. None for a refused request of a login.
        body: The JSON value of the response body; None if it is not JSON.
        retry_after: The seconds after which the service asks to try again, or None.
    """

    fix_text = "Read the message of the service; the call was understood and refused."

    def __init__(
        self, status: int, message: str, *, operation: str, response: Response | None = None, body: Any = None
    ) -> None:
        words = f": {message}" if message else ""
        fix = NOT_IMPLEMENTED_FIX if status == NOT_IMPLEMENTED else self.fix_text
        super().__init__(sentence(f"{operation} answered {status}{words}"), fix=fix)
        for pattern, advice in ADVICE.items():
            if pattern.match(message):
                self.fix = advice
        self.status = status
        self.message = message
        self.operation = operation
        self.response = response
        self.body = body
        self.retry_after: float | None = None
        self.eco = ""
        for name, pattern in INCIDENTS.items():
            if found := pattern.search(message):
                self.eco = found.group()
                self.fix = f"{self.fix} Give the {name} number to support."


class BadRequest(ApiError):
    """400: a parameter is wrong, or a rule of the service is not met."""

    fix_text = "Correct the parameter that the service names."


class Unauthorized(ApiError):
    """401: no login was sent, or it was not accepted."""

    fix_text = "Check the credentials; a JWT may have expired."


class Forbidden(ApiError):
    """403: the login is valid but has no right to do this."""

    fix_text = "Ask an administrator of the account for the right, or look at the object's status."


class NotFound(ApiError):
    """404: no such object, or no such operation in the service's release."""

    fix_text = "Check the id; deleted objects are not found either."


class Conflict(ApiError):
    """409: the object's state, or the name of another object, does not allow the call."""

    fix_text = "Look at the object's present state, then call again."


class RateLimited(ApiError):
    """429: too many calls. It was not carried out; `.retry_after` is the wait that the service asks for, or None."""

    fix_text = "Call less often, or again later; the call was not carried out."


class ServerError(ApiError):
    """5xx: the service failed. It may have done part of the work, except after 501: it does not offer the call."""

    fix_text = "Look at the object before you repeat."


class TransportError(ClientError):
    """There is no response, and repeating the call is safe: it was not sent, or it changes nothing.

    The arguments `what` and `fix` are those of ClientError.

    Attributes:
        sent: Whether the request may have reached the service. If so, the call changes nothing there.
    """

    def __init__(self, what: str, *, fix: str, sent: bool = False) -> None:
        super().__init__(what, fix=fix)
        self.sent = sent


class OutcomeUnknown(ClientError):
    """The request was sent but there is no readable response: the call may have been executed.

    The arguments `what` and `fix` are those of ClientError. `arguments`, `content` and `content_type` are set later, by
    the code that raises the error.

    Attributes:
        operation: The name of the operation, such as `pets.create`; "" if unknown.
        arguments: The values that were sent, by keyword, with secrets replaced by `***`; {} until they are set.
        seen: What came back, in words, such as `status 502 of a proxy`; "" if unknown.
        content, content_type: The body that can't be read, and its type; empty if there is none.
    """

    content = b""
    content_type = ""

    def __init__(self, what: str, *, fix: str, operation: str = "", seen: str = "") -> None:
        super().__init__(what, fix=fix)
        self.operation = operation
        self.seen = seen
        self.arguments: dict[str, Any] = {}


class DecodeError(ClientError):
    """The response can't be decoded as the expected type. Calls that may change something raise OutcomeUnknown instead.

    `content` and `content_type` are set by the code that raises the error.

    Attributes:
        content, content_type: The body, and its type; empty if it was not read.
    """

    content = b""
    content_type = ""


class ResponseTooLarge(DecodeError):
    """The body of the response is larger than the client reads into memory: 64 MiB after decompression."""


BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
}


def api_error(
    status: int, message: str, *, operation: str, response: Response | None = None, body: Any = None
) -> ApiError:
    """Return the error for an HTTP status: a subclass of ApiError, or ApiError itself for other 4xx and 3xx.

    The arguments are those of ApiError. Its `retry_after` is None.
    """
    kind = BY_STATUS.get(status, ServerError if status >= 500 else ApiError)
    return kind(status, message, operation=operation, response=response, body=body)
