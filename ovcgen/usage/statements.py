"""Execute statements on possible values. Both branches of a condition are executed, and their results joined."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from ovcgen.usage import assignment, calls, definitions, expressions, guards, items, literals, narrowing, type_hints
from ovcgen.usage.scope import FunctionInfo, Module, ProjectState, Scope
from ovcgen.usage.values import ANYTHING, NOTHING, Known, fixed, joined

Names = dict[str, Known]


def read_module(state: ProjectState, module: Module) -> None:
    """Read a module from top to bottom, once per round."""
    if module.begun:
        return
    module.begun = True
    try:
        execute(state, module.source.tree.body, module.scope)
    except RecursionError:
        state.too_deep.add(module.source.file)


def read_function(state: ProjectState, info: FunctionInfo, scope: Scope) -> Known:
    """Return the possible results of a function whose parameters are bound in `scope`."""
    if isinstance(info.node, ast.Lambda):
        return expressions.evaluate(state, info.node.body, scope)
    falls = execute(state, info.node.body, scope)
    value = joined(*scope.returned, fixed(None) if falls and not scope.yielded else NOTHING)
    return calls.outcome(info, scope, value)


def execute(state: ProjectState, body: Sequence[ast.stmt], scope: Scope) -> bool:
    """Execute statements. Return False if the code after them can't be reached."""
    for statement in body:
        state.steps += 1
        read = STATEMENTS.get(type(statement), _other)
        if read(state, statement, scope) is False:
            return False
    return True


def _other(state: ProjectState, statement: ast.stmt, scope: Scope) -> None:
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            expressions.evaluate(state, child, scope)


def _assign(state: ProjectState, statement: ast.Assign, scope: Scope) -> None:
    value = expressions.evaluate(state, statement.value, scope)
    assignment.note_alias(statement.targets, statement.value, scope)
    for target in statement.targets:
        assignment.bind(state, target, value, scope)


def _annotated(state: ProjectState, statement: ast.AnnAssign, scope: Scope) -> None:
    if isinstance(statement.target, ast.Name) and scope.key == ("class", id(scope.module)):
        return
    if scope.owner >= 0 and scope is state.classes[scope.owner].scope and isinstance(statement.target, ast.Name):
        state.classes[scope.owner].fields[statement.target.id] = statement.annotation
    if statement.value is not None:
        value = expressions.evaluate(state, statement.value, scope)
        if value & ANYTHING or value == fixed(None):  # None is usually only the initial value
            promised = type_hints.meant(state, statement.annotation, scope)
            value = value if promised & ANYTHING else joined(promised, value - ANYTHING)
        assignment.bind(state, statement.target, value, scope)
    elif isinstance(statement.target, ast.Name) and scope.owner < 0:
        assignment.bind(state, statement.target, type_hints.meant(state, statement.annotation, scope), scope)


def _augmented(state: ProjectState, statement: ast.AugAssign, scope: Scope) -> None:
    target = statement.target
    if isinstance(statement.op, ast.BitOr) and isinstance(target, ast.Name):
        both = [expressions.evaluate(state, ast.Name(target.id, ast.Load()), scope)]
        assignment.bind(
            state, target, items.merged([*both, expressions.evaluate(state, statement.value, scope)]), scope
        )
        return
    whole = ast.copy_location(ast.BinOp(_loaded(target), statement.op, statement.value), statement)
    assignment.bind(state, target, expressions.evaluate(state, whole, scope), scope)


def _loaded(target: ast.expr) -> ast.expr:
    """Return the assignment target as an expression to read."""
    match target:
        case ast.Name(name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
        case ast.Attribute(holder, name):
            return ast.copy_location(ast.Attribute(holder, name, ast.Load()), target)
        case ast.Subscript(holder, key):
            return ast.copy_location(ast.Subscript(holder, key, ast.Load()), target)
    return target


def _deleted(state: ProjectState, statement: ast.Delete, scope: Scope) -> None:
    for target in statement.targets:
        if isinstance(target, ast.Subscript):
            key = expressions.evaluate(state, target.slice, scope)
            [only, *others] = key or ANYTHING
            name = getattr(only, "value", None)
            assignment.without(state, target.value, name if isinstance(name, str) and not others else None, scope)


def _return(state: ProjectState, statement: ast.Return, scope: Scope) -> bool:
    scope.returned.append(expressions.evaluate(state, statement.value, scope))
    return False


def _leave(state: ProjectState, statement: ast.stmt, scope: Scope) -> bool:
    _other(state, statement, scope)
    return False


def _if(state: ProjectState, statement: ast.If, scope: Scope) -> bool:
    ends: list[Names] = []
    current: ast.If | None = statement
    tail: Sequence[ast.stmt] = ()
    outer = scope.guard
    while current is not None:  # iterate: long `elif` chains must not recurse deeply
        verdict = narrowing.of(state, current.test, scope)
        before = dict(scope.names)
        scope.guard = outer or guards.of_test(state, current.test, scope)
        if state.goes(verdict, current.body[0], holds=True):
            narrowing.narrow(state, current.test, scope, holds=True)
            if execute(state, current.body, scope):
                ends.append(scope.names)
        scope.names = before
        if not state.goes(verdict, current.orelse[0] if current.orelse else current.test, holds=False):
            scope.guard = outer
            return _merged(scope, ends)
        narrowing.narrow(state, current.test, scope, holds=False)
        inner = current.orelse[0] if len(current.orelse) == 1 else None
        tail = current.orelse
        current = inner if isinstance(inner, ast.If) else None
    if execute(state, tail, scope):
        ends.append(scope.names)
    scope.guard = outer
    return _merged(scope, ends)


def _merged(scope: Scope, ends: Sequence[Names]) -> bool:
    """Join the names at the ends of branches. Return False if no branch reaches its end."""
    if ends:
        keys = dict.fromkeys(name for end in ends for name in end)
        scope.names = {name: joined(*(end[name] for end in ends if name in end)) for name in keys}
    return bool(ends)


def _for(state: ProjectState, statement: ast.For | ast.AsyncFor, scope: Scope) -> None:
    iterated = expressions.evaluate(state, statement.iter, scope)
    listed = items.elements(iterated)
    if listed and len(listed) <= literals.UNROLLED and not state.hurried:
        leaves = any(isinstance(each, ast.Break) for node in statement.body for each in ast.walk(node))
        ends = [dict(scope.names)] if leaves else []
        for value in listed:
            assignment.bind(state, statement.target, value, scope)
            execute(state, statement.body, scope)
            ends = [*ends, dict(scope.names)] if leaves else [dict(scope.names)]
        _merged(scope, ends)
    else:
        each = items.each_of(state, items.awaited(iterated))
        _again(state, lambda: assignment.bind(state, statement.target, each, scope), statement.body, scope)
    execute(state, statement.orelse, scope)


def _while(state: ProjectState, statement: ast.While, scope: Scope) -> None:
    _again(state, lambda: narrowing.of(state, statement.test, scope), statement.body, scope)
    execute(state, statement.orelse, scope)


def _again(state: ProjectState, begin: Callable[[], object], body: Sequence[ast.stmt], scope: Scope) -> None:
    """Execute a loop body twice, so that values of the first pass are seen at the start of the second."""
    for _ in range(2):
        before = dict(scope.names)
        begin()
        execute(state, body, scope)
        _merged(scope, [before, scope.names])


def _with(state: ProjectState, statement: ast.With | ast.AsyncWith, scope: Scope) -> bool | None:
    outer = scope.guard
    for withitem in statement.items:
        opened = expressions.evaluate(state, withitem.context_expr, scope)
        scope.guard = scope.guard or guards.of_manager(opened)
        if withitem.optional_vars is not None:
            assignment.bind(
                state, withitem.optional_vars, definitions.entered(state, opened, scope, withitem.context_expr), scope
            )
    falls = execute(state, statement.body, scope)
    guarded, scope.guard = scope.guard, outer
    return falls or bool(guarded and not outer)


def _try(state: ProjectState, statement: ast.Try, scope: Scope) -> bool:
    outer = scope.guard
    before = dict(scope.names)
    scope.guard = outer or guards.of_handlers(statement.handlers)
    falls = execute(state, statement.body, scope)
    if falls:
        falls = execute(state, statement.orelse, scope)
    ends = [scope.names] if falls else []
    during = dict(scope.names)
    for handler in statement.handlers:
        scope.names = dict(before)
        _merged(scope, [before, during])
        scope.guard = outer or guards.of_handlers([handler])
        if handler.name:
            scope.names[handler.name] = ANYTHING
        if execute(state, handler.body, scope):
            ends.append(scope.names)
    scope.guard = outer
    scope.names = dict(during) if not ends else scope.names
    alive = _merged(scope, ends)
    return execute(state, statement.finalbody, scope) and alive


def _match(state: ProjectState, statement: ast.Match, scope: Scope) -> bool:
    subject = expressions.evaluate(state, statement.subject, scope)
    before = dict(scope.names)
    ends = [before]
    for case in statement.cases:
        scope.names = dict(before)
        definitions.captured(state, case.pattern, subject, scope)
        if case.guard is not None:
            expressions.evaluate(state, case.guard, scope)
        if execute(state, case.body, scope):
            ends.append(scope.names)
    return _merged(scope, ends)


def _declared(_state: ProjectState, statement: ast.Global | ast.Nonlocal, scope: Scope) -> None:
    scope.shared |= set(statement.names)


STATEMENTS: dict[type[ast.AST], Callable[..., bool | None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _deleted,
    ast.Return: _return,
    ast.Raise: _leave,
    ast.Continue: _leave,
    ast.Break: _leave,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.Global: _declared,
    ast.Nonlocal: _declared,
    ast.Import: definitions.imported,
    ast.ImportFrom: definitions.imported_from,
    ast.FunctionDef: definitions.function,
    ast.AsyncFunctionDef: definitions.function,
    ast.ClassDef: definitions.class_,
}
