"""Build the HTTP responses of a portal: status, body and content type. Most errors are JSON strings."""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ovcgen.simulator.http_errors import Crash, LoggedOut, NotLoggedIn, Refused
from ovcgen.simulator.parameters import ABSENT, FORM, MULTIPART, RawParameters
from ovcgen.simulator.request import HttpRequest

if TYPE_CHECKING:
    from ovcgen.simulator.operation_call import Outcome

Json = Any
KINDS = ("application/json", "application/yaml", "text/html", "text/plain")  # at equal quality, the first wins
FORMATS = {
    "json": "application/json",
    "jsonraw": "application/json",
    "yaml": "application/yaml",
    "text": "text/html",
    "raw": "text/plain",
    "html": "text/html",
}
SCRIPT = "application/javascript"
COOKIE = "beaker.session.id"
PHRASES = {200: "OK", 202: "Accepted", 404: "Not Found"}


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A record of an HTTP response to send.

    Attributes:
        status: The HTTP status.
        body: The bytes of the body.
        kind: The Content-Type. If empty, no Content-Type is sent.
        headers: Further headers, without Content-Type and Content-Length.
    """

    status: int
    body: bytes = b""
    kind: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def success_response(
    outcome: Outcome,
    request: HttpRequest,
    given: RawParameters,
    *,
    session: str = "",
    default: str = "application/json",
) -> HttpResponse:
    """Return the response of a successful call, in the format that the request asks for.

    `session` is the caller's session for the cookie; a new session in `outcome` has precedence. The format is that of
    the parameter `format`, else of the header Accept, else plain text for a form or the content type of the request,
    else the media type `default`. With `format=json`, the value is the member `result` of an object. Files and empty
    responses have no other format; with `_jsonp`, the response is JavaScript with status 200.

    Raises:
        Crash: the portal does not have that format.
    """
    cookie = _cookie(outcome.session or session)
    if outcome.empty:
        return HttpResponse(outcome.status, headers=cookie)
    if outcome.file:
        disposition = ("Content-Disposition", f"inline; filename = {outcome.file}")
        return HttpResponse(outcome.status, outcome.value, "application/octet-stream", (disposition, *cookie))
    if "_jsonp" in given.values:
        return HttpResponse(200, _script(given, outcome.status, outcome.value), SCRIPT, cookie)
    kind = _kind(request, given, default)
    if outcome.text and kind == "application/json" and given.text("format") != "json":
        return HttpResponse(outcome.status, outcome.text.encode(), kind, cookie)
    value = {"result": outcome.value} if given.text("format") == "json" else outcome.value
    return HttpResponse(outcome.status, _written(value, kind), kind, cookie)


def refusal_response(error: Refused) -> HttpResponse:
    """Return the response for a Refused: its status, and its message as a JSON string.

    With `bare` the message is plain text, of the type text/plain; for NotLoggedIn without a Content-Type.
    """
    if error.bare:
        return HttpResponse(
            error.status, error.message.encode(), "" if isinstance(error, NotLoggedIn) else "text/plain"
        )
    return HttpResponse(error.status, json.dumps(error.message).encode(), "application/json")


def logged_out(error: LoggedOut, *, page: bool) -> HttpResponse:
    """Return the 419 response for an unknown or expired key: a JSON string, or an HTML page without Content-Type."""
    text = b"<html><body><h1>419 Authentication Timeout</h1><p>Access denied.</p></body></html>"
    return HttpResponse(error.status, text) if page else refusal_response(error)


def no_route(request: HttpRequest, given: RawParameters) -> HttpResponse:
    """Return the 404 response for an unknown path or method, in the format that the request asks for.

    With `_jsonp`, the status is 200 and the 404 is inside the script.

    Raises:
        Crash: the portal does not have that format.
    """
    message = f"Could not find method, path was {request.path.strip('/')}"
    if "_jsonp" in given.values:
        return HttpResponse(200, _script(given, 404, message), SCRIPT)
    kind = _kind(request, given)
    return HttpResponse(404, _written(message, kind), kind)


def no_login() -> HttpResponse:
    """Return the 401 response for a caller who is not logged in: a sentence without Content-Type."""
    return HttpResponse(401, b"You need to log in to use this.")


def bad_token() -> HttpResponse:
    """Return the 401 response for an invalid JWT, an HTML page."""
    return HttpResponse(401, b"<html><body><h1>401 Unauthorized</h1><p>Invalid token.</p></body></html>", "text/html")


def crash_response(gid: int, *, numbered: bool = True) -> HttpResponse:
    """Return the 500 response for an exception inside a call, with a new error number of the grid `gid`.

    The oldest release has no error numbers.
    """
    if not numbered:
        return HttpResponse(500, b"An unexpected error has occurred, please try again later.", "text/html")
    number = f"eco-{gid}-{uuid.uuid4()}"
    text = f'An unexpected error has occurred. Give this number to your administrator: "{number}"'
    return HttpResponse(500, text.encode(), "text/html")


def breakdown_response() -> HttpResponse:
    """Return the 500 response, in plain text, for a request that failed before its operation was found."""
    return HttpResponse(500, b"Internal Server Error", "text/plain")


def python_text(value: Json) -> str:
    """Return a value as Python 2 prints it, such as `{u'id': 1}`; a text that stands alone is returned as it is."""
    if isinstance(value, str):
        return value
    return _repr(value)


def _repr(value: Json) -> str:
    match value:
        case str():
            return "u" + ascii(value)
        case dict():
            return "{" + ", ".join(f"{_repr(key)}: {_repr(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_repr, value)) + "]"
    return repr(value)


def _kind(request: HttpRequest, given: RawParameters, default: str = "application/json") -> str:
    """Return the media type of a response.

    The parameter `format`, the header Accept and the content type of the request decide, or else `default`.

    Raises:
        Crash: the portal does not have that format.
    """
    wanted = given.values.get("format")
    if wanted not in ABSENT:
        return _known(FORMATS.get(wanted) if isinstance(wanted, str) else None)
    accept = request.header("accept")
    if accept:
        return _known(_best(accept))
    if request.content_type in (FORM, MULTIPART):
        return "text/plain"
    return request.content_type if request.content_type in KINDS else default


def _best(accept: str) -> str | None:
    from werkzeug.datastructures import MIMEAccept
    from werkzeug.http import parse_accept_header

    return parse_accept_header(accept, MIMEAccept).best_match(KINDS)


def _known(kind: str | None) -> str:
    if kind is None:
        raise Crash("no such format")
    return kind


def _written(value: Json, kind: str) -> bytes:
    """Return a value as bytes in that media type. Request bytes that are not UTF-8 are sent back unchanged."""
    text = WRITERS[kind](value)
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a surrogate pair, which only JSON can contain
        return text.encode("utf-8", "replace")


def _script(given: RawParameters, status: int, value: Json) -> bytes:
    """Return a JavaScript call of the function in `_jsonp`, with the response body and its status as argument."""
    answer = {"httpStatus": status, "httpMessage": PHRASES.get(status, ""), "body": value}
    return _written(f"{given.text('_jsonp')}({json.dumps(answer)});", "text/plain")


def _cookie(session: str) -> tuple[tuple[str, str], ...]:
    return (("Set-Cookie", f"{COOKIE}={session}; httponly; Path=/"),) if session else ()


def _yaml(value: Json) -> str:
    import yaml

    return str(yaml.safe_dump(value, default_flow_style=False))


WRITERS: dict[str, Callable[[Json], str]] = {
    "application/json": json.dumps,
    "text/plain": python_text,
    "text/html": lambda value: f"<pre>{html.escape(python_text(value))}</pre>",
    "application/yaml": _yaml,
}
