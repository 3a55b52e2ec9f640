"""What a call gives: of a portal, of the project's own functions and classes, of everybody else's."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ovcgen.impact.code import binding, classes, foreign, methods, statements, storing
from ovcgen.impact.code.state import FunctionInfo, FunctionNode, Scope, State
from ovcgen.impact.code.uses import Call, Escape
from ovcgen.impact.code.values import (
    ANYTHING,
    NOTHING,
    Answer,
    Atom,
    Bound,
    Class,
    Foreign,
    Function,
    Given,
    Instance,
    Known,
    Manager,
    Member,
    Partial,
    Place,
    Started,
    Unknown,
    fixed,
    joined,
    many,
)

CONTEXTS = 40  # ways to call one function that are told apart
NOWHERE = Place("", 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a call is made; `node` is None where no call is written, as for a property."""

    state: State
    node: ast.Call | None
    scope: Scope
    at: Place = NOWHERE

    @property
    def place(self) -> Place:
        """That, in the file."""
        return self.at if self.node is None else self.state.place(self.node, self.scope)


def call(site: Site, called: Known, given: Given) -> Known:
    """All that it may give."""
    found = NOTHING
    for atom in called:
        found = joined(found, _one(site, atom, given))
    return found


def _one(site: Site, atom: Atom, given: Given) -> Known:
    match atom:
        case Bound():
            return _portal_call(site, atom, given)
        case Partial(target, earlier):
            return _one(site, target, earlier.after(given))
        case Function():
            return _function(site, atom, given)
        case Class(number):
            return _object(site, number, given)
        case Instance(number):
            own = classes.found(site.state, number, "__call__")
            owner = frozenset[Atom]({atom})
            return call(
                site, frozenset(Function(each.number, owner) for each in own if isinstance(each, Function)), given
            )
        case Foreign(name):
            return foreign.call(site, name, given)
        case Member(holder, name):
            return methods.call(site, holder, name, given)
        case Unknown():
            escape(site, given)
    return ANYTHING


def _portal_call(site: Site, atom: Bound, given: Given) -> Known:
    state = site.state
    doubt = atom.doubt or site.scope.guard
    state.use(Call(site.place, atom.dotted, given, doubt, atom.place, id(site.node) not in site.scope.module.ignored))
    as_task = given.keyword("_async")
    answer = frozenset[Atom]({Answer(atom.dotted, "", doubt)})
    started = frozenset[Atom]({Started(atom.dotted, doubt)})
    if given.keyword("_to") is not None:
        return ANYTHING
    if as_task is None or as_task == fixed(False):
        return joined(answer, started) if given.open else answer
    return started if as_task == fixed(True) else joined(answer, started)


def escape(site: Site, given: Given) -> None:
    """Note the calls that are handed to somebody who is not followed."""
    for value in (*given.values, *(each.value for each in given.keywords)):
        for atom in value:
            target = atom.target if isinstance(atom, Partial) else atom
            if isinstance(target, Bound):
                site.state.use(Escape(site.place, target.dotted, target.doubt or site.scope.guard))


def made(state: State, node: FunctionNode, scope: Scope, kinds: frozenset[str]) -> Known:
    """The function that a definition makes; its defaults are looked at where it stands."""
    info = state.function(node, scope, scope.owner, kinds)
    info.defaults = binding.defaults(state, node, scope)
    return frozenset({Function(info.number)})


def _function(site: Site, atom: Function, given: Given) -> Known:
    state = site.state
    info = state.functions[atom.number]
    state.reached.add(id(info.node))
    names = binding.names(state, info, atom.owner, given)
    value = run(state, info, names, site.scope.guard)
    for argument in binding.changed(info, site.node, bool(atom.owner)):
        storing.change(state, argument, None, site.scope)
    return value


def run(state: State, info: FunctionInfo, names: dict[str, Known], guard: str = "") -> Known:
    """What a function gives for those arguments; each set of arguments is looked at once."""
    key = (info.number, guard, tuple(sorted(names.items(), key=lambda pair: pair[0])))
    if key in state.results:
        return state.results[key]
    count = state.contexts.get(info.number, 0)
    if state.hurried or count >= CONTEXTS:
        return ANYTHING
    state.contexts[info.number] = count + 1
    state.results[key] = NOTHING  # for who calls himself
    scope = Scope(info.scope.module, info.scope, key, dict(names), owner=info.owner, guard=guard)
    state.results[key] = statements.read_function(state, info, scope)
    return state.results[key]


def outcome(info: FunctionInfo, scope: Scope, value: Known) -> Known:
    """What a caller gets from what was returned and yielded."""
    if not scope.yielded:
        return value
    each = joined(*scope.yielded)
    if "contextmanager" in info.kinds:
        return frozenset({Manager(each)})
    return each if "fixture" in info.kinds else many(each, "generator")


def _object(site: Site, number: int, given: Given) -> Known:
    state = site.state
    made_one = frozenset[Atom]({Instance(number)})
    makers = classes.found(state, number, "__init__")
    functions = [each for each in makers if isinstance(each, Function)]
    for each in functions:
        _function(site, Function(each.number, made_one), given)
    if not functions:
        fields = [name for each in reversed(classes.lineage(state, number)) for name in state.classes[each].fields]
        order = list(dict.fromkeys(fields))
        for name, value in (*zip(order, given.values, strict=False), *((e.key, e.value) for e in given.keywords)):
            state.hold((number, name), value)
        escape(site, Given() if order else given)
    return made_one
