"""Test which operations count as destructive: by HTTP method and name, unless they only read."""

from __future__ import annotations

import pytest

from ovcgen.model.destructive_operations import is_destructive
from ovcgen.workflows.resolve import resolve


@pytest.mark.parametrize(
    ("name", "method", "retry", "expected"),
    [
        ("cloudapi.machines.delete", "POST", "converging", True),
        ("cloudapi.disks.deleteDisks", "POST", "converging", True),
        ("cloudbroker.cloudspace.destroyVFW", "POST", "converging", True),
        ("system.job.purge", "POST", "converging", True),
        ("cloudapi.machines.stop", "POST", "converging", True),
        ("cloudapi.machines.rollbackSnapshot", "POST", "converging", True),
        ("jumpscale.netmgr.fw_forward_delete", "POST", "creating", True),
        ("pets.petsDelete", "POST", "creating", True),
        ("pets.by_id", "DELETE", "converging", True),
        ("pets.pets-remove", "post", "creating", True),
        ("cloudapi.machines.start", "POST", "converging", False),
        ("cloudapi.machines.create", "POST", "creating", False),
        ("cloudapi.users.sendResetPasswordLink", "POST", "creating", False),
        ("cloudapi.deletions.create", "POST", "creating", False),
        ("cloudapi.disks.listDeleted", "POST", "read", False),
        ("logs.stop", "GET", "read", False),
    ],
)
def test_an_operation_destroys_something(name: str, method: str, retry: str, expected: bool) -> None:
    """The first or last word of an operation's own name makes it destructive; the names of its groups do not."""
    assert is_destructive(name, method, retry) is expected


def test_the_calls_of_end_users_that_are_confirmed() -> None:
    """In the newest release exactly the listed operations of end users are destructive."""
    confirmed = {
        operation.dotted.rpartition(".")[2]
        for operation in resolve("2.4.5").api.operations
        if operation.dotted.startswith("cloudapi.")
        and is_destructive(operation.dotted, operation.method, operation.retry)
    }

    assert sorted(confirmed) == [
        "delete",
        "deleteByPort",
        "deleteDisks",
        "deleteSnapshot",
        "deleteUser",
        "removeAllowedSize",
        "reset",
        "rollbackSnapshot",
        "stop",
    ]
