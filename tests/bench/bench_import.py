"""Time to import an SDK and ovcgen, relative to `import requests`: each in processes of its own, start subtracted.

Run by `make bench`; prints one line a package, lower is better. The fastest of several processes counts.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

GENERATED = Path(__file__).parents[2] / "generated"
RUNS = 25
PROGRAM = """
import sys, time
sys.path.insert(0, {folder!r})
begun = time.perf_counter()
import {package}
print(time.perf_counter() - begun)
"""


def main() -> None:
    """Import each in turn, so that a busy machine is unfair to all alike."""
    packages = {"requests": "", "openvcloud_2_4_5": str(GENERATED / "openvcloud-2.4.5"), "ovcgen": ""}
    best = dict.fromkeys(packages, float("inf"))
    for _ in range(RUNS):
        best = {name: min(best[name], seconds(name, folder)) for name, folder in packages.items()}
    for name, spent in best.items():
        print(f"{spent / best['requests']:6.3f}  {spent * 1e3:6.2f} ms  import {name}")


def seconds(package: str, folder: str) -> float:
    """Seconds that an import takes in a new process; `folder` comes first on the path where it is not empty."""
    program = PROGRAM.format(package=package, folder=folder)
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
