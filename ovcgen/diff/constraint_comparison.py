"""Compare the constraints of two schemas (`maximum`, `pattern`, ...), and find those without effect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from ovcgen.diff.schema_pairs import Shape
from ovcgen.model.constraints import EXCLUSIVE, LOWER, SWITCHES, UPPER
from ovcgen.model.schema import Json

NUMBERS, TEXTS, LISTS, OBJECTS = ("integer", "number"), ("string",), ("array",), ("object",)
HOLDS_FOR = {
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"), NUMBERS),
    **dict.fromkeys(("maxLength", "minLength", "pattern"), TEXTS),
    **dict.fromkeys(("maxItems", "minItems", "uniqueItems", "maxContains", "minContains"), LISTS),
    **dict.fromkeys(("maxProperties", "minProperties"), OBJECTS),
}
COUNTS = ("minItems", "minLength", "minProperties")  # 0 has no effect
LEAST = "minContains"
CONTAINED = ("maxContains", LEAST)  # without `contains` they have no effect
MATCH_ALL = ("", ".*", "^.*$", "^.*", ".*$")  # patterns that all texts match


class Move(Enum):
    """How a constraint changed.

    CHANGED means that the constraint became neither tighter nor looser, or that it is not known which.
    """

    ADDED = "added"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ConstraintChange:
    """A record of one constraint that changed.

    Attributes:
        keyword: The keyword, such as `maximum`.
        before, after: Its values; None if the release does not have it.
        move: How it changed.
        idle: Whether the constraint has no effect in either release.
    """

    keyword: str
    before: Json
    after: Json
    move: Move
    idle: bool


@lru_cache(maxsize=4)
def changed_constraints(old: Shape, new: Shape) -> tuple[ConstraintChange, ...]:
    """Return the constraints that changed, sorted by keyword; () if none did, or if the types can't be compared.

    Only equal types can be compared, numbers with integers, and either of these with a schema without a type. Values
    without effect, such as `minLength: 0`, count as missing; a constraint that does not apply to the type is returned
    with `idle`.
    """
    had, has = old.traits, new.traits
    is_same = had.constraints == has.constraints and had.unchecked == has.unchecked
    return () if is_same else tuple(_limits(old, new))


def _limits(old: Shape, new: Shape) -> Iterator[ConstraintChange]:
    if old.kind != new.kind and not ({old.kind, new.kind} <= {*NUMBERS, None}):
        return
    had, has = _declared(old), _declared(new)
    if {had.get(LEAST, 1), has.get(LEAST, 1)} == {1}:  # the default
        had, has = ({key: value for key, value in side.items() if key != LEAST} for side in (had, has))
    for keyword in sorted(had.keys() | has.keys()):
        before, after = had.get(keyword), has.get(keyword)
        if before != after:
            idle = _is_idle(keyword, old, had) and _is_idle(keyword, new, has)
            word = _word(keyword, old, had, has)
            yield ConstraintChange(
                word, before, after, _move(keyword, before, after, is_openapi3=bool(old.openapi)), idle
            )


def _declared(shape: Shape) -> dict[str, Json]:
    declared = shape.traits.limits
    idle = {
        *(key for key in SWITCHES if declared.get(key) is not True),
        *(key for key in COUNTS if declared.get(key) == 0),
    }
    if shape.traits.unchecked:
        unchecked = dict(shape.traits.unchecked)
        declared |= {key: unchecked[key].value for key in CONTAINED if key in unchecked and "contains" in unchecked}
    idle |= {"pattern"} if shape.openapi and declared.get("pattern") == "" else set()
    return {key: value for key, value in declared.items() if key not in idle}


def _word(keyword: str, shape: Shape, had: dict[str, Json], has: dict[str, Json]) -> str:
    """Return the keyword as documents write it: an exclusive limit is one keyword since OpenAPI 3.1."""
    if shape.openapi < "3.1":
        return keyword
    switch = next((switch for switch, limit in EXCLUSIVE.items() if limit == keyword), "")
    return switch if had.get(switch) and has.get(switch) else keyword


def _is_idle(keyword: str, shape: Shape, declared: dict[str, Json]) -> bool:
    """Return whether a constraint has no effect on values of the schema's type."""
    if keyword not in declared:
        return True
    if shape.kind is not None and shape.kind not in HOLDS_FOR[keyword]:
        return True
    return keyword in EXCLUSIVE and EXCLUSIVE[keyword] not in declared


def _move(keyword: str, before: Json, after: Json, *, is_openapi3: bool) -> Move:
    if keyword in SWITCHES:
        return Move.TIGHTENED if after else Move.LOOSENED
    if before is None:
        return Move.ADDED
    if after is None:
        return Move.REMOVED
    if is_openapi3 and keyword == "pattern" and after in MATCH_ALL:
        return Move.LOOSENED
    if keyword not in (*LOWER, *UPPER, *CONTAINED) or not (_is_number(before) and _is_number(after)):
        return Move.CHANGED
    return Move.TIGHTENED if (after > before) == (keyword in LOWER or keyword == LEAST) else Move.LOOSENED


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
