"""Provide dictionaries that track which keys have changed, so that a copy can be updated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class TrackedDict(dict[K, V]):
    """A dict that tracks changed keys.

    Attributes:
        changes: Each key that was changed since tracking began, and whether it was deleted since; None if changes are
            not tracked.
    """

    changes: dict[K, bool] | None = None

    def __setitem__(self, key: K, value: V) -> None:
        if self.changes is not None and (key not in self or key not in self.changes):
            self.changes[key] = self.changes.pop(key, False)  # a new key is last, as in the dict
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        super().__delitem__(key)
        if self.changes is not None:
            self.changes[key] = True  # if the key is added again, it is last

    def pop(self, key: K, *default: Any) -> Any:
        """Behave as `dict.pop`, and track the changed keys."""
        if key not in self:
            return super().pop(key, *default)
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[K, V]:
        """Behave as `dict.popitem`, and track the changed keys."""
        key = next(reversed(self))
        return key, self.pop(key)

    def setdefault(self, key: K, default: Any = None) -> Any:
        """Behave as `dict.setdefault`, and track the changed keys."""
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, other: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:  # type: ignore[override]
        """Behave as `dict.update` without keyword arguments, and track the changed keys."""
        for key, value in dict(other).items():
            self[key] = value

    def __ior__(self, other: Any) -> TrackedDict[K, V]:  # type: ignore[override,misc]
        self.update(other)
        return self

    def clear(self) -> None:
        """Behave as `dict.clear`, and track the changed keys."""
        for key in list(self):
            del self[key]


class Tally(TrackedDict[K, int]):
    """A TrackedDict of counters: `tally[key]` is 0 for a missing key, which is not added; `get` returns None for it."""

    def __missing__(self, key: K) -> int:
        return 0
