"""Test tables of JSON values: columns, wrapping, and records with one field per line."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from ovcgen.cli.table import table
from ovcgen.cli.text_wrapping import display_width, fold, fold_command

MACHINES = [
    {"id": 1, "name": "web1", "description": "serves the pages of the shop", "locked": False},
    {"id": 12, "name": "db", "description": None, "locked": True},
]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("plain", "plain\n", id="string"),
        pytest.param(42, "42\n", id="number"),
        pytest.param(None, "null\n", id="null"),
        pytest.param(True, "true\n", id="boolean"),
        pytest.param([], "", id="empty list"),
        pytest.param(["a", 1, None], "a\n1\n\n", id="list of scalars"),
        pytest.param([[1, 2], [3]], "1, 2\n3\n", id="list of lists"),
        pytest.param([{}, {}], "", id="empty records"),
        pytest.param({"id": 1, "name": "a"}, "id    1\nname  a\n", id="record"),
        pytest.param([{"a": 1}, {"b": "x"}], "a  b\n1\n   x\n", id="records with different fields"),
        pytest.param({"nics": [{"ip": "10.0.0.1", "macs": ["x", "y"]}, {"ip": None}]},
                     "nics  ip: 10.0.0.1, macs: [x, y]; ip:\n", id="nested records"),
        pytest.param([{"at": {"zone": {"id": 1}}}], "at\nzone: {id: 1}\n", id="records in records"),
        pytest.param([{"id": 9}, {"id": 10}], "id\n 9\n10\n", id="numbers at the right"),
    ],
)  # fmt: skip
def test_a_value_is_shown_for_readers(value: Any, shown: str) -> None:
    """A cell shows the complete value in a form for readers."""
    assert table(value, 80) == shown


def test_columns_fold_between_words() -> None:
    """In a table that is too wide, the columns that can be narrower are wrapped between words."""
    assert table(MACHINES, 40) == (
        "id  name  description             locked\n"
        " 1  web1  serves the pages of     false\n"
        "          the shop\n"
        "12  db                            true\n"
    )


def test_records_that_do_not_fit_are_shown_one_field_a_line() -> None:
    """Records that do not fit are shown with one field per line, and long values are wrapped with an indent."""
    assert table(MACHINES, 28) == (
        "id           1\n"
        "name         web1\n"
        "description  serves the\n"
        "             pages of the\n"
        "             shop\n"
        "locked       false\n"
        "\n"
        "id           12\n"
        "name         db\n"
        "description\n"
        "locked       true\n"
    )


def test_very_high_rows_are_shown_one_field_a_line() -> None:
    """Records are shown with one field per line if a column would have only one word per line."""
    assert table([{"id": 1, "text": "word " * 30}], 20).splitlines()[:2] == ["id    1", "text  word word word"]


def test_a_long_column_beside_a_few_short_ones_stays_a_column() -> None:
    """One long column beside a few short ones stays a table, which takes fewer lines than one field per line."""
    calls = [{"name": "disks.get", "marks": "", "text": "word " * 25}, {"name": "disks.add", "marks": "", "text": "x"}]

    assert table([*calls, *calls[1:] * 9], 40).splitlines()[0] == "name       marks  text"


def test_a_nested_field_is_not_separated_from_its_value() -> None:
    """A line is wrapped before the name of a nested field, not between the name and its value."""
    nics = {"nics": [{"deviceName": "vm-1", "type": "bridge", "note": "two words"}]}

    assert table(nics, 34) == "nics  deviceName: vm-1,\n      type: bridge, note: two\n      words\n"


def test_no_word_is_broken() -> None:
    """A word that is wider than the terminal stays whole, so that a user can copy it."""
    digest = "0123456789abcdef" * 4

    assert fold(f"sha256 {digest} end", 20) == ["sha256", digest, "end"]
    assert digest in table([{"sha256": digest, "id": 1}], 20).split()


def test_without_a_width_nothing_is_folded() -> None:
    """A table without a width, as in a pipe, has one line for each record, so that grep works."""
    assert len(table([*MACHINES, {"description": "word " * 100}], None).splitlines()) == 4


def test_wide_letters_take_two_columns() -> None:
    """Columns stay aligned with wide East Asian letters and with combining accents."""
    assert display_width("\u4e2de\u0301") == 3
    assert table([{"a": "\u4e2d", "b": 1}, {"a": "x", "b": 2}], 80) == "a   b\n\u4e2d  1\nx   2\n"


def test_foreign_texts_are_harmless() -> None:
    """Control characters are escaped, also in field names, and markup is shown as plain text."""
    shown = table([{"a\x1b[2J": "[red]x[/red]\r\x1b]0;title\x07\u202e", "tab": "a\tb"}], 80)

    assert not {"\x1b", "\r", "\x07", "\u202e", "\t"} & set(shown)
    assert "[red]x[/red]" in shown
    assert shown.splitlines()[0].split() == ["a\\u001b[2J", "tab"]


def test_commands_in_a_message_are_not_folded() -> None:
    """A command in a message is not folded, so that a user can copy it, and no line has the arrow alone."""
    text = "  -> `ovcgen task wait URL GUID` waits for it again."

    assert fold(text, 24, indent="   ") == ["  -> `ovcgen task wait URL GUID`", "     waits for it again."]
    assert fold(f"ovcgen: POST {'/long' * 6} failed.", 24, indent="   ")[0] == "ovcgen: POST"


def test_the_last_column_of_a_line_goes_on_below_itself() -> None:
    """Text in the last column is wrapped below that column; two spaces after a sentence begin no column."""
    assert fold("ok     python   3.11 of a long path here", 36) == [
        "ok     python   3.11 of a long path",
        "                here",
    ]
    assert fold("ok     python   at /a/very/long/path", 20) == ["ok     python   at", "/a/very/long/path"]
    assert fold("  It is gone.  (parameter.removed) at all", 30) == ["  It is gone.", "  (parameter.removed) at all"]


def test_a_command_is_folded_with_backslashes() -> None:
    """A long command is wrapped with backslashes between its words, so that a shell reads the same command."""
    command = """ovcgen call URL pets.create 'body:={"name": "Rex the dog"}' "a b\\"c" d\\ e --wait"""

    lines = fold_command(command, 30)

    assert len(lines) > 2
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert shlex.split("\n".join(lines).replace("\\\n", "")) == shlex.split(command)
    assert fold_command("ovcgen releases", 30) == ["ovcgen releases"]
