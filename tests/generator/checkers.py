"""What type checkers at their strictest make of files: complaints, and the types that they reveal."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Found = dict[int, str]  # by line: the revealed type, or "error"


def pyright(folder: Path, *files: Path, roots: Sequence[Path]) -> list[dict[str, Any]]:
    """What pyright says of these files in its strict mode; each of `roots` can be imported from."""
    samples = {file.parent for file in files if file.suffix == ".py"}
    environments = [
        *({"root": str(root)} for root in roots),
        *({"root": str(sample), "extraPaths": list(map(str, roots))} for sample in sorted(samples)),
    ]
    config = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": list(map(str, files))}
    (folder / "pyrightconfig.json").write_text(json.dumps({**config, "executionEnvironments": environments}))
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert told["summary"]["filesAnalyzed"] >= len(files)
    return list(told["generalDiagnostics"])


def mypy(folder: Path, *files: Path, roots: Sequence[Path]) -> list[str]:
    """What mypy says of these files in its strict mode; each of `roots` can be imported from."""
    command = [sys.executable, "-m", "mypy", "--strict", "--enable-error-code", "deprecated", "--no-error-summary"]
    done = subprocess.run(
        [*command, "--cache-dir", str(folder), "--hide-error-context", *map(str, files)],
        cwd=folder,
        env={"MYPYPATH": ":".join(map(str, roots))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def expected(sample: Path) -> Found:
    """What the sample says behind its lines."""
    lines = enumerate(sample.read_text().splitlines(), start=1)
    return {number: line.partition("  # ")[2].removeprefix("-> ") for number, line in lines if "  # " in line}


def seen_by_pyright(folder: Path, sample: Path, roots: Sequence[Path]) -> Found:
    """One entry for each line of the sample that pyright says something of."""
    found: Found = {}
    for each in pyright(folder, sample, roots=roots):
        revealed = re.search(r'is "(.*)"$', each["message"]) if each["severity"] == "information" else None
        found[each["range"]["start"]["line"] + 1] = revealed[1] if revealed else each["severity"]
    return found


def seen_by_mypy(folder: Path, sample: Path, roots: Sequence[Path]) -> Found:
    """One entry for each line that mypy reveals a type of, or finds wrong; names without their modules."""
    found: Found = {}
    for line in mypy(folder, sample, roots=roots):
        match = re.search(r':(\d+): (?:(error): |note: Revealed type is "(.*)"$)', line)
        if match:
            found[int(match[1])] = match[2] or re.sub(r"\b[a-z_]\w*\.", "", match[3])
    return found
