"""ItsYou.online's two calls."""

import json
from urllib.parse import urlencode

import pytest

from ovcgen.simulator import LOGINS, IdentityProvider, Seen
from ovcgen.simulator.tokens import signed_claims

ASKED = {
    "grant_type": "client_credentials",
    "client_id": LOGINS.client_id,
    "client_secret": LOGINS.client_secret,
    "response_type": "id_token",
}
NOW = 1000.0


@pytest.fixture
def provider():
    """A provider at the time 1000."""
    return IdentityProvider(LOGINS.clients, "s", clock=lambda: NOW)


def ask(provider, *, query="", body="", path="/v1/oauth/access_token", method="POST", **headers):
    """An answer of the provider."""
    kind = {"content-type": "application/x-www-form-urlencoded"} if body else {}
    return provider.answer(Seen(method, path, query, tuple({**kind, **headers}.items()), body.encode()))


def claims(answer):
    """What a token says."""
    return signed_claims(answer.body.decode(), "s")


@pytest.mark.parametrize("place", ["query", "body"])
def test_a_token_for_an_application_key(provider, place):
    """In the query or in the form: the documentation does both. The answer is the bare token."""
    answer = ask(provider, **{place: urlencode(ASKED)})

    assert answer.status == 200
    assert claims(answer)["username"] == "alice"
    assert claims(answer)["iss"] == "itsyouonline"
    assert claims(answer)["exp"] == NOW + 86400


@pytest.mark.parametrize(("wanted", "given"), [("3600", 3600), ("999999", 86400), ("x", 86400)])
def test_the_validity_may_be_chosen(provider, wanted, given):
    """Up to a day."""
    assert claims(ask(provider, body=urlencode({**ASKED, "validity": wanted})))["exp"] == NOW + given


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"client_secret": "wrong"}, 401),
        ({"client_id": "nobody"}, 401),
        ({"client_secret": ""}, 400),
        ({"grant_type": "password"}, 400),
        ({"grant_type": ""}, 400),
    ],
)
def test_no_token(provider, change, status):
    """For whom it does not know."""
    assert ask(provider, body=urlencode({**ASKED, **change})).status == status


def test_without_a_response_type_the_answer_is_json(provider):
    """An access token is no JWT."""
    answer = ask(provider, body=urlencode({**ASKED, "response_type": ""}))

    assert json.loads(answer.body)["token_type"] == "bearer"


def test_a_refreshable_token_is_refreshed(provider):
    """Only if it was asked for as one."""
    refreshable = ask(provider, body=urlencode({**ASKED, "scope": "offline_access", "validity": 1}))
    plain = ask(provider, body=urlencode(ASKED))
    path = "/v1/oauth/jwt/refresh"

    again = ask(provider, path=path, method="GET", authorization=f"bearer {refreshable.body.decode()}")
    assert claims(again)["username"] == "alice"
    assert claims(again)["exp"] == NOW + 86400
    assert ask(provider, path=path, method="GET", authorization=f"bearer {plain.body.decode()}").status == 401
    assert ask(provider, path=path, method="GET", authorization="bearer x").status == 401


def test_nothing_else_is_there(provider):
    """404."""
    assert ask(provider, path="/").status == 404


@pytest.mark.parametrize("credential", ["x", "!!!!", "eA==", "\xff"])
def test_odd_credentials_are_refused(provider, credential):
    """Never a crash."""
    asked = urlencode({"grant_type": "client_credentials"})

    assert ask(provider, body=asked, authorization=f"basic {credential}").status == 400
