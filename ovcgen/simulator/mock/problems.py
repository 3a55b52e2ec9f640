"""Refuse requests with problem details (RFC 9457), which say what is wrong in which part of the request."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from ovcgen.model.validation import Violation
from ovcgen.simulator.responses import HttpResponse
from ovcgen.simulator.wsgi_output import status_line

PROBLEM = "application/problem+json"
PLACES = {"formData": "form field", "body": "body", "query": "query parameter", "path": "path parameter"}


class RequestError(NamedTuple):
    """An error in one part of a request.

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
        """Return the place of the error and the message as text."""
        place = PLACES.get(self.location, self.location)
        named = " ".join(filter(None, (place, self.name)))
        return f"{named}{f' at {self.pointer}' if self.pointer else ''}: {self.message}"


class RequestRefused(Exception):
    """A request to a mock is refused. `response` is the response to the client."""

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
    """Return the violations of one value as errors of the parameter or body that has it."""
    return [RequestError(location, name, violation.pointer, violation.message) for violation in violations]
