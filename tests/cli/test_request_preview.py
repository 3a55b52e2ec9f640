"""Test `call --dry-run` and `call --curl`, which print the request without its secrets."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from ovcgen.cli.curl_command import NoCurl, Shell, curl
from ovcgen.cli.request_preview import Placeholders, Preview
from ovcgen.simulator.http_server import serving
from tests.cli.conftest import Run

RELEASE = ("--release", "2.4.5")
NOWHERE = "http://127.0.0.1:1"  # nobody listens there
ODD = 'O\'Brien "$HOME" `id` !! \\ \u00f6 @x\n\t#&+%=;'
needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")


def parameter(name: str, place: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": {"type": "string", **schema}}


def body(kind: str, **properties: Any) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"type": "object", "properties": properties}}}}


def operation(name: str, scheme: str = "", **more: Any) -> dict[str, Any]:
    security = [{scheme: []}] if scheme else []
    return {"operationId": name, "tags": ["t"], "security": security, "responses": {"200": {"description": ""}}, **more}


ABOUT = {"a": ' " ;'}
TEXT, FILE = {"type": "string"}, {"type": "string", "format": "binary"}
PLACES = [parameter("q", "query"), parameter("X-Note", "header"), parameter("crumb", "cookie"), parameter("id", "path")]
LIST = parameter("ids", "query", type="array", items=TEXT)
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Echo", "version": "1"},
    "servers": [{"url": "http://h/v1"}],
    "paths": {
        "/places/{id}": {"get": operation("places", "bearer", parameters=[*PLACES, LIST])},
        "/json": {"post": operation("json", "header", requestBody=body("application/json", password=TEXT, name=TEXT))},
        "/form": {
            "post": operation(
                "form", "basic", requestBody=body("application/x-www-form-urlencoded", password=TEXT, name=TEXT)
            )
        },
        "/multipart": {
            "post": operation(
                "multipart", "query",
                requestBody=body("multipart/form-data", photo=FILE, name=TEXT, about={"type": "object"}, token=TEXT),
            )
        },
        "/file": {
            "put": operation(
                "file", "cookie", requestBody={"content": {"application/octet-stream": {"schema": FILE}}}
            )
        },
        "/gone": {"delete": operation("gone", "query", parameters=[parameter("filter[name]", "query")])},
    },
    "components": {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "basic": {"type": "http", "scheme": "basic"},
            "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            "query": {"type": "apiKey", "in": "query", "name": "key"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
        }
    },
}  # fmt: skip
FIELDS = [{"name": name, "in": "formData", "type": "string"} for name in ("name", "password")]
PHOTO = {"name": "photo", "in": "formData", "type": "file"}
SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Echo", "version": "1"},
    "basePath": "/v1",
    "paths": {
        "/fields": {"post": operation("fields", "basic", parameters=FIELDS)},
        "/photo": {
            "post": operation("photo", "query", parameters=[*FIELDS, PHOTO], consumes=["multipart/form-data"]),
        },
        "/secret/{token}/end": {
            "get": operation("secret", parameters=[{"name": "token", "in": "path", "required": True, "type": "string"}])
        },
    },
    "securityDefinitions": {"basic": {"type": "basic"}, "query": {"type": "apiKey", "in": "query", "name": "key"}},
}
LOGINS = {
    "OVCGEN_TOKEN": "token-canary-1",
    "OVCGEN_KEY": "key/+=canary",
    "OVCGEN_KEY_HEADER": "header-canary-key",
    "OVCGEN_KEY_COOKIE": "cookie-canary-key",
    "OVCGEN_USERNAME": "us'er",
    "OVCGEN_PASSWORD": 'pass"$word',
    "PASSWORD": "given-canary &=1",
    "TOKEN": "given-canary-2",
}
CALLS = [
    pytest.param(["t.places", f"q={ODD}", "X-Note=it's", "crumb=c", "id=a b/c", "ids=1", "ids=2"], id="every place"),
    pytest.param(["t.json", f"body:={json.dumps({'password': LOGINS['PASSWORD'], 'name': ODD})}"], id="JSON"),
    pytest.param(["t.form", f"body:={json.dumps({'name': ODD, 'password': LOGINS['PASSWORD']})}"], id="form"),
    pytest.param(
        ["t.multipart", f"body:={json.dumps({'name': ODD, 'about': ABOUT, 'token': LOGINS['TOKEN']})}"],
        id="multipart",
    ),
    pytest.param(["t.fields", f"name={ODD}", f"password={LOGINS['PASSWORD']}"], id="fields of Swagger 2.0"),
    pytest.param(["t.photo", "photo@ph'o \"to.png", f"name={ODD}"], id="file of Swagger 2.0"),
    pytest.param(["t.file", "body@ph'o \"to.png"], id="file"),
    pytest.param(["t.gone", "filter[name]={x}", "--yes"], id="delete"),
]  # fmt: skip


@pytest.fixture
def received() -> list[dict[str, Any]]:
    """Return the list to which the service adds each request."""
    return []


@pytest.fixture
def service(here: Path, monkeypatch: pytest.MonkeyPatch, received: list[dict[str, Any]]) -> Iterator[str]:
    """Start a service that records requests, in a folder with its document and a file to upload."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        names = ("HTTP_ACCEPT", "HTTP_AUTHORIZATION", "HTTP_X_NOTE", "HTTP_X_API_KEY", "HTTP_COOKIE")
        received.append(
            {
                "line": (environ["REQUEST_METHOD"], environ["PATH_INFO"], sorted(parse_qsl(environ["QUERY_STRING"]))),
                "headers": {name: environ[name] for name in names if name in environ},
                "body": content_of(environ.get("CONTENT_TYPE", ""), content),
            }
        )
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "4")])
        return [b"true"]

    (here / "echo.json").write_text(json.dumps(DOCUMENT))
    (here / "old.json").write_text(json.dumps(SWAGGER))
    (here / "ph'o \"to.png").write_bytes(bytes(range(256)))
    for name, value in LOGINS.items():
        monkeypatch.setenv(name, value)
    with serving(application) as url:
        yield url


def content_of(kind: str, content: bytes) -> Any:
    """Return a request body without parts that vary between equal requests, such as a boundary."""
    if kind.startswith("multipart/"):
        whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + content)
        return sorted(
            (
                part.get_param("name", header="content-disposition"),
                part["content-type"] or "",
                part.get_payload(decode=True),
            )
            for part in whole.get_payload()  # type: ignore[union-attr]
        )
    if kind == "application/x-www-form-urlencoded":
        return parse_qsl(content.decode())
    return kind, json.loads(content) if kind == "application/json" else content


def document_of(words: list[str]) -> str:
    """Return the document that has the operation."""
    return "old.json" if f"/{words[0].removeprefix('t.')}" in SWAGGER["paths"] else "echo.json"


def without_secrets(text: str) -> str:
    """Return the text, or fail if the text contains a secret."""
    assert not [value for value in LOGINS.values() if value in text]
    return text


@needs_curl
@pytest.mark.parametrize("words", CALLS)
def test_curl_sends_the_same_request(run: Run, service: str, received: list[dict[str, Any]], words: list[str]) -> None:
    """The printed curl command, run in a shell with its variables, sends the same request as the call."""
    call = ("call", service, *words, "--spec", document_of(words))

    line = run(*call, "--curl")
    made = subprocess.run(["bash", "-euc", line.out], capture_output=True, text=True, check=True)
    assert run(*call).code == 0

    assert (line.code, line.err, made.stdout) == (0, "", "true")
    without_secrets(line.out)
    by_curl, by_us = received
    assert by_curl == by_us


@pytest.mark.parametrize("words", CALLS)
def test_a_dry_run_sends_nothing(run: Run, service: str, received: list[dict[str, Any]], words: list[str]) -> None:
    """A dry run prints method, address, headers and body, with *** for secrets, and sends nothing."""
    call = ("call", service, *words, "--spec", document_of(words), "--dry-run")

    text, as_json = run(*call), json.loads(run(*call, "-o", "json").out)

    assert (text.code, text.err, received) == (0, "", [])
    without_secrets(text.out)
    assert text.out.startswith(f"{as_json['method']} {service}/v1/{words[0].removeprefix('t.')}")
    assert "***" in text.out
    assert not re.search("x[0-9a-f]{24}x", text.out)


def test_a_dry_run_as_written(run: Run, service: str) -> None:
    """For a person the whole preview of a request is as expected."""
    out = run("call", service, "t.fields", "--spec", "old.json", "name=a b", "password=x", "--dry-run").out

    assert re.sub(r"(?m)^User-Agent: .*\n", "", out) == (
        f"POST {service}/v1/fields\n"
        "Accept-Encoding: gzip, deflate\n"
        "Accept: application/json\n"
        "Connection: keep-alive\n"
        "Content-Type: application/x-www-form-urlencoded\n"
        "Authorization: Basic ***\n"
        "\n"
        "name=a+b&password=***\n"
    )


@needs_curl
def test_secrets_have_a_variable_each(
    run: Run, service: str, received: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each secret becomes a variable of its own: secrets of one name, numbers, and secrets in JSON or a path."""
    users = {"users": [{"password": "canary-a"}, {"password": "canary-b"}, {"password": "canary-a"}], "otp": 12345}
    call = ("call", service, "t.json", "--spec", "echo.json", f"body:={json.dumps(users)}")
    for name, value in {"PASSWORD": "canary-a", "PASSWORD_2": "canary-b", "OTP": "12345"}.items():
        monkeypatch.setenv(name, value)

    line = run(*call, "--curl").out
    subprocess.run(["bash", "-euc", line], capture_output=True, check=True)
    run(*call)
    field = run("call", service, "t.fields", "--spec", "old.json", f"name={json.dumps(users)}", "--dry-run").out
    path = run("call", service, "t.secret", "--spec", "old.json", "token=canary-c", "--curl").out

    assert received[0] == received[1]
    assert "canary" not in line + field + path
    assert "12345" not in line + field
    assert f'curl "{service}/v1/secret/$TOKEN/end"' in path


@needs_curl
@pytest.mark.parametrize(
    "words",
    [
        ["cloudapi.cloudspaces.list", "includedeleted=true"],
        ["cloudapi.machines.get", "machineId=1"],
        ["cloudapi.locations.getUrl"],
    ],
)
def test_curl_calls_a_portal(run: Run, simulated: Any, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    """A session key in OVC_AUTHKEY logs a portal's user in when the printed curl command is run."""
    key = run(
        *("call", simulated.url, "cloudapi.users.authenticate", *RELEASE, "-o", "text"),
        *(f"username={simulated.username}", f"password={simulated.password}"),
    ).out.strip()
    monkeypatch.setenv("OVC_USERNAME", simulated.username)
    monkeypatch.setenv("OVC_PASSWORD", simulated.password)

    line = run("call", simulated.url, *words, *RELEASE, "--curl")
    made = subprocess.run(
        ["bash", "-euc", line.out], env={**os.environ, "OVC_AUTHKEY": key}, capture_output=True, text=True, check=True
    )

    assert (line.err, simulated.password in line.out) == ("Set OVC_AUTHKEY before you run it.\n", False)
    assert json.loads(made.stdout) == json.loads(run("call", simulated.url, *words, *RELEASE).out)


@pytest.mark.parametrize(
    ("variables", "header"),
    [
        ({"CLIENT_ID": "id", "CLIENT_SECRET": "secret", "ITSYOUONLINE_URL": NOWHERE}, "bearer"),
        ({"OVC_AUTHKEY": "canary-key"}, None),
        ({}, None),
    ],
)
def test_no_login_is_sent_for_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], header: str | None
) -> None:
    """A preview sends no login request, and needs neither the portal nor the provider of the login."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    ended = run("call", NOWHERE, "cloudapi.machines.get", "machineId=1", *RELEASE, "--dry-run", "-o", "json")

    request = json.loads(ended.out)
    assert (ended.code, request["method"]) == (0, "POST")
    assert request["headers"].get("Authorization") == (f"{header} ***" if header else None)
    assert request["body"] == ("machineId=1&authkey=***" if "OVC_AUTHKEY" in variables else "machineId=1")


def test_a_call_that_destroys_can_be_looked_at(run: Run) -> None:
    """A preview of a destructive call asks no question, since nothing is sent; --async is part of the request."""
    ended = run("call", NOWHERE, "cloudapi.machines.stop", "machineId=1", "--async", *RELEASE, "--curl")

    line = (
        f"curl {NOWHERE}/restmachine/cloudapi/machines/stop \\\n"
        "  -H 'Accept: application/json' \\\n"
        "  --data-urlencode machineId=1 \\\n"
        "  --data-urlencode _async=true\n"
    )
    assert ended == (0, line, "")


def test_a_ca_bundle_goes_along(run: Run, here: Path) -> None:
    """The curl command has the CA bundle that the call would use, and none for an address without TLS."""
    (here / "my ca.pem").write_text("")
    words = ("cloudapi.locations.getUrl", *RELEASE, "--curl", "--ca-bundle", "my ca.pem")

    assert "--cacert 'my ca.pem'" in run("call", "https://127.0.0.1:1", *words).out
    assert "--cacert" not in run("call", NOWHERE, *words).out


def test_a_client_certificate_goes_along() -> None:
    """The curl command has the client certificate, and its key if the key is in another file."""
    request = Preview("GET", "https://h/", {}, None, Placeholders(is_portal=False))

    assert curl(request, {}, cert="my.pem") == "curl https://h/ \\\n  --cert my.pem"
    assert curl(request, {}, cert=("a", "b c")) == "curl https://h/ \\\n  --cert a \\\n  --key 'b c'"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["machineId=web"], "is not a whole number"),
        ([], "needs machineId"),
        (["machineId=1", "--dry-run"], "not both"),
    ],
)
def test_wrong_words_are_refused_as_for_the_call(run: Run, words: list[str], what: str) -> None:
    """A preview refuses the same wrong arguments as the call."""
    ended = run("call", NOWHERE, "cloudapi.machines.get", *words, *RELEASE, "--curl")

    assert (ended.code, ended.two_lines) == (2, True)
    assert what in ended.err


@pytest.mark.parametrize("with_secret", [False, True])
def test_every_text_is_one_word_of_a_shell(with_secret: bool) -> None:
    """Every text is quoted so that bash reads exactly that text as one word."""
    placeholders = Placeholders(is_portal=True)
    secret = placeholders.word("OVC_TOKEN") if with_secret else ""
    texts = [
        f"{before}{secret}{after}"
        for before in (
            "",
            " ",
            "'",
            '"',
            "$",
            "\\",
            "`id`",
            "!",
            "a\nb",
            "\x1b[0m",
            "\u00e4\u202e",
            "*",
            "~",
            "-n",
            "{",
        )
        for after in ("", "x", "_", "'", '"', "$HOME", "\\'", "!!", "\n", "\x07\u4e2d", "}", "${x}", "\\x41")
    ]
    words = " ".join(map(Shell(placeholders).word, texts))
    done = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {words}"], env={"OVC_TOKEN": "S"}, capture_output=True, check=True
    )

    assert done.stdout.decode().split("\0")[:-1] == [text.replace(secret, "S") if secret else text for text in texts]


def test_a_null_character_has_no_command_line() -> None:
    """A value with a null character can't be in a curl command; the error names the option that shows the request."""
    with pytest.raises(NoCurl, match=r"null character\. --dry-run shows it"):
        Shell(Placeholders(is_portal=True)).word("a\0b")
