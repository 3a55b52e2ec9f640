"""Addresses of servers that are relative to the document."""

import json

import pytest

from ovcgen.model.readers import openapi3
from ovcgen.model.relative_servers import with_document_url

DOCUMENT = "https://user:secret@docs.example/specs/openapi.json?token=secret"


def api(*servers, own=()):
    """Return an API with these servers, and one operation with servers of its own."""
    operation = {"responses": {"200": {"description": ""}}, "servers": [{"url": url} for url in own]}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [json.loads(server) if server.startswith('{"') else {"url": server} for server in servers],
        "paths": {"/x": {"get": operation}},
    }
    return openapi3.read(document, "x")[0]


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("/api", "https://docs.example/api"),
        (".", "https://docs.example/specs/"),
        ("../v2/", "https://docs.example/v2/"),
        ("//other.example/x", "https://other.example/x"),
        ("http://h", "http://h"),
        ("{scheme}://h", "{scheme}://h"),
        ("{base}", "{base}"),
        ("/{version}", "https://docs.example/{version}"),
    ],
)
def test_a_relative_address_is_relative_to_the_document(url, resolved):
    """Not to what the document says of itself, and without the secrets of the URL."""
    assert [server.url for server in with_document_url(api(url), DOCUMENT).servers] == [resolved]


def test_without_servers_it_is_the_host_of_the_document():
    """As the specification says."""
    found = with_document_url(api(), DOCUMENT)

    assert [server.url for server in found.servers] == ["https://docs.example/"]
    assert (found.host, found.schemes, found.base_path) == ("docs.example", ("https",), "/")


def test_the_servers_of_an_operation_are_relative_too():
    """To the same URL."""
    found = with_document_url(api("/api", own=["/upload"]), DOCUMENT)

    assert found.base_path == "/api"
    assert [server.url for server in found.operations[0].servers] == ["https://docs.example/upload"]
