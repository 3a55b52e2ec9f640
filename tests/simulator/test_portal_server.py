"""Test a portal and its identity provider over real sockets, with the commands of the documentation."""

import base64
import json
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from ovcgen.simulator import Listening, Pace, running
from ovcgen.simulator.portal_server import UnknownPace

curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@pytest.fixture(scope="module")
def portal(pinned):
    """Start a portal and its identity provider; a creation takes half a second."""
    with running(*pinned("2.4.5"), pace=Pace(create=0.5)) as started:
        yield started


def shell(script, **variables):
    """Run a shell script with these variables and return its stdout."""
    done = subprocess.run(["/bin/sh", "-euc", script], capture_output=True, text=True, env=variables, timeout=30)
    return done.stdout


def variables(portal):
    """Return the environment variables that the documentation uses."""
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
    """With curl, a token of the identity provider lists the accounts."""
    said = shell(
        TOKEN + "curl -s -X POST -H 'Authorization: bearer '\"$JWT\" $URL/restmachine/cloudapi/accounts/list",
        **variables(portal),
    )

    assert [account["name"] for account in json.loads(said)] == ["acme"]


@curl
def test_a_session_key_and_the_cloudspaces(portal):
    """With curl, a session key in quotes, as the portal returns it, lists the cloudspaces."""
    said = shell(
        "SESSION_KEY=$(curl -s -X POST -d 'username='\"$USER_NAME\"'&password='\"$PASSWORD\" "
        "$URL/restmachine/cloudapi/users/authenticate);"
        "curl -s -X POST $URL/restmachine/cloudapi/cloudspaces/list?authkey=$SESSION_KEY",
        **variables(portal),
    )

    assert [space["name"] for space in json.loads(said)] == ["production"]


@curl
def test_a_task(portal):
    """With curl, `_async=True` returns the guid of a task, and `system/task/get` returns its result."""
    said = shell(
        TOKEN + "guid=$(curl -s -X POST -H \"Authorization: bearer $JWT\" -d '_async=True' "
        "$URL/restmachine/cloudapi/cloudspaces/list | tr -d '\"');"
        'curl -s -X POST -H "Authorization: bearer $JWT" -d "taskguid=$guid" $URL/restmachine/system/task/get',
        **variables(portal),
    )

    assert json.loads(said)[0] is True


def test_the_python_story(portal):
    """With Python, a token request whose arguments are all in the query returns a token that the portal accepts."""
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
    """While a blocking create is running, `system/task/get` returns 202 at once."""
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
    """`as_json` returns exactly the addresses, the release, the logins and the simulator token."""
    told = json.loads(portal.as_json())

    assert sorted(told) == [
        "admin",
        "client_id",
        "client_secret",
        "itsyouonline",
        "password",
        "release",
        "simulator_token",
        "url",
        "username",
    ]
    assert set(told["admin"]) == {"client_id", "client_secret", "username", "password"}
    assert told["release"] == "2.4.5"


def test_requests_are_seen(portal):
    """The simulator records requests, and two equal requests are equal values."""
    for _ in range(2):
        requests.post(f"{portal.url}/restmachine//cloudapi/locations/list", data={"a": "1"}, timeout=5)
    first, second = portal.simulator.seen[-2:]

    assert first == second
    assert (first.method, first.path, first.body) == ("POST", "/restmachine//cloudapi/locations/list", b"a=1")
    assert first.header("Content-Type") == "application/x-www-form-urlencoded"
    assert first.without("user-agent").header("user-agent") is None


def test_another_portals_token_is_not_believed(portal, pinned):
    """A portal refuses a token of another portal's identity provider with 401."""
    login = {"grant_type": "client_credentials", "response_type": "id_token"}
    login |= {"client_id": portal.client_id, "client_secret": portal.client_secret}
    with running(*pinned("2.4.5")) as other:
        token = requests.post(f"{other.itsyouonline}/v1/oauth/access_token", data=login, timeout=5).text
    headers = {"Authorization": f"bearer {token}"}

    assert (
        requests.post(f"{portal.url}/restmachine/cloudapi/accounts/list", headers=headers, timeout=5).status_code == 401
    )


def test_an_unknown_pace(pinned):
    """An unknown pace raises UnknownPace, whose message lists the known ones."""
    with pytest.raises(UnknownPace, match="instant, demo, real"), running(*pinned("2.4.5"), pace="slow"):
        pass


@pytest.mark.parametrize("algorithm", ["HS256", "ES384"])
def test_a_portal_believes_its_provider(pinned, algorithm):
    """A portal accepts tokens of its provider, whatever the algorithm, until they expire by the portal's clock."""
    with running(*pinned("2.4.5"), algorithm=algorithm) as portal:
        login = {"grant_type": "client_credentials", "response_type": "id_token", "validity": 3600}
        login |= {"client_id": portal.client_id, "client_secret": portal.client_secret}
        token = requests.post(f"{portal.itsyouonline}/v1/oauth/access_token", data=login, timeout=5).text
        header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        address, headers = f"{portal.url}/restmachine/cloudapi/accounts/list", {"Authorization": f"bearer {token}"}

        assert header["alg"] == algorithm
        assert requests.post(address, headers=headers, timeout=5).json()[0]["name"] == "acme"
        portal.simulator.advance(3601)
        assert requests.post(address, headers=headers, timeout=5).status_code == 401


def created(portal, name):
    """Create a machine and return its id."""
    form = {"name": name, "cloudspaceId": 1, "sizeId": 1, "imageId": 1, "disksize": 10}
    form["authkey"] = portal.simulator.auth_secrets.portal
    return requests.post(f"{portal.url}/restmachine/cloudapi/machines/create", json=form, timeout=5).json()


def test_a_state_file_outlives_its_portal(pinned, tmp_path):
    """The state file keeps objects, sessions, the advanced clock, and the next id for a later portal."""
    file = tmp_path / "portal.state"
    with running(*pinned("2.4.5"), state_file=file) as portal:
        login = {"username": portal.username, "password": portal.password}
        key = requests.post(f"{portal.url}/restmachine/cloudapi/users/authenticate", json=login, timeout=5).json()
        portal.simulator.advance(1000)
        assert created(portal, "first") == 2
    with running(*pinned("2.4.5"), state_file=file, seed="empty") as portal:
        listed = requests.get(
            f"{portal.url}/restmachine/cloudapi/machines/list", params={"authkey": key, "cloudspaceId": 1}, timeout=5
        )
        posted = requests.post(listed.url, headers={"Accept": "application/json"}, timeout=5)

        assert listed.status_code == 404
        assert [machine["name"] for machine in posted.json()] == ["web1", "first"]
        assert portal.simulator.clock() > time.time() + 900
        assert created(portal, "second") == 3


def test_a_reset_holds_for_the_state_file_too(pinned, tmp_path):
    """After a reset, a later portal with the same state file does not have the old objects."""
    file = tmp_path / "portal.state"
    with running(*pinned("2.4.5"), state_file=file) as portal:
        created(portal, "first")
        portal.simulator.reset("empty")
    with running(*pinned("2.4.5"), state_file=file) as portal:
        assert list(portal.simulator.state.machines) == []


def test_a_portal_that_does_not_start_gives_its_state_file_free(pinned, tmp_path):
    """If a portal can't start, its state file is closed, and the next portal can use that file."""
    file = tmp_path / "portal.state"
    with running(*pinned("2.4.5"), state_file=file) as portal:
        taken = Listening(port=urlsplit(portal.url).port)
    with running(*pinned("2.4.5"), listening=taken):
        with (
            pytest.raises(OSError, match="already in use"),
            running(*pinned("2.4.5"), listening=taken, state_file=file),
        ):
            pass
        with running(*pinned("2.4.5"), state_file=file) as portal:
            assert created(portal, "first") == 2
