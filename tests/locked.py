"""The exact versions of the lock, for the pips that tests and the demo start in environments of their own."""

from __future__ import annotations

import re
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"


def constrained(folder: Path) -> dict[str, str]:
    """The variables that bind pip, and the builds it starts, to the locked versions; `folder` gets a file."""
    file = folder / "constraints.txt"
    file.write_text("\n".join(re.findall(r"^[^\s#][^\\\n]*", LOCK.read_text(), re.MULTILINE)))
    return {"PIP_CONSTRAINT": str(file), "PIP_BUILD_CONSTRAINT": str(file)}  # pip before 25.3 knows the first alone
