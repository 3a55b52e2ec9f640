"""Documents from standard input and from addresses on the web."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import ovcgen
from ovcgen.documents.errors import TooLarge
from ovcgen.simulator.http_server import serving
from ovcgen.workflows.document_input import is_document_url, read_input
from ovcgen.workflows.download_document import NoDocument, download
from ovcgen.workflows.resolve import load

PETS = {
    "swagger": "2.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {"/pets": {"get": {"responses": {"200": {"description": "all"}}}}},
}
YAML = b"""swagger: "2.0"
info: {title: Pets, version: "1"}
paths: {/pets: {get: {responses: {200: {description: all}}}}}
"""


@contextmanager
def server(status: str, body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    """A web server with one answer to everything."""

    def application(_environ: Mapping[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(status, [*headers.items(), ("Content-Length", str(len(body)))])
        return [body]

    with serving(application) as url:
        yield url


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/pets.json", json.dumps(PETS).encode()),
        ("/api/pets.yaml?version=2", YAML),
        ("/swagger", b"\n  " + json.dumps(PETS).encode()),
        ("/swagger", YAML),
        ("/", YAML),
    ],
)
def test_a_document_is_read_from_its_address(path: str, body: bytes) -> None:
    """JSON or YAML is told by the end of the address, else by its first letter; Python code may pass addresses too."""
    with server("200 OK", body, {"Content-Type": "text/plain"}) as url:
        spec = load(url + path)
        files = ovcgen.generate(url + path)

    assert (spec.release, list(spec.document["paths"])) == ("Pets-1", ["/pets"])
    assert files


@pytest.mark.parametrize("body", [json.dumps(PETS).encode(), YAML])
def test_a_document_is_read_from_standard_input(body: bytes) -> None:
    """Which has no name that could say what it is."""
    code = "from ovcgen.workflows.resolve import load; print(load('-').release)"

    ended = subprocess.run([sys.executable, "-c", code], input=body, capture_output=True, check=True)

    assert ended.stdout == b"Pets-1\n"


@pytest.mark.parametrize(
    ("status", "headers", "said"),
    [
        ("404 Not Found", {}, "the server answered 404"),
        ("503 Busy", {}, "the server answered 503"),
        (
            "302 Found",
            {"Location": "https://elsewhere.example/x.json"},
            "it points to https://elsewhere.example/x.json",
        ),
        ("200 OK", {"Content-Type": "text/html; charset=utf-8"}, "it is an HTML page"),
    ],
)
def test_what_is_no_document_is_said(status: str, headers: Mapping[str, str], said: str) -> None:
    """Redirects are not followed: they could lead into the inside of a network."""
    with server(status, b"<html></html>", headers) as url, pytest.raises(NoDocument, match=said):
        download(f"{url}/x.json")


def test_a_document_that_is_too_large_is_not_read_to_its_end() -> None:
    """It could be without end."""
    with server("200 OK", b" " * (33 * 2**20), {}) as url, pytest.raises(TooLarge):
        download(f"{url}/x.json")


def test_an_address_that_nobody_answers_is_a_transport_error() -> None:
    """Nothing was sent, so it is safe to repeat."""
    with pytest.raises(ovcgen.TransportError, match="connection refused"):
        download("http://127.0.0.1:1/x.json")


def test_a_portals_address_is_no_documents() -> None:
    """Where both may be named, the end of the path decides."""
    assert is_document_url("https://a.example/swagger.json")
    assert not is_document_url("https://a.example")
    assert not is_document_url("https://a.example/portal")
    assert read_input("swagger.json") == (Path("swagger.json"), None)
