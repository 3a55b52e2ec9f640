"""Write a curl command whose request to a mock succeeds, as a first example for the user."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ovcgen.model.api import Operation, Parameter, SecurityDefinition
from ovcgen.model.resolve import Resolver
from ovcgen.runtime.media_types import is_json
from ovcgen.simulator.mock.path_index import base_paths
from ovcgen.simulator.mock.sample_bodies import BodySamples
from ovcgen.simulator.mock.wsgi_application import MockService
from ovcgen.simulator.request import HttpRequest

MOST = 100  # operations that are tried
LONGEST = 400  # characters of a command
INVENTED = "invented"  # every key and token
METHODS = ("GET", "POST", "PUT", "PATCH")


@dataclass
class _Parts:
    """The parts of an HTTP request."""

    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @property
    def target(self) -> str:
        fields = "&".join(f"{quote(name)}={quote(value)}" for name, value in self.query)
        return f"{self.path}{'?' if fields and '?' not in self.path else '&' if fields else ''}{fields}"


def first_call(mock: MockService, *, variable: str) -> str:
    """Return a curl command whose request to the mock succeeds; "" if none is found.

    A GET request with few required parameters is preferred, then POST, PUT and PATCH; of these, 100 operations are
    tried. The command has at most 400 characters and only required parameters. The mock is asked in this process, and
    its log stays empty. The values of parameters satisfy their schemas; keys and tokens are invented. In the command,
    the address of the mock is the shell variable `variable`.
    """
    ordered = sorted(
        (operation for operation in mock.api.operations if operation.method in METHODS),
        key=lambda operation: (
            METHODS.index(operation.method),
            sum(one.required for one in operation.parameters),
            operation.path,
        ),
    )
    for operation in ordered[:MOST]:
        for parts in _parts(operation, mock):
            command = _curl(operation, parts, variable)
            if len(command) <= LONGEST and _succeeds(mock, operation, parts):
                return command
    return ""


def _succeeds(mock: MockService, operation: Operation, parts: _Parts) -> bool:
    path, _, query = parts.target.partition("?")
    headers = tuple(sorted((name.lower(), value) for name, value in parts.headers))
    request = HttpRequest(operation.method, path, query, headers, parts.body.encode())
    return 200 <= mock.answer(request).status < 300


def _curl(operation: Operation, parts: _Parts, variable: str) -> str:
    words = ["curl", *(["-X", operation.method] if operation.method not in ("GET", "POST") else [])]
    words += [word for name, value in parts.headers for word in ("-H", f"{name}: {value}")]
    words += ["-d", parts.body] if parts.body else ["-d", ""] if operation.method == "POST" else []
    return " ".join([*map(shlex.quote, words), f'"${variable}"{shlex.quote(parts.target)}'])


def _parts(operation: Operation, mock: MockService) -> Iterator[_Parts]:
    """Yield one request to an operation, with all required parameters; nothing if one of them can't be written."""
    samples = BodySamples(Resolver(mock.api.schemas), is_request=True)
    found = _Parts(base_paths(operation, mock.api)[0].rstrip("/") + operation.called_path)
    for parameter in operation.parameters:
        if not parameter.required or parameter.login:
            continue
        value = samples.body(parameter.schema)
        if not _add(found, parameter, value):
            return
    schemes = {scheme.name: scheme for scheme in mock.api.security_definitions}
    for name, _ in operation.security[0] if operation.security else ():
        if name in schemes:
            _add_login(found, schemes[name])
    yield found


def _add(parts: _Parts, parameter: Parameter, value: Any) -> bool:
    """Add a parameter to a request. Return whether the value of the parameter could be written."""
    if parameter.location == "body":
        kind = parameter.contents[0].media_type if parameter.contents else "application/json"
        parts.body = json.dumps(value)
        parts.headers.append(("Content-Type", kind))
        return is_json(kind)
    items = value if isinstance(value, list) else [value]
    if isinstance(value, dict) or any(isinstance(item, dict | list) for item in items) or parameter.content_type:
        return False
    text = ",".join(item if isinstance(item, str) else json.dumps(item) for item in items)
    match parameter.location:
        case "path":
            parts.path = parts.path.replace(f"{{{parameter.name}}}", quote(text, safe=""))
            return bool(text) and parameter.style in ("", "simple")
        case "query":
            parts.query.append((parameter.name, text))
        case "header":
            parts.headers.append((parameter.name, text))
        case _:
            return False
    return True


def _add_login(parts: _Parts, scheme: SecurityDefinition) -> None:
    if scheme.kind == "apiKey" and scheme.location == "query":
        parts.query.append((scheme.parameter or "", INVENTED))
    elif scheme.kind == "apiKey":
        header, value = scheme.parameter or "", INVENTED
        parts.headers.append((header, value) if scheme.location == "header" else ("Cookie", f"{header}={value}"))
    elif scheme.kind != "mutualTLS":
        kinds = {"basic": "Basic", "http": scheme.http_scheme.title()}
        parts.headers.append(("Authorization", f"{kinds.get(scheme.kind, 'Bearer')} {INVENTED}"))
