"""The control API: what a test in another process does with its portal."""

import json

import pytest
import requests

from ovcgen.simulator import DEMO, running


@pytest.fixture(scope="module")
def started(pinned):
    """A portal whose calls take a while."""
    with running(*pinned("2.4.5"), pace=DEMO) as portal:
        yield portal


@pytest.fixture
def portal(started):
    """The same one, as new."""
    started.simulator.reset()
    return started


def steer(portal, method, path, said=None, *, token=None):
    """A call of the control API."""
    headers = {"X-Simulator-Token": portal.simulator_token if token is None else token}
    content = said if isinstance(said, bytes) else json.dumps(said).encode() if said is not None else b""
    return requests.request(method, f"{portal.url}/_simulator/{path}", headers=headers, data=content, timeout=10)


def call(portal, path, **values):
    """A call of the portal's, as its administrator."""
    form = {"authkey": portal.simulator.auth_secrets.portal, **values}
    return requests.post(f"{portal.url}/restmachine{path}", data=form, timeout=10)


def test_it_tells_what_there_is(portal):
    """At a glance."""
    call(portal, "/cloudapi/accounts/list")
    portal.simulator.faults.add("drop")
    told = steer(portal, "GET", "").json()

    assert told.pop("time") == pytest.approx(portal.simulator.clock(), abs=60)
    assert told == {"release": "2.4.5", "faults": 1, "requests": 1}


def test_faults_come_and_go(portal):
    """By number."""
    said = {"kind": "status", "status": 502, "operation": "cloudapi.accounts.*", "times": 1}
    number = steer(portal, "POST", "faults", said).json()["id"]
    (listed,) = steer(portal, "GET", "faults").json()
    assert {**said, "id": number}.items() <= listed.items()

    assert call(portal, "/cloudapi/accounts/list").status_code == 502
    assert call(portal, "/cloudapi/accounts/list").status_code == 200
    second = steer(portal, "POST", "faults", {"kind": "drop"}).json()["id"]
    assert steer(portal, "DELETE", f"faults/{second}").status_code == 200
    assert steer(portal, "DELETE", f"faults/{second}").status_code == 400
    steer(portal, "POST", "faults", {"kind": "drop"})
    steer(portal, "DELETE", "faults")
    assert steer(portal, "GET", "faults").json() == []


def test_requests_are_told_and_forgotten(portal):
    """Those of the control API are none."""
    call(portal, "/cloudapi/accounts/get", accountId=1)
    (told,) = steer(portal, "GET", "requests").json()

    assert (told["method"], told["path"]) == ("POST", "/restmachine/cloudapi/accounts/get")
    assert told["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert told["body"].endswith("accountId=1")
    steer(portal, "DELETE", "requests")
    assert steer(portal, "GET", "requests").json() == []


def test_the_clock_is_turned(portal):
    """What takes a while is over."""
    call(portal, "/cloudapi/machines/stop", machineId=1, _async="1")
    before = call(portal, "/cloudapi/machines/get", machineId=1).json()["status"]
    told = steer(portal, "POST", "clock", {"advance": 3600}).json()["time"]

    assert before == "RUNNING"
    assert call(portal, "/cloudapi/machines/get", machineId=1).json()["status"] == "HALTED"
    assert told == pytest.approx(portal.simulator.clock(), abs=60)


def test_a_reset_begins_anew(portal):
    """With any seed; faults and requests are forgotten."""
    portal.simulator.faults.add("drop")
    assert steer(portal, "POST", "reset", {"seed": "empty"}).json() == {}

    assert steer(portal, "GET", "").json().items() >= {"faults": 0, "requests": 0}.items()
    assert list(portal.simulator.state.accounts) == []
    steer(portal, "POST", "reset")
    assert [account.name for account in portal.simulator.state.accounts] == ["acme"]


@pytest.mark.parametrize("token", ["", "x", "\xff"])
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "reset"), ("GET", "requests"), ("POST", "x")])
def test_without_the_token_it_is_not_there(portal, method, path, token):
    """The portal answers as to any other wrong path."""
    answer = steer(portal, method, path, {}, token=token.encode("latin-1"))
    other = requests.request(method, f"{portal.url}/anything/{path}", timeout=10)

    assert (answer.status_code, answer.json().replace("_simulator", "anything"), answer.headers["Content-Type"]) == (
        other.status_code,
        other.json(),
        other.headers["Content-Type"],
    )
    assert len(portal.simulator.seen) == 2


@pytest.mark.parametrize(
    ("method", "path", "said", "words"),
    [
        ("POST", "reset", b"{", "no JSON"),
        ("POST", "reset", [], "no JSON object"),
        ("POST", "reset", {"seed": "weeds"}, "no seed named weeds"),
        ("POST", "reset", {"seed": 3}, "takes 'seed'"),
        ("POST", "reset", {"speed": "demo"}, "takes 'seed'"),
        ("POST", "faults", {}, "has a kind"),
        ("POST", "faults", {"kind": "earthquake"}, "No such fault"),
        ("POST", "faults", {"kind": "drop", "x": 1}, "No such fault: x"),
        ("POST", "clock", {"advance": -1}, "forward only"),
        ("POST", "clock", {"advance": True}, "forward only"),
        ("POST", "clock", {"advance": "1"}, "takes 'advance'"),
        ("DELETE", "faults/x", None, "No fault x"),
    ],
)
def test_what_can_not_be_understood_is_explained(portal, method, path, said, words):
    """400, with a way out."""
    answer = steer(portal, method, path, said)

    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert answer.json()["fix"]


@pytest.mark.parametrize(("method", "path"), [("GET", "reset"), ("PUT", "faults"), ("POST", "faults/1"), ("GET", "x")])
def test_what_is_not_there_is_said(portal, method, path):
    """To who has the token."""
    answer = steer(portal, method, path)

    assert answer.status_code == 404
    assert f"{method} /_simulator/{path}" in answer.json()["error"]


def test_no_page_in_a_browser_may_call_it(portal):
    """It answers no other origin, and no other name."""
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Headers": "x-simulator-token"}
    asked = requests.options(f"{portal.url}/_simulator/reset", headers=headers, timeout=10)
    renamed = {"Host": "evil.example", "X-Simulator-Token": portal.simulator_token}

    assert not [name for name in asked.headers if name.lower().startswith("access-control")]
    assert requests.get(f"{portal.url}/_simulator/", headers=renamed, timeout=10).status_code == 421
