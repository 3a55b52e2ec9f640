"""`call` with a document: OpenAPI 3 or Swagger 2.0, from a file or a URL, at declared or given addresses."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import Run
from tests.client.conftest import Listener, field_of, plain
from tests.client.conftest import elsewhere as elsewhere
from tests.client.conftest import portal as portal

SECRET = "canary-7d1e"
CALL = "things.call"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
BASIC = f"Basic {base64.b64encode(f'ann:{SECRET}'.encode()).decode()}"
FILES = {"type": "object", "properties": {"f": {"type": "array", "items": {"type": "string", "format": "binary"}}}}


def document(*servers: Any, schemes: Any = (), **more: Any) -> dict[str, Any]:
    """A document with one call, for which each of `schemes` is needed."""
    ok = {"200": {"description": "ok", "content": {"application/json": {}}}}
    call = {"operationId": "call", "tags": ["things"], "responses": ok, **more}
    listed = [server if isinstance(server, dict) else {"url": server} for server in servers]
    return {
        "openapi": "3.0.3",
        "info": {"title": "things", "version": "1"},
        **({"servers": listed} if listed else {}),
        "components": {"securitySchemes": dict(schemes)},
        "security": [{name: [] for name in dict(schemes)}],
        "paths": {"/things": {"post" if "requestBody" in more else "get": call}},
    }


def written(folder: Path, made: dict[str, Any]) -> Path:
    """The document as a file."""
    (folder / "things.json").write_text(json.dumps(made))
    return folder / "things.json"


def test_the_address_is_declared(run: Run, here: Path, portal: Listener) -> None:
    """By a server, chosen with --server, and its variables."""
    port = urlsplit(portal.url).port
    variable = {"url": "http://127.0.0.1:{port}/v2", "variables": {"port": {"default": "1"}}}
    query = {"parameters": [{"name": "a", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}}]}
    file = written(here, document(f"{portal.url}/v1", variable, **query))
    portal.body = {"ok": True}

    first = run("call", file, CALL, "a=1", "a=2")
    second = run("call", file.name, CALL, "--server", "1", "--variable", f"port={port}")

    assert (first.code, json.loads(first.out), second.code) == (0, {"ok": True}, 0)
    assert portal.paths == ["/v1/things?a=1&a=2", "/v2/things"]


@pytest.mark.parametrize("made", [document("https://a.example/v1"), plain(verb="get")])
def test_the_address_is_given(run: Run, here: Path, portal: Listener, made: dict[str, Any]) -> None:
    """The base path is that of the document."""
    ended = run("call", portal.url, CALL, "--spec", written(here, made))

    assert (ended.code, portal.paths) == (0, [f"/v1{next(iter(made['paths']))}"])


def test_a_document_is_downloaded(run: Run, portal: Listener) -> None:
    """Its address is relative to its own."""
    portal.body = document("../v1")
    ended = run("call", f"{portal.url}/docs/openapi.json", CALL)

    assert (ended.code, portal.paths) == (0, ["/docs/openapi.json", "/v1/things"])


def test_a_document_is_downloaded_once(run: Run, portal: Listener) -> None:
    """A document is downloaded once, unless it lacks the operation, has a query in its URL, or --refresh is given."""
    portal.body = document("../v1")
    url = f"{portal.url}/docs/openapi.json"
    run("call", url, CALL)
    run("call", url, CALL)
    assert portal.paths == ["/docs/openapi.json", "/v1/things", "/v1/things"]

    portal.seen.clear()
    run("call", url, CALL, "--refresh")
    assert run("call", url, "things.other").code == 2
    assert portal.paths == ["/docs/openapi.json", "/v1/things", "/docs/openapi.json"]

    portal.seen.clear()
    for _ in range(2):
        run("call", portal.url, CALL, "--spec", f"{url}?key=canary")
    assert portal.paths == ["/docs/openapi.json?key=canary", "/v1/things"] * 2
    assert run("operations", url).code == 0
    assert run("call", url, CALL, "--help").code == 0
    assert len(portal.paths) == 4


@pytest.mark.parametrize(
    ("made", "options", "fix"),
    [
        (plain(), [], f"Pass the address: `ovcgen call https://service.example {CALL} --spec "),
        (document("/v1"), [], f"Pass the address: `ovcgen call https://service.example {CALL} --spec "),
        (document("https://a.example"), ["--server", "7"], "There is only one, which is used without that choice"),
        (document("https://a.example"), ["--variable", "x"], "--help"),
        (document("https://a.example"), ["--release", "2.4.5"], "Pass release"),
    ],
)
def test_what_gives_no_address(run: Run, here: Path, made: dict[str, Any], options: list[str], fix: str) -> None:
    """Two lines say what to do."""
    ended = run("call", written(here, made), CALL, *options)

    assert ended.two_lines
    assert fix in ended.err


def test_an_operation_without_its_group_is_looked_up_in_the_document(run: Run, here: Path) -> None:
    """The error for a name without a group speaks of the document, and lists its operations."""
    made = written(here, document("https://a.example"))

    for ended in (run("call", made, "gte"), run("call", made, "gte", "--help")):
        assert (ended.code, ended.two_lines) == (2, True)
        assert "The document has no operation 'gte'" in ended.err
        assert CALL in ended.err


KEYS = {name: {"type": "apiKey", "in": place, "name": name} for name, place in (("a-b", "header"), ("sid", "cookie"))}


@pytest.mark.parametrize(
    ("schemes", "variables", "sent"),
    [
        ({"b": {"type": "http", "scheme": "bearer"}}, {"TOKEN": SECRET}, {"Authorization": f"bearer {SECRET}"}),
        ({"h": {"type": "http", "scheme": "Hawk"}}, {"TOKEN": SECRET}, {"Authorization": f"hawk {SECRET}"}),
        (
            {"u": {"type": "http", "scheme": "basic"}},
            {"USERNAME": "ann", "PASSWORD": SECRET},
            {"Authorization": BASIC},
        ),
        (KEYS, {"KEY": SECRET}, {"a-b": SECRET, "Cookie": f"sid={SECRET}"}),
        (KEYS, {"KEY": SECRET, "KEY_A_B": "own"}, {"a-b": "own", "Cookie": f"sid={SECRET}"}),
        ({"o": {"type": "oauth2", "flows": {}}}, {"TOKEN": SECRET}, {"Authorization": f"bearer {SECRET}"}),
        ({"t": {"type": "mutualTLS"}}, {"TOKEN": SECRET, "KEY": SECRET}, {}),
    ],
)
def test_logins_come_from_the_environment(
    run: Run,
    here: Path,
    portal: Listener,
    monkeypatch: pytest.MonkeyPatch,
    schemes: dict[str, Any],
    variables: dict[str, str],
    sent: dict[str, str],
) -> None:
    """Several at once if the call needs them; the variables of a portal's logins are not for other services."""
    for name, value in variables.items():
        monkeypatch.setenv(f"OVCGEN_{name}", value)
    for name in ("OVC_TOKEN", "OVC_AUTHKEY", "OVC_USERNAME", "OVC_PASSWORD", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(name, "of-a-portal")

    ended = run("call", written(here, document(portal.url, schemes=schemes)), CALL)
    headers = portal.seen[-1][3]

    assert (ended.code, ended.err) == (0, "")
    assert {name: headers[name] for name in ("Authorization", "Cookie", "a-b") if name in headers} == sent
    assert SECRET not in ended.out


def test_tokens_are_got_from_the_declared_server(
    run: Run, here: Path, portal: Listener, elsewhere: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that was downloaded may not send the secret elsewhere."""
    monkeypatch.setenv("OVCGEN_CLIENT_ID", "me")
    monkeypatch.setenv("OVCGEN_CLIENT_SECRET", SECRET)
    flow = {"clientCredentials": {"tokenUrl": f"{elsewhere.url}/token", "scopes": {}}}
    elsewhere.body = {"access_token": "got"}
    portal.body = document(portal.url, schemes={"o": {"type": "oauth2", "flows": flow}})

    ended = run("call", written(here, portal.body), CALL)
    refused = run("call", f"{portal.url}/openapi.json", CALL)

    assert (ended.code, portal.seen[0][3]["Authorization"]) == (0, "Bearer got")
    assert (refused.two_lines, refused.code, len(elsewhere.seen)) == (True, 2, 1)
    assert elsewhere.url in refused.err
    assert SECRET not in refused.err


def test_a_token_endpoint_beside_a_downloaded_document(
    run: Run, portal: Listener, elsewhere: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who serves the document does not get the secret for a service elsewhere."""
    monkeypatch.setenv("OVCGEN_CLIENT_ID", "me")
    monkeypatch.setenv("OVCGEN_CLIENT_SECRET", SECRET)
    flow = {"clientCredentials": {"tokenUrl": f"{elsewhere.url}/token", "scopes": {}}}
    elsewhere.body = document(schemes={"o": {"type": "oauth2", "flows": flow}})

    refused = run("call", portal.url, CALL, "--spec", f"{elsewhere.url}/openapi.json")

    assert (refused.two_lines, refused.code) == (True, 2)
    assert [path for _, path, _, _ in (*elsewhere.seen, *portal.seen)] == ["/openapi.json"]


@pytest.mark.parametrize(
    ("variables", "fix"),
    [({}, "Export OVCGEN_KEY_A_B or OVCGEN_KEY or"), ({"OVCGEN_KEY": SECRET}, "Check OVCGEN_KEY.")],
)
def test_a_refused_login_names_its_variables(
    run: Run, here: Path, portal: Listener, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], fix: str
) -> None:
    """Not those of a portal, and no Python."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    portal.status = 401
    ended = run("call", written(here, document(portal.url, schemes=KEYS)), CALL)

    assert (ended.two_lines, ended.code) == (True, 4)
    assert fix in ended.err
    assert SECRET not in ended.err


def test_bodies(run: Run, here: Path, portal: Listener) -> None:
    """As JSON, as a form, and with files."""
    kinds = {"application/json": {}, FORM: {"schema": {"type": "object"}}, MULTIPART: {"schema": FILES}}
    file = written(here, document(portal.url, requestBody={"content": kinds, "required": True}))
    (here / "cat.gif").write_bytes(b"GIF")

    assert run("call", file, CALL, 'body:={"a": 1}').code == 0
    assert run("call", file, CALL, 'body:={"a": 1}', f"_content_type={FORM}").code == 0
    assert portal.bodies == ['{"a":1}', "a=1"]


def test_a_file_is_uploaded(run: Run, here: Path, portal: Listener) -> None:
    """By its path."""
    binary = {"content": {"image/gif": {"schema": {"type": "string", "format": "binary"}}}}
    file = written(here, document(portal.url, requestBody=binary))
    (here / "cat.gif").write_bytes(b"GIF")

    assert run("call", file, CALL, "body@cat.gif").code == 0
    assert portal.bodies == ["GIF"]
    binary["content"]["application/json"] = {"schema": {"type": "object"}}
    either = written(here, document(portal.url, requestBody=binary))
    assert run("call", either, CALL, "body@cat.gif", "_content_type=image/gif").code == 0
    assert portal.bodies == ["GIF", "GIF"]
    missing = run("call", file, CALL, "body@dog.gif")
    assert missing.two_lines
    assert "There is no file 'dog.gif' for body" in missing.err


def test_a_body_of_json_is_read_from_its_file(run: Run, here: Path, portal: Listener) -> None:
    """`body@pet.json` is read as JSON if the body can't be anything else."""
    file = written(
        here, document(portal.url, requestBody={"content": {"application/json": {"schema": {"type": "object"}}}})
    )
    (here / "pet.json").write_text('{"name": "Rex"}')

    assert run("call", file, CALL, "body@pet.json").code == 0
    assert portal.bodies == ['{"name":"Rex"}']


def test_files_of_swagger_2(run: Run, here: Path, portal: Listener) -> None:
    """A field of the form; a name may hold a sign."""
    made = plain(field_of("f", "file"), field_of("@type"), operation={"consumes": [MULTIPART]})
    (here / "cat.gif").write_bytes(b"GIF")

    assert run("call", portal.url, CALL, "f@cat.gif", "@type=a@b=c", "--spec", written(here, made)).code == 0
    assert 'filename="cat.gif"' in portal.bodies[0]
    assert "a@b=c" in portal.bodies[0]


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("things.cal", "Did you mean things.call?"),
        ("things.nothing_of_the_kind", "Pass one of things.call."),
        ("others.list", "Pass one of things.call."),
    ],
)
def test_an_unknown_operation_of_a_document_is_no_matter_of_a_portal(run: Run, here: Path, name: str, fix: str) -> None:
    """The message lists the names that the document has."""
    ended = run("call", written(here, document("http://127.0.0.1:1")), name)

    assert (ended.code, ended.two_lines) == (2, True)
    assert f"The document has no operation '{name}'." in ended.err
    assert fix in ended.err
