"""OAuth 2 without a browser: what is asked of the token endpoint, how often, and that nothing shows the secrets."""

import base64
import logging
import threading
from urllib.parse import parse_qsl

import pytest

from tests.runtime.conftest import RESET, Clock, answer, in_threads
from tests.runtime.test_redaction import shown_of

CANARY = "canary/7f3a+secret"


def token_of(number=1, **more):
    """What a token endpoint answers."""
    return answer({"access_token": f"token-{number}", "token_type": "Bearer", "expires_in": 3600, **more})


def form_of(seen):
    """The fields that were sent."""
    return dict(parse_qsl(seen.body.decode()))


@pytest.fixture
def flow(runtime, elsewhere):
    """Return a function that creates an OAuth 2 login at the server `elsewhere`, with an optional clock."""

    def flow(*own, clock=None, **options):
        auth = runtime.oauth.OAuth2(f"{elsewhere.url}/token", *(own or ("me", "s3cret")), **options)
        auth._clock = clock or auth._clock
        return auth

    return flow


@pytest.mark.parametrize(
    ("options", "header", "form"),
    [
        pytest.param({}, "me:s3cret", {"grant_type": "client_credentials"}, id="the client's own credentials"),
        pytest.param({"scopes": ["read", "write"]}, "me:s3cret", {"scope": "read write"}, id="a list of scopes"),
        pytest.param({"scopes": "read write"}, "me:s3cret", {"scope": "read write"}, id="scopes as one text"),
        pytest.param({"place": "form"}, "", {"client_id": "me", "client_secret": "s3cret"}, id="in the form"),
        pytest.param(
            {"username": "ann", "password": "p&ss"},
            "me:s3cret",
            {"grant_type": "password", "username": "ann", "password": "p&ss"},
            id="a user's password",
        ),
    ],
)
def test_what_is_asked(connect, operation, portal, elsewhere, flow, options, header, form):
    """As RFC 6749 has it; the token then goes with the call."""
    elsewhere.says(token_of())
    connect(auth=flow(**options)).call(operation(), {})
    (asked,) = elsewhere.seen
    sent = asked.header("Authorization").removeprefix("Basic ")
    assert (asked.method, asked.target, asked.header("Accept")) == ("POST", "/token", "application/json")
    assert base64.b64decode(sent).decode() == header
    assert form_of(asked).items() >= form.items()
    assert portal.seen[0].header("Authorization") == "Bearer token-1"


def test_a_client_without_a_secret(connect, operation, elsewhere, flow):
    """Its id is in the form, as it has nothing to prove."""
    elsewhere.says(token_of())
    connect(auth=flow("public", username="ann", password="secret")).call(operation(), {})
    assert form_of(elsewhere.seen[0])["client_id"] == "public"
    assert elsewhere.seen[0].header("Authorization") == ""


def test_odd_letters_are_written_as_in_a_form(connect, operation, elsewhere, flow):
    """Else a colon in an id would end it."""
    elsewhere.says(token_of())
    connect(auth=flow("m:e", "sé cret")).call(operation(), {})
    pair = elsewhere.seen[0].header("Authorization").removeprefix("Basic ")
    assert base64.b64decode(pair) == b"m%3Ae:s%C3%A9+cret"


@pytest.mark.parametrize("path", ["/o/token/", "/token?tenant=7", "/token/?v=2&x=a%20b"])
def test_the_address_is_asked_as_it_is(runtime, connect, operation, elsewhere, path):
    """Some servers mind a slash at the end, or want a query."""
    elsewhere.says(token_of())
    connect(auth=runtime.oauth.OAuth2(elsewhere.url + path, "me", "s3cret")).call(operation(), {})
    assert elsewhere.seen[0].target == path


@pytest.mark.parametrize(
    ("lifetime", "asked_at"),
    [
        pytest.param(3600, [1000, 4300, 9000], id="300 s before the end"),
        pytest.param("3600", [1000, 4300, 9000], id="digits in a text"),
        pytest.param(400, [1000, 4299, 9000], id="half of a short life"),
        pytest.param(None, [1000], id="no end"),
        pytest.param("soon", [1000], id="an end that is none"),
        pytest.param(-5, [1000, 1001, 4299, 4300, 9000], id="over before it began"),
    ],
)
def test_a_token_is_kept_until_shortly_before_it_ends(connect, operation, elsewhere, flow, lifetime, asked_at):
    """The server says how long it holds; what it does not say is found out by a refusal."""
    elsewhere.says(token_of(expires_in=lifetime))
    clock, seen = Clock(), []
    client = connect(auth=flow(clock=clock))
    for clock.now in (1000, 1001, 4299, 4300, 9000):
        before = len(elsewhere.seen)
        client.call(operation(), {})
        seen += [clock.now] * (len(elsewhere.seen) - before)
    assert seen == asked_at


@pytest.mark.parametrize("status", [401, 419])
def test_a_refused_token_is_replaced_once(connect, operation, portal, elsewhere, flow, status):
    """And the call is sent again."""
    elsewhere.says(token_of(1), token_of(2))
    portal.react = lambda seen: answer(7) if seen.header("Authorization") == "Bearer token-2" else answer("no", status)
    assert connect(auth=flow()).call(operation(), {}) == 7
    assert (len(elsewhere.seen), len(portal.seen)) == (2, 2)


def test_a_second_refusal_is_final(runtime, connect, operation, portal, elsewhere, flow):
    """A new token did not help."""
    portal.says(answer("no", 401))
    elsewhere.react = lambda seen: token_of(len(elsewhere.seen))
    with pytest.raises(runtime.errors.Unauthorized):
        connect(auth=flow()).call(operation(), {})
    assert (len(elsewhere.seen), len(portal.seen)) == (2, 2)


def test_a_refresh_token_is_used_first(connect, operation, elsewhere, flow):
    """The password is not sent again, and a refresh token stays until another one comes."""
    elsewhere.says(
        token_of(1, refresh_token="refresh-1"), token_of(2), token_of(3, refresh_token="refresh-2"), token_of(4)
    )
    clock = Clock()
    client = connect(auth=flow(username="ann", password="secret", clock=clock))
    for clock.now in (1000.0, 10_000.0, 20_000.0, 30_000.0):
        client.call(operation(), {})
    forms = [form_of(each) for each in elsewhere.seen]
    assert [form["grant_type"] for form in forms] == ["password", "refresh_token", "refresh_token", "refresh_token"]
    assert [form.get("refresh_token") for form in forms] == [None, "refresh-1", "refresh-1", "refresh-2"]
    assert all(each.header("Authorization").startswith("Basic ") for each in elsewhere.seen)


def test_a_refresh_token_may_have_ended(connect, operation, portal, elsewhere, flow):
    """Then it goes as at the first time."""
    elsewhere.says(
        token_of(1, refresh_token="refresh-1"), answer({"error": "invalid_grant"}, 400), token_of(2), token_of(3)
    )
    clock = Clock()
    client = connect(auth=flow(clock=clock))
    for clock.now in (1000.0, 10_000.0, 20_000.0):
        client.call(operation(), {})
    grants = [form_of(each)["grant_type"] for each in elsewhere.seen]
    assert grants == ["client_credentials", "refresh_token", "client_credentials", "client_credentials"]
    assert [each.header("Authorization") for each in portal.seen] == [
        f"Bearer token-{literal}" for literal in (1, 2, 3)
    ]


def test_twenty_threads_ask_once(connect, operation, elsewhere, flow):
    """The first asks, the others wait for its answer."""
    elsewhere.react = lambda seen: token_of(len(elsewhere.seen))
    client = connect(auth=flow())
    in_threads(20, lambda: client.call(operation(), {}))
    assert len(elsewhere.seen) == 1


def test_twenty_refused_threads_ask_once_more(connect, operation, portal, elsewhere, flow):
    """Whoever comes later sees that it has been done."""
    elsewhere.react = lambda seen: token_of(len(elsewhere.seen))
    storm = threading.Barrier(20)

    def react(seen):
        if seen.header("Authorization") == "Bearer token-1" and seen.target.endswith("act"):
            storm.wait(5)
            return answer("no", 401)
        return answer(7)

    portal.react = react
    client = connect(auth=flow())
    client.call(operation(called="machines.first"), {})
    assert in_threads(20, lambda: client.call(operation(), {})) == [7] * 20
    assert len(elsewhere.seen) == 2


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"no JSON",
        b"[]",
        b"{}",
        b'{"access_token": ""}',
        b'{"access_token": 7, "token_type": "mac"}',
        b'{"access_token": "a b"}',
        b'{"access_token": "a\\r\\nX: y"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_token_is_not_sent_on(runtime, connect, operation, portal, elsewhere, flow, said):
    """A login page, another kind of token, or what can't stand in a header."""
    elsewhere.says(answer(said))
    with pytest.raises(runtime.errors.DecodeError, match="/token did not answer a bearer token"):
        connect(auth=flow()).call(operation(), {})
    assert portal.seen == []


def test_the_servers_words(runtime, connect, operation, elsewhere, flow):
    """As RFC 6749 has them, on one line."""
    elsewhere.says(answer({"error": "invalid_client", "error_description": "who is\nthat?"}, 401))
    with pytest.raises(runtime.errors.Unauthorized) as caught:
        connect(auth=flow()).call(operation(), {})
    assert caught.value.message == "invalid_client: who is that?"
    assert caught.value.operation == f"POST {elsewhere.url}/token"


SAID = {
    "nothing": RESET,
    "words": answer({"error": f"{CANARY} is wrong"}, 400),
    "words in a form": answer(b"canary%2F7f3a%2Bsecret", 403, "text/plain"),
    "words of JSON": answer(b'{"error": "canary\\/7f3a+secret"}', 401),
    "a page": answer(f"<p>{CANARY}</p>".encode(), 500, "text/html"),
    "another token": answer({"access_token": CANARY, "token_type": "mac", "refresh_token": CANARY}),
}


@pytest.mark.parametrize("place", ["header", "form"])
@pytest.mark.parametrize("said", SAID)
def test_no_error_shows_a_secret(runtime, connect, operation, elsewhere, flow, caplog, said, place):
    """Not in its text, its chain, its locals, nor in any log at DEBUG."""
    caplog.set_level(logging.DEBUG)
    elsewhere.says(SAID[said])
    auth = flow("me", CANARY, username="ann", password=f"{CANARY}-too", place=place)
    with pytest.raises(runtime.errors.ClientError) as caught:
        connect(auth=auth).call(operation(), {})
    assert len(elsewhere.seen) == (3 if said == "nothing" else 1)
    assert "canary" not in f"{shown_of(caught.value)}{caplog.text}{auth!r}{vars(auth)}"


def test_a_failed_refresh_shows_no_secret(runtime, connect, operation, elsewhere, flow):
    """Neither the token that has ended, nor what should have got the next one."""
    elsewhere.says(answer({"access_token": CANARY, "refresh_token": f"{CANARY}-2", "expires_in": 60}), RESET)
    clock = Clock()
    auth = flow(clock=clock)
    client = connect(auth=auth)
    client.call(operation(), {})
    clock.now += 60
    with pytest.raises(runtime.errors.TransportError) as caught:
        client.call(operation(), {})
    assert "canary" not in f"{shown_of(caught.value)}{vars(auth)}"


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example/token",
        "http://10.0.0.1/token",
        "HTTP://localhost.example/token",
        "http://127.0.0.1@portal.example/token",
        "http://portal.example#@127.0.0.1/token",
        "ftp://127.0.0.1/token",
        "token",
        "",
        None,
    ],
)
def test_a_secret_only_goes_where_it_is_encrypted(runtime, url):
    """Or to this very machine."""
    with pytest.raises(runtime.errors.ArgumentError):
        runtime.oauth.OAuth2(url, "me", "s3cret")


@pytest.mark.parametrize("host", ["https://portal.example", "http://127.0.0.1:1", "http://[::1]", "http://localhost:8"])
def test_addresses_that_will_do(runtime, host):
    """Encrypted, or here."""
    assert repr(runtime.oauth.OAuth2(f"{host}/token", "me", "s3cret")) == "OAuth2('me', ***)"


@pytest.mark.parametrize(
    ("own", "options"),
    [
        (("", "s3cret"), {}),
        (("me", "s3\ncret"), {}),
        (("me", "s3cret"), {"username": "ann"}),
        (("me", "s3cret"), {"password": "s3cret"}),
        (("me", "s3cret"), {"username": "ann", "password": ""}),
        (("me", "s3cret"), {"place": "query"}),
        (("me", "s3cret"), {"scopes": ["re\nad"]}),
    ],
)
def test_what_can_not_be_sent_is_refused(runtime, flow, own, options):
    """At once, without showing it."""
    with pytest.raises(runtime.errors.ArgumentError) as caught:
        flow(*own, **options)
    assert "s3cret" not in str(caught.value)


def test_a_token_endpoint_is_trusted_no_further_than_said(runtime, connect, operation, elsewhere, flow, tmp_path):
    """A redirect is not followed, and a CA bundle has to be there."""
    elsewhere.says(answer(b"", 307, Location="https://portal.example"))
    with pytest.raises(runtime.errors.ApiError, match="/token answered 307"):
        connect(auth=flow()).call(operation(), {})
    with pytest.raises(runtime.errors.ArgumentError, match="There is no CA bundle"):
        connect(auth=flow(verify=str(tmp_path / "none"))).call(operation(), {})
