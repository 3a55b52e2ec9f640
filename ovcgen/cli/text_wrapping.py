"""Fold texts between words to the width of a terminal."""

from __future__ import annotations

import re
import unicodedata

JOINED = "\u00a0"  # a space at which no line is folded
WORD = re.compile(r"`[^`\n]+`[^ \n]*|[^ \n]+")  # a command in backquotes is one word, so that it can be copied
ARROW = "->"  # before an advice; a line of its own would look like an error
SPACED_WORD = re.compile(rf" *(?:{WORD.pattern})")
SHELL_WORD = re.compile(r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+""")
COLUMN = re.compile(r"(?<=[^ .:!?)]) {2,}")  # the gap before a column of a line; after a sentence it is no column


def fold(text: str, width: int | None, *, indent: str = "") -> list[str]:
    """Return the lines of a text, wrapped between words. A word that is wider than `width` has a line of its own.

    A command in backquotes is one word, and a no-break space is part of a word. A line may have columns, which several
    spaces separate. Its continuation lines are then indented to the last column that begins in the first half of
    `width`, except where a word fits only with the normal indentation, which is that of the line itself and `indent`.

    Args:
        text: The text; its line breaks are kept.
        width: The largest width of a line, in terminal columns; None does not wrap.
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
            fits_nowhere = folded.strip() == ARROW and display_width(hanging + word.strip()) > width
            if folded and not fits_nowhere and display_width(folded + word) > width:
                lines.append(folded)
                folded = word.lstrip(" ")
                folded = (hanging if display_width(hanging + folded) <= width else margin + indent) + folded
            else:
                folded += word
        lines.append(folded)
    return lines


def fold_command(command: str, width: int) -> list[str]:
    """Return the lines of a shell command, wrapped between words. A wrapped line ends with a backslash, to be pasted.

    Quoted words are not broken; continuation lines are indented by four spaces. A word wider than `width` has a line of
    its own.

    Raises:
        ValueError: the command has no words.
    """
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
    """Return the words of a text, between which it can be wrapped; [] for none. A command in backquotes is one word."""
    return WORD.findall(text)


def display_width(text: str) -> int:
    """Return the width of a text of one line in terminal columns.

    A wide East Asian letter has 2 columns, and a combining accent 0.
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
