"""A report on a terminal that has colours, by rich; what is shown is the same as without."""

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
    """rich's console, where there is a terminal that wants colours and rich is installed."""
    stream: TextIO | None = sys.stdout  # None where the channel was closed from the start
    if not stream or not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb":
        return None
    try:
        from rich.console import Console
    except ImportError:
        return None
    return Console(highlight=False, markup=False, emoji=False)


def show(report: Report, console: Console) -> None:
    """Print it; a line that is too long goes on below its own beginning."""
    from rich.padding import Padding
    from rich.text import Text

    for line in lines(report):
        depth, told = _indented(line)
        if not told:
            console.print()
            continue
        text = Text.assemble(*((piece, STYLES.get(role, "")) for role, piece in told))
        console.print(Padding(text, (0, 0, 0, depth), expand=False))


def _indented(line: Line) -> tuple[int, Line]:
    """How deep a line begins, and what it says there."""
    if line and not line[0][1].strip():
        return len(line[0][1]), line[1:]
    return 0, line
