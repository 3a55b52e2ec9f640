"""A login goes only where its scheme is asked for, in both clients; seen from the other end of a real socket."""

import importlib
import json
import sys
from urllib.parse import parse_qsl

import pytest

import ovcgen
from ovcgen.workflows.build_sdk import generate
from tests.runtime.conftest import answer
from tests.runtime.conftest import portal as portal

SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "app": {"type": "apiKey", "in": "query", "name": "app_id"},
    "basic": {"type": "basic"},
    "jwt": {"type": "apiKey", "in": "header", "name": "Authorization"},
    "oa": {"type": "oauth2", "flow": "implicit", "authorizationUrl": "https://x.example", "scopes": {"r": "read"}},
}
HEADER = {"in": "header", "type": "string", "required": True}
OPERATIONS = {
    "everywhere": {},
    "open": {"security": []},
    "optional": {"security": [{}, {"key": []}]},
    "both": {"security": [{"key": [], "app": []}]},
    "either": {"security": [{"basic": []}, {"app": []}]},
    "basic": {"security": [{"basic": []}]},
    "jwt": {"security": [{"jwt": []}]},
    "oa": {"security": [{"oa": ["r"]}]},
    "given": {"security": [{"jwt": []}], "parameters": [{"name": "authorization", **HEADER}]},
    "given_key": {"parameters": [{"name": "X-Key", **HEADER}]},
}
DOCUMENT = {
    "swagger": "2.0",
    "info": {"title": "Logins", "version": "1"},
    "securityDefinitions": SCHEMES,
    "security": [{"key": []}],
    "paths": {
        f"/{name}": {"get": {"operationId": name, "tags": ["s"], "responses": {"200": {"description": "ok"}}, **more}}
        for name, more in OPERATIONS.items()
    },
}


def document_file(folder, document):
    """The document as a file."""
    (folder / "logins.json").write_text(json.dumps(document))
    return folder / "logins.json"


@pytest.fixture(scope="module")
def sdk(tmp_path_factory):
    """The SDK of the document, imported."""
    folder = tmp_path_factory.mktemp("sdk")
    files = generate(document_file(folder, DOCUMENT))
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    sys.path.append(str(folder))
    yield importlib.import_module(next(path.partition("/")[0] for path in files if path.endswith("_client.py")))
    sys.path.remove(str(folder))


@pytest.fixture(params=["runtime", "sdk"])
def service(request, portal, sdk, tmp_path):
    """Opens a client of either kind, and gives the logins of its package."""
    portal.says(answer({}))
    package = ovcgen if request.param == "runtime" else sdk

    def connect(auth=None):
        if request.param == "runtime":
            return ovcgen.connect(portal.url, spec=document_file(tmp_path, DOCUMENT), auth=auth).s
        return sdk.connect(portal.url, auth=auth).s

    connect.logins = package
    connect.portal = portal
    return connect


def shown(portal):
    """What the last request says of who is calling."""
    seen = portal.seen[-1]
    query = dict(parse_qsl(seen.target.partition("?")[2]))
    found = {"key": seen.header("X-Key"), "app": query.get("app_id", ""), "auth": seen.header("Authorization")}
    return {name: value for name, value in found.items() if value}


def sent(connect, auth, name, **arguments):
    """What one call with these logins shows."""
    getattr(connect(auth), name)(**arguments)
    return shown(connect.portal)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("everywhere", {"key": "k"}),
        ("open", {}),
        ("optional", {"key": "k"}),
        ("both", {"key": "k", "app": "a"}),
        ("either", {"auth": "Basic dTpw"}),
        ("basic", {"auth": "Basic dTpw"}),
        ("jwt", {"auth": "bearer t"}),
        ("oa", {"auth": "bearer t"}),
    ],
)
def test_each_call_gets_the_logins_it_asks_for(service, name, expected):
    """Of several; the first alternative that can be met counts."""
    given = service.logins
    auth = [
        given.Bearer("t"),
        given.Basic("u", "p"),
        given.ApiKey("a", name="app_id", place="query"),
        given.ApiKey("k", name="x-key"),
    ]
    assert sent(service, auth, name) == expected


def test_a_login_stays_away_from_calls_that_want_another(service):
    """A key that somebody else's scheme asks for is not shown to it."""
    auth = service.logins.ApiKey("k", name="X-Key")
    assert {name: sent(service, auth, name) for name in ("basic", "jwt", "oa", "either", "open")} == {
        name: {} for name in ("basic", "jwt", "oa", "either", "open")
    }
    assert sent(service, auth, "both") == {"key": "k"}


def test_the_second_alternative_counts_where_the_first_can_not_be_met(service):
    """It is either of the two."""
    assert sent(service, service.logins.ApiKey("a", name="app_id", place="query"), "either") == {"app": "a"}


def test_a_scheme_can_be_named(service):
    """Two tokens for two schemes, and a login of one's own for a scheme that it does not look like."""
    from requests.auth import HTTPBasicAuth

    given = service.logins
    auth = {"jwt": given.Bearer("one"), "oa": given.Bearer("two"), "key": HTTPBasicAuth("u", "p")}
    assert sent(service, auth, "jwt") == {"auth": "bearer one"}
    assert sent(service, auth, "oa") == {"auth": "bearer two"}
    assert sent(service, auth, "everywhere") == {"auth": "Basic dTpw"}
    assert sent(service, auth, "basic") == {}


def test_an_auth_of_ones_own_goes_wherever_a_login_is_wanted(service):
    """Nobody knows its scheme; but where none is wanted it is not sent."""
    from requests.auth import HTTPBasicAuth

    assert sent(service, HTTPBasicAuth("u", "p"), "everywhere") == {"auth": "Basic dTpw"}
    assert sent(service, HTTPBasicAuth("u", "p"), "open") == {}


def test_a_login_that_no_call_takes_is_refused(service):
    """It would never be sent, and nobody would know."""
    given = service.logins
    with pytest.raises(given.ArgumentError, match=r"no login that this document declares.*name='X-Key'"):
        service(given.ApiKey("k", name="X-Other"))
    with pytest.raises(given.ArgumentError, match="no login 'jwd' in the document"):
        service({"jwd": given.Bearer("t")})
    with pytest.raises(given.ArgumentError, match="another one goes before it"):
        service([given.Bearer("one"), given.Bearer("two")])


@pytest.mark.parametrize(
    ("auth", "words"),
    [
        (None, r"No login was passed: pass auth=ApiKey\(value, name='X-Key', place='header'\)"),
        ("basic", r"None of the logins that were passed is for this call: it takes ApiKey"),
        ("key", "Check the API key"),
    ],
)
def test_a_refusal_says_which_login_is_wanted(service, auth, words):
    """None was passed, another one, or one that is not accepted."""
    given = service.logins
    logins = {"basic": given.Basic("u", "p"), "key": given.ApiKey("k", name="X-Key")}
    client = service(logins.get(auth))
    service.portal.says(answer("no", 401))
    with pytest.raises(given.Unauthorized, match=words):
        client.everywhere()


def test_an_argument_goes_before_the_login(service):
    """What the caller passes for `Authorization` or the key is what arrives; without it the login is."""
    given = service.logins
    auth = [given.Bearer("t"), given.ApiKey("k", name="X-Key")]
    assert sent(service, auth, "given") == {"auth": "bearer t"}
    assert sent(service, auth, "given", authorization="own") == {"auth": "own"}
    assert sent(service, auth, "given_key") == {"key": "k"}
    assert sent(service, auth, "given_key", X_Key="own") == {"key": "own"}
    assert sent(service, None, "given", authorization="own") == {"auth": "own"}


def test_what_neither_an_argument_nor_a_login_says_is_missing(service):
    """Nothing is sent."""
    given = service.logins
    for auth in (None, given.ApiKey("k", name="X-Key")):
        with pytest.raises(given.ArgumentError, match="needs a value for 'authorization'"):
            service(auth).given()
    assert service.portal.seen == []


@pytest.mark.parametrize("security", [None, []])
def test_a_document_that_asks_for_no_login_anywhere_gets_it_everywhere(portal, tmp_path, security):
    """It does not say where; but an operation that says that it takes none gets none."""
    portal.says(answer({}))
    paths = {"/a": {"get": {"operationId": "a", "tags": ["s"], "responses": {"200": {"description": "ok"}}}}}
    if security is not None:
        paths["/a"]["get"]["security"] = security
    document = {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": paths}
    ovcgen.connect(portal.url, spec=document_file(tmp_path, document), auth=ovcgen.Bearer("t")).s.a()
    assert shown(portal) == ({"auth": "bearer t"} if security is None else {})
