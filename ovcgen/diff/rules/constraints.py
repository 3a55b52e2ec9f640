"""Find changes of constraints: maximum, length, number of items, pattern."""

from __future__ import annotations

from collections.abc import Iterator

from ovcgen.diff.change import BREAKING, INFO, WARNING, Location
from ovcgen.diff.constraint_comparison import ConstraintChange, Move, changed_constraints
from ovcgen.diff.rules.registry import SHAPE_RULES, Directed, Finding, Verdict
from ovcgen.diff.sanitize import quoted
from ovcgen.diff.schema_pairs import Direction, Shape
from ovcgen.model.schema import Constant, Json

rule = SHAPE_RULES.rule

OPEN = ("multipleOf", "pattern")  # it is unknown whether a new value is stricter


@rule("constraint.added", wire=Directed(BREAKING, INFO), sdk=INFO)
def constraint_added(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has a limit that it did not have.

    In a request, values outside of it are refused now: keep to it. In an answer nothing unexpected arrives.
    """
    for limit in _of(old, new, Move.ADDED):
        value = _quoted_value(limit.after)
        yield _finding(limit, new, f"has the limit {limit.keyword} {value} now.", f"Keep to {limit.keyword} {value}.")


@rule("constraint.tightened", wire=Directed(BREAKING, INFO), sdk=INFO)
def constraint_tightened(old: Shape, new: Shape) -> Iterator[Finding]:
    """A limit of a value is narrower.

    In a request, values between both limits are refused now: keep to the new one. In an answer nothing unexpected
    arrives.
    """
    for limit in _of(old, new, Move.TIGHTENED):
        yield _finding(limit, new, _moved(limit), f"Keep to {limit.keyword} {_quoted_value(limit.after)}.")


@rule("constraint.loosened", wire=Directed(INFO, BREAKING), sdk=INFO)
def constraint_loosened(old: Shape, new: Shape) -> Iterator[Finding]:
    """A limit of a value is wider.

    In a request nobody breaks. In an answer values may arrive that the old limit forbade, and clients that check
    answers refuse them: let them be that large.
    """
    for limit in _of(old, new, Move.LOOSENED):
        yield _finding(limit, new, _moved(limit), "" if _sent(new) else "Let code that reads it expect more.")


@rule("constraint.removed", wire=Directed(INFO, BREAKING), sdk=INFO)
def constraint_removed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has a limit no more.

    In a request nobody breaks. In an answer values may arrive that the limit forbade, and clients that check answers
    refuse them: let them be anything. Where a form was told (`pattern`, `multipleOf`), this is a warning.
    """
    for limit in _of(old, new, Move.REMOVED):
        says = f"no longer has the limit {limit.keyword} {_quoted_value(limit.before)}."
        wire = Directed(INFO, WARNING) if limit.keyword in OPEN else None
        yield _finding(limit, new, says, "" if _sent(new) else "Let code that reads it expect more.", wire)


@rule("constraint.changed", wire=WARNING, sdk=INFO)
def constraint_changed(old: Shape, new: Shape) -> Iterator[Finding]:
    """A value has to have another form (`pattern`, `multipleOf`).

    Whether the new form holds all values of the old one can't be said in general. In a request some may be refused, in
    an answer some may be new: compare both.
    """
    for limit in _of(old, new, Move.CHANGED):
        yield _finding(limit, new, _moved(limit), f"Keep to {limit.keyword} {_quoted_value(limit.after)}.")


def _of(old: Shape, new: Shape, move: Move) -> Iterator[ConstraintChange]:
    return (limit for limit in changed_constraints(old, new) if limit.move is move)


def _finding(limit: ConstraintChange, shape: Shape, says: str, hint: str, wire: Verdict | None = None) -> Finding:
    place = Location(constraint=limit.keyword)
    if limit.idle:
        says = f"{says.removesuffix('.')}, which forbids nothing that {quoted(shape.kind or 'anything')} allows."
        return Finding(says, place, limit.before, limit.after, wire=INFO)
    return Finding(says, place, limit.before, limit.after, hint, wire=wire)


def _moved(limit: ConstraintChange) -> str:
    if limit.before is None or limit.after is None:
        return f"has the limit {limit.keyword} {'no more' if limit.after is None else 'now'}."
    return f"has the limit {limit.keyword} {_quoted_value(limit.after)} now; it was {_quoted_value(limit.before)}."


def _quoted_value(value: Json) -> str:
    return quoted(value if isinstance(value, str) else Constant.of(value).text)


def _sent(shape: Shape) -> bool:
    return shape.direction is Direction.REQUEST
