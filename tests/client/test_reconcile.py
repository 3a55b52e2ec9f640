"""`reconcile` finds the object that a call created although its answer was lost."""

from __future__ import annotations

from typing import Any

import pytest

import ovcgen
from ovcgen.runtime.errors import OutcomeUnknown


def lost(operation: str, **arguments: Any) -> OutcomeUnknown:
    """Return the error of a call whose answer was lost."""
    error = OutcomeUnknown("lost", fix="look", operation=operation, seen="nothing")
    error.arguments = arguments
    return error


@pytest.fixture
def portal(simulated: Any) -> Any:
    """The runtime client of a simulated portal."""
    auth = ovcgen.Credentials(simulated.username, simulated.password)
    with ovcgen.connect(simulated.url, release="2.4.5", auth=auth) as portal:
        yield portal


def test_a_machine_is_found_by_its_name(portal: Any) -> None:
    """A machine is found in the list of its cloudspace by its name, and another name finds nothing."""
    space = portal.cloudapi.cloudspaces.list()[0]["id"]
    given = {"cloudspaceId": space, "name": "web", "memory": 2048, "vcpus": 2, "imageId": 1, "disksize": 10}
    machine = portal.cloudapi.machines.create(**given)
    found = portal.reconcile(lost("cloudapi.machines.create", **given))
    assert [each["id"] for each in found] == [machine]
    assert portal.reconcile(lost("cloudapi.machines.create", **{**given, "name": "other"})) == []


def test_an_object_of_another_account_is_another_object(portal: Any) -> None:
    """An object with the same name in another account is not taken for the created one."""
    space = portal.cloudapi.cloudspaces.list()[0]
    error = lost("cloudapi.cloudspaces.create", name=space["name"], accountId=space["accountId"])
    assert [each["id"] for each in portal.reconcile(error)] == [space["id"]]
    error.arguments["accountId"] += 1
    assert portal.reconcile(error) == []


@pytest.mark.parametrize(
    "error",
    [lost("cloudapi.machines.start", machineId=3), lost("cloudapi.nothing.create", name="web"), lost(""),
     lost("cloudapi.machines.create", name="web")],
)  # fmt: skip
def test_what_has_no_name_or_list_is_said(portal: Any, error: OutcomeUnknown) -> None:
    """`reconcile` raises ArgumentError for an operation whose object has no name, or no list to search in."""
    with pytest.raises(ovcgen.ArgumentError, match=r"can't be found|needs more"):
        portal.reconcile(error)
