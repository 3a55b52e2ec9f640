"""`call`: from words to a call, and from its value to stdout."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from ovcgen.simulator.http_server import serving
from tests.cli.conftest import Run, portal_answering

CALL_OF_A_MOCK = "pets.list"
RELEASE = ("--release", "2.4.5")
GUID = "0dd7ec2f-49fa-4694-a633-c0b667f84fb0"


def sent(url: Any, path: str) -> Any:
    """The last request that the simulated portal saw at that path."""
    return [each for each in url.simulator.seen if each.path.endswith(path)][-1]


def test_a_text_is_bare_and_json_is_json(run: Run, logged_in: Any) -> None:
    """`--output` says which."""
    bare = run("call", logged_in.url, "cloudapi.locations.getUrl", *RELEASE, "--output", "text")
    quoted = run("call", logged_in.url, "cloudapi.locations.getUrl", *RELEASE, "--output", "json")

    assert bare == (0, "https://be-demo-1.example.org\n", "")
    assert quoted == (0, '"https://be-demo-1.example.org"\n', "")


def test_the_calls_are_those_of_the_portals_own_catalog(run: Run, logged_in: Any) -> None:
    """Without --release it is asked."""
    ended = run("call", logged_in.url, "cloudapi.machines.get", "machineId=1")

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out)["name"] == "web1"


def test_the_calls_can_be_those_of_a_document(run: Run, here: Path) -> None:
    """With --spec, also one of OpenAPI 3: styles, bodies and the path of the server are its own."""
    seen: list[tuple[str, str, bytes]] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        seen.append((environ["PATH_INFO"], environ["QUERY_STRING"], body))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "14")])
        return [b'{"done": true}']

    ids = {"name": "ids", "in": "query", "explode": False, "schema": {"type": "array", "items": {"type": "integer"}}}
    call = {
        "operationId": "add",
        "tags": ["pets"],
        "parameters": [ids],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {"200": {"description": "", "content": {"application/json": {}}}},
    }
    document = {"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "servers": [{"url": "https://h/v1"}]}
    (here / "pets.json").write_text(json.dumps({**document, "paths": {"/pets": {"post": call}}}))

    with serving(application) as url:
        ended = run("call", url, "pets.add", "--spec", "pets.json", "ids=1", "ids=2", 'body:={"name": "Rex"}')

    assert (json.loads(ended.out), ended.err) == ({"done": True}, "")
    assert seen == [("/v1/pets", "ids=1,2", b'{"name":"Rex"}')]


def test_values_become_what_the_parameter_wants(run: Run, logged_in: Any) -> None:
    """`True` of a shell is the portal's `true`."""
    run("call", logged_in.url, "cloudapi.cloudspaces.list", "includedeleted=True", *RELEASE)

    assert sent(logged_in, "/cloudspaces/list").body == b"includedeleted=true"


def test_a_secret_is_read_from_standard_input(run: Run, simulated: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it stays out of the list of processes."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{simulated.password}\n"))

    ended = run(
        *("call", simulated.url, "cloudapi.users.authenticate", *RELEASE),
        *(f"username={simulated.username}", "password=-"),
    )

    assert (ended.code, ended.err) == (0, "")


def test_async_prints_the_guid(run: Run, logged_in: Any) -> None:
    """For `ovcgen task`."""
    started = run("call", logged_in.url, "cloudapi.cloudspaces.list", *RELEASE, "--async")

    result = run("task", "wait", logged_in.url, started.out.strip(), "--output", "json")

    assert json.loads(result.out)[0]["name"] == "production"


@pytest.mark.parametrize("words", [["--wait"], ["--async", "--wait"]])
def test_wait_prints_the_result_of_a_task(run: Run, logged_in: Any, words: list[str]) -> None:
    """--wait alone means a task too."""
    ended = run("call", logged_in.url, "cloudapi.cloudspaces.list", *RELEASE, *words)

    assert json.loads(ended.out)[0]["name"] == "production"
    assert "_async=true" in str(sent(logged_in, "/cloudspaces/list"))
    assert bool(re.search("Task [0-9a-f-]{36} has started", ended.err)) == ("--async" in words)


@pytest.mark.parametrize(
    ("words", "what", "fix"),
    [
        (["cloudapi.machines.gte"], "no operation", "Did you mean cloudapi.machines.get?"),
        (["/cloudapi/machines/get"], "no operation", "Did you mean cloudapi.machines.get?"),
        (
            ["cloudapi.machines.get", "--machineId=1"],
            "No such option",
            "Write an argument of the operation as machineId=V",
        ),
        (["cloudapi.machines.get", "--timeuot=1"], "Did you mean '--timeout'?", "See `ovcgen call --help`."),
        (["cloudapi.machines.get"], "needs machineId", "Add machineId=VALUE."),
        (["cloudapi.machines.get", "machineID=1"], "takes no argument 'machineID'", "Did you mean machineId?"),
        (["cloudapi.machines.get", "machineId=1", "_async=true"], "_async", "Pass --async instead."),
        (["cloudapi.machines.get", "machineId=web"], "machineId is not a whole number", "Correct it"),
        (["cloudapi.machines.get", "machineId=1.5"], "can't send 1.5", "whole number"),
        (["cloudapi.machines.get", "machineId=1", "machineId=2"], "given twice", "Leave one"),
        (["cloudapi.machines.get", "machineId"], "is no argument", "name=value"),
        (["cloudapi.machines.get", "machineId:=[1"], "is not JSON", "Correct it"),
        (["system.task.get", f"taskguid={GUID}", "--async"], "can't run as a task", "Leave --async"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_sent(
    run: Run, logged_in: Any, words: list[str], what: str, fix: str
) -> None:
    """Never a TypeError with a traceback, and never a call."""
    ended = run("call", logged_in.url, *words, *RELEASE)

    assert (ended.code, ended.two_lines) == (2, True), ended
    assert what in ended.err.splitlines()[0]
    assert fix in ended.err.splitlines()[1]
    assert logged_in.simulator.seen == ()


@pytest.mark.parametrize(
    ("words", "listing"), [([], "`ovcgen operations`"), (["lab.yaml"], "`ovcgen operations lab.yaml`")]
)
def test_a_call_without_an_operation_says_how_to_find_one(run: Run, words: list[str], listing: str) -> None:
    """The command that lists the operations is named, for the same portal or document."""
    ended = run("call", *words)

    assert (ended.code, ended.two_lines) == (2, True)
    assert ended.err.startswith("ovcgen: No operation is named to call.\n")
    assert f"{listing} lists them." in ended.err


def test_an_unknown_group_is_explained(run: Run, logged_in: Any) -> None:
    """The portal says no more than that it is invalid."""
    ended = run("call", logged_in.url, "cloudapy.machines.list")

    assert (ended.code, ended.two_lines) == (4, True)
    assert "portals have cloudapi, cloudbroker" in ended.err


def test_an_address_that_is_no_portal_is_explained(run: Run, logged_in: Any) -> None:
    """404 is about the address, not about an id."""
    ended = run("call", logged_in.itsyouonline, "cloudapi.machines.list")

    assert (ended.code, ended.two_lines) == (4, True)
    assert "root" in ended.err


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        (["call", CALL_OF_A_MOCK], "name its document with --spec FILE"),
        (["call", CALL_OF_A_MOCK, "--help"], "name its document with --spec FILE"),
        (["operations"], "name its document instead"),
    ],
)
def test_a_service_without_a_catalog_is_called_with_its_document(run: Run, words: list[str], fix: str) -> None:
    """The advice for an address that serves no catalog names the option for a document."""
    with portal_answering({}) as url:
        ended = run(words[0], url, *words[1:])

    assert (ended.code, ended.two_lines) == (4, True)
    assert fix in ended.err


def test_texts_of_a_portal_are_harmless(run: Run) -> None:
    """Text of a portal is printed as valid JSON without control characters."""
    nasty = "a\x1b[31m\x85\u202eb\u00f6"
    answer = json.dumps([{"name": nasty}]).encode()
    with portal_answering({"/machines/list": (200, "application/json", answer)}) as url:
        ended = run("call", url, "cloudapi.machines.list", "cloudspaceId=1", *RELEASE)

    assert not {"\x1b", "\x85", "\u202e"} & set(ended.out)
    assert json.loads(ended.out) == [{"name": nasty}]


def test_a_result_of_null(run: Run) -> None:
    """It is printed, for it is the result."""
    with portal_answering({"/machines/list": (200, "application/json", b"null")}) as url:
        assert run("call", url, "cloudapi.machines.list", "cloudspaceId=1", *RELEASE) == (0, "null\n", "")
