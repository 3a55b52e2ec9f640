"""What goes over the wire: a whole answer, or what no well-behaved server sends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from ovcgen.simulator.request import Environ
from ovcgen.simulator.responses import HttpResponse

CUT = "ovcgen.cut"  # what the environment has under this name takes a Cut; only `serving` puts it there
PHRASES = {419: "Authentication Timeout"}


@dataclass(frozen=True, slots=True)
class Cut:
    """These bytes as they are, `step` at once (all if 0) with pauses between, and then the end of the connection."""

    content: bytes = b""
    step: int = 0
    pause: float = 0.0
    reset: bool = False  # end it with RST rather than in order


def respond(answer: HttpResponse | Cut, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What a WSGI callable returns for an answer, or for what stands in its place."""
    if isinstance(answer, Cut):
        environ[CUT](answer)
        return []
    start_response(status_line(answer.status), headers(answer))
    return [answer.body]


def status_line(status: int) -> str:
    """The number and its words."""
    known = PHRASES.get(status) or next((each.phrase for each in HTTPStatus if each == status), "Unknown")
    return f"{status} {known}"


def headers(answer: HttpResponse) -> list[tuple[str, str]]:
    """Those of an answer, in the order in which they are sent."""
    kind = [("Content-Type", answer.kind)] if answer.kind else []
    return [*kind, *answer.headers, ("Content-Length", str(len(answer.body)))]


def whole(answer: HttpResponse) -> bytes:
    """An answer as it stands on the wire, the end of its connection announced."""
    lines = [f"HTTP/1.1 {status_line(answer.status)}", *(f"{name}: {value}" for name, value in headers(answer))]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1", "replace") + answer.body
