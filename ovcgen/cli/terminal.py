"""What reaches the terminal: portal texts without control characters, results on stdout, the rest on stderr.

Who stops reading (`| head -1`) or closes a channel changes nothing else: the command ends as it would have.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from ovcgen.diff.report import Report
    from ovcgen.documents.document import Problem


def prepare() -> None:
    """Let both channels take any text: what their encoding lacks is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def printable(text: str) -> str:
    """The text with every control and direction character as a JSON escape, line breaks and tabs kept."""
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(json.dumps(char)[1:-1] if _is_control(char) else char for char in line)


def _is_control(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def note(text: str) -> None:
    """Say something beside the result; where nobody can hear it, it is not said."""
    try:
        click.echo(printable(text), err=True)
    except OSError:
        silence(sys.stderr)


def problems(found: Iterable[Problem]) -> None:
    """The mistakes of a document that was taken all the same, a line each."""
    for problem in found:
        note(f"warning: {problem.sentence}")


def failure(what: str, fix: str) -> None:
    """The two lines of an error."""
    note(f"ovcgen: {_one_line(what)}\n  -> {_one_line(fix)}")


def _one_line(text: str) -> str:
    """A text with a list in it, such as the mistakes of a document, as one line."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return "; ".join(lines).replace(":; ", ": ")


def line(text: str) -> None:
    """One line of a result."""
    with _to_a_reader():
        click.echo(printable(text))


def page(text: str) -> None:
    """A result that has its own line ends."""
    with _to_a_reader():
        click.echo(printable(text), nl=False)


def report(found: Report) -> None:
    """What changed: with colours on a terminal that has them, else as plain text."""
    from ovcgen.cli.colors import console, show
    from ovcgen.diff.render import as_text

    terminal = console()
    with _to_a_reader():
        if terminal is None:
            click.echo(printable(as_text(found)), nl=False)
        else:
            show(found, terminal)


def path(place: Path) -> None:
    """The name of a file or folder as a result: byte for byte, for a script that goes on with it."""
    with _to_a_reader():
        click.echo(os.fsencode(place))


def result(value: Any, output: str = "json") -> None:
    """Print a result: JSON, or in `text` a string bare and readable letters; the bytes of a file as they are."""
    if isinstance(value, bytes):
        with _to_a_reader():
            click.echo(value, nl=False)
    elif output == "text":
        line(value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False))
    else:
        line(json.dumps(value, indent=2))


@contextlib.contextmanager
def _to_a_reader() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        silence(sys.stdout)


def silence(stream: TextIO | None) -> None:
    """Send what is still to come nowhere: Python writes the rest at its end, and would complain then."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        handle = stream.fileno()  # type: ignore[union-attr]  # None where the channel was closed from the start
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, handle)
        os.close(nowhere)
