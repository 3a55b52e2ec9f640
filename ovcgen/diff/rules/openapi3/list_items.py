"""Find lists whose items are described, or no longer are (OpenAPI 3)."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.rules.registry import OPENAPI3, Directed, Finding
from ovcgen.diff.schema_pairs import Direction, Shape, has_free_items
from ovcgen.model.schema import Array, Schema
from ovcgen.model.walk import ITEMS

rule = OPENAPI3.shapes.rule


@rule("items.added", wire=Directed(BREAKING, INFO), sdk=INFO)
def items_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """The items of a list have to be of a type.

    In a request items of another type are refused now: send them in that type. In an answer nothing unexpected
    arrives.
    """
    if has_free_items(old) and isinstance(new.schema, Array) and not has_free_items(new):
        hint = "Send items of that type." if _sent(new) else ""
        yield Finding("has a type now; it could be anything.", Location(member=ITEMS), hint=hint)


@rule("items.removed", wire=Directed(INFO, BREAKING), sdk=Directed(INFO, WARNING))
def items_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """The items of a list may be of any type.

    In a request nobody breaks. In an answer items of other types may arrive: be ready for them.
    """
    if has_free_items(new) and isinstance(old.schema, Array) and not has_free_items(old):
        hint = "" if _sent(new) else "Be ready for other types."
        yield Finding("can be anything now; it had a type.", Location(member=ITEMS), hint=hint)


@rule("prefix-items.added", wire=Directed(WARNING, INFO), sdk=INFO)
def prefix_items_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """An item of a list is described by its position.

    In a request another item at that position may be refused: look what belongs there. In an answer nothing
    unexpected arrives.
    """
    for number in range(len(_prefix(old)), len(_prefix(new))):
        hint = "Look what belongs at that position." if _sent(new) else ""
        yield Finding("has a schema of its own now.", Location(member=f"[{number}]"), hint=hint)


@rule("prefix-items.removed", wire=Directed(INFO, WARNING), sdk=INFO)
def prefix_items_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """An item of a list is no longer described by its position.

    In a request nobody breaks. In an answer another item may come there: be ready for it.
    """
    for number in range(len(_prefix(new)), len(_prefix(old))):
        hint = "" if _sent(new) else "Be ready for another item."
        yield Finding("no longer has a schema of its own.", Location(member=f"[{number}]"), hint=hint)


def _prefix(shape: Shape) -> tuple[Schema, ...]:
    return shape.schema.prefix if isinstance(shape.schema, Array) else ()


def _sent(shape: Shape) -> bool:
    return shape.direction is Direction.REQUEST
