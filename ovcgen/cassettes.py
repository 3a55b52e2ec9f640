"""Recordings of what a portal said, for tests without one: scrubbed before they are written, matched on the body too.

    from ovcgen.cassettes import recorder

    with recorder().use_cassette("tests/machines.yaml"):
        ...  # calls of either client

What is kept of headers is a short list; logins, tokens, session keys and passwords are replaced on the way to the file,
in requests and in answers. Every call is a POST to a fixed path, so a recording is only played for the same arguments.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from ovcgen.reading.depths import read_json
from ovcgen.runtime.redaction import HIDDEN, SECRET_FIELDS, form_without_secrets, url_without_secrets

REQUEST_HEADERS = ("accept", "content-type")
RESPONSE_HEADERS = ("content-type", "content-disposition", "location")
MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")
TOKEN = re.compile(rb"eyJ[\w-]+\.[\w-]+\.[\w-]*")
BOUNDARY = re.compile(r"multipart/.*boundary=([^\s;]+)")
EXPIRES = 4070908800  # 2099: a replayed token is never renewed


def recorder(**options: Any) -> Any:
    """A `vcr.VCR` with our rules; `options` are its own, such as `cassette_library_dir` or `record_mode`.

    Needs vcrpy: `pip install ovcgen[cassettes]`.
    """
    import vcr

    rules = {
        "match_on": MATCH_ON,
        "before_record_request": scrubbed_request,
        "before_record_response": scrubbed_response,
        "decode_compressed_response": True,
    }
    return vcr.VCR(**{**rules, **options})


def scrubbed_request(request: Any) -> Any:
    """The request without secrets; also what a live one is compared by."""
    request.uri = url_without_secrets(request.uri)
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in REQUEST_HEADERS}
    if request.body is None:
        return request
    pieces: list[Any] = [request.body] if isinstance(request.body, bytes) else list(request.body)
    body = bytes(pieces) if isinstance(next(iter(pieces), b""), int) else b"".join(pieces)  # vcr may iterate over bytes
    headers, body = _scrubbed_content(request.headers, body)
    return type(request)(request.method, request.uri, body, headers)


def _scrubbed_content(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body without secrets, and with one boundary for all forms in parts: each has a new one."""
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if "json" in kind:
        return headers, _scrubbed_body(body)
    found = BOUNDARY.search(kind)
    if not found:
        return headers, form_without_secrets(body.decode("utf-8", "replace")).encode()
    names = "|".join(map(re.escape, sorted(SECRET_FIELDS)))
    part = re.compile(rf'(name="(?:{names})"\r\n\r\n).*?(\r\n--)'.encode(), re.DOTALL | re.IGNORECASE)
    hidden = part.sub(rb"\1" + HIDDEN.encode() + rb"\2", body).replace(found[1].encode(), b"boundary")
    return {name: value.replace(found[1], "boundary") for name, value in headers.items()}, hidden


def scrubbed_response(response: dict[str, Any]) -> dict[str, Any]:
    """The answer without tokens, session keys, passwords and cookies."""
    headers = {name: value for name, value in response["headers"].items() if name.lower() in RESPONSE_HEADERS}
    body = _scrubbed_body(response["body"]["string"])
    return {**response, "headers": headers, "body": {"string": body}}


def _scrubbed_body(body: bytes) -> bytes:
    plain = TOKEN.sub(_stand_in(), body)
    try:
        value = read_json(plain)
    except ValueError:
        return plain
    hidden = _hidden(value)
    return plain if hidden == value else json.dumps(hidden).encode()


def _hidden(value: Any) -> Any:
    """The value with secrets hidden: what stands under a telling name, and a bare session id."""
    match value:
        case dict():
            return {key: HIDDEN if str(key).lower() in SECRET_FIELDS else _hidden(each) for key, each in value.items()}
        case list():
            return [_hidden(each) for each in value]
        case str() if re.fullmatch(r"[0-9a-f]{32,}", value):
            return HIDDEN
    return value


def _stand_in() -> bytes:
    """A JWT that nobody signed."""
    parts = ({"alg": "none"}, {"exp": EXPIRES})
    return b".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts), b"hidden"])
