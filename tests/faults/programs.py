"""Programs that tests run in a separate process because they fork or make very many calls."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SDK = ROOT / "generated" / "openvcloud-2.4.5"
PATIENCE = 100.0  # seconds for a program to end
OPEN = {
    "sdk": "import openvcloud_2_4_5 as api\ndef connect(url, auth=None): return api.connect(url, auth=auth)\n",
    "runtime": (
        "import ovcgen as api\n"
        "def connect(url, auth=None):\n"
        "    portal = api.connect(url, release='2.4.5', auth=auth)\n"
        "    portal.swagger\n"
        "    return portal\n"
    ),
}
# Children of a process that has made calls, each with answers of its own.
FORKING = """
import os, signal, sys
url, children, calls = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
portal = connect(url)
portal.cloudapi.machines.get(machineId=0)

def child(number):
    for turn in range(calls):
        mine = number * 1000 + turn
        told = portal.cloudapi.machines.get(machineId=mine)
        if told["id"] != mine:
            os.write(2, f"{number} asked for {mine} and got {told['id']}".encode())
            return 1
    return 0

pids = []
for number in range(1, children + 1):
    pid = os.fork()
    if not pid:
        signal.alarm(20)  # a child that got another one's answer may wait for its own for ever
        code = 2
        try:
            code = child(number)
        finally:
            os._exit(code)
    pids.append(pid)
sys.exit(max(abs(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])) for pid in pids))
"""
# A process that forks while one of its threads logs in, and holds the lock of the login.
FORKING_IN_A_LOGIN = """
import os, sys, threading, time
url, provider = sys.argv[1:3]
portal = connect(url, auth=api.ItsYouOnline("id", "secret-of-the-key", url=provider))
thread = threading.Thread(target=lambda: portal.cloudapi.machines.get(machineId=1), daemon=True)
thread.start()
sys.stdin.readline()  # the provider has the request, and does not answer it yet
pid = os.fork()
if not pid:
    code = 2
    try:
        code = int(portal.cloudapi.machines.get(machineId=2)["id"] != 2)
    finally:
        os._exit(code)
deadline = time.monotonic() + 10
while time.monotonic() < deadline:
    found, status = os.waitpid(pid, os.WNOHANG)
    if found:
        sys.exit(os.waitstatus_to_exitcode(status))
    time.sleep(0.02)
os.kill(pid, 9)
sys.exit(3)
"""
# What many calls and many clients leave in memory, in MB: before, and after them.
MANY = """
import gc, sys, warnings
url, calls, clients = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

portal = connect(url)
for turn in range(calls // 5):
    portal.cloudapi.machines.get(machineId=turn)
begun = resident()
for turn in range(calls):
    portal.cloudapi.machines.get(machineId=turn)
called = resident()
for number in range(clients // 5):
    with connect(url) as one:
        one.cloudapi.machines.get(machineId=number)
opened = resident()
for number in range(clients):
    with connect(url) as one:
        one.cloudapi.machines.get(machineId=number)
print(called - begun, resident() - opened)
"""


def command(path: str, program: str, *arguments: object, warnings: str = "default") -> list[str]:
    """Return the command that runs a program with the runtime client or the SDK."""
    return [sys.executable, "-W", warnings, "-c", OPEN[path] + program, *map(str, arguments)]


def environment() -> dict[str, str]:
    """Return the environment variables with which the programs find the SDK."""
    return {**os.environ, "PYTHONPATH": str(SDK)}


def run(path: str, program: str, *arguments: object, warnings: str = "default") -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        command(path, program, *arguments, warnings=warnings),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
