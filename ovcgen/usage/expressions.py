"""Evaluate expressions to their possible values, and record the operations that they use."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable

from ovcgen.usage import (
    assignment,
    attributes,
    calls,
    http_calls,
    items,
    literals,
    narrowing,
    strings,
    sweep,
    unrelated_names,
)
from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    ConstantValue,
    DictEntry,
    DictValue,
    Known,
    LibraryObject,
    PassedArguments,
    SequenceValue,
    TypedValue,
    fixed,
    joined,
    opened,
    typed,
)

VARIANTS = 8  # at most this many argument sets of one call; the rest is dropped


def evaluate(state: ProjectState, node: ast.expr | None, scope: Scope) -> Known:
    """Return the possible values of an expression; None (no expression) gives the constant None."""
    if node is None:
        return fixed(None)
    state.steps += 1
    known = EXPRESSIONS.get(type(node))
    return known(state, node, scope) if known else _all_inside(state, node, scope)


def _all_inside(state: ProjectState, node: ast.AST, scope: Scope) -> Known:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            evaluate(state, child, scope)
    return ANYTHING


def _constant(state: ProjectState, node: ast.Constant, scope: Scope) -> Known:
    if isinstance(node.value, str):
        return fixed(node.value, unrelated_names.origins(state, node, node.value, scope))
    return fixed(node.value) if isinstance(node.value, int | float | bytes | None) else ANYTHING


def _name(state: ProjectState, node: ast.Name, scope: Scope) -> Known:
    found = scope.find(node.id)
    if found is None and node.id in state.surface.client_roots:
        return frozenset({LibraryObject(node.id)})
    if found is None:
        return frozenset({LibraryObject(f"builtins.{node.id}")}) if hasattr(builtins, node.id) else ANYTHING
    slot = (scope.module.source.file, node.id)
    is_shared = slot in state.mutated and (scope is scope.module.scope or node.id not in scope.names)
    return opened(found) if is_shared else found


def _attribute(state: ProjectState, node: ast.Attribute, scope: Scope) -> Known:
    holder = evaluate(state, node.value, scope)
    spoken = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    look = attributes.Look(state, state.place(node, scope), scope, str(spoken))
    value = attributes.attribute(look, holder, node.attr)
    unrelated_names.note_attribute(state, node, holder, value)
    return value


def _call(state: ProjectState, node: ast.Call, scope: Scope) -> Known:
    called = evaluate(state, node.func, scope)
    found = NOTHING
    site = calls.CallSite(state, node, scope)
    for given in arguments(state, node, scope):
        http_calls.note(site, given)
        found = joined(found, calls.call(site, called, given))
    return found


def arguments(state: ProjectState, node: ast.Call, scope: Scope) -> list[PassedArguments]:
    """Return the arguments of a call, one entry per possible set (`**kwargs` may have several), at most VARIANTS."""
    givens = [PassedArguments()]
    for argument in node.args:
        starred = isinstance(argument, ast.Starred)
        value = evaluate(state, argument.value if isinstance(argument, ast.Starred) else argument, scope)
        added = literals.spread(value) if starred else PassedArguments((value,))
        givens = [given.after(added) for given in givens]
    for keyword in node.keywords:
        value = evaluate(state, keyword.value, scope)
        if keyword.arg is not None:
            entry = DictEntry(keyword.arg, value, state.place(keyword, scope))
            givens = [given.after(PassedArguments(keywords=(entry,))) for given in givens]
            continue
        variants = literals.keywords(value)
        givens = [given.after(variant) for given in givens for variant in variants][:VARIANTS]
    return givens


def _subscript(state: ProjectState, node: ast.Subscript, scope: Scope) -> Known:
    holder = evaluate(state, node.value, scope)
    key = evaluate(state, node.slice, scope)
    return items.item(state, holder, key, state.place(node, scope))


def _lambda(state: ProjectState, node: ast.Lambda, scope: Scope) -> Known:
    return calls.made(state, node, scope, frozenset())


def _if(state: ProjectState, node: ast.IfExp, scope: Scope) -> Known:
    verdict = narrowing.of(state, node.test, scope)
    names = dict(scope.names)
    narrowing.narrow(state, node.test, scope, holds=True)
    yes = evaluate(state, node.body, scope) if state.goes(verdict, node.body, holds=True) else NOTHING
    scope.names = dict(names)
    narrowing.narrow(state, node.test, scope, holds=False)
    no = evaluate(state, node.orelse, scope) if state.goes(verdict, node.orelse, holds=False) else NOTHING
    scope.names = names
    return joined(yes, no)


def _either(state: ProjectState, node: ast.BoolOp, scope: Scope) -> Known:
    values = [evaluate(state, expression, scope) for expression in node.values]
    if isinstance(node.op, ast.Or):  # `or` skips None, except in the last operand
        empty = ConstantValue(None, "NoneType")
        values = [*(known - {empty} for known in values[:-1]), values[-1]]
    return joined(*values)


def _binary(state: ProjectState, node: ast.BinOp, scope: Scope) -> Known:
    parts: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):  # iterate: long sums must not recurse deeply
        parts.append(left.right)
        left = left.left
    values = [evaluate(state, expression, scope) for expression in [left, *reversed(parts)]]
    kinds = {items.kind_of(state, atom) for value in values for atom in value}
    if isinstance(node.op, ast.BitOr) and all(isinstance(atom, DictValue) for value in values for atom in value):
        return items.merged(values)
    if isinstance(node.op, ast.BitOr):  # a type such as `Portal | None`
        return joined(*values)
    if isinstance(node.op, ast.Mod | ast.Add) and "str" in kinds:
        return strings.sum_of(values) if isinstance(node.op, ast.Add) else strings.formatted(values[0])
    if isinstance(node.op, ast.Add) and all(isinstance(atom, SequenceValue) for value in values for atom in value):
        return items.chained(values)
    if kinds <= {"int", "bool"} and not isinstance(node.op, ast.Div):
        return typed("int")
    return typed("float") if kinds <= {"int", "bool", "float"} else ANYTHING


def _text(state: ProjectState, node: ast.JoinedStr, scope: Scope) -> Known:
    whole = strings.sum_of([_piece(state, expression, scope) for expression in node.values] or [fixed("")])
    return strings.from_place(whole, unrelated_names.origins(state, node, sweep.text_of(node), scope))


def _piece(state: ProjectState, part: ast.expr, scope: Scope) -> Known:
    """Return the text of one part of an f-string."""
    if isinstance(part, ast.Constant):
        return fixed(part.value)
    inner = part.value if isinstance(part, ast.FormattedValue) else part
    value = evaluate(state, inner, scope)
    if isinstance(part, ast.FormattedValue) and (part.format_spec or part.conversion != -1):
        return typed("str")
    if all(isinstance(atom, ConstantValue) and atom.kind in ("str", "int") for atom in value):
        return joined(*(fixed(str(atom.value), atom.origins) for atom in value if isinstance(atom, ConstantValue)))
    return frozenset(
        atom if isinstance(atom, TypedValue) and atom.kind == "str" else TypedValue("str") for atom in value
    )


def _await(state: ProjectState, node: ast.Await, scope: Scope) -> Known:
    return items.awaited(evaluate(state, node.value, scope))


def _walrus(state: ProjectState, node: ast.NamedExpr, scope: Scope) -> Known:
    value = evaluate(state, node.value, scope)
    assignment.bind(state, node.target, value, scope)
    return value


def _compare(state: ProjectState, node: ast.Compare, scope: Scope) -> Known:
    _all_inside(state, node, scope)
    return typed("bool")


def _not(state: ProjectState, node: ast.UnaryOp, scope: Scope) -> Known:
    value = evaluate(state, node.operand, scope)
    if isinstance(node.op, ast.Not):
        return typed("bool")
    numbers = [atom.value for atom in value if isinstance(atom, ConstantValue) and atom.kind in ("int", "float")]
    if isinstance(node.op, ast.USub) and numbers and len(value) == 1:
        return fixed(-numbers[0])
    return frozenset(TypedValue(atom.kind) if isinstance(atom, ConstantValue) else atom for atom in value)


def _yield(state: ProjectState, node: ast.Yield | ast.YieldFrom, scope: Scope) -> Known:
    value = evaluate(state, node.value, scope)
    scope.yielded.append(items.each_of(state, value) if isinstance(node, ast.YieldFrom) else value)
    return ANYTHING


EXPRESSIONS: dict[type[ast.AST], Callable[..., Known]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.List: literals.listed,
    ast.Tuple: literals.listed,
    ast.Set: literals.listed,
    ast.Dict: literals.dict_of,
    ast.Subscript: _subscript,
    ast.ListComp: literals.comprehension,
    ast.SetComp: literals.comprehension,
    ast.GeneratorExp: literals.comprehension,
    ast.DictComp: literals.comprehension,
    ast.Lambda: _lambda,
    ast.IfExp: _if,
    ast.BoolOp: _either,
    ast.BinOp: _binary,
    ast.JoinedStr: _text,
    ast.Await: _await,
    ast.NamedExpr: _walrus,
    ast.Compare: _compare,
    ast.UnaryOp: _not,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}
