"""The command as a whole: help, names, and what nobody expected."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ovcgen import __version__
from ovcgen.cli.app import COMMANDS, SECTIONS, ovcgen
from ovcgen.cli.app import run as run_command
from tests.cli.conftest import Run, expected


def leaves(group: click.Group, *names: str) -> dict[str, click.Command]:
    """Return all commands below a group, by the words that call them."""
    found: dict[str, click.Command] = {}
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            inner = leaves(command, *names, name) if isinstance(command, click.Group) else {}
            found |= {" ".join((*names, name)): command, **inner}
    return found


EVERY = leaves(ovcgen)
EXAMPLES = [
    pytest.param(words, command, id=f"{words}-{number}")
    for words, command in EVERY.items()
    for number, command in enumerate((command.epilog or "").replace("\\\n", " ").splitlines())
]


def test_help_is_as_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thing that a new user reads."""
    monkeypatch.setenv("COLUMNS", "80")

    assert run("--help") == (0, expected("help.txt"), "")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("command", ["", *EVERY])
def test_every_help_fits_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, command: str, width: int) -> None:
    """No line of a help text is wider than the terminal, and -h prints the same as --help."""
    monkeypatch.setenv("COLUMNS", str(width))

    shown = run(*command.split(), "-h")

    assert [line for line in shown.out.splitlines() if len(line) > width] == []
    assert [line for line in shown.out.splitlines() if re.search(r" --?\w*(-\w+)*-$", line)] == [], "a broken option"
    assert "(600)" not in shown.out


@pytest.mark.parametrize("command", EVERY)
def test_every_command_has_an_example(run: Run, command: str) -> None:
    """The help of every command has an example below a heading."""
    assert f"\nExamples:\n  ovcgen {command.split()[0]}" in run(*command.split(), "--help").out


@pytest.mark.parametrize(("words", "example"), EXAMPLES)
@pytest.mark.usefixtures("here")
def test_every_example_is_a_command_line(words: str, example: str) -> None:
    """Every example in a help text calls that command, with options and arguments that exist."""
    program, *given = shlex.split(example.partition(" > ")[0])
    command: click.Command = ovcgen

    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), given.pop(0))
        assert found is not None
        command = found

    assert program == "ovcgen"
    assert command is EVERY[words] or words in example
    command.make_context(words, given)


def test_every_command_is_in_one_section() -> None:
    """The help of `ovcgen` lists every command in exactly one section."""
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(COMMANDS)


@pytest.mark.parametrize("command", EVERY)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    """Its help says what it does, and every option has a text."""
    shown = run(*command.split(), "--help")

    assert (shown.code, shown.err) == (0, "")
    joined = re.sub(r"\n {24,}", "  ", shown.out)
    options = [line.split("  ") for line in joined.splitlines() if line.startswith("  --")]
    assert [option for option in options if len(option) < 3 and len(option[-1]) < 25] == []


def test_the_version(run: Run) -> None:
    """One line, for reports."""
    assert run("--version") == (0, f"ovcgen {__version__}\n", "")


@pytest.mark.parametrize("words", [[], ["task"]])
def test_without_a_command_the_help_is_shown(run: Run, words: list[str]) -> None:
    """On stderr and with exit code 2: a script that forgot a word has not succeeded."""
    shown = run(*words)

    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("Usage: ovcgen")


def test_a_misspelt_command_names_the_nearest(run: Run) -> None:
    """And one that is like none names all."""
    assert "Did you mean `ovcgen generate`?" in run("generat").err
    assert "fetch, releases, identify" in run("xyzzy").err
    assert "Did you mean 'wait'?" in run("task", "wiat").err


def test_a_misspelt_option_names_the_nearest(run: Run) -> None:
    """Every command suggests the nearest option for a misspelt option."""
    assert run("releases", "--outptu", "json").err == (
        "ovcgen: No such option '--outptu'. Did you mean '--output'?\n  -> See `ovcgen releases --help`.\n"
    )


def test_help_as_a_command_names_the_option(run: Run) -> None:
    """`ovcgen help` is no command; the error names `ovcgen --help` in place of a list of all commands."""
    assert run("help") == (2, "", "ovcgen: There is no command 'help'.\n  -> Did you mean `ovcgen --help`?\n")


@pytest.mark.parametrize("words", [[], ["generat"], ["task", "wiat"], ["call"], ["releases", "--outptu"]])
@pytest.mark.parametrize("form", [["-o", "json"], ["-ojson"], ["--output", "jsonl"], ["--output=json"]])
def test_usage_errors_are_json_for_programs(run: Run, words: list[str], form: list[str]) -> None:
    """Every usage error is printed as JSON if the command line asks for JSON."""
    shown = run(*words, *form)

    error = json.loads(shown.err)["error"]
    assert (shown.code, shown.out, error["exit_code"]) == (2, "", 2)
    assert error["type"]
    assert error["message"].endswith((".", "?"))
    assert error["fix"].endswith((".", "?"))


def test_faults_are_json_for_programs(tmp_path: Path) -> None:
    """An internal error is printed as JSON, without the text of the exception."""
    (tmp_path / "yaml.py").write_text('raise LookupError("canary")')
    (tmp_path / "api.yaml").write_text("swagger: 2.0")
    words = [sys.executable, "-m", "ovcgen", "identify", "api.yaml", "-o", "json"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (70, "")
    assert json.loads(done.stderr)["error"] == {
        "type": "LookupError",
        "message": "ovcgen itself failed, with a LookupError.",
        "fix": "Set OVCGEN_DEBUG=1 to see where, and report it if it is not yours to change.",
        "status": None,
        "operation": None,
        "eco": None,
        "exit_code": 70,
    }


def test_what_nobody_expected_is_two_lines(tmp_path: Path) -> None:
    """A fault of ours has a code of its own, and its text is not shown: it may hold anything."""
    (tmp_path / "jinja2.py").write_text('raise LookupError("canary")')
    words = [sys.executable, "-m", "ovcgen", "generate", "2.4.5"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr == (
        "ovcgen: ovcgen itself failed, with a LookupError.\n"
        "  -> Set OVCGEN_DEBUG=1 to see where, and report it if it is not yours to change.\n"
    )


def test_the_debug_variable_shows_where(here: Path) -> None:
    """The traceback, for a report."""
    done = subprocess.run(
        ["bash", "-c", f'OVCGEN_DEBUG=1 "{sys.executable}" -m ovcgen releases >/dev/full'],
        cwd=here, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 70
    assert done.stderr.startswith("Traceback")
    assert done.stderr.splitlines()[-2] == "ovcgen: The system refuses: No space left on device."


@pytest.mark.usefixtures("here")
def test_a_command_can_be_run_without_ending_the_process() -> None:
    """Its code is a value; `main` is what exits."""
    assert run_command(["generate"]) == 2


def test_ctrl_c_while_the_command_starts(tmp_path: Path) -> None:
    """Ctrl-C ends the command with exit code 130 and without a traceback, even while the first modules are imported."""
    (tmp_path / "click.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)")
    words = [sys.executable, "-m", "ovcgen", "releases"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_hardly_anything_is_loaded_before_the_command_can_be_interrupted() -> None:
    """Only modules that Python imports very fast are imported before `main` can handle Ctrl-C."""
    script = "import sys; import ovcgen.cli; print(sorted({'click', 'json', 'typing'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
