"""How the README of an SDK logs in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ovcgen.generator import sdk_files
from ovcgen.model.api import Api, SecurityDefinition
from ovcgen.model.readers import openapi3
from ovcgen.model.readers.swagger2 import read
from tests.build import api, machines, operation


def declaring(kind: str, called: str = "key", **settings: Any) -> Api:
    """A plain document with that way to log in."""
    made = api(operation("/pets"), release="petstore 1.0")
    document = {"paths": {}, "securityDefinitions": {called: {"type": kind, **settings}}}
    return replace(made, security_definitions=read(document, "").security_definitions)


def readme(made: Api) -> str:
    """The page that people read first."""
    return sdk_files(made, sha256="")["README.md"]


@pytest.mark.parametrize(
    ("kind", "settings", "line"),
    [
        ("basic", {}, 'Basic(username, password)  # declared as "key"'),
        ("apiKey", {"name": "X-Key", "in": "header"}, 'ApiKey(key, name="X-Key", place="header")  # declared as "key"'),
        ("apiKey", {"name": "k", "in": "query"}, 'ApiKey(key, name="k", place="query")  # declared as "key"'),
        (
            "oauth2",
            {"flow": "application", "tokenUrl": "https://id.example/"},
            'OAuth2("https://id.example/", client_id, client_secret)  # declared as "key"',
        ),
        ("oauth2", {"flow": "implicit"}, 'Bearer(token)  # declared as "key"; a token that you have'),
    ],
)
def test_a_document_tells_how_to_log_in(kind: str, settings: dict[str, Any], line: str) -> None:
    """With the names, places and addresses that it declares; the first is in the examples."""
    found = readme(declaring(kind, **settings))

    assert f"\napi.{line}\n" in found
    assert f'client = api.connect("https://api.example", auth=api.{line.partition("  #")[0]})\n' in found


def test_a_long_login_is_laid_out() -> None:
    """As ruff would have it; what to know of it stands above."""
    found = readme(declaring("oauth2", flow="password", tokenUrl="https://id.example/" + 40 * "x"))
    address = f'"https://id.example/{40 * "x"}"'

    assert (
        f"""
# declared as "key"
api.OAuth2(
    {address},
    client_id,
    client_secret,
    username=username,
    password=password,
)
"""
        in found
    )
    assert (
        f"""
client = api.connect(
    "https://api.example",
    auth=api.OAuth2(
        {address},
        client_id,
        client_secret,
        username=username,
        password=password,
    ),
)
"""
        in found
    )


@pytest.mark.parametrize(("kind", "renewed"), [("basic", False), ("oauth2", True)])
def test_tokens_are_spoken_of_where_there_are_some(kind: str, renewed: bool) -> None:
    """A key has no end."""
    assert ("renewed" in readme(declaring(kind, flow="application", tokenUrl="https://id.example/"))) is renewed


def test_a_document_without_logins_shows_none() -> None:
    """Its API may be open to all."""
    found = readme(api(operation("/pets"), release="petstore 1.0"))

    assert 'client = api.connect("https://api.example")\n' in found
    assert "## Log in" not in found


def test_a_dialect_knows_better() -> None:
    """Catalogs say nothing true of logins."""
    made = replace(api(machines()), security_definitions=(SecurityDefinition("key", "basic"),))

    assert "\novc.Credentials(username, password)  # a user of the portal\n" in readme(made)
    assert "Basic" not in readme(made)


@pytest.mark.parametrize(
    ("host", "schemes", "address"),
    [
        ("pets.example:8443", ("https", "http"), "https://pets.example:8443"),
        ("pets.example", ("http",), "http://pets.example"),
        ("", ("http",), "http://api.example"),
        ('"); import os; os.system("id") #', (), "https://api.example"),
    ],
)
def test_examples_call_where_the_document_says(host: str, schemes: tuple[str, ...], address: str) -> None:
    """As long as it is an address."""
    made = replace(api(operation("/pets"), release="petstore 1.0"), host=host, schemes=schemes)

    assert f'\nclient = api.connect("{address}")\n' in readme(made)


@pytest.mark.parametrize("text", ['"""', "```\n# Owned", "\n```\n", '"); import os #', "\u2028\\"])
def test_what_is_declared_stays_a_text(text: str) -> None:
    """It can leave neither its literal nor the block it stands in, here and in the package's docstring."""
    found = sdk_files(declaring("apiKey", text, name=text, **{"in": text}), sha256="")
    page = found["README.md"]

    assert page.isascii()
    assert sum(line.startswith("```") for line in page.split("\n")) == 10
    for package in ("petstore_1_0", "petstore_1_0/aio"):
        compile(found[f"{package}/__init__.py"], package, "exec")


FLOW = {"tokenUrl": "token", "scopes": {}}
OF_OPENAPI3 = [
    ({"type": "apiKey", "in": "cookie", "name": "sid"}, 'ApiKey(key, name="sid", place="cookie")'),
    ({"type": "http", "scheme": "bearer"}, "Bearer(token)"),
    ({"type": "http", "scheme": "Hawk"}, 'Bearer(token, scheme="hawk")'),
    (
        {"type": "oauth2", "flows": {"clientCredentials": FLOW}},
        'OAuth2("https://x.example/v1/token", client_id, client_secret)',
    ),
    (
        {"type": "openIdConnect", "openIdConnectUrl": "https://id.example/c"},
        'OpenIdConnect("https://id.example/c", client_id, client_secret)',
    ),
]


@pytest.mark.parametrize(("scheme", "line"), OF_OPENAPI3)
def test_logins_of_openapi_3(scheme: dict[str, Any], line: str) -> None:
    """Relative addresses are those of the service; a client certificate is no login of `auth`."""
    schemes = {"key": scheme, "tls": {"type": "mutualTLS"}}
    call = {"operationId": "call", "responses": {"200": {"description": "ok"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "petstore", "version": "1.0"},
        "servers": [{"url": "https://x.example/v1"}],
        "components": {"securitySchemes": schemes},
        "paths": {"/pets": {"get": call}},
    }
    made, _ = openapi3.read(document, "petstore 1.0", {})
    found = readme(made)

    assert f'\napi.{line}  # declared as "key"' in found
    assert "tls" not in found
