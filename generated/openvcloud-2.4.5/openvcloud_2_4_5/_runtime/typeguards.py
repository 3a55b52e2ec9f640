"""Check what kind of container a value is, in a form that type checkers understand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Return whether a value is a list."""
    return isinstance(value, list)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Return whether a value is a list or a tuple."""
    return isinstance(value, (list, tuple))


def is_dict(value: object) -> TypeGuard[dict[str, Any]]:
    """Return whether a value is a dict (a JSON object)."""
    return isinstance(value, dict)


def is_bytes(value: object) -> TypeGuard[bytes | bytearray | memoryview[int]]:
    """Return whether a value is a sequence of bytes in memory."""
    return isinstance(value, (bytes, bytearray, memoryview))


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Return whether a value is a mapping."""
    return isinstance(value, Mapping)


def is_iterable(value: object) -> TypeGuard[Iterable[Any]]:
    """Return whether a value can be iterated over. A string can, too."""
    return isinstance(value, Iterable)
