"""Print a diff report in colours, with rich. The text is the same as without colours."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from ovcgen.diff.render.text import Line, lines
from ovcgen.diff.report import Report

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {
    "summary": "bold",
    "bump": "bold",
    "breaking": "bold red",
    "warning": "bold yellow",
    "info": "bold blue",
    "operation": "bold",
    "marker": "bold red",
    "code": "cyan",
    "hint": "italic",
    "kind": "dim",
}


def console() -> Console | None:
    """Return a rich console, or None if standard output should not have colours or rich is not installed.

    No colours: no terminal, `NO_COLOR` is set, or `TERM` is `dumb` or not set.
    """
    stream: TextIO | None = sys.stdout  # None if the stream was closed at the start
    if not stream or not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb":
        return None
    try:
        from rich.console import Console
    except ImportError:
        return None
    return Console(highlight=False, markup=False, emoji=False)


def show(report: Report, console: Console) -> None:
    """Print the report. A wrapped line continues at its own indentation."""
    from rich.padding import Padding
    from rich.text import Text

    for line in lines(report):
        depth, pieces = _indented(line)
        if not pieces:
            console.print()
            continue
        text = Text.assemble(*((piece, STYLES.get(role, "")) for role, piece in pieces))
        console.print(Padding(text, (0, 0, 0, depth), expand=False))


def _indented(line: Line) -> tuple[int, Line]:
    """Return the indentation of a line and the rest of the line."""
    if line and not line[0][1].strip():
        return len(line[0][1]), line[1:]
    return 0, line
