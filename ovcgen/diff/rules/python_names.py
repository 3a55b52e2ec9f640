"""Find changes that matter only for Python names: ids, tags, the order of parameters.

They do not apply to dialects in which names come from paths and methods take keyword arguments only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ovcgen.diff import pairing
from ovcgen.diff.change import BREAKING, INFO, Location
from ovcgen.diff.pairing import ReleaseOperations
from ovcgen.diff.rules.operations import operation_location
from ovcgen.diff.rules.registry import API_RULES, OPERATION_RULES, PARAMETER_RULES, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.model.api import Operation, Parameter

rule = OPERATION_RULES.rule


@rule("operation.id-added", wire=INFO, sdk=BREAKING)
def operation_id_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has an operationId, and had none.

    Requests stay the same. An SDK calls its methods by such ids: where that gives another name, use it.
    """
    if new.plain and new.id and not old.id:
        found = Finding(f"has the id {quoted(new.id)} now.", after=new.id, pointer="/operationId")
        yield _with_python_name(old, new, found)


@rule("operation.id-removed", wire=INFO, sdk=BREAKING)
def operation_id_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has no operationId any more.

    Requests stay the same. An SDK calls its methods by such ids: where that gives another name, use it.
    """
    if new.plain and old.id and not new.id:
        yield _with_python_name(old, new, Finding(f"no longer has the id {quoted(old.id)}.", before=old.id))


@rule("operation.id-changed", wire=INFO, sdk=BREAKING)
def operation_id_changed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has another operationId.

    Requests stay the same. An SDK calls its methods by such ids: where that gives another name, use it.
    """
    if new.plain and old.id and new.id and old.id != new.id:
        says = f"has the id {quoted(new.id)} now; it was {quoted(old.id)}."
        yield _with_python_name(old, new, Finding(says, before=old.id, after=new.id, pointer="/operationId"))


@rule("operation.tag-added", wire=INFO, sdk=BREAKING)
def operation_tag_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has one more tag.

    Requests stay the same. An SDK groups its methods by the first tag: where that gives another name, use it.
    """
    for tag in _lacking(old, new):
        yield _with_python_name(old, new, Finding(f"has the tag {quoted(tag)} now.", after=tag, pointer="/tags"))


@rule("operation.tag-removed", wire=INFO, sdk=BREAKING)
def operation_tag_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has one tag less.

    Requests stay the same. An SDK groups its methods by the first tag: where that gives another name, use it.
    """
    for tag in _lacking(new, old):
        yield _with_python_name(old, new, Finding(f"no longer has the tag {quoted(tag)}.", before=tag))


@rule("parameter.order-changed", wire=INFO, sdk=INFO)
def parameter_order_changed(old: Operation, new: Operation) -> Iterator[Finding]:
    """The parameters are in another order.

    Callers that pass arguments by name do not break, and SDKs made by ovcgen accept no others. An SDK that takes
    arguments by position passes them to the wrong parameters. Pass them by name.
    """
    shared = pairing.parameters(old, new).both
    names = {(after.location, after.name): before.name for before, after in shared}
    kept = {(before.location, before.name) for before, _ in shared}
    had = [parameter.name for parameter in old.parameters if (parameter.location, parameter.name) in kept]
    has = [
        names[parameter.location, parameter.name]
        for parameter in new.parameters
        if (parameter.location, parameter.name) in names
    ]
    if had != has and new.plain:
        said = ", ".join(map(quoted, has))
        yield Finding(f"takes its parameters in another order: {said}.", before=had, after=has, pointer="/parameters")


@API_RULES.rule("operation.name-changed", wire=INFO, sdk=BREAKING)
def operation_name_changed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A call has another Python name, though its operationId and its tags are the same.

    Another call took its name, or it is named by its path, which is spelled otherwise. Requests stay the same. Python
    code finds no such method, or calls another operation than it means. Generate the new SDK beside the old one
    (`--out`): then calls keep their names. Else use the new name.
    """
    elsewhere = {rename.old.place for rename in old.calls.renamed}
    holders = {operation.dotted: operation for operation in new.api.callable_operations}
    for before, after in old.calls.both:
        if pairing.is_renamed_by_slots(before, after):
            continue
        moved = before.dotted != after.dotted and not (before.alternative or after.alternative)
        if moved and before.place not in elsewhere and _is_declared_alike(before, after):
            holder = holders.get(before.dotted)
            taken = f" {quoted(before.dotted)} is {quoted(holder.place)} now." if holder else ""
            yield Finding(
                f"is {quoted(after.dotted)} in Python now; it was {quoted(before.dotted)}.",
                operation_location(before),
                before=before.dotted,
                after=after.dotted,
                hint=f"In Python, call {quoted(after.dotted)} instead of {quoted(before.dotted)}.{taken}",
            )


@PARAMETER_RULES.rule("parameter.name-changed", wire=INFO, sdk=BREAKING)
def parameter_name_changed(old: Parameter, new: Parameter) -> Iterator[Finding]:
    """An argument has another Python name, though its name on the wire is the same: another argument took its name.

    Requests stay the same. Python code that passes it gets a TypeError, or passes another argument than it means.
    Generate the new SDK beside the old one (`--out`): then every argument keeps its name. Else use the new name.
    """
    if old.key != new.key and (old.name, old.location) == (new.name, new.location):
        yield Finding(
            f"is {quoted(new.key)} in Python now; it was {quoted(old.key)}.",
            before=old.key,
            after=new.key,
            hint=f"In Python, pass {quoted(new.key)} instead of {quoted(old.key)}.",
        )


@API_RULES.rule("definition.name-changed", wire=INFO, sdk=BREAKING)
def definition_name_changed(old: ReleaseOperations, new: ReleaseOperations) -> Iterator[Finding]:
    """A type of the SDK has another name, though it stands at the same place of the document.

    Requests stay the same. Code that names the type fails, or means another one. Generate the new SDK beside the old
    one (`--out`): then every type keeps its name. Else use the new name.
    """
    for place in sorted(old.types.keys() & new.types.keys()):
        before, after = old.types[place], new.types[place]
        if before != after:
            yield Finding(
                f"is the type {quoted(after)} now; it was {quoted(before)}.",
                Location(definition=place),
                before=before,
                after=after,
                hint=f"In Python, use {quoted(after)} instead of {quoted(before)}.",
            )


def _is_declared_alike(old: Operation, new: Operation) -> bool:
    """Return whether id and tags are unchanged, so that no other rule of this module reports the new name."""
    return not new.plain or (old.id == new.id and set(old.tags) == set(new.tags))


def _lacking(operation: Operation, other: Operation) -> list[str]:
    """Return the sorted tags that only `other` has; [] if operations are named by their path."""
    return sorted(set(other.tags) - set(operation.tags)) if other.plain else []


def _with_python_name(old: Operation, new: Operation, finding: Finding) -> Finding:
    """Return the finding with its effect on the Python name."""
    if old.dotted == new.dotted:
        return replace(finding, sdk=INFO)
    return replace(finding, hint=f"In Python, call {quoted(new.dotted)} instead of {quoted(old.dotted)}.")
