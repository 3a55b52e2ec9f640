"""Run a user's command with given environment variables, and kill all processes that the command started."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Self

from ovcgen.errors import UsageError
from ovcgen.rehearsal.run_records import Exit, OutputLine

KEPT = 1000  # lines of output
LONGEST = 8192  # bytes that are read as one line
PAUSE = 0.05  # seconds between two looks at whether the command has ended
GRACE = 3.0  # seconds between SIGTERM and SIGKILL, and for the last output to arrive


class CommandNotRunnable(UsageError):
    """An error: the command can't be started.

    Args:
        program: The first word of the command.
        reason: The reason that the operating system gives.
    """

    def __init__(self, program: str, reason: str) -> None:
        super().__init__(
            f"Can't run {program}: {reason}.",
            fix="Put a program and its arguments after --, as in `-- python nightly.py`.",
        )


def run_command(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    timeout: float,
    show: Callable[[OutputLine], None],
) -> tuple[Exit, tuple[OutputLine, ...]]:
    """Run a command until it ends. Return (how it ended, the last 1000 lines of its output, in the order of arrival).

    The command runs without a shell, and its standard input is empty. A command that takes too long gets SIGTERM, and
    after 3 seconds SIGKILL. Processes that the command leaves in the background are killed, also after Ctrl-C.

    Args:
        command: The program and its arguments.
        environment: All environment variables of the command.
        timeout: Seconds after which the command is killed.
        show: Called with each line as soon as the command prints it.

    Raises:
        CommandNotRunnable: the program does not exist or can't be executed.
    """
    process = _started(command, environment)
    with _Output(process, show) as output:
        try:
            end = _exit(process.returncode) if output.follow(timeout) else Exit(None, timed_out=True)
        finally:
            _end_group(process, output)
            output.read_rest(GRACE)
    return end, tuple(output.kept)


class _Output:
    """The lines that a process prints, read from both of its pipes by the thread that waits for it."""

    def __init__(self, process: subprocess.Popen[bytes], show: Callable[[OutputLine], None]) -> None:
        self.kept: deque[OutputLine] = deque(maxlen=KEPT)
        self._process = process
        self._show = show
        self._open = selectors.DefaultSelector()
        self._unfinished = {"stdout": b"", "stderr": b""}

    def __enter__(self) -> Self:
        for name, stream in self._streams():
            self._open.register(stream, selectors.EVENT_READ, name)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        for _name, stream in self._streams():
            stream.close()

    def _streams(self) -> Iterator[tuple[str, IO[bytes]]]:
        for name, stream in (("stdout", self._process.stdout), ("stderr", self._process.stderr)):
            if stream:
                yield name, stream

    def follow(self, seconds: float) -> bool:
        """Read until the process ends or the time is up, and return whether the process has ended."""
        deadline = time.monotonic() + seconds
        while not _reap(self._process, os.WNOHANG):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._read(min(left, PAUSE))
        return True

    def read_rest(self, seconds: float) -> None:
        """Read until both pipes are closed, for at most that many seconds."""
        deadline = time.monotonic() + seconds
        while self._open.get_map() and (left := deadline - time.monotonic()) > 0:
            self._read(left)
        for name, text in self._unfinished.items():
            if text:
                self._split(name, text + b"\n")

    def _read(self, seconds: float) -> None:
        """Read what is there; wait at most that many seconds for it."""
        for key, _ in self._open.select(seconds):
            if part := os.read(key.fd, LONGEST):
                self._split(key.data, self._unfinished[key.data] + part)
            else:
                self._open.unregister(key.fileobj)

    def _split(self, name: str, text: bytes) -> None:
        """Show the finished lines of a text, and keep its last line until the end of that line is read."""
        *lines, last = text.split(b"\n")
        while len(last) >= LONGEST:
            lines.append(last[:LONGEST])
            last = last[LONGEST:]
        self._unfinished[name] = last
        for line in lines:
            self.kept.append(OutputLine(name, line.decode("utf-8", "replace").rstrip("\r")))
            self._show(self.kept[-1])


def _started(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the command in a process group of its own."""
    try:
        return subprocess.Popen(  # noqa: S603 - running the user's command is the purpose
            list(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL character
        raise CommandNotRunnable(command[0], getattr(error, "strerror", None) or str(error)) from error


def _exit(code: int) -> Exit:
    if code >= 0:
        return Exit(code)
    return Exit(None, _signal_name(-code))


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


def _end_group(process: subprocess.Popen[bytes], output: _Output) -> None:
    """Kill the command if it still runs, and then the processes that are left in its process group."""
    if not _reap(process, os.WNOHANG):
        _signal_group(process, signal.SIGTERM)
        output.follow(GRACE)
    _signal_group(process, signal.SIGKILL)
    _reap(process)


def _reap(process: subprocess.Popen[bytes], options: int = 0) -> bool:
    """Return whether the process has ended; with options 0, wait for its end.

    `Popen.poll` and `Popen.wait` share a lock. An interruption in the moment in which `poll` has it leaves it locked,
    so that the next `wait` never returns.
    """
    if process.returncode is None:
        try:
            pid, status = os.waitpid(process.pid, options)
        except ChildProcessError:  # an interruption came after the end was noted and before it was kept
            pid, status = process.pid, 0
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode is not None


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
