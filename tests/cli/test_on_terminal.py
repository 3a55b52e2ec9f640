"""Test what a person sees on a terminal: tables, colours, progress, and the question before a destructive call."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest

from ovcgen.cli.wait_progress import WaitDisplay
from ovcgen.runtime.polling import Progress
from ovcgen.simulator.http_server import serving
from tests.cli.conftest import Run, Said, portal_answering

RELEASE = ("--release", "2.4.5")
GUID = "0dd7ec2f-49fa-4694-a633-c0b667f84fb0"
ESCAPE = "\x1b"
OnTerminal = Callable[..., Said]


def colourless(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text)


@pytest.mark.parametrize(
    ("columns", "first"),
    [(120, "release  paths  kind      groups"), (60, "release  paths  kind      groups"), (30, "release  2.1.6")],
)
def test_records_are_a_table(on_terminal: OnTerminal, columns: int, first: str) -> None:
    """Records are printed as a table with bold headings that fits the terminal."""
    shown = on_terminal("releases", columns=columns)

    lines = colourless(shown.out).splitlines()
    assert (shown.code, lines[0]) == (0, first)
    assert [line for line in lines if len(line) > columns] == []
    assert f"{ESCAPE}[1mrelease{ESCAPE}[0m" in shown.out


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_turned_off(
    on_terminal: OnTerminal, monkeypatch: pytest.MonkeyPatch, setting: dict[str, str]
) -> None:
    """With colours turned off, tables and reports have no control characters."""
    for name, value in setting.items():
        monkeypatch.setenv(name, value)

    assert ESCAPE not in on_terminal("releases").out
    assert ESCAPE not in on_terminal("diff", "2.4.4", "2.4.5").out
    assert ESCAPE not in on_terminal("nonsense").out


def test_a_pipe_has_no_colours_unless_they_are_forced(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Output into a pipe has colours only if FORCE_COLOR is set."""
    plain = run("releases", "-o", "table").out
    monkeypatch.setenv("FORCE_COLOR", "1")

    coloured = run("releases", "-o", "table").out

    assert ESCAPE not in plain
    assert ESCAPE in coloured
    assert colourless(coloured) == plain


def test_sentences_are_for_terminals(on_terminal: OnTerminal, run: Run, here: Any) -> None:
    """`identify` prints a sentence on a terminal, and JSON elsewhere."""
    (here / "pets.json").write_text(json.dumps({"swagger": "2.0", "info": {"title": "P", "version": "1"}, "paths": {}}))

    assert on_terminal("identify", "pets.json").out.endswith(
        "No release: this is not the catalog of an OpenvCloud portal.\n"
    )
    assert json.loads(run("identify", "pets.json").out)["release"] is None


def test_wrapped_lines_of_the_doctor_are_indented(on_terminal: OnTerminal) -> None:
    """Only a new result begins at the left margin, so that each can be found on a narrow terminal."""
    lines = colourless(on_terminal("doctor", columns=60).out).splitlines()

    assert any(len(line) > 3 and line.startswith("   ") for line in lines)
    assert [line for line in lines if not line.startswith(("ok: ", "note: ", "problem: ", "   ", "  -> "))] == []


def test_a_piped_result_is_json_beside_a_terminal(
    on_terminal: OnTerminal, capsys: pytest.CaptureFixture[str], logged_in: Any
) -> None:
    """A result is JSON if stdout is a pipe, even if stdin and stderr are terminals."""
    words = ("call", logged_in.url, "cloudapi.cloudspaces.list", *RELEASE, "--wait")
    shown = on_terminal(*words, streams=("stdin", "stderr"))

    assert shown.code == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "production"


DELETE = ("call", "URL", "cloudapi.machines.stop", "machineId=1", *RELEASE)


@pytest.fixture
def calls() -> list[str]:
    """Return a list to which the service adds the path of each call."""
    return []


@pytest.fixture
def url(calls: list[str]) -> Any:
    """Return the URL of a portal on which every call succeeds."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        calls.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "4")])
        return [b"true"]

    with serving(application) as url:
        yield url


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("YES\n", 0), ("n\n", 1), ("\n", 1), ("yo\n", 1), ("\x04", 1)])
def test_a_call_that_stops_something_is_confirmed(
    on_terminal: OnTerminal, url: str, calls: list[str], typed: str, code: int
) -> None:
    """A destructive call is sent only after the answer y or yes; end of input means no."""
    ended = on_terminal(*(url if word == "URL" else word for word in DELETE), typed=typed)

    assert f"Call cloudapi.machines.stop with machineId=1 at {url}? [y/N] " in ended.out
    assert (ended.code, len(calls)) == (code, 1 - code)
    if code:
        assert "ovcgen: cloudapi.machines.stop was not called.\n  -> Answer y, or add --yes.\n" in ended.out


def test_ctrl_c_at_the_question(on_terminal: OnTerminal, url: str, calls: list[str]) -> None:
    """Ctrl-C at the question ends the command as an interruption, and nothing is sent."""

    class Interrupting:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", Interrupting())
        ended = on_terminal(*(url if word == "URL" else word for word in DELETE), streams=("stdout", "stderr"))

    assert (ended.code, calls) == (130, [])


def test_yes_asks_nobody(run: Run, on_terminal: OnTerminal, url: str, calls: list[str]) -> None:
    """With --yes a call is sent without a question, on a terminal and elsewhere."""
    words = [url if word == "URL" else word for word in DELETE]

    assert run(*words, "--yes") == (0, "true\n", "")
    assert on_terminal(*words, "-y").out == "true\n"
    assert len(calls) == 2


def test_without_a_terminal_it_is_refused(run: Run, url: str, calls: list[str]) -> None:
    """Without a terminal a destructive call is refused, and the error names --yes."""
    ended = run(*(url if word == "URL" else word for word in DELETE))

    assert (ended.code, ended.two_lines, calls) == (2, True, [])
    assert "Add --yes" in ended.err


def test_secrets_are_not_in_the_question(on_terminal: OnTerminal, url: str) -> None:
    """The question shows stars instead of secrets."""
    words = ("call", url, "cloudapi.users.resetPassword", "resettoken=canary-1", "newpassword=Canary-2x")
    ended = on_terminal(*words, "--release", "2.1.6", typed="n\n")

    assert "with resettoken=***, newpassword=***" in ended.out
    assert "anary" not in ended.out


def task(*statuses: tuple[int, str]) -> Any:
    """Return a portal whose task gives these responses one after the other, and repeats the last one."""
    left = list(statuses)
    lock = threading.Lock()

    def application(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with lock:
            status, body = left.pop(0) if len(left) > 1 else left[0]
        start_response(f"{status} Said", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body.encode()]

    return serving(application)


def test_a_wait_has_one_line_that_goes_away(on_terminal: OnTerminal) -> None:
    """While a command waits, one line is updated in place; the line is removed before the result."""
    with task((202, ""), (202, ""), (200, "[true, 42]")) as url:
        shown = on_terminal("task", "wait", url, GUID)

    line = f"\r{ESCAPE}[2KTask {GUID}: "
    assert shown.code == 0
    assert shown.out.count(line + "running") == 2
    assert shown.out.endswith(f"\r{ESCAPE}[2K42\n")
    assert shown.out.count("\n") == 1


def test_a_wait_elsewhere_has_a_line_a_state(run: Run) -> None:
    """Without a terminal a wait prints one line for each state, as in the log of a build server."""
    with task((202, ""), (202, ""), (200, "[true, 42]")) as url:
        shown = run("task", "wait", url, GUID)

    assert shown == (0, "42\n", f"Task {GUID}: running\nTask {GUID}: done after 1 s\n") or shown == (
        0, "42\n", f"Task {GUID}: running\nTask {GUID}: done after 0 s\n"
    )  # fmt: skip


@pytest.mark.parametrize("words", [["-q"], ["--quiet"]])
def test_a_quiet_wait_shows_nothing(run: Run, on_terminal: OnTerminal, words: list[str]) -> None:
    """With --quiet a wait prints nothing, on a terminal and elsewhere."""
    with task((202, ""), (200, "[true, 42]")) as url:
        assert run("task", "wait", url, GUID, *words) == (0, "42\n", "")
    with task((202, ""), (200, "[true, 42]")) as url:
        assert on_terminal("task", "wait", url, GUID, *words).out == "42\n"


def test_a_long_line_of_progress_is_cut_off(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A progress line is cut to the terminal's width, since a wrapped line can't be replaced; times are in minutes."""
    monkeypatch.setenv("COLUMNS", "20")

    from ovcgen.cli import terminal

    terminal.replace_line("x" * 30)
    assert capsys.readouterr().err == f"\r{ESCAPE}[2K{'x' * 16}..."

    display = WaitDisplay("Task 1", quiet=False)
    display(Progress(0.0, 1, "running"))
    display(Progress(3605.2, 9, "failed"))
    assert capsys.readouterr().err == "Task 1: running\nTask 1: failed after 60 min 5 s\n"


@pytest.mark.parametrize(
    "words",
    [
        ["diff", "2.4.0", "2.4.5"],
        ["diff", "--explain", "parameter.removed"],
        ["impact", "nightly.py", "--from", "2.2.6", "--to", "2.4.5"],
        ["identify", "pets.json"],
        ["call", "https://portal.example", "cloudapi.machines.create", "--release", "2.4.5", "--help"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
@pytest.mark.parametrize("setting", [{}, {"NO_COLOR": "1"}])
def test_sentences_fold_between_words(
    on_terminal: OnTerminal, here: Any, monkeypatch: pytest.MonkeyPatch, words: list[str], setting: dict[str, str]
) -> None:
    """Sentences are wrapped between words, with and without colours; only a word wider than the terminal sticks out."""
    (here / "pets.json").write_text(json.dumps({"swagger": "2.0", "info": {"title": "P", "version": "1"}, "paths": {}}))
    (here / "nightly.py").write_text(
        "import openvcloud_2_2_6 as ovc\n\nportal = ovc.connect('https://x')\n"
        "portal.cloudapi.users.sendResetPasswordLink(emailaddress='x')\n"
    )
    for name, value in setting.items():
        monkeypatch.setenv(name, value)

    lines = colourless(on_terminal(*words, columns=40).out).splitlines()

    assert [line for line in lines if len(line.rstrip()) > 40 and " " in line.strip()] == []


def test_errors_fold_between_words(on_terminal: OnTerminal) -> None:
    """Errors are wrapped between words, and the next lines are indented below the first."""
    assert on_terminal("generate", "no-such-file.json", columns=44).out == (
        "ovcgen: Can't read no-such-file.json: No\n"
        "   such file or directory.\n"
        "  -> Check the path; a portal's address\n"
        "     begins with https://.\n"
    )


def test_a_file_is_not_written_to_a_terminal(on_terminal: OnTerminal, logged_in: Any) -> None:
    """A downloaded file is not written to a terminal; the error says how to save it."""
    words = ("call", logged_in.url, "cloudapi.cloudspaces.getOpenvpnConfig", "cloudspaceId=1", *RELEASE)
    ended = on_terminal(*words)

    assert ended.code == 2
    assert "> FILE" in ended.out


def test_control_characters_of_a_service_do_not_reach_the_terminal(on_terminal: OnTerminal) -> None:
    """Control characters of a service are not printed in tables or errors, and markup is printed as plain text."""
    nasty = json.dumps([{"name": "\x1b]0;x\x07[red]a[/red]\x85\u202e"}]).encode()
    with portal_answering({"/machines/list": (200, "application/json", nasty)}) as url:
        table = on_terminal("call", url, "cloudapi.machines.list", "cloudspaceId=1", *RELEASE)
    with portal_answering({"/machines/list": (400, "application/json", b'"\x1b[2J[red]a[/red]"')}) as url:
        error = on_terminal("call", url, "cloudapi.machines.list", "cloudspaceId=1", *RELEASE)

    assert "[red]a[/red]" in table.out
    assert not {"\x07", "\x85", "\u202e"} & set(table.out)
    assert f"{ESCAPE}]" not in table.out
    assert (error.code, ESCAPE in error.out) == (4, False)
