"""Type checkers at their strictest: nothing to say of the SDKs, and the right types for their users."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SDKS = sorted((ROOT / "generated").glob("openvcloud-*"))
SAMPLE = Path(__file__).with_name("typing_sample.py")
Found = dict[int, str]  # by line: the revealed type, or "error"

pytestmark = pytest.mark.slow


def pyright(folder: Path, *files: Path) -> list[dict[str, Any]]:
    """What pyright says of these files in its strict mode, each SDK's folder being a root of its own."""
    environments = [
        *({"root": str(sdk)} for sdk in SDKS),
        {"root": str(SAMPLE.parent), "extraPaths": list(map(str, SDKS))},
    ]
    config = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": list(map(str, files))}
    (folder / "pyrightconfig.json").write_text(json.dumps({**config, "executionEnvironments": environments}))
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert told["summary"]["filesAnalyzed"] >= len(files)
    return list(told["generalDiagnostics"])


def mypy(folder: Path, *files: Path) -> list[str]:
    """What mypy says of these files in its strict mode."""
    command = [sys.executable, "-m", "mypy", "--strict", "--enable-error-code", "deprecated", "--no-error-summary"]
    done = subprocess.run(
        [*command, "--cache-dir", str(folder), "--hide-error-context", *map(str, files)],
        cwd=folder,
        env={"MYPYPATH": ":".join(map(str, SDKS))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_no_stubs_are_installed() -> None:
    """What is found here is found by every user."""
    names = {distribution.name.lower() for distribution in distributions()}

    assert [name for name in sorted(names) if name.startswith("types-") or name.endswith("-stubs")] == []


def test_pyright_has_nothing_to_say(tmp_path: Path) -> None:
    """Of all SDKs, their runtime included."""
    assert len(SDKS) == 6
    assert pyright(tmp_path, *SDKS) == []


def test_mypy_has_nothing_to_say(tmp_path: Path) -> None:
    """Of all SDKs, their runtime included."""
    assert mypy(tmp_path, *(next(sdk.glob("openvcloud_*")) for sdk in SDKS)) == []


def seen_by_pyright(folder: Path) -> Found:
    """One entry for each line that pyright says something of."""
    found: Found = {}
    for each in pyright(folder, SAMPLE):
        revealed = re.search(r'is "(.*)"$', each["message"]) if each["severity"] == "information" else None
        found[each["range"]["start"]["line"] + 1] = revealed[1] if revealed else each["severity"]
    return found


def seen_by_mypy(folder: Path) -> Found:
    """One entry for each line that mypy reveals a type of, or finds wrong; names without their modules."""
    found: Found = {}
    for line in mypy(folder, SAMPLE):
        match = re.search(r':(\d+): (?:(error): |note: Revealed type is "(.*)"$)', line)
        if match:
            found[int(match[1])] = match[2] or re.sub(r"\b[a-z_]\w*\.", "", match[3])
    return found


@pytest.mark.parametrize("seen", [seen_by_pyright, seen_by_mypy])
def test_a_user_gets_types(seen: Callable[[Path], Found], tmp_path: Path) -> None:
    """What the sample says behind its lines: values, tasks, files; wrong keys, wrong arguments, deprecated calls."""
    lines = enumerate(SAMPLE.read_text().splitlines(), start=1)
    expected = {number: line.partition("  # ")[2].removeprefix("-> ") for number, line in lines if "  # " in line}

    assert seen(tmp_path) == expected
