"""Fold texts between words to the width of a terminal."""

from __future__ import annotations

import re
import unicodedata

JOINED = "\u00a0"  # a space at which no line is folded
WORD = re.compile(r"`[^`\n]+`[^ \n]*|[^ \n]+")  # a command in backquotes is one word, so that it can be copied
SPACED_WORD = re.compile(rf" *(?:{WORD.pattern})")
SHELL_WORD = re.compile(r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+""")
COLUMN = re.compile(r"(?<=[^ .:!?)]) {2,}")  # the gap before a column of a line; after a sentence it is no column


def fold(text: str, width: int | None, *, indent: str = "") -> list[str]:
    """Return the lines of a text, folded between words. A word that is wider than `width` has a line of its own.

    A line may have columns, which several spaces separate. Its continuation lines are then indented to the last column
    that begins in the first half of `width`, except where a word fits only with the normal indentation.

    Args:
        text: The text; its line breaks are kept.
        width: The largest width of a line, in terminal columns; None does not fold.
        indent: An additional indentation for the continuation lines of a line without columns.
    """
    if width is None:
        return text.split("\n")
    lines: list[str] = []
    for line in text.split("\n"):
        if display_width(line) <= width:
            lines.append(line)
            continue
        margin = line[: len(line) - len(line.lstrip(" "))]
        columns = [gap.end() for gap in COLUMN.finditer(line) if gap.end() <= width // 2]
        hanging = " " * columns[-1] if columns else margin + indent
        folded = ""
        for word in SPACED_WORD.findall(line):
            if folded and display_width(folded + word) > width:
                lines.append(folded)
                folded = word.lstrip(" ")
                folded = (hanging if display_width(hanging + folded) <= width else margin + indent) + folded
            else:
                folded += word
        lines.append(folded)
    return lines


def fold_command(command: str, width: int) -> list[str]:
    """Return the lines of a shell command. A folded line ends with a backslash, so that the command can be pasted."""
    first, *others = SHELL_WORD.findall(command)
    lines, folded = [], first
    for word in others:
        if display_width(f"{folded} {word} \\") > width:
            lines.append(f"{folded} \\")
            folded = f"    {word}"
        else:
            folded += f" {word}"
    return [*lines, folded]


def words(text: str) -> list[str]:
    """Return the words of a text; it can be folded between them. A command in backquotes is one word."""
    return WORD.findall(text)


def display_width(text: str) -> int:
    """Return the width of a text in terminal columns: 2 for a wide East Asian letter, 0 for a combining accent."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
