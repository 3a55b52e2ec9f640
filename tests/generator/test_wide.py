"""Texts and values of any width come out in lines that ruff takes."""

from __future__ import annotations

import inspect

import pytest

from ovcgen.generator.code import WIDTH, docstring

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
