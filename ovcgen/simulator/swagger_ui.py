"""Serve Swagger UI at `/` in front of a simulated portal, so that calls can be tried out in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from ovcgen.documents.document import Document
from ovcgen.resources import resource_folder
from ovcgen.simulator.request import Environ

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

HTML = "text/html; charset=utf-8"
ASSETS = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "start.js": "text/javascript; charset=utf-8",
}
# Document texts are untrusted: allow only our own scripts, no other servers, and no framing.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)
LOGINS = {
    "authkey": {
        "type": "apiKey",
        "in": "query",
        "name": "authkey",
        "description": "A session key (what `users/authenticate` answers) or a user's own key. "
        "Calling `users/authenticate` on this page is enough, too: the browser keeps the session.",
    },
    "jwt": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A JSON Web Token of the identity provider.",
    },
}
PLACE = '<script type="application/json" id="document">'


class SwaggerUI:
    """A WSGI application that serves Swagger UI at `/` and passes all other requests to the portal."""

    def __init__(self, portal: Application, document: Document) -> None:
        self._portal, self._document = portal, document

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = self._page(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] in ("GET", "HEAD") else None
        if found is None:
            return self._portal(environ, start_response)
        kind, content = found
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content))), *SECURITY])
        return [content]

    def _page(self, path: str) -> tuple[str, bytes] | None:
        if path == "/":
            return HTML, self._index
        folder, _, name = path.rpartition("/")
        if folder != "/swagger-ui" or name not in ASSETS:
            return None
        return ASSETS[name], (resource_folder("templates") / "swagger-ui" / name).read_bytes()

    @cached_property
    def _index(self) -> bytes:
        page = (resource_folder("templates") / "swagger-ui" / "index.html").read_text(encoding="utf-8")
        return page.replace(PLACE, PLACE + inlined(for_swagger_ui(self._document))).encode()


def for_swagger_ui(document: Document) -> Document:
    """Return the document for Swagger UI: calls go to the page's own server, with the logins that a portal accepts."""
    elsewhere = ("host", "schemes", "securityDefinitions", "security")
    kept = {name: value for name, value in document.items() if name not in elsewhere}
    return {**kept, "securityDefinitions": LOGINS, "security": [{name: []} for name in LOGINS]}


def inlined(value: object) -> str:
    """Return a value as ASCII JSON that is safe inside a script element: it can neither end it nor start a comment."""
    return json.dumps(value, separators=(",", ":")).replace("<", r"\u003c").replace(">", r"\u003e")
