"""Texts and values of any width come out in lines that ruff takes."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ovcgen.generator import sdk_files
from ovcgen.generator.code import WIDTH, docstring
from ovcgen.normalise.names import LONGEST
from tests.build import api, operation, parameter

LONG = [
    pytest.param("two  blanks between " * 20, id="blanks that align"),
    pytest.param("Zeichen wie \u00e4 und \u4e16\u754c " * 20, id="escapes, which are longer than what they stand for"),
    pytest.param("first\n    - set in " + "and long " * 40, id="a list that is set in"),
]


@pytest.mark.parametrize("text", LONG)
def test_a_long_line_breaks_at_its_blanks(text: str) -> None:
    """No line of prose is wider than a page, and no word is lost."""
    code = docstring(text, 8)

    assert all(len(line) <= WIDTH for line in code.splitlines())
    assert inspect.cleandoc(eval(code)).split() == inspect.cleandoc(text).split()  # noqa: S307 - our own literal


WIDTHS = [
    *((place, length) for place in ("tag", "operation", "keyword") for length in range(44, LONGEST + 1, 4)),
    *(("quote", length) for length in range(WIDTH - 30, WIDTH + 4, 3)),
]


@pytest.mark.parametrize(("place", "length"), WIDTHS)
def test_a_name_of_any_length_is_laid_out_as_ruff_has_it(place: str, length: int, tmp_path: Path) -> None:
    """Whichever name is long, what is written is in order for ruff: its checks, its sorted imports, its layout."""
    word = "wide_word_" * 20
    name = {literal: word[:length] if literal == place else literal for literal in ("tag", "operation", "keyword")}
    text = f'{"x" * (length - 20)} is written as "date"'
    called = replace(
        operation("/wide", replace(parameter("wire"), key=name["keyword"]), doc=text if place == "quote" else "Calls."),
        group=name["tag"],
        actor="",
        name=name["operation"],
    )
    beside = replace(operation("/list"), group="tag2", actor="", name=name["tag"])
    files = sdk_files(api(called, beside), sha256="0" * 64)
    for path in [file for file in files if file.endswith(".py") and "/_runtime/" not in file]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(files[path])

    for command in (["check", "--select", "E,F,I"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--line-length", str(WIDTH)]
        done = subprocess.run([*ruff, str(tmp_path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
