"""Measure the CPU time of commands, each in a new process, relative to `python -c "import click"`.

Run by `make bench`. One line is printed for each command; lower is better. A value is the least user and system time of
several processes. Bytecode is written, as where packages are installed. `first call` fetches the catalog of a portal,
and `second call` finds the catalog in the cache.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import ovcgen

RUNS = 10
PROGRAM = str(Path(sys.executable).with_name("ovcgen"))
CALL = "cloudapi.locations.getUrl"
COMPLETED = "ovcgen call --release 2.4.5 https://portal.example cloudapi.machines.create cl"


def main() -> None:
    """Print the CPU time of each command."""
    with tempfile.TemporaryDirectory() as folder, ovcgen.simulate("2.4.5") as server:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment |= {
            "OVCGEN_CACHE_DIR": folder,
            "OVCGEN_NO_TOKEN_CACHE": "1",
            "OVC_USERNAME": server.username,
            "OVC_PASSWORD": server.password,
        }
        commands = {
            'python -c "import click"': [sys.executable, "-c", "import click"],
            "ovcgen --help": [PROGRAM, "--help"],
            "completion of an argument": [PROGRAM, "completion", "bash", "--line", COMPLETED],
            "second call of a portal": [PROGRAM, "call", server.url, CALL],
            "first call of a portal": [PROGRAM, "call", server.url, CALL, "--refresh"],
        }
        best = dict.fromkeys(commands, float("inf"))
        for number in range(RUNS):
            for name, command in commands.items():
                spent = seconds(command, environment)
                if number:  # the first run writes bytecode and fills the cache
                    best[name] = min(best[name], spent)
    base = best['python -c "import click"']
    for name, spent in best.items():
        print(f"{spent / base:6.3f}  {spent * 1e3:6.2f} ms  {name}")


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Run a command and return the CPU time of its process in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
