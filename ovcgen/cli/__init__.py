"""Provide `main`, the entry point of the `ovcgen` command. Heavy modules are imported only when they are used."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["main"]

INTERRUPTED = 130
OBJECTS = 20_000  # new objects between two searches for garbage: reading documents makes many, and hardly any garbage


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its exit code. `arguments=None` means `sys.argv`.

    An error is printed as two lines on stderr, without a traceback.
    """
    try:
        gc.set_threshold(OBJECTS)
        from ovcgen.cli.app import run

        code = run(arguments)
    except KeyboardInterrupt:  # before the command started, or while its error was printed
        code = INTERRUPTED
    sys.exit(code)
