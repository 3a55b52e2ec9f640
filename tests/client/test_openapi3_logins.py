"""Logins of OpenAPI 3 documents, in the runtime client, the SDK and the asynchronous client."""

from __future__ import annotations

import asyncio
import base64
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl

import pytest

import ovcgen
import ovcgen.aio
from ovcgen.generator.write import write
from ovcgen.runtime.openid import OpenIdConnect
from tests.runtime.conftest import Listener, answer
from tests.runtime.conftest import elsewhere as elsewhere
from tests.runtime.conftest import portal as portal
from tests.runtime.test_certificates import files as files
from tests.runtime.test_certificates import strict as strict

CANARY = "canary/7f3a+secret"
WELL_KNOWN = "/.well-known/openid-configuration"
SCHEMES = {
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "app_id"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "basic": {"type": "http", "scheme": "Basic"},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "hawk": {"type": "http", "scheme": "Hawk"},
    "oauth": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "https://id.example/token", "scopes": {"r": "read"}}},
    },
    "openid": {"type": "openIdConnect", "openIdConnectUrl": f"https://id.example{WELL_KNOWN}"},
    "tls": {"type": "mutualTLS"},
}
NEEDS: dict[str, Any] = {
    **{name: [{name: []}] for name in SCHEMES},
    "open": [],
    "optional": [{}, {"header": []}],
    "all_of": [{"header": [], "cookie": [], "bearer": []}],
    "either": [{"basic": []}, {"query": [], "cookie": []}],
    "tls_and_key": [{"tls": [], "header": []}],
    "tls_or_key": [{"tls": []}, {"header": []}],
}


def document() -> dict[str, Any]:
    """A document with one call, `s.<name>`, for each of NEEDS, and `s.usual`, which needs the key in the header."""
    ok = {"tags": ["s"], "responses": {"200": {"description": "ok"}}}
    cookie = {"parameters": [{"name": "lang", "in": "cookie", "schema": {"type": "string"}}]}
    calls = {name: {**ok, **cookie, "operationId": name, "security": need} for name, need in NEEDS.items()}
    calls["usual"] = {**ok, **cookie, "operationId": "usual"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "logins of three", "version": "1"},
        "components": {"securitySchemes": SCHEMES},
        "security": [{"header": []}],
        "paths": {f"/{name}": {"get": call} for name, call in calls.items()},
    }


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document as a file."""
    path = tmp_path_factory.mktemp("document") / "logins.json"
    path.write_text(json.dumps(document()))
    return path


@pytest.fixture(scope="module")
def sdk(source: Path) -> Iterator[ModuleType]:
    """The SDK of the document, imported."""
    files = ovcgen.generate(source)
    write(files, source.parent / "sdk")
    sys.path.append(str(source.parent / "sdk"))
    yield importlib.import_module(next(path.partition("/")[0] for path in files if path.endswith("/_client.py")))
    sys.path.remove(str(source.parent / "sdk"))


Call = Callable[..., dict[str, str]]


@pytest.fixture(params=["runtime", "sdk", "asyncio"])
def call(request: pytest.FixtureRequest, portal: Listener, sdk: ModuleType, source: Path) -> Call:
    """Makes one call with a client that was opened for it, and returns what its request shows of the caller.

    `call.logins` is the package with the logins.
    """
    portal.says(answer(None))
    how: dict[str, Callable[..., Any]] = {"runtime": _by_runtime(source), "sdk": sdk.connect}

    def call(
        name: str, *auth: Any, at: Listener = portal, arguments: dict[str, Any] | None = None, **options: Any
    ) -> Any:
        given = arguments or {}
        if request.param == "asyncio":
            asyncio.run(_call(source, at.url, name, given, auth=list(auth), **options))
        else:
            with how[request.param](at.url, auth=list(auth), **options) as client:
                getattr(client.s, name)(**given)
        return shown(at)

    call.logins = sdk if request.param == "sdk" else ovcgen  # type: ignore[attr-defined]
    return call


def _by_runtime(source: Path) -> Callable[..., Any]:
    return lambda url, **options: ovcgen.connect(url, spec=source, **options)


async def _call(source: Path, url: str, name: str, arguments: dict[str, Any], **options: Any) -> None:
    async with ovcgen.aio.connect(url, spec=source, **options) as client:
        await getattr(client.s, name)(**arguments)


def shown(portal: Listener) -> dict[str, str]:
    """Return what the last request says of the caller."""
    seen = portal.seen[-1]
    query = dict(parse_qsl(seen.target.partition("?")[2]))
    headers = {name: seen.header(name) for name in ("X-Key", "Cookie", "Authorization")}
    return {name: value for name, value in {**headers, **query}.items() if value}


BASIC = f"Basic {base64.b64encode(b'u:p').decode()}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("usual", {"X-Key": "h"}),
        ("header", {"X-Key": "h"}),
        ("query", {"app_id": "q"}),
        ("cookie", {"Cookie": "sid=c=1"}),
        ("basic", {"Authorization": BASIC}),
        ("bearer", {"Authorization": "bearer opaque"}),
        ("oauth", {"Authorization": "bearer opaque"}),
        ("openid", {"Authorization": "bearer opaque"}),
        ("open", {}),
        ("optional", {"X-Key": "h"}),
        ("all_of", {"X-Key": "h", "Cookie": "sid=c=1", "Authorization": "bearer opaque"}),
        ("either", {"Authorization": BASIC}),
        ("tls", {}),
        ("tls_or_key", {"X-Key": "h"}),
    ],
)
def test_each_call_gets_the_logins_that_it_asks_for(call: Any, name: str, expected: dict[str, str]) -> None:
    """The first alternative counts whose logins are all there; bearerFormat is only a hint."""
    given = call.logins
    key = given.ApiKey
    logins = [
        given.Bearer("opaque"),
        given.Basic("u", "p"),
        key("h", name="X-Key"),
        key("q", name="app_id", place="query"),
        key("c=1", name="sid", place="cookie"),
    ]
    assert call(name, *logins) == expected


def test_a_password_is_not_shown_to_other_schemes(call: Any) -> None:
    """Basic sends it readable, so it goes only where Basic is asked for."""
    for name in ("bearer", "hawk", "oauth", "openid", "usual", "tls"):
        assert call(name, call.logins.Basic("u", "p")) == {}


def test_another_scheme_of_http(call: Any) -> None:
    """Its name is written before the token."""
    assert call("hawk", call.logins.Bearer("t", scheme="Hawk")) == {"Authorization": "Hawk t"}


def test_the_second_alternative_needs_all_its_logins(call: Any) -> None:
    """It is used when they are all there, and the first is not."""
    query, cookie = (
        call.logins.ApiKey("k", name=name, place=place) for name, place in (("app_id", "query"), ("sid", "cookie"))
    )
    assert call("either", query, cookie) == {"app_id": "k", "Cookie": "sid=k"}


def test_a_key_shares_the_header_with_cookies_of_the_call(call: Any) -> None:
    """There is one Cookie header."""
    login = call.logins.ApiKey("k", name="sid", place="cookie")
    assert call("cookie", login, arguments={"lang": "nl"}) == {"Cookie": "lang=nl; sid=k"}


def test_a_client_certificate_is_the_login_of_mutual_tls(call: Any, strict: Listener, files: Any) -> None:
    """Alone, with a key, and as the alternative that needs nothing else."""
    (portal, _), own = files
    strict.says(answer(None))
    key = call.logins.ApiKey("k", name="X-Key")
    options = {"at": strict, "verify": portal, "cert": own}

    assert call("tls", **options) == {}
    assert call("tls_and_key", key, **options) == {"X-Key": "k"}
    assert call("tls_or_key", key, **options) == {}


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("cookie", "pass auth=ApiKey(value, name='sid', place='cookie')"),
        ("openid", "pass auth=OpenIdConnect(...)"),
        ("hawk", "pass auth=Bearer(token, scheme='hawk')"),
        ("tls", "pass cert= with a client certificate"),
        ("tls_or_key", "pass auth=ApiKey(value, name='X-Key', place='header') or cert= with a client certificate"),
    ],
)
def test_a_refused_call_says_which_login_to_pass(call: Any, portal: Listener, name: str, advice: str) -> None:
    """In the words of Python."""
    portal.says(answer({}, 401))
    with pytest.raises(call.logins.Unauthorized) as caught:
        call(name)
    assert advice in caught.value.fix


def test_the_token_endpoint_is_discovered_once(call: Any, elsewhere: Listener) -> None:
    """Before the first token, by the address that the caller gave; a second token needs no second look."""
    served = {WELL_KNOWN: answer({"token_endpoint": f"{elsewhere.url}/t", "issuer": elsewhere.url})}
    elsewhere.react = lambda seen: served.get(seen.target, answer({"access_token": "tok", "expires_in": 3600}))
    login = call.logins.OpenIdConnect(f"{elsewhere.url}{WELL_KNOWN}", "me", "s3cret", scopes=["openid"])

    for _ in range(2):
        assert call("openid", login) == {"Authorization": "Bearer tok"}
    assert [(seen.method, seen.target) for seen in elsewhere.seen] == [("GET", WELL_KNOWN), ("POST", "/t")]
    asked = elsewhere.seen[-1]
    assert asked.header("Authorization") == f"Basic {base64.b64encode(b'me:s3cret').decode()}"
    assert dict(parse_qsl(asked.body.decode())) == {"grant_type": "client_credentials", "scope": "openid"}


@pytest.mark.parametrize(("methods", "in_form"), [(["client_secret_post"], True), (["client_secret_basic"], False)])
def test_the_metadata_says_where_the_secret_goes(
    portal: Listener, elsewhere: Listener, source: Path, methods: list[str], in_form: bool
) -> None:
    """Into the form, if the server takes it nowhere else."""
    portal.says(answer(None))
    metadata = {"token_endpoint": f"{elsewhere.url}/t", "token_endpoint_auth_methods_supported": methods}
    elsewhere.react = lambda seen: answer(metadata if seen.method == "GET" else {"access_token": "tok"})
    login = OpenIdConnect(f"{elsewhere.url}{WELL_KNOWN}", "me", "s3cret")

    ovcgen.connect(portal.url, spec=source, auth=login).s.openid()
    assert (b"client_secret=s3cret" in elsewhere.seen[-1].body) is in_form


@pytest.mark.parametrize(
    "metadata",
    [
        answer([]),
        answer("<html>"),
        answer({}),
        answer({"token_endpoint": 7}),
        answer({"token_endpoint": "http://id.example/token"}),
        answer({"token_endpoint": "/relative"}),
        answer({}, 404),
        answer({}, 302, Location="https://id.example"),
    ],
)
def test_metadata_that_can_not_be_used(call: Any, portal: Listener, elsewhere: Listener, metadata: Any) -> None:
    """Nothing secret is sent, and the error says where to look."""
    elsewhere.says(metadata)
    login = call.logins.OpenIdConnect(f"{elsewhere.url}{WELL_KNOWN}", "me", CANARY)
    with pytest.raises(call.logins.ClientError) as caught:
        call("openid", login)
    assert {seen.method for seen in elsewhere.seen} == {"GET"}
    assert portal.seen == []
    assert "address" in f"{caught.value.fix}"
    assert CANARY not in f"{caught.value!r} {caught.value.fix} {login!r}"


def test_a_token_is_renewed_where_the_document_says(call: Any, elsewhere: Listener) -> None:
    """Some servers have an address of their own for it."""
    granted = {"access_token": "tok", "expires_in": 0, "refresh_token": "again"}
    elsewhere.says(answer(granted))
    login = call.logins.OAuth2(f"{elsewhere.url}/t", "me", "s3cret", refresh_url=f"{elsewhere.url}/refresh")

    call("oauth", login)
    call("oauth", login)
    assert [seen.target for seen in elsewhere.seen] == ["/t", "/refresh"]


def test_a_key_in_a_cookie_is_not_shown(call: Any, portal: Listener) -> None:
    """Even where the service repeats it."""
    portal.react = lambda seen: answer(f"refused {seen.headers}", 400)
    with pytest.raises(call.logins.BadRequest) as caught:
        call("cookie", call.logins.ApiKey(CANARY, name="sid", place="cookie"))
    assert CANARY not in f"{caught.value} {caught.value.response.text} {caught.value.response.request.headers}"


@pytest.mark.parametrize("value", ["a;b", "a b", "schlüssel", "a\tb"])
def test_a_key_that_is_no_cookie(value: str) -> None:
    """It would become two cookies, or unreadable."""
    with pytest.raises(ValueError, match="as it was issued") as caught:
        ovcgen.ApiKey(value, name="sid", place="cookie")
    assert value not in str(caught.value)
