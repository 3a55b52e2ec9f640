"""Whether what a call passes fits what a release takes."""

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
    """What can be said of a value."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


def fit(value: Known, schema: Schema, surface: Surface) -> tuple[Fit, Atom | None]:
    """The worst that may happen to any value that it may be, and that one."""
    worst: tuple[Fit, Atom | None] = (Fit.YES, None)
    for atom in sorted(value, key=repr):
        verdict = one(atom, schema, surface)
        if verdict is Fit.NO:
            return Fit.NO, atom
        if verdict is Fit.PERHAPS:
            worst = (Fit.PERHAPS, atom)
    return worst


def one(atom: Atom, schema: Schema, surface: Surface) -> Fit:
    """Does that value fit?"""
    if isinstance(atom, ConstantValue) and atom.value is None:
        return Fit.YES  # as good as left out
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
    """Its Python type; "" where nobody knows."""
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
    match schema:
        case Scalar(kind):
            return kind
        case Array():
            return "array"
        case Map() | Record():
            return "object"
    return ""


def _listed(atom: SequenceValue, schema: Array, surface: Surface) -> Fit:
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
    """What can't be compiled refuses nothing here, and texts that might take long are not tried."""
    if not isinstance(pattern, str) or len(value) > 200 or len(pattern) > 200:
        return True
    try:
        return re.search(pattern, value) is not None
    except (re.error, RecursionError, OverflowError):
        return True
