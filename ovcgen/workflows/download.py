"""Download a document from its address: whole, within a minute, at most as large as documents may be."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import Response
from requests.structures import CaseInsensitiveDict

from ovcgen.documents import LIMIT
from ovcgen.documents.errors import TooLarge
from ovcgen.errors import UsageError
from ovcgen.runtime.adapter import Adapter, checked_url
from ovcgen.runtime.errors import ApiError
from ovcgen.runtime.operation import OperationSpec
from ovcgen.runtime.redaction import url_without_secrets
from ovcgen.runtime.transport import Session

DEADLINE = 60.0  # seconds for a whole document
PIECE = 2**16  # bytes
ACCEPT = "application/json, application/yaml;q=0.9, */*;q=0.5"


class NoDocument(UsageError):
    """An address at which there is something else."""

    def __init__(self, url: str, reason: str, *, fix: str) -> None:
        super().__init__(f"There is no document at {url}: {reason}.", fix=fix)


def download(url: str) -> bytes:
    """Return the bytes at that address, without any login; redirects are not followed.

    Raises:
        ArgumentError: it is no address.
        TransportError: they did not come whole within a minute.
        TooLarge: they are more than a document may have.
        NoDocument: the server refuses, redirects, or answers with a page for people.
    """
    shown, parts = url_without_secrets(url), urlsplit(url)
    root = checked_url(urlunsplit((parts.scheme, parts.netloc, "", "", "")), "a document")
    place = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    operation = OperationSpec("document", "GET", place, answer="file", retry="read", accept=ACCEPT)
    with Session(root, timeout=DEADLINE) as session:
        session.adapter = _LimitedAdapter(root, deadline=time.monotonic() + DEADLINE)
        try:
            response = session.deliver(operation, session.request_for(operation, []))
        except ApiError as error:
            raise _refused(shown, error) from None
    content = response.content
    if len(content) > LIMIT:
        raise TooLarge(shown, LIMIT)
    if "html" in response.headers.get("Content-Type", "") and content.lstrip()[:1] == b"<":
        fix = "Pass the address of the JSON or YAML itself; a portal's catalog is pinned with `ovcgen fetch`."
        raise NoDocument(shown, "it is an HTML page", fix=fix)
    return content


def _refused(url: str, error: ApiError) -> NoDocument:
    location = error.response.headers.get("Location") if error.response is not None else None
    if location and 300 <= error.status < 400:
        told = url_without_secrets(location)
        return NoDocument(url, f"it points to {told}", fix="Pass that address, if you trust it.")
    fix = "Check the address; no login is sent, so save what needs one to a file."
    return NoDocument(url, f"the server answered {error.status}", fix=fix)


class _LimitedAdapter(Adapter):
    """A way to one address that reads at most LIMIT bytes and one more, until the deadline."""

    def __init__(self, url: str, *, deadline: float) -> None:
        super().__init__(url)
        self._deadline = deadline

    def build_response(self, req: Any, resp: Any) -> Response:
        """The answer, as far as it may be read."""
        content = bytearray()
        for piece in resp.stream(PIECE, decode_content=True):
            content += piece
            if time.monotonic() > self._deadline:
                raise TimeoutError(f"no whole document in {DEADLINE:.0f} seconds")
            if len(content) > LIMIT:
                break
        resp.close()
        response = Response()
        response.__setstate__({"_content": bytes(content[: LIMIT + 1])})  # the door that requests leaves to a body
        response.status_code, response.reason = resp.status, resp.reason
        response.headers = CaseInsensitiveDict(resp.headers)
        response.url, response.request = str(req.url), req
        return response
