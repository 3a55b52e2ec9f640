"""Record a portal's responses for tests without a portal. Secrets are removed before a cassette is written.

    from ovcgen.cassettes import recorder

    with recorder().use_cassette("tests/machines.yaml"):
        ...  # calls of either client

Only a few headers are kept. In requests and responses these are replaced: values under names that mean a secret
(see `runtime.known_secrets`), private keys, JWTs, session ids, and every secret of a login in this process, wherever it
occurs. Requests are matched on their body, too: every call is a POST to a fixed path, so only the body tells the
arguments apart.
"""

from __future__ import annotations

import base64
import codecs
import json
import logging
import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from ovcgen.documents.depth_limit import read_json
from ovcgen.errors import MissingExtra
from ovcgen.runtime.known_secrets import declare_secret, is_plural, is_secret, remember, shared
from ovcgen.runtime.redaction import (
    HIDDEN,
    JWT,
    form_without_secrets,
    secrets_of,
    url_without_secrets,
    without_secrets,
    without_values,
)

REQUEST_HEADERS = ("accept", "content-type")
RESPONSE_HEADERS = ("content-type", "content-disposition", "location")
MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")
PRIVATE_KEY = re.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?(?:-----END \\1-----|$)", re.DOTALL)
SESSION = re.compile("[0-9a-f]{32,}")
# A name and its value in a text that is no JSON: `name: value`, `"name": "value"`, `<name>value</name>`.
NAMED = re.compile(r"""(?P<start>["']?(?P<name>[\w.-]+)["']?[ \t]*:[ \t]*)(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s,}\]]+)""")
ELEMENT = re.compile(r"(?P<start><(?:\w+:)?(?P<name>[\w.-]+)(?:\s[^<>]*)?>)(?P<value>[^<]+)(?=</)")
PART = re.compile(r'(name="([^"\r\n]*)"(?:\r\n[^\r\n]+)*\r\n\r\n)(.*?)(\r\n--)', re.DOTALL)
BOUNDARY = re.compile(r"multipart/.*boundary=([^\s;]+)")
EXPIRES = 4070908800  # 2099: a replayed token is never renewed


def recorder(*, secrets: Iterable[str] = (), **options: Any) -> Any:
    """Return a `vcr.VCR` that records calls into cassettes without secrets.

    It matches requests on method, URL and body, and replaces a cassette in one step when it is saved. From then on,
    vcrpy's log hides whole responses.

    Args:
        secrets: Additional names of fields and headers that hold secrets. They stay registered for the whole process.
        options: Options of `vcr.VCR`, such as `cassette_library_dir` or `record_mode`. They override those of this
            recorder, also those that remove secrets.

    Raises:
        MissingExtra: vcrpy is not installed.
    """
    try:
        import vcr
    except ModuleNotFoundError as error:
        if error.name != "vcr":
            raise
        raise MissingExtra("Recording", "vcrpy", "cassettes") from None
    from ovcgen.recordings.cassette_persister import CassetteFiles

    for name in secrets:
        declare_secret(name, "query")
        declare_secret(name, "header")
    rules = {
        "match_on": MATCH_ON,
        "before_record_request": scrubbed_request,
        "before_record_response": scrubbed_response,
        "decode_compressed_response": True,
    }
    _hide_responses_in_logs()
    made = vcr.VCR(**{**rules, **options})
    made.register_persister(CassetteFiles)
    for kind, serializer in made.serializers.items():
        made.register_serializer(kind, _without_values(serializer))
    return made


class HideResponses(logging.Filter):
    """A log filter that replaces whole responses by `***`; the log records are kept.

    vcrpy logs responses as they came, before secrets are removed.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace responses (dicts) in the arguments of `record` by `***`, in place; return True to keep the record."""
        if isinstance(record.args, tuple):
            record.args = tuple(HIDDEN if isinstance(argument, dict) else argument for argument in record.args)
        return True


def _hide_responses_in_logs() -> None:
    """Add HideResponses to vcrpy's logger, once, as its first filter, because other filters may format the message."""
    filters = logging.getLogger("vcr.cassette").filters
    if not any(isinstance(used, HideResponses) for used in filters):
        filters.insert(0, HideResponses())


def _without_values(serializer: Any) -> Any:
    """Return a vcrpy serializer that also removes all secrets of this process just before a cassette is written.

    A session key is registered as a secret only after the response that contains it has been recorded.
    """

    def serialize(cassette: Any) -> str:
        return _values_hidden(str(serializer.serialize(cassette)))

    return SimpleNamespace(serialize=serialize, deserialize=serializer.deserialize)


def _values_hidden(text: str) -> str:
    """Return the text without any secret of a login in this process."""
    stand_in = _stand_in()  # not a secret: replayed logins return it
    return without_values(text, sorted(set(shared().values) - {stand_in}, key=len, reverse=True))


def _text_hidden(text: str) -> str:
    """Return a text without anything that looks like a secret."""
    text = PRIVATE_KEY.sub(HIDDEN, JWT.sub(_stand_in(), text))
    return _values_hidden(without_secrets(text))


def scrubbed_request(request: Any) -> Any:
    """Remove the secrets from a vcrpy request and return the request, which is changed or a new one.

    Only the headers Accept and Content-Type are kept, an empty body becomes None, and all multipart boundaries become
    the same. The secret values are remembered for the whole process, so that they are removed from responses, too.
    vcrpy calls this for live requests before they are matched, too, so that these are changed in the same way.
    """
    _remember_secrets(request)
    request.uri = _values_hidden(JWT.sub(HIDDEN, url_without_secrets(request.uri)))
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in REQUEST_HEADERS}
    if request.body is None or request.body == b"":
        request.body = None  # as requests says it; httpx2 says b"", and each client replays what the other recorded
        return request
    headers, body = _scrubbed_content(request.headers, _body(request))
    return type(request)(request.method, request.uri, body, headers)


def _remember_secrets(request: Any) -> None:
    """Remember the secret values of a request, since the service may repeat them in its response."""
    body = b"" if request.body is None else _body(request)
    for value in secrets_of(SimpleNamespace(url=request.uri, headers=request.headers, body=body)):  # type: ignore[arg-type,unused-ignore]
        remember(value)


def _body(request: Any) -> bytes:
    """Return the body of a vcrpy request as bytes. The request must have one; vcrpy may give it as an iterator."""
    pieces: list[Any] = [request.body] if isinstance(request.body, bytes) else list(request.body)
    return bytes(pieces) if isinstance(next(iter(pieces), b""), int) else b"".join(pieces)


def _scrubbed_content(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    """Return headers and body without secrets. All multipart boundaries become the same, so that requests match."""
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
    """Return a copy of a vcrpy response without tokens, session keys, passwords, private keys and cookies.

    Only the headers Content-Type, Content-Disposition and Location are kept. A JWT becomes an unsigned one that expires
    in 2099, any other secret text `***`, and a number under a secret name 0. A body without secrets is unchanged, byte
    for byte.
    """
    headers = {name: value for name, value in response["headers"].items() if name.lower() in RESPONSE_HEADERS}
    for name, value in headers.items():
        if name.lower() == "location":
            listed = [_values_hidden(JWT.sub(HIDDEN, url_without_secrets(text))) for text in _listed(value)]
            headers[name] = listed if isinstance(value, list) else listed[0]
    body = _scrubbed_body(response["body"]["string"])
    return {**response, "headers": headers, "body": {"string": body}}


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _scrubbed_body(body: bytes) -> bytes:
    """Return a body without secrets. A body without secrets is returned unchanged, byte for byte."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in body:
        return _unusual_body(body)
    text = body.decode("utf-8", "surrogateescape")
    try:
        value = read_json(text.removeprefix("\ufeff"))
    except ValueError:
        hidden = _text_hidden(ELEMENT.sub(_named_hidden, NAMED.sub(_named_hidden, text)))
        return body if hidden == text else hidden.encode("utf-8", "surrogateescape")
    found = _hidden(value)
    return body if found == value else json.dumps(found).encode()


def _unusual_body(body: bytes) -> bytes:
    """Return a binary or UTF-16 body unchanged, or `***` if it contains a secret."""
    plain = body.replace(b"\0", b"").decode("latin-1")
    changed = _text_hidden(plain) != plain
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = body.decode("utf-16", "replace").encode("utf-8", "replace")
        changed = changed or _scrubbed_body(text) != text
    return HIDDEN.encode() if changed else body


def _named_hidden(found: re.Match[str]) -> str:
    """Return a match with its value hidden if its name means a secret. Quotes are kept."""
    value = found["value"]
    if not is_secret(found["name"]) or value in ("true", "false", "null", "{", "["):
        return found[0]
    quote = value[0] if value[0] in "\"'" else ""
    return f"{found['start']}{quote}{HIDDEN}{quote}"


def _hidden(value: Any, name: str = "") -> Any:
    """Return a JSON value with secrets hidden: values under names that mean a secret, and bare session ids.

    Hidden values keep their type: a number becomes 0. All strings below such a name are hidden.
    """
    match value:
        case dict():
            below = "" if is_plural(name) else name
            return {key: _hidden(member, str(key) if is_secret(str(key)) else below) for key, member in value.items()}
        case list():
            return [_hidden(item, name) for item in value]
        case str():
            return _string_hidden(value, name)
        case int() | float() if name and not isinstance(value, bool) and not is_plural(name):
            return 0
    return value


def _string_hidden(text: str, name: str) -> str:
    """Return a JSON string without secrets. A string that contains JSON is parsed and searched."""
    plain = JWT.sub(_stand_in(), text)
    if name and text:
        return plain if JWT.fullmatch(text) else HIDDEN  # a client needs a token that looks like one
    if SESSION.fullmatch(text):
        return HIDDEN
    if text.lstrip()[:1] in ("{", "["):
        return _scrubbed_body(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    return _text_hidden(plain)


def _stand_in() -> str:
    """Return an unsigned JWT that replaces recorded tokens. It expires in 2099."""
    parts = ({"alg": "none"}, {"exp": EXPIRES})
    written = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*written, "hidden"])
