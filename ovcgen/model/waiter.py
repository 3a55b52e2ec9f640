"""When an object is as a caller wants it, and by which call that can be seen: values, read from the corrections.

An operation's `x-done-when` holds waiters by name, each with a `doc` and `until`, a list of conditions that all have
to hold: `at` (a path as `/status` or `/interfaces/*/ipAddress`) and either the texts that have to stand there (`is`)
or those that must not (`not`). The first is about the object's status, as are `failed` (it can't come to that any
more) and `falls_back` (nor at a status of `to` after one of `from`). `gone` says that an unknown object is as wanted;
`where` picks an entry of a list: a parameter with `name`, `type` and `description`, and `at`, where its value stands.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
PATH = re.compile(r"(/[^/]+)+")
OPTIONS = frozenset({"on_progress", "self", "timeout", "unknown"})  # what every waiter takes
KINDS = ("integer", "string")

Json = Any


@dataclass(frozen=True, slots=True)
class ConditionSpec:
    """What has to stand at that path: one of the values, or, where `negated`, something else."""

    at: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ListEntry:
    """Which entry of a list is meant: the parameter that says so, and where in the entry its value stands."""

    name: str
    key: str
    kind: str
    at: str
    doc: str = ""


@dataclass(frozen=True, slots=True)
class WaiterSpec:
    """One thing to wait for; `method` and `path` say which operation is asked."""

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


def waiters(operations: Iterable[tuple[str, str, Mapping[str, Json]]]) -> tuple[WaiterSpec, ...]:
    """All waiters of a document's operations, by name. What is said in another form than ours is no waiter."""
    found: dict[str, WaiterSpec] = {}
    for path, verb, body in operations:
        said = body.get("x-done-when")
        for name, each in said.items() if isinstance(said, dict) else ():
            try:
                waiter = _waiter(name, verb, path, each)
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
    """Whether a keyword would have two meanings."""
    own = {waiter.list_entry.key} if waiter.list_entry else set()
    return bool(OPTIONS & (keys | own) or own & keys)
