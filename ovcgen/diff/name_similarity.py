"""Rate how similar two names are, and choose the most probable renames."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
SAME, NEAR, GROWN, REPLACED = 0.98, 0.85, 0.8, 0.7  # confidence: see similarity and replaced_word_confidence
TYPO = 0.9  # two words with at least this similarity ratio count as a misspelling
SHORTEST = 5  # shorter words are not tested for misspellings
STEM = 4  # a word with at least so many letters may have one more in front: `disk` and `vdisk`

SYNONYMS: Mapping[str, str] = {
    other: words[0]
    for words in (
        ("account", "acct"),
        ("address", "addr"),
        ("application", "app"),
        ("authentication", "auth"),
        ("configuration", "config", "conf", "cfg"),
        ("count", "cnt"),
        ("cpu", "vcpu", "processor"),
        ("delete", "remove", "del", "rm"),
        ("description", "desc", "descr"),
        ("destination", "dest", "dst"),
        ("directory", "dir", "folder"),
        ("environment", "env"),
        ("external", "ext"),
        ("group", "grp"),
        ("identifier", "id"),
        ("image", "img"),
        ("information", "info"),
        ("interface", "iface"),
        ("language", "lang"),
        ("machine", "vm", "virtualmachine", "vmachine"),
        ("maximum", "max"),
        ("memory", "mem"),
        ("message", "msg"),
        ("minimum", "min"),
        ("network", "net"),
        ("number", "num", "nr"),
        ("organization", "org", "organisation"),
        ("parameters", "params"),
        ("password", "passwd", "pwd"),
        ("private", "priv"),
        ("public", "pub"),
        ("reference", "ref"),
        ("repository", "repo"),
        ("source", "src"),
        ("specification", "spec"),
        ("temporary", "tmp"),
        ("text", "txt"),
        ("user", "usr"),
        ("value", "val"),
    )
    for other in words
}
OPPOSITES = frozenset(
    frozenset(pair)
    for pair in (
        ("public", "private"),
        ("external", "internal"),
        ("source", "destination"),
        ("source", "target"),
        ("minimum", "maximum"),
        ("start", "end"),
        ("first", "last"),
        ("before", "after"),
        ("previous", "next"),
        ("old", "new"),
        ("in", "out"),
        ("input", "output"),
        ("incoming", "outgoing"),
        ("read", "write"),
        ("up", "down"),
        ("upper", "lower"),
        ("left", "right"),
        ("local", "remote"),
        ("parent", "child"),
        ("active", "inactive"),
        ("enabled", "disabled"),
        ("open", "closed"),
        ("all", "one"),
    )
)


class RenameCandidate(NamedTuple):
    """A probable rename of an item in one sequence to an item in another one; both are given by their index.

    Attributes:
        old: The index in the sequence of removed items.
        new: The index in the sequence of added items.
        confidence: From 0 to 1.
    """

    old: int
    new: int
    confidence: float


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, such as `convert`, `to`, `template`. The result is cached.

    It is the same for `convertToTemplate` and `convert_to_template`. A number is a word. Letters of all scripts count,
    with their accents; all other characters separate words.
    """
    name = unicodedata.normalize("NFC", name)
    return tuple(name[found.start() : found.end()].casefold() for found in WORD.finditer(_shape(name)))


def _shape(name: str) -> str:
    """Return a text of the same length with `A`, `a` and `0` in place of capitals, other letters and digits."""
    if name.isascii():
        return name
    kinds = (unicodedata.category(character) for character in name)
    return "".join("A" if kind in ("Lu", "Lt") else {"L": "a", "M": "a", "N": "0"}.get(kind[0], " ") for kind in kinds)


def folded(name: str) -> str:
    """Return the name in lower case without separators: `maxdisk` for `maxDisk`, `max_disk` and `max-disk`.

    A name without letters and digits is returned as it is.
    """
    return "".join(words(name)) or name


def similarity(old: str, new: str) -> float:
    """Return the confidence that one name became the other: 0.98, 0.85, 0.8, or 0 for no resemblance.

    0.98 (SAME): only case or punctuation differ, or nothing. 0.85 (NEAR): one word is now in the plural, misspelt,
    abbreviated, a synonym, or has one letter more in front (`srcpath` and `sourcePath`, `maxDisk` and `maxVDisk`). 0.8
    (GROWN): a word other than a number was added or left out. Only letters and digits are compared (see `words`).
    """
    if folded(old) == folded(new):
        return SAME
    had, has = words(old), words(new)
    if len(had) == len(has):
        changed = [(one, other) for one, other in zip(had, has, strict=True) if one != other]
        return NEAR if len(changed) == 1 and _is_one_word(*changed[0]) else 0.0
    shorter, longer = sorted((had, has), key=len)
    if shorter in _joined(longer, shorter):
        return NEAR
    without = [longer[:index] + longer[index + 1 :] for index, word in enumerate(longer) if not word.isdigit()]
    return GROWN if shorter and shorter in without else 0.0


def replaced_word_confidence(old: str, new: str) -> float:
    """Return 0.7 (REPLACED) if one inner word was replaced (`attachPublicNetwork`, `attachExternalNetwork`), else 0.

    Both names need the same number of words, at least three. The first and the last word must be equal, because they
    carry the meaning. Replaced opposites (`public`, `private`) and numbers give 0. A name alone does not prove such a
    rename; callers need further evidence.
    """
    had, has = words(old), words(new)
    if len(had) != len(has) or len(had) < 3 or had[0] != has[0] or had[-1] != has[-1]:
        return 0.0
    changed = [(one, other) for one, other in zip(had, has, strict=True) if one != other]
    if len(changed) != 1 or any(word.isdigit() for word in changed[0]):
        return 0.0
    meanings = frozenset(SYNONYMS.get(word, word) for word in changed[0])
    return 0.0 if meanings in OPPOSITES else REPLACED


def unambiguous_renames(candidates: Iterable[RenameCandidate]) -> tuple[RenameCandidate, ...]:
    """Return the pairs whose confidence is higher than that of any other pair with one of the two items, sorted.

    They are sorted by the old, then by the new index. If two pairs of an item have the same highest confidence, neither
    is returned.
    """
    found = list(candidates)
    best: dict[tuple[str, int], list[float]] = {}
    for likely in found:
        best.setdefault(("old", likely.old), []).append(likely.confidence)
        best.setdefault(("new", likely.new), []).append(likely.confidence)

    def wins(pair: RenameCandidate) -> bool:
        rivals = (best["old", pair.old], best["new", pair.new])
        return all(max(scores) == pair.confidence and scores.count(pair.confidence) == 1 for scores in rivals)

    return tuple(sorted(likely for likely in found if wins(likely)))


def _joined(longer: tuple[str, ...], shorter: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """Yield `longer` with two neighbours replaced by the one word of `shorter` that means the same.

    Some names do not separate two words: `srcpath` is `source`, `path`. A single letter belongs to the word after it:
    `v`, `disk` is `vdisk`.
    """
    for index in range(len(longer) - 1 if len(longer) == len(shorter) + 1 else 0):
        first, second, word = longer[index], longer[index + 1], shorter[index]
        stem = word.removesuffix(second)
        glued = bool(stem) and stem != word and _is_one_word(stem, first)
        lettered = len(first) == 1 and first.isalpha() and _is_one_word(first + second, word)
        if glued or lettered:
            yield (*longer[:index], word, *longer[index + 2 :])


def _is_one_word(one: str, other: str) -> bool:
    """Return whether two words mean the same.

    One word must be the plural, a misspelling, an abbreviation or a synonym of the other, or the other with one letter
    in front.
    """
    shorter, longer = sorted((one, other), key=len)
    if longer in (f"{shorter}s", f"{shorter}es"):
        return not shorter.isdigit()
    if one in SYNONYMS and SYNONYMS[one] == SYNONYMS.get(other):
        return True
    if len(shorter) >= STEM and longer[1:] == shorter:
        return True
    return len(shorter) >= SHORTEST and SequenceMatcher(None, one, other, autojunk=False).ratio() >= TYPO
