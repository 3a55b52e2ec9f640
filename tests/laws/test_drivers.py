"""There are two drivers and one set of rules."""

from __future__ import annotations

import ast
from pathlib import Path

RUNTIME = Path(__file__).parents[2] / "ovcgen" / "runtime"
BLOCKING, ASYNCHRONOUS = RUNTIME / "blocking_driver.py", RUNTIME / "aio" / "driver.py"
PAIRS = {  # a module of the asynchronous runtime, and the one that it is the counterpart of
    "aio/driver": "blocking_driver",
    "aio/adapter": "adapter",
    "aio/client": "client",
    "aio/portal": "portal",
    "aio/tasks": "tasks",
    "aio/waiters": "waiters",
}
DECIDING = {
    "policy",
    "response_decoding",
    "polling",
    "arguments",
    "redaction",
    "portal_errors",
    "login_requests",
    "tokens",
}


def functions(path: Path) -> dict[str, str]:
    """Return the body of each function and method of a module, without its docstring, by name."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            found[node.name] = "\n".join(ast.unparse(statement) for statement in body)
    return found


def modules(path: Path) -> set[str]:
    """Return the modules of the runtime that a module imports."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {str(node.module).split(".")[-1] for node in nodes if node.level and node.module}


def test_the_two_drivers_are_short() -> None:
    """Together they have at most 250 lines: a rule in one of them would be missing in the other."""
    assert sum(len(path.read_text("utf-8").splitlines()) for path in (BLOCKING, ASYNCHRONOUS)) <= 250


def test_both_drivers_carry_out_the_same_steps() -> None:
    """Each step of a flow is known to both."""
    steps = {"Ask", "AskAll", "Emit", "RunShared", "Send", "Sleep"}

    for path in (BLOCKING, ASYNCHRONOUS):
        names = {
            node.id if isinstance(node, ast.Name) else node.attr
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, (ast.Name, ast.Attribute))
        }
        assert names >= steps


def test_neither_driver_knows_a_rule() -> None:
    """They import the flows, and of the policy what a failure is; no table, no number, no reading of a response."""
    for path in (BLOCKING, ASYNCHRONOUS):
        assert modules(path) & DECIDING <= {"policy"}
    assert "from ..policy import Failure\n" in ASYNCHRONOUS.read_text("utf-8")


def test_no_rule_is_written_twice() -> None:
    """No function of the asynchronous runtime repeats four lines or more of its counterpart."""
    repeated = []
    for ours, theirs in PAIRS.items():
        blocking = functions(RUNTIME / f"{theirs}.py")
        for name, body in functions(RUNTIME / f"{ours}.py").items():
            same = set(body.splitlines()) & set(blocking.get(name, "").splitlines())
            if len({line.strip() for line in same if len(line.strip()) > 24}) >= 4:
                repeated.append((ours, name, same))

    assert repeated == []
