"""Ways to log in: what they send, when they log in again, and that they do it once."""

import threading

import pytest
import requests

from tests.runtime.conftest import Clock, answer, in_threads
from tests.runtime.test_login_requests import jwt_of

CANARY = "canary-7f3a-secret"
LOGIN = "/restmachine/cloudapi/users/authenticate"
TOKEN = "/v1/oauth/access_token"


def counting_provider(tokens):
    """Hands out one token after the other."""
    return lambda seen: answer(tokens.pop(0).encode(), kind="text/plain")


def test_a_bearer_is_a_header(runtime, connect, operation, portal):
    """As the portal's own documentation writes it."""
    connect(auth=runtime.auth.Bearer("a.b.c")).call(operation(), {})
    assert portal.seen[0].header("Authorization") == "bearer a.b.c"


def test_a_bearer_may_be_asked_for_each_call(runtime, connect, operation, portal):
    """A program that has tokens of its own renews them itself."""
    tokens = iter(["one.o.o", "two.t.t"])
    client = connect(auth=runtime.auth.Bearer(lambda: next(tokens)))
    client.call(operation(), {})
    client.call(operation(), {})
    assert [seen.header("Authorization") for seen in portal.seen] == ["bearer one.o.o", "bearer two.t.t"]


@pytest.mark.parametrize("token", ["", "a b", f"{CANARY}\r\nX: y", f"{CANARY}\n", "tök", None, b"a.b.c"])
def test_a_token_that_can_not_stand_in_a_header_is_refused(runtime, connect, operation, portal, token):
    """Given or handed out later; without showing it, and before anything is sent."""
    with pytest.raises(runtime.errors.ArgumentError) as caught:
        connect(auth=runtime.auth.Bearer(lambda: token)).call(operation(), {})
    assert CANARY not in str(caught.value)
    assert portal.seen == []
    if isinstance(token, str):
        with pytest.raises(runtime.errors.ArgumentError):
            runtime.auth.Bearer(token)


@pytest.mark.parametrize("status", [401, 419])
def test_a_ready_token_is_tried_once(runtime, connect, operation, portal, status):
    """Sending it again would change nothing."""
    portal.says(answer("no", status))
    with pytest.raises(runtime.errors.ApiError):
        connect(auth=runtime.auth.Bearer("a.b.c")).call(operation(), {})
    assert len(portal.seen) == 1


@pytest.mark.parametrize(
    ("method", "arguments", "target", "body"),
    [
        ("POST", {"size": 3}, "/restmachine/cloudapi/machines/act", b"size=3&authkey=k%26%C3%BC+%2B"),
        ("POST", {}, "/restmachine/cloudapi/machines/act", b"authkey=k%26%C3%BC+%2B"),
        ("GET", {"size": 3}, "/restmachine/cloudapi/machines/act?size=3&authkey=k%26%C3%BC+%2B", b""),
        ("GET", {}, "/restmachine/cloudapi/machines/act?authkey=k%26%C3%BC+%2B", b""),
    ],
)
def test_an_authkey_is_a_field(runtime, connect, operation, portal, method, arguments, target, body):
    """In the form of a POST, whose URL lands in logs; in the query of a GET, which has no form."""
    connect(auth=runtime.portal_auth.AuthKey("k&ü +")).call(operation(method=method, size="integer"), arguments)
    [seen] = portal.seen
    assert (seen.target, seen.body) == (target, body)
    assert seen.header("Content-Type") == ("application/x-www-form-urlencoded" if body else "")
    assert seen.header("Content-Length") == (str(len(body)) if body else "")


def test_an_authkey_leaves_a_body_of_json_alone(runtime, connect, portal):
    """It goes into the query then."""
    thing = runtime.operation.ParameterSpec("thing", "object", place="body")
    put = runtime.operation.OperationSpec("a.b.c", "POST", "/things", (thing,))
    connect(auth=runtime.portal_auth.AuthKey("k")).call(put, {"thing": {"a": 1}})
    assert (portal.seen[0].target, portal.seen[0].body) == ("/restmachine/things?authkey=k", b'{"a": 1}')


def test_credentials_log_in_once(runtime, connect, operation, portal):
    """At the first call, where the calls go; the session key then goes with each of them."""
    portal.react = lambda seen: answer("session-1" if seen.target.endswith(LOGIN) else 7)
    client = connect(f"{portal.url}/behind", auth=runtime.portal_auth.Credentials("ann", "p&ss"))
    assert [client.call(operation(), {}) for _ in range(2)] == [7, 7]
    assert [(seen.target, seen.body) for seen in portal.seen] == [
        (f"/behind{LOGIN}", b"username=ann&password=p%26ss"),
        ("/behind/restmachine/cloudapi/machines/act", b"authkey=session-1"),
        ("/behind/restmachine/cloudapi/machines/act", b"authkey=session-1"),
    ]


def test_credentials_keep_a_key_for_each_portal(runtime, connect, operation, portal, elsewhere):
    """A session of one is none of another."""
    portal.react = lambda seen: answer("session-here" if seen.target == LOGIN else 1)
    elsewhere.react = lambda seen: answer("session-there" if seen.target == LOGIN else 2)
    auth = runtime.portal_auth.Credentials("ann", "password")
    here, there = connect(auth=auth), connect(elsewhere.url, auth=auth)
    assert [here.call(operation(), {}), there.call(operation(), {}), here.call(operation(), {})] == [1, 2, 1]
    assert [seen.body for seen in portal.seen[1:]] == [b"authkey=session-here"] * 2
    assert [seen.body for seen in elsewhere.seen[1:]] == [b"authkey=session-there"]


def test_credentials_work_with_plain_requests_too(runtime, portal):
    """They are an AuthBase like any other."""
    portal.react = lambda seen: answer("session-1" if seen.target == LOGIN else 7)
    auth = runtime.portal_auth.Credentials("ann", "password")
    response = requests.post(f"{portal.url}/restmachine/cloudapi/a/b", data={"c": "d"}, auth=auth, timeout=5)
    assert (response.json(), portal.seen[1].body) == (7, b"c=d&authkey=session-1")


def test_credentials_log_in_again_when_the_session_has_ended(runtime, connect, operation, portal):
    """The call is sent a second time, which is safe: the first was refused before anything was done."""
    keys = ["old", "new"]

    def react(seen):
        if seen.target == LOGIN:
            return answer(keys.pop(0))
        return answer("expired", 419) if b"old" in seen.body else answer(7)

    portal.react = react
    assert (
        connect(auth=runtime.portal_auth.Credentials("ann", "password")).call(operation(size="integer"), {"size": 3})
        == 7
    )
    assert [seen.body for seen in portal.seen if seen.target != LOGIN] == [b"size=3&authkey=old", b"size=3&authkey=new"]


@pytest.mark.parametrize(("status", "kind"), [(401, "Unauthorized"), (419, "AuthExpired")])
def test_a_second_refusal_is_final(runtime, connect, operation, portal, status, kind):
    """Two calls and two logins, then the portal's words."""
    portal.react = lambda seen: answer(f"s{len(portal.seen)}") if seen.target == LOGIN else answer("no", status)
    with pytest.raises(getattr(runtime.errors, kind, None) or getattr(runtime.portal_errors, kind)):
        connect(auth=runtime.portal_auth.Credentials("ann", "password")).call(operation(), {})
    assert [seen.target == LOGIN for seen in portal.seen] == [True, False, True, False]


def test_wrong_credentials_are_unauthorized(runtime, connect, operation, portal):
    """The call itself is never sent."""
    portal.says(answer("Unauthorized", 401))
    with pytest.raises(runtime.errors.Unauthorized) as caught:
        connect(auth=runtime.portal_auth.Credentials("ann", CANARY)).call(operation(), {})
    assert caught.value.operation == f"POST {portal.url}{LOGIN}"
    assert len(portal.seen) == 1


def test_an_unconfirmed_account_shows_no_session(runtime, connect, operation, portal):
    """The portal answers 409 with a session id in the body."""
    portal.says(answer(CANARY, 409))
    with pytest.raises(runtime.errors.Conflict) as caught:
        connect(auth=runtime.portal_auth.Credentials("ann", "password")).call(operation(), {})
    assert CANARY not in str(caught.value) + caught.value.message


def test_an_application_key_gets_one_token(runtime, connect, operation, portal, elsewhere):
    """By a form, with the words of ItsYou.online; the answer is the bare token, blanks around it or not."""
    elsewhere.says(answer(f" {jwt_of(exp=4600, iat=1000)}\n".encode(), kind="text/plain"))
    auth = runtime.portal_auth.ItsYouOnline("my-id", "my&secret", validity=3600, url=elsewhere.url + "/")
    auth._clock = Clock()
    client = connect(auth=auth)
    client.call(operation(), {})
    client.call(operation(), {})
    [seen] = elsewhere.seen
    assert (seen.method, seen.target) == ("POST", TOKEN)
    assert seen.body == (
        b"grant_type=client_credentials&client_id=my-id&client_secret=my%26secret&response_type=id_token&validity=3600"
    )
    assert [seen.header("Authorization") for seen in portal.seen] == [f"bearer {jwt_of(exp=4600, iat=1000)}"] * 2


def test_a_token_is_renewed_before_it_expires(runtime, connect, operation, portal, elsewhere):
    """300 seconds before, by its own lifetime; its clock and ours need not agree."""
    tokens = [jwt_of(exp=9_003_600, iat=9_000_000, number=number) for number in range(2)]
    elsewhere.react, clock = counting_provider(list(tokens)), Clock()
    auth = runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url)
    auth._clock = clock
    client = connect(auth=auth)
    for clock.now in (1000.0, 4299.0, 4300.0, 4301.0):
        client.call(operation(), {})
    assert [tokens.index(seen.header("Authorization").removeprefix("bearer ")) for seen in portal.seen] == [0, 0, 1, 1]


def test_a_token_without_an_end_is_kept(runtime, connect, operation, portal, elsewhere):
    """Until the portal refuses it."""
    elsewhere.react, clock = counting_provider([jwt_of(), jwt_of(number=1)]), Clock()
    portal.says(answer(1), answer(b"<html>expired</html>", 401, "text/html"), answer(2))
    auth = runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url)
    auth._clock = clock
    client = connect(auth=auth)
    assert client.call(operation(), {}) == 1
    clock.now += 1e9
    assert (client.call(operation(), {}), len(elsewhere.seen)) == (2, 2)


@pytest.mark.parametrize("scheme", ["ItsYouOnline", "Credentials"])
def test_twenty_threads_log_in_once(runtime, connect, operation, portal, elsewhere, scheme):
    """The first asks, the others wait for its answer."""
    elsewhere.says(answer(jwt_of().encode(), kind="text/plain"))
    portal.react = lambda seen: answer("session" if seen.target == LOGIN else 7)
    if scheme == "Credentials":
        client = connect(auth=runtime.portal_auth.Credentials("ann", "password"))
    else:
        client = connect(auth=runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url))
    assert in_threads(20, lambda: client.call(operation(), {})) == [7] * 20
    logins = [seen for seen in portal.seen + elsewhere.seen if seen.target in (LOGIN, TOKEN)]
    assert len(logins) == 1


@pytest.mark.parametrize("scheme", ["ItsYouOnline", "Credentials"])
def test_twenty_refused_threads_renew_once(runtime, connect, operation, portal, elsewhere, scheme):
    """Whoever comes later sees that it has been done."""
    elsewhere.react = counting_provider([jwt_of(number=1), jwt_of(number=2)])
    keys, storm = ["old", "new"], threading.Barrier(20)

    def react(seen):
        if seen.target == LOGIN:
            return answer(keys.pop(0))
        is_old = b"old" in seen.body or seen.header("Authorization") == f"bearer {jwt_of(number=1)}"
        if is_old and seen.target.endswith("act"):
            storm.wait(5)
            return answer("no", 401)
        return answer(7)

    portal.react = react
    if scheme == "Credentials":
        client = connect(auth=runtime.portal_auth.Credentials("ann", "password"))
    else:
        client = connect(auth=runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url))
    client.call(operation(called="machines.first"), {})
    assert in_threads(20, lambda: client.call(operation(), {})) == [7] * 20
    logins = [seen for seen in portal.seen + elsewhere.seen if seen.target in (LOGIN, TOKEN)]
    assert len(logins) == 2


def test_an_application_key_may_come_from_the_environment(runtime, monkeypatch):
    """CLIENT_ID and CLIENT_SECRET, and another provider if one is named."""
    with pytest.raises(runtime.errors.ArgumentError, match="CLIENT_ID and CLIENT_SECRET are not both set"):
        runtime.portal_auth.ItsYouOnline.from_env()
    monkeypatch.setenv("CLIENT_ID", "id")
    monkeypatch.setenv("CLIENT_SECRET", CANARY)
    assert repr(runtime.portal_auth.ItsYouOnline.from_env()) == "ItsYouOnline('id', ***)"
    monkeypatch.setenv("ITSYOUONLINE_URL", "no address")
    with pytest.raises(runtime.errors.ArgumentError, match="is no address of an identity provider"):
        runtime.portal_auth.ItsYouOnline.from_env()


@pytest.mark.parametrize(
    ("username", "password"), [("", "p"), ("ann", ""), ("ann", None), ("ann", "p\ud800"), ("a\n", "p")]
)
def test_credentials_that_can_not_be_sent_are_refused(runtime, username, password):
    """At once, not at the first call."""
    with pytest.raises(runtime.errors.ArgumentError, match="is empty, no text, or holds control characters"):
        runtime.portal_auth.Credentials(username, password)


def test_a_login_is_not_followed_elsewhere(runtime, connect, operation, portal, elsewhere):
    """A redirect would carry the password along."""
    portal.says(answer(b"", 307, Location=elsewhere.url))
    with pytest.raises(runtime.errors.ApiError, match="answered 307"):
        connect(auth=runtime.portal_auth.Credentials("ann", CANARY)).call(operation(), {})
    assert elsewhere.seen == []


def test_a_login_ignores_netrc(runtime, connect, operation, elsewhere, tmp_path, monkeypatch):
    """An identity provider would get a Basic header instead of the key."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    elsewhere.says(answer(jwt_of().encode(), kind="text/plain"))
    connect(auth=runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url)).call(operation(), {})
    assert elsewhere.seen[0].header("Authorization") == ""
