"""Test the longest common subsequence of two sequences."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ovcgen.rehearsal.common_subsequence import common_subsequence

SEQUENCES = st.lists(st.sampled_from("abc"), max_size=10)


def longest(old: list[str], new: list[str]) -> int:
    """Return the length of the longest common subsequence, by dynamic programming."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for x, before in enumerate(old):
        for y, after in enumerate(new):
            table[x + 1][y + 1] = table[x][y] + 1 if before == after else max(table[x][y + 1], table[x + 1][y])
    return table[-1][-1]


def is_common(old: list[str], new: list[str], pairs: list[tuple[int, int]]) -> bool:
    """Return whether each pair has equal items, and the indexes increase in both sequences."""
    rises = all(first[0] < second[0] and first[1] < second[1] for first, second in pairwise(pairs))
    return rises and all(old[x] == new[y] for x, y in pairs)


@given(SEQUENCES, SEQUENCES)
def test_it_is_common_and_the_longest(old: list[str], new: list[str]) -> None:
    """The result is a common subsequence, and the longest one."""
    pairs = common_subsequence(old, new)

    assert is_common(old, new, pairs)
    assert len(pairs) == longest(old, new)


@given(SEQUENCES, SEQUENCES, st.integers(0, 4))
def test_an_early_end_gives_what_was_aligned(old: list[str], new: list[str], most: int) -> None:
    """With a limit on differences the result is a common subsequence, which may be shorter."""
    assert is_common(old, new, common_subsequence(old, new, most))


def test_sequences_that_repeat_themselves_are_aligned() -> None:
    """A few items that are missing from a long periodic sequence are the only differences."""
    old = [number % 50 for number in range(2000)]
    new = [item for place, item in enumerate(old) if place not in (3, 701, 702, 1999)]

    assert len(common_subsequence(old, new)) == len(new)
