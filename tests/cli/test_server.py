"""`serve` as far as it ends by itself; the rest is in test_processes.py."""

from __future__ import annotations

import socket

from tests.cli.conftest import Run


def test_operations_without_state_are_listed(run: Run) -> None:
    """One a line, and nothing beside them."""
    ended = run("serve", "--operations", "--release", "2.4.5")

    assert (ended.code, ended.err) == (0, "")
    assert all(line.startswith(("GET /", "POST /")) for line in ended.out.splitlines())


def test_a_taken_port_is_explained(run: Run) -> None:
    """It is somebody else's."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("serve", "--port", taken.getsockname()[1])

    assert (ended.code, ended.two_lines) == (2, True)
    assert "already in use" in ended.err


def test_an_unknown_release_names_the_known_ones(run: Run) -> None:
    """As everywhere."""
    ended = run("serve", "--release", "9.9")

    assert (ended.code, ended.two_lines) == (2, True)
    assert "2.4.4, 2.4.5" in ended.err
