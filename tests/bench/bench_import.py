"""Measure, each in a new process, imports of an SDK and of ovcgen and an SDK's first call, relative to requests.

Run by `make bench`; prints one line for each, lower is better. The fastest of several processes counts. Imports are
timed without the start of Python, the first call with it. Bytecode is written, as it is where packages are installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

GENERATED = Path(__file__).parents[2] / "generated"
RUNS = 25
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PROGRAM = """
import sys, time
sys.path.insert(0, {folder!r})
begun = time.perf_counter()
import {package}
print(time.perf_counter() - begun)
"""
# An unsigned JWT that ends in the year 2100.
TOKEN = "eyJhbGciOiAibm9uZSJ9.eyJleHAiOiA0MTAyNDQ0ODAwfQ.c2ln"
FIRST_CALLS = {
    "requests": """
import requests
session = requests.Session()
session.headers["Authorization"] = "bearer {token}"
session.post("{url}/restmachine/cloudapi/cloudspaces/list", timeout=60).json()
""",
    "openvcloud_2_4_5": """
import sys
sys.path.insert(0, {folder!r})
import openvcloud_2_4_5 as ovc
ovc.connect("{url}", auth=ovc.Bearer("{token}")).cloudapi.cloudspaces.list()
""",
}


class EmptyList(BaseHTTPRequestHandler):
    """A request handler that answers every call with an empty list."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Read the body and answer."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_arguments: object) -> None:
        """Print nothing."""


def main() -> None:
    """Print the time of each import, then that of each first call."""
    imports()
    first_calls()


def imports() -> None:
    """Import each in turn, so that a busy machine is unfair to all alike."""
    packages = {"requests": "", "openvcloud_2_4_5": str(GENERATED / "openvcloud-2.4.5"), "ovcgen": ""}
    best = dict.fromkeys(packages, float("inf"))
    for _ in range(RUNS):
        best = {name: min(best[name], seconds(name, folder)) for name, folder in packages.items()}
    for name, spent in best.items():
        print(f"{spent / best['requests']:6.3f}  {spent * 1e3:6.2f} ms  import {name}")


def first_calls() -> None:
    """Measure processes that connect, make one call and end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), EmptyList)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url, folder = f"http://127.0.0.1:{server.server_port}", str(GENERATED / "openvcloud-2.4.5")
    programs = {name: code.format(url=url, folder=folder, token=TOKEN) for name, code in FIRST_CALLS.items()}
    best = dict.fromkeys(programs, float("inf"))
    for _ in range(RUNS):
        for name, program in programs.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True, env=ENVIRONMENT)
            best[name] = min(best[name], time.perf_counter() - begun)
    server.shutdown()
    for name, spent in best.items():
        print(f"{spent / best['requests']:6.3f}  {spent * 1e3:6.2f} ms  start of Python to first call: {name}")


def seconds(package: str, folder: str) -> float:
    """Seconds that an import takes in a new process; `folder` comes first on the path where it is not empty."""
    program = PROGRAM.format(package=package, folder=folder)
    command = [sys.executable, "-c", program]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout)


if __name__ == "__main__":
    main()
