"""Read waiters from the corrections of operations.

`x-done-when` of an operation maps names to waiters:

- `doc`: the docstring.
- `until`: a list of conditions that must all hold. A condition has `at`, a path as `/status` or
  `/interfaces/*/ipAddress`, and either `is` (allowed values) or `not` (forbidden values). The path of the first
  condition is the object's status.
- `failed`: statuses from which the target can't be reached any more.
- `falls_back`: the wait also fails at a status of `to` after a status of `from`.
- `gone`: if true, an unknown object ends the wait successfully.
- `where`: selects an entry of a list: a parameter (`name`, `type`, `description`) and `at`, the path in the entry of
  the value that must be equal to the argument.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ovcgen.model.schema import Json
from ovcgen.model.waiter import ConditionSpec, ListEntry, WaiterSpec

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
PATH = re.compile(r"(/[^/]+)+")
OPTIONS = frozenset({"on_progress", "self", "timeout", "unknown"})  # arguments that every waiter has
KINDS = ("integer", "string")


def waiters(operations: Iterable[tuple[str, str, Mapping[str, Json]]]) -> tuple[WaiterSpec, ...]:
    """Return the valid waiters (`x-done-when`) of a document's operations, sorted by name; () for none.

    Malformed waiters are left out, and so are those with a parameter name that another parameter or an option uses. Of
    two with one name the first is kept.

    Args:
        operations: (path, verb, operation object) of each operation.
    """
    found: dict[str, WaiterSpec] = {}
    for path, verb, body in operations:
        said = body.get("x-done-when")
        for name, declared in said.items() if isinstance(said, dict) else ():
            try:
                waiter = _waiter(name, verb, path, declared)
            except (AttributeError, KeyError, TypeError, ValueError):
                continue
            if not _clash(waiter, {one.get("x-ovcgen-key", one["name"]) for one in body.get("parameters", ())}):
                found.setdefault(name, waiter)
    return tuple(found[name] for name in sorted(found))


def _waiter(name: str, verb: str, path: str, said: Mapping[str, Json]) -> WaiterSpec:
    falls = said.get("falls_back", {})
    return WaiterSpec(
        name=_matching(NAME, name),
        method=verb.upper(),
        path=path,
        until=tuple(map(_condition, said["until"])) or _none("a condition"),
        doc=str(said.get("doc", "")),
        failure_states=_texts(said.get("failed", [])),
        regress_from=_texts(falls.get("from", [])),
        regress_to=_texts(falls.get("to", [])),
        missing_is_success=said.get("gone") is True,
        list_entry=_entry(said["where"]) if "where" in said else None,
    )


def _condition(said: Mapping[str, Json]) -> ConditionSpec:
    negated = "not" in said
    return ConditionSpec(_matching(PATH, said["at"]), _texts(said["not" if negated else "is"]), negated)


def _entry(said: Mapping[str, Json]) -> ListEntry:
    name, kind = _matching(re.compile(r"[A-Za-z]\w*", re.ASCII), said["name"]), said["type"]
    if kind not in KINDS or keyword.iskeyword(name):
        _none("a kind")
    return ListEntry(name, name, kind, _matching(PATH, said["at"]), str(said.get("description", "")))


def _texts(values: Json) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        _none("a list of texts")
    return tuple(sorted(values))


def _matching(form: re.Pattern[str], text: str) -> str:
    return text if form.fullmatch(text) else _none("a name")


def _none(what: str) -> Any:
    raise ValueError(f"It is not {what}.")


def _clash(waiter: WaiterSpec, keys: set[str]) -> bool:
    """Return whether two arguments of the waiter would have the same keyword."""
    own = {waiter.list_entry.key} if waiter.list_entry else set()
    return bool(OPTIONS & (keys | own) or own & keys)
