"""Lay out JSON values as text tables that fit a width, without breaking words.

Records whose columns do not fit the width are written one below the other, with one field per line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from ovcgen.cli.terminal import printable
from ovcgen.cli.text_wrapping import JOINED, display_width, fold, words

GAP = "  "
TALLEST = 4  # lines of one row; records that need more are written one field a line,
FEW = 4  # unless they have few columns and take more lines that way
Style = Callable[[str], str]


class Column(NamedTuple):
    """A record of one column of a table.

    Attributes:
        title: The heading of the column.
        cells: The texts of the column, from top to bottom.
        is_number: Whether all values are numbers or missing. Numbers are aligned at the right.
    """

    title: str
    cells: list[str]
    is_number: bool

    @property
    def natural_width(self) -> int:
        """Return the width of the column without wrapping, that of its longest line, in terminal columns."""
        return max(display_width(line) for text in (self.title, *self.cells) for line in text.split("\n"))

    @property
    def least_width(self) -> int:
        """Return the smallest possible width of the column, which is that of its longest word; 0 without any word."""
        return max((display_width(word) for text in (self.title, *self.cells) for word in words(text)), default=0)


def table(value: Any, width: int | None, *, heading: Style = str, columns: Sequence[str] = ()) -> str:
    """Return a JSON value as readable text, which ends with a line break; "" for an empty list of records.

    A list of records becomes a table with headings, or, if that does not fit the width or has too high rows, one field
    per line with an empty line between records. A record has one field per line, any other list one item per line.

    Args:
        value: The JSON value.
        width: The width of a line in terminal columns; None does not wrap. A word is never broken, even if it is wider.
        heading: Function that styles a heading, for example in bold.
        columns: The fields of records to show, in order; () for all.
    """
    return "".join(f"{line}\n" for line in _lines(value, width, heading, columns)).replace(JOINED, " ")


def _lines(value: Any, width: int | None, heading: Style, columns: Sequence[str]) -> list[str]:
    if isinstance(value, dict) and value:
        return _record(value, columns or list(value), width, heading)
    if not isinstance(value, list):
        return ["null" if value is None else cell(value)]
    if not all(isinstance(item, dict) for item in value):
        return [line for item in value for line in fold(cell(item), width)]
    names = columns or list(dict.fromkeys(name for record in value for name in record))
    if not value or not names:
        return []
    blocks = [line for record in value for line in (*_record(record, names, width, heading), "")][:-1]
    rows = _columns([_column(value, name) for name in names], width, heading)
    lines = [line for row in rows for line in row]
    is_high = width is not None and max(map(len, rows), default=0) > TALLEST
    is_worth_it = len(names) <= FEW and len(lines) < len(blocks)
    return lines if rows and (is_worth_it or not is_high) else blocks


def cell(value: Any, *, nested: bool = False) -> str:
    """Return a JSON value as the text of one cell; "" for null.

    A record is written as `name: value, ...`. The items of a list are separated by commas, or, outside of brackets, by
    semicolons if one of them is a record. Control characters but line breaks are escaped, tabs become spaces, and line
    breaks at both ends are left out. `nested` puts a record or a list into brackets.
    """
    match value:
        case None:
            return ""
        case str():
            return printable(value).replace("\t", " ").strip("\n")
        case dict():
            inner = ", ".join(
                f"{printable(str(name))}:{JOINED}{cell(each, nested=True)}".rstrip() for name, each in value.items()
            )
            return f"{{{inner}}}" if nested else inner
        case list():
            mark = "; " if any(isinstance(item, dict) for item in value) and not nested else ", "
            inner = mark.join(cell(item, nested=nested or isinstance(item, list)) for item in value)
            return f"[{inner}]" if nested else inner
    return json.dumps(value)


def _column(records: Sequence[Mapping[str, Any]], name: str) -> Column:
    values = [record.get(name) for record in records]
    numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in values if value is not None]
    return Column(cell(name), [cell(value) for value in values], bool(numbers) and all(numbers))


def _columns(columns: Sequence[Column], width: int | None, heading: Style) -> list[list[str]]:
    """Return the lines of each row of a table, headings first; [] if the table does not fit the width."""
    widths = _widths(columns, width)
    if widths is None:
        return []
    titles = [fold(column.title, limit) for column, limit in zip(columns, widths, strict=True)]
    rows = [_row(titles, widths, columns, heading)]
    for cells in zip(*(column.cells for column in columns), strict=True):
        folded = [fold(text, limit) for text, limit in zip(cells, widths, strict=True)]
        rows.append(_row(folded, widths, columns))
    return rows


def _widths(columns: Sequence[Column], width: int | None) -> list[int] | None:
    """Return a width for each column, so that all columns fit on a line; None if that is impossible."""
    natural = [column.natural_width for column in columns]
    if width is None:
        return natural
    spare = width - len(GAP) * (len(columns) - 1)
    if sum(natural) <= spare:
        return natural
    widths = [column.least_width for column in columns]
    if sum(widths) > spare:
        return None
    while sum(widths) < spare:
        narrowest = min(
            (number for number, _ in enumerate(widths) if widths[number] < natural[number]), key=widths.__getitem__
        )
        widths[narrowest] += 1
    return widths


def _row(cells: Sequence[list[str]], widths: Sequence[int], columns: Sequence[Column], style: Style = str) -> list[str]:
    """Return the lines of one row of a table. `cells` has the folded lines of each cell."""
    lines = []
    for parts in zip_longest(*cells, fillvalue=""):
        padded = []
        for part, width, column in zip(parts, widths, columns, strict=True):
            space = " " * (width - display_width(part))
            padded.append(space + style(part) if column.is_number else style(part) + space if part else space)
        lines.append(GAP.join(padded).rstrip())
    return lines


def _record(record: Mapping[str, Any], names: Sequence[str], width: int | None, heading: Style) -> list[str]:
    """Return the lines of one record, with one field per line. A folded value is indented below its first line."""
    titles = {name: cell(name) for name in names}
    indent = max(map(display_width, titles.values())) + len(GAP)
    room = None if width is None else max(width - indent, 1)
    lines = []
    for name, title in titles.items():
        first, *others = fold(cell(record.get(name)), room)
        lines.append(f"{heading(title)}{' ' * (indent - display_width(title))}{first}".rstrip())
        lines += [f"{' ' * indent}{line}" for line in others]
    return lines
