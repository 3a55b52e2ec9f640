"""Evaluate `holder.name` for every kind of value."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from ovcgen.usage import calls, classes
from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.usages import Absent, Lookup
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    Atom,
    ClientPart,
    ClientValue,
    ConstantValue,
    ContextManagerValue,
    DictValue,
    Known,
    LibraryObject,
    OperationMethod,
    PartialValue,
    PassedArguments,
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
    ValueMethod,
    fixed,
    joined,
)

WAIT = ("wait",)
OF_PARTS = {"api"}  # attributes of groups and actors that are not operations
NOT_KNOWN = "nobody can tell what it is called on"
HANDED = {  # methods of unknown objects that call the function they are given
    "add_job",
    "apply",
    "apply_async",
    "call_soon",
    "enter_async_context",
    "enter_context",
    "map",
    "run_in_executor",
    "start_soon",
    "submit",
}


@dataclass(frozen=True, slots=True)
class Look:
    """The context of an attribute lookup.

    Attributes:
        place: Position of the expression; NOWHERE for lookups that are not in the source.
        spoken: Name of the holder in the source, used to guess what an unknown value is.
    """

    state: ProjectState
    place: SourceSpan
    scope: Scope
    spoken: str = ""


def attribute(look: Look, holder: Known, name: str) -> Known:
    """Return the possible values of `holder.name`.

    Unknown values are ignored if another possible holder has an operation or actor of that name. None is ignored.
    """
    holder = (holder - fixed(None) or ANYTHING) if holder else holder
    parts = [atom for atom in holder if isinstance(atom, ClientPart)]
    if parts and any(isinstance(atom, UnknownValue) for atom in holder):
        meant = [part for part in parts if _means(look, part, name)]
        holder = frozenset(meant) if meant else holder
    return joined(*(_of(look, atom, name) for atom in holder)) if holder else NOTHING


def _means(look: Look, part: ClientPart, name: str) -> bool:
    surface = look.state.surface
    return (*part.path, name) in surface.parts or ".".join((*part.path, name)) in surface.operations


def _of(look: Look, atom: Atom, name: str) -> Known:
    match atom:
        case ClientValue():
            return _of_client(look, name)
        case ClientPart(path, doubt):
            return _of_part(look, path, name, doubt)
        case ProjectInstance(number, after):
            return _of_instance(look, number, after, name)
        case ProjectClass(number):
            return _of_class(look, number, name)
        case ProjectModule(file):
            return classes.of_module(look.state, file, name)
        case LibraryObject(outer):
            return _of_foreign(look, outer, name)
        case UnknownValue():
            return _guessed(look, name)
        case ResponseValue() | DictValue() | SequenceValue() | TaskValue() | ConstantValue() | TypedValue():
            return frozenset({ValueMethod(atom, name)})
        case ProjectFunction(number) if name == "__name__":
            return fixed(look.state.functions[number].name)
        case OperationMethod(dotted, place):
            look.state.inspected.add(place)
            return fixed(dotted.rpartition(".")[2]) if name in ("__name__", "__qualname__") else ANYTHING
        case ProjectFunction() | PartialValue() | ContextManagerValue() | ValueMethod():
            return ANYTHING
    return ANYTHING


def _of_foreign(look: Look, outer: str, name: str) -> Known:
    """Return an attribute of a library module. An unknown module may hold a client."""
    state, spelled = look.state, f"{outer}.{name}"
    if state.surface.is_client(spelled):
        return frozenset({ClientValue()})
    root = outer.partition(".")[0]
    if look.place == calls.NOWHERE or root in sys.stdlib_module_names or root in (state.package, "ovcgen", "builtins"):
        return frozenset({LibraryObject(spelled)})
    found = frozenset[Atom]({LibraryObject(spelled)})
    guessed = _guessed(look, name) - ANYTHING if spelled not in state.foreign_modules else NOTHING
    return found | guessed


def _of_client(look: Look, name: str) -> Known:
    if name == "actors":  # `pcl.actors` of OpenvCloud's own client
        return frozenset({ClientValue()})
    if (name,) in look.state.surface.parts:
        return frozenset({ClientPart((name,), look.scope.guard)})
    if name == "wait":
        return frozenset({ClientPart(WAIT, look.scope.guard)})
    return frozenset({ValueMethod(ClientValue(), name)})


def _of_part(look: Look, path: tuple[str, ...], name: str, doubt: str) -> Known:
    surface = look.state.surface
    doubt = doubt or look.scope.guard
    if path == WAIT:
        return frozenset({ValueMethod(ClientPart(WAIT, doubt), name)})
    found: Known = NOTHING
    if (*path, name) in surface.parts:
        found = joined(found, frozenset({ClientPart((*path, name), doubt)}))
    dotted = ".".join((*path, name))
    if dotted in surface.operations:
        look.state.use(Lookup(look.place, dotted, doubt))
        found = joined(found, frozenset({OperationMethod(dotted, look.place, doubt)}))
    if not found and not doubt and not name.startswith("_") and name not in OF_PARTS:
        look.state.absent[Absent(look.place, dotted)] = None
    return found or ANYTHING


def _guessed(look: Look, name: str) -> Known:
    """Return the operations and actors that an attribute of an unknown value may mean, each with a doubt."""
    surface = look.state.surface
    if name in surface.groups:
        return joined(ANYTHING, frozenset({ClientPart((name,), NOT_KNOWN)}))
    found: set[Atom] = {ClientPart(path, NOT_KNOWN) for path in surface.actors(name)}
    spoken = look.spoken.lower().strip("_")
    for dotted in surface.called(name):
        actor = dotted.split(".")[-2].lower()
        alike = bool(spoken) and spoken in (actor, actor.rstrip("s"), f"{actor}s")
        if alike or (name != name.lower() and len(surface.called(name)) <= 3):
            look.state.use(Lookup(look.place, dotted, NOT_KNOWN))
            found.add(OperationMethod(dotted, look.place, NOT_KNOWN))
    if name in HANDED:
        return frozenset({ValueMethod(UnknownValue(), name), *found})
    return frozenset(found) | ANYTHING


def _of_instance(look: Look, number: int, after: int, name: str) -> Known:
    state = look.state
    if name == "__class__":
        return frozenset({ProjectClass(number)})
    held = NOTHING if after >= 0 else classes.held(state, number, name)
    found = classes.found(state, number, name, after=after)
    if any(isinstance(atom, ProjectFunction) and state.functions[atom.number].abstract for atom in found):
        found = joined(found, *(classes.found(state, heir, name) for heir in classes.heirs(state, number)))
    owner = frozenset[Atom]({ProjectInstance(number)})
    value = joined(held, *(_bound(look, atom, owner) for atom in found))
    if value:
        return value
    if by_name := classes.found(state, number, "__getattr__"):
        site = calls.CallSite(state, None, look.scope, look.place)
        return calls.call(
            site, joined(*(_bound(look, atom, owner) for atom in by_name)), PassedArguments((fixed(name),))
        )
    return classes.inherited(state, number, look, name)


def _bound(look: Look, atom: Atom, owner: Known) -> Known:
    """Return a class attribute as its instances see it: methods are bound, properties evaluated."""
    if not isinstance(atom, ProjectFunction) or atom.owner:
        return frozenset({atom})
    kinds = look.state.functions[atom.number].kinds
    if "staticmethod" in kinds:
        return frozenset({atom})
    if "classmethod" in kinds:
        classes_ = frozenset[Atom](
            ProjectClass(atom.number) for atom in owner if isinstance(atom, ProjectInstance | ProjectClass)
        )
        return frozenset({ProjectFunction(atom.number, classes_)})
    bound = frozenset[Atom]({ProjectFunction(atom.number, owner)})
    if "property" in kinds:
        return calls.call(calls.CallSite(look.state, None, look.scope, look.place), bound, PassedArguments())
    return bound


def _of_class(look: Look, number: int, name: str) -> Known:
    if name == "__name__":
        return fixed(look.state.classes[number].node.name)
    held = classes.held(look.state, number, name)
    owner = frozenset[Atom]({ProjectClass(number)})
    found: list[Known] = []
    for atom in classes.found(look.state, number, name):
        is_function = isinstance(atom, ProjectFunction)
        kinds = look.state.functions[atom.number].kinds if isinstance(atom, ProjectFunction) else frozenset()
        found.append(_bound(look, atom, owner) if is_function and "classmethod" in kinds else frozenset({atom}))
    return joined(held, *found) or ANYTHING
