"""Look up attributes of project classes, their instances and project modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovcgen.usage import statements, type_hints
from ovcgen.usage.scope import ProjectState
from ovcgen.usage.values import ANYTHING, NOTHING, Known, LibraryObject, ProjectClass, ProjectModule, joined, opened

if TYPE_CHECKING:
    from ovcgen.usage.attributes import Look


def lineage(state: ProjectState, number: int) -> list[int]:
    """Return the class and its bases in the project, nearest first."""
    if number not in state.lineages:
        found, waiting = [], [number]
        while waiting:
            current = waiting.pop(0)
            if current not in found:
                found.append(current)
                waiting += sorted(
                    base.number for base in state.classes[current].bases if isinstance(base, ProjectClass)
                )
        state.lineages[number] = found
    return state.lineages[number]


def heirs(state: ProjectState, number: int) -> list[int]:
    """Return the subclasses of a class, direct or not."""
    if number not in state.heirs:
        others = (info.number for info in state.classes if info.number != number)
        state.heirs[number] = [other for other in others if number in lineage(state, other)]
    return state.heirs[number]


def found(state: ProjectState, number: int, name: str, *, after: int = -1) -> Known:
    """Return the class attribute with that name, from the class or its nearest base; NOTHING if there is none.

    With `after`, only bases behind that class are searched (`super()`).
    """
    line = lineage(state, number)
    for each in line[line.index(after) + 1 :] if after in line else line:
        names = state.classes[each].scope.names
        if name in names:
            return names[name]
    return NOTHING


def held(state: ProjectState, number: int, name: str) -> Known:
    """Return the values assigned to an instance attribute by the class and its bases, else those by its subclasses."""
    own = joined(*(_slot(state, each, name) for each in lineage(state, number)))
    return own or joined(*(_slot(state, heir, name) for heir in heirs(state, number)))


def _slot(state: ProjectState, number: int, name: str) -> Known:
    value = state.slots.get((number, name), NOTHING)
    if (number, name) in state.mutated:
        return opened(value)
    return value


def inherited(state: ProjectState, number: int, look: Look, name: str) -> Known:
    """Return an attribute from the annotation of a field, from subclasses, or from a base outside the project."""
    line = lineage(state, number)
    for each in line:
        info = state.classes[each]
        if name in info.fields:
            return type_hints.meant(state, info.fields[name], info.scope)
    for heir in heirs(state, number):
        if value := joined(held(state, heir, name), found(state, heir, name)):
            return value
    outside = [base for number in line for base in state.classes[number].bases if isinstance(base, LibraryObject)]
    as_base = joined(*(type_hints.instance(state, object_) for object_ in outside)) if outside else NOTHING
    from ovcgen.usage.attributes import attribute

    return attribute(look, as_base, name) if as_base and as_base != ANYTHING else ANYTHING


def of_module(state: ProjectState, file: str, name: str) -> Known:
    """Return a name of a project module. The module is read first; submodules are found, too."""
    module = next(module for module in state.modules if module.source.file == file)
    statements.read_module(state, module)
    if name in module.scope.names:
        value = joined(module.scope.names[name], state.slots.get((file, name), NOTHING))
        if (file, name) in state.mutated:
            return opened(value)
        return value
    inner = state.named(f"{module.name}.{name}", module)
    return frozenset({ProjectModule(inner.source.file)}) if inner else ANYTHING
