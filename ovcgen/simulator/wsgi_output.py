"""Turn responses into WSGI output, or into raw bytes that no well-behaved server sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ovcgen.simulator.request import Environ
from ovcgen.simulator.responses import HttpResponse

RAW_RESPONSE = "ovcgen.cut"  # WSGI environment key of a function that takes a RawResponse; only `serving` sets it
PHRASES = {419: "Authentication Timeout"}


@dataclass(frozen=True, slots=True)
class RawResponse:
    """A record of raw bytes to send instead of a response, followed by the end of the connection.

    Attributes:
        content: The bytes, with status line and headers if the client shall see any; b"" for none.
        step: Bytes to send at once; 0 for all.
        pause: Seconds after each step.
        reset: End the connection with RST instead of FIN.
    """

    content: bytes = b""
    step: int = 0
    pause: float = 0.0
    reset: bool = False


def respond(
    answer: HttpResponse | RawResponse, environ: Environ, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Return the iterable of a WSGI application for a response, after calling `start_response`.

    A `RawResponse` is passed to the server through the environment, `start_response` is not called, and the iterable is
    empty.

    Raises:
        KeyError: the response is a `RawResponse`, and the server is not that of `http_server`.
    """
    if isinstance(answer, RawResponse):
        environ[RAW_RESPONSE](answer)
        return []
    start_response(status_line(answer.status), headers(answer))
    return [answer.body]


def status_line(status: int) -> str:
    """Return the status code and its phrase: `404 Not Found`, or `599 Unknown` for a status without a phrase."""
    known = PHRASES.get(status) or next(
        (known_status.phrase for known_status in HTTPStatus if known_status == status), "Unknown"
    )
    return f"{status} {known}"


def headers(answer: HttpResponse) -> list[tuple[str, str]]:
    """Return the (name, value) pairs of all headers of a response: Content-Type if set, its own, Content-Length."""
    kind = [("Content-Type", answer.kind)] if answer.kind else []
    return [*kind, *answer.headers, ("Content-Length", str(len(answer.body)))]


def whole_response(answer: HttpResponse) -> bytes:
    """Return the bytes of a whole HTTP/1.1 response with `Connection: close`."""
    lines = [f"HTTP/1.1 {status_line(answer.status)}", *(f"{name}: {value}" for name, value in headers(answer))]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1", "replace") + answer.body
