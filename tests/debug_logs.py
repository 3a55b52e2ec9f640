"""Write everything that tests log to files, and search these for secrets: `make check` does both.

If DEBUG_LOGS names a folder, each process of pytest writes the records of all loggers, at all levels, to a file there.
Run as a program with that folder, this module prints each line with a secret, and fails if there is one. Secrets are
what tests plant under the name `canary`, and the logins of simulated portals. Selenium's records are left out: it
repeats what a test types into a page.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "DEBUG_LOGS"
PLANTED = re.compile(r"canary(?:[-+/]|%2[bBfFdD]|\\/)(?!machine)[\w]+|(?:[\w.%-]+)-canary-\w+")


def begin() -> None:
    """Write the records of all loggers to a file, if the environment asks for it."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(Path(folder) / f"{os.getpid()}.log", encoding="utf-8", errors="backslashreplace")
    handler.addFilter(lambda record: record.name.partition(".")[0] != "selenium")
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)


def known() -> set[str]:
    """Return the secrets that are not recognised by their names, and the Basic headers that contain one."""
    from ovcgen.simulator import LOGINS
    from tests.faults import drivers, table
    from tests.runtime import test_canary_run

    secrets = {drivers.TOKEN, drivers.KEY, table.PROXY_PASSWORD, *test_canary_run.SECRETS.values()}
    for login in (LOGINS.user, LOGINS.other, LOGINS.admin):
        secrets |= {login.client_secret, login.password}
        secrets.add(b64encode(f"{login.client_id}:{login.client_secret}".encode()).decode())
    return secrets


def leaks(folder: Path) -> Iterator[str]:
    """Yield the lines of the logs that contain a secret, with the file and the number of the line."""
    secrets = known()
    for path in sorted(folder.glob("*.log")):
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if PLANTED.search(line) or any(secret in line for secret in secrets):
                    yield f"{path.name}:{number}: {line.rstrip()[:300]}"


def main(folder: Path) -> int:
    """Print the leaks of a test run; return 1 if there are any, or if nothing was logged."""
    found = list(leaks(folder))
    size = sum(path.stat().st_size for path in folder.glob("*.log"))
    print(*found, f"{len(found)} lines with a secret in {size / 1e6:.1f} MB of debug logs.", sep="\n")
    return int(bool(found) or not size)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
