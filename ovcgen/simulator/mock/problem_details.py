"""Refuse requests with problem details (RFC 9457), which say what is wrong in which part of the request."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from ovcgen.model.value_validation import Violation
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.wsgi_output import status_line

PROBLEM = "application/problem+json"
PLACES = {"formData": "form field", "body": "body", "query": "query parameter", "path": "path parameter"}


class RequestError(NamedTuple):
    """A record of an error in one part of a request to a mock. It is no exception.

    Attributes:
        location: `path`, `query`, `header`, `cookie`, `formData`, `querystring` or `body`.
        name: The name of the parameter; "" for a body.
        pointer: JSON pointer to the wrong place in the value, such as `/disks/0/size`; "" for the whole value.
        message: What is wrong.
    """

    location: str
    name: str
    pointer: str
    message: str

    @property
    def sentence(self) -> str:
        """Return the place of the error and the message as text, such as `query parameter size at /0: ...`."""
        place = PLACES.get(self.location, self.location)
        named = " ".join(filter(None, (place, self.name)))
        return f"{named}{f' at {self.pointer}' if self.pointer else ''}: {self.message}"


class RequestRefused(Exception):
    """An error: a request to a mock is refused.

    Args:
        status: The status of the response.
        detail: What is wrong, as a sentence.
        errors: The wrong parts of the request.
        headers: Further headers of the response.

    Attributes:
        response: The response to the client, whose body is problem details (RFC 9457).
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Iterable[RequestError] = (),
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(detail)
        listed = [error._asdict() for error in errors]
        body = {
            "type": "about:blank",
            "title": status_line(status)[4:],
            "status": status,
            "detail": detail,
            **({"errors": listed} if listed else {}),
        }
        text = json.dumps(body, indent=2) + "\n"
        self.response = HttpResponse(status, text.encode(), PROBLEM, headers)


def errors_of(location: str, name: str, violations: Iterable[Violation]) -> list[RequestError]:
    """Return a RequestError for each violation of a schema by the value of one parameter or body.

    `location` and `name` are those of RequestError.
    """
    return [RequestError(location, name, violation.pointer, violation.message) for violation in violations]
