"""Download a document by its URL, with a limit on time and size."""

from __future__ import annotations

from urllib.parse import urlunsplit

from ovcgen.documents import LIMIT
from ovcgen.documents.errors import TooLarge
from ovcgen.errors import UsageError
from ovcgen.runtime.adapter import checked_url
from ovcgen.runtime.errors import ApiError, ResponseTooLarge
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.redaction import url_without_secrets
from ovcgen.runtime.session import Session
from ovcgen.runtime.urls import split_url

DEADLINE = 60.0  # seconds for a whole document
ACCEPT = "application/json, application/yaml;q=0.9, */*;q=0.5"


class NoDocument(UsageError):
    """An error: the URL does not serve a document, but an error status, a redirect or an HTML page.

    Args:
        url: The URL, without secrets.
        reason: What it serves, as a phrase such as `it is an HTML page`.
        fix: What to do, as a sentence.
    """

    def __init__(self, url: str, reason: str, *, fix: str) -> None:
        super().__init__(f"There is no document at {url}: {reason}.", fix=fix)


def download(url: str) -> bytes:
    """Download and return the bytes at `url`. No login is sent and redirects are not followed.

    User and password in `url` are refused. The content is not parsed.

    Raises:
        ArgumentError: `url` is not a valid URL.
        TransportError: no complete response within 60 seconds.
        TooLarge: the document is larger than the size limit.
        NoDocument: the server refuses, redirects, or sends an HTML page.
    """
    safe_url, parts = url_without_secrets(url), split_url(url)
    root = checked_url(urlunsplit(parts._replace(path="", query="", fragment="")) or url, "a document")
    place = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    operation = OperationSpec("document", "GET", place, answer="file", retry="read", accept=ACCEPT, plain=True)
    with Session(root, timeout=DEADLINE) as session:
        session.adapter.largest = LIMIT
        try:
            response = session.deliver(operation, session.request_for(operation, []))
        except ApiError as error:
            raise _refused(safe_url, error) from None
        except ResponseTooLarge:
            raise TooLarge(safe_url, LIMIT) from None
    content: bytes = response.content
    if "html" in response.headers.get("Content-Type", "") and content.lstrip()[:1] == b"<":
        fix = "Pass the address of the JSON or YAML itself; a portal's catalog is pinned with `ovcgen fetch`."
        raise NoDocument(safe_url, "it is an HTML page", fix=fix)
    return content


def _refused(url: str, error: ApiError) -> NoDocument:
    """Return the error for a response that is a redirect or an error status."""
    location = error.response.headers.get("Location") if error.response is not None else None
    if location and 300 <= error.status < 400:
        target = url_without_secrets(location)
        return NoDocument(url, f"it points to {target}", fix="Pass that address, if you trust it.")
    fix = "Check the address; no login is sent, so save what needs one to a file."
    return NoDocument(url, f"the server answered {error.status}", fix=fix)
