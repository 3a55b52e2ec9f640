"""Takes secrets out of whatever a user, a log or a recording may get to see."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from requests import PreparedRequest

HIDDEN = "***"
SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization", "set-cookie")
SECRET_FIELDS = frozenset(
    (
        "access_token",
        "authkey",
        "client_secret",
        "confirmpassword",
        "inviteusertoken",
        "newpassword",
        "oldpassword",
        "passwd",
        "password",
        "resettoken",
        "secret",
        "user_login_",
        "validationtoken",
    )
)
_IN_TEXT = re.compile(r"\b(authkey|client_secret|passw(?:or)?d|secret)=([^&\s\"']+)", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """The text with the value of every `authkey=...` and its like hidden."""
    return _IN_TEXT.sub(rf"\1={HIDDEN}", text)


def url_without_secrets(url: str) -> str:
    """The URL without user information, and with secret query values hidden."""
    parts = urlsplit(url)
    query = form_without_secrets(parts.query)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, parts.fragment))


def form_without_secrets(form: str) -> str:
    """A query or a form body with secret values hidden; anything else stays as it is."""
    fields = parse_qsl(form, keep_blank_values=True)
    if not any(name.lower() in SECRET_FIELDS for name, _ in fields):
        return form
    return urlencode([(name, HIDDEN if name.lower() in SECRET_FIELDS else value) for name, value in fields], safe="*")


def request_without_secrets(request: PreparedRequest) -> PreparedRequest:
    """A copy of the request that may be shown to anybody."""
    shown = request.copy()
    shown.url = url_without_secrets(shown.url or "")
    for name in shown.headers:
        if name.lower() in SECRET_HEADERS:
            shown.headers[name] = HIDDEN
    body = shown.body.decode("utf-8", "replace") if isinstance(shown.body, bytes) else shown.body
    shown.body = form_without_secrets(body) if isinstance(body, str) else body
    return shown


class HideSecrets(logging.Filter):
    """urllib3 logs the URL of each request; a GET carries its `authkey` there."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without its secrets."""
        if isinstance(record.args, tuple):
            record.args = tuple(without_secrets(each) if isinstance(each, str) else each for each in record.args)
        return True


def guard_logs() -> None:
    """Make urllib3's log safe; once is enough."""
    logger = logging.getLogger("urllib3.connectionpool")
    if not any(isinstance(each, HideSecrets) for each in logger.filters):
        logger.addFilter(HideSecrets())
