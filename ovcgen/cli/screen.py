"""What reaches the terminal: portal texts without control characters, results on stdout, the rest on stderr."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Any

import click


def printable(text: str) -> str:
    """The text with every control and direction character shown as an escape, line breaks and tabs kept."""
    return "".join(ascii(char)[1:-1] if _is_control(char) else char for char in text)


def _is_control(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def note(text: str) -> None:
    """Say something beside the result."""
    click.echo(printable(text), err=True)


def failure(what: str, fix: str) -> None:
    """The two lines of an error."""
    note(f"ovcgen: {what}\n  -> {fix}")


def result(value: Any, output: str = "json") -> None:
    """Print a result: JSON, or in `text` a string bare; the bytes of a file as they are."""
    if isinstance(value, bytes):
        sys.stdout.buffer.write(value)
        sys.stdout.buffer.flush()
    elif output == "text" and isinstance(value, str):
        click.echo(printable(value))
    else:
        click.echo(json.dumps(value, indent=2, sort_keys=False))
