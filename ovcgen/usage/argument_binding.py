"""Bind the arguments of a call to the parameters of a project function."""

from __future__ import annotations

import ast
from functools import lru_cache

from ovcgen.usage import expressions, type_hints
from ovcgen.usage.scope import FunctionInfo, FunctionNode, ProjectState, Scope
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    ClientValue,
    ConstantValue,
    Known,
    LibraryObject,
    PassedArguments,
    UnknownValue,
    a_dict,
    joined,
    many,
    several,
)

OUR_FIXTURES = {"ovc_client", "ovc_admin"}  # fixtures of ovcgen.pytest_plugin that are clients
CHANGING = {"update", "setdefault", "pop", "popitem", "clear"}  # methods that change a dict


def defaults(state: ProjectState, node: FunctionNode, scope: Scope) -> dict[str, Known]:
    """Return the possible values of each parameter's default."""
    own = node.args
    positional = [*own.posonlyargs, *own.args]
    late = positional[len(positional) - len(own.defaults) :]
    pairs = [*zip(late, own.defaults, strict=True), *zip(own.kwonlyargs, own.kw_defaults, strict=True)]
    return {each.arg: expressions.evaluate(state, value, scope) for each, value in pairs if value is not None}


def names(state: ProjectState, info: FunctionInfo, owner: Known, given: PassedArguments) -> dict[str, Known]:
    """Return the possible values of the parameters in a call.

    `owner` is the object that a method is bound to; empty for a function. An argument that is not known gets the values
    that its annotation allows.
    """
    own = info.node.args
    values = [owner, *given.values] if owner else list(given.values)
    positional = [*own.posonlyargs, *own.args]
    bound: dict[str, Known] = {}
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
        bound[parameter.arg] = _promised(state, info, parameter, value)
    if own.vararg:
        bound[own.vararg.arg] = many(joined(*rest) or ANYTHING, "tuple") if given.more else several(rest, "tuple")
    if own.kwarg:
        bound[own.kwarg.arg] = a_dict(keywords.values(), open=given.open)
    return bound


def unknown_names(state: ProjectState, info: FunctionInfo, owner: Known) -> dict[str, Known]:
    """Return the possible values of the parameters of a function that no code in the project calls.

    Only defaults, annotations, pytest fixtures and names of clients tell something about them.
    """
    own = info.node.args
    positional = [*own.posonlyargs, *own.args]
    bound: dict[str, Known] = {}
    for index, parameter in enumerate([*positional, *own.kwonlyargs]):
        if index == 0 and owner:
            bound[parameter.arg] = owner
            continue
        value = joined(ANYTHING, info.defaults.get(parameter.arg, NOTHING))
        if parameter.arg in state.surface.client_roots:
            value = joined(value, frozenset({LibraryObject(parameter.arg)}))
        fixture = _fixture(state, info, parameter.arg)
        bound[parameter.arg] = fixture or _promised(state, info, parameter, value)
    if own.vararg:
        bound[own.vararg.arg] = many(_promised(state, info, own.vararg, ANYTHING), "tuple")
    if own.kwarg:
        bound[own.kwarg.arg] = a_dict((), open=True)
    return bound


def changed(info: FunctionInfo, call: ast.Call | None, bound: bool) -> list[ast.expr]:
    """Return the arguments of a call that the function mutates (sets items, or calls `update`, `pop`, ...).

    `bound` is true if the first parameter is the object that the method is bound to.
    """
    names = _changed_names(info.node)
    if not names or call is None:
        return []
    positional = [arg.arg for arg in (*info.node.args.posonlyargs, *info.node.args.args)][bound:]
    pairs = [*zip(positional, call.args, strict=False), *((keyword.arg, keyword.value) for keyword in call.keywords)]
    return [value for name, value in pairs if name in names]


@lru_cache(maxsize=4096)
def _changed_names(node: FunctionNode) -> frozenset[str]:
    """Return the names of the dicts that a function mutates."""
    found = set()
    for each in ast.walk(node):
        match each:
            case ast.Subscript(ast.Name(name), _, ast.Store() | ast.Del()):
                found.add(name)
            case ast.Call(ast.Attribute(ast.Name(name), method)) if method in CHANGING:
                found.add(name)
    return frozenset(found)


def _promised(state: ProjectState, info: FunctionInfo, parameter: ast.arg, value: Known) -> Known:
    """Return the values of an argument. Unknown values are replaced by those that its annotation allows."""
    if parameter.annotation is None or not any(isinstance(atom, UnknownValue) for atom in value):
        return value
    promised = type_hints.meant(state, parameter.annotation, info.scope)
    if any(isinstance(atom, UnknownValue) for atom in promised):
        return value
    known = frozenset(atom for atom in value if not isinstance(atom, UnknownValue))
    dull = all(isinstance(value, ConstantValue) for value in known)
    return joined(promised, known if not dull or not known else frozenset(e for e in known if _is_none(e)))


def _is_none(atom: object) -> bool:
    return isinstance(atom, ConstantValue) and atom.value is None


def _fixture(state: ProjectState, info: FunctionInfo, name: str) -> Known:
    """Return the value of the pytest fixture with that name; NOTHING outside of tests or without such a fixture."""
    from ovcgen.usage import calls

    if not info.name.startswith("test") and "fixture" not in info.kinds:
        return NOTHING
    if name in OUR_FIXTURES:
        return frozenset({ClientValue()})
    here = info.scope.module.source.path.parent.parts
    found = [
        fixture
        for fixture in state.fixtures.get(name, ())
        if fixture.node is not info.node
        if fixture.scope.module is info.scope.module
        or (
            fixture.scope.module.source.path.name == "conftest.py"
            and here[: len(fixture.scope.module.source.path.parent.parts)]
            == fixture.scope.module.source.path.parent.parts
        )
    ]
    return joined(*(calls.run(state, info, unknown_names(state, info, NOTHING)) for info in found[:1]))
