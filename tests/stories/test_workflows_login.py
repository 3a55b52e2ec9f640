"""Logging in and looking around; creating a cloudspace and waiting for it."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.stories.paths import Unfinished

SPACE = {"accountId": 1, "location": "be-demo-1", "name": "staging", "access": "alice@itsyouonline"}
UNITS = ("MemoryCapacity", "VDiskCapacity", "CPUCapacity", "NetworkPeerTransfer", "NumPublicIP")
UNLIMITED = {f"max{unit}": -1 for unit in UNITS}


def test_login_and_discovery(story: Any) -> None:
    """Who am I, what may I call, and what is there to build on."""
    alice = story.alice
    assert alice("system.usermanager.whoami") == {"name": "alice@itsyouonline", "admin": False}
    assert story.admin("system.usermanager.whoami")["admin"] is True

    [location] = alice("cloudapi.locations.list")
    [account] = alice("cloudapi.accounts.list")
    images = alice("cloudapi.images.list", cloudspaceId=1, accountId=account["id"])
    sizes = alice("cloudapi.sizes.list", cloudspaceId=1)
    [network] = alice("cloudapi.externalnetwork.list", accountId=account["id"])

    assert (location["locationCode"], location["gid"]) == ("be-demo-1", 66)
    assert (account["name"], account["acl"][0]["userGroupId"]) == ("acme", "alice@itsyouonline")
    assert {"id", "name", "type", "size"} <= images[0].keys()
    assert [image["type"] for image in images] == sorted(image["type"] for image in images)
    assert sizes == alice("cloudapi.sizes.list", location="be-demo-1")
    assert {"id", "memory", "vcpus", "disks"} <= sizes[0].keys()
    assert network["name"] == "public"
    with alice.refused(400, "cloudspaceId or a location", early=True):
        alice("cloudapi.sizes.list")
    assert story.bob("cloudapi.accounts.list") == []


def test_the_catalog_by_both_verbs(simulated: Any) -> None:
    """`prepareCatalog` gives the Swagger document to whoever is logged in, by GET and POST alike."""
    address = f"{simulated.url}/restmachine/system/docgenerator/prepareCatalog"
    key = requests.post(
        f"{simulated.url}/restmachine/cloudapi/users/authenticate",
        params={"username": simulated.username, "password": simulated.password},
        headers={"Accept": "application/json"},
        timeout=30,
    ).json()
    asked = {"group": "cloudapi", "format": "jsonraw", "authkey": key}
    got, posted = (requests.request(verb, address, params=asked, timeout=30).json() for verb in ("GET", "POST"))

    assert got == posted
    assert (got["swagger"], got["basePath"], len(got["paths"])) == ("2.0", "/restmachine/", 85)
    assert requests.get(address, params={"group": "cloudapi"}, timeout=30).status_code == 401
    unknown = requests.get(address, params={**asked, "group": "nonsense"}, timeout=30)
    assert (unknown.status_code, unknown.json()) == (400, "invalid actor group")


def test_a_session_in_place_of_a_token(simulated: Any) -> None:
    """As OpenvCloud's own guide has it: a form without Accept gives the bare session id, which then is the authkey."""
    login = {"username": simulated.username, "password": simulated.password}
    portal = f"{simulated.url}/restmachine"
    answer = requests.post(f"{portal}/cloudapi/users/authenticate", data=login, headers={"Accept": None}, timeout=30)
    spaces = requests.post(f"{portal}/cloudapi/cloudspaces/list", params={"authkey": answer.text}, timeout=30)
    wrong = requests.post(f"{portal}/cloudapi/users/authenticate", data={**login, "password": "guess"}, timeout=30)
    unknown = requests.post(f"{portal}/cloudapi/cloudspaces/list", params={"authkey": "stale"}, timeout=30)

    assert answer.headers["Content-Type"] == "text/plain"
    assert [space["name"] for space in spaces.json()] == ["production"]
    assert (wrong.status_code, unknown.status_code) == (401, 419)


def test_create_a_cloudspace_and_wait(story: Any) -> None:
    """Its id comes at once, its address when it is deployed; and its name is taken."""
    alice = story.alice
    space_id = alice("cloudapi.cloudspaces.create", **SPACE, **UNLIMITED)
    young = alice("cloudapi.cloudspaces.get", cloudspaceId=space_id)
    assert (young["status"], young["publicipaddress"]) == ("DEPLOYING", None)
    with pytest.raises(Unfinished):
        alice.wait("cloudspace_deployed", cloudspaceId=space_id, timeout=1)

    space = alice.wait("cloudspace_deployed", cloudspaceId=space_id, timeout=60)

    assert space["publicipaddress"].startswith("203.0.113.")
    assert space["resourceLimits"] == {"CU_M": -1, "CU_D": -1, "CU_C": -1, "CU_NP": -1, "CU_I": -1}
    assert [entry["right"] for entry in space["acl"]] == ["ACDRUX"]
    with alice.refused(409, "Cloudspace with name staging already exists."):
        alice("cloudapi.cloudspaces.create", **SPACE)


def test_a_cloudspace_is_refused(story: Any) -> None:
    """By what is missing, unknown or not allowed; nothing is made."""
    alice = story.alice
    with alice.refused(400, "There is no location with code nowhere"):
        alice("cloudapi.cloudspaces.create", **{**SPACE, "location": "nowhere"})
    with alice.refused(404, "Could not find 99 of type account"):
        alice("cloudapi.cloudspaces.create", **{**SPACE, "accountId": 99})
    with alice.refused(400, "Param with name:name is missing.", early=True):
        alice("cloudapi.cloudspaces.create", **{**SPACE, "name": ""})
    with alice.refused(400, "CU_M", early=True):
        alice("cloudapi.cloudspaces.create", **SPACE, maxMemoryCapacity=0)
    with alice.refused(400, "no private network"):
        alice("cloudapi.cloudspaces.create", **SPACE, privatenetwork="anywhere")
    with story.bob.refused(403, "isn't allowed to execute this action"):
        story.bob("cloudapi.cloudspaces.create", **SPACE)

    assert [space["name"] for space in alice("cloudapi.cloudspaces.list")] == ["production"]
