"""Merge the keywords that constrain values (`maximum`, `pattern`, ...), and check values against them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
}
Check = Callable[[Any, Any], bool]
NUMBERS: Mapping[str, Check] = {
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "multipleOf": lambda value, limit: limit == 0 or value % limit == 0,
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

    Of two limits the stricter one counts. A switch such as `exclusiveMinimum` is true if it is true anywhere. Two
    different values of any other keyword (`pattern`, `multipleOf`) are both kept, as a list.
    """
    found: dict[str, Constant] = {}
    for key, value in (pair for traits in every for pair in traits.constraints):
        earlier = found.get(key, value)
        found[key] = value if earlier == value else Constant.of(_stricter(key, earlier.value, value.value))
    return tuple(sorted(found.items()))


def _stricter(key: str, one: Json, other: Json) -> Json:
    if key in STRICTER and isinstance(one, int | float) and isinstance(other, int | float):
        return STRICTER[key](one, other)
    return sorted([one, other], key=str)


def permits(traits: Traits, value: Json) -> bool:
    """Return whether a text, number or list satisfies the enum, and the constraints for its type, of a schema.

    For a list, only the length is checked. A boolean counts as a number. Objects and None are checked against the enum
    only. A pattern that is invalid or not supported allows any text, and so does a list of patterns (see `merged`).
    """
    if traits.enum and Constant.of(value) not in traits.enum:
        return False
    limits, is_number = traits.limits, isinstance(value, int | float)
    checks = TEXTS if isinstance(value, str) else NUMBERS if is_number else LISTS if isinstance(value, list) else {}
    if not all(checks[keyword](value, limit) for keyword, limit in limits.items() if keyword in checks):
        return False
    excluded = [limits.get(bound) for switch, bound in EXCLUSIVE.items() if limits.get(switch) is True]
    return not is_number or isinstance(value, bool) or value not in excluded


def _matches(value: str, pattern: object) -> bool:
    """Return whether a text matches the pattern. True if the pattern is invalid or not supported."""
    return not isinstance(pattern, str) or matches(pattern, value) is not False
