# mypy: allow-subclassing-any, disable-error-code="import-untyped"
"""Remove secrets from messages, logs, responses and recordings."""

from __future__ import annotations

import json
import logging
import re
from base64 import b64decode
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote_plus, unquote_plus, urlencode, urlsplit, urlunsplit

from .secret_names import is_secret, is_secret_header, remember

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

HIDDEN = "***"
SHORTEST = 5  # characters; shorter secrets are not searched for, since they occur inside of other words
IN_TEXT = re.compile(r"(?<![\w%.+-])([\w%.+-]+)=([^&\s\"']+)")


class Secret:
    """A text that is hidden in reprs, logs and the locals of a traceback."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        remember(text)

    def __repr__(self) -> str:
        return HIDDEN

    def reveal(self) -> str:
        """Return the text itself, for the code that sends it."""
        return self._text


def without_secrets(text: str) -> str:
    """Return the text with the values of secret fields (`authkey=...`) replaced by `***`."""
    return IN_TEXT.sub(lambda found: f"{found[1]}={HIDDEN}" if is_secret(unquote_plus(found[1])) else found[0], text)


def url_without_secrets(url: str) -> str:
    """Return the URL without user information, and with secret query values replaced by `***`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = None
    if parts is None or not parts.netloc:  # not a URL
        return without_secrets(url.rpartition("@")[2])
    query = form_without_secrets(parts.query)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, parts.fragment))


def form_without_secrets(form: str) -> str:
    """Return a query or URL-encoded form with secret values replaced by `***`; other texts unchanged."""
    fields = parse_qsl(form, keep_blank_values=True)
    if not any(is_secret(name) for name, _ in fields):
        return form
    return urlencode([(name, HIDDEN if is_secret(name) else value) for name, value in fields], safe="*")


def secrets_of(request: PreparedRequest) -> list[str]:
    """Return the secret values that a request contains, also in URL-encoded and JSON-escaped form.

    Values of fewer than 5 characters are left out: they occur inside of other words.
    """
    sent = f"{urlsplit(request.url or '').query}&{_text(request.body)}"
    scheme, _, token = str(request.headers.get("Authorization", "")).partition(" ")
    fields = [*parse_qsl(sent), *getattr(request.body, "fields", ())]
    found = [token, *(value for name, value in fields if is_secret(name))]
    found += [value for name, value in request.headers.items() if is_secret_header(name)]
    found += _inside_basic(token) if scheme.lower() == "basic" else []
    return list(dict.fromkeys(written for each in found if len(each) >= SHORTEST for written in _spellings(each)))


def _inside_basic(pair: str) -> list[str]:
    """Return the password of a Basic header, also form-decoded as OAuth 2 writes it; [] if unreadable."""
    try:
        _, _, password = b64decode(pair).decode().partition(":")
    except ValueError:
        return []
    return [password, unquote_plus(password)]


def _spellings(secret: str) -> list[str]:
    """Return a secret as it is, URL-encoded, and in the two ways in which JSON escapes it."""
    quoted = json.dumps(secret)[1:-1]
    return [secret, quote_plus(secret), quoted, quoted.replace("/", "\\/")]


def clean(response: Response) -> None:
    """Replace the secrets of a response's request by `***`, in the response and in the request it refers to."""
    signed = response.request
    for secret in secrets_of(signed):
        content = response.content.replace(secret.encode(), HIDDEN.encode())
        set_content(response, content)
        for name, value in response.headers.items():
            response.headers[name] = value.replace(secret, HIDDEN)
    response.url = url_without_secrets(response.url)
    response.request = request_without_secrets(signed)


def set_content(response: Response, content: bytes) -> None:
    """Set the body of a response, as if it had been read completely."""
    # requests has no public API for this, and its stub packages do not know `__setstate__`
    response.__dict__.update(_content=content, _content_consumed=True)


def request_without_secrets(request: PreparedRequest) -> PreparedRequest:
    """Return a copy of the request without secrets. A body that is not a URL-encoded form is hidden completely."""
    shown = request.copy()
    shown.url = url_without_secrets(shown.url or "")
    for name in shown.headers:
        if is_secret_header(name):
            shown.headers[name] = HIDDEN
    if shown.body:
        is_form = "urlencoded" in str(shown.headers.get("Content-Type", ""))
        shown.body = form_without_secrets(_text(shown.body)) if is_form else HIDDEN
    return shown


def _text(body: object) -> str:
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")


class HideSecrets(logging.Filter):
    """A log filter that hides secrets in URLs: urllib3 logs them, and a GET carries its `authkey` there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Hide the secrets in the record's arguments. Always returns True: every record is kept."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_secrets(argument) if isinstance(argument, str) else argument for argument in record.args
            )
        return True


def guard_logs() -> None:
    """Install HideSecrets on urllib3's logger, unless it is installed already."""
    logger = logging.getLogger("urllib3.connectionpool")
    if not any(isinstance(filter_, HideSecrets) for filter_ in logger.filters):
        logger.addFilter(HideSecrets())
