"""Recordings: they replay without a portal in both clients, and hold no secret."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import vcr.errors
from vcr.request import Request

import ovcgen
from ovcgen.recordings.cassette_persister import CassetteFiles
from ovcgen.recordings.recorder import recorder
from ovcgen.workflows.connect_async import connect as connect_async
from tests.asynchronous import blocking


@pytest.fixture(params=["ovcgen", "SDK"])
def client(request: pytest.FixtureRequest, openvcloud_2_4_5: Any) -> Any:
    return ovcgen if request.param == "ovcgen" else openvcloud_2_4_5


def opened(client: Any, url: str, auth: Any) -> Any:
    """A portal of either client, without fetching a catalog."""
    return client.connect(url, auth=auth, **({"release": "2.4.5"} if client is ovcgen else {}))


@pytest.fixture(params=["token", "session key"])
def login(request: pytest.FixtureRequest) -> Any:
    """How to log in with what a portal told; both ways leave secrets on the wire."""
    if request.param == "token":
        return lambda client, told: client.ItsYouOnline(told["id"], told["secret"], url=told["itsyouonline"])
    return lambda client, told: client.Credentials(told["username"], told["password"])


def calls(portal: Any) -> Any:
    """A few calls, one of which answers a password."""
    [space] = portal.cloudapi.cloudspaces.list()
    machine = portal.cloudapi.machines.get(machineId=1)
    portal.cloudapi.machines.get(machineId=1)
    return space["name"], machine["name"]


def test_what_was_recorded_replays_without_a_portal(client: Any, login: Any, tmp_path: Path) -> None:
    """Recorded against a portal, played when it is gone; every request is found by its body."""
    cassette = tmp_path / "calls.yaml"
    with ovcgen.simulate("2.4.5") as server:
        told = {"id": server.client_id, "secret": server.client_secret, "itsyouonline": server.itsyouonline}
        told |= {"username": server.username, "password": server.password}
        with recorder().use_cassette(str(cassette)), opened(client, server.url, login(client, told)) as portal:
            live = calls(portal)

    with recorder(record_mode="none").use_cassette(str(cassette)) as played:
        with opened(client, server.url, login(client, told)) as portal:
            assert calls(portal) == live
        assert played.all_played


@pytest.mark.parametrize("recording", ["blocking", "asynchronous"])
def test_what_one_client_recorded_the_other_replays(recording: str, login: Any, tmp_path: Path) -> None:
    """A cassette serves the blocking and the asynchronous client, and holds no secret of either."""
    cassette = tmp_path / "calls.yaml"

    @contextmanager
    def open_one(which: str) -> Iterator[Any]:
        auth = login(ovcgen, told)
        if which == "blocking":
            with opened(ovcgen, server.url, auth) as portal:
                yield portal
        else:
            with blocking(connect_async(server.url, auth=auth, release="2.4.5").in_this_thread()) as portal:
                yield portal

    with ovcgen.simulate("2.4.5") as server:
        told = {"id": server.client_id, "secret": server.client_secret, "itsyouonline": server.itsyouonline}
        told |= {"username": server.username, "password": server.password}
        with recorder().use_cassette(str(cassette)), open_one(recording) as portal:
            live = calls(portal)

    for replaying in ("blocking", "asynchronous"):
        with recorder(record_mode="none").use_cassette(str(cassette)) as played:
            with open_one(replaying) as portal:
                assert calls(portal) == live
            assert played.all_played
    text = cassette.read_text()
    assert not [secret for secret in (told["secret"], told["password"]) if secret in text]


def test_a_recording_holds_no_secret(client: Any, login: Any, tmp_path: Path) -> None:
    """No login, token, session key, cookie or password reaches the file."""
    cassette = tmp_path / "calls.yaml"
    with ovcgen.simulate("2.4.5") as server:
        told = {"id": server.client_id, "secret": server.client_secret, "itsyouonline": server.itsyouonline}
        told |= {"username": server.username, "password": server.password}
        with recorder().use_cassette(str(cassette)), opened(client, server.url, login(client, told)) as portal:
            calls(portal)
            password = portal.cloudapi.machines.get(machineId=1)["accounts"][0]["password"]

    text = cassette.read_text()

    assert "cloudapi/machines/get" in text
    for secret in (server.client_secret, server.password, password, "beaker", "earer", "HS256"):
        assert secret not in text
    assert "authkey=***" in text or "authkey" not in text


def test_a_cassette_is_replaced_in_one_step(tmp_path: Path) -> None:
    """The former cassette keeps its content, its mode and the links to it until the new one is complete."""
    cassette, former, link = tmp_path / "new" / "calls.yaml", tmp_path / "former", tmp_path / "link.yaml"
    answer = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": b"[]"}}
    for path in (cassette, link):
        with recorder(record_mode="all").use_cassette(str(path)) as recording:
            recording.append(Request("GET", "http://portal.example/", None, {}), answer)
        if path is cassette:
            cassette.chmod(0o604)
            os.link(cassette, former)
            link.symlink_to(cassette)
            former_text = former.read_text()

    assert (former.read_text(), former.stat().st_ino == cassette.stat().st_ino) == (former_text, False)
    assert (link.is_symlink(), cassette.stat().st_mode & 0o777, os.listdir(cassette.parent)) == (
        True,
        0o604,
        ["calls.yaml"],
    )


def test_a_cassette_that_cannot_be_written_stays(tmp_path: Path) -> None:
    """An error while a cassette is written leaves the former one, and no other file."""
    cassette = tmp_path / "calls.yaml"
    cassette.write_text("former")
    with pytest.raises(UnicodeEncodeError):
        CassetteFiles.save_cassette(
            cassette, {"requests": [], "responses": []}, SimpleNamespace(serialize=lambda _: "new \udcff")
        )

    assert (cassette.read_text(), os.listdir(tmp_path)) == ("former", ["calls.yaml"])


def test_a_recording_is_not_played_for_other_arguments(client: Any, tmp_path: Path) -> None:
    """The answer about one machine is no answer about another."""
    cassette = tmp_path / "calls.yaml"
    with ovcgen.simulate("2.4.5") as server:
        auth = client.Credentials(server.username, server.password)
        with recorder().use_cassette(str(cassette)), opened(client, server.url, auth) as portal:
            portal.cloudapi.machines.get(machineId=1)

    with (
        recorder(record_mode="none").use_cassette(str(cassette)),
        opened(client, server.url, auth) as portal,
        pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException),
    ):
        portal.cloudapi.machines.get(machineId=2)
