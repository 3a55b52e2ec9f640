"""Find the longest common subsequence of two sequences (E. W. Myers, An O(ND) Difference Algorithm, 1986).

`difflib` searches for the longest common block first. That misaligns sequences with repetitions, such as the requests
of a script.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

MOST = 1000  # differences; what is behind them is not aligned
Frontier = dict[int, int]  # diagonal (index in old minus index in new) -> the furthest index in old on it


def common_subsequence(old: Sequence[Hashable], new: Sequence[Hashable], most: int = MOST) -> list[tuple[int, int]]:
    """Return the pairs (index in `old`, index in `new`) of a longest common subsequence, in order; [] if there is none.

    A difference is an item of either sequence that has no partner. The search ends after `most` differences. Then only
    the pairs found so far are returned.
    """
    frontiers = _frontiers(old, new, most)
    reached = range(1 - len(frontiers), len(frontiers), 2)  # the diagonals of the last round
    inside = {
        diagonal: x
        for diagonal, x in frontiers[-1].items()
        if diagonal in reached and x <= len(old) and x - diagonal <= len(new)
    }
    diagonal = max(inside, key=lambda diagonal: 2 * inside[diagonal] - diagonal)
    return _backtracked(frontiers, inside[diagonal], inside[diagonal] - diagonal)


def _frontiers(old: Sequence[Hashable], new: Sequence[Hashable], most: int) -> list[Frontier]:
    """Return the frontiers for 0, 1, 2, ... differences, up to the end of both sequences or to `most` differences."""
    frontier: Frontier = {1: 0}
    found: list[Frontier] = []
    low = high = 0  # diagonals at both ends that have left the grid
    for differences in range(min(len(old) + len(new), most) + 1):
        for diagonal in range(2 * low - differences, differences - 2 * high + 1, 2):
            before = _previous(frontier, diagonal, differences)
            x = frontier[before] + (before < diagonal)
            y = x - diagonal
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            frontier[diagonal] = x
            high += x > len(old)
            low += x <= len(old) and y > len(new)
            if x == len(old) and y == len(new):
                return [*found, {diagonal: x}]
        found.append(dict(frontier))
    return found


def _previous(frontier: Frontier, diagonal: int, differences: int) -> int:
    """Return the neighbouring diagonal from which one more difference reaches the furthest point of `diagonal`."""
    down = frontier.get(diagonal + 1, -1)
    across = frontier.get(diagonal - 1, -1)
    return diagonal + 1 if diagonal == -differences or (diagonal != differences and across < down) else diagonal - 1


def _backtracked(frontiers: list[Frontier], x: int, y: int) -> list[tuple[int, int]]:
    """Return the pairs of equal items on the path through the frontiers that ends at the position (x, y)."""
    pairs: list[tuple[int, int]] = []
    for differences in range(len(frontiers) - 1, -1, -1):
        start_x, start_y = 0, 0
        if differences:
            frontier = frontiers[differences - 1]
            before = _previous(frontier, x - y, differences)
            start_x, start_y = frontier[before], frontier[before] - before
        while x > start_x and y > start_y:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        x, y = start_x, start_y
    return pairs[::-1]
