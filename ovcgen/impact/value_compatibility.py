"""Check whether the values that a call passes are valid for a release's schemas."""

from __future__ import annotations

from enum import Enum

from ovcgen.model.constraints import LISTS, permits
from ovcgen.model.resolve import kind_of as schema_kind
from ovcgen.model.schema import Array, Composed, Reference, Schema, Union
from ovcgen.usage.api_index import ApiIndex
from ovcgen.usage.values import (
    AbstractValue,
    ConstantValue,
    DictValue,
    PossibleValues,
    ResponseValue,
    SequenceValue,
    TaskValue,
    TypedValue,
)

TAKEN: dict[str | None, set[str]] = {
    "string": {"str", "Task"},
    "integer": {"int"},
    "number": {"int", "float"},
    "boolean": {"bool"},
    "array": {"list", "tuple", "set"},
    "object": {"dict", "str"},
}


class Fit(Enum):
    """The result of checking a value against a schema: valid (YES), not valid (NO), or not known (PERHAPS)."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


def worst_fit(value: PossibleValues, schema: Schema, api_index: ApiIndex) -> tuple[Fit, AbstractValue | None]:
    """Return the worst result over all possible values of `value`, and the value that causes it (None for YES).

    NO is worse than PERHAPS, and PERHAPS is worse than YES. Without possible values the result is YES.
    """
    worst: tuple[Fit, AbstractValue | None] = (Fit.YES, None)
    for atom in sorted(value, key=repr):
        verdict = fit_of_value(atom, schema, api_index)
        if verdict is Fit.NO:
            return Fit.NO, atom
        if verdict is Fit.PERHAPS:
            worst = (Fit.PERHAPS, atom)
    return worst


def fit_of_value(atom: AbstractValue, schema: Schema, api_index: ApiIndex) -> Fit:
    """Return whether one possible value is valid for the schema; YES for None, which the client does not send.

    References, `allOf` and unions are not followed: any value is valid for them (YES), as for Anything and File. A text
    is valid for an object. A value of an unknown type gives PERHAPS, and so does one of the right type if only its type
    is known and the schema has constraints.
    """
    if isinstance(atom, ConstantValue) and atom.value is None:
        return Fit.YES  # the client does not send None
    wanted = None if isinstance(schema, Reference | Composed | Union) else TAKEN.get(schema_kind(schema))
    if wanted is None:
        return Fit.YES
    kind = kind_of(atom, api_index)
    if not kind:
        return Fit.PERHAPS
    if kind not in wanted:
        return Fit.NO
    if isinstance(atom, SequenceValue) and isinstance(schema, Array):
        return _listed(atom, schema, api_index)
    if isinstance(atom, ConstantValue):
        return Fit.YES if permits(schema.traits, atom.value) else Fit.NO
    return Fit.PERHAPS if schema.traits.enum or schema.traits.constraints else Fit.YES


def kind_of(atom: AbstractValue, api_index: ApiIndex) -> str:
    """Return the name of the Python type of a possible value, such as "str" or "Task"; "" if it is not known.

    `api_index` is that of the old release, for values that are parts of responses.
    """
    match atom:
        case ConstantValue(_, kind) | TypedValue(kind) | SequenceValue(_, _, kind):
            return kind
        case ResponseValue():
            return api_index.kind(atom.dotted, atom.member)
        case DictValue():
            return "dict"
        case TaskValue():
            return "Task"
    return ""


def _listed(atom: SequenceValue, schema: Array, api_index: ApiIndex) -> Fit:
    """Return whether a list is valid: its items and its length."""
    items = atom.items if atom.items is not None else (atom.element,)
    inner = [worst_fit(item, schema.items, api_index)[0] for item in items]
    if Fit.NO in inner:
        return Fit.NO
    limits = [(name, limit) for name, limit in schema.traits.constraints if name in LISTS]
    if atom.items is None:
        return Fit.PERHAPS if limits or Fit.PERHAPS in inner else Fit.YES
    if not all(LISTS[name](atom.items, limit.value) for name, limit in limits):
        return Fit.NO
    return Fit.PERHAPS if Fit.PERHAPS in inner else Fit.YES
