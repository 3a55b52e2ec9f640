"""Evaluate calls: of operations, of project functions and classes, and of library functions."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from ovcgen.usage import argument_binding, assignment, classes, library_models, methods, statements
from ovcgen.usage.scope import FunctionInfo, FunctionNode, ProjectState, Scope
from ovcgen.usage.usages import Absent, Escape, OperationCall
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    Atom,
    ConstantValue,
    ContextManagerValue,
    DictEntry,
    DictValue,
    Known,
    LibraryObject,
    OperationMethod,
    PartialValue,
    PassedArguments,
    ProjectClass,
    ProjectFunction,
    ProjectInstance,
    ResponseValue,
    SequenceValue,
    SourceSpan,
    TaskValue,
    TypedValue,
    UnknownValue,
    ValueMethod,
    fixed,
    joined,
    many,
)

TELLING = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "write", "dumps"}
CONTEXTS = 40  # argument sets of one function that are analysed separately
NOWHERE = SourceSpan("", 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class CallSite:
    """The context of a call.

    Attributes:
        node: The call; None if there is no call in the source (a property, a decorator).
        at: Position to report if `node` is None.
    """

    state: ProjectState
    node: ast.Call | None
    scope: Scope
    at: SourceSpan = NOWHERE

    @property
    def place(self) -> SourceSpan:
        """Position of the call in the source."""
        return self.at if self.node is None else self.state.place(self.node, self.scope)


def call(site: CallSite, called: Known, given: PassedArguments) -> Known:
    """Return the possible results of calling any of the values in `called`."""
    found = NOTHING
    for atom in called:
        found = joined(found, _one(site, atom, given))
    return found


def _one(site: CallSite, atom: Atom, given: PassedArguments) -> Known:
    match atom:
        case OperationMethod():
            return _portal_call(site, atom, given)
        case PartialValue(target, earlier):
            return _one(site, target, earlier.after(given))
        case ProjectFunction():
            return _function(site, atom, given)
        case ProjectClass(number):
            return _object(site, number, given)
        case ProjectInstance(number):
            own = classes.found(site.state, number, "__call__")
            owner = frozenset[Atom]({atom})
            return call(
                site,
                frozenset(ProjectFunction(atom.number, owner) for atom in own if isinstance(atom, ProjectFunction)),
                given,
            )
        case LibraryObject(name):
            return library_models.call(site, name, given)
        case ValueMethod(holder, name):
            return methods.call(site, holder, name, given)
        case UnknownValue():
            escape(site, given)
            loosen_arguments(site)
    return ANYTHING


def _portal_call(site: CallSite, atom: OperationMethod, given: PassedArguments) -> Known:
    state = site.state
    doubt = atom.doubt or site.scope.guard
    given = named(state, atom.dotted, given)
    state.use(
        OperationCall(site.place, atom.dotted, given, doubt, atom.place, id(site.node) not in site.scope.module.ignored)
    )
    for entry in given.keywords if not doubt else ():
        if not state.surface.takes(atom.dotted, entry.key):
            state.absent[Absent(site.place, atom.dotted, entry.key)] = None
    as_task = given.keyword("_async")
    answer = frozenset[Atom]({ResponseValue(atom.dotted, "", doubt)})
    started = frozenset[Atom]({TaskValue(atom.dotted, doubt)})
    if given.keyword("_to") is not None:
        return ANYTHING
    if as_task is None or as_task == fixed(False):
        return joined(answer, started) if given.open else answer
    return started if as_task == fixed(True) else joined(answer, started)


def named(state: ProjectState, dotted: str, given: PassedArguments) -> PassedArguments:
    """Return the arguments by keyword. OpenvCloud's own client accepts positional values, in catalog order."""
    keys = state.surface.in_order(dotted)
    if given.more or len(given.values) > len(keys):
        return replace(given, open=True)
    first = tuple(DictEntry(key, value) for key, value in zip(keys, given.values, strict=False))
    return PassedArguments((), (*first, *given.keywords), given.open, positional=len(first))


def escape(site: CallSite, given: PassedArguments) -> None:
    """Record the operations that are passed to code that is not followed."""
    waiting = [*given.values, *(keyword.value for keyword in given.keywords)]
    while waiting:
        for atom in waiting.pop():
            match atom:
                case OperationMethod(dotted, looked_up, doubt) | PartialValue(
                    OperationMethod(dotted, looked_up, doubt)
                ):
                    site.state.use(Escape(site.place, dotted, doubt or site.scope.guard, looked_up))
                case DictValue(entries):
                    waiting += [entry.value for entry in entries]
                case SequenceValue(_, each):
                    waiting.append(each)


def loosen_arguments(site: CallSite) -> None:
    """Let containers that are passed hold anything, because the called code may change them. Log methods do not."""
    if site.node is None or getattr(site.node.func, "attr", "") in TELLING:
        return
    for argument in (*site.node.args, *(keyword.value for keyword in site.node.keywords)):
        if not isinstance(argument, ast.Starred):
            assignment.loosen(site.state, argument, site.scope)


def made(state: ProjectState, node: FunctionNode, scope: Scope, kinds: frozenset[str]) -> Known:
    """Return the function that a definition creates. Its defaults are evaluated here."""
    info = state.function(node, scope, scope.owner, kinds)
    info.defaults = argument_binding.defaults(state, node, scope)
    return frozenset({ProjectFunction(info.number)})


def _function(site: CallSite, atom: ProjectFunction, given: PassedArguments) -> Known:
    state = site.state
    info = state.functions[atom.number]
    state.calls_of.setdefault(state.reading[-1], set()).add(id(info.node))
    names = argument_binding.names(state, info, atom.owner, given)
    value = run(state, info, names, site.scope.guard)
    for argument in argument_binding.changed(info, site.node, bool(atom.owner)):
        assignment.change(state, argument, None, site.scope)
    return value


def run(state: ProjectState, info: FunctionInfo, names: dict[str, Known], guard: str = "") -> Known:
    """Return the possible results of a function for these arguments. Each set of arguments is analysed once.

    After `CONTEXTS` sets, values that can't lead to an operation are taken as unknown, so that fewer sets remain. After
    twice as many the result is ANYTHING.
    """
    count = state.contexts.get(info.number, 0)
    if count >= CONTEXTS or (count and state.hurried):
        names = {name: joined(names[name], ANYTHING) if name != "self" else names[name] for name in names}
        names = {name: ANYTHING if not _leads_on(value) else value for name, value in names.items()}
    key = (info.number, guard, tuple(sorted(names.items(), key=lambda pair: pair[0])))
    if key in state.results:
        return state.results[key]
    if count >= 2 * CONTEXTS or (count and state.hurried):
        return ANYTHING
    state.contexts[info.number] = count + 1
    state.ran.add(id(info.node))
    state.results[key] = state.earlier.get(key, NOTHING)  # result for recursive calls
    scope = Scope(info.scope.module, info.scope, key, dict(names), owner=info.owner, guard=guard)
    state.reading.append(id(info.node))
    try:
        state.results[key] = statements.read_function(state, info, scope)
    finally:
        state.reading.pop()
    return state.results[key]


def _leads_on(value: Known) -> bool:
    """Return whether a value can lead to a call of an operation."""
    return any(
        not isinstance(atom, ConstantValue | TypedValue | DictValue | SequenceValue | UnknownValue) for atom in value
    )


def outcome(info: FunctionInfo, scope: Scope, value: Known) -> Known:
    """Return what a caller gets: the returned value, or a generator or context manager of what is yielded."""
    if not scope.yielded:
        return value
    each = joined(*scope.yielded)
    if "contextmanager" in info.kinds:
        return frozenset({ContextManagerValue(each)})
    return each if "fixture" in info.kinds else many(each, "generator")


def _object(site: CallSite, number: int, given: PassedArguments) -> Known:
    state = site.state
    made_one = frozenset[Atom]({ProjectInstance(number)})
    makers = classes.found(state, number, "__init__")
    functions = [maker for maker in makers if isinstance(maker, ProjectFunction)]
    for function in functions:
        _function(site, ProjectFunction(function.number, made_one), given)
    if not functions:
        fields = [name for each in reversed(classes.lineage(state, number)) for name in state.classes[each].fields]
        order = list(dict.fromkeys(fields))
        for name, value in (*zip(order, given.values, strict=False), *((e.key, e.value) for e in given.keywords)):
            state.hold((number, name), value)
        escape(site, PassedArguments() if order else given)
    return made_one
