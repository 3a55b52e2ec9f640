"""Provide `main`, the entry point of the `ovcgen` command.

Nothing but `sys` is imported before `main` runs, so that Ctrl-C at the start of the command is not a traceback.
"""

from __future__ import annotations

import sys

TYPE_CHECKING: bool = False  # without an import of typing
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

__all__ = ["main"]

INTERRUPTED = 130
OBJECTS = 20_000  # new objects between two searches for garbage: reading documents makes many, and hardly any garbage


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run an `ovcgen` command and end the process with the command's exit code (SystemExit); it never returns.

    `arguments` are the words after `ovcgen`; None means those of `sys.argv`. An error is printed on stderr without a
    traceback: as two lines, or as one line of JSON if the command has `--output json` or `jsonl`.
    """
    try:
        import gc

        gc.set_threshold(OBJECTS)
        from ovcgen.cli.app import run

        code = run(arguments)
    except KeyboardInterrupt:  # before the command started, or while its error was printed
        code = INTERRUPTED
    sys.exit(code)
