"""Check a portal each night, as an operator's script for release 2.2.6 that does not use ovcgen.

The portal's address and the login of an administrator are in the environment. The script continues after a failure.
"""

from __future__ import annotations

import os
import secrets
import sys
from typing import Any

import requests

URL = os.environ["OVC_URL"]
GRID, SPACE, IMAGE, SIZE = 66, 1, 1, 1
REPORTER = "nightly-reporter"


class Portal:
    """A portal, called with the session of one user. Failures are printed and counted."""

    failures = 0

    def __init__(self, user: str, password: str) -> None:
        self._session = requests.Session()
        self._session.headers["Accept"] = "application/json"
        self._key = None
        self._key = self.call("system/usermanager/authenticate", name=user, secret=password)

    def call(self, operation: str, **values: Any) -> Any:
        """Return the value of a call's response, or None after a failure."""
        form = {**values, **({"authkey": self._key} if self._key else {})}
        response = self._session.post(f"{URL}/restmachine/{operation}", data=form, timeout=60)
        if response.ok:
            return response.json()
        Portal.failures += 1
        print(f"{operation}: {response.status_code} {response.text}", file=sys.stderr)
        return None


def check_nodes(admin: Portal) -> None:
    """Disable the first node and enable it again."""
    why = {"id": 1, "gid": GRID, "message": "nightly check"}
    if admin.call("cloudbroker/computenode/maintenance", vmaction="stop", **why):
        admin.call("cloudbroker/computenode/enable", **why)


def check_machines(admin: Portal) -> None:
    """Make and delete a machine, twice with the same name."""
    for _ in range(2):
        machine = admin.call(
            "cloudapi/machines/create", cloudspaceId=SPACE, name="nightly", sizeId=SIZE, imageId=IMAGE, disksize=10
        )
        if machine:
            admin.call("cloudapi/machines/stop", machineId=machine)
            admin.call("cloudapi/machines/delete", machineId=machine)


def report(admin: Portal) -> None:
    """List all machines as a user who has the right by a level and is no administrator."""
    password = secrets.token_hex(8)
    mail = f"{REPORTER}@example.org"
    admin.call(
        "cloudbroker/user/create", username=REPORTER, emailaddress=mail, password=password, groups=["user", "level1"]
    )
    machines = Portal(REPORTER, password).call("cloudbroker/machine/list", cloudspaceId=SPACE)
    print(f"{len(machines or [])} machines in cloudspace {SPACE}")


def main() -> int:
    """Run all checks and return the exit code."""
    admin = Portal(os.environ["OVC_USERNAME"], os.environ["OVC_PASSWORD"])
    check_nodes(admin)
    check_machines(admin)
    report(admin)
    print(f"{Portal.failures} failures")
    return 1 if Portal.failures else 0


if __name__ == "__main__":
    sys.exit(main())
