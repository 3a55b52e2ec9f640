"""The command as a whole: help, names, and what nobody expected."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ovcgen import __version__
from ovcgen.cli.app import COMMANDS
from ovcgen.cli.app import run as run_command
from tests.cli.conftest import Run, expected


def test_help_is_as_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thing that a new user reads."""
    monkeypatch.setenv("COLUMNS", "80")

    assert run("--help") == (0, expected("help.txt"), "")


@pytest.mark.parametrize("command", [*COMMANDS, "task get", "task wait", "task kill"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    """Its help says what it does, and every option has a text."""
    shown = run(*command.split(), "--help")

    assert (shown.code, shown.err) == (0, "")
    options = [line.split("  ") for line in shown.out.splitlines() if line.startswith("  --")]
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
