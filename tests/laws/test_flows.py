"""Flows decide and drivers act.

A module that decides uses no network, clock, sleep or lock, so that a second driver needs no second copy of a rule.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

RUNTIME = Path(__file__).parents[2] / "ovcgen" / "runtime"
DECIDING = ("policy", "call_flow", "polling", "login_requests", "portal_login", "response_decoding")
ACTING = {
    "asyncio",
    "concurrent",
    "http",
    "random",
    "select",
    "selectors",
    "signal",
    "socket",
    "ssl",
    "threading",
    "time",
}
CONNECTED = {"aio", "tracked_connections", "blocking_driver", "session", "client", "urllib3"}
VALUES = {"Trust"}  # what they may take from the adapter
SENDING = {"Session", "adapters", "get", "post", "request", "sessions"}  # of requests


@pytest.mark.parametrize("name", DECIDING)
def test_what_decides_does_nothing(name: str) -> None:
    """A module that decides imports no module that acts and calls no function of requests that sends."""
    tree = ast.parse((RUNTIME / f"{name}.py").read_text("utf-8"))
    modules: set[str] = set()
    taken: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(str(node.module).split(".")[0])
            taken |= {alias.name for alias in node.names} if node.module == "adapter" else set()
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "requests":
            assert node.attr not in SENDING
    assert modules & (ACTING | CONNECTED) == set()
    assert taken <= VALUES
