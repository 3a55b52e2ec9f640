"""Evaluate calls: of operations, of project functions and classes, and of library functions."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import lru_cache

from ovcgen.usage import http_calls
from ovcgen.usage.library_calls import LibraryModels
from ovcgen.usage.project_state import FunctionInfo, FunctionNode, Scope, last_name
from ovcgen.usage.usages import Absent, Lookup, OperationCall
from ovcgen.usage.values import (
    ANYTHING,
    DULL,
    NOTHING,
    AbstractValue,
    ClientValue,
    ConstantValue,
    DictEntry,
    LibraryObject,
    OperationMethod,
    PartialValue,
    PassedArguments,
    PossibleValues,
    ProjectClass,
    ProjectFunction,
    ProjectInstance,
    ResponseValue,
    TaskValue,
    UnknownValue,
    ValueMethod,
    constant_value,
    dict_with,
    joined,
    only_value,
    sequence_of,
    sequence_with,
)

CONTEXTS = 40  # argument sets of one function that are analysed separately
OUR_FIXTURES = {"ovc_client", "ovc_admin"}  # fixtures of ovcgen.pytest_plugin that are clients
CHANGING = {"update", "setdefault", "pop", "popitem", "clear"}  # methods that change a dict


class FunctionCalls(LibraryModels):
    """The part of the interpreter that calls functions."""

    def call(self, called: PossibleValues, given: PassedArguments) -> PossibleValues:
        """Return the possible results of calling any of the values in `called`; NOTHING if it is empty.

        Calls of operations are recorded, and project functions are interpreted with these arguments.
        """
        found = NOTHING
        for atom in called:
            found = joined(found, self._call_one(atom, given))
        return found

    def _call_one(self, atom: AbstractValue, given: PassedArguments) -> PossibleValues:
        match atom:
            case OperationMethod():
                return self._call_operation(atom, given)
            case PartialValue(target, earlier):
                return self._call_one(target, earlier.after(given))
            case ProjectFunction():
                return self._call_function(atom, given)
            case ProjectClass(number):
                return self._instantiate(number, given)
            case ProjectInstance(number):
                own = self.project.class_attribute(number, "__call__")
                functions = [atom for atom in own if isinstance(atom, ProjectFunction)]
                return self.call(
                    frozenset(ProjectFunction(function.number, only_value(atom)) for function in functions), given
                )
            case LibraryObject(name):
                return self.call_library(name, given)
            case ValueMethod(holder, name):
                return self.call_method(holder, name, given)
            case UnknownValue():
                if self.call_node is not None:
                    self.note_reading_method(last_name(self.call_node.func), given)
                    if last_name(self.call_node.func) == "update":  # as of an object's `__dict__`
                        self.note_all_keys(given.first(NOTHING), self.place)
                self.note_escape(given)
                self.mark_arguments_mutated()
        return ANYTHING

    def _call_operation(self, atom: OperationMethod, given: PassedArguments) -> PossibleValues:
        project = self.project
        doubt = atom.doubt or self.scope.guard
        given = self._by_keyword(atom.dotted, given)
        project.record(OperationCall(self.place, atom.dotted, given, doubt, atom.place, self.is_used))
        for entry in given.keywords if not doubt else ():
            if not project.api_index.takes(atom.dotted, entry.key):
                project.absent[Absent(self.place, atom.dotted, entry.key)] = None
        as_task = given.keyword("_async")
        answer = only_value(ResponseValue(atom.dotted, "", doubt))
        started = only_value(TaskValue(atom.dotted, doubt))
        if given.keyword("_to") is not None:
            return ANYTHING
        if as_task is None or as_task == constant_value(False):
            return joined(answer, started) if given.open else answer
        return started if as_task == constant_value(True) else joined(answer, started)

    def _by_keyword(self, dotted: str, given: PassedArguments) -> PassedArguments:
        """Return the arguments by keyword. OpenvCloud's own client accepts positional values, in catalog order."""
        keys = self.project.api_index.in_order(dotted)
        if given.more or len(given.values) > len(keys):
            return replace(given, open=True)
        first = tuple(DictEntry(key, value) for key, value in zip(keys, given.values, strict=False))
        return PassedArguments((), (*first, *given.keywords), given.open, positional=len(first))

    def define_function(self, node: FunctionNode, kinds: frozenset[str]) -> PossibleValues:
        """Return the function that a definition creates, and evaluate its defaults. Its body is not interpreted yet."""
        info = self.project.function(node, self.scope, self.scope.owner, kinds)
        info.defaults = self.parameter_defaults(node)
        return only_value(ProjectFunction(info.number))

    def _call_function(self, atom: ProjectFunction, given: PassedArguments) -> PossibleValues:
        project = self.project
        info = project.functions[atom.number]
        project.calls_of.setdefault(project.reading[-1], set()).add(id(info.node))
        names = self.bound_arguments(info, atom.owner, given)
        value = self.run(info, names, self.scope.guard)
        for argument in _mutated_arguments(info, self.call_node, bool(atom.owner)):
            self.change_dict(argument, None)
        return value

    def run(self, info: FunctionInfo, names: dict[str, PossibleValues], guard: str = "") -> PossibleValues:
        """Return the possible results of a function for these arguments.

        Each set of arguments is analysed once in a round. A recursive call has the results of the previous round.

        After `CONTEXTS` sets, values that can't lead to an operation are taken as unknown, so that fewer sets remain.
        After twice as many the result of a new set is ANYTHING. When the step budget is used up, both happen from the
        second set on.

        Args:
            info: The function.
            names: Possible values of its parameters.
            guard: Why the calling code expects that an operation may be missing; "" if it does not.
        """
        project = self.project
        count = project.contexts.get(info.number, 0)
        if count >= CONTEXTS or (count and project.is_over_budget):
            names = {name: joined(names[name], ANYTHING) if name != "self" else names[name] for name in names}
            names = {name: ANYTHING if not _leads_on(value) else value for name, value in names.items()}
        key = (info.number, guard, tuple(sorted(names.items(), key=lambda pair: pair[0])))
        if key in project.results:
            return project.results[key]
        if count >= 2 * CONTEXTS or (count and project.is_over_budget):
            return ANYTHING
        project.contexts[info.number] = count + 1
        project.ran.add(id(info.node))
        project.results[key] = project.earlier.get(key, NOTHING)  # result for recursive calls
        scope = Scope(info.scope.module, info.scope, key, dict(names), owner=info.owner, guard=guard)
        project.reading.append(id(info.node))
        try:
            project.results[key] = self.within(scope).read_function(info)
        finally:
            project.reading.pop()
        return project.results[key]

    def _instantiate(self, number: int, given: PassedArguments) -> PossibleValues:
        project = self.project
        instance = only_value(ProjectInstance(number))
        makers = project.class_attribute(number, "__init__")
        functions = [maker for maker in makers if isinstance(maker, ProjectFunction)]
        for function in functions:
            self._call_function(ProjectFunction(function.number, instance), given)
        if not functions:
            fields = [
                name for ancestor in reversed(project.ancestors(number)) for name in project.classes[ancestor].fields
            ]
            order = list(dict.fromkeys(fields))
            pairs = [*zip(order, given.values, strict=False), *((entry.key, entry.value) for entry in given.keywords)]
            for name, value in pairs:
                project.add_value((number, name), value)
            self.note_escape(PassedArguments() if order else given)
        return instance

    def parameter_defaults(self, node: FunctionNode) -> dict[str, PossibleValues]:
        """Return the possible values of the defaults, by parameter; parameters without a default are left out."""
        own = node.args
        positional = [*own.posonlyargs, *own.args]
        late = positional[len(positional) - len(own.defaults) :]
        pairs = [*zip(late, own.defaults, strict=True), *zip(own.kwonlyargs, own.kw_defaults, strict=True)]
        return {parameter.arg: self.evaluate(value) for parameter, value in pairs if value is not None}

    def bound_arguments(
        self, info: FunctionInfo, owner: PossibleValues, given: PassedArguments
    ) -> dict[str, PossibleValues]:
        """Return the possible values of the parameters in a call.

        `owner` is the object that a method is bound to; empty for a function. An argument that is not known gets the
        values that its annotation allows.
        """
        own = info.node.args
        values = [owner, *given.values] if owner else list(given.values)
        positional = [*own.posonlyargs, *own.args]
        bound: dict[str, PossibleValues] = {}
        for parameter, value in zip(positional, values, strict=False):
            bound[parameter.arg] = value
        rest = values[len(positional) :]
        keywords = {keyword.key: keyword for keyword in given.keywords}
        for parameter in [*own.args, *own.kwonlyargs]:
            if parameter.arg in keywords and parameter.arg not in bound:
                bound[parameter.arg] = keywords.pop(parameter.arg).value
        for parameter in [*positional, *own.kwonlyargs]:
            missing = parameter.arg not in bound
            value = bound.get(parameter.arg, info.defaults.get(parameter.arg, ANYTHING))
            if missing and (given.open or given.more):
                value = joined(value, ANYTHING)
            bound[parameter.arg] = self._by_annotation(info, parameter, value)
        if own.vararg:
            bound[own.vararg.arg] = (
                sequence_of(joined(*rest) or ANYTHING, "tuple") if given.more else sequence_with(rest, "tuple")
            )
        if own.kwarg:
            bound[own.kwarg.arg] = dict_with(keywords.values(), open=given.open)
        return bound

    def unknown_arguments(self, info: FunctionInfo, owner: PossibleValues) -> dict[str, PossibleValues]:
        """Return the possible values of the parameters of a function that no code in the project calls.

        Only defaults, annotations, pytest fixtures and names of clients tell something about them.
        """
        own = info.node.args
        positional = [*own.posonlyargs, *own.args]
        bound: dict[str, PossibleValues] = {}
        for index, parameter in enumerate([*positional, *own.kwonlyargs]):
            if index == 0 and owner:
                bound[parameter.arg] = owner
                continue
            value = joined(ANYTHING, info.defaults.get(parameter.arg, NOTHING))
            if parameter.arg in self.project.api_index.client_roots:
                value = joined(value, only_value(LibraryObject(parameter.arg)))
            fixture = self._fixture(info, parameter.arg)
            bound[parameter.arg] = fixture or self._by_annotation(info, parameter, value)
        if own.vararg:
            bound[own.vararg.arg] = sequence_of(self._by_annotation(info, own.vararg, ANYTHING), "tuple")
        if own.kwarg:
            bound[own.kwarg.arg] = dict_with((), open=True)
        return bound

    def _by_annotation(self, info: FunctionInfo, parameter: ast.arg, value: PossibleValues) -> PossibleValues:
        """Return the values of an argument. Unknown values are replaced by those that its annotation allows."""
        if parameter.annotation is None or not value & ANYTHING:
            return value
        promised = self.within(info.scope).type_hint(parameter.annotation)
        if promised & ANYTHING:
            return value
        known = value - ANYTHING
        if all(isinstance(atom, ConstantValue) for atom in known):
            known &= constant_value(None)
        return joined(promised, known)

    def _fixture(self, info: FunctionInfo, name: str) -> PossibleValues:
        """Return the value of the pytest fixture with that name; NOTHING outside of tests or without such a fixture."""
        if not info.name.startswith("test") and "fixture" not in info.kinds:
            return NOTHING
        if name in OUR_FIXTURES:
            return only_value(ClientValue())
        for fixture in self.project.fixtures.get(name, ()):
            path, own = fixture.scope.module.source.path, info.scope.module.source.path
            is_near = path == own or (path.name == "conftest.py" and own.is_relative_to(path.parent))
            if fixture.node is not info.node and is_near:
                return self.run(fixture, self.unknown_arguments(fixture, NOTHING))
        return NOTHING

    def note_request(self, given: PassedArguments) -> None:
        """Record a call of each operation whose path is the end of a URL among the arguments; nothing if there is none.

        Only calls of functions with the names of HTTP libraries count (see `http_calls`).
        """
        project, function = self.project, self.call_node.func if self.call_node else None
        for operation, sent, doubt, origins in http_calls.requests(project.api_index, last_name(function), given):
            doubt = self.scope.guard or doubt
            project.record(Lookup(self.place, operation.dotted, doubt))
            project.record(OperationCall(self.place, operation.dotted, sent, doubt, self.place, self.is_used))
            project.followed.update(origins)


def _leads_on(value: PossibleValues) -> bool:
    """Return whether a value can lead to a call of an operation."""
    return any(not isinstance(atom, (*DULL, UnknownValue)) for atom in value)


def _mutated_arguments(info: FunctionInfo, call: ast.Call | None, bound: bool) -> list[ast.expr]:
    """Return the arguments of a call that the function mutates (sets items, or calls `update`, `pop`, ...).

    `bound` is true if the first parameter is the object that the method is bound to.
    """
    names = _mutated_parameters(info.node)
    if not names or call is None:
        return []
    positional = [arg.arg for arg in (*info.node.args.posonlyargs, *info.node.args.args)][bound:]
    pairs = [*zip(positional, call.args, strict=False), *((keyword.arg, keyword.value) for keyword in call.keywords)]
    return [value for name, value in pairs if name in names]


@lru_cache(maxsize=4096)
def _mutated_parameters(node: FunctionNode) -> frozenset[str]:
    """Return the names of the dicts that a function mutates."""
    found = set()
    for inner in ast.walk(node):
        match inner:
            case ast.Subscript(ast.Name(name), _, ast.Store() | ast.Del()):
                found.add(name)
            case ast.Call(ast.Attribute(ast.Name(name), method)) if method in CHANGING:
                found.add(name)
    return frozenset(found)
