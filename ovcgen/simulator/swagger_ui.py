"""Serve Swagger UI at `/` in front of a simulated portal or a mock, so that calls can be tried out in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from ovcgen.documents.document import Document
from ovcgen.resources import resource_folder
from ovcgen.simulator.request import Environ

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

HTML = "text/html; charset=utf-8"
ASSETS = {
    "page.css": "text/css; charset=utf-8",
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
ABOUT = '<header id="about">'
TITLE = "<title>Swagger UI"
HINT = "Any value is accepted."
DATA = ("default", "enum", "example", "examples", "schema", "schemas")  # without servers and logins


@dataclass(frozen=True, slots=True)
class About:
    """A record of the text at the top of a Swagger UI page.

    Attributes:
        title: The name of the service, such as `Simulated OpenvCloud 2.4.5`.
        text: One or two sentences.
        logins: The demo logins: (heading, name and value of each credential) pairs.
    """

    title: str
    text: str = ""
    logins: tuple[tuple[str, Mapping[str, str]], ...] = ()

    def html(self) -> str:
        """Return the title, the text and the logins as HTML, with their texts escaped."""
        sections = "".join(_section(heading, values) for heading, values in self.logins)
        details = f'<details><summary>Demo logins</summary><div class="logins">{sections}</div></details>'
        return f"<p><strong>{escape(self.title)}</strong> {escape(self.text)}</p>{details if sections else ''}"


def _section(heading: str, values: Mapping[str, str]) -> str:
    pairs = "".join(f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in values.items())
    return f"<section><h2>{escape(heading)}</h2><dl>{pairs}</dl></section>"


class SwaggerUI:
    """A WSGI application that serves Swagger UI at `path` (GET and HEAD) and passes all other requests to the service.

    The scripts and style sheets of the page are below `/swagger-ui/`.

    Args:
        service: The simulated portal or mock.
        document: Function that returns the document to show. Called once, at the first request for the page.
        about: The text of the page above the document.
        path: The path of the page. It must not be `/` if the service has an operation at `/`.
    """

    def __init__(
        self, service: Application, document: Callable[[], Document], about: About, *, path: str = "/"
    ) -> None:
        self._service, self._document, self._about, self._path = service, document, about, path

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = self._page(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] in ("GET", "HEAD") else None
        if found is None:
            return self._service(environ, start_response)
        kind, content = found
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content))), *SECURITY])
        return [content]

    def _page(self, path: str) -> tuple[str, bytes] | None:
        if path == self._path:
            return HTML, self._index
        folder, _, name = path.rpartition("/")
        if folder != "/swagger-ui" or name not in ASSETS:
            return None
        return ASSETS[name], (resource_folder("templates") / "swagger-ui" / name).read_bytes()

    @cached_property
    def _index(self) -> bytes:
        page = (resource_folder("templates") / "swagger-ui" / "index.html").read_text(encoding="utf-8")
        page = page.replace(TITLE, f"<title>{escape(self._about.title)}").replace(ABOUT, ABOUT + self._about.html())
        return page.replace(PLACE, PLACE + inlined(self._document())).encode("utf-8", "replace")


def of_portal(document: Document) -> Document:
    """Return a copy of a portal's document for Swagger UI: calls go to the server of the page, with a portal's logins.

    Operations that need no login still need none. The extensions (`x-`) of operations are left out. `document` is not
    changed.
    """
    elsewhere = ("host", "schemes", "securityDefinitions", "security")
    kept = {name: value for name, value in document.items() if name not in elsewhere}
    paths = {path: _with_common_security(item) for path, item in document.get("paths", {}).items()}
    return {**kept, "paths": paths, "securityDefinitions": LOGINS, "security": [{name: []} for name in LOGINS]}


def _with_common_security(item: Any) -> Any:
    """Return a path item whose operations have no security of their own, except if they need no login."""
    if not isinstance(item, dict):
        return item
    return {key: _own(value) for key, value in item.items()}


def _own(operation: Any) -> Any:
    """Return an operation without extensions, and without `security` unless that says that no login is needed."""
    if not isinstance(operation, dict):
        return operation
    return {
        key: value
        for key, value in operation.items()
        if not key.startswith("x-") and (key != "security" or value in ([], [{}]))
    }


def of_mock(document: Document, base_path: Callable[[str], str]) -> Document:
    """Return a copy of a mock's document for Swagger UI: calls and logins use only the server of the page.

    Servers have only their path, without duplicates; `host` and `schemes` are left out. OAuth 2 and OpenID Connect
    become a token to paste into the header Authorization. `document` is not changed.

    Args:
        base_path: Function that returns the path of a server's URL.
    """
    return {key: _local(key, value, base_path) for key, value in document.items() if key not in ("host", "schemes")}


def _local(key: str, value: Any, base_path: Callable[[str], str]) -> Any:
    """Return the value of `key` in a document, with servers and logins that use the server of the page only."""
    if key in DATA:
        return value
    if isinstance(value, list):
        if key == "servers":
            return _distinct({"url": base_path(item["url"])} for item in value if _has_text(item, "url"))
        return [_local("", item, base_path) for item in value]
    if not isinstance(value, dict):
        return value
    if key in ("securityDefinitions", "securitySchemes"):
        is_swagger = key == "securityDefinitions"
        return {name: _without_flows(scheme, is_swagger=is_swagger) for name, scheme in value.items()}
    return {name: _local(name, inner, base_path) for name, inner in value.items()}


def _distinct(servers: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [dict(pairs) for pairs in dict.fromkeys(tuple(server.items()) for server in servers)]


def _has_text(value: Any, key: str) -> bool:
    return isinstance(value, dict) and isinstance(value.get(key), str)


def _without_flows(scheme: Any, *, is_swagger: bool) -> Any:
    """Return a security scheme. Logins at another server (OAuth2, OpenID Connect) become a token to paste."""
    kind = scheme.get("type") if isinstance(scheme, dict) else ""
    if kind not in ("oauth2", "openIdConnect"):
        return scheme
    token = {"type": "apiKey", "in": "header", "name": "Authorization"} if is_swagger else {"type": "http"}
    return {**token, **({} if is_swagger else {"scheme": "bearer"}), "description": HINT}


def inlined(value: object) -> str:
    """Return a value as ASCII JSON that is safe inside a script element: it can neither end it nor start a comment."""
    return json.dumps(value, separators=(",", ":")).replace("<", r"\u003c").replace(">", r"\u003e")
