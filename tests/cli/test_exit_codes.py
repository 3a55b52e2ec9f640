"""Every exit code, each reached by a real command line, and always in two lines."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ovcgen.cli.exit_codes import CODES, exit_code
from ovcgen.runtime.errors import ClientError
from ovcgen.runtime.portal_errors import TaskLost
from tests.cli.conftest import Run, Said, catalog, portal_answering, small_catalog

JSON, TEXT = "application/json", "text/plain"
CREATE = ("cloudapi.machines.start", "machineId=1", "--release", "2.4.5")
LIST = ("cloudapi.machines.list", "cloudspaceId=1", "--release", "2.4.5")
GUID = "0dd7ec2f-49fa-4694-a633-c0b667f84fb0"
STARTED = json.dumps(GUID).encode()


def error_of(ended: Said) -> dict[str, Any]:
    """Return the error of a command with `--output json`, and check that stdout and stderr have nothing else."""
    assert ended.out == ""
    [line] = ended.err.splitlines()
    error: dict[str, Any] = json.loads(line)["error"]
    assert error["exit_code"] == ended.code
    assert {"type", "message", "fix", "status", "operation", "eco", "exit_code"} == error.keys() - {"guid"}
    assert error.get("guid", GUID) == GUID  # only errors about tasks have the key
    return error


@contextmanager
def hanging_up() -> Iterator[str]:
    """A portal that takes a request and goes away without a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def said(path: str, status: int, body: object, kind: str = JSON) -> Any:
    return portal_answering({path: (status, kind, json.dumps(body).encode())})


def test_0_it_went_well(run: Run) -> None:
    """A result on stdout, and nothing beside it."""
    ended = run("releases")

    assert (ended.code, ended.err) == (0, "")


def test_1_the_answer_is_no(run: Run) -> None:
    """A breaking change is no fault of the command: its result is on stdout."""
    ended = run("diff", "2.4.5", "2.4.4")

    assert (ended.code, ended.err) == (1, "")
    assert "8 breaking" in ended.out


def test_1_an_sdk_is_out_of_date(run: Run) -> None:
    """`--check` says so without writing anything."""
    ended = run("generate", "2.4.5", "--check")

    assert (ended.code, ended.two_lines) == (1, True)


def test_1_a_task_failed(run: Run) -> None:
    """The portal's own words are shown."""
    with said("/system/task/get", 200, [False, "no capacity"]) as url:
        ended = run("task", "wait", url, GUID, "--quiet")
        as_json = error_of(run("task", "wait", url, GUID, "--quiet", "-o", "json"))

    assert (ended.code, ended.two_lines) == (1, True)
    assert (as_json["type"], as_json["guid"], as_json["exit_code"]) == ("TaskFailed", GUID, 1)
    assert "no capacity" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["generat"], id="unknown command"),
        pytest.param(["--nonsense"], id="unknown option"),
        pytest.param(["diff", "9.9", "2.4.5"], id="unknown release"),
        pytest.param(["diff", "2.4.5"], id="missing argument"),
        pytest.param(["diff", "--explain", "paramter.removed"], id="unknown kind"),
        pytest.param(["diff", "--explain", "parameter.removed", "2.4.4", "2.4.5"], id="two wishes at once"),
        pytest.param(["diff", "2.4.4", "2.4.5", "--output", "yaml"], id="unknown format"),
        pytest.param(["generate"], id="nothing to generate"),
        pytest.param(["generate", "2.4.5", "--all"], id="one and all"),
        pytest.param(["generate", "2.4.5", "--group", "cloudapy"], id="unknown group"),
        pytest.param(["generate", "2.4.5", "--release", "2.4.6"], id="a second name for a release"),
        pytest.param(["generate", "nowhere.json"], id="no such file"),
        pytest.param(["generate", "/"], id="a folder as a file"),
        pytest.param(["generate", "2.4.5", "--out", "/proc/here"], id="unwritable target"),
        pytest.param(["releases", "--specs", "nowhere"], id="no such folder"),
        pytest.param(["fetch", "https://portal.example"], id="missing option"),
        pytest.param(["fetch", "portal.example", "--release", "x"], id="no address"),
        pytest.param(["fetch", "https://portal.example", "--release", "../x"], id="no name of a release"),
        pytest.param(["identify", "portal.example"], id="neither address nor file"),
        pytest.param(["call", "https://portal.example", "cloudapi"], id="no operation"),
        pytest.param(["call", "https://portal.example", *LIST, "--timeout", "nan"], id="no length of time"),
        pytest.param(["serve", "--port", "80808"], id="no port"),
    ],
)
def test_2_usage(run: Run, here: Any, words: list[str]) -> None:
    """Whatever is wrong with the words of a command, nothing is done."""
    ended = run(*words)

    assert (ended.code, ended.two_lines) == (2, True), ended
    assert list(here.iterdir()) == []


def test_4_the_portal_refuses(run: Run, simulated: Any) -> None:
    """Nobody is logged in."""
    ended = run("fetch", simulated.url, "--release", "x")

    assert (ended.code, ended.two_lines) == (4, True)
    assert "No credentials are set" in ended.err


def test_5_the_portal_fails(run: Run) -> None:
    """A 500 is the portal's fault."""
    eco = "eco-1-0dd7ec2f-49fa-4694-a633-c0b667f84fb0"
    with said("/machines/list", 500, f"Unexpected error {eco}") as url:
        ended = run("call", url, *LIST)
        as_json = error_of(run("call", url, *LIST, "-o", "json"))

    assert (ended.code, ended.two_lines) == (5, True)
    assert (as_json["type"], as_json["status"], as_json["eco"]) == ("ServerError", 500, eco)
    assert as_json["operation"] == "POST /cloudapi/machines/list"


def test_5_an_answer_is_no_answer(run: Run) -> None:
    """A page of HTML instead of a list."""
    with portal_answering({"/machines/list": (200, "text/html", b"<html>")}) as url:
        ended = run("call", url, *LIST)

    assert (ended.code, ended.two_lines) == (5, True)


def test_6_never_reached(run: Run) -> None:
    """Nobody listens there: safe to repeat."""
    ended = run("call", "http://127.0.0.1:1", *CREATE)

    assert (ended.code, ended.two_lines) == (6, True)
    assert error_of(run("call", "http://127.0.0.1:1", *CREATE, "-o", "json"))["type"] == "TransportError"


def test_6_the_identity_provider_is_not_reached(run: Run, logged_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The login is where it ended: safe to repeat."""
    monkeypatch.setenv("ITSYOUONLINE_URL", "http://127.0.0.1:1")

    ended = run("call", logged_in.url, *CREATE)

    assert (ended.code, ended.two_lines) == (6, True)


def test_7_the_answer_was_lost(run: Run) -> None:
    """The call may have been carried out."""
    with hanging_up() as url:
        ended = run("call", url, *CREATE)
    with hanging_up() as url:
        as_json = error_of(run("call", url, *CREATE, "-o", "json"))

    assert (ended.code, ended.two_lines) == (7, True)
    assert (as_json["type"], as_json["operation"]) == ("OutcomeUnknown", "cloudapi.machines.start")


def test_7_a_task_does_not_end(run: Run) -> None:
    """It may still be running."""
    with portal_answering({"/system/task/get": (202, TEXT, b"")}) as url:
        ended = run("task", "wait", url, GUID, "--timeout", "0", "--quiet")

    assert (ended.code, ended.two_lines) == (7, True)


def test_7_a_task_is_lost(run: Run) -> None:
    """The work may have been done."""
    with said("/system/task/get", 404, "Task is not found") as url:
        ended = run("task", "wait", url, GUID, "--timeout", "5", "--quiet")

    assert (ended.code, ended.two_lines) == (7, True)


HOSTILE = small_catalog(definitions={"Thing": {"$ref": "http://evil.example/x"}})
REFUSED = {
    "broken JSON": (b'{"swagger": "2.0"', JSON),
    "duplicate keys": (b'{"swagger": "2.0", "swagger": "2.0"}', JSON),
    "not Swagger 2.0": (b'{"openapi": "3.0.0"}', JSON),
    "wrong structure": (small_catalog(paths={"/x/y/z": 3}), JSON),
    "hostile $ref": (HOSTILE, JSON),
    "login page": (b"<html>Log in</html>", "text/html"),
    "larger than 32 MiB": (b" " * (32 * 2**20 + 1), JSON),
}


@pytest.mark.parametrize("name", REFUSED)
def test_8_a_catalog_is_refused(run: Run, here: Any, name: str) -> None:
    """From a portal, and nothing is pinned."""
    with catalog(*REFUSED[name]) as url:
        ended = run("fetch", url, "--release", "x")

    assert (ended.code, ended.two_lines) == (8, True), ended
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("words", [["generate"], ["identify"], ["diff", "2.4.5"]], ids=lambda words: words[0])
def test_8_a_file_is_refused(run: Run, here: Any, words: list[str], name: str) -> None:
    """From a file, whatever was to be made of it."""
    (here / "file.json").write_bytes(REFUSED[name][0])

    ended = run(*words, "file.json")

    assert (ended.code, ended.two_lines) == (8, True), ended
    if words == ["identify"]:
        assert error_of(run(*words, "file.json", "-o", "json"))["exit_code"] == 8
    assert [path.name for path in here.iterdir()] == ["file.json"]


def test_the_first_class_that_fits_decides() -> None:
    """A TaskLost is a TaskError, and every error of ours has a code."""
    assert exit_code(TaskLost("x")) == 7
    assert exit_code(ClientError("It is so.", fix="Change it.")) == 2
    assert {code for _, code in CODES} == {1, 2, 4, 5, 6, 7, 8, 130, 143}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["releases"], 0),
        (["releases", "--query", "[].release"], 0),
        (["identify", "pets.json"], 0),
        (["diff", "2.4.4", "2.4.5"], 0),
        (["diff", "2.4.5", "2.4.4"], 1),
        (["changelog", "2.4.4", "2.4.5"], 0),
        (["impact", "code.py", "--from", "2.4.4", "--to", "2.4.5"], 0),
        (["task", "get", "URL", GUID], 0),
        (["task", "wait", "URL", GUID], 0),
        (["call", "URL", *LIST], 0),
        (["call", "URL", *CREATE, "--wait"], 0),
        (["call", "URL", *LIST, "--dry-run"], 0),
    ],
    ids=lambda words: " ".join(words[:2]) if isinstance(words, list) else "",
)
def test_stdout_is_json_and_nothing_else(run: Run, here: Any, words: list[str], code: int) -> None:
    """With `--output json` stdout is valid JSON, even if progress, warnings or remarks are on stderr."""
    (here / "pets.json").write_text(json.dumps({"swagger": "2.0", "info": {"title": "P", "version": "1"}, "paths": {}}))
    (here / "code.py").write_text("print(1)\n")
    answers = {
        "/system/task/get": (200, JSON, b"[true, 42]"),
        "/list": (200, JSON, b"[]"),
        "/start": (200, JSON, STARTED),
    }
    with portal_answering(answers) as url:
        ended = run(*(url if word == "URL" else word for word in words), "--output", "json")

    assert ended.code == code
    json.loads(ended.out)


def test_help_needs_nothing(here: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """--help works without a home folder, without a network, and with an unreadable configuration."""
    (here / "ovcgen").mkdir()
    for name in ("ovcgen/config.toml", "ovcgen.toml", "pyproject.toml", ".ovcgen.toml"):
        (here / name).write_bytes(b"\xff = broken")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(here))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("HOME", raising=False)

    assert [run(*words, "-h").code for words in ([], ["call"], ["diff"], ["task"], ["task", "wait"])] == [0] * 5
    assert run("--version").code == 0
