"""What an annotation promises of a value."""

from __future__ import annotations

import ast

from ovcgen.usage import expressions
from ovcgen.usage.scope import Scope, State
from ovcgen.usage.values import (
    ANYTHING,
    Answer,
    Atom,
    Class,
    Client,
    Fixed,
    Foreign,
    Instance,
    Known,
    Part,
    Started,
    Typed,
    fixed,
    joined,
    many,
    several,
)

PLAIN = {"str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "set"}
HOLDERS = {  # what gives its first argument when it is gone through
    "list", "set", "frozenset", "Sequence", "Iterable", "Iterator", "Collection", "Generator", "List", "Set",
    "AsyncIterator", "AsyncIterable", "AsyncGenerator",
}  # fmt: skip
SAME = {"Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "Awaitable", "ReadOnly"}
RUNTIME_CLIENTS = {"ovcgen.client.portal.RuntimePortal", "ovcgen.client.legacy.PortalClient"}


def meant(state: State, node: ast.expr | None, scope: Scope) -> Known:
    """All that a value with that annotation may be."""
    if node is None:
        return ANYTHING
    match node:
        case ast.Constant(None):
            return fixed(None)
        case ast.Constant(str(text)):
            try:
                return meant(state, ast.parse(text.strip(), mode="eval").body, scope)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return ANYTHING
        case ast.BinOp(left, ast.BitOr(), right):
            return joined(meant(state, left, scope), meant(state, right, scope))
        case ast.Subscript(outer, inner):
            return _subscripted(state, outer, inner, scope)
        case ast.Name() | ast.Attribute():
            value = expressions.evaluate(state, node, scope)
            return joined(*(instance(state, each) for each in value)) if value else ANYTHING
    return ANYTHING


def _subscripted(state: State, outer: ast.expr, inner: ast.expr, scope: Scope) -> Known:
    name = outer.attr if isinstance(outer, ast.Attribute) else getattr(outer, "id", "")
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Union":
        return joined(*(meant(state, each, scope) for each in parts))
    if name == "Optional":
        return joined(fixed(None), meant(state, parts[0], scope))
    if name in SAME:
        return meant(state, parts[0], scope)
    if name in HOLDERS and parts:
        return many(meant(state, parts[0], scope))
    if name in ("tuple", "Tuple"):
        if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is Ellipsis:
            return many(meant(state, parts[0], scope), "tuple")
        return several((meant(state, each, scope) for each in parts), "tuple")
    if name == "Literal":
        return joined(*(fixed(each.value) for each in parts if isinstance(each, ast.Constant)))
    if name in ("dict", "Dict", "Mapping"):
        return frozenset({Typed("dict")})
    return meant(state, outer, scope)


def instance(state: State, atom: Atom) -> Known:
    """An object of that class."""
    match atom:
        case Class(number):
            bases = state.classes[number].bases
            is_protocol = any(isinstance(each, Foreign) and each.name.endswith(".Protocol") for each in bases)
            return ANYTHING if is_protocol else frozenset({Instance(number)})
        case Fixed(None):
            return fixed(None)
        case Fixed(str(text)):  # a type alias in quotes
            return meant(state, ast.Constant(text), state.modules[0].scope) if text.isidentifier() else ANYTHING
        case Foreign(name):
            return _foreign(state, name)
    return ANYTHING


def _foreign(state: State, name: str) -> Known:
    plain = name.removeprefix("builtins.")
    if plain in PLAIN:
        return frozenset({Typed(plain)})
    if name in RUNTIME_CLIENTS:
        return frozenset({Client()})
    root, _, rest = name.partition(".")
    if root not in (state.package, "ovcgen"):
        return ANYTHING
    return _of_sdk(state, rest.removeprefix("_client."))


def _of_sdk(state: State, name: str) -> Known:
    """An object of a class of a generated SDK: its client, a group, an actor, a task, what is in an answer."""
    if name == state.client:
        return frozenset({Client()})
    if name.rpartition(".")[2] == "Task":
        return frozenset({Started("")})
    steps = name.split(".")
    if steps[0] == "types" and len(steps) == 2:
        found = state.surface.uses_of_definition(steps[1])
        return frozenset(Answer(dotted, member) for dotted, member in found) or ANYTHING
    path = tuple(steps[:-1])
    inside = [each for each in state.surface.parts if tuple(step.lower() for step in each) == path]
    return frozenset(Part(each) for each in inside) if inside else ANYTHING
