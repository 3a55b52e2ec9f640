"""Recordings of what a portal said, for tests without one: scrubbed before they are written, matched on the body too.

    from ovcgen.cassettes import recorder

    with recorder().use_cassette("tests/machines.yaml"):
        ...  # calls of either client

What is kept of headers is a short list. Secrets are replaced in requests and in answers: what stands under a telling
name (`runtime.secret_names` says which), private keys, JWTs, session ids, and every secret that a login of this process
holds, wherever it is repeated. Every call is a POST to a fixed path, so a recording is only played for the same
arguments.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_plus

from ovcgen.documents.nesting import read_json
from ovcgen.errors import MissingExtra
from ovcgen.runtime.redaction import HIDDEN, form_without_secrets, url_without_secrets, without_secrets
from ovcgen.runtime.secret_names import declare_secret, is_plural, is_secret, shared

REQUEST_HEADERS = ("accept", "content-type")
RESPONSE_HEADERS = ("content-type", "content-disposition", "location")
MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")
TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
PRIVATE_KEY = re.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?(?:-----END \\1-----|$)", re.DOTALL)
SESSION = re.compile("[0-9a-f]{32,}")
# A name and its value in a text that is no JSON: `name: value`, `"name": "value"`, `<name>value</name>`.
NAMED = re.compile(r"""(?P<start>["']?(?P<name>[\w.-]+)["']?[ \t]*:[ \t]*)(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s,}\]]+)""")
ELEMENT = re.compile(r"(?P<start><(?:\w+:)?(?P<name>[\w.-]+)(?:\s[^<>]*)?>)(?P<value>[^<]+)(?=</)")
PART = re.compile(r'(name="([^"\r\n]*)"(?:\r\n[^\r\n]+)*\r\n\r\n)(.*?)(\r\n--)', re.DOTALL)
BOUNDARY = re.compile(r"multipart/.*boundary=([^\s;]+)")
EXPIRES = 4070908800  # 2099: a replayed token is never renewed


def recorder(*, secrets: Iterable[str] = (), **options: Any) -> Any:
    """A `vcr.VCR` with our rules; `options` are its own, such as `cassette_library_dir` or `record_mode`.

    `secrets` are names of fields and headers that hold secrets although their names do not say so. They stay known
    for the whole process.

    Raises:
        MissingExtra: vcrpy is not installed.
    """
    try:
        import vcr
    except ModuleNotFoundError as error:
        if error.name != "vcr":
            raise
        raise MissingExtra("Recording", "vcrpy", "cassettes") from None

    for name in secrets:
        declare_secret(name, "query")
        declare_secret(name, "header")
    rules = {
        "match_on": MATCH_ON,
        "before_record_request": scrubbed_request,
        "before_record_response": scrubbed_response,
        "decode_compressed_response": True,
    }
    made = vcr.VCR(**{**rules, **options})
    for kind, serializer in made.serializers.items():
        made.register_serializer(kind, _without_values(serializer))
    return made


def _without_values(serializer: Any) -> Any:
    """The serializer of vcrpy, which looks once more for every secret of this process before a cassette is written.

    A session key is only known to be one after the answer that holds it has been recorded.
    """

    def serialize(cassette: Any) -> str:
        return _values_hidden(str(serializer.serialize(cassette)))

    return SimpleNamespace(serialize=serialize, deserialize=serializer.deserialize)


def _values_hidden(text: str) -> str:
    """The text without any secret that a login of this process holds."""
    stand_in = _stand_in()  # a client that plays a recording holds it
    for value in sorted(set(shared().values) - {stand_in}, key=len, reverse=True):
        quoted = json.dumps(value)[1:-1]
        for spelling in {value, quote_plus(value), quoted, quoted.replace("/", "\\/")}:
            text = text.replace(spelling, HIDDEN)
    return text


def _text_hidden(text: str) -> str:
    """A text of any kind without what can be told to be a secret."""
    text = PRIVATE_KEY.sub(HIDDEN, TOKEN.sub(_stand_in(), text))
    return _values_hidden(without_secrets(text))


def scrubbed_request(request: Any) -> Any:
    """The request without secrets; also what a live one is compared by."""
    request.uri = _values_hidden(TOKEN.sub(HIDDEN, url_without_secrets(request.uri)))
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
    text = body.decode("utf-8", "surrogateescape")
    found = BOUNDARY.search(kind)
    if found:
        headers = {name: value.replace(found[1], "boundary") for name, value in headers.items()}
        text = PART.sub(_part_hidden, text.replace(found[1], "boundary"))
    elif "urlencoded" in kind or not kind:
        text = form_without_secrets(text)
    else:
        return headers, _scrubbed_body(body)
    return headers, _text_hidden(text).encode("utf-8", "surrogateescape")


def _part_hidden(found: re.Match[str]) -> str:
    return f"{found[1]}{HIDDEN if is_secret(found[2]) else found[3]}{found[4]}"


def scrubbed_response(response: dict[str, Any]) -> dict[str, Any]:
    """The answer without tokens, session keys, passwords and cookies."""
    headers = {name: value for name, value in response["headers"].items() if name.lower() in RESPONSE_HEADERS}
    for name, value in headers.items():
        if name.lower() == "location":
            listed = [_values_hidden(TOKEN.sub(HIDDEN, url_without_secrets(each))) for each in _listed(value)]
            headers[name] = listed if isinstance(value, list) else listed[0]
    body = _scrubbed_body(response["body"]["string"])
    return {**response, "headers": headers, "body": {"string": body}}


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _scrubbed_body(body: bytes) -> bytes:
    """A body without secrets; what holds none is left as it is, to the byte."""
    text = body.decode("utf-8", "surrogateescape")
    try:
        value = read_json(text.removeprefix("\ufeff"))
    except ValueError:
        hidden = _text_hidden(ELEMENT.sub(_named_hidden, NAMED.sub(_named_hidden, text)))
        return body if hidden == text else hidden.encode("utf-8", "surrogateescape")
    found = _hidden(value)
    return body if found == value else json.dumps(found).encode()


def _named_hidden(found: re.Match[str]) -> str:
    """A value under a telling name, hidden in its quotes."""
    value = found["value"]
    if not is_secret(found["name"]) or value in ("true", "false", "null", "{", "["):
        return found[0]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{found['start']}{quote}{HIDDEN}{quote}"


def _hidden(value: Any, name: str = "") -> Any:
    """A value of JSON with secrets hidden: what stands under a telling name, and a bare session id.

    What is hidden keeps its type: a number becomes 0. Below a telling name every text is hidden.
    """
    match value:
        case dict():
            below = "" if is_plural(name) else name
            return {key: _hidden(each, str(key) if is_secret(str(key)) else below) for key, each in value.items()}
        case list():
            return [_hidden(each, name) for each in value]
        case str():
            return _string_hidden(value, name)
        case int() | float() if name and not isinstance(value, bool) and not is_plural(name):
            return 0
    return value


def _string_hidden(text: str, name: str) -> str:
    """A text of JSON; one that holds JSON itself is searched as such."""
    plain = TOKEN.sub(_stand_in(), text)
    if name and text:
        return plain if TOKEN.fullmatch(text) else HIDDEN  # a client needs a token that looks like one
    if SESSION.fullmatch(text):
        return HIDDEN
    if text.lstrip()[:1] in ("{", "["):
        return _scrubbed_body(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    return _text_hidden(plain)


def _stand_in() -> str:
    """A JWT that nobody signed."""
    parts = ({"alg": "none"}, {"exp": EXPIRES})
    written = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*written, "hidden"])
