"""Who a portal takes somebody for."""

import pytest

from ovcgen.simulator.json_web_tokens import shared_key, sign
from ovcgen.simulator.seed import LOGINS

WHOAMI = "/system/usermanager/whoami"
ALICE, ADMIN = LOGINS.user.username, LOGINS.admin.username


@pytest.fixture
def token(simulator, clock):
    """A function: a token of the identity provider."""

    def make(username="alice", *, lasts=3600, signing=None, **claims):
        whole = {"username": username, "iss": "itsyouonline", "exp": clock() + lasts, **claims}
        return sign(whole, signing or simulator.auth_secrets.provider)

    return make


def asking(guest, authorization, **more):
    """Who the portal says we are."""
    return guest.send("POST", WHOAMI, headers={"accept": "application/json", "authorization": authorization, **more})


@pytest.mark.parametrize("scheme", ["bearer", "Bearer", "BEARER"])
def test_a_token_of_its_identity_provider(guest, token, scheme):
    """The login name is user@issuer."""
    assert asking(guest, f"{scheme} {token()}").value == {"name": ALICE, "admin": False}


def test_the_issuer_of_a_token_without_one_is_main(guest, token):
    """And a user of that name does not exist here."""
    assert asking(guest, f"bearer {token(iss='main')}").value == {"name": "alice@main", "admin": False}


def test_a_token_of_somebody_unknown_has_no_rights(guest, token):
    """Logged in, but 403 wherever rights are looked at."""
    headers = {"accept": "application/json", "authorization": f"bearer {token('mallory')}"}

    assert guest.send("POST", "/cloudapi/accounts/list", headers=headers).value == []
    assert guest.send("POST", "/cloudapi/accounts/get", query="accountId=1", headers=headers).status == 403


def test_an_expired_token(guest, token):
    """401 as an HTML page, on routes for guests too."""
    reply = asking(guest, f"bearer {token(lasts=0)}")

    assert (reply.status, reply.kind) == (401, "text/html")


def test_a_token_of_another_provider(guest, token):
    """Its signature does not fit."""
    assert asking(guest, f"bearer {token(signing=shared_key())}").status == 401


def test_an_unsigned_token(guest, token):
    """`alg: none` opens nothing."""
    head, claims, _ = token().split(".")

    assert asking(guest, f"bearer {head}.{claims}.").status == 401


@pytest.mark.parametrize("text", ["x", "a.b.c", "....", "", "W10.W10.W10", "\xff.\xff.\xff"])
def test_no_token_at_all(guest, text):
    """500 as plain text: the portal falls over it."""
    reply = asking(guest, f"bearer {text}")

    assert (reply.status, reply.kind, reply.text) == (500, "text/plain", "Internal Server Error")


def test_a_session_key_with_and_without_its_quotes(guest):
    """curl gets it as a JSON string."""
    given = guest.post("/cloudapi/users/authenticate", username=ALICE, password=LOGINS.user.password)
    key = given.value

    assert guest.post(WHOAMI, authkey=key).value["name"] == ALICE
    assert guest.post(WHOAMI, authkey=given.text).value["name"] == ALICE
    assert guest.get("/system/docgenerator/prepareCatalog", authkey=key).status == 200


@pytest.mark.parametrize("path", ["/cloudapi/users/authenticate", "/system/usermanager/authenticate"])
@pytest.mark.parametrize(("name", "password"), [(ALICE, "wrong"), ("nobody", "alice-password"), ("nobody", "x")])
def test_a_wrong_password(guest, path, name, password):
    """401 as a JSON string."""
    reply = guest.post(path, username=name, password=password, name=name, secret=password)

    assert (reply.status, reply.kind) == (401, "application/json")


def test_the_other_login(guest):
    """The portal's own actor gives sessions too."""
    key = guest.value("/system/usermanager/authenticate", name=ADMIN, secret=LOGINS.admin.password)

    assert guest.value(WHOAMI, authkey=key) == {"name": ADMIN, "admin": True}


@pytest.mark.parametrize("key", ["x", ""])
def test_an_unknown_authkey(guest, key):
    """419, whatever was asked for; an empty one is as unknown as others."""
    reply = guest.post("/cloudapi/accounts/list", authkey=key)

    assert (reply.status, reply.kind) == (419, "application/json")


def test_a_session_ends_after_five_days(alice, clock):
    """Then its key is unknown."""
    clock.sleep(5 * 24 * 3600 - 1)
    assert alice.post(WHOAMI).status == 200

    clock.sleep(1)
    assert alice.post(WHOAMI).status == 419


def test_the_portals_secret(guest, simulator):
    """As a parameter and in a header it makes an administrator."""
    secret = simulator.auth_secrets.portal

    assert guest.value(WHOAMI, authkey=secret)["admin"]
    assert asking(guest, f"authkey {secret}").value["admin"]


def test_a_wrong_secret_in_the_header_is_ignored(guest):
    """A guest, not a refusal."""
    assert asking(guest, "authkey x").value["name"] == "guest"


def test_the_cookie_alone_logs_in(guest, token):
    """Also after the token has gone: keep cookies off in a token client."""
    cookie = asking(guest, f"bearer {token()}").cookie

    assert cookie.startswith("beaker.session.id=")
    assert asking(guest, "", cookie=cookie.split(";")[0]).value["name"] == ALICE
    assert asking(guest, "", cookie="beaker.session.id=x").value["name"] == "guest"


def test_many_calls_with_one_token_are_one_session(guest, token, simulator):
    """A portal that runs for long must not grow with every call."""
    same = token()
    for _ in range(5):
        asking(guest, f"bearer {same}")

    assert len(simulator.state.sessions) == 1


@pytest.mark.parametrize("key", ["\xff", "\ud800", "x" * 10_000])
def test_odd_keys_are_unknown_keys(guest, key):
    """Never a crash."""
    assert guest.json("/cloudapi/accounts/list", {"authkey": key}).status == 419
    assert asking(guest, f"authkey {key}").value["name"] == "guest"


SAME_SITE = ({}, {"origin": "http://localhost:80"}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"})
OTHER_SITES = (
    {"origin": "http://evil.example"},
    {"origin": "http://localhost:81"},
    {"origin": "null"},
    {"origin": ""},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("said", [*SAME_SITE, *OTHER_SITES])
def test_a_page_of_another_site_can_not_use_the_session(alice, guest, said, method):
    """Its browser sends the cookie, and says where the page is from; a key that the page knows is its own."""
    headers = {"accept": "application/json", "host": "localhost:80", **said}
    cookie = {**headers, "cookie": f"beaker.session.id={alice.key}"}
    path = WHOAMI if method == "POST" else "/system/docgenerator/prepareCatalog"

    expected = 200 if said in SAME_SITE else 403
    assert guest.send(method, path, headers=cookie).status == expected
    assert alice.send(method, path, headers=headers).status == 200
