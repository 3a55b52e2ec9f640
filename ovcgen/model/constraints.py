"""Merge the keywords that constrain values (`maximum`, `pattern`, ...), and check values against them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from ovcgen.model.linear_regex import matches
from ovcgen.model.schema import Constant, Json, Traits

LOWER = ("minItems", "minLength", "minProperties", "minimum")
UPPER = ("maxItems", "maxLength", "maxProperties", "maximum")
SWITCHES = ("exclusiveMaximum", "exclusiveMinimum", "uniqueItems")  # False has no effect

STRICTER: Mapping[str, Callable[[Json, Json], Json]] = {
    **dict.fromkeys(LOWER, max),
    **dict.fromkeys(UPPER, min),
    **dict.fromkeys(SWITCHES, lambda one, other: one or other),
    "multipleOf": lambda one, other: _least_common_multiple(one, other),
}
Check = Callable[[Any, Any], bool]
NUMBERS: Mapping[str, Check] = {
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "multipleOf": lambda value, limit: _is_multiple(value, limit),
}
TEXTS: Mapping[str, Check] = {
    "minLength": lambda value, limit: len(value) >= limit,
    "maxLength": lambda value, limit: len(value) <= limit,
    "pattern": lambda value, limit: _matches(value, limit),
}
LISTS: Mapping[str, Check] = {
    "minItems": lambda value, limit: len(value) >= limit,
    "maxItems": lambda value, limit: len(value) <= limit,
}
EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}  # no effect without the other keyword


def merged(every: Iterable[Traits]) -> tuple[tuple[str, Constant], ...]:
    """Return the constraints that hold if those of all traits hold, as sorted (keyword, value) pairs.

    Of two limits the stricter one counts, and of equal ones the one that excludes the limit itself. `multipleOf`
    becomes the least common multiple, and `uniqueItems` is true if it is true anywhere. Different values of any other
    keyword (`pattern`) are all kept, as a list.
    """
    found: dict[str, Constant] = {}
    constrained = [traits for traits in every if traits.constraints]
    for key, value in (pair for traits in constrained for pair in traits.constraints):
        earlier = found.get(key, value)
        found[key] = value if earlier == value else Constant.of(_stricter(key, earlier.value, value.value))
    for switch, bound in EXCLUSIVE.items():
        if switch in found and bound in found:
            limits = [traits.limits for traits in constrained]
            strictest = [limit.get(switch) is True for limit in limits if limit.get(bound) == found[bound].value]
            found[switch] = Constant.of(any(strictest))
    return tuple(sorted(found.items()))


def _stricter(key: str, one: Json, other: Json) -> Json:
    if key in STRICTER and isinstance(one, int | float) and isinstance(other, int | float):
        return STRICTER[key](one, other)
    ones, others = (value if isinstance(value, list) else [value] for value in (one, other))
    return sorted([*ones, *(value for value in others if value not in ones)], key=str)


def _least_common_multiple(one: float, other: float) -> float:
    """Return the smallest number that is a multiple of both, such as 0.3 of 0.1 and 0.15; 0 has no effect."""
    if not one or not other:
        return one or other
    first, second = Fraction(str(one)), Fraction(str(other))
    found = Fraction(lcm(first.numerator, second.numerator), gcd(first.denominator, second.denominator))
    return found.numerator if found.denominator == 1 else float(found)


def _is_multiple(value: float, step: float) -> bool:
    """Return whether a number is a multiple of `step`, with tolerance for rounding errors of fractions.

    True if `step` is 0, or if the quotient is beyond the range of floats.
    """
    if not step or not isinstance(step, float):
        return not step or value % step == 0
    try:
        quotient = value / step
        return abs(quotient - round(quotient)) < 1e-6
    except (OverflowError, ValueError):
        return True


def permits(traits: Traits, value: Json) -> bool:
    """Return whether a text, number or list satisfies the enum, and the constraints for its type, of a schema.

    For a list, only the length is checked. Booleans, objects and None are checked against the enum only. A pattern that
    is invalid or not supported allows any text; of several patterns (see `merged`) a text has to match each.
    """
    if traits.enum and Constant.of(value) not in traits.enum:
        return False
    limits, is_number = traits.limits, isinstance(value, int | float) and not isinstance(value, bool)
    checks = TEXTS if isinstance(value, str) else NUMBERS if is_number else LISTS if isinstance(value, list) else {}
    if not all(checks[keyword](value, limit) for keyword, limit in limits.items() if keyword in checks):
        return False
    excluded = [limits.get(bound) for switch, bound in EXCLUSIVE.items() if limits.get(switch) is True]
    return not is_number or value not in excluded


def _matches(value: str, pattern: object) -> bool:
    """Return whether a text matches a pattern, or each of a list. Invalid or not supported patterns match."""
    patterns = pattern if isinstance(pattern, list) else [pattern]
    return all(not isinstance(each, str) or matches(each, value) is not False for each in patterns)
