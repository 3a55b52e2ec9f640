"""Interpret a project's code abstractly until nothing new is found, and return how it uses the API."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ovcgen.generator import distribution
from ovcgen.model.api import Api
from ovcgen.normalise.dialects import DIALECTS
from ovcgen.usage import argument_binding, calls, statements, sweep
from ovcgen.usage.api_index import Surface
from ovcgen.usage.imports import Modules
from ovcgen.usage.relevance import relevant, takes_values
from ovcgen.usage.scope import FunctionInfo, ProjectState
from ovcgen.usage.sources import Source
from ovcgen.usage.usages import Lookup, OperationCall, Unread, Usage, Use
from ovcgen.usage.values import (
    NOTHING,
    Atom,
    ConstantValue,
    DictValue,
    Known,
    ProjectInstance,
    SequenceValue,
    TypedValue,
    UnknownValue,
)

ROUNDS = 6
BUDGET = (200_000, 400)  # steps for any project, and for each of its lines
TOO_DEEP = "some of it nests too deeply, and was left out"
TOO_MUCH = "it is too much to follow every call of every function"


def usage(sources: Sequence[Source], unread: Iterable[Unread], api: Api) -> Usage:
    """Return how the project uses the API of that release. Its code is not executed.

    `unread` are files that could not be read; they are passed on. The project is read up to ROUNDS times, until the
    result no longer changes. Code that nests too deeply, or is too large to follow every call, is reported as unread.
    """
    surface, package = Surface(api), distribution(api)[1]
    looked_at = relevant(sources, surface, package)
    state = ProjectState(Modules(looked_at), surface, package, DIALECTS[api.dialect].wording.class_name)
    state.budget = BUDGET[0] + BUDGET[1] * sum(len(source.lines) for source in looked_at)
    state.takes_values = takes_values(looked_at, surface, package)
    before = None
    for _ in range(ROUNDS):
        _round(state)
        missed = state.passed - state.taken - state.kept
        state.kept |= missed
        after = _learned(state)
        if not missed and before == after:
            break
        before = after
    failed = [Unread(file, TOO_DEEP) for file in sorted(state.too_deep)]
    if state.hurried:
        failed += [Unread(source.file, TOO_MUCH) for source in looked_at]
    imports = sorted(state.imports, key=lambda each: each.place)
    absent = sorted(state.absent, key=lambda each: (each.place, each.dotted, each.keyword))
    told, named = tuple(_told(state.uses)), sweep.mentions(state)
    return Usage(told, tuple(imports), len(sources), (*unread, *failed), named, tuple(absent))


def _learned(state: ProjectState) -> tuple[object, ...]:
    """Return the facts that decide whether another round is needed."""
    held = {slot: _essence(value) for slot, value in state.slots.items()}
    call_count = sum(len(set_) for set_ in state.calls_of.values())
    return held, set(state.uses), set(state.mutated), call_count, len(state.functions)


def _essence(value: Known) -> Known:
    """Return the part of a value that can lead to operations, without constants, plain types and unknown values."""
    found: set[Atom] = set()
    for atom in value:
        match atom:
            case DictValue(entries):
                found |= _essence(frozenset().union(*(entry.value for entry in entries)))
            case SequenceValue(_, each):
                found |= _essence(each)
            case ConstantValue() | TypedValue() | UnknownValue():
                continue
            case _:
                found.add(atom)
    return frozenset(found)


def _round(state: ProjectState) -> None:
    """Read all modules from top to bottom, then the functions that no project code calls."""
    state.begin_round()
    for module in state.modules:
        statements.read_module(state, module)
    read = 0
    entered = state.entered_from_outside()
    known = len(state.functions)
    while read < len(state.functions):  # reading a function may define others
        info = state.functions[read]
        read += 1
        is_new = read > known and not _is_called(state, info)
        if id(info.node) in entered or is_new or state.hurried:
            _read_with_anything(state, info)
    for info in list(state.functions):
        if id(info.node) not in state.ran:
            _read_with_anything(state, info)


def _is_called(state: ProjectState, info: FunctionInfo) -> bool:
    return any(id(info.node) in targets for targets in state.calls_of.values())


def _read_with_anything(state: ProjectState, info: FunctionInfo) -> None:
    """Read a function with unknown arguments, except for what defaults and annotations tell."""
    owner: Known = NOTHING
    is_method = info.owner >= 0 and info.scope is state.classes[info.owner].scope
    if is_method and "staticmethod" not in info.kinds:
        owner = frozenset[Atom]({ProjectInstance(info.owner)})
    try:
        calls.run(state, info, argument_binding.unknown_names(state, info, owner))
    except RecursionError:
        state.too_deep.add(info.scope.module.source.file)


def _told(uses: Iterable[Use]) -> list[Use]:
    """Return the uses in file order. A doubtful use is dropped if the same use is certain elsewhere."""
    listed = list(uses)
    certain = {(type(use), use.place, _what(use)) for use in listed if not use.doubt}
    kept = [use for use in listed if not use.doubt or (type(use), use.place, _what(use)) not in certain]
    looked_up = {use.place for use in kept if isinstance(use, Lookup | OperationCall) and not use.doubt}
    sure = [use for use in kept if not use.doubt or use.place not in looked_up]
    return sorted(sure, key=lambda each: (each.place, type(each).__name__, str(_what(each))))


def _what(use: Use) -> object:
    """Return the operation or path and the response part that is used."""
    member = getattr(use, "member", "")
    return (getattr(use, "dotted", getattr(use, "path", "")), member)
