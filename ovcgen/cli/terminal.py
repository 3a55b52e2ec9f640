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

from ovcgen.cli.text_wrapping import fold

if TYPE_CHECKING:
    from ovcgen.documents.document import Problem

INDENT = "   "  # of the lines that are folded off a message


def prepare() -> None:
    """Make stdout and stderr write characters that their encoding lacks as backslash escapes, from now on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def printable(text: str) -> str:
    """Return the text with control and bidirectional characters as JSON escapes. Line feeds and tabs are kept."""
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(json.dumps(char)[1:-1] if _is_control(char) else char for char in line)


def _is_control(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def note(text: str) -> None:
    """Print a message and a line break on stderr, wrapped between words on a terminal.

    Control characters are escaped. If stderr is closed, nothing happens.
    """
    _write_error(f"{_folded(printable(text))}\n")


def prompt(text: str) -> None:
    """Print a question on stderr, with a space but no line break at its end. The answer is not read here."""
    _write_error(f"{_folded(printable(text.rstrip()))} ")


def replace_line(text: str) -> None:
    """Replace the current line of stderr by a text without a line break, cut off if it is too wide; "" clears the line.

    stderr has to be a terminal; that is not checked.
    """
    width = (columns_of(sys.stderr) or 80) - 1
    _write_error(f"\r\x1b[2K{printable(text if len(text) <= width else f'{text[: width - 3]}...')}")


def _folded(text: str) -> str:
    """Return a text, folded between words if stderr is a terminal."""
    return "\n".join(fold(text, columns_of(sys.stderr), indent=INDENT)) if is_terminal(sys.stderr) else text


def _write_error(text: str) -> None:
    try:
        click.echo(text, nl=False, err=True, color=True)
    except OSError:
        silence(sys.stderr)


def problems(found: Iterable[Problem]) -> None:
    """Print on stderr the mistakes of a document that was accepted despite them, one warning per line."""
    for problem in found:
        warning(problem.sentence)


def warning(sentence: str) -> None:
    """Print a warning on stderr, after the word `warning:`, wrapped between words on a terminal."""
    note(f"warning: {sentence}")


def failure(what: str, fix: str) -> None:
    """Print the two lines of an error on stderr: what happened, after `ovcgen:`, and what to do, after `->`.

    Line breaks in either of the texts become `; `. The process goes on.
    """
    note(f"ovcgen: {_one_line(what)}\n  -> {_one_line(fix)}")


def _one_line(text: str) -> str:
    """Return a text of several lines, such as a list of errors, as one line."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return "; ".join(lines).replace(":; ", ": ")


def print_line(text: str) -> None:
    """Print a text and a line break on stdout, with control characters escaped."""
    with ignoring_closed_stdout():
        click.echo(printable(text))


def print_text(text: str) -> None:
    """Print a text of several lines on stdout, with control characters escaped.

    No line break is added at the end.
    """
    with ignoring_closed_stdout():
        click.echo(printable(text), nl=False)


def print_wrapped(text: str, *, indent: str = "") -> None:
    """Print sentences on stdout, which have their own line breaks; on a terminal, wrap long lines between words.

    Control characters are escaped, and no line break is added at the end. Continuation lines are indented by `indent`,
    or to a column of their line.
    """
    folds = columns_of(sys.stdout) if is_terminal(sys.stdout) else None
    print_text("\n".join(fold(printable(text), folds, indent=indent)))


def print_path(place: Path) -> None:
    """Print a path and a line break on stdout, byte for byte, so that a script can use it; nothing is escaped."""
    with ignoring_closed_stdout():
        click.echo(os.fsencode(place))


def print_json_or_bytes(value: Any) -> None:
    """Print a JSON value on stdout, indented and with a line break at its end.

    Bytes are printed unchanged, without a line break.
    """
    if isinstance(value, bytes):
        with ignoring_closed_stdout():
            click.echo(value, nl=False)
    else:
        print_line(json.dumps(value, indent=2))


def print_colored(text: str) -> None:
    """Print a text with colour codes on stdout, without a line break. Nothing is escaped: the caller has to do that."""
    with ignoring_closed_stdout():
        click.echo(text, nl=False, color=True)


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal; False for None, which is a stream that was closed at the start."""
    return stream is not None and stream.isatty()


def obeys_control_codes(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal with colours and cursor control: `TERM` is set and not `dumb`."""
    return is_terminal(stream) and os.environ.get("TERM", "dumb") != "dumb"


def has_colours() -> bool:
    """Return whether stdout should have colours, by the environment variables and stdout.

    A `NO_COLOR` that is not empty turns them off. Otherwise `FORCE_COLOR` or `CLICOLOR_FORCE`, unless empty or 0, turn
    them on, and without these a terminal has them whose `TERM` is set and not `dumb`.
    """
    if os.environ.get("NO_COLOR"):
        return False
    forced = any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE"))
    return forced or obeys_control_codes(sys.stdout)


def columns_of(stream: TextIO | None) -> int | None:
    """Return the width in columns to use for a stream: the value of `COLUMNS`, else the width of the stream's terminal.

    `COLUMNS` counts even if the stream is no terminal. None if neither is known, so that nothing is wrapped.
    """
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    if not is_terminal(stream):
        return None
    with contextlib.suppress(OSError, ValueError):
        return os.get_terminal_size(stream.fileno()).columns or None  # type: ignore[union-attr]  # it is a terminal
    return None


@contextlib.contextmanager
def ignoring_closed_stdout() -> Iterator[None]:
    """Ignore a BrokenPipeError in the block. After one, further output on stdout is dropped: nobody reads it.

    The rest of the block is not run.
    """
    try:
        yield
    except BrokenPipeError:
        silence(sys.stdout)


def silence(stream: TextIO | None) -> None:
    """Redirect the file descriptor of a stream to the null device, for the rest of the process.

    Otherwise Python would report an error when it flushes a closed stream at exit. A stream without a descriptor, and
    None, are left alone.
    """
    with contextlib.suppress(OSError, ValueError, AttributeError):
        handle = stream.fileno()  # type: ignore[union-attr]  # None if the stream was closed at the start
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, handle)
        os.close(nowhere)
