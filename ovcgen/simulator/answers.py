"""Status, body and content type of every answer; most errors are JSON strings, and each exception is here."""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ovcgen.simulator.call import Outcome
from ovcgen.simulator.parameters import FORM, MULTIPART, Incoming
from ovcgen.simulator.refusals import Refused, Unreadable
from ovcgen.simulator.request import Seen

Json = Any
KINDS = ("application/json", "text/plain", "text/html", "application/yaml")
FORMATS = {
    "json": "application/json",
    "jsonraw": "application/json",
    "yaml": "application/yaml",
    "text": "text/plain",
    "raw": "text/plain",
    "html": "text/html",
}
COOKIE = "beaker.session.id"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire. An empty `kind` means that no Content-Type is sent."""

    status: int
    body: bytes = b""
    kind: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def answer_of(outcome: Outcome, request: Seen, given: Incoming, *, session: str = "") -> Answer:
    """A success in the format that the request asks for; its cookie names the session, a new one if there is one."""
    cookie = _cookie(outcome.session or session)
    if outcome.empty:
        return Answer(outcome.status, headers=cookie)
    if outcome.file:
        disposition = ("Content-Disposition", f"inline; filename = {outcome.file}")
        return Answer(outcome.status, outcome.value, "application/octet-stream", (disposition, *cookie))
    kind = _kind(request, given)
    if outcome.text and kind == "application/json" and given.text("format") != "json":
        return Answer(outcome.status, outcome.text.encode(), kind, cookie)
    value = {"result": outcome.value} if given.text("format") == "json" else outcome.value
    return Answer(outcome.status, WRITERS[kind](value).encode("utf-8", "surrogateescape"), kind, cookie)


def refusal(error: Refused) -> Answer:
    """A portal exception."""
    if error.bare:
        return Answer(error.status, error.message.encode(), "text/plain")
    return Answer(error.status, json.dumps(error.message).encode(), "application/json")


def no_route() -> Answer:
    """A wrong path and a wrong verb alike. It says JSON and is none."""
    return Answer(404, b"404 Not Found", "application/json")


def no_login() -> Answer:
    """A guest where a login is needed."""
    return Answer(401, b"You need to log in to use this.")


def bad_token() -> Answer:
    """A JWT that is expired or was signed by somebody else."""
    return Answer(401, b"<html><body><h1>401 Unauthorized</h1><p>Invalid token.</p></body></html>", "text/html")


def crash(gid: int) -> Answer:
    """An ordinary exception inside a call."""
    number = f"eco-{gid}-{uuid.uuid4()}"
    text = f'An unexpected error has occurred. Give this number to your administrator: "{number}"'
    return Answer(500, text.encode(), "text/html")


def breakdown() -> Answer:
    """The portal fell over the request before, or over the format after the call."""
    return Answer(500, b"Internal Server Error", "text/plain")


def python_text(value: Json) -> str:
    """What Python 2 prints: the format of a form post without an Accept header."""
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


def _kind(request: Seen, given: Incoming) -> str:
    """By `format`, else by Accept, else by what was sent."""
    wanted = given.text("format")
    if wanted:
        return _known(FORMATS.get(wanted))
    accept = request.header("accept")
    if accept:
        return _known(_best(accept))
    return "text/plain" if request.content_type in (FORM, MULTIPART) else "application/json"


def _best(accept: str) -> str | None:
    from werkzeug.datastructures import MIMEAccept
    from werkzeug.http import parse_accept_header

    return parse_accept_header(accept, MIMEAccept).best_match(KINDS)


def _known(kind: str | None) -> str:
    if kind is None:
        raise Unreadable("no such format")
    return kind


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
