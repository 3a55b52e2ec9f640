"""Time and memory of generating an SDK, at 100, 400 and 800 operations, beside bravado that only loads them.

Run by `make bench`; each figure comes from a process of its own, start included. Where the cost is linear, the last
column stays as it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZES = (100, 400, 800)
PROSE = "What it holds is said here at some length, as those who write documents by machine tend to do. " * 4
GENERATE = "from ovcgen.cli import main; main()"
LOAD = "import json, sys; from bravado_core.spec import Spec; Spec.from_dict(json.load(open(sys.argv[1]))).resources"


def main() -> None:
    """One line a size."""
    print("operations    MB  generate s   MiB  bravado loads s  ratio  ms/operation")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"wide-{size}.json"
            path.write_text(json.dumps(document(size)))
            own, memory = measured(GENERATE, "generate", str(path), "--out", folder)
            peer, _ = measured(LOAD, str(path))
            megabytes = path.stat().st_size / 1e6
            told = f"{size:10} {megabytes:5.1f} {own:11.2f} {memory:5} {peer:16.2f} {own / peer:6.2f}"
            print(f"{told} {1000 * own / size:13.2f}", flush=True)


def measured(program: str, *arguments: str) -> tuple[float, int]:
    """Seconds and peak MiB of a Python process that runs this program."""
    command = [sys.executable, "-c", program, *arguments]
    watched = [sys.executable, "-c", WATCH, *command]
    begun = time.monotonic()
    done = subprocess.run(watched, capture_output=True, text=True, check=True)
    return time.monotonic() - begun, int(done.stdout.splitlines()[-1])


WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def document(operations: int) -> dict[str, Any]:
    """A Swagger document of that many operations, each with parameters, a body and an answer of shapes of their own."""
    numbers = range(operations)
    return {
        "swagger": "2.0",
        "info": {"title": f"Wide {operations}", "version": "1"},
        "paths": {f"/things{number}/{{id}}": {"post": operation(number)} for number in numbers},
        "definitions": {name: shape for number in numbers for name, shape in shapes(number).items()},
    }


def operation(number: int) -> dict[str, Any]:
    """Five parameters, a body, an answer and an error."""
    query = [{"in": "query", "name": f"field{number}", "type": "string", "description": PROSE} for number in range(4)]
    return {
        "tags": [f"tag{number // 20}"],
        "operationId": f"changeThing{number}",
        "description": PROSE,
        "parameters": [
            {"in": "path", "name": "id", "type": "integer", "required": True},
            *query,
            {"in": "body", "name": "body", "schema": {"$ref": f"#/definitions/Thing{number}"}},
        ],
        "responses": {
            "200": {"description": PROSE, "schema": {"$ref": f"#/definitions/Thing{number}"}},
            "default": {"description": "error", "schema": {"$ref": f"#/definitions/Part{number}"}},
        },
    }


def shapes(number: int) -> dict[str, Any]:
    """A shape that holds another, and others of the same kind."""
    members = {f"member{number}": {"type": "string", "description": PROSE} for number in range(5)}
    part = {"type": "object", "description": PROSE, "properties": members}
    inner = {"part": {"$ref": f"#/definitions/Part{number}"}, "before": {"$ref": f"#/definitions/Thing{number // 2}"}}
    return {
        f"Part{number}": part,
        f"Thing{number}": {"type": "object", "properties": {**inner, "id": {"type": "integer"}}},
    }


if __name__ == "__main__":
    main()
