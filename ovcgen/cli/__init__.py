"""The command line: parses, calls the core, shows, and chooses the exit code. Nothing heavy is loaded before use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

__all__ = ["main"]

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its code; an error is two lines on stderr, never a traceback."""
    try:
        from ovcgen.cli.app import run

        code = run(arguments)
    except KeyboardInterrupt:  # before the command had begun, or while its end was being told
        code = INTERRUPTED
    sys.exit(code)
