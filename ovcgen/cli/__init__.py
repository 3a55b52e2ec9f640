"""The command line: parses, calls the core, shows, and chooses the exit code. Nothing heavy is loaded before use."""

from __future__ import annotations

from ovcgen.cli.app import main

__all__ = ["main"]
