"""Define waiters: what to poll until an object has the wanted state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConditionSpec:
    """A record of a condition on the value at the path `at`, such as `/status`.

    Attributes:
        at: The path in the response; `*` stands for every item of a list.
        values: The allowed values, or the forbidden ones if `negated`.
        negated: Whether the value must be none of `values`.
    """

    at: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A record of how a waiter selects one entry of a list that the polled operation returns.

    Attributes:
        name, key: The wire name and the Python keyword of the parameter that selects the entry.
        kind: The parameter's type, `integer` or `string`.
        at: The path in an entry of the value that must equal the argument, such as `/id`.
        doc: The parameter's description.
    """

    name: str
    key: str
    kind: str
    at: str
    doc: str = ""


@dataclass(frozen=True, slots=True)
class WaiterSpec:
    """A record of a waiter, which polls an operation until an object has the wanted state.

    Attributes:
        name: The method's name, as in `client.wait.<name>`.
        method, path: The operation that it polls.
        until: Conditions that must all hold. The first one's path is the object's status.
        doc: The docstring.
        failure_states: Statuses from which the target can't be reached any more.
        regress_from, regress_to: The wait fails at a status of `regress_to` after one of `regress_from`.
        missing_is_success: Whether an unknown object ends the wait successfully (deletions).
        list_entry: How an entry of a list is selected; None if the operation returns the object itself.
    """

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
