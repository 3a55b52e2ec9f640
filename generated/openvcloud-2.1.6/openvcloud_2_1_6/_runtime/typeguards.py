"""Whether a value is a list or a dict, in a way that says to type checkers too: what is inside can be anything."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_list(value: object) -> TypeGuard[list[Any]]:
    """A list, as JSON has it."""
    return isinstance(value, list)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """A list, or a tuple in its place."""
    return isinstance(value, (list, tuple))


def is_dict(value: object) -> TypeGuard[dict[str, Any]]:
    """An object of JSON."""
    return isinstance(value, dict)
