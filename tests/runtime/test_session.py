"""What a portal sees of a call, and whom it takes us for."""

import threading

import pytest
from requests.auth import HTTPBasicAuth
from requests.utils import default_user_agent

from tests.runtime.conftest import FORM, JSON, answer

CANARY = "canary-7f3a-secret"


def test_a_call_is_these_bytes(connect, operation, portal):
    """The form holds the fields in document order; the headers are few, and no cookie is among them."""
    act = operation(name="string", cloudspaceId="integer", force="boolean", ids="array", tasks=True)
    connect().call(act, {"force": True, "name": "w b&ö", "ids": [1, 2], "cloudspaceId": 7, "_async": None})
    [seen] = portal.seen
    assert (seen.method, seen.target) == ("POST", "/restmachine/cloudapi/machines/act")
    assert seen.body == b"name=w+b%26%C3%B6&cloudspaceId=7&force=true&ids=1&ids=2"
    assert dict(seen.headers) == {
        "Host": portal.url.removeprefix("http://"),
        "User-Agent": f"ovcgen {default_user_agent()}",
        "Accept-Encoding": seen.header("Accept-Encoding"),
        "Accept": JSON,
        "Connection": "keep-alive",
        "Content-Type": FORM,
        "Content-Length": "55",
    }


def test_a_post_without_parameters_has_no_body(connect, operation, portal):
    """Nothing to say is said with nothing, not with an empty form."""
    connect().call(operation(), {})
    [seen] = portal.seen
    assert (seen.body, seen.header("Content-Type"), seen.header("Content-Length")) == (b"", "", "0")


def test_a_get_says_all_in_its_query(connect, operation, portal):
    """It has no body to put a field in."""
    connect().call(operation(method="GET", accountId="integer", start="integer"), {"start": 5, "accountId": 1})
    [seen] = portal.seen
    assert (seen.method, seen.target) == ("GET", "/restmachine/cloudapi/machines/act?accountId=1&start=5")
    assert seen.body == b""


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "/restmachine/cloudapi/machines/act", b"_async=true"),
        ("GET", "/restmachine/cloudapi/machines/act?_async=true", b""),
    ],
)
def test_a_task_is_asked_for_by_one_field(connect, operation, portal, method, target, body):
    """Its mere presence counts for the portal, so it is sent only when true."""
    portal.says(answer(7))
    act = operation(method=method, tasks=True)
    connect().call(act, {"_async": True})
    connect().call(act, {"_async": False})
    assert (portal.seen[0].target, portal.seen[0].body) == (target, body)
    assert b"_async" not in portal.seen[1].body + portal.seen[1].target.encode()


@pytest.mark.parametrize("prefix", ["", "/", "/behind/a%20proxy/"])
def test_a_portal_may_live_below_a_path(connect, operation, portal, prefix):
    """What stands after the host stays, and slashes don't double."""
    connect(portal.url + prefix).call(operation(), {})
    assert portal.seen[0].target == prefix.rstrip("/") + "/restmachine/cloudapi/machines/act"


def test_other_documents_put_values_elsewhere(runtime, connect, portal):
    """In a path, quoted, so that it stays one step of it; in a header; as JSON in the body."""
    name, version, thing = (
        runtime.operation.ParameterSpec("name", "string", place="path"),
        runtime.operation.ParameterSpec("X-Version", "integer", place="header"),
        runtime.operation.ParameterSpec("thing", "object", place="body"),
    )
    put = runtime.operation.OperationSpec("things.put", "PUT", "/things/{name}/now", (name, version, thing))
    connect(base_path="/v1").call(put, {"name": "a/b {name}?", "X-Version": 3, "thing": {"a": [1.5, None]}})
    [seen] = portal.seen
    assert (seen.method, seen.target) == ("PUT", "/v1/things/a%2Fb%20%7Bname%7D%3F/now")
    assert (seen.header("X-Version"), seen.header("Content-Type"), seen.body) == ("3", JSON, b'{"a": [1.5, null]}')


def test_netrc_does_not_change_who_we_are(connect, operation, portal, runtime, tmp_path, monkeypatch):
    """requests itself would send what stands there, even in the place of our own login."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    connect().call(operation(), {})
    connect(auth=runtime.portal_auth.AuthKey("k")).call(operation(), {})
    connect(auth=runtime.auth.Bearer("a.b.c")).call(operation(), {})
    assert [seen.header("Authorization") for seen in portal.seen] == ["", "", "bearer a.b.c"]


def test_a_cookie_does_not_change_who_we_are(connect, operation, portal):
    """The portal's session cookie would log in by itself, long after the token has gone."""
    portal.says(answer(1, Set_Cookie=f"beaker.session.id={CANARY}; Path=/"))
    client = connect()
    client.call(operation(), {})
    response = client.exchange(operation(), []).response
    assert portal.seen[1].header("Cookie") == ""
    assert (list(response.cookies), CANARY in str(response.headers)) == ([], False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_error_and_reaches_nobody(runtime, connect, operation, portal, elsewhere, status):
    """Following it would carry the login, and the form with it, to wherever it points."""
    portal.says(answer(b"", status, Location=f"{elsewhere.url}/login?authkey={CANARY}"))
    with pytest.raises(
        runtime.errors.ApiError, match=r"a redirect to http://127\.0\.0\.1:.*, which is not followed"
    ) as caught:
        connect(auth=runtime.portal_auth.AuthKey(CANARY)).call(operation(), {})
    assert elsewhere.seen == []
    assert CANARY not in str(caught.value) + str(caught.value.response.headers)


def test_a_login_that_can_not_sign_is_refused_at_once(runtime, connect):
    """A pair, a class or a function that was not called would otherwise send every call unsigned."""
    with pytest.raises(runtime.errors.ArgumentError, match="takes a way to log in, not a tuple"):
        connect(auth=("somebody", "secret"))
    with pytest.raises(runtime.errors.ArgumentError, match="not a method"):
        connect(auth=runtime.portal_auth.ItsYouOnline.from_env)


def test_a_login_of_ones_own_works(connect, operation, portal):
    """Whatever requests takes as an AuthBase signs our calls too."""
    connect(auth=HTTPBasicAuth("a", "b")).call(operation(), {})
    assert portal.seen[0].header("Authorization") == "Basic YTpi"


def test_a_session_sends_to_its_own_portal_only(runtime, portal, elsewhere):
    """A token is for the portal it was given to."""
    with runtime.session.Session(f"{portal.url}/restmachine", auth=runtime.auth.Bearer(CANARY)) as session:
        with pytest.raises(runtime.errors.ArgumentError, match="its own service only"):
            session.post(elsewhere.url, data={"a": "b"})
        with pytest.raises(runtime.errors.ArgumentError, match="its own service only"):
            session.post(f"{portal.url}/restmachinery")
        assert session.get(f"{portal.url}/restmachine/ping").status_code == 200
    assert elsewhere.seen == []


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), True, "5", None])
def test_patience_is_a_number_of_seconds(runtime, connect, timeout):
    """Zero or for ever is no patience a call can have."""
    with pytest.raises(runtime.errors.ArgumentError, match="a number above 0"):
        connect(timeout=timeout)


def test_calls_of_many_threads_do_not_mix(connect, operation, portal):
    """Each gets the answer to its own question, whoever prepared the operation first."""
    portal.react = lambda seen: answer(int(seen.body.partition(b"=")[2]))
    client, act, results = connect(), operation(number="integer"), {}
    threads = [
        threading.Thread(target=lambda number=number: results.update({number: client.call(act, {"number": number})}))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: number for number in range(20)}


def test_a_closed_client_may_call_again(connect, operation, portal):
    """Closing is about connections; a new one is opened when it is needed."""
    client = connect()
    client.call(operation(), {})
    client.close()
    client.call(operation(), {})
    assert len(portal.seen) == 2
