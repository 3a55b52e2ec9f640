"""A portal and its identity provider, over real sockets: the documentation's own lines."""

import json
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from ovcgen.simulator import Pace, running
from ovcgen.simulator.run import UnknownPace

curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@pytest.fixture(scope="module")
def portal(pinned):
    """Both, with things that take a moment."""
    with running(*pinned("2.4.5"), pace=Pace(create=0.5)) as started:
        yield started


def shell(script, **variables):
    """What a shell prints, without the last line's end."""
    done = subprocess.run(["/bin/sh", "-euc", script], capture_output=True, text=True, env=variables, timeout=30)
    return done.stdout


def variables(portal):
    """What a reader of the documentation has in the environment."""
    return {
        "PATH": "/usr/bin:/bin",
        "URL": portal.url,
        "IYO": portal.itsyouonline,
        "CLIENT_ID": portal.client_id,
        "CLIENT_SECRET": portal.client_secret,
        "USER_NAME": portal.username,
        "PASSWORD": portal.password,
    }


TOKEN = (
    "JWT=$(curl -s -d 'grant_type=client_credentials&client_id='\"$CLIENT_ID\"'&client_secret='\"$CLIENT_SECRET\"'"
    "&response_type=id_token' $IYO/v1/oauth/access_token);"
)


@curl
def test_a_token_and_the_accounts(portal):
    """The documentation's first story."""
    said = shell(
        TOKEN + "curl -s -X POST -H 'Authorization: bearer '\"$JWT\" $URL/restmachine/cloudapi/accounts/list",
        **variables(portal),
    )

    assert [account["name"] for account in json.loads(said)] == ["acme"]


@curl
def test_a_session_key_and_the_cloudspaces(portal):
    """The second: the key comes in quotes and works with them."""
    said = shell(
        "SESSION_KEY=$(curl -s -X POST -d 'username='\"$USER_NAME\"'&password='\"$PASSWORD\" "
        "$URL/restmachine/cloudapi/users/authenticate);"
        "curl -s -X POST $URL/restmachine/cloudapi/cloudspaces/list?authkey=$SESSION_KEY",
        **variables(portal),
    )

    assert [space["name"] for space in json.loads(said)] == ["production"]


@curl
def test_a_task(portal):
    """The third."""
    said = shell(
        TOKEN + "guid=$(curl -s -X POST -H \"Authorization: bearer $JWT\" -d '_async=True' "
        "$URL/restmachine/cloudapi/cloudspaces/list | tr -d '\"');"
        'curl -s -X POST -H "Authorization: bearer $JWT" -d "taskguid=$guid" $URL/restmachine/system/task/get',
        **variables(portal),
    )

    assert json.loads(said)[0] is True


def test_the_python_story(portal):
    """Everything in the query of the token request."""
    asked = {
        "grant_type": "client_credentials",
        "response_type": "id_token",
        "client_id": portal.client_id,
        "client_secret": portal.client_secret,
        "validity": 3600,
    }
    token = requests.post(f"{portal.itsyouonline}/v1/oauth/access_token", params=asked, timeout=5).content.decode()
    headers = {"Authorization": f"bearer {token}"}

    assert requests.post(f"{portal.url}/restmachine/cloudapi/locations/getUrl", headers=headers, timeout=5).ok


def test_a_blocking_create_does_not_stop_task_get(portal):
    """Nor does it hold up anybody else."""
    with requests.Session() as session:
        login = {"username": portal.username, "password": portal.password}
        base = f"{portal.url}/restmachine"
        key = session.post(f"{base}/cloudapi/users/authenticate", json=login, timeout=5).json()
        new = {"cloudspaceId": 1, "imageId": 1, "sizeId": 1, "disksize": 10, "authkey": key}
        create = f"{base}/cloudapi/machines/create"
        guid = session.post(create, json={**new, "name": "in-a-task", "_async": 1}, timeout=5).json()
        with ThreadPoolExecutor(1) as pool:
            began = time.monotonic()
            blocked = pool.submit(requests.post, create, json={**new, "name": "blocking"}, timeout=5)
            look = session.post(f"{base}/system/task/get", json={"taskguid": guid, "authkey": key}, timeout=5)
            took = time.monotonic() - began
            assert blocked.result().ok

    assert (look.status_code, look.content, look.headers.get("Content-Type")) == (202, b"", None)
    assert took < 0.5


def test_what_serve_prints(portal):
    """One line that a script can read; the objects behind it stay inside."""
    told = json.loads(portal.as_json())

    assert sorted(told) == [
        "admin",
        "client_id",
        "client_secret",
        "itsyouonline",
        "password",
        "release",
        "url",
        "username",
    ]
    assert set(told["admin"]) == {"client_id", "client_secret", "username", "password"}
    assert told["release"] == "2.4.5"


def test_requests_are_seen(portal):
    """Equal ones are equal values."""
    for _ in range(2):
        requests.post(f"{portal.url}/restmachine//cloudapi/locations/list", data={"a": "1"}, timeout=5)
    first, second = portal.simulator.seen[-2:]

    assert first == second
    assert (first.method, first.path, first.body) == ("POST", "/restmachine//cloudapi/locations/list", b"a=1")
    assert first.header("Content-Type") == "application/x-www-form-urlencoded"
    assert first.without("user-agent").header("user-agent") is None


def test_another_portals_token_is_not_believed(portal, pinned):
    """Each portal has its own provider."""
    login = {"grant_type": "client_credentials", "response_type": "id_token"}
    login |= {"client_id": portal.client_id, "client_secret": portal.client_secret}
    with running(*pinned("2.4.5")) as other:
        token = requests.post(f"{other.itsyouonline}/v1/oauth/access_token", data=login, timeout=5).text
    headers = {"Authorization": f"bearer {token}"}

    assert (
        requests.post(f"{portal.url}/restmachine/cloudapi/accounts/list", headers=headers, timeout=5).status_code == 401
    )


def test_an_unknown_pace(pinned):
    """Names the known ones."""
    with pytest.raises(UnknownPace, match="instant, demo, real"), running(*pinned("2.4.5"), pace="slow"):
        pass
