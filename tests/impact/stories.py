"""Runs the stories of a sample project against a simulated portal, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import ovcgen

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"
FLEET = SAMPLES / "fleet"


def table(name: str) -> dict[str, Any]:
    """What was written down by hand about the sample of that name."""
    return tomllib.loads((SAMPLES / f"{name}.toml").read_text())


def story_results(project: Path, release: str) -> dict[str, str]:
    """How each story of the project went on a portal of that release: `ok`, or what went wrong."""
    with ovcgen.simulate(release) as server:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", str(project / "run.py")],
            env=_environment(project, server),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "FAILED "))]
    return {story: result for result, story in map(_parted, lines)}


def _environment(project: Path, server: Any) -> dict[str, str]:
    sdks = [str(ROOT / "generated" / f"openvcloud-{release}") for release in ("2.2.6", "2.4.5")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(project), *sdks]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PORTAL_URL": server.url,
        "PORTAL_USER": server.username,
        "PORTAL_PASSWORD": server.password,
        "ADMIN_USER": server.admin["username"],
        "ADMIN_PASSWORD": server.admin["password"],
    }


def _parted(line: str) -> tuple[str, str]:
    word, _, rest = line.partition(" ")
    story, _, reason = rest.partition(": ")
    return (word if word == "ok" else reason), story
