"""Measure how soon editors complete names of an SDK of 1,000 operations: jedi and pyright's language server.

Run by `make bench`; prints a line for each place where names are completed. jedi answers in a new process and keeps the
trees of modules that it has read, so only the first line has the standard library's. A server of pyright (basedpyright)
has read a file with the same imports before. Its first answer also reads the whole standard library, whatever the SDK:
the line of an empty module shows how long that takes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench_generate import GENERATE, document
from tests.language_server import LanguageServer, pyright_server

OPERATIONS = 1000
PLACES = ("empty.", "types.", "client.", "client.tag3.")
OPENING = """import empty
import wide_1000_1 as api
from wide_1000_1 import types
client = api.connect("https://wide.example")
"""
JEDI = """
import sys, time
from pathlib import Path
import jedi, parso.cache
parso.cache._default_cache_path = Path(sys.argv[1])
project = jedi.Project(sys.argv[1], added_sys_path=[sys.argv[2]], smart_sys_path=False)
for code in sys.argv[3:]:
    begun = time.perf_counter()
    jedi.Script(code, project=project).complete()
    print(time.perf_counter() - begun)
"""


def main() -> None:
    """Generate the SDK, then complete each name twice in each editor."""
    print("first s  second s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wide.json"
        path.write_text(json.dumps(document(OPERATIONS)))
        subprocess.run([sys.executable, "-c", GENERATE, "generate", str(path), "--out", folder], check=True)
        sdk = Path(folder) / "wide-1000-1"
        (sdk / "empty.py").touch()
        for place in PLACES:
            print(line(of_jedi(Path(folder), sdk, place), f"jedi     {place}"), flush=True)
        for place in PLACES:
            print(line(of_pyright(sdk, place), f"pyright  {place}"), flush=True)


def line(seconds: list[float], name: str) -> str:
    """Return a row of the table."""
    return "{:7.2f} {:9.2f}  {}".format(*seconds, name)


def of_jedi(cache: Path, sdk: Path, place: str) -> list[float]:
    """Return the seconds of two completions in a process; jedi keeps the trees of all modules in the folder `cache`."""
    code = [sys.executable, "-c", JEDI, str(cache), str(sdk), *[f"{OPENING}{place}"] * 2]
    done = subprocess.run(code, capture_output=True, text=True, check=True)
    return [float(text) for text in done.stdout.split()]


def of_pyright(sdk: Path, place: str) -> list[float]:
    """Return the seconds of two completions by a new server, which has read another file with the same imports."""
    with tempfile.TemporaryDirectory() as folder, pyright_server(Path(folder), sdk) as server:
        server.completions(f"{OPENING}ap")
        return [spent(server, f"{OPENING}{blank}{place}") for blank in ("", "\n")]


def spent(server: LanguageServer, code: str) -> float:
    """Return how many seconds the language server takes for one completion."""
    begun = time.perf_counter()
    server.completions(code)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
