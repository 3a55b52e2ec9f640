"""A large portal, and many clients at once: over real sockets, each on its own connection."""

from __future__ import annotations

import http.client
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from ovcgen.simulator import Simulator

MACHINES, SPACES, CLIENTS = 10_000, 50, 50
LIST, CREATE = "/cloudapi/machines/list", "/cloudapi/machines/create"
NUMBERS = itertools.count()  # of machines that are created
BOUND = 300.0  # seconds in which anything ends
PORTAL = """
import json, sys
from ovcgen.workflows.resolve import resolve
from ovcgen.simulator import Pace, running
from tests.simulator.load import fill
resolved = resolve("2.4.5")
with running(resolved.api, pace=Pace(create=float(sys.argv[1]))) as portal:
    fill(portal.simulator)
    print(json.dumps({"url": portal.url, "key": portal.simulator.auth_secrets.portal}), flush=True)
    sys.stdin.read()
"""
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def fill(simulator: Simulator, machines: int = MACHINES, spaces: int = SPACES) -> None:
    """Give the demo's portal so many machines in so many cloudspaces, each with the disks of the first one."""
    state = simulator.state
    space, machine, disks = state.cloudspaces.find(1), state.machines.find(1), state.disks_of(1)
    found = [space, *(state.cloudspaces.add(replace(space, name=f"space{number}")) for number in range(1, spaces))]
    for number in range(1, machines):
        owner = found[number % spaces]
        address = f"192.168.103.{254 - number // spaces}"
        made = state.machines.add(replace(machine, cloudspace_id=owner.id, name=f"machine{number}", address=address))
        for disk in disks:
            state.disks.add(replace(disk, machine_id=made.id))


@dataclass
class Client:
    """One connection, kept alive, and the seconds that its calls took."""

    url: str
    key: str
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def call(self, path: str, **values: Any) -> Any:
        """What a call answers, which must be a success."""
        status, body = self.ask(path, **values)
        if status != 200:
            raise AssertionError(f"{path}: {status} {body[:200]!r}")
        return json.loads(body)

    def ask(self, path: str, **values: Any) -> tuple[int, bytes]:
        """Status and body; the time it took is noted."""
        begun = time.perf_counter()
        self._connection.request(
            "POST", f"/restmachine{path}", urlencode({"authkey": self.key, **values}, doseq=True), FORM
        )
        answer = self._connection.getresponse()
        body = answer.read()
        self.took.append(time.perf_counter() - begun)
        return answer.status, body

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def clients(url: str, key: str, count: int) -> Iterator[list[Client]]:
    """So many of them, each on a connection of its own."""
    made = [Client(url, key) for _ in range(count)]
    try:
        yield made
    finally:
        for client in made:
            client.close()


def at_once(works: list[Callable[[], None]], *, bound: float) -> None:
    """Do all of this at once; whoever is not done after `bound` seconds hangs, and that is an error."""
    pool = ThreadPoolExecutor(len(works))
    doing = [pool.submit(work) for work in works]
    done, hanging = wait(doing, bound)
    pool.shutdown(wait=False)
    if hanging:
        raise AssertionError(f"{len(hanging)} of {len(works)} are not done after {bound:g} seconds")
    for future in done:
        future.result()


@contextmanager
def portal(create: float) -> Iterator[tuple[dict[str, str], int]]:
    """Address and key of a filled portal whose machines take so long, and the number of its process."""
    command = [sys.executable, "-c", PORTAL, str(create)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdin is None:
            raise RuntimeError("no pipes")
        yield json.loads(process.stdout.readline()), process.pid
        process.stdin.close()


def lists(client: Client, times: int, pause: Callable[[], Any] = lambda: None) -> list[float]:
    """How long lists of all cloudspaces in turn take this client."""
    took = []
    for number in range(times):
        pause()
        client.call(LIST, cloudspaceId=number % SPACES + 1)
        took.append(client.took[-1])
    return took


def under_load(callers: list[Client], rounds: int, *, apart: float = 0.0) -> list[float]:
    """How long the lists of all these clients take while all of them work.

    Those that come a moment `apart` each create a machine, and wait for it, before each list. Without it they do
    nothing but list, all at the same time.
    """
    took: list[float] = []

    def create(client: Client) -> None:
        number = next(NUMBERS)
        given = {"cloudspaceId": number % SPACES + 1, "name": f"new{number}", "sizeId": 1, "imageId": 1, "disksize": 10}
        client.call(CREATE, **given)

    def work(place: int, client: Client) -> None:
        time.sleep(place * apart)
        took.extend(lists(client, rounds, (lambda: create(client)) if apart else (lambda: None)))

    at_once([partial(work, place, client) for place, client in enumerate(callers)], bound=BOUND)
    return took


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
