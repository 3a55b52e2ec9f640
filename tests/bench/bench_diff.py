"""Time and memory of comparing two documents of 1, 2 and 4 MB, beside bravado that only loads one of them.

Run by `make bench`; each figure comes from a process of its own, start included. Where the cost is linear, the last
column stays as it is. The documents are as those of Kubernetes: calls share shapes, shapes hold each other, and one
that all of them reach is another in the second document.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SIZES = (250, 500, 1000)
PINNED = ("2.2.6", "2.4.5")
PROSE = "What it holds is said here at some length, as those who write documents by machine tend to do. " * 3
COMPARE = "from ovcgen.cli import main; main()"
LOAD = "import json, sys; from bravado_core.spec import Spec; Spec.from_dict(json.load(open(sys.argv[1]))).resources"
WATCH = """
import resource, subprocess, sys, time
begun = time.monotonic()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def main() -> None:
    """One line a size, and one for two pinned releases."""
    print("    MB  diff s   MiB  bravado loads s  ratio    s/MB")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            paths = [Path(folder) / f"{side}-{size}.json" for side in ("old", "new")]
            for path, changed in zip(paths, (False, True), strict=True):
                path.write_text(json.dumps(document(size, changed=changed)))
            own, memory = measured(COMPARE, "diff", *map(str, paths), "--output", "json")
            peer, _ = measured(LOAD, str(paths[0]))
            megabytes = paths[0].stat().st_size / 1e6
            told = f"{megabytes:6.1f} {own:7.2f} {memory:5} {peer:16.2f} {own / peer:6.2f}"
            print(f"{told} {own / megabytes:7.2f}", flush=True)
    print(f"{' '.join(PINNED)}: {min(measured(COMPARE, 'diff', *PINNED)[0] for _ in range(5)):.2f} s")


def measured(program: str, *arguments: str) -> tuple[float, int]:
    """Seconds and peak MiB of a Python process that runs this program."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run([sys.executable, "-c", WATCH, *command], capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


def document(calls: int, *, changed: bool) -> dict[str, Any]:
    """A document of that many calls; `changed` is the later of two."""
    numbers = range(calls)
    return {
        "swagger": "2.0",
        "info": {"title": f"Wide {calls}", "version": "2" if changed else "1"},
        "paths": {f"/things{number}/{{id}}": {"post": call(number, changed=changed)} for number in numbers},
        "definitions": {
            "Meta": shape(generation="integer", labels="string", **({"owner": "string"} if changed else {})),
            **{name: body for number in numbers for name, body in shapes(number, changed=changed).items()},
        },
    }


def call(number: int, *, changed: bool) -> dict[str, Any]:
    """Some parameters, of which one is new; a body, an answer and an error."""
    names = [*(f"field{number}" for number in range(3)), *(["fresh"] if changed and number % 5 == 0 else [])]
    thing = {"$ref": f"#/definitions/Thing{number}"}
    return {
        "operationId": f"changeThing{number}",
        "description": PROSE,
        "parameters": [
            {"in": "path", "name": "id", "type": "integer", "required": True},
            *({"in": "query", "name": name, "type": "string", "description": PROSE} for name in names),
            {"in": "body", "name": "body", "schema": thing},
        ],
        "responses": {"200": {"description": PROSE, "schema": thing}, "default": {"description": "error"}},
    }


def shapes(number: int, *, changed: bool) -> dict[str, Any]:
    """A shape that holds another, one of the same kind, and what all hold."""
    members = {f"member{each}": "string" for each in range(5 if changed and number % 3 == 0 else 6)}
    thing = shape(id="integer")
    held = {"part": f"Part{number}", "before": f"Thing{number // 2}", "meta": "Meta"}
    thing["properties"].update({name: {"$ref": f"#/definitions/{other}"} for name, other in held.items()})
    return {f"Part{number}": shape(**members), f"Thing{number}": thing}


def shape(**members: str) -> dict[str, Any]:
    """An object with these members, by their types."""
    return {
        "type": "object",
        "properties": {name: {"type": kind, "description": PROSE} for name, kind in members.items()},
    }


if __name__ == "__main__":
    main()
