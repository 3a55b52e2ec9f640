"""Texts that a regular expression matches, for the patterns that people write into documents."""

from __future__ import annotations

import re._constants as codes  # type: ignore[import-not-found]  # Python's own parser, without a public name
import re._parser as parser  # type: ignore[import-not-found]
import string
from random import Random
from typing import Any

LETTERS = string.ascii_letters + string.digits + "_-. /:"
CATEGORIES = {
    codes.CATEGORY_DIGIT: string.digits,
    codes.CATEGORY_WORD: string.ascii_letters + string.digits + "_",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_DIGIT: string.ascii_letters,
    codes.CATEGORY_NOT_WORD: "-. ",
    codes.CATEGORY_NOT_SPACE: string.ascii_letters + string.digits,
}
MORE = 4  # how often more than the least something is repeated


def matching(pattern: str, random: Random, *, more: int = 0) -> str:
    """A text that the whole pattern matches, what can be repeated at least `more` times.

    Raises re.error, or ValueError where it needs what this does not know.
    """
    return _all(parser.parse(pattern), random, more)


def _one(code: Any, argument: Any, random: Random, more: int) -> str:
    match str(code):
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return random.choice([letter for letter in LETTERS if ord(letter) != argument])
        case "ANY":
            return random.choice(LETTERS)
        case "IN":
            return random.choice(sorted(_choices(argument)))
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return ""
        case "BRANCH":
            return _all(random.choice(argument[1]), random, more)
        case "SUBPATTERN":
            return _all(argument[3], random, more)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, repeated = argument
            least = max(least, min(int(most), more))
            times = random.randint(least, min(int(most), least + MORE))
            return "".join(_all(repeated, random, more) for _ in range(times))
        case "CATEGORY":
            return random.choice(CATEGORIES[argument])
    raise ValueError(f"{code} in a pattern")


def _all(codes_: Any, random: Random, more: int) -> str:
    return "".join(_one(code, argument, random, more) for code, argument in codes_)


def _choices(items: Any) -> set[str]:
    found: set[str] = set()
    negated = False
    for code, argument in items:
        match str(code):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found.add(chr(argument))
            case "RANGE":
                found |= {chr(number) for number in range(argument[0], min(argument[1], argument[0] + 200) + 1)}
            case "CATEGORY":
                found |= set(CATEGORIES[argument])
    return set(LETTERS) - found if negated else found
