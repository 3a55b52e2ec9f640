"""Compare two schemas superficially, for detecting renames."""

from __future__ import annotations

from ovcgen.model.schema import Array, Composed, Map, Record, Reference, Scalar, Schema


def alike(old: Schema, new: Schema) -> bool:
    """Return whether both schemas have the same structure: names, types, formats and enums.

    Constraints and descriptions are ignored. Of records only the names of members and which are required are compared.
    """
    if type(old) is not type(new) or old.traits.enum != new.traits.enum or old.traits.format != new.traits.format:
        return False
    match old, new:
        case Scalar(had), Scalar(has):
            return had == has
        case Reference(had), Reference(has):
            return had == has
        case Array(had, written), Array(has, writes):
            return written == writes and alike(had, has)
        case Map(had), Map(has):
            return alike(had, has)
        case Composed(had), Composed(has):
            return len(had) == len(has) and all(map(alike, had, has))
        case Record(had), Record(has):
            return [(property_.name, property_.required) for property_ in had] == [(ha.name, ha.required) for ha in has]
        case _:
            return True
