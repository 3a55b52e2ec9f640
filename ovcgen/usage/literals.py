"""Evaluate list, dict and set displays, comprehensions, and the unpacking by `*` and `**`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ovcgen.usage import assignment, expressions, items, narrowing
from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.values import (
    ConstantValue,
    DictEntry,
    DictValue,
    Known,
    PassedArguments,
    SequenceValue,
    a_dict,
    joined,
    many,
    several,
)

UNROLLED = 64  # a loop over more items is not unrolled


def listed(state: ProjectState, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Known:
    """Evaluate a list, tuple or set display."""
    kind = type(node).__name__.lower()
    values: list[Known] = []
    exact = True
    for element in node.elts:
        if isinstance(element, ast.Starred):
            inner = expressions.evaluate(state, element.value, scope)
            whole = spread(inner)
            exact = exact and not whole.more
            values += whole.values if not whole.more else [items.each_of(state, inner)]
        else:
            values.append(expressions.evaluate(state, element, scope))
    return several(values, kind) if exact else many(joined(*values), kind)


def dict_of(state: ProjectState, node: ast.Dict, scope: Scope) -> Known:
    """Evaluate a dict display. It is `open` if a key is not a constant string."""
    entries: list[DictEntry] = []
    is_open = False
    for key, value in zip(node.keys, node.values, strict=True):
        known = expressions.evaluate(state, value, scope)
        if key is None:
            [inner, *others] = keywords(known)
            entries += inner.keywords
            is_open = is_open or inner.open or bool(others)
            continue
        names = [atom.value for atom in expressions.evaluate(state, key, scope) if isinstance(atom, ConstantValue)]
        if len(names) == 1 and isinstance(names[0], str):
            entries.append(DictEntry(names[0], known, state.place(key, scope)))
        else:
            is_open = True
    return a_dict(entries, open=is_open)


def comprehension(
    state: ProjectState, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
) -> Known:
    """Evaluate a comprehension or generator expression."""
    inner = Scope(scope.module, scope, ("comprehension", id(node), scope.key), owner=scope.owner, guard=scope.guard)
    found: list[Known] = []
    exact = all(not generator.ifs for generator in node.generators)
    for _ in _rounds(state, node.generators, inner):
        if isinstance(node, ast.DictComp):
            expressions.evaluate(state, node.key, inner)
            found.append(expressions.evaluate(state, node.value, inner))
        else:
            found.append(expressions.evaluate(state, node.elt, inner))
    if isinstance(node, ast.DictComp):
        return frozenset({SequenceValue(None, joined(*found), "dict")})
    exact = exact and all(
        items.elements(expressions.evaluate(state, generator.iter, inner)) is not None for generator in node.generators
    )
    return several(found) if exact else many(joined(*found))


def _rounds(state: ProjectState, generators: list[ast.comprehension], scope: Scope) -> Iterator[None]:
    """Bind the names of a comprehension, and yield once per item that is distinguished."""
    if not generators:
        yield
        return
    first, *others = generators
    iterated = expressions.evaluate(state, first.iter, scope)
    found = items.elements(iterated)
    one_by_one = bool(found) and len(found or ()) <= UNROLLED and not state.hurried
    for value in found if one_by_one and found is not None else [items.each_of(state, iterated)]:
        assignment.bind(state, first.target, value, scope)
        if all(narrowing.of(state, test, scope) is not False for test in first.ifs):
            yield from _rounds(state, others, scope)


def spread(value: Known) -> PassedArguments:
    """Return the arguments that `*value` passes."""
    for atom in value:
        if len(value) == 1 and isinstance(atom, SequenceValue) and atom.items is not None:
            return PassedArguments(atom.items)
    return PassedArguments(more=True)


def keywords(value: Known) -> list[PassedArguments]:
    """Return the arguments that `**value` may pass, one entry per possible dict; an open one if it is not known."""
    dicts = sorted((atom for atom in value if isinstance(atom, DictValue)), key=lambda each: len(each.entries))
    found = [PassedArguments(keywords=dict_.entries, open=dict_.open) for dict_ in dicts]
    return found if found and len(found) == len(value) else [*found, PassedArguments(open=True)]
