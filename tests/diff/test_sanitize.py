"""Text of a portal inside our sentences."""

from __future__ import annotations

import pytest

from ovcgen.diff.sanitize import printable, quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Größe 10 €", "Größe 10 €"),
        ("a\x1b[2J", "a\\x1b[2J"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\u202eabc\u2028", "\\u202eabc\\u2028"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_can_not_be_seen_is_written_as_its_escape(text, shown):
    """Colours, cursors, line ends and reversed writing never reach a terminal."""
    assert printable(text) == shown


def test_a_name_can_not_end_its_quotation():
    """A backtick inside would."""
    assert quoted("a`b") == "`a'b`"


def test_a_long_value_is_cut():
    """A sentence stays a sentence."""
    assert len(quoted("x" * 10_000)) < 130
