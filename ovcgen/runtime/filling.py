# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Where the checked values of a call go: into the path, the query, the headers, a form or the body."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import quote, urlencode

from requests import PreparedRequest

from .encoding import encode, encode_for_portal, json_of
from .operation import ASYNC, Operation, Parameter
from .uploads import MULTIPART, Multipart, Upload

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
OURS = ("connection", "content-length", "host", "transfer-encoding")  # say how a request is sent: not the caller's
IN_A_PATH = "/{}-._~!$&'()*+,;=:@%?"

Sent = Iterable[tuple[Parameter, Any]]


def fill(request: PreparedRequest, operation: Operation, sent: Sent, *, as_task: bool) -> None:
    """Write the values into a blank request of that operation."""
    form: list[tuple[str, str]] = []
    query: list[tuple[str, str]] = []
    parts: list[tuple[str, str | Upload]] = []
    headers: list[tuple[str, str]] = []
    fields = encode if operation.plain else encode_for_portal
    for parameter, value in sent:
        match parameter.place:
            case "form" if operation.consumes == MULTIPART:
                parts += [(parameter.name, value)] if isinstance(value, Upload) else encode(parameter, value)
            case "form":
                form += fields(parameter, value)
            case "query":
                query += fields(parameter, value)
            case "header" if parameter.name.lower() in OURS:
                continue
            case "header":
                headers += encode(parameter, value)
            case "path":
                _into_path(request, parameter, value)
            case _:
                _into_body(request, operation, parameter, value)
    if as_task:
        (query if operation.method == "GET" else form).append((ASYNC, "true"))
    if query:
        url = str(request.url)
        request.url = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
    if form:
        _write(request, urlencode(form), FORM)
    if parts:
        multipart = Multipart(parts)
        _stream(request, multipart, multipart.content_type)
    if headers:
        request.headers.update(headers)


def blank_path(operation: Operation) -> str:
    """The path as it stands in a URL, with holes for its parameters; the query that some documents give it stays."""
    return quote(operation.path, safe=IN_A_PATH)


def _into_path(request: PreparedRequest, parameter: Parameter, value: Any) -> None:
    text = encode(parameter, value)[0][1]
    hole = quote("{" + parameter.name + "}", safe=IN_A_PATH)
    request.url = str(request.url).replace(hole, quote(text, safe=""))


def _into_body(request: PreparedRequest, operation: Operation, parameter: Parameter, value: Any) -> None:
    kind = operation.consumes or JSON
    if isinstance(value, Upload):
        _stream(request, value, kind)
    elif parameter.kind == "content" or (parameter.kind == "object" and isinstance(value, str)):
        _write(request, value, kind)
    else:
        _write(request, json_of(value), kind)


def _write(request: PreparedRequest, body: str, kind: str) -> None:
    request.body = body
    request.headers["Content-Type"] = kind
    request.headers["Content-Length"] = str(len(body.encode()))


def _stream(request: PreparedRequest, body: Multipart | Upload, kind: str) -> None:
    """A body that is read while it is sent; in chunks where its length is not known."""
    request.body = cast(Any, body)  # stub packages of requests allow no stream here
    request.headers["Content-Type"] = kind
    request.headers.pop("Content-Length", None)
    how = ("Transfer-Encoding", "chunked") if body.size is None else ("Content-Length", str(body.size))
    request.headers.update([how])
