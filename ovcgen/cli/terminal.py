"""Print results on stdout and everything else on stderr, without the control characters of portal texts.

A closed stream (`| head -1`) is no error: the command ends as if everything had been read.
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
    """Configure stdout and stderr to write characters that their encoding lacks as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def printable(text: str) -> str:
    """Return the text with control and bidirectional characters as JSON escapes. Line breaks and tabs are kept."""
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(json.dumps(char)[1:-1] if _is_control(char) else char for char in line)


def _is_control(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def note(text: str) -> None:
    """Print a message on stderr. If stderr is closed, nothing happens."""
    try:
        click.echo(printable(text), err=True)
    except OSError:
        silence(sys.stderr)


def problems(found: Iterable[Problem]) -> None:
    """Print on stderr the mistakes of a document that was accepted despite them, one warning per line."""
    for problem in found:
        warning(problem.sentence)


def warning(sentence: str) -> None:
    """Print a warning on stderr, after the word `warning:`."""
    note(f"warning: {sentence}")


def failure(what: str, fix: str) -> None:
    """Print the two lines of an error on stderr: what happened, and what to do."""
    note(f"ovcgen: {_one_line(what)}\n  -> {_one_line(fix)}")


def _one_line(text: str) -> str:
    """Return a text of several lines, such as a list of errors, as one line."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return "; ".join(lines).replace(":; ", ": ")


def line(text: str) -> None:
    """Print one line of a result on stdout."""
    with _to_a_reader():
        click.echo(printable(text))


def page(text: str) -> None:
    """Print a result that has its own line breaks on stdout."""
    with _to_a_reader():
        click.echo(printable(text), nl=False)


def report(found: Report) -> None:
    """Print a diff report on stdout, in colours if the terminal supports them."""
    from ovcgen.cli.colored_report import console, show
    from ovcgen.diff.render import as_text

    terminal = console()
    with _to_a_reader():
        if terminal is None:
            click.echo(printable(as_text(found)), nl=False)
        else:
            show(found, terminal)


def path(place: Path) -> None:
    """Print a path on stdout, byte for byte, so that a script can use it."""
    with _to_a_reader():
        click.echo(os.fsencode(place))


def result(value: Any, output: str = "json") -> None:
    """Print a result on stdout: as JSON, or as `output` says.

    With `text`, a string is printed without quotes, and non-ASCII letters are readable. Bytes are printed unchanged.
    """
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
    """Redirect a stream to nowhere. Otherwise Python would report an error when it flushes the stream at exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        handle = stream.fileno()  # type: ignore[union-attr]  # None if the stream was closed at the start
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, handle)
        os.close(nowhere)
