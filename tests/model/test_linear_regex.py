"""Test regular expressions of documents: matching in linear time, and making matching strings."""

import random
import re
import time

import pytest

from ovcgen.model.constraints import permits
from ovcgen.model.linear_regex import matches, text_of
from ovcgen.model.schema import Constant, Traits

BOMBS = [r"^(a+)+b$", r"(x+x+)+y", r"^(a|aa)+$", r"(.*)*z", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(a?){50}a{50}b"]
PATTERNS = [
    *(r"^a(b|c)*d$", r"[0-9]+\.[0-9]*", r"^(ab?){2,3}$", r"a$|^b", r"\w+\s\w+", r"x{0}y", r"^[^abc]+$", r"^\S\D?$"),
    *(r"^$", r"", r"(a|b|)c", r"[a-c]{2,}?d", r"\W|\d", r"a.c", r"^ab|cd$"),
]


@pytest.mark.parametrize("pattern", BOMBS)
def test_no_pattern_takes_long(pattern: str) -> None:
    """A pattern with catastrophic backtracking in Python's own matcher is matched at once."""
    started = time.process_time()

    matches(pattern, "a" * 5000 + "!")
    permits(Traits(constraints=(("pattern", Constant.of(pattern)),)), "a" * 5000 + "!")

    assert time.process_time() - started < 20


@pytest.mark.parametrize("pattern", PATTERNS)
def test_it_matches_what_python_matches(pattern: str) -> None:
    """A random string matches a pattern exactly if `re.search` matches."""
    choose = random.Random(1)  # noqa: S311 - no secret
    texts = ["".join(choose.choice("abcd01. xy") for _ in range(choose.randint(0, 6))) for _ in range(300)]

    assert [text for text in texts if matches(pattern, text) != bool(re.search(pattern, text))] == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_text_for_a_pattern_matches_it(pattern: str) -> None:
    """A string that is made for a pattern matches in Python, and has the wanted length."""
    for least in (0, 1, 5):
        text = text_of(pattern, least=least, most=20)
        assert text is None or (re.search(pattern, text) and least <= len(text) <= 20)
    assert text_of(pattern) is not None


@pytest.mark.parametrize(
    "pattern", [r"(?=a)b", r"(a)\1", r"[", r"((a{1000}){1000}){1000}", "(" * 5000, r"(?i)a", r"(){1000000000}"]
)
def test_what_can_not_be_judged_is_said_so(pattern: str) -> None:
    """Invalid, too large and non-regular patterns have the result unknown, neither match nor refusal."""
    assert matches(pattern, "b") is None
    assert text_of(pattern) is None


def test_a_text_is_as_short_as_possible() -> None:
    """The shortest matching string of the wanted length is returned, or None if the bounds allow none."""
    assert text_of(r"^[A-Z]{2}\d{3,5}$") == "AA111"
    assert text_of(r"^[A-Z]{2}\d{3,5}$", least=6) == "AA1111"
    assert text_of(r"^[A-Z]{2}\d{3,5}$", least=8, most=9) is None
    assert text_of("cat", least=6) == "cataaa"
