"""The page at `/`: what it holds, what it may do, and that everything else is the portal's."""

import json
from html.parser import HTMLParser

import pytest
from werkzeug.test import Client

from ovcgen.simulator.swagger_ui import About, SwaggerUI, inlined, of_mock, of_portal

HOSTILE = "</script><script>alert(1)</script><!--<script> \u2028 & ' \" \ud800"
DOCUMENT = {
    "swagger": "2.0",
    "host": "elsewhere.example",
    "schemes": ["https"],
    "basePath": "/restmachine/",
    "info": {"title": HOSTILE, "version": "7.0"},
    "securityDefinitions": {"theirs": {"type": "oauth2", "authorizationUrl": "https://elsewhere.example"}},
    "paths": {"/cloudapi/a/b": {"post": {"description": HOSTILE, "responses": {}}}},
}
ABOUT = About("Portal <1>", "It's & only", (("Users", {"name": "<b>bob</b>"}),))


class Scripts(HTMLParser):
    """The script elements of a page as a browser sees them: their attributes and what is between the tags."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "script":
            self.found.append((dict(attrs), ""))

    def handle_data(self, data):
        if self.lasttag == "script" and data.strip():
            self.found[-1] = (self.found[-1][0], data)


def portal(_environ, start_response):
    """What stands behind the page."""
    start_response("418 I'm a teapot", [("Content-Length", "0")])
    return [b""]


@pytest.fixture
def browser():
    """Asks without a port."""
    return Client(SwaggerUI(portal, lambda: of_portal(DOCUMENT), ABOUT))


def test_the_document_is_inside_the_page(browser):
    """Hostile texts end no script: the page has the three scripts it should have, and the document reads as it was."""
    scripts = Scripts()
    scripts.feed(browser.get("/").text)

    (data, document), *programs = scripts.found
    assert data == {"type": "application/json", "id": "document"}
    assert json.loads(document) == of_portal(DOCUMENT)
    assert programs == [({"src": f"/swagger-ui/{name}"}, "") for name in ("swagger-ui-bundle.js", "start.js")]


def test_what_is_inlined_is_ascii_without_tags():
    """Also for what browsers take for the end of a line, and for halves of letters."""
    assert inlined(HOSTILE).isascii()
    assert not set("<>") & set(inlined(HOSTILE))
    assert json.loads(inlined(HOSTILE)) == HOSTILE


def test_calls_go_to_where_the_page_is():
    """No host of the document is asked, and its logins, which may lead elsewhere, give way to a portal's."""
    document = of_portal(DOCUMENT)

    assert "elsewhere.example" not in json.dumps(document)
    assert document["basePath"] == "/restmachine/"
    assert document["security"] == [{"authkey": []}, {"jwt": []}]
    assert document["securityDefinitions"].keys() == {"authkey", "jwt"}
    assert DOCUMENT["host"] == "elsewhere.example"


@pytest.mark.parametrize(
    "path", ["/", "/swagger-ui/page.css", "/swagger-ui/swagger-ui.css", "/swagger-ui/swagger-ui-bundle.js"]
)
def test_nothing_comes_from_elsewhere(browser, path):
    """The policy of every file: our own scripts, no others, no other hosts, no frame."""
    answer = browser.get(path)

    policy = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert answer.status_code == 200
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/"),
        ("GET", "/restmachine/cloudapi/a/b"),
        ("GET", "/swagger-ui/"),
        ("GET", "/swagger-ui/LICENSE"),
        ("GET", "/swagger-ui/../sdk"),
        ("GET", "/swagger-ui/..%2f..%2fpyproject.toml"),
        ("GET", "//"),
    ],
)
def test_everything_else_is_the_portals(browser, method, path):
    """Only `/` and what it needs are taken from it."""
    assert browser.open(path, method=method).status_code == 418


def test_the_page_says_what_it_is(browser):
    """The page shows title, text and demo logins, with their markup escaped."""
    page = browser.get("/").text

    assert "<title>Portal &lt;1&gt;</title>" in page
    assert "It&#x27;s &amp; only" in page
    assert "<dt>name</dt><dd><code>&lt;b&gt;bob&lt;/b&gt;</code></dd>" in page


def test_only_operations_without_a_login_keep_their_security():
    """In the shown document, operations keep only an empty `security`, and extensions are removed."""
    operations = {"get": {"security": [{"bearer": []}], "x-guest": True}, "post": {"security": []}}
    document = of_portal({**DOCUMENT, "paths": {"/a": {**operations, "parameters": []}}})

    assert document["paths"] == {"/a": {"get": {}, "post": {"security": []}, "parameters": []}}


def test_a_mock_is_called_where_the_page_is():
    """Servers become paths of the page's own server, and an OAuth login becomes a bearer token to paste."""
    schemes = {"a": {"type": "oauth2", "flows": {}}, "b": {"type": "apiKey", "in": "query", "name": "k"}}
    servers = [{"url": "https://a.example/v1"}, {"url": "https://b.example/v1"}, "broken"]
    document = {
        "openapi": "3.1.0",
        "servers": servers,
        "paths": {"/a": {"get": {"servers": servers[:1]}, "post": {"requestBody": {"example": servers}}}},
        "components": {"securitySchemes": schemes, "schemas": {"servers": {"enum": servers}}},
    }
    found = of_mock(document, lambda url: url.removeprefix("https://").partition("/")[2])

    assert found["servers"] == found["paths"]["/a"]["get"]["servers"] == [{"url": "v1"}]
    assert found["paths"]["/a"]["post"] == document["paths"]["/a"]["post"]
    assert found["components"]["schemas"] == document["components"]["schemas"]
    assert found["components"]["securitySchemes"] == {
        "a": {"type": "http", "scheme": "bearer", "description": "Any value is accepted."},
        "b": schemes["b"],
    }
    swagger = of_mock({"host": "a.example", "securityDefinitions": {"a": {"type": "oauth2"}}}, str)
    assert swagger["securityDefinitions"]["a"]["name"] == "Authorization"
    assert "host" not in swagger
