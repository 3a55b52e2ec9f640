"""Recordings: real ones of a simulated portal in both clients, and such as somebody may have written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen.recordings.cassette_reader import Interaction
from ovcgen.recordings.recorder import recorder

CANARY = "canary-machine"


@pytest.fixture(params=["ovcgen", "SDK"])
def cassette(request: pytest.FixtureRequest, tmp_path: Path, openvcloud_2_4_5: Any) -> Path:
    """A recording of one client at work: lists, objects, a file, a task, a refusal."""
    client = ovcgen if request.param == "ovcgen" else openvcloud_2_4_5
    path = tmp_path / "calls.yaml"
    with ovcgen.simulate("2.4.5") as server:
        options = {"release": "2.4.5"} if client is ovcgen else {}
        auth = client.Credentials(server.username, server.password)
        with recorder().use_cassette(str(path)), client.connect(server.url, auth=auth, **options) as portal:
            work(portal.cloudapi, client.ClientError)
    return path


def work(cloudapi: Any, error: type[Exception]) -> None:
    """Calls of all kinds."""
    cloudapi.accounts.list()
    cloudapi.cloudspaces.list()
    cloudapi.images.list()
    made = cloudapi.machines.create(cloudspaceId=1, name=CANARY, sizeId=1, imageId=1, disksize=10)
    cloudapi.machines.get(machineId=made)
    cloudapi.machines.list(cloudspaceId=1)
    cloudapi.machines.stop(machineId=made, _async=True).result()
    cloudapi.accounts.getConsumption(accountId=1, start=0, end=10)
    with pytest.raises(error):
        cloudapi.machines.get(machineId=10**6)


def answer(path: str, value: Any, *, status: int = 200, sent: str = "", kind: str = "application/json") -> Interaction:
    """One recorded call of 2.4.5 and what it answered."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Interaction("POST", f"https://portal.example/restmachine{path}", sent, status, kind, body)
