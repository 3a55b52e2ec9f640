"""Define waiters: what to poll until an object has the wanted state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConditionSpec:
    """A condition on the value at the path `at`: it is one of `values`, or none of them if `negated`."""

    at: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ListEntry:
    """The parameter that selects an entry of a list, and the path `at` in the entry of the value to compare with."""

    name: str
    key: str
    kind: str
    at: str
    doc: str = ""


@dataclass(frozen=True, slots=True)
class WaiterSpec:
    """A waiter that polls the operation with that `method` and `path`; `model.readers.waiters` describes the fields."""

    name: str
    method: str
    path: str
    until: tuple[ConditionSpec, ...]
    doc: str = ""
    failure_states: tuple[str, ...] = ()
    regress_from: tuple[str, ...] = ()
    regress_to: tuple[str, ...] = ()
    missing_is_success: bool = False
    list_entry: ListEntry | None = None
