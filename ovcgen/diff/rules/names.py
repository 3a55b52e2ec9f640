"""What nothing on the wire depends on, but names in Python do: ids, tags, the order of parameters.

Of a portal's calls none of it means anything: they are named by their paths, and take nothing but names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ovcgen.diff import pairing
from ovcgen.diff.change import BREAKING, INFO
from ovcgen.diff.rules.registry import OPERATION_RULES, Finding
from ovcgen.diff.wording import quoted
from ovcgen.model.api import Operation

rule = OPERATION_RULES.rule


@rule("operation.id-added", wire=INFO, sdk=BREAKING)
def operation_id_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has an operationId, and had none.

    Requests stay the same. An SDK calls its methods by such ids: where that gives another name, use it.
    """
    if new.plain and new.id and not old.id:
        found = Finding(f"has the id {quoted(new.id)} now.", after=new.id, pointer="/operationId")
        yield _spelled(old, new, found)


@rule("operation.id-removed", wire=INFO, sdk=BREAKING)
def operation_id_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has no operationId any more.

    Requests stay the same. An SDK calls its methods by such ids: where that gives another name, use it.
    """
    if new.plain and old.id and not new.id:
        yield _spelled(old, new, Finding(f"no longer has the id {quoted(old.id)}.", before=old.id))


@rule("operation.id-changed", wire=INFO, sdk=BREAKING)
def operation_id_changed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has another operationId.

    Requests stay the same. An SDK calls its methods by such ids: where that gives another name, use it.
    """
    if new.plain and old.id and new.id and old.id != new.id:
        says = f"has the id {quoted(new.id)} now; it was {quoted(old.id)}."
        yield _spelled(old, new, Finding(says, before=old.id, after=new.id, pointer="/operationId"))


@rule("operation.tag-added", wire=INFO, sdk=BREAKING)
def operation_tag_added(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has one more tag.

    Requests stay the same. An SDK groups its methods by the first tag: where that gives another name, use it.
    """
    for tag in _lacking(old, new):
        yield _spelled(old, new, Finding(f"has the tag {quoted(tag)} now.", after=tag, pointer="/tags"))


@rule("operation.tag-removed", wire=INFO, sdk=BREAKING)
def operation_tag_removed(old: Operation, new: Operation) -> Iterator[Finding]:
    """A call has one tag less.

    Requests stay the same. An SDK groups its methods by the first tag: where that gives another name, use it.
    """
    for tag in _lacking(new, old):
        yield _spelled(old, new, Finding(f"no longer has the tag {quoted(tag)}.", before=tag))


@rule("parameter.order-changed", wire=INFO, sdk=INFO)
def parameter_order_changed(old: Operation, new: Operation) -> Iterator[Finding]:
    """The parameters stand in another order.

    Nobody breaks who names them, and the SDKs made here take nothing but names; one that takes arguments by their
    order passes them to the wrong parameters. Pass them by name.
    """
    shared = pairing.parameters(old, new).both
    names = {(after.place, after.name): before.name for before, after in shared}
    kept = {(before.place, before.name) for before, _ in shared}
    had = [each.name for each in old.parameters if (each.place, each.name) in kept]
    has = [names[each.place, each.name] for each in new.parameters if (each.place, each.name) in names]
    if had != has and new.plain:
        said = ", ".join(map(quoted, has))
        yield Finding(f"takes its parameters in another order: {said}.", before=had, after=has, pointer="/parameters")


def _lacking(operation: Operation, other: Operation) -> list[str]:
    """Tags of the other that this one does not have; where a call is named by its path, tags mean nothing."""
    return sorted(set(other.tags) - set(operation.tags)) if other.plain else []


def _spelled(old: Operation, new: Operation, finding: Finding) -> Finding:
    """The finding with what it makes of the Python name."""
    if old.dotted == new.dotted:
        return replace(finding, sdk=INFO)
    return replace(finding, hint=f"In Python, call {quoted(new.dotted)} instead of {quoted(old.dotted)}.")
