"""What is left of a portal that was killed in the middle of its work: all that it has answered."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.simulator.load import CREATE, Client

ROOT = Path(__file__).parents[2]
CLIENTS, ANSWERED = 16, 75
PORTAL = """
import json, sys
from pathlib import Path
from ovcgen.workflows.resolve import resolve
from ovcgen.simulator import running
resolved = resolve("2.4.5")
with running(resolved.api, state_file=Path(sys.argv[1])) as portal:
    machines = [machine.id for machine in portal.simulator.state.machines]
    told = {"url": portal.url, "key": portal.simulator.auth_secrets.portal, "machines": machines}
    print(json.dumps({**told, "disks": len(portal.simulator.state.disks)}), flush=True)
    sys.stdin.read()
"""


@contextmanager
def portal(file):
    """A portal in a process of its own, with that state file, and what it told."""
    process = subprocess.Popen(
        [sys.executable, "-c", PORTAL, str(file)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield process, json.loads(process.stdout.readline())
        process.stdin.close()


def new(name):
    """What a machine is made of."""
    return {"cloudspaceId": 1, "name": name, "sizeId": 1, "imageId": 1, "disksize": 10}


def killed_in_a_burst(file, burst):
    """The ids that were answered until the portal was killed while all these clients created machines."""
    answered = []
    with portal(file) as (process, told):

        def create(number):
            client = Client(told["url"], told["key"])
            with suppress(OSError, HTTPException):  # it has been killed
                for turn in range(1000):
                    answered.append(client.call(CREATE, **new(f"burst{burst}-client{number}-{turn}")))
                    if len(answered) == ANSWERED:
                        os.kill(process.pid, signal.SIGKILL)
            client.close()

        threads = [threading.Thread(target=create, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        process.wait(10)
    return answered


@pytest.mark.slow
def test_what_was_answered_is_there_after_a_kill(tmp_path):
    """Every id, each once, whole; and numbers go on behind them. A second kill changes nothing about that."""
    file, answered = tmp_path / "portal.state", [1]
    for burst in range(2):
        answered += killed_in_a_burst(file, burst)

        with portal(file) as (_, told):
            assert len(answered) == len(set(answered))
            assert set(answered) <= set(told["machines"])
            assert len(told["machines"]) == len(set(told["machines"]))
            assert told["disks"] == 2 * len(told["machines"])
            client = Client(told["url"], told["key"])
            answered.append(client.call(CREATE, **new(f"after{burst}")))
            client.close()
            assert answered[-1] > max(told["machines"])
