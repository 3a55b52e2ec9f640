"""Recursion without the interpreter's stack: shapes refer to others to any depth."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")
Steps = Generator["Steps[Any]", Any, T]


def evaluated(steps: Steps[T]) -> T:
    """Return what a generator returns that yields others of its kind, and is sent what each of those returns."""
    waiting: list[Steps[Any]] = [steps]
    result: Any = None
    while waiting:
        try:
            waiting.append(waiting[-1].send(result))
            result = None
        except StopIteration as done:
            waiting.pop()
            result = done.value
    value: T = result
    return value
