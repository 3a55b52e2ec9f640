"""The same catalogs make the same SDKs, whoever generates them, wherever and whenever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASCII = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def files(folder: Path) -> dict[str, bytes]:
    """All files below, without the caches that Python and type checkers keep beside what they read."""
    found = (path for path in folder.rglob("*") if path.is_file() and not CACHES & set(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "environment"),
    [
        ("plain", {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", **ASCII}),
        ("with spaces/and depth", {"TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"}),
    ],
)
def test_generation_is_the_same_everywhere(place: str, environment: dict[str, str], tmp_path: Path) -> None:
    """From scratch, to the byte: another time zone, locale, hash seed and working directory."""
    here = tmp_path / place
    here.mkdir(parents=True)
    command = [sys.executable, "-m", "ovcgen", "generate", "--all", "--specs", str(ROOT / "specs"), "--out", "out"]

    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    made, committed = files(here / "out"), files(ROOT / "generated")
    assert sorted(made) == sorted(committed)
    assert [name for name in made if made[name] != committed[name]] == []
