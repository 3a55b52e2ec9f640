"""Dictionaries that note which of their keys have changed, for whoever keeps a copy elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Noted(dict[K, V]):
    """A dict. Once `changes` is set it holds the keys that were touched, and whether each was gone in between."""

    changes: dict[K, bool] | None = None

    def __setitem__(self, key: K, value: V) -> None:
        if self.changes is not None and (key not in self or key not in self.changes):
            self.changes[key] = self.changes.pop(key, False)  # a new key comes last here as in the dict
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        super().__delitem__(key)
        if self.changes is not None:
            self.changes[key] = True  # what comes back under this key comes last

    def pop(self, key: K, *default: Any) -> Any:
        """As of a dict."""
        if key not in self:
            return super().pop(key, *default)
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[K, V]:
        """As of a dict."""
        key = next(reversed(self))
        return key, self.pop(key)

    def setdefault(self, key: K, default: Any = None) -> Any:
        """As of a dict."""
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, other: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:  # type: ignore[override]
        """As of a dict."""
        for key, value in dict(other).items():
            self[key] = value

    def __ior__(self, other: Any) -> Noted[K, V]:  # type: ignore[override,misc]
        self.update(other)
        return self

    def clear(self) -> None:
        """As of a dict."""
        for key in list(self):
            del self[key]


class Tally(Noted[K, int]):
    """Numbers that begin at 0."""

    def __missing__(self, key: K) -> int:
        return 0
