"""Evaluate conditions, and limit the values of names to those for which a condition holds."""

from __future__ import annotations

import ast

from ovcgen.usage import expressions, items
from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.values import (
    Atom,
    ConstantValue,
    Known,
    LibraryObject,
    SequenceValue,
    TypedValue,
    UnknownValue,
    typed,
)

NONE = ConstantValue(None, "NoneType")


def of(state: ProjectState, test: ast.expr, scope: Scope) -> bool | None:
    """Return whether a condition holds; None if that is not known. TYPE_CHECKING counts as true."""
    match test:
        case ast.UnaryOp(ast.Not(), inner):
            verdict = of(state, inner, scope)
            return None if verdict is None else not verdict
        case ast.BoolOp(operator, values):
            verdicts = [of(state, expression, scope) for expression in values]
            decisive = isinstance(operator, ast.Or)
            if decisive in verdicts:
                return decisive
            return None if None in verdicts else not decisive
        case ast.Compare(left, [operator], [right]):
            return _compared(evaluated(state, left, scope), operator, evaluated(state, right, scope))
    value = evaluated(state, test, scope)
    if value == {LibraryObject("typing.TYPE_CHECKING")}:
        return True
    if len(value) == 1:
        [atom] = value
        if isinstance(atom, ConstantValue):
            return bool(atom.value)
    return None


def evaluated(state: ProjectState, node: ast.expr, scope: Scope) -> Known:
    """Return the possible values of an expression."""
    return expressions.evaluate(state, node, scope)


def _compared(left: Known, operator: ast.cmpop, right: Known) -> bool | None:
    if len(left) != 1 or len(right) != 1:
        return None
    [one], [other] = left, right
    if not isinstance(one, ConstantValue):
        return None
    if isinstance(operator, ast.In | ast.NotIn):
        listed = items.elements(right)
        choices = [atom for known in listed or () for atom in known]
        if (
            listed is None
            or not isinstance(other, SequenceValue)
            or not all(isinstance(choice, ConstantValue) for choice in choices)
        ):
            return None
        is_in = any(one.same(choice) for choice in choices if isinstance(choice, ConstantValue))
        return is_in == isinstance(operator, ast.In)
    if not isinstance(other, ConstantValue):
        return None
    if isinstance(operator, ast.Eq | ast.Is):
        return one.same(other)
    return not one.same(other) if isinstance(operator, ast.NotEq | ast.IsNot) else None


def narrow(state: ProjectState, test: ast.expr, scope: Scope, *, holds: bool) -> None:
    """Remove from names the values for which the condition does not hold (or, with `holds=False`, does hold)."""
    match test:
        case ast.UnaryOp(ast.Not(), inner):
            narrow(state, inner, scope, holds=not holds)
        case ast.BoolOp(ast.And(), values) if holds:
            for expression in values:
                narrow(state, expression, scope, holds=True)
        case ast.BoolOp(ast.Or(), values) if not holds:
            for expression in values:
                narrow(state, expression, scope, holds=False)
        case ast.Name(name) if holds:
            _keep(scope, name, lambda atom: atom != NONE)
        case ast.Compare(ast.Name(name), [ast.Is() | ast.Eq()], [ast.Constant(None)]):
            _keep(scope, name, lambda atom: (atom == NONE) == holds or isinstance(atom, UnknownValue))
        case ast.Compare(ast.Name(name), [ast.IsNot() | ast.NotEq()], [ast.Constant(None)]):
            _keep(scope, name, lambda atom: (atom != NONE) == holds or isinstance(atom, UnknownValue))
        case ast.Call(ast.Name("isinstance"), [ast.Name(name), kind]):
            _narrow_kind(state, name, evaluated(state, kind, scope), scope, holds)


def _narrow_kind(state: ProjectState, name: str, kinds: Known, scope: Scope, holds: bool) -> None:
    wanted = {kind.name.removeprefix("builtins.") for kind in kinds if isinstance(kind, LibraryObject)}
    value = scope.find(name)
    if value is None or len(wanted) != len(kinds) or not wanted <= {"str", "int", "float", "bool", "list", "dict"}:
        return
    kept: set[Atom] = {
        atom for atom in value if (items.kind_of(state, atom) in wanted) == holds and not isinstance(atom, UnknownValue)
    }
    if any(isinstance(atom, UnknownValue) or not items.kind_of(state, atom) for atom in value):
        kept |= {TypedValue(kind) for kind in wanted} if holds else {UnknownValue()}
    if kept or holds:
        scope.names[name] = frozenset(kept) or typed(min(wanted, default="object"))


def _keep(scope: Scope, name: str, fits: object) -> None:
    value = scope.find(name)
    if value is not None and callable(fits):
        kept = frozenset(atom for atom in value if fits(atom))
        if kept != value and name in scope.names:
            scope.names[name] = kept or value
