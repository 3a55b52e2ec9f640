"""Evaluate type annotations to the possible values of what they annotate."""

from __future__ import annotations

import ast

from ovcgen.usage import expressions
from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.values import (
    ANYTHING,
    Atom,
    ClientPart,
    ClientValue,
    ConstantValue,
    Known,
    LibraryObject,
    ProjectClass,
    ProjectInstance,
    ResponseValue,
    TaskValue,
    TypedValue,
    fixed,
    joined,
    many,
    several,
)

PLAIN = {"str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "set"}
HOLDERS = {  # generic types whose first argument is the type of their items
    "list", "set", "frozenset", "Sequence", "Iterable", "Iterator", "Collection", "Generator", "List", "Set",
    "AsyncIterator", "AsyncIterable", "AsyncGenerator",
}  # fmt: skip
SAME = {"Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "Awaitable", "ReadOnly"}
RUNTIME_CLIENTS = {"ovcgen.client.portal.RuntimePortal", "ovcgen.client.legacy.PortalClient"}


def meant(state: ProjectState, node: ast.expr | None, scope: Scope) -> Known:
    """Return the possible values of something with that annotation; ANYTHING if it is not understood."""
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
            return joined(*(instance(state, atom) for atom in value)) if value else ANYTHING
    return ANYTHING


def _subscripted(state: ProjectState, outer: ast.expr, inner: ast.expr, scope: Scope) -> Known:
    name = outer.attr if isinstance(outer, ast.Attribute) else getattr(outer, "id", "")
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Union":
        return joined(*(meant(state, part, scope) for part in parts))
    if name == "Optional":
        return joined(fixed(None), meant(state, parts[0], scope))
    if name in SAME:
        return meant(state, parts[0], scope)
    if name in HOLDERS and parts:
        return many(meant(state, parts[0], scope))
    if name in ("tuple", "Tuple"):
        if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is Ellipsis:
            return many(meant(state, parts[0], scope), "tuple")
        return several((meant(state, part, scope) for part in parts), "tuple")
    if name == "Literal":
        return joined(*(fixed(part.value) for part in parts if isinstance(part, ast.Constant)))
    if name in ("dict", "Dict", "Mapping"):
        return frozenset({TypedValue("dict")})
    return meant(state, outer, scope)


def instance(state: ProjectState, atom: Atom) -> Known:
    """Return an instance of that class; ANYTHING for protocols and unknown classes."""
    match atom:
        case ProjectClass(number):
            bases = state.classes[number].bases
            is_protocol = any(isinstance(base, LibraryObject) and base.name.endswith(".Protocol") for base in bases)
            return ANYTHING if is_protocol else frozenset({ProjectInstance(number)})
        case ConstantValue(None):
            return fixed(None)
        case ConstantValue(str(text)):  # a quoted type alias
            return meant(state, ast.Constant(text), state.modules[0].scope) if text.isidentifier() else ANYTHING
        case LibraryObject(name):
            return _foreign(state, name)
    return ANYTHING


def _foreign(state: ProjectState, name: str) -> Known:
    plain = name.removeprefix("builtins.")
    if plain in PLAIN:
        return frozenset({TypedValue(plain)})
    if name in RUNTIME_CLIENTS:
        return frozenset({ClientValue()})
    root, _, rest = name.partition(".")
    if root not in (state.package, "ovcgen"):
        return ANYTHING
    return _of_sdk(state, rest.removeprefix("_client."))


def _of_sdk(state: ProjectState, name: str) -> Known:
    """Return an instance of a class of a generated SDK: client, group, actor, task or record of a response."""
    if name == state.client:
        return frozenset({ClientValue()})
    if name.rpartition(".")[2] == "Task":
        return frozenset({TaskValue("")})
    steps = name.split(".")
    if steps[0] == "types" and len(steps) == 2:
        found = state.surface.uses_of_definition(steps[1])
        return frozenset(ResponseValue(dotted, member) for dotted, member in found) or ANYTHING
    path = tuple(steps[:-1])
    inside = [part for part in state.surface.parts if tuple(step.lower() for step in part) == path]
    return frozenset(ClientPart(each) for each in inside) if inside else ANYTHING
