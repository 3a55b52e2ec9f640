"""Find types that changed, and list formats (`collectionFormat`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

from ovcgen.diff.change import BREAKING, INFO, WARNING
from ovcgen.diff.rules.registry import SHAPE_RULES, Directed, Finding
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape
from ovcgen.diff.union_member_pairs import MemberPairs, types_of
from ovcgen.model.resolve import kind_of
from ovcgen.model.schema import Anything, Array, Json, Union

rule = SHAPE_RULES.rule

ANYTHING = "anything"
DIGITS = ("integer", "number", "boolean")  # types whose values a form or query writes as a restricted text


class TypeRelation(Enum):
    """How the values of the new type relate to those of the old one.

    They are the same (SAME), fewer (NARROWED), more (WIDENED), or neither type includes the other (OTHER).
    """

    SAME = "same"
    NARROWED = "narrowed"
    WIDENED = "widened"
    OTHER = "other"


@rule("type.changed", wire=BREAKING, sdk=BREAKING)
def type_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has another type, and neither type holds the values of the other.

    What callers send is refused, or what they read is something else. Convert the value.
    """
    if type_relation(old, new) is TypeRelation.OTHER:
        yield _finding(old, new, "is")


@rule("type.narrowed", wire=Directed(BREAKING, INFO), sdk=Directed(BREAKING, WARNING))
def type_narrowed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has a type that holds fewer values than before.

    In a request some values are refused now: send only those of the new type. In an answer nothing unexpected arrives;
    where digits became a number, Python code gets another class.
    """
    if type_relation(old, new) is TypeRelation.NARROWED:
        yield _finding(old, new, "is only")


@rule("type.widened", wire=Directed(INFO, BREAKING), sdk=Directed(INFO, BREAKING))
def type_widened(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has a type that holds more values than before.

    In a request everything that was accepted still is; where a number became text, the wire is the same but a typed
    client refuses numbers. In an answer values arrive that the old type did not have: read them as the new type.
    """
    if type_relation(old, new) is TypeRelation.WIDENED:
        found = _finding(old, new, "may be any" if new.kind else "may be")
        as_text = old.text and (new.kind == "string" or old.repeats)
        yield replace(found, wire=Directed(WARNING, BREAKING), sdk=BREAKING) if as_text else found


@rule("collection-format.changed", wire=BREAKING, sdk=INFO)
def collection_format_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A list is written in another way outside JSON.

    A service that splits it another way sees other values; the new SDK writes it rightly. Write it as the new release
    reads it.
    """
    match old.schema, new.schema:
        case Array(collection=before), Array(collection=after) if old.text and before != after:
            yield Finding(
                f"is written as {quoted(after)} now; it was {quoted(before)}.",
                before=before,
                after=after,
                hint=f"Write the list as {quoted(after)}.",
            )


def type_relation(old: Shape, new: Shape) -> TypeRelation:
    """Return how the type of the new schema relates to that of the old one.

    `number` includes `integer`, and no type includes all types. Outside of JSON a string includes all numbers and
    booleans, because these are written as text, and a list written as repeated fields includes its items' type. For two
    unions that are no lists of types the result is SAME, and also for a union and a schema that is paired with one of
    its members: the members are compared instead.
    """
    if old.union is not None:
        return _step_of_unions(old, new, old.union)
    before, after = old.kind, new.kind
    if before == after:
        return TypeRelation.SAME
    if old.repeats and _is_list_of(old, new):
        return TypeRelation.WIDENED
    if after is None or (before, after) == ("integer", "number"):
        return TypeRelation.WIDENED
    if before is None or (before, after) == ("number", "integer"):
        return TypeRelation.NARROWED
    if old.text and new.text and before in DIGITS and after == "string":
        return TypeRelation.WIDENED
    if old.text and new.text and before == "string" and after in DIGITS:
        return TypeRelation.NARROWED
    return TypeRelation.OTHER


def _step_of_unions(old: Shape, new: Shape, union: MemberPairs) -> TypeRelation:
    """Return how the types of two unions relate; SAME if their members are compared instead."""
    if isinstance(old.schema, Anything):
        return TypeRelation.NARROWED
    if isinstance(new.schema, Anything):
        return TypeRelation.WIDENED
    had, has = types_of(old.schema), types_of(new.schema)
    if union.by_type and had and has:
        if had == has:
            return TypeRelation.SAME
        for text in {False, old.text}:
            if _is_within(had, has, text):
                return TypeRelation.WIDENED
            if _is_within(has, had, text):
                return TypeRelation.NARROWED
        return TypeRelation.OTHER
    both = isinstance(old.schema, Union) and isinstance(new.schema, Union)
    return TypeRelation.SAME if both or union.both else TypeRelation.OTHER


def _is_within(types: frozenset[str], others: frozenset[str], text: bool) -> bool:
    """Return whether all values of some types have one of the other types; see `type_relation` about text."""
    wider = {"integer"} if "number" in others else set()
    wider |= set(DIGITS) if text and "string" in others else set()
    return types <= others | wider


def _is_list_of(old: Shape, new: Shape) -> bool:
    """Return whether a value became a list of such values."""
    if not isinstance(new.schema, Array) or isinstance(old.schema, Array):
        return False
    return kind_of(new.schema.items) in (None, old.kind)


def _finding(old: Shape, new: Shape, verb: str) -> Finding:
    todo = "Send" if new.direction is Direction.REQUEST else "Read"
    return Finding(
        f"{verb} {_kind(new)} now; it was {_kind(old)}.",
        before=_types(old),
        after=_types(new),
        hint="" if _kind(new) == ANYTHING else f"{todo} it as {_kind(new)}.",
    )


def _types(shape: Shape) -> Json:
    """Return the type, or the list of types; None for any type."""
    types = sorted(types_of(shape.schema) or ()) if isinstance(shape.schema, Union) else [shape.kind]
    return types if len(types) > 1 else next(iter(types), "oneOf")


def _kind(shape: Shape) -> str:
    if not isinstance(shape.schema, Union):
        return quoted(shape.kind) if shape.kind else ANYTHING
    types = sorted(types_of(shape.schema) or ())
    return " or ".join(map(quoted, types)) if types else "of several kinds"
