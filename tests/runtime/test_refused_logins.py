"""A login that is refused, has expired or was never passed says so, and names what to look at."""

import base64
import json

import pytest

from tests.runtime.conftest import answer

NOW = 1_800_000_000
SCHEMES = {"bearer": ("apiKey", "Authorization", "header", "JWT")}


def jwt_of(**claims):
    """A JWT with these claims, signed by nobody."""
    parts = [{"alg": "none"}, claims]
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "s"]
    )


@pytest.fixture
def jwts_only(connect):
    """Opens a client of a portal that takes JWTs only."""
    return lambda auth: connect(auth=auth, schemes=SCHEMES, security=(("bearer",),))


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (0, "since 2027-01-15 08:00:00 UTC, for 0 seconds"),
        (59, "for 59 seconds"),
        (3600, "since 2027-01-15 07:00:00 UTC, for 1 hour"),
        (86400 * 400, "for 400 days"),
    ],
)
@pytest.mark.parametrize("is_callable", [False, True])
def test_an_expired_jwt_is_not_sent(runtime, connect, operation, portal, ago, words, is_callable):
    """It says since when; whichever service it is for."""
    token = jwt_of(exp=NOW - ago)
    auth = runtime.auth.Bearer((lambda: token) if is_callable else token)
    auth._clock = lambda: NOW
    with pytest.raises(runtime.errors.ArgumentError, match=f"The JWT has expired: .*{words}"):
        connect(auth=auth).call(operation(), {})
    assert portal.seen == []


@pytest.mark.parametrize("token", ["a.b.c", "opaque", jwt_of(exp=NOW + 1), jwt_of(sub="x"), jwt_of(exp="soon")])
def test_a_token_that_may_be_right_is_sent(runtime, connect, operation, portal, token):
    """Other services take tokens of any shape."""
    auth = runtime.auth.Bearer(token)
    auth._clock = lambda: NOW
    connect(auth=auth).call(operation(), {})
    assert portal.seen[-1].header("Authorization") == f"bearer {token}"


@pytest.mark.parametrize("token", ["rubbish", "a.b.c", "eyJhbGciOiJub25lIn0", jwt_of(exp=1).rpartition(".")[0], "{}"])
@pytest.mark.parametrize("is_callable", [False, True])
def test_rubbish_is_not_sent_where_only_jwts_are_taken(runtime, jwts_only, operation, portal, token, is_callable):
    """A portal would answer 500 to it."""
    auth = runtime.auth.Bearer((lambda: token) if is_callable else token)
    with pytest.raises(runtime.errors.ArgumentError, match="The token is no JWT") as caught:
        jwts_only(auth).call(operation(), {})
    assert portal.seen == []
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "OVC_TOKEN is not set"),
        ("rubbish", "OVC_TOKEN is no JWT"),
        (jwt_of(exp=1), "The JWT in OVC_TOKEN has expired: since 1970-01-01 00:00:01 UTC"),
    ],
)
def test_a_token_of_the_environment_is_checked_at_once(runtime, monkeypatch, token, words):
    """The variable is named."""
    monkeypatch.setenv("OVC_TOKEN", token)
    with pytest.raises(runtime.errors.ArgumentError, match=words):
        runtime.auth.Bearer.from_env()


def test_a_good_token_of_the_environment_logs_in(runtime, jwts_only, operation, portal, monkeypatch):
    """And a refusal names the variable."""
    monkeypatch.setenv("OVC_TOKEN", jwt_of(exp=2**40))
    portal.says(answer("no", 401))
    with pytest.raises(runtime.errors.Unauthorized, match="Check OVC_TOKEN"):
        jwts_only(runtime.auth.Bearer.from_env()).call(operation(), {})


def test_no_login_at_all_is_said(runtime, connect, operation, portal):
    """With the login that most people want."""
    portal.says(answer("guest", 401))
    with pytest.raises(runtime.errors.Unauthorized, match=r"No login was passed: pass auth=ItsYouOnline.from_env\(\)"):
        connect().call(operation(), {})


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_wrong_secret_speaks_of_the_login(runtime, connect, operation, portal, elsewhere, monkeypatch, status):
    """ItsYou.online answers 400 and nothing else; where the key comes from the environment, its variables are named."""
    elsewhere.says(answer(b"Bad Request", status, "text/plain"))
    auth = runtime.portal_auth.ItsYouOnline("id", "secret", url=elsewhere.url)
    with pytest.raises(runtime.errors.ApiError, match="The login was refused: check client_id and client_secret"):
        connect(auth=auth).call(operation(), {})

    for name, value in {"CLIENT_ID": "i", "CLIENT_SECRET": "s", "ITSYOUONLINE_URL": elsewhere.url}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(runtime.errors.ApiError, match="check CLIENT_ID and CLIENT_SECRET"):
        connect(auth=runtime.portal_auth.ItsYouOnline.from_env()).call(operation(), {})
    assert portal.seen == []


def test_a_wrong_password_speaks_of_the_login(runtime, connect, operation, portal):
    """And of no call that was never made."""
    portal.says(answer("Unauthorized", 401))
    with pytest.raises(runtime.errors.Unauthorized, match="The login was refused: check username and password"):
        connect(auth=runtime.portal_auth.Credentials("ann", "wrong")).call(operation(), {})
