"""The search of debug logs finds secrets that tests plant, in the spellings that they plant."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import debug_logs
from tests.runtime.test_canary_run import SECRETS


@pytest.fixture
def kept_root() -> Iterator[logging.Logger]:
    """Return the root logger, which has its handlers and level again after the test."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        *SECRETS.values(),
        *("k3y-canary-9d07", "canary-7f3a-secret", "canary/7f3a+secret", "canary%2F7f3a", "canary\\/7f3a"),
        *("demo-secret-of-alice", "admin-password", "pr0xy-canary-77aa"),
    ],
)
def test_a_logged_secret_is_found(
    text: str,
    tmp_path: Path,
    kept_root: logging.Logger,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A secret that any logger writes at any level fails the run, and its line is printed."""
    monkeypatch.setenv(debug_logs.VARIABLE, str(tmp_path))
    debug_logs.begin()
    logging.getLogger("somewhere.else").debug("nothing about canary-machine and the canary")
    logging.getLogger("selenium.webdriver.remote").debug("typed %s", text)
    assert debug_logs.main(tmp_path) == 0

    logging.getLogger("somewhere.else").debug("sent %s", text)
    assert kept_root.level == logging.DEBUG
    assert debug_logs.main(tmp_path) == 1
    assert f".log:2: somewhere.else DEBUG sent {text}" in capsys.readouterr().out


def test_a_run_without_logs_has_shown_nothing(tmp_path: Path) -> None:
    """An empty folder fails the run, because nothing was searched."""
    assert debug_logs.main(tmp_path) == 1
