"""Text of a document made harmless: nothing in it can move a cursor, reverse a line or end a code span."""

from __future__ import annotations

import unicodedata

LONGEST = 120
HIDDEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")  # control, bidirectional, private, surrogate, line separators


def printable(text: str) -> str:
    """The text with every character that can't be seen written as its escape."""
    return "".join(_escape(each) if unicodedata.category(each) in HIDDEN else each for each in text)


def quoted(text: str) -> str:
    """A name or value inside a sentence: between backticks, on one line, of bounded length."""
    shown = printable(text).replace("`", "'")
    return f"`{shown[:LONGEST]}...`" if len(shown) > LONGEST else f"`{shown}`"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
