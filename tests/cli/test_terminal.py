"""What reaches the terminal."""

from __future__ import annotations

import pytest

from ovcgen.cli import terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain \u00f6 \u4e2d\n\t", "plain \u00f6 \u4e2d\n\t"),
        ("\x1b[31m", "\\u001b[31m"),
        ("\x9b31m", "\\u009b31m"),
        ("\u202eabc", "\\u202eabc"),
        ("\udcff", "\\udcff"),
        ("\r", "\\r"),
        ("\U000e0041", "\\udb40\\udc41"),
    ],
)
def test_control_characters_are_shown_not_obeyed(text: str, shown: str) -> None:
    """As the escapes of JSON, so that JSON stays JSON."""
    assert terminal.printable(text) == shown


def test_an_error_is_two_lines_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    """A list of mistakes is told in a row."""
    terminal.failure("file.json breaks the rules:\n  /a: is no object\n  /b: is missing\n", "Correct\nit.")

    assert capsys.readouterr().err == (
        "ovcgen: file.json breaks the rules: /a: is no object; /b: is missing\n  -> Correct; it.\n"
    )
