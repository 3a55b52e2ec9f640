"""Check whether the values that a call passes are valid for a release's schemas."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any

from ovcgen.model.schema import Array, Constant, Map, Record, Scalar, Schema
from ovcgen.usage.api_index import Surface
from ovcgen.usage.values import (
    Atom,
    ConstantValue,
    DictValue,
    Known,
    ResponseValue,
    SequenceValue,
    TaskValue,
    TypedValue,
)

TAKEN = {
    "string": {"str", "Task"},
    "integer": {"int"},
    "number": {"int", "float"},
    "boolean": {"bool"},
    "array": {"list", "tuple", "set"},
    "object": {"dict", "str"},
}
Limit = Callable[[Any, Any], bool]
NUMBERS: dict[str, Limit] = {
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "multipleOf": lambda value, limit: limit == 0 or value % limit == 0,
}
TEXTS: dict[str, Limit] = {
    "minLength": lambda value, limit: len(value) >= limit,
    "maxLength": lambda value, limit: len(value) <= limit,
}
LISTS: dict[str, Limit] = {
    "minItems": lambda value, limit: len(value) >= limit,
    "maxItems": lambda value, limit: len(value) <= limit,
}


class Fit(Enum):
    """Whether a value is valid: yes, no, or not known."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


def fit(value: Known, schema: Schema, surface: Surface) -> tuple[Fit, Atom | None]:
    """Return the worst result over all possible values of `value`, and the value that causes it (None for YES)."""
    worst: tuple[Fit, Atom | None] = (Fit.YES, None)
    for atom in sorted(value, key=repr):
        verdict = one(atom, schema, surface)
        if verdict is Fit.NO:
            return Fit.NO, atom
        if verdict is Fit.PERHAPS:
            worst = (Fit.PERHAPS, atom)
    return worst


def one(atom: Atom, schema: Schema, surface: Surface) -> Fit:
    """Return whether one possible value is valid for the schema. None is always valid, as it is not sent."""
    if isinstance(atom, ConstantValue) and atom.value is None:
        return Fit.YES  # the client does not send None
    wanted = _wanted(schema)
    if not wanted:
        return Fit.YES
    kind = kind_of(atom, surface)
    if not kind:
        return Fit.PERHAPS
    if kind not in TAKEN[wanted]:
        return Fit.NO
    if isinstance(atom, SequenceValue) and isinstance(schema, Array):
        return _listed(atom, schema, surface)
    if isinstance(atom, ConstantValue):
        return Fit.YES if _allowed(atom.value, schema) else Fit.NO
    return Fit.PERHAPS if schema.traits.enum or schema.traits.constraints else Fit.YES


def kind_of(atom: Atom, surface: Surface) -> str:
    """Return the Python type of a value, such as "str"; "" if it is not known."""
    match atom:
        case ConstantValue(_, kind) | TypedValue(kind) | SequenceValue(_, _, kind):
            return kind
        case ResponseValue():
            return surface.kind(atom.dotted, atom.member)
        case DictValue():
            return "dict"
        case TaskValue():
            return "Task"
    return ""


def _wanted(schema: Schema) -> str:
    """Return the JSON type of a schema; "" if it accepts any."""
    match schema:
        case Scalar(kind):
            return kind
        case Array():
            return "array"
        case Map() | Record():
            return "object"
    return ""


def _listed(atom: SequenceValue, schema: Array, surface: Surface) -> Fit:
    """Return whether a list is valid: its items and its length."""
    inner = [fit(known, schema.items, surface)[0] for known in (atom.items if atom.items is not None else (atom.each,))]
    if Fit.NO in inner:
        return Fit.NO
    limits = [(name, limit) for name, limit in schema.traits.constraints if name in LISTS]
    if atom.items is None:
        return Fit.PERHAPS if limits or Fit.PERHAPS in inner else Fit.YES
    if not all(LISTS[name](atom.items, limit.value) for name, limit in limits):
        return Fit.NO
    return Fit.PERHAPS if Fit.PERHAPS in inner else Fit.YES


def _allowed(value: Any, schema: Schema) -> bool:
    """Return whether a constant satisfies the enum and the constraints of a schema."""
    traits = schema.traits
    if traits.enum and Constant.of(value) not in traits.enum:
        return False
    limits = {name: limit.value for name, limit in traits.constraints}
    checks = TEXTS if isinstance(value, str) else NUMBERS if isinstance(value, int | float) else {}
    if not all(checks[name](value, limit) for name, limit in limits.items() if name in checks):
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        if limits.get("exclusiveMinimum") is True and value == limits.get("minimum"):
            return False
        if limits.get("exclusiveMaximum") is True and value == limits.get("maximum"):
            return False
    return not isinstance(value, str) or _matches(value, limits.get("pattern"))


def _matches(value: str, pattern: object) -> bool:
    """Return whether a text matches the pattern. True if the pattern is invalid or either is over 200 characters."""
    if not isinstance(pattern, str) or len(value) > 200 or len(pattern) > 200:
        return True
    try:
        return re.search(pattern, value) is not None
    except (re.error, RecursionError, OverflowError):
        return True
