"""Apply assignments and mutations to the known values of names, attributes and dict items."""

from __future__ import annotations

import ast

from ovcgen.usage import expressions, items
from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.values import (
    NOTHING,
    Atom,
    ConstantValue,
    DictEntry,
    DictValue,
    Known,
    ProjectClass,
    ProjectInstance,
    ProjectModule,
    SequenceValue,
    a_dict,
    joined,
    many,
    opened,
    several,
)


def bind(state: ProjectState, target: ast.expr, value: Known, scope: Scope) -> None:
    """Apply `target = value`, also for tuples, attributes and items."""
    match target:
        case ast.Name(name):
            bind_name(state, name, value, scope)
        case ast.Starred(inner):
            bind(state, inner, value, scope)
        case ast.Tuple(parts) | ast.List(parts):
            for part, each in zip(parts, _parted(state, parts, value), strict=True):
                bind(state, part, each, scope)
        case ast.Attribute(holder, name):
            for atom in expressions.evaluate(state, holder, scope):
                _bind_attribute(state, atom, name, value)
        case ast.Subscript(holder, key):
            _bind_item(state, holder, key, value, scope)


def bind_name(state: ProjectState, name: str, value: Known, scope: Scope) -> None:
    """Apply `name = value`. Values of global and nonlocal names are added to the earlier ones."""
    module = scope.module
    if name in scope.shared or scope is module.scope:
        state.hold((module.source.file, name), value)
    if name not in scope.shared:
        scope.names[name] = value
        return
    outer = scope.parent
    while outer is not None and name not in outer.names:
        outer = outer.parent
    names = (outer or module.scope).names
    names[name] = joined(names.get(name, NOTHING), value)


def _bind_attribute(state: ProjectState, atom: object, name: str, value: Known) -> None:
    match atom:
        case ProjectInstance(number) | ProjectClass(number):
            state.hold((number, name), value)
        case ProjectModule(file):
            state.hold((file, name), value)


def _bind_item(state: ProjectState, holder: ast.expr, key: ast.expr, value: Known, scope: Scope) -> None:
    names = [atom.value for atom in expressions.evaluate(state, key, scope) if isinstance(atom, ConstantValue)]
    place = state.place(key, scope)
    known = len(names) == 1 and isinstance(names[0], str)
    change(state, holder, [DictEntry(str(names[0]), value, place)] if known else None, scope)


def change(
    state: ProjectState, holder: ast.expr, entries: list[DictEntry] | None, scope: Scope, *, weak: bool = False
) -> None:
    """Add entries to a dict. None means that any entries may have been added or changed.

    `weak` entries do not replace existing ones (`setdefault`). A dict that is not held in a local name becomes unknown.
    """
    if isinstance(holder, ast.Name) and holder.id in scope.names:
        scope.names[holder.id] = frozenset(_changed(atom, entries, weak) for atom in scope.names[holder.id])
        _loosen_aliases(holder.id, scope)
    else:
        loosen(state, holder, scope)


def grow(state: ProjectState, holder: ast.expr, grown: Known, scope: Scope) -> None:
    """Replace a list by `grown`, after items were added to it."""
    if isinstance(holder, ast.Name) and holder.id in scope.names:
        bind_name(state, holder.id, grown, scope)
        _loosen_aliases(holder.id, scope)
        return
    if isinstance(holder, ast.Attribute):
        bind(state, holder, grown, scope)
    loosen(state, holder, scope)


def loosen(state: ProjectState, holder: ast.expr, scope: Scope) -> None:
    """Let a container hold anything from now on, because it may be changed by code that is not followed.

    `holder` is the expression of the container. Of `found["a"]` or `found.get("a")` the container is `found`.
    """
    while isinstance(holder, ast.Subscript | ast.Call | ast.Starred):
        if isinstance(holder, ast.Call):
            if not isinstance(holder.func, ast.Attribute):
                return
            holder = holder.func
        holder = holder.value
    match holder:
        case ast.Name(name):
            _loosen_name(state, name, scope)
        case ast.Attribute(owner, name):
            for atom in expressions.evaluate(state, owner, scope):
                if isinstance(atom, ProjectInstance | ProjectClass):
                    state.mutated.add((atom.number, name))
                elif isinstance(atom, ProjectModule):
                    state.mutated.add((atom.file, name))


def _loosen_name(state: ProjectState, name: str, scope: Scope) -> None:
    current: Scope | None = scope
    while current is not None and name not in current.names:
        current = current.parent
    if current is None or not any(isinstance(atom, DictValue | SequenceValue) for atom in current.names[name]):
        return
    current.names[name] = opened(current.names[name])
    _loosen_aliases(name, current)
    if current is scope.module.scope and scope is not current:
        for module in state.modules:  # other modules may have imported it
            if name in module.scope.names:
                state.mutated.add((module.source.file, name))


def _loosen_aliases(name: str, scope: Scope) -> None:
    """Let containers with other names of the same object hold anything."""
    for other in scope.aliases.get(name, ()):
        if other in scope.names:
            scope.names[other] = opened(scope.names[other])


def note_alias(targets: list[ast.expr], value: ast.expr, scope: Scope) -> None:
    """Record that `one = other = found` are names of the same container."""
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    for name in names:
        for others in scope.aliases.values():
            others.discard(name)
        scope.aliases[name] = set()
    names += [value.id] if isinstance(value, ast.Name) else []
    if len(names) > 1:
        group = set(names).union(*(scope.aliases.get(name, ()) for name in names))
        for name in group:
            scope.aliases[name] = group - {name}


def _changed(atom: Atom, entries: list[DictEntry] | None, weak: bool) -> Atom:
    if not isinstance(atom, DictValue):
        return _opened_list(atom)
    if entries is None:
        return DictValue(atom.entries, True, atom.depth)
    added = [entry for entry in entries if not (weak and atom.entry(entry.key))]
    [changed] = a_dict([*atom.entries, *added], open=atom.open)
    return changed


def _opened_list(atom: Atom) -> Atom:
    """Return a container after an item was replaced, when it is not a dict with known keys."""
    [changed] = opened(frozenset({atom}))
    return changed


def without(state: ProjectState, holder: ast.expr, key: str | None, scope: Scope) -> None:
    """Remove a key from a dict. None means that any key may be removed."""
    if not isinstance(holder, ast.Name) or key is None or holder.id not in scope.names:
        change(state, holder, None, scope)
        return
    _loosen_aliases(holder.id, scope)
    scope.names[holder.id] = frozenset(
        DictValue(tuple(entry for entry in atom.entries if entry.key != key), atom.open, atom.depth)
        if isinstance(atom, DictValue)
        else atom
        for atom in scope.names[holder.id]
    )


def _parted(state: ProjectState, parts: list[ast.expr], value: Known) -> list[Known]:
    """Return the values of the targets in a tuple assignment."""
    listed = items.elements(value)
    starred = [index for index, each in enumerate(parts) if isinstance(each, ast.Starred)]
    if listed is None or (not starred and len(listed) != len(parts)) or len(listed) < len(parts) - len(starred):
        each = items.each_of(state, value)
        found = [_zipped(value, index, each) for index in range(len(parts))]
        return [many(each) if index in starred else found[index] for index in range(len(parts))]
    if not starred:
        return list(listed)
    start, after = starred[0], len(parts) - starred[0] - 1
    end = len(listed) - after
    return [*listed[:start], several(listed[start:end]), *listed[end:]]


def _zipped(value: Known, index: int, otherwise: Known) -> Known:
    """Return the values at one index, if the value may be several tuples; `otherwise` if they are not known."""
    rows = [atom.items for atom in value if isinstance(atom, SequenceValue)]
    if rows and len(rows) == len(value) and all(row is not None and index < len(row) for row in rows):
        return joined(*(row[index] for row in rows if row is not None))
    return otherwise
