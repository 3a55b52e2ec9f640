"""Check what kind of container a value is, in a form that type checkers understand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Return whether a value is a list; a tuple is none."""
    return isinstance(value, list)


def is_sequence(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Return whether a value is a list or a tuple. Other sequences, such as strings, are none."""
    return isinstance(value, (list, tuple))


def is_dict(value: object) -> TypeGuard[dict[str, Any]]:
    """Return whether a value is a dict; other mappings are none. That its keys are strings is not checked."""
    return isinstance(value, dict)


def is_bytes(value: object) -> TypeGuard[bytes | bytearray | memoryview[int]]:
    """Return whether a value is bytes, a bytearray or a memoryview."""
    return isinstance(value, (bytes, bytearray, memoryview))


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Return whether a value is a `collections.abc.Mapping`, such as a dict."""
    return isinstance(value, Mapping)


def is_iterable(value: object) -> TypeGuard[Iterable[Any]]:
    """Return whether a value is a `collections.abc.Iterable`. A string is one, too."""
    return isinstance(value, Iterable)
