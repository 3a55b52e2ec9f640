"""CPU time of one call, relative to `requests.Session().post(...).json()`: the same portal, the same five fields.

Run by `make bench`; prints one line a way to call, lower is better. Only the calling thread's time counts.
"""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests

import ovcgen
from ovcgen.runtime.auth import Bearer
from ovcgen.runtime.operation import OperationSpec, ParameterSpec
from ovcgen.runtime.portal import Portal

CALLS, ROUNDS = 200, 20
TOKEN = "eyJhbGciOiJFUzM4NCJ9.eyJ1c2VybmFtZSI6ImEifQ.c2ln"
BODY = json.dumps([{"id": number, "name": f"web-{number}", "status": "RUNNING"} for number in range(5)]).encode()
FORM = {"cloudspaceId": 12, "name": "web-1", "sizeId": 3, "imageId": 7, "disksize": 10}
CREATE = OperationSpec(
    "cloudapi.machines.create",
    "POST",
    "/cloudapi/machines/create",
    tuple(ParameterSpec(name, "string" if name == "name" else "integer", required=True) for name in FORM),
    switches=("_async",),
)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers every POST alike, and keeps the connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Read the form and answer a list."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(BODY)}\r\n\r\n".encode()
            + BODY
        )


@contextmanager
def portal_url() -> Iterator[str]:
    """The address of a portal in a thread."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def seconds(call: Callable[[], object]) -> float:
    """CPU seconds of this thread for one call."""
    begun = time.thread_time()
    for _ in range(CALLS):
        call()
    return (time.thread_time() - begun) / CALLS


def through_requests(url: str) -> Callable[[], object]:
    """What a careful script would write."""
    session = requests.Session()
    session.headers.update({"Authorization": f"bearer {TOKEN}", "Accept": "application/json"})
    return lambda: session.post(f"{url}/restmachine/cloudapi/machines/create", data=FORM, timeout=300).json()


def through_the_adapter(url: str) -> Callable[[], object]:
    """One prepared request, sent again and again without a session's care."""
    session = requests.Session()
    headers = {"Authorization": f"bearer {TOKEN}", "Accept": "application/json"}
    request = requests.Request("POST", f"{url}/restmachine/cloudapi/machines/create", data=FORM, headers=headers)
    prepared, adapter = session.prepare_request(request), session.get_adapter(url)
    return lambda: adapter.send(prepared.copy(), timeout=300).json()


def through_the_runtime(url: str) -> Callable[[], object]:
    """What an SDK's method does."""
    portal = Portal(url, auth=Bearer(TOKEN))
    return lambda: portal.call(CREATE, {**FORM, "_async": False})


def through_bravado(url: str) -> Callable[[], object]:
    """Return a function that makes the call with the runtime client for the document of release 2.4.5."""
    portal = ovcgen.connect(url, release="2.4.5", auth=ovcgen.Bearer(TOKEN))
    return lambda: portal.cloudapi.machines.create(**FORM)


WAYS = {
    "requests.Session().post(...).json()": through_requests,
    "a prepared request, through the adapter": through_the_adapter,
    "Client.call": through_the_runtime,
    "a call of the runtime client, through bravado": through_bravado,
}


def main() -> None:
    """Take turns, so that a busy machine is unfair to all alike; the best round counts."""
    with portal_url() as url:
        calls = {name: way(url) for name, way in WAYS.items()}
        best = dict.fromkeys(calls, float("inf"))
        for _ in range(ROUNDS):
            best = {name: min(best[name], seconds(call)) for name, call in calls.items()}
    baseline = best["requests.Session().post(...).json()"]
    for name, spent in best.items():
        print(f"{spent / baseline:5.2f}  {spent * 1e6:6.0f} us  {name}")


if __name__ == "__main__":
    main()
