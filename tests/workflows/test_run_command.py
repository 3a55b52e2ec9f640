"""Test running a user's command as a real process."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ovcgen.rehearsal.run_records import Exit, OutputLine
from ovcgen.workflows.run_command import KEPT, CommandNotRunnable, run_command

PATH = {"PATH": "/usr/bin:/bin"}


def sh(script: str, timeout: float = 20.0, **variables: str) -> tuple[Exit, list[OutputLine]]:
    """Run a shell script; return how it ended, and the lines that were shown while it ran."""
    seen: list[OutputLine] = []
    end, kept = run_command(["sh", "-c", script], {**PATH, **variables}, timeout=timeout, show=seen.append)
    assert list(kept) == seen[-KEPT:]
    return end, seen


def test_the_output_and_the_exit_code_are_kept() -> None:
    """stdout, stderr and the exit code are recorded; the command has the given environment and an empty stdin."""
    end, lines = sh('echo "$NAME"; cat; printf unfinished; exit 3', NAME="it")

    assert end == Exit(3)
    assert lines == [OutputLine("stdout", "it"), OutputLine("stdout", "unfinished")]
    assert sh("echo wrong >&2")[1] == [OutputLine("stderr", "wrong")]
    assert sh(r"printf '\377\n'")[1] == [OutputLine("stdout", "\N{REPLACEMENT CHARACTER}")]


def test_a_signal_is_named() -> None:
    """A command that a signal kills has the signal's name and no exit code."""
    assert sh("kill -9 $$")[0] == Exit(None, "SIGKILL")


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    """After the timeout the command and its child processes are ended, with time to clean up."""
    begun = time.monotonic()

    end, lines = sh(f"trap 'echo bye; exit 5' TERM; sleep 60 & echo $! > {tmp_path}/pid; wait", timeout=0.3)

    assert end == Exit(None, timed_out=True)
    assert lines == [OutputLine("stdout", "bye")]
    assert time.monotonic() - begun < 10
    assert not is_running(int((tmp_path / "pid").read_text()))


def test_a_command_does_not_wait_for_what_it_leaves_behind(tmp_path: Path) -> None:
    """Background processes that keep the output open are ended when the command ends."""
    begun = time.monotonic()

    end, lines = sh(f"sleep 60 & echo $! > {tmp_path}/pid; echo done")

    assert (end, lines) == (Exit(0), [OutputLine("stdout", "done")])
    assert time.monotonic() - begun < 10
    assert not is_running(int((tmp_path / "pid").read_text()))


def test_an_interruption_ends_the_command(tmp_path: Path) -> None:
    """An exception during the run, such as Ctrl-C, ends the command."""
    pid = tmp_path / "pid"

    def interrupt(_line: OutputLine) -> None:
        os.kill(os.getpid(), 2)

    assert threading.current_thread() is threading.main_thread()
    with pytest.raises(KeyboardInterrupt):
        run_command(["sh", "-c", f"echo $$ > {pid}; echo up; sleep 60"], PATH, timeout=20, show=interrupt)

    assert not is_running(int(pid.read_text()))


def test_a_command_may_print_much_while_it_ends() -> None:
    """What a command prints after the timeout is read on, so that a full pipe does not hold its end up."""
    script = "trap 'seq 20000; exit 5' TERM; echo up; while :; do sleep 0.05; done"

    end, lines = sh(script, timeout=0.3)

    assert end == Exit(None, timed_out=True)
    assert lines[-1] == OutputLine("stdout", "20000")


def test_a_line_without_end_is_cut() -> None:
    """A line of more than 8192 bytes is shown in pieces that lose nothing."""
    _end, lines = sh("head -c 20000 /dev/zero | tr '\\0' x")

    assert "".join(line.text for line in lines) == "x" * 20000
    assert max(len(line.text) for line in lines) <= 16384


@pytest.mark.usefixtures("no_finalizers")
def test_an_interruption_at_any_moment_leaves_nothing_open() -> None:
    """Whenever Ctrl-C comes after the first output, no process, thread or pipe of the command is left."""
    before = set(os.listdir("/proc/self/fd")), threading.active_count()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    usual = signal.signal(signal.SIGALRM, interrupt)
    try:
        for moment in range(1, 13):
            due = iter([moment * 0.0005])

            def begun(_line: OutputLine, due: Iterator[float] = due) -> None:
                for seconds in due:
                    signal.setitimer(signal.ITIMER_REAL, seconds)

            with pytest.raises(KeyboardInterrupt):
                run_command(["sh", "-c", "while echo up; do :; done"], PATH, timeout=20, show=begun)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)

    assert (set(os.listdir("/proc/self/fd")), threading.active_count()) == before


@pytest.mark.parametrize("command", [["no-such-program"], ["/etc/passwd"], ["a\0b"]], ids=["none", "data", "NUL"])
def test_what_can_not_be_run_is_explained(command: list[str]) -> None:
    """A command that is no program or that does not exist raises CommandNotRunnable with advice."""
    with pytest.raises(CommandNotRunnable, match="Can't run") as refused:
        run_command(command, PATH, timeout=1, show=print)

    assert "python nightly.py" in refused.value.fix


def is_running(pid: int) -> bool:
    """Return whether a process with that id runs and is no zombie."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.02)
    return True
