"""The other side of the wire: a server that keeps what it is asked, and bravado-core, which judges it."""

from __future__ import annotations

import copy
import email
import email.policy
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from requests.structures import CaseInsensitiveDict

Server = TypeVar("Server", bound=ThreadingHTTPServer)
BOUNDARY = re.compile(rb"boundary=([0-9a-f]{32})")
JSON = (("Content-Type", "application/json"), ("Content-Length", "4"))


class Received(NamedTuple):
    """One request as it came."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def without_boundary(self) -> Received:
        """The same, with one boundary for all multi-part bodies."""
        headers = tuple(
            (name, re.sub(r"boundary=[0-9a-f]{32}", "boundary=x", value))
            for name, value in self.headers
            if name != "User-Agent"
        )
        found = BOUNDARY.search(dict(self.headers).get("Content-Type", "").encode())
        return self._replace(headers=headers, body=self.body.replace(found.group(1), b"x") if found else self.body)


class Recorder(ThreadingHTTPServer):
    """Answers `null` to everything and keeps what came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Recording)
        self.received: list[Received] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class AnyMethod(BaseHTTPRequestHandler):
    """Hands requests with any method, invented ones too, to `respond`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        """Read the head of a request and respond to it."""
        self.raw_requestline = self.rfile.readline(65537)
        if self.raw_requestline and self.parse_request():
            self.respond()
        else:
            self.close_connection = True

    def respond(self) -> None:
        """Read the body and send a response."""
        raise NotImplementedError


class _Recording(AnyMethod):
    server: Recorder

    def respond(self) -> None:
        """Keep it; the answer to a HEAD has no body."""
        body = self._body()
        self.server.received.append(Received(self.command, self.path, tuple(self.headers.items()), body))
        head = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in JSON) + "\r\n"
        self.wfile.write(head.encode() + (b"" if self.command == "HEAD" else b"null"))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)


@contextmanager
def in_a_thread(server: Server) -> Iterator[Server]:
    """Run a server in a thread of its own until the block ends."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Judge:
    """bravado-core, as a server of that document would use it. Logins are another matter, and left out."""

    def __init__(self, document: Any) -> None:
        from bravado_core.spec import Spec

        own = _understandable(_without_logins(copy.deepcopy(document)))
        config = {"validate_swagger_spec": False, "use_models": False, "validate_requests": True}
        self._spec = Spec.from_dict(own, config=config)
        self._base = str(own.get("basePath") or "").strip("/")

    def objection(self, received: Received, called: Any, _: Any = None) -> str:
        """Return what is wrong with a request for an operation; "" if nothing is."""
        from bravado_core.operation import Operation
        from bravado_core.request import unmarshal_request

        verb, path = received.method.lower(), called.path
        operation = Operation.from_spec(self._spec, path, verb, self._spec.spec_dict["paths"][path][verb])
        filled = _in_path(f"/{self._base}{path}" if self._base else path, received.target)
        if filled is None:
            return f"the path {received.target}"
        try:
            unmarshal_request(_incoming(received, filled, operation), operation)
        except Exception as error:  # noqa: BLE001 - whatever it is, the request was not understood
            return f"{type(error).__name__}: {' '.join(str(error).split())}"
        return ""


def _understandable(value: Any) -> Any:
    """The document without what bravado-core takes amiss.

    It fills in defaults and then objects to their type, knows discriminators by its own models only, and reads no list
    in a list outside of a body.
    """
    if isinstance(value, list):
        return [_understandable(each) for each in value]
    if not isinstance(value, dict):
        return value
    is_parameter = isinstance(value.get("in"), str) and "name" in value
    left_out = {"default"} if is_parameter else {key for key in ("discriminator",) if isinstance(value.get(key), str)}
    plain = {key: _understandable(each) for key, each in value.items() if key not in left_out}
    if is_parameter and isinstance(plain.get("items"), dict) and plain["items"].get("type") == "array":
        plain["items"] = {"type": "string"}
    return plain


def _without_logins(value: Any) -> Any:
    value.pop("securityDefinitions", None)
    for item in value.get("paths", {}).values():
        for body in item.values() if isinstance(item, dict) else ():
            if isinstance(body, dict):
                body.pop("security", None)
    value.pop("security", None)
    return value


def _in_path(shape: str, target: str) -> dict[str, str] | None:
    """The values in a path's holes; None where it is another path."""
    names: list[str] = []

    def hole(found: re.Match[str]) -> str:
        names.append(found.group(1))
        return "([^/&]*?)" if "?" in shape else "([^/]*?)"

    pieces = re.split(r"\{([^{}]+)\}", shape)
    pattern = "".join(
        hole(re.match(r"(.*)", piece, re.DOTALL)) if number % 2 else re.escape(piece)  # type: ignore[arg-type]
        for number, piece in enumerate(pieces)
    )
    pattern += "(?:&.*)?" if "?" in shape else ""
    path = target if "?" in shape else target.partition("?")[0]
    for sent, wanted in ((path, pattern), (unquote(path), pattern)):
        if filled := re.fullmatch(wanted, sent, re.DOTALL):
            return {name: unquote(value) for name, value in zip(names, filled.groups(), strict=True)}
    return None


def _incoming(received: Received, filled: dict[str, str], operation: Any) -> Any:
    """The request in the form that bravado-core takes it in."""
    from bravado_core.request import IncomingRequest

    headers = CaseInsensitiveDict(dict(received.headers))
    form, files = fields_and_files(received, headers.get("Content-Type", ""))
    lists = {param.name for param in operation.params.values() if param.param_spec.get("collectionFormat") == "multi"}

    def fields(found: dict[str, list[str]]) -> dict[str, Any]:
        return {name: values if name in lists else values[-1] for name, values in found.items()}

    class Incoming(IncomingRequest):  # type: ignore[misc]
        path = filled
        query = fields(parse_qs(urlsplit(received.target).query, keep_blank_values=True))

        def json(self, **_: Any) -> Any:
            is_json = "json" in headers.get("Content-Type", "json") or received.body[:1] in b"{["
            return json.loads(received.body) if is_json else received.body.decode("latin-1")

    Incoming.form, Incoming.files, Incoming.headers = fields(form), files, headers
    Incoming.raw_bytes = received.body
    return Incoming()


def fields_and_files(received: Received, kind: str) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """Return the texts of a form by name, and its files; `kind` is the content type of the request."""
    form: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    if kind.startswith("multipart/"):
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        for part in email.message_from_bytes(head + received.body, policy=email.policy.HTTP).iter_parts():
            name = unquote(str(part.get_param("name", header="content-disposition")))
            content = part.get_payload(decode=True)
            if part.get_filename() is not None:
                files[name] = content
            else:
                form.setdefault(name, []).append(content.decode())
    elif "urlencoded" in kind:
        form = parse_qs(received.body.decode(), keep_blank_values=True)
    return form, files
