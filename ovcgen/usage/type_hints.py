"""Evaluate type annotations to the possible values of what they annotate."""

from __future__ import annotations

import ast

from ovcgen.usage.assignment import Assignment
from ovcgen.usage.project_state import last_name
from ovcgen.usage.values import (
    ANYTHING,
    AbstractValue,
    ClientPart,
    ClientValue,
    ConstantValue,
    LibraryObject,
    PossibleValues,
    ProjectClass,
    ProjectInstance,
    ResponseValue,
    TaskValue,
    TypedValue,
    constant_value,
    joined,
    only_value,
    sequence_of,
    sequence_with,
)

PLAIN = {"str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "set"}
HOLDERS = {  # generic types whose first argument is the type of their items
    "list", "set", "frozenset", "Sequence", "Iterable", "Iterator", "Collection", "Generator", "List", "Set",
    "AsyncIterator", "AsyncIterable", "AsyncGenerator",
}  # fmt: skip
SAME = {"Annotated", "Final", "ClassVar", "Required", "NotRequired", "Awaitable", "ReadOnly"}
RUNTIME_CLIENTS = {
    "ovcgen.aio.AsyncRuntimePortal",
    "ovcgen.client.async_portal.AsyncRuntimePortal",
    "ovcgen.client.portal.RuntimePortal",
    "ovcgen.client.legacy_portal_client.PortalClient",
}


class TypeHints(Assignment):
    """The part of the interpreter that evaluates annotations."""

    def type_hint(self, node: ast.expr | None) -> PossibleValues:
        """Return the possible values of something with that annotation; ANYTHING if it is not understood.

        None (no annotation) gives ANYTHING, too. A quoted annotation is parsed.
        """
        if node is None:
            return ANYTHING
        match node:
            case ast.Constant(None):
                return constant_value(None)
            case ast.Constant(str(text)):
                try:
                    return self.type_hint(ast.parse(text.strip(), mode="eval").body)
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    return ANYTHING
            case ast.BinOp(left, ast.BitOr(), right):
                return joined(self.type_hint(left), self.type_hint(right))
            case ast.Subscript(outer, inner):
                return self._generic_hint(outer, inner)
            case ast.Name() | ast.Attribute():
                value = self.evaluate(node)
                return joined(*(self.instance_of(atom) for atom in value)) if value else ANYTHING
        return ANYTHING

    def _generic_hint(self, outer: ast.expr, inner: ast.expr) -> PossibleValues:
        name = last_name(outer)
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if name == "Union":
            return joined(*(self.type_hint(part) for part in parts))
        if name == "Optional":
            return joined(constant_value(None), self.type_hint(parts[0]))
        if name in SAME:
            return self.type_hint(parts[0])
        if name in HOLDERS and parts:
            return sequence_of(self.type_hint(parts[0]))
        if name in ("tuple", "Tuple"):
            if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is Ellipsis:
                return sequence_of(self.type_hint(parts[0]), "tuple")
            return sequence_with((self.type_hint(part) for part in parts), "tuple")
        if name == "Literal":
            return joined(*(constant_value(part.value) for part in parts if isinstance(part, ast.Constant)))
        if name in ("dict", "Dict", "Mapping"):
            return only_value(TypedValue("dict"))
        return self.type_hint(outer)

    def instance_of(self, atom: AbstractValue) -> PossibleValues:
        """Return the possible instances of that class; ANYTHING for protocols and unknown classes.

        The constant None gives None, and a constant text is read as a quoted name of a class.
        """
        match atom:
            case ProjectClass(number):
                bases = self.project.classes[number].bases
                is_protocol = any(isinstance(base, LibraryObject) and base.name.endswith(".Protocol") for base in bases)
                return ANYTHING if is_protocol else only_value(ProjectInstance(number))
            case ConstantValue(None):
                return constant_value(None)
            case ConstantValue(str(text)):  # a quoted type alias
                first = self.within(self.project.modules[0].scope)
                return first.type_hint(ast.Constant(text)) if text.isidentifier() else ANYTHING
            case LibraryObject(name):
                return self._library_instance(name)
        return ANYTHING

    def _library_instance(self, name: str) -> PossibleValues:
        plain = name.removeprefix("builtins.")
        if plain in PLAIN:
            return only_value(TypedValue(plain))
        if name in RUNTIME_CLIENTS:
            return only_value(ClientValue())
        of_sdk = self.project.name_in_sdk(name)
        return ANYTHING if of_sdk is None else self._sdk_instance(of_sdk)

    def _sdk_instance(self, name: str) -> PossibleValues:
        """Return an instance of a class of a generated SDK: client, group, actor, task or record of a response."""
        if name == self.project.client:
            return only_value(ClientValue())
        if name.rpartition(".")[2] == "Task":
            return only_value(TaskValue(""))
        steps = name.split(".")
        if steps[0] == "types" and len(steps) == 2:
            found = self.project.api_index.uses_of_definition(steps[1])
            return frozenset(ResponseValue(dotted, member) for dotted, member in found) or ANYTHING
        path = tuple(steps[:-1])
        inside = [part for part in self.project.api_index.parts if tuple(step.lower() for step in part) == path]
        return frozenset(ClientPart(part) for part in inside) if inside else ANYTHING
