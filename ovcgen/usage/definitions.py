"""Apply statements that define names: imports, functions, classes, `with ... as` and match patterns."""

from __future__ import annotations

import ast

from ovcgen.usage import assignment, attributes, calls, expressions, items, statements
from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.usages import Import
from ovcgen.usage.values import (
    ANYTHING,
    Atom,
    ClientValue,
    ContextManagerValue,
    Known,
    LibraryObject,
    PartialValue,
    PassedArguments,
    ProjectClass,
    ProjectFunction,
    ProjectInstance,
    ProjectModule,
    joined,
)

# decorator -> kind of function that it creates
KINDS = {
    "property": "property",
    "cached_property": "property",
    "staticmethod": "staticmethod",
    "classmethod": "classmethod",
    "contextmanager": "contextmanager",
    "asynccontextmanager": "contextmanager",
    "fixture": "fixture",
    "yield_fixture": "fixture",
}


def imported(state: ProjectState, statement: ast.Import, scope: Scope) -> None:
    """Apply `import one.two as three`."""
    for alias in statement.names:
        _note(state, alias.name, alias, scope)
        root = alias.name.partition(".")[0]
        if alias.asname:
            scope.names[alias.asname] = _module(state, alias.name, scope)
        else:
            _module(state, alias.name, scope)
            scope.names[root] = _module(state, root, scope)


def imported_from(state: ProjectState, statement: ast.ImportFrom, scope: Scope) -> None:
    """Apply `from one import two`."""
    name = state.absolute(scope.module, statement.level, statement.module or "")
    if not statement.level:
        _note(state, name, statement, scope)
    holder = _module(state, name, scope)
    look = attributes.Look(state, calls.NOWHERE, scope)
    for alias in statement.names:
        if alias.name == "*":
            _all_of(state, holder, scope)
            continue
        value = attributes.attribute(look, holder, alias.name)
        if value == ANYTHING and isinstance(next(iter(holder), None), ProjectModule):
            value = _module(state, f"{name}.{alias.name}", scope)
        scope.names[alias.asname or alias.name] = value


def _module(state: ProjectState, name: str, scope: Scope) -> Known:
    module = state.named(name, scope.module)
    if module is None or name.partition(".")[0] in (state.package, "ovcgen"):
        state.foreign_modules.add(name)
        return frozenset({LibraryObject(name)})
    if module is not scope.module:
        statements.read_module(state, module)
    return frozenset({ProjectModule(module.source.file)})


def _note(state: ProjectState, name: str, node: ast.alias | ast.stmt, scope: Scope) -> None:
    if name.partition(".")[0] == state.package:
        state.imports[Import(state.place(node, scope), name)] = None


def _all_of(state: ProjectState, holder: Known, scope: Scope) -> None:
    for atom in holder:
        if isinstance(atom, ProjectModule):
            names = next(module for module in state.modules if module.source.file == atom.file).scope.names
            scope.names.update({name: value for name, value in names.items() if not name.startswith("_")})
        elif isinstance(atom, LibraryObject) and atom.name in (state.package, "ovcgen"):
            for name in ("connect", state.client, "Task", "wait", "as_completed", "portal_client"):
                scope.names[name] = frozenset({LibraryObject(f"{atom.name}.{name}")})


def function(state: ProjectState, statement: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
    """Apply `def` with its decorators."""
    kinds: set[str] = set()
    others: list[Known] = []
    for decorator in reversed(statement.decorator_list):
        plain = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = plain.attr if isinstance(plain, ast.Attribute) else getattr(plain, "id", "")
        value = expressions.evaluate(state, decorator, scope)
        if name in KINDS:
            kinds.add(KINDS[name])
        elif name in ("setter", "deleter"):
            return
        elif any(isinstance(atom, ProjectFunction | ProjectInstance | PartialValue) for atom in value):
            others.append(value)
    made = calls.made(state, statement, scope, frozenset(kinds))
    assignment.bind_name(state, statement.name, _decorated(state, made, others, scope), scope)


def _decorated(state: ProjectState, made: Known, decorators: list[Known], scope: Scope) -> Known:
    """Return the function after project decorators. A decorator whose result is not known leaves it unchanged."""
    for decorator in decorators:
        site = calls.CallSite(state, None, scope)
        wrapped = calls.call(site, decorator, PassedArguments((made,)))
        callables = frozenset(
            atom for atom in wrapped if isinstance(atom, ProjectFunction | ProjectInstance | PartialValue)
        )
        made = callables or made
    return made


def class_(state: ProjectState, statement: ast.ClassDef, scope: Scope) -> None:
    """Apply `class` with its body."""
    info = state.class_(statement, scope)
    info.scope.names = {}
    bases = joined(*(expressions.evaluate(state, base, scope) for base in statement.bases))
    if bases != info.bases or info.number not in state.lineages:
        info.bases, state.lineages, state.heirs = bases, {}, {}
    for decorator in statement.decorator_list:
        expressions.evaluate(state, decorator, scope)
    statements.execute(state, statement.body, info.scope)
    assignment.bind_name(state, statement.name, frozenset({ProjectClass(info.number)}), scope)


def entered(state: ProjectState, opened: Known, scope: Scope, node: ast.expr) -> Known:
    """Return the value that `with` binds to the name after `as`."""
    found: list[Known] = []
    for atom in opened:
        match atom:
            case ContextManagerValue(inside):
                found.append(inside)
            case ClientValue():
                found.append(frozenset({atom}))
            case ProjectInstance():
                found.append(_entered_own(state, atom, scope, node))
            case _:
                found.append(ANYTHING)
    return joined(*found)


def _entered_own(state: ProjectState, atom: Atom, scope: Scope, node: ast.expr) -> Known:
    look = attributes.Look(state, state.place(node, scope), scope)
    for name in ("__enter__", "__aenter__"):
        method = attributes.attribute(look, frozenset({atom}), name)
        if any(isinstance(atom, ProjectFunction) for atom in method):
            return calls.call(calls.CallSite(state, None, scope, look.place), method, PassedArguments())
    return frozenset({atom})


def captured(state: ProjectState, pattern: ast.pattern, subject: Known, scope: Scope) -> None:
    """Bind the names of a match pattern. Keys of a mapping pattern count as read."""
    match pattern:
        case ast.MatchAs(inner, name):
            if inner is not None:
                captured(state, inner, subject, scope)
            if name:
                scope.names[name] = subject
        case ast.MatchMapping(keys, patterns, rest):
            for key, each in zip(keys, patterns, strict=True):
                value = items.item(
                    state, subject, expressions.evaluate(state, key, scope), state.place(key, scope), strict=False
                )
                captured(state, each, value, scope)
            if rest:
                scope.names[rest] = ANYTHING
        case ast.MatchSequence(patterns):
            for each in patterns:
                captured(state, each, items.each_of(state, subject), scope)
        case ast.MatchOr(patterns):
            for each in patterns:
                captured(state, each, subject, scope)
        case ast.MatchClass(_, patterns, _, named):
            for each in (*patterns, *named):
                captured(state, each, ANYTHING, scope)
        case ast.MatchStar(str(name)):
            scope.names[name] = ANYTHING
        case ast.MatchValue(value):
            expressions.evaluate(state, value, scope)
