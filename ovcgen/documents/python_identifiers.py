"""Turn any text into a Python identifier, and measure the width of text in code.

Python normalises identifiers to NFKC (language reference, 2.3), so the names made here are in NFKC already.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from hashlib import sha256

DIGITS = 6  # hex digits of a short hash
CUT = DIGITS + 1  # the columns of the hash and the underscore that end a shortened name
# Invisible characters that identifiers may contain: part of Unicode's Default_Ignorable_Code_Point.
INVISIBLE = frozenset(
    chr(code)
    for start, end in [
        (0x34F, 0x34F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xE0100, 0xE01EF),
    ]
    for code in range(start, end + 1)
)


def is_identifier(name: str) -> bool:
    """Return whether a name can be written as a Python identifier and means the same to readers and to Python.

    It is not a keyword, is in the normal form NFKC, and has no invisible characters. Soft keywords (`match`) and names
    of built-in functions (`list`) are identifiers.
    """
    return (
        name.isidentifier()
        and not keyword.iskeyword(name)
        and (name.isascii() or (unicodedata.normalize("NFKC", name) == name and INVISIBLE.isdisjoint(name)))
    )


def readable(name: str) -> str:
    """Return the letters, digits and underscores of a name in the normal form NFKC; "" if none of them is left.

    A run of underscores and other characters becomes one underscore; at both ends it is dropped. An `n` is put before a
    name that begins with a digit. Upper and lower case are kept. The result may be a keyword.
    """
    word = _letters(unicodedata.normalize("NFKC", name))
    normal = unicodedata.normalize("NFKC", word)
    word = word if normal == word else _letters(normal)
    if not word or word.isidentifier():
        return word
    start = next(
        (index for index, character in enumerate(word) if unicodedata.category(character)[0] != "M"), len(word)
    )
    return f"n{word[start:]}" if word[start:] else ""


def _letters(name: str) -> str:
    """Return the characters that identifiers may contain, with one underscore for each run of others."""
    kept = (character if f"a{character}".isidentifier() and character not in INVISIBLE else "_" for character in name)
    return re.sub("_+", "_", "".join(kept)).strip("_")


def short_hash(text: str) -> str:
    """Return the first six hex digits of the text's SHA-256, which tell two names with the same spelling apart."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def shortened(word: str, length: int, name: str) -> str:
    """Return the word if it is at most `length` columns wide, else its beginning, `_` and the short hash of `name`.

    `name` is the full name of which `word` is a spelling. The result is at most `length` columns wide; `length` has
    to be at least 7, the columns of the underscore and the hash.
    """
    if columns(word) <= length:
        return word
    word = word[:length]
    while columns(word) > length - CUT:
        word = word[:-1]
    return f"{word.rstrip('_')}_{short_hash(name)}"


def columns(text: str) -> int:
    """Return the width of a text in columns: two for wide letters, none for combining marks, one for most others.

    This follows Unicode UAX 11. Invisible format characters have no width, letters of ambiguous width have one column.
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
