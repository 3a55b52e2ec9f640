"""The manners of OpenvCloud's own portal client."""

from __future__ import annotations

from ovcgen.client.corrections import Corrections
from ovcgen.client.legacy import PortalClient
from ovcgen.workflows.resolve import resolve
from tests.client.conftest import Listener

GUID = "0b7e2b4a-8f6c-4a43-9a38-3f2a2c1a7f11"


def test_a_task_is_its_guid(portal: Listener) -> None:
    """Scripts pass it to `system.task.get` themselves."""
    resolved = resolve("2.4.5")
    corrections = Corrections("2.4.5", exact=True, skipped=())
    with PortalClient(portal.url, resolved.api, resolved.document, corrections=corrections) as pcl:
        portal.body = GUID
        guid = pcl.actors.cloudapi.machines.delete(machineId=7, _async=True)
        portal.body = [True, "done"]

        assert guid == GUID
        assert pcl.system.task.get(taskguid=guid) == [True, "done"]
