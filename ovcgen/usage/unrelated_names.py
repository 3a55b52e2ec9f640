"""Decide whether an attribute with the name of an operation is known to be something else."""

from __future__ import annotations

import ast
import sys

from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.values import (
    Atom,
    ClientPart,
    ClientValue,
    ConstantValue,
    DictValue,
    Known,
    LibraryObject,
    OperationMethod,
    ProjectClass,
    ProjectFunction,
    ProjectInstance,
    ProjectModule,
    ResponseValue,
    SequenceValue,
    SourceSpan,
    TaskValue,
    TypedValue,
    UnknownValue,
    fixed,
)

BUILTIN = {type_.__name__: type_ for type_ in (str, int, float, bool, bytes, list, dict, tuple, set, type(None), range)}
OF_JSON = (dict, list, str, int, float, bool)
OF_TASKS = {"guid", "done", "status", "result", "wait", "exception", "kill"}


def note_attribute(state: ProjectState, node: ast.Attribute, holder: Known, value: Known) -> None:
    """Record whether the value of an attribute that is named like an operation is known."""
    if state.operation_names.called(node.attr):
        known = is_settled(state, holder, node.attr, value)
        (state.settled if known else state.unsettled).add(id(node))


def note_name(state: ProjectState, holder: Known, name: ConstantValue, value: Known) -> None:
    """Record whether a text used as an attribute name (`getattr(holder, name)`) led to a known value."""
    if not name.origins or not state.operation_names.called(str(name.value)):
        return
    leads_on = any(isinstance(atom, OperationMethod | ProjectFunction) for atom in value)
    if leads_on or is_settled(state, holder, str(name.value), value):
        state.followed.update(name.origins)
    else:
        state.used_as_name.update(name.origins)


def is_settled(state: ProjectState, holder: Known, name: str, value: Known) -> bool:
    """Return whether, for every possible holder, it is known what its attribute of that name is."""
    atoms = holder - fixed(None)
    if not atoms:
        return False
    atoms = frozenset(atom for atom in atoms if not isinstance(atom, ClientValue | ClientPart))
    own = [atom for atom in atoms if isinstance(atom, ProjectInstance | ProjectClass | ProjectModule)]
    if own and (not value or any(isinstance(atom, UnknownValue) for atom in value)):
        return False
    return all(_has(state, atom, name) for atom in atoms if atom not in own)


def _has(state: ProjectState, atom: Atom, name: str) -> bool:
    match atom:
        case ConstantValue(_, kind) | TypedValue(kind):
            return hasattr(BUILTIN.get(kind), name)
        case DictValue():
            return hasattr(dict, name)
        case SequenceValue(_, _, kind):
            return hasattr(BUILTIN.get(kind), name)
        case ResponseValue():
            return any(hasattr(kind, name) for kind in OF_JSON)
        case TaskValue():
            return name in OF_TASKS
        case LibraryObject(module):
            from_python = module.partition(".")[0] in sys.stdlib_module_names
            return from_python or (module in state.foreign_modules and name == name.lower())
    return False


def origins(state: ProjectState, node: ast.expr, text: str, scope: Scope) -> tuple[SourceSpan, ...]:
    """Return the position of a text that names an operation, as a tuple; empty for other texts."""
    names = state.operation_names
    return (state.place(node, scope),) if names.alone(text) or names.spelled(text) else ()
