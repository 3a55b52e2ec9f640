"""The two requests that log in."""

import base64
import json
import math

import pytest

from tests.runtime.conftest import RESET, answer


def jwt_of(**claims):
    """A token of these claims; nobody here checks its signature."""
    return (
        ".".join(
            base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
            for part in ({"alg": "none"}, claims)
        )
        + ".c2ln"
    )


def carried_out(runtime, flow, *given):
    """Carry out a login flow over real sockets and return its result."""
    driver = runtime.blocking_driver.Driver()
    trust = runtime.adapter.NOBODY
    return driver.run(
        flow(*given, runtime.login_requests.LoginTerms(trust, "it", driver.world, driver.world.clock() + 5.0))
    )


@pytest.mark.parametrize(
    ("claims", "seconds"),
    [
        pytest.param({"exp": 4600, "iat": 1000}, 3300, id="300 s before its end"),
        pytest.param({"exp": 1400, "iat": 1000}, 200, id="half of a short life"),
        pytest.param({"exp": 5600}, 3300, id="from the server's time where it does not say since when"),
        pytest.param({}, math.inf, id="no end"),
        pytest.param({"exp": None}, math.inf, id="an end that is none"),
        pytest.param({"exp": True}, math.inf, id="true is no time"),
        pytest.param({"exp": "soon"}, math.inf, id="a text is no time"),
        pytest.param({"exp": 10**400}, math.inf, id="beyond all numbers"),
        pytest.param({"exp": math.nan}, math.inf, id="not a number"),
        pytest.param({"exp": 500, "iat": 1000}, 30, id="over before it began: half of the shortest life"),
    ],
)
def test_a_token_says_how_long_it_lasts(runtime, claims, seconds):
    """Claims are only believed for this; an odd one does no harm."""
    assert runtime.tokens.kept_seconds(runtime.tokens.lifetime(jwt_of(**claims), now=2000)) == seconds


def test_the_local_clock_does_not_matter(runtime):
    """A token without `iat`, from a server that sends no Date, is used until the portal refuses it."""
    assert runtime.tokens.lifetime(jwt_of(exp=4600)) == math.inf


@pytest.mark.parametrize("token", ["a.b.c", "a..c", "a.W10.c", "a.////.c", "a.eyJ.c", "without-dots", ""])
def test_an_unreadable_token_is_kept_until_it_is_refused(runtime, token):
    """Whether it is any good is for the portal to say."""
    assert runtime.tokens.lifetime(token) == math.inf


@pytest.mark.parametrize(
    "body", [b"", b"no jwt", b'{"access_token": "opaque"}', b"<html>a.b.c</html>", "ä.b.c".encode(), b"a.b.c\r\nx.y.z"]
)
def test_what_is_no_token_is_not_sent_on(runtime, elsewhere, body):
    """A login page of the provider, for example."""
    elsewhere.says(answer(body, kind="text/plain"))
    with pytest.raises(runtime.errors.DecodeError, match="did not answer a JWT"):
        carried_out(runtime, runtime.portal_login.jwt, elsewhere.url, "id", runtime.redaction.Secret("secret"), None)


def test_a_provider_may_wrap_its_token(runtime, elsewhere):
    """Who accepts JSON gets JSON from some servers, and the token in it."""
    elsewhere.says(answer({"access_token": "e30.e30.c2ln", "token_type": "bearer", "expires_in": 86400}))
    token, _ = carried_out(runtime, runtime.portal_login.jwt, elsewhere.url, "app", runtime.redaction.Secret("s"), None)
    assert token.reveal() == "e30.e30.c2ln"


@pytest.mark.parametrize("body", [b"", b"null", b'""', b"[1]", b"bare", b"[" * 100_000])
def test_what_is_no_session_key_is_not_sent_on(runtime, portal, body):
    """The portal answers a JSON text, or it is none."""
    portal.says(answer(body))
    with pytest.raises(runtime.errors.DecodeError, match="did not answer a session key"):
        carried_out(runtime, runtime.portal_login.session_key, portal.url, "ann", runtime.redaction.Secret("password"))


def test_a_provider_that_is_down_was_not_the_portal(runtime, elsewhere):
    """Nothing was done, so it is safe to repeat."""
    elsewhere.says(RESET)
    with pytest.raises(runtime.errors.TransportError, match=r"Can't reach http://.*/access_token to log in"):
        carried_out(runtime, runtime.portal_login.jwt, elsewhere.url, "id", runtime.redaction.Secret("secret"), None)


def test_a_provider_with_a_certificate_of_its_own_is_named(runtime, elsewhere):
    """And the way out is said."""
    with pytest.raises(runtime.errors.TransportError, match="to log in: certificate or TLS refused") as caught:
        carried_out(
            runtime,
            runtime.portal_login.jwt,
            elsewhere.url.replace("http:", "https:"),
            "id",
            runtime.redaction.Secret("secret"),
            None,
        )
    assert "verify=" in caught.value.fix


def test_a_login_trusts_what_the_calls_trust(runtime, connect, operation):
    """A portal with a certificate of its own is opened with verify=, and so is its login."""
    sent = runtime.adapter.WireRequest()
    sent.root, sent.verify = "https://portal.example/restmachine", False
    assert runtime.portal_auth._portal_of(sent) == ("https://portal.example/restmachine", False)
    assert connect("https://portal.example", verify=False)._session.request_for(operation(), []).verify is False
