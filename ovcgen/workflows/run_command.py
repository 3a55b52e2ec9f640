"""Run a user's command with given environment variables, and kill all processes that the command started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO

from ovcgen.errors import UsageError
from ovcgen.rehearsal.exchange import Exit, OutputLine

KEPT = 1000  # lines of output
LONGEST = 8192  # bytes that are read as one line
GRACE = 3.0  # seconds between SIGTERM and SIGKILL, and for the last output to arrive


class CommandNotRunnable(UsageError):
    """The command can't be started."""

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
    """Run a command until it ends, and return how it ended, and the last lines of its output.

    The standard input of the command is empty. Processes that the command leaves in the background are killed.

    Args:
        environment: All environment variables of the command.
        timeout: Seconds after which the command is killed.
        show: Called with each line as soon as the command prints it, never by two threads at once.

    Raises:
        CommandNotRunnable: the program does not exist or can't be executed.
    """
    kept: deque[OutputLine] = deque(maxlen=KEPT)
    lock = threading.Lock()

    def read(stream: IO[bytes], name: str) -> None:
        for text in _lines(stream):
            with lock:
                kept.append(OutputLine(name, text))
                show(kept[-1])

    process = _started(command, environment)
    streams = ((process.stdout, "stdout"), (process.stderr, "stderr"))
    readers = [threading.Thread(target=read, args=pair, daemon=True) for pair in streams]
    try:
        for reader in readers:
            reader.start()
        process.wait(timeout)
        end = _exit(process.returncode)
    except subprocess.TimeoutExpired:
        end = Exit(None, timed_out=True)
    finally:
        _end_group(process)
        for reader, (stream, _) in zip(readers, streams, strict=True):
            if reader.is_alive():
                reader.join(GRACE)
            if stream and not reader.is_alive():  # one that never started has not closed it
                stream.close()
    with lock:
        return end, tuple(kept)


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


def _lines(stream: IO[bytes]) -> Iterator[str]:
    with stream:
        while line := stream.readline(LONGEST):
            yield line.decode("utf-8", "replace").rstrip("\r\n")


def _exit(code: int) -> Exit:
    if code >= 0:
        return Exit(code)
    return Exit(None, _signal_name(-code))


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the command if it still runs, and then the processes that are left in its process group."""
    if process.poll() is None:
        _signal_group(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
