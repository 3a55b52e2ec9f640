"""Run recursive generators without Python's call stack, because schemas can be nested to any depth."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")
Steps = Generator["Steps[Any]", Any, T]


def evaluated(steps: Steps[T]) -> T:
    """Return the result of a recursive generator.

    To call itself, the generator yields another generator of the same kind. It is then sent that generator's result.
    """
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
