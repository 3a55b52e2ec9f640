"""Read an HTTP request into a frozen value, byte for byte."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

Environ = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A record of an HTTP request as it was received.

    Attributes:
        path: As sent, percent-encoded, without the query.
        query: As sent, without `?`.
        headers: Pairs sorted by name; names are in lower case.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of a header, the first of several; None if it was not sent. Case does not matter."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def without(self, *names: str) -> HttpRequest:
        """Return a copy of the request without these headers (in any case), to compare the requests of two clients."""
        dropped = {name.lower() for name in names}
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0] not in dropped))

    @property
    def is_cross_site(self) -> bool:
        """Return whether a page of another origin made the request, according to Origin or Sec-Fetch-Site.

        Origin decides if it was sent: its host and port are compared with the Host header, the scheme is not. Without
        either header, the result is False.
        """
        origin = self.header("origin")
        if origin is not None:
            return origin.partition("://")[2].lower() != (self.header("host") or "").lower()
        return self.header("sec-fetch-site") in ("cross-site", "same-site")

    @property
    def content_type(self) -> str:
        """Return the media type of the Content-Type header in lower case without parameters; "" if it was not sent."""
        return (self.header("content-type") or "").split(";")[0].strip().lower()


def parts_of(request: HttpRequest) -> tuple[list[tuple[str, str]], list[tuple[str, bytes]]]:
    """Return the fields and the files of a multipart body, as (name, content) pairs in the order of the body.

    A URL-encoded form has fields only. A malformed body, and any other content type, give ([], []).
    """
    from werkzeug.formparser import parse_form_data

    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": request.header("content-type") or "",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": io.BytesIO(request.body),
    }
    _, fields, files = parse_form_data(environ)
    contents = []
    for name, file in files.items(multi=True):
        contents.append((name, file.read()))
        file.close()
    return list(fields.items(multi=True)), contents


def read_request(environ: Environ) -> HttpRequest:
    """Return the request of a WSGI environment. Reads the body from `wsgi.input`; the method becomes upper case."""
    return HttpRequest(
        method=str(environ["REQUEST_METHOD"]).upper(),
        path=_path(environ),
        query=str(environ.get("QUERY_STRING", "")),
        headers=tuple(sorted(_headers(environ))),
        body=_body(environ),
    )


def _path(environ: Environ) -> str:
    sent = str(environ.get("REQUEST_URI", ""))
    if sent.startswith("/"):
        return sent.partition("?")[0]
    if sent:
        return "/" + sent.partition("?")[0].partition("://")[2].partition("/")[2]
    return quote(str(environ.get("PATH_INFO", "")).encode("latin-1"))


def _headers(environ: Environ) -> list[tuple[str, str]]:
    pairs = [(key[5:], value) for key, value in environ.items() if key.startswith("HTTP_")]
    pairs += [(key, environ[key]) for key in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(key)]
    return [(key.replace("_", "-").lower(), str(value)) for key, value in pairs]


def _body(environ: Environ) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    content: bytes = environ["wsgi.input"].read(length) if length else b""
    return content
