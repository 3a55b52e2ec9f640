"""The manners of OpenvCloud's own portal client."""

from __future__ import annotations

import json
from pathlib import Path

import ovcgen
from ovcgen.client.applied_corrections import Corrections
from ovcgen.client.legacy_portal_client import PortalClient
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


def test_a_catalog_in_a_file_adds_its_groups(portal: Listener, tmp_path: Path) -> None:
    """load_swagger(file=...) returns the document, and its operations can be called."""
    files = {}
    for group in ("cloudapi", "other"):
        operation = {
            "operationId": f"post__{group}_things_list",
            "tags": [f"{group}__things"],
            "responses": {"200": {"description": "result"}},
        }
        document = {
            "swagger": "2.0",
            "info": {"title": "JumpScale Actors", "version": "7.0"},
            "basePath": "/restmachine/",
            "paths": {f"/{group}/things/list": {"post": operation}},
        }
        files[group] = tmp_path / f"{group}.json"
        files[group].write_text(json.dumps(document))

    with ovcgen.portal_client(portal.url, spec=files["cloudapi"]) as pcl:
        portal.body = [1]
        assert pcl.load_swagger(file=str(files["other"]))["paths"].keys() == {"/other/things/list"}
        assert pcl.actors.other.things.list() == [1]
        assert pcl.load_swagger()["paths"].keys() == {"/cloudapi/things/list"}
        assert pcl.wsclient.callWebService("other", "things", "list") == (0, [1])
