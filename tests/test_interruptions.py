"""Ctrl-C at any moment leaves no lock held, no half-written file, and nobody who waits for a login that nobody does."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from ovcgen.files import locked, replace_file
from ovcgen.runtime.single_flight import SharedFlows

pytestmark = pytest.mark.usefixtures("no_finalizers")
WITHOUT_END = 2000  # moments of one action; far more than any has


def moments(action: Callable[[], object], check: Callable[[], object]) -> int:
    """Interrupt the action at each moment at which Python handles signals, then check. Return how many there are.

    These moments are the beginnings of Python functions, and the ends of built-in ones.
    """
    for moment in range(WITHOUT_END):
        left = moment

        def interrupt(_frame: FrameType, event: str, what: object) -> None:
            nonlocal left
            if what is sys.setprofile or event not in ("call", "c_return"):
                return
            left -= 1
            if left < 0:
                sys.setprofile(None)
                raise KeyboardInterrupt

        before = sys.getprofile()
        try:
            sys.setprofile(interrupt)
            action()
        except KeyboardInterrupt:
            interrupted = True
        else:
            interrupted = False
        finally:
            sys.setprofile(before)
        check()
        if not interrupted:
            return moment
    raise AssertionError("the action never came to its end")


@pytest.mark.parametrize("wait", [True, False])
def test_an_interrupted_lock_is_free(tmp_path: Path, wait: bool) -> None:
    """Whoever wants it next, in this process too, gets it."""

    def lock() -> None:
        with locked(tmp_path, wait=wait) as alone:
            assert alone

    def is_free() -> None:
        descriptor = os.open(tmp_path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(descriptor)

    assert moments(lock, is_free) > 5


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the file that `open` had just opened
def test_an_interrupted_write_leaves_no_other_file(tmp_path: Path) -> None:
    """The file has the old content or the new, and nothing stands beside it."""
    path = tmp_path / "a.json"
    path.write_bytes(b"old")

    def is_whole() -> None:
        assert os.listdir(tmp_path) == ["a.json"]
        assert path.read_bytes() in (b"old", b"new")

    assert moments(lambda: replace_file(path, b"new"), is_whole) > 5
    assert path.read_bytes() == b"new"


def test_an_interrupted_login_is_carried_out_by_the_next() -> None:
    """Otherwise every later call of the process would wait for it until its own timeout."""
    flights = SharedFlows()

    def log_in() -> None:
        with flights.join("key", 0.0) as (_, is_ours):
            assert is_ours

    def is_free() -> None:
        with flights.join("key", 0.0) as (_, is_ours):
            assert is_ours

    assert moments(log_in, is_free) > 5
