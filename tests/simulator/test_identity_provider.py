"""ItsYou.online's calls."""

import json
from urllib.parse import urlencode

import pytest

from ovcgen.simulator import LOGINS, HttpRequest, IdentityProvider
from ovcgen.simulator.json_web_tokens import shared_key, signed_claims

ASKED = {
    "grant_type": "client_credentials",
    "client_id": LOGINS.client_id,
    "client_secret": LOGINS.client_secret,
    "response_type": "id_token",
}
NOW, DAY = 1000.0, 24 * 3600
KEY = shared_key("s" * 64)
REFRESH, EXCHANGE = "/v1/oauth/jwt/refresh", "/v1/oauth/jwt"


@pytest.fixture
def provider(clock):
    """A provider at the time 1000."""
    clock.now = NOW
    return IdentityProvider(LOGINS.clients, KEY, clock=clock)


def ask(provider, *, query="", body="", path="/v1/oauth/access_token", method="POST", **headers):
    """An answer of the provider."""
    kind = {"content-type": "application/x-www-form-urlencoded"} if body else {}
    return provider.answer(HttpRequest(method, path, query, tuple({**kind, **headers}.items()), body.encode()))


def token(provider, **more):
    """The token that it gives for this."""
    return ask(provider, body=urlencode({**ASKED, **more})).body.decode()


def claims(answer):
    """What a token says."""
    return signed_claims(answer.body.decode(), KEY.public)


@pytest.mark.parametrize("place", ["query", "body"])
def test_a_token_for_an_application_key(provider, place):
    """In the query or in the form: the documentation does both. The answer is the bare token."""
    answer = ask(provider, **{place: urlencode(ASKED)})

    assert (answer.status, answer.kind) == (200, "application/jwt")
    assert claims(answer) == {
        "azp": LOGINS.client_id,
        "exp": NOW + DAY,
        "iss": "itsyouonline",
        "scope": ["user:admin"],
        "username": "alice",
    }


def test_the_key_may_come_in_a_header(provider):
    """As in any OAuth 2."""
    only = {name: ASKED[name] for name in ("grant_type", "response_type")}
    credential = "ZGVtby1jbGllbnQtYWxpY2U6ZGVtby1zZWNyZXQtb2YtYWxpY2U="

    assert ask(provider, body=urlencode(only), authorization=f"Basic {credential}").status == 200


@pytest.mark.parametrize(
    ("wanted", "given"), [("3600", 3600), ("999999", DAY), ("x", DAY), ("0", DAY), ("-5", DAY), ("²", DAY)]
)
def test_the_validity_may_be_chosen(provider, wanted, given):
    """Up to a day."""
    assert claims(ask(provider, body=urlencode({**ASKED, "validity": wanted})))["exp"] == NOW + given


def test_an_audience_may_be_named(provider):
    """Several with commas."""
    assert claims(ask(provider, body=urlencode({**ASKED, "aud": "portal, other"})))["aud"] == ["portal", "other"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"client_secret": "wrong"}, id="wrong secret"),
        pytest.param({"client_id": "nobody"}, id="unknown key"),
        pytest.param({"client_secret": ""}, id="no secret"),
        pytest.param({"client_id": "", "client_secret": ""}, id="no key"),
        pytest.param({"grant_type": "password"}, id="another grant"),
        pytest.param({"grant_type": ""}, id="no grant"),
    ],
)
def test_no_token(provider, change):
    """It does not say what is wrong."""
    answer = ask(provider, body=urlencode({**ASKED, **change}))

    assert (answer.status, answer.body, answer.kind) == (400, b"Bad Request\n", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("scope", "status"), [("user:name", 200), ("user:admin,user:email", 200), ("organization:owner", 401)]
)
def test_a_key_is_good_for_what_its_owner_may(provider, scope, status):
    """And for nothing of an organization's."""
    assert ask(provider, body=urlencode({**ASKED, "scope": scope})).status == status


def test_without_a_response_type_the_answer_is_json(provider):
    """An access token is no JWT, and can be exchanged for one."""
    answer = json.loads(ask(provider, body=urlencode({**ASKED, "response_type": ""})).body)
    exchanged = ask(provider, path=EXCHANGE, authorization=f"token {answer['access_token']}", query="validity=60")

    assert (answer["token_type"], answer["expires_in"], answer["info"]) == ("bearer", DAY - 600, {"username": "alice"})
    assert claims(exchanged)["exp"] == NOW + 60


def test_an_access_token_lasts_a_day(provider, clock):
    """Nothing else can be exchanged."""
    given = json.loads(ask(provider, body=urlencode({**ASKED, "response_type": ""})).body)["access_token"]
    clock.sleep(DAY)

    assert ask(provider, path=EXCHANGE, authorization=f"token {given}").status == 401
    assert ask(provider, path=EXCHANGE, authorization="token x").status == 401
    assert ask(provider, path=EXCHANGE).status == 401


def test_a_refreshable_token_is_refreshed_though_it_has_expired(provider, clock):
    """It stays refreshable; how long the new one lasts may be chosen too."""
    first = token(provider, scope="offline_access", validity=1)
    clock.sleep(100)
    again = ask(provider, path=REFRESH, method="GET", query="validity=60", authorization=f"bearer {first}")
    third = ask(provider, path=REFRESH, method="GET", authorization=f"bearer {again.body.decode()}")

    assert claims(again)["exp"] == NOW + 160
    assert claims(third)["exp"] == NOW + 100 + DAY
    assert claims(third)["username"] == "alice"
    assert claims(third)["scope"] == ["user:admin"]


def test_other_tokens_are_not_refreshed(provider):
    """Only what was asked for with the scope for it; of a key that is still there."""
    refreshable = token(provider, scope="offline_access")
    provider.revoke(LOGINS.client_id)

    for authorization in (f"bearer {refreshable}", f"bearer {token(provider)}", "bearer x", "basic x", ""):
        answer = ask(provider, path=REFRESH, method="GET", authorization=authorization)
        assert (answer.status, answer.body) == (401, b"Unauthorized\n")


def test_keys_can_be_registered(provider):
    """For a user of a test's own."""
    provider.register("carol's", "secret", "carol")
    answer = ask(provider, body=urlencode({**ASKED, "client_id": "carol's", "client_secret": "secret"}))

    assert claims(answer)["username"] == "carol"


def test_access_tokens_do_not_pile_up(provider):
    """The oldest of ten thousand are forgotten."""
    asked = urlencode({**ASKED, "response_type": ""})
    first, *_ = [json.loads(ask(provider, body=asked).body)["access_token"] for _ in range(10_001)]

    assert ask(provider, path=EXCHANGE, authorization=f"token {first}").status == 401


def test_nothing_else_is_there(provider):
    """404."""
    assert ask(provider, path="/").status == 404


@pytest.mark.parametrize("credential", ["x", "!!!!", "eA==", "\xff", "\ud800"])
def test_odd_credentials_are_refused(provider, credential):
    """Never a crash."""
    asked = urlencode({"grant_type": "client_credentials"})

    assert ask(provider, body=asked, authorization=f"basic {credential}").status == 400
    assert ask(provider, body=urlencode(ASKED | {"client_secret": "\xff"})).status == 400
