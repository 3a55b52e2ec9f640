"""What reaches the terminal."""

from __future__ import annotations

import json

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


def test_json_is_ascii_and_text_is_for_readers(capsys: pytest.CaptureFixture[str]) -> None:
    """Both are JSON."""
    terminal.result({"name": "K\u00f6ln"}, "json")
    terminal.result({"name": "K\u00f6ln"}, "text")

    first, second = capsys.readouterr().out.split("}\n", 1)
    assert first.isascii()
    assert "K\u00f6ln" in second
    assert json.loads(first + "}") == json.loads(second)
