"""Remove secrets from messages, logs, responses and recordings."""

from __future__ import annotations

import json
import logging
import re
import traceback
from base64 import b64decode
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlencode, urlsplit, urlunsplit

from .known_secrets import KEPT, is_plural, is_secret, is_secret_header, remember, shared
from .media_types import plain_type, text_in
from .typeguards import is_dict, is_list

if TYPE_CHECKING:
    from requests import PreparedRequest, Response  # type: ignore[import-untyped,unused-ignore]

HIDDEN = "***"
SHORTEST = 5  # characters; shorter secrets are not searched for, since they occur inside of other words
FIELD = re.compile(r"(?<![\w%.+-])([\w%.+-]+)=")
QUOTE = r"\\{0,3}(?:[\"'`]|&(?:quot|apos|#0*(?:34|39|96)|#[xX]0*(?:22|27|60));)"
FIELD_VALUE = re.compile(
    rf"(?P<quote>{QUOTE})(?!(?P=quote))(?P<quoted>(?:\\.|[^\\\n])+?)(?=(?P=quote))"
    rf"|(?:{QUOTE})?(?P<plain>(?!\*{{3}}(?!\w))[^&\s\"']+)"  # not one that is hidden already
)
JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)")
JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
KEY_ALONE = re.compile(r"\s*\"?(?:[0-9a-fA-F]{24,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\"?\s*")
LONGEST = 1_000_000  # characters of a refused request's response that are kept
ROUNDS = 3  # times that a text is unescaped to look for a secret: a page may show JSON that holds a URL
LOGGED = ("urllib3", "requests", "bravado", "bravado_core", "vcr")  # packages whose logs show requests
SENDING = ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry", "urllib3.response")


class Secret:
    """A text that is hidden in reprs, logs and the locals of a traceback.

    It can't be pickled, and `copy.copy` returns the same object. Its text is remembered in the process, so that logs
    and recordings hide it too; see `known_secrets.remember`.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        remember(text)

    def __repr__(self) -> str:
        return HIDDEN

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "A login can't be pickled, since its secret would be readable in the result. "
            "Create the login in the process that uses it, for example with from_env()."
        )

    def reveal(self) -> str:
        """Return the text itself, for the code that sends it."""
        return self._text


def without_secrets(text: str) -> str:
    """Return the text with the values of secret fields (`authkey=...`) replaced by `***`, whatever they are.

    `is_secret` decides by the field's name. A value in quotes, which may be escaped for JSON or HTML, ends at the same
    quote; any other one at `&`, a quote or whitespace. A field may stand in the value of another one, as in
    `url=/?authkey=...`.
    """
    kept: list[str] = []
    position = 0
    for field in FIELD.finditer(text):
        if field.start() < position or not is_secret(unquote_plus(field[1])):
            continue
        if value := FIELD_VALUE.match(text, field.end()):
            kept.append(f"{text[position : value.start(value.lastgroup or 0)]}{HIDDEN}")
            position = value.end()
    return "".join([*kept, text[position:]])


def url_without_secrets(url: str) -> str:
    """Return the URL without user information, and with its fragment and secret query values replaced by `***`.

    In a text that is no URL with a host, everything up to the last `@` and from the first `#` on is left out.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = None
    if parts is None or not parts.netloc:  # not a URL
        return without_secrets(url.rpartition("@")[2].partition("#")[0])
    query = form_without_secrets(parts.query)
    fragment = HIDDEN if parts.fragment else ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, fragment))


def form_without_secrets(form: str) -> str:
    """Return a query or URL-encoded form with the values of secret fields replaced by `***`.

    `is_secret` decides by the field's name. A text without secret fields is returned unchanged; else its fields are
    encoded anew.
    """
    fields = parse_qsl(form, keep_blank_values=True)
    if not any(is_secret(name) for name, _ in fields):
        return form
    return urlencode([(name, HIDDEN if is_secret(name) else value) for name, value in fields], safe="*")


def secrets_of(request: PreparedRequest) -> list[str]:
    """Return the secret values that a request contains, each once, the longest first.

    They are the token of Authorization, cookies, and values under secret names in headers, the query, a form or a JSON
    body. Values of fewer than 5 characters are left out: they occur inside of other words.
    """
    sent = f"{urlsplit(request.url or '').query}&{_text(request.body)}"
    scheme, _, token = _header(request, "Authorization").partition(" ")
    fields = [*parse_qsl(sent), *getattr(request.body, "fields", ())]
    found = [token, *(value for name, value in fields if is_secret(name))]
    found += [value for name, value in request.headers.items() if is_secret_header(name)]
    cookies = [pair.partition("=")[2] for pair in _header(request, "Cookie").split("; ")]
    found += [value for cookie in cookies for value in (cookie, unquote(cookie))]
    found += _inside_basic(token) if scheme.lower() == "basic" else []
    found += _inside_json(request)
    return sorted({value for value in found if len(value) >= SHORTEST}, key=lambda value: (-len(value), value))


def _inside_json(request: PreparedRequest) -> list[str]:
    """Return the strings and numbers under secret names in a JSON body; [] if the body is not JSON."""
    if "json" not in _header(request, "Content-Type").lower():
        return []
    try:
        return list(_values_of_secrets(json.loads(_text(request.body))))
    except (ValueError, RecursionError):
        return []


def _values_of_secrets(value: Any, *, secret: bool = False) -> Iterator[str]:
    """Yield the strings and numbers of a JSON value that stand under secret names."""
    if is_dict(value):
        for name, inner in value.items():
            yield from _values_of_secrets(inner, secret=is_secret(name) or (secret and not is_plural(name)))
    elif is_list(value):
        for inner in value:
            yield from _values_of_secrets(inner, secret=secret)
    elif secret and isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield str(value)


def _inside_basic(pair: str) -> list[str]:
    """Return the password of a Basic header, also form-decoded as OAuth 2 writes it; [] if unreadable."""
    try:
        _, _, password = b64decode(pair).decode().partition(":")
    except ValueError:
        return []
    return [password, unquote_plus(password)]


@lru_cache(maxsize=KEPT)
def _spellings(secret: str) -> tuple[str, ...]:
    """Return a secret as it is, and as it is written in URLs, in JSON and in HTML; the longest first."""
    import html  # only errors need it

    found = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    found |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    found |= {written.replace("/", "\\/") for written in found}
    escaped = html.escape(secret)
    found |= {escaped, escaped.replace("&#x27;", "&#39;").replace("&quot;", "&#34;"), html.escape(secret, quote=False)}
    return tuple(sorted(found, key=len, reverse=True))


def without_values(text: str, secrets: Collection[str]) -> str:
    """Return the text with these secrets replaced by `***`, as they are usually written in texts, URLs, JSON and HTML.

    Unusual spellings stay: see `hide`.
    """
    for secret in secrets:
        for written in _spellings(secret):
            text = text.replace(written, HIDDEN)
    return text


def hide(text: str, secrets: Collection[str]) -> str:
    """Return the text with these secrets replaced by `***`, in whatever spelling.

    If a secret is written in a way that can't be replaced in its place, such as with needless escapes, the result is
    only `***`.
    """
    if not secrets:
        return text
    text = without_values(text, secrets)
    return HIDDEN if any(secret in plain for plain in _unescaped(text) for secret in secrets) else text


def _unescaped(text: str) -> set[str]:
    """Return the text without NUL characters, and with its escapes of HTML, URLs and JSON removed in any order."""
    import html  # only errors need it

    found = newest = {text.replace("\0", "")}
    for _ in range(ROUNDS):
        newest = {
            remove(plain) for plain in newest for remove in (html.unescape, unquote, _without_json_escapes)
        } - found
        found = found | newest
    return found


def _without_json_escapes(text: str) -> str:
    return JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)


def clean(response: Response) -> None:
    """Replace secrets by `***` in the response to a refused request, and in the request that it refers to.

    Secrets are those of the request and all logins of this process, in any charset and spelling, JWTs, values under
    secret names in JSON, and a body that consists of a key alone: some services send a session key with a refusal. A
    body is cut after 1,000,000 characters.
    """
    signed = response.request
    known = [*secrets_of(signed), *shared().values]
    kind = _header(response, "Content-Type")
    text = text_in(response.content, kind)[:LONGEST]
    hidden = _json_hidden(JWT.sub(HIDDEN, hide(text, known)))
    otherwise = (response.content.decode(charset, "replace")[:LONGEST] for charset in ("utf-8", "latin-1"))
    if KEY_ALONE.fullmatch(hidden) or (hidden == text and any(hide(other, known) != other for other in otherwise)):
        hidden = HIDDEN  # the second: the charset that the service declares is not that of the body
    if hidden != text or len(response.content) > LONGEST:
        set_content(response, hidden.encode("utf-8", "replace"))
        response.encoding = "utf-8"
        if "charset" in kind.lower():
            response.headers["Content-Type"] = f"{plain_type(kind)}; charset=utf-8"
    for name, value in response.headers.items():
        response.headers[name] = HIDDEN if is_secret_header(name) else hide(value, known)
    response.url = url_without_secrets(response.url)
    response.request = request_without_secrets(signed)


def _json_hidden(text: str) -> str:
    """Return a text that is a JSON object with the values under secret names hidden; other texts unchanged."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        found = [value for value in _values_of_secrets(json.loads(text)) if len(value) >= SHORTEST]
    except (ValueError, RecursionError):
        return text
    return hide(text, found)


def set_content(response: Response, content: bytes) -> None:
    """Set the body of a response of requests in place, as if it had been read completely."""
    # requests has no public API for this, and its stub packages do not know `__setstate__`
    response.__dict__.update(_content=content, _content_consumed=True)


def request_without_secrets(request: PreparedRequest) -> PreparedRequest:
    """Return a copy of the request without secrets: in its URL, in headers with secret names, and in its body.

    A body that is not a URL-encoded form is replaced by `***` completely. `request` is not changed.
    """
    shown = request.copy()
    shown.url = url_without_secrets(shown.url or "")
    for name in shown.headers:
        if is_secret_header(name):
            shown.headers[name] = HIDDEN
    if shown.body:
        is_form = "urlencoded" in _header(shown, "Content-Type")
        shown.body = form_without_secrets(_text(shown.body)) if is_form else HIDDEN
    return shown


def _header(message: PreparedRequest | Response, name: str) -> str:
    return str(message.headers.get(name, ""))


def _text(body: object) -> str:
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")


class HideSecrets(logging.Filter):
    """A log filter that hides secrets in messages and tracebacks: urllib3 logs URLs, and a GET may have an `authkey`.

    Hidden are values of secret fields, JWTs, and the secrets of all logins of this process.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide the secrets in the record's message and traceback. Always returns True: every record is kept."""
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden_argument(argument) for argument in record.args)
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # its arguments do not fit its message: logging itself reports that
            return True
        hidden = _hidden_everywhere(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[1] is not None:
            shown = "".join(traceback.format_exception(record.exc_info[1]))
            hidden = _hidden_everywhere(shown)
            if hidden != shown:
                record.exc_info, record.exc_text = None, hidden.rstrip()
        return True


def _hidden_argument(argument: Any) -> Any:
    """Return an argument of a log record; its text without secrets if it is a text or an error that has some."""
    if not isinstance(argument, (str, BaseException)):
        return argument
    text = str(argument)
    hidden = _hidden_everywhere(text)
    return argument if hidden == text else hidden


def _hidden_everywhere(text: str) -> str:
    """Return a text without values of secret fields, JWTs and the secrets of the logins of this process."""
    return hide(JWT.sub(HIDDEN, without_secrets(text)), shared().values)


def guard_logs() -> None:
    """Install HideSecrets on the existing loggers that show requests, unless it is installed already.

    They are those of urllib3, requests, bravado, bravado_core and vcr.
    """
    known = [name for name in list(logging.root.manager.loggerDict) if name.partition(".")[0] in LOGGED]
    for name in dict.fromkeys((*SENDING, *known)):
        add_log_filter(name, HideSecrets)


def add_log_filter(name: str, kind: type[logging.Filter]) -> None:
    """Add a filter of that class to the logger `name`, unless it has one already."""
    logger = logging.getLogger(name)
    if not any(isinstance(filter_, kind) for filter_ in logger.filters):
        logger.addFilter(kind())
