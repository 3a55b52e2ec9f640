"""`task`: get, wait, kill."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run, portal_answering

GUID = "0dd7ec2f-49fa-4694-a633-c0b667f84fb0"


def pair(status: int, value: object) -> dict[str, tuple[int, str, bytes]]:
    return {"/system/task/get": (status, "application/json", json.dumps(value).encode())}


@pytest.mark.parametrize(
    ("body", "state", "code"),
    [
        ([True, 42], {"status": "done", "result": 42}, 0),
        ([True, None], {"status": "done", "result": None}, 0),
        ([False, "no capacity"], {"status": "failed", "message": "no capacity"}, 1),
    ],
)
def test_get_prints_how_a_task_ended(run: Run, body: object, state: dict[str, object], code: int) -> None:
    """The record has the status, and the result or the portal's message; exit code 1 for a task that failed."""
    with portal_answering(pair(200, body)) as url:
        ended = run("task", "get", url, GUID)

    assert (ended.code, json.loads(ended.out), ended.err) == (code, {"guid": GUID, **state}, "")


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (["-o", "table"], f"guid    {GUID}\nstatus  running\n"),
        (["-o", "yaml"], f"guid: {GUID}\nstatus: running\n"),
        (["--query", "status", "-o", "text"], "running\n"),
    ],
)
def test_get_prints_a_running_task_in_any_form(run: Run, words: list[str], out: str) -> None:
    """A portal answers 202 without a body while a task runs."""
    with portal_answering({"/system/task/get": (202, "text/plain", b"")}) as url:
        assert run("task", "get", url, GUID, *words) == (0, out, "")


@pytest.mark.parametrize("command", ["get", "wait", "kill"])
def test_a_malformed_guid_is_refused_before_anything_is_sent(run: Run, command: str) -> None:
    """The error shows what a guid looks like; nothing listens at the address."""
    ended = run("task", command, "http://127.0.0.1:1", GUID[:-1])

    assert (ended.code, ended.two_lines) == (2, True)
    assert f"'{GUID[:-1]}' is not the guid of a task" in ended.err
    assert f"A guid looks like {GUID}" in ended.err


@pytest.mark.parametrize(
    ("words", "out"), [(["--output", "text"], "done\n"), ([], '"done"\n'), (["--output", "json"], '"done"\n')]
)
def test_wait_prints_the_result(run: Run, words: list[str], out: str) -> None:
    """The second of the pair."""
    with portal_answering(pair(200, [True, "done"])) as url:
        assert run("task", "wait", url, GUID, *words) == (0, out, "")


def test_wait_says_how_to_wait_again(run: Run) -> None:
    """Exit code 7 when the time is up, with the command that waits again and how the last poll failed."""
    with portal_answering({"/system/task/get": (503, "text/html", b"upgrading")}) as url:
        ended = run("task", "wait", url, GUID, "--timeout", "0.1", "-q")

    assert (ended.code, ended.two_lines) == (7, True)
    assert f"Task {GUID} is still running after 0.1 s; the last poll failed: " in ended.err
    assert f"-> `ovcgen task wait {url} {GUID}` waits for it again." in ended.err


def test_kill_says_what_it_did(run: Run) -> None:
    """On stderr: there is no result."""
    with portal_answering({"/system/task/kill": (200, "application/json", b"true")}) as url:
        assert run("task", "kill", url, GUID, "--yes") == (
            0,
            "",
            f"Task {GUID} was stopped. Its portal goes on calling it running, so do not wait for it.\n",
        )


def test_kill_of_nothing(run: Run) -> None:
    """The answer is no."""
    with portal_answering({}) as url:
        ended = run("task", "kill", url, GUID, "-y")

    assert (ended.code, ended.two_lines) == (1, True)


def test_an_address_that_is_none(run: Run) -> None:
    """It is shown as it was written."""
    ended = run("task", "get", "portal.example", GUID)

    assert (ended.code, ended.two_lines) == (2, True)
    assert "'portal.example' is no address" in ended.err


def test_kill_is_refused_where_nobody_can_confirm_it(run: Run) -> None:
    """Without --yes and without a terminal, `task kill` sends nothing."""
    ended = run("task", "kill", "http://127.0.0.1:1", GUID)

    assert (ended.code, ended.two_lines) == (2, True)
    assert "Add --yes" in ended.err
