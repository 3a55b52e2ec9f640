"""Print a diff report in colours, with rich. The text is the same as without colours."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ovcgen.cli import terminal
from ovcgen.diff.render.text import Line, as_text, lines
from ovcgen.diff.report import Report

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {
    "summary": "bold",
    "bump": "bold",
    "breaking": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "operation": "bold",
    "marker": "bold red",
    "code": "cyan",
    "hint": "italic",
    "kind": "dim",
}


def print_report(report: Report) -> None:
    """Print a diff report as text on stdout, in colours if stdout should have them and rich is installed."""
    coloured = console()
    with terminal.ignoring_closed_stdout():
        if coloured is None:
            terminal.print_wrapped(as_text(report))
        else:
            print_report_colored(report, coloured)


def console() -> Console | None:
    """Return a new rich console for stdout, or None if stdout should not have colours or rich is not installed."""
    if not terminal.has_colours():
        return None
    try:
        from rich.console import Console
    except ImportError:
        return None

    class QuietConsole(Console):
        """A rich console that raises BrokenPipeError when the reader of stdout has gone."""

        def on_broken_pipe(self) -> None:
            """Raise the BrokenPipeError again; rich would end the process with exit code 1."""
            raise BrokenPipeError

    width = terminal.columns_of(sys.stdout)
    return QuietConsole(force_terminal=True, width=width, highlight=False, markup=False, emoji=False)


def print_report_colored(report: Report, console: Console) -> None:
    """Print a diff report on a rich console, in colours. A line that is too wide is wrapped, with its indentation."""
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
