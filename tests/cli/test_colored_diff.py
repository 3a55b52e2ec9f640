"""A report on a terminal: the same words, with colours, and lines that are not too long."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ovcgen.cli.colored_diff import console, print_report_colored
from ovcgen.diff.render.text import as_text
from tests.diff.test_render import in_full

EXPECTED = Path(__file__).parent / "expected"
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def shown(width):
    """What a terminal of that width gets."""
    paper = StringIO()
    print_report_colored(
        in_full(), Console(file=paper, force_terminal=True, color_system="standard", width=width, highlight=False)
    )
    return paper.getvalue()


def test_a_wide_terminal_gets_the_same_words():
    """Colours aside, it is the plain text."""
    plain = "".join(line.rstrip() + "\n" for line in COLOUR.sub("", shown(400)).splitlines())

    assert plain == as_text(in_full())
    assert "\x1b[1;31mBREAKING (4)\x1b[0m" in shown(400)


def test_a_narrow_terminal_gets_its_lines_broken():
    """Each goes on below its own beginning."""
    plain = "".join(line.rstrip() + "\n" for line in COLOUR.sub("", shown(60)).splitlines())

    assert plain == (EXPECTED / "diff_narrow.txt").read_text()


@pytest.mark.parametrize("setting", [{}, {"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}])
def test_without_colours(setting, monkeypatch):
    """Where it is no terminal, or does not want them."""
    for name, value in setting.items():
        monkeypatch.setenv(name, value)

    assert console() is None


@pytest.mark.parametrize("name", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_colours_can_be_forced(name, monkeypatch):
    """FORCE_COLOR or CLICOLOR_FORCE colours a report even in a pipe, unless NO_COLOR is set."""
    monkeypatch.setenv(name, "1")
    assert console().is_terminal

    monkeypatch.setenv("NO_COLOR", "1")
    assert console() is None
