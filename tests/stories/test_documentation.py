"""The stories of OpenvCloud's own documentation, in both clients and with curl."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

import ovcgen


@pytest.fixture(params=["ovcgen", "SDK"])
def client(request: pytest.FixtureRequest, openvcloud_2_4_5: Any) -> Any:
    """Both clients have the same names, so a story is written once."""
    return ovcgen if request.param == "ovcgen" else openvcloud_2_4_5


def test_a_client_id_and_secret_from_the_environment_are_enough(
    client: Any, simulated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(a) CLIENT_ID and CLIENT_SECRET become a JWT, and the JWT a call."""
    monkeypatch.setenv("CLIENT_ID", simulated.client_id)
    monkeypatch.setenv("CLIENT_SECRET", simulated.client_secret)
    monkeypatch.setenv("ITSYOUONLINE_URL", simulated.itsyouonline)

    with client.connect(simulated.url, auth=client.ItsYouOnline.from_env()) as portal:
        assert portal.cloudapi.locations.getUrl().startswith("http")


def test_a_username_and_password_are_enough(client: Any, simulated: Any) -> None:
    """(b) Username and password become a session key, and that the list of cloudspaces."""
    auth = client.Credentials(simulated.username, simulated.password)

    with client.connect(simulated.url, auth=auth) as portal:
        [space] = portal.cloudapi.cloudspaces.list()

    assert space["status"] == "DEPLOYED"
    assert not any(seen.query for seen in simulated.simulator.seen if "authkey" in str(seen.query))


def test_a_long_call_runs_as_a_task(client: Any) -> None:
    """(c) With _async=True a call gives a task, and system.task.get None while it runs and a pair after."""
    with ovcgen.simulate("2.4.5", pace="demo") as server:
        auth = client.ItsYouOnline(server.client_id, server.client_secret, url=server.itsyouonline)
        with client.connect(server.url, auth=auth) as portal:
            task = portal.cloudapi.machines.create(
                cloudspaceId=1, name="web", memory=1024, vcpus=1, imageId=1, disksize=10, _async=True
            )
            assert portal.system.task.get(taskguid=task) is None

            machine_id = task.result(timeout=60)

            assert portal.system.task.get(taskguid=task) == [True, machine_id]
            assert portal.cloudapi.machines.get(machineId=machine_id)["name"] == "web"


def test_scripts_for_the_portal_client_keep_working() -> None:
    """(d) `pcl.actors.cloudapi`, and a task that is a guid as a text."""
    with ovcgen.simulate("2.4.5", pace="demo") as server:
        pcl = ovcgen.portal_client(server.url, auth=ovcgen.Credentials(server.username, server.password))
        [space] = pcl.actors.cloudapi.cloudspaces.list()
        guid = pcl.cloudapi.machines.create(
            cloudspaceId=space["id"], name="web", memory=1024, vcpus=1, imageId=1, disksize=10, _async=True
        )

        assert isinstance(guid, str)
        assert pcl.system.task.get(taskguid=guid) is None
        machine_id = pcl.task(guid).result(timeout=60)
        assert pcl.system.task.get(taskguid=guid) == [True, machine_id]
        pcl.close()


def shell(script: str, server: Any) -> str:
    """What a shell prints for lines of the documentation, with its addresses and logins filled in."""
    variables = {
        "URL": server.url,
        "ITSYOUONLINE": server.itsyouonline,
        "CLIENT_ID": server.client_id,
        "CLIENT_SECRET": server.client_secret,
        "USER_NAME": server.username,
        "PASSWORD": server.password,
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(["bash", "-euc", script], env=variables, capture_output=True, text=True, check=True)
    return done.stdout


JWT = """JWT=$(curl -s -d 'grant_type=client_credentials&client_id='"$CLIENT_ID"'&client_secret='"$CLIENT_SECRET"'&response_type=id_token' $ITSYOUONLINE/v1/oauth/access_token)
"""  # noqa: E501


def test_the_accounts_come_with_a_jwt_and_curl(simulated: Any) -> None:
    """The documentation's first two lines: a token, then the list of accounts with it."""
    answer = shell(
        JWT + "curl -s -X POST -H 'Authorization: bearer '\"$JWT\" $URL/restmachine/cloudapi/accounts/list", simulated
    )

    assert [account["name"] for account in json.loads(answer)] == ["acme"]


def test_the_cloudspaces_come_with_a_session_key_and_curl(simulated: Any) -> None:
    """The key arrives as a JSON string, and is taken with its quotes."""
    answer = shell(
        "SESSION_KEY=$(curl -s -X POST -d 'username='\"$USER_NAME\"'&password='\"$PASSWORD\""
        " $URL/restmachine/cloudapi/users/authenticate)\n"
        "curl -s -X POST $URL/restmachine/cloudapi/cloudspaces/list?authkey=$SESSION_KEY",
        simulated,
    )

    assert [space["status"] for space in json.loads(answer)] == ["DEPLOYED"]


def test_the_session_key_is_taken_without_its_quotes_too(simulated: Any) -> None:
    """Who strips the quotes of the JSON string is right as well."""
    answer = shell(
        "SESSION_KEY=$(curl -s -X POST -d 'username='\"$USER_NAME\"'&password='\"$PASSWORD\""
        " $URL/restmachine/cloudapi/users/authenticate | tr -d '\"')\n"
        "curl -s -X POST $URL/restmachine/cloudapi/cloudspaces/list?authkey=$SESSION_KEY",
        simulated,
    )

    assert [space["status"] for space in json.loads(answer)] == ["DEPLOYED"]


def test_a_task_runs_with_curl(simulated: Any) -> None:
    """`_async=True` in the form answers a guid; asked for it, the portal gives the pair."""
    answer = shell(
        JWT + "GUID=$(curl -s -X POST -H \"Authorization: bearer $JWT\" -d '_async=True'"
        " $URL/restmachine/cloudapi/cloudspaces/list | tr -d '\"')\n"
        "sleep 0.3\n"
        'curl -s -X POST -H "Authorization: bearer $JWT" -d "taskguid=$GUID" $URL/restmachine/system/task/get',
        simulated,
    )

    success, spaces = json.loads(answer)
    assert success is True
    assert [space["status"] for space in spaces] == ["DEPLOYED"]
