"""Resolve merge keys of YAML (`<<: *base`).

The rules are those of yaml.org/type/merge.html: an object's own key takes precedence, and of several merged objects the
first one that has the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

MERGE = "tag:yaml.org,2002:merge"
Member = tuple[Any, Any]  # nodes of the key and of the value


class MergeKeyResolver:
    """Resolves the merge keys (`<<`) of PyYAML's mapping nodes. Each node is resolved once; nodes are not changed.

    Keys are compared by their text.

    Args:
        count: Called once for each node with merge keys, with the number of members that the node gets from others. It
            may raise to end the reading.

    Attributes:
        faults: The lines, counted from 1, of merge keys that merge something other than objects. These are ignored.
    """

    def __init__(self, count: Callable[[int], object] = lambda number: number) -> None:
        self.faults: list[int] = []
        self._count = count
        self._done: dict[int, list[Member] | None] = {}

    def members(self, node: Any) -> list[Member]:
        """Return the members of a mapping node as (key node, value node) pairs, those of merged nodes first.

        A key of the node itself has precedence over a merged one, and the first merged node that has a key over later
        ones. The merge keys themselves are left out. If the node repeats a key of its own, both pairs are returned.

        Raises:
            ValueError: the node merges itself.
        """
        if not any(name.tag == MERGE for name, _ in node.value):
            return list(node.value)
        found = self._done[id(node)] if id(node) in self._done else self._merged(node)
        if found is None:
            raise ValueError("an object merges itself")
        return found

    def _merged(self, node: Any) -> list[Member]:
        self._done[id(node)] = None
        own = [(name, value) for name, value in node.value if name.tag != MERGE]
        taken = {str(name.value) for name, _ in own}
        merged: list[Member] = []
        for source in self._sources(node):
            for name, value in self.members(source):
                if str(name.value) not in taken:
                    taken.add(str(name.value))
                    merged.append((name, value))
        self._count(len(merged))
        self._done[id(node)] = [*merged, *own]
        return [*merged, *own]

    def _sources(self, node: Any) -> Iterator[Any]:
        """Yield the objects that a node merges, in order of precedence."""
        for name, value in node.value:
            if name.tag != MERGE:
                continue
            for source in value.value if value.id == "sequence" else [value]:
                if source.id == "mapping":
                    yield source
                else:
                    self.faults.append(name.start_mark.line + 1)
