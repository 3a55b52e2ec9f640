"""The simulator under load: 10,000 machines in 50 cloudspaces, 50 clients at once. Run by `make bench`.

Times are relative to those of the same run: the slowest of a hundred lists (p99) while nobody else calls, while fifty
clients create machines (each waits for its own) and list them, and while the same fifty list without ever pausing.
The portal is a process of its own. Then its memory, over 100,000 calls.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.simulator.load import CLIENTS, MACHINES, SPACES, clients, lists, percentile, portal, under_load

PAGE = os.sysconf("SC_PAGE_SIZE")


def show(name: str, seconds: float, idle: float) -> None:
    """One line."""
    print(f"{seconds / idle:6.1f}  {seconds * 1e3:7.1f} ms  {name}")


def times() -> None:
    """The slowest of a hundred, three times."""
    with portal(create=1.0) as (told, _), clients(told["url"], told["key"], CLIENTS) as callers:
        lists(callers[0], 50)
        idle = percentile(lists(callers[0], 500), 0.99)
        show(f"machines/list of {MACHINES} machines in {SPACES} cloudspaces, nobody else there: p99", idle, idle)
        busy = percentile(under_load(callers, 10, apart=1 / CLIENTS), 0.99)
        show(f"{CLIENTS} clients create machines, one a second each, and list them: p99 of machines/list", busy, idle)
        full = percentile(under_load(callers, 20), 0.99)
        show(f"{CLIENTS} clients list without a pause, all that the processor can do: p99 of machines/list", full, idle)


def memory() -> None:
    """After each 20,000 calls."""
    with portal(create=0.0) as (told, process), clients(told["url"], told["key"], 1) as (client,):
        for calls in range(0, 100_001, 20_000):
            kilobytes = int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE // 1024
            print(f"{kilobytes / 1024:6.0f} MB after {calls:6} calls")
            for number in range(20_000 if calls < 100_000 else 0):
                client.call("/cloudapi/machines/update", machineId=number % MACHINES + 1, description=f"{number}")


if __name__ == "__main__":
    times()
    if Path("/proc/self/statm").exists():
        memory()
