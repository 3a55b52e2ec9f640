"""Sanitise texts of a document: no control characters, no bidirectional overrides, no end of a code span."""

from __future__ import annotations

import unicodedata

LONGEST = 120
HIDDEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")  # control, bidirectional, private, surrogate, line separators


def printable(text: str) -> str:
    r"""Return the text with invisible characters (control, format, private, line separators) as Python escapes.

    A line break becomes `\n`. All other characters stay, also those outside of ASCII; nothing is cut.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(character) if unicodedata.category(character) in HIDDEN else character for character in text)


def quoted(text: str) -> str:
    """Return the text between backticks, in one line; `...` replaces what exceeds 120 characters.

    Backticks in the text become apostrophes, and invisible characters Python escapes.
    """
    clean = printable(text).replace("`", "'")
    return f"`{clean[:LONGEST]}...`" if len(clean) > LONGEST else f"`{clean}`"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
