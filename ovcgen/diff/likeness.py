"""How alike two names are, and which pairs of what went and what came are the same thing under another name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
SAME, NEAR, GROWN = 0.98, 0.85, 0.8  # as sure as that is: see likeness
TYPO = 0.9  # how alike two words are of which one is the other, misspelt
SHORTEST = 5  # what is shorter has no room for a slip


class Likely(NamedTuple):
    """The place of something that went, the place of something that came, and how sure it is that they are one."""

    old: int
    new: int
    confidence: float


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """`convertToTemplate`, `convert_to_template` and `ConvertToTemplate` are the same three words."""
    return tuple(word.lower() for word in WORD.findall(name))


def folded(name: str) -> str:
    """The name without what people write in different ways: case, underscores, hyphens."""
    return "".join(words(name)) or name


def likeness(old: str, new: str) -> float:
    """How sure it is that one name became the other: 0 is not at all.

    SAME: only case or punctuation differ. NEAR: one word is in the plural now, or misspelt. GROWN: a word more or less.
    """
    if folded(old) == folded(new):
        return SAME
    had, has = words(old), words(new)
    if len(had) == len(has):
        changed = [(one, other) for one, other in zip(had, has, strict=True) if one != other]
        return NEAR if len(changed) == 1 and _is_one_word(*changed[0]) else 0.0
    shorter, longer = sorted((had, has), key=len)
    without = [longer[:index] + longer[index + 1 :] for index, word in enumerate(longer) if not word.isdigit()]
    return GROWN if shorter and shorter in without else 0.0


def surest(candidates: Iterable[Likely]) -> tuple[Likely, ...]:
    """The pairs that fit each other better than anything else; where two fit as well, neither is taken."""
    found = list(candidates)
    best: dict[tuple[str, int], list[float]] = {}
    for each in found:
        best.setdefault(("old", each.old), []).append(each.confidence)
        best.setdefault(("new", each.new), []).append(each.confidence)

    def wins(each: Likely) -> bool:
        rivals = (best["old", each.old], best["new", each.new])
        return all(max(scores) == each.confidence and scores.count(each.confidence) == 1 for scores in rivals)

    return tuple(sorted(each for each in found if wins(each)))


def _is_one_word(one: str, other: str) -> bool:
    """Is one the other's plural, or a slip of the finger?"""
    shorter, longer = sorted((one, other), key=len)
    if longer in (f"{shorter}s", f"{shorter}es"):
        return not shorter.isdigit()
    return len(shorter) >= SHORTEST and SequenceMatcher(None, one, other, autojunk=False).ratio() >= TYPO
