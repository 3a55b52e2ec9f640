"""All clients are one on the wire: same arguments, same request, or the same refusal."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any

import pytest

from ovcgen.model.api import Operation, Parameter
from ovcgen.model.runtime_specs import wire_operation
from ovcgen.model.schema import Array, Map, Scalar, Schema
from ovcgen.releases.library import Library, bundled
from ovcgen.runtime import operation as wire
from ovcgen.runtime.portal_auth import AuthKey
from ovcgen.workflows.connect import connect
from ovcgen.workflows.connect_async import connect as connect_async
from ovcgen.workflows.resolve import resolve
from tests.asynchronous import blocking
from tests.conftest import imported_sdk

RELEASES = Library(bundled()).releases()

# By kind of parameter: values that are sent, then values that are refused.
GOOD: dict[str, list[Any]] = {
    "string": ["plain", "Žluťoučký kůň & 50% + ?=#", "a" * 300],
    "integer": [0, -1, 2**40],
    "number": [0.5, 1e22, -3],
    "boolean": [False, True],
    "object": [{"users": [{"name": "ž"}]}, "#cloud-config"],
}
BY_RULE: dict[str, list[Any]] = {
    "name": ["web", "Žluťoučký kůň & 50% + ?=#", "a" * 300],
    "username": ["alice", "bob.smith@itsyouonline", "carol-3"],
    "groupname": ["admin", "level1", "a.b_c-d"],
    "password": ["12345678", "lösenord & more", "p" * 60],
    "accesstype": ["R", "XRC", "ARCXDU"],
    "limit": [-1, 5, 1],
    "disk limit": [-1, 10, 500],
    "address limit": [-1, 1, 2],
}
BAD: dict[str, list[Any]] = {
    "string": ["", 3, "\ud800"],
    "integer": ["3", 1.5, True],
    "number": ["x", float("nan"), True],
    "boolean": [1, "true"],
    "object": [[1], 5],
}


class Recorder(ThreadingHTTPServer):
    """Answers `null` to everything and keeps what came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Recording)
        self.requests: list[tuple[Any, ...]] = []


class Recording(BaseHTTPRequestHandler):
    """One connection to the recorder."""

    protocol_version = "HTTP/1.1"
    server: Recorder

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = [(name, value) for name, value in self.headers.items() if name != "User-Agent"]
        self.server.requests.append((self.command, self.path, headers, body))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull")

    do_GET = do_POST


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    with Recorder() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def sdk(release: str) -> Any:
    """The generated package of the release, imported as its users do."""
    return imported_sdk(release)


def kind(schema: Schema) -> str:
    match schema:
        case Scalar(kind):
            return kind
        case Map():
            return "object"
    raise AssertionError(schema)


def good_values(parameter: Parameter, sent: wire.ParameterSpec, turn: int) -> Any:
    """The turn-th value that can be sent; lists have 1, 2 and 0 items."""
    if isinstance(parameter.schema, Array):
        values = GOOD[kind(parameter.schema.items)]
        return [[values[0]], values[:2], [] if not parameter.required else values[:1]][turn % 3]
    if sent.validator in BY_RULE:
        return BY_RULE[sent.validator][turn % 3]
    if sent.choices:
        return sent.choices[turn % len(sent.choices)]
    if sent.bounds != wire.ANY_NUMBER:
        return [sent.bounds[0] or 2, sent.bounds[1] or 1024, sent.bounds[0] or 4][turn % 3]
    values = GOOD[kind(parameter.schema)]
    return values[turn % len(values)]


def left_out(operation: wire.OperationSpec, turn: int) -> set[str]:
    """The keywords that the turn-th choice excludes."""
    chosen = operation.one_of[turn % len(operation.one_of)] if operation.one_of else ()
    return {key for choice in operation.one_of for key in choice} - set(chosen)


def calls(operation: Operation) -> Iterator[dict[str, Any]]:
    """Argument sets: all there is in three turns and two orders, the least, None for the rest, and each wrong value."""
    parameters, sent = operation.parameters, wire_operation(operation)
    wires = {parameter.key: parameter for parameter in sent.parameters}
    for turn in range(3):
        full = {parameter.key: good_values(parameter, wires[parameter.key], turn) for parameter in parameters}
        full = {key: value for key, value in full.items() if key not in left_out(sent, turn)}
        yield full if turn % 2 else dict(reversed(full.items()))
    chosen = {*sent.required, *[key for choice in (*sent.one_of, *sent.any_of)[:1] for key in choice]}
    least = {
        parameter.key: good_values(parameter, wires[parameter.key], 0)
        for parameter in parameters
        if parameter.key in chosen
    }
    yield least
    yield {**{parameter.key: None for parameter in parameters}, **least}
    if operation.tasks:
        yield {**least, "_async": False}
        yield {**least, "_async": "yes"}
    for parameter in parameters[:6]:
        wrong = BAD[kind(parameter.schema)] if not isinstance(parameter.schema, Array) else ["1,2", [None], [""]]
        yield from ({**least, parameter.key: value} for value in wrong)
        yield {**least, parameter.key.upper() + "x": 1}
        yield {key: value for key, value in least.items() if key != parameter.key}


def outcome(recorder: Recorder, portal: Any, operation: Operation, arguments: dict[str, Any]) -> Any:
    """What one client does with a call: the request that arrives, or the error."""
    before = len(recorder.requests)
    method = portal
    for name in operation.dotted.split("."):
        method = getattr(method, name)
    try:
        answer = method(**arguments)
    except (TypeError, ValueError) as error:
        return type(error).__name__, str(error), recorder.requests[before:]
    return answer, recorder.requests[before:]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.* in release:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # a deprecated call is sent all the same
@pytest.mark.parametrize("release", RELEASES)
def test_all_clients_send_the_same_request_or_refuse_alike(release: str, sdk: Any, recorder: Recorder) -> None:
    """Every operation of the release, with right and wrong arguments, through bravado and through the SDK.

    Both are called on an event loop, too.
    """
    url = f"http://127.0.0.1:{recorder.server_port}"
    operations = resolve(release).api.callable_operations
    before = len(recorder.requests)

    with (
        connect(url, auth=AuthKey("s3cret"), release=release) as dynamic,
        sdk.connect(url, auth=sdk.AuthKey("s3cret")) as static,
        blocking(connect_async(url, auth=AuthKey("s3cret"), release=release).in_this_thread()) as asynchronous,
        blocking(import_module(f"{sdk.__name__}.aio").connect(url, auth=sdk.AuthKey("s3cret"))) as asynchronous_static,
    ):
        clients = (static, asynchronous, asynchronous_static)
        different = [
            (operation.dotted, arguments)
            for operation in operations
            for arguments in calls(operation)
            for expected in [outcome(recorder, dynamic, operation, arguments)]
            if any(outcome(recorder, client, operation, arguments) != expected for client in clients)
        ]

    assert different == []
    assert len(recorder.requests) - before > 20 * len(operations)


def test_every_release_has_operations_to_compare() -> None:
    """Six releases, each with all its groups."""
    groups = {release: {operation.group for operation in resolve(release).api.operations} for release in RELEASES}

    assert len(RELEASES) >= 6
    assert set(itertools.chain(*groups.values())) >= {"cloudapi", "cloudbroker", "libcloud", "system"}
