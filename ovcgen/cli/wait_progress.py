"""Show the progress of a wait on stderr: as one updated line on a terminal, else as one line per new state."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ovcgen.cli import terminal

if TYPE_CHECKING:
    from ovcgen.runtime.polling import Progress

RUNNING = "running"  # a task that has ended at the first poll was not waited for


class WaitDisplay:
    """Shows the progress of one wait on stderr: a line that is updated on a terminal, elsewhere a line per new status.

    Call it with each Progress; nothing is shown before the first status `running`. The end of its `with` block removes
    the line of a terminal.

    Args:
        subject: The name of the awaited thing, such as `Task GUID`.
        quiet: Whether to show nothing.
    """

    def __init__(self, subject: str, *, quiet: bool) -> None:
        self._subject = subject
        self._quiet = quiet
        self._has_line = terminal.obeys_control_codes(sys.stderr)
        self._status = ""

    def __enter__(self) -> WaitDisplay:
        return self

    def __exit__(self, *_: object) -> None:
        if self._has_line and self._status:
            terminal.replace_line("")

    def __call__(self, progress: Progress) -> None:
        """Show the progress on stderr."""
        if self._quiet or not (self._status or progress.status == RUNNING):
            return
        if self._has_line:
            terminal.replace_line(f"{self._subject}: {progress.status}, {_duration(progress.elapsed)}")
        elif progress.status != self._status:
            after = f" after {_duration(progress.elapsed)}" if self._status else ""
            terminal.note(f"{self._subject}: {progress.status}{after}")
        self._status = progress.status


def _duration(seconds: float) -> str:
    """Return a number of seconds as text, such as `12 s` or `3 min 5 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
