"""Interpret assignments and mutations: update the possible values of names, attributes and dict items."""

from __future__ import annotations

import ast
from dataclasses import replace

from ovcgen.usage.frame import Frame
from ovcgen.usage.project_state import Scope, slot_of
from ovcgen.usage.values import (
    NOTHING,
    AbstractValue,
    DictEntry,
    DictValue,
    PossibleValues,
    SequenceValue,
    dict_with,
    elements,
    joined,
    key_of,
    opened,
    opened_atom,
    sequence_of,
    sequence_with,
)


class Assignment(Frame):
    """The part of the interpreter that interprets assignments and mutations."""

    def assign(self, target: ast.expr, value: PossibleValues) -> None:
        """Interpret `target = value`, also for tuples, attributes and items."""
        match target:
            case ast.Name(name):
                self.assign_name(name, value)
            case ast.Starred(inner):
                self.assign(inner, value)
            case ast.Tuple(parts) | ast.List(parts):
                for part, item in zip(parts, self._unpack(parts, value), strict=True):
                    self.assign(part, item)
            case ast.Attribute(holder, name):
                for atom in self.evaluate(holder):
                    if slot := slot_of(atom, name):
                        self.project.add_value(slot, value)
            case ast.Subscript(holder, key):
                self._assign_item(holder, key, value)

    def assign_name(self, name: str, value: PossibleValues) -> None:
        """Interpret `name = value`. For a global or nonlocal name, the value is added to its earlier values."""
        module = self.scope.module
        if name in self.scope.shared or self.scope is module.scope:
            self.project.add_value((module.source.file, name), value)
        if name not in self.scope.shared:
            self.scope.names[name] = value
            return
        outer = self.scope.parent
        while outer is not None and name not in outer.names:
            outer = outer.parent
        names = (outer or module.scope).names
        names[name] = joined(names.get(name, NOTHING), value)

    def _assign_item(self, holder: ast.expr, key: ast.expr, value: PossibleValues) -> None:
        name = key_of(self.evaluate(key))
        self.change_dict(holder, None if name is None else [DictEntry(name, value, self.place_of(key))])

    def change_dict(self, holder: ast.expr, entries: list[DictEntry] | None, *, weak: bool = False) -> None:
        """Add entries to a dict. None means that any entries may have been added or changed.

        `weak` entries do not replace existing ones (`setdefault`). A dict that has no local name becomes unknown.
        """
        if isinstance(holder, ast.Name) and holder.id in self.scope.names:
            value = self.scope.names[holder.id]
            self.scope.names[holder.id] = frozenset(_changed(atom, entries, weak) for atom in value)
            self.scope.open_aliases(holder.id)
        else:
            self.mark_mutated(holder)

    def replace_list(self, holder: ast.expr, grown: PossibleValues) -> None:
        """Replace a list by `grown`, after items were added to it."""
        if isinstance(holder, ast.Name) and holder.id in self.scope.names:
            self.assign_name(holder.id, grown)
            self.scope.open_aliases(holder.id)
            return
        if isinstance(holder, ast.Attribute):
            self.assign(holder, grown)
        self.mark_mutated(holder)

    def mark_mutated(self, holder: ast.expr) -> None:
        """Let a container hold anything from now on, because it may be changed by code that is not followed.

        `holder` is the expression of the container. Of `found["a"]` or `found.get("a")` the container is `found`.
        """
        match holder:
            case ast.Subscript(inner) | ast.Starred(inner) | ast.Call(ast.Attribute(inner)):
                self.mark_mutated(inner)
            case ast.Name(name):
                self._mark_name_mutated(name)
            case ast.Attribute(owner, name):
                for atom in self.evaluate(owner):
                    if slot := slot_of(atom, name):
                        self.project.mutated.add(slot)

    def _mark_name_mutated(self, name: str) -> None:
        current: Scope | None = self.scope
        while current is not None and name not in current.names:
            current = current.parent
        if current is None or not any(isinstance(atom, DictValue | SequenceValue) for atom in current.names[name]):
            return
        current.names[name] = opened(current.names[name])
        current.open_aliases(name)
        if current is self.scope.module.scope and self.scope is not current:
            for module in self.project.modules:  # other modules may have imported it
                if name in module.scope.names:
                    self.project.mutated.add((module.source.file, name))

    def remove_key(self, holder: ast.expr, key: str | None) -> None:
        """Remove a key from a dict. None means that any key may be removed."""
        if not isinstance(holder, ast.Name) or key is None or holder.id not in self.scope.names:
            self.change_dict(holder, None)
            return
        self.scope.open_aliases(holder.id)
        self.scope.names[holder.id] = frozenset(
            replace(atom, entries=tuple(entry for entry in atom.entries if entry.key != key))
            if isinstance(atom, DictValue)
            else atom
            for atom in self.scope.names[holder.id]
        )

    def _unpack(self, parts: list[ast.expr], value: PossibleValues) -> list[PossibleValues]:
        """Return the values of the targets in a tuple assignment."""
        listed = elements(value)
        starred = [index for index, part in enumerate(parts) if isinstance(part, ast.Starred)]
        if listed is None or (not starred and len(listed) != len(parts)) or len(listed) < len(parts) - len(starred):
            item = self.each_of(value)
            found = [_zipped(value, index, item) for index in range(len(parts))]
            return [sequence_of(item) if index in starred else found[index] for index in range(len(parts))]
        if not starred:
            return list(listed)
        start, after = starred[0], len(parts) - starred[0] - 1
        end = len(listed) - after
        return [*listed[:start], sequence_with(listed[start:end]), *listed[end:]]


def _zipped(value: PossibleValues, index: int, otherwise: PossibleValues) -> PossibleValues:
    """Return the values at one index, if the value may be several tuples; `otherwise` if they are not known."""
    rows = [atom.items for atom in value if isinstance(atom, SequenceValue)]
    if rows and len(rows) == len(value) and all(row is not None and index < len(row) for row in rows):
        return joined(*(row[index] for row in rows if row is not None))
    return otherwise


def _changed(atom: AbstractValue, entries: list[DictEntry] | None, weak: bool) -> AbstractValue:
    if not isinstance(atom, DictValue):
        return opened_atom(atom)
    if entries is None:
        return replace(atom, open=True)
    added = [entry for entry in entries if not (weak and atom.entry(entry.key))]
    [changed] = dict_with([*atom.entries, *added], open=atom.open)
    return changed
