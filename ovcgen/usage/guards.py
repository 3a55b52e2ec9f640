"""Recognise code that handles a missing operation or keyword, and therefore does not break."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from ovcgen.usage import expressions
from ovcgen.usage.scope import ProjectState, Scope
from ovcgen.usage.values import ClientPart, ClientValue, ContextManagerValue, Known, LibraryObject, OperationMethod

EXPECTED = {"AttributeError", "TypeError"}
CAUGHT = "it stands where an AttributeError or a TypeError is expected"
ASKED = "it depends on a question whether the portal has something"


def of_handlers(handlers: Iterable[ast.ExceptHandler]) -> str:
    """Return the reason why code in a `try` may fail; "" if the handlers catch no AttributeError or TypeError."""
    for handler in handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(getattr(kind, "id", getattr(kind, "attr", "")) in EXPECTED for kind in kinds if kind is not None):
            return CAUGHT
    return ""


def of_manager(opened: Known) -> str:
    """Return the reason for `with suppress(AttributeError)`, or ""."""
    suppressed = [atom.inside for atom in opened if isinstance(atom, ContextManagerValue)]
    names = {
        atom.name.rpartition(".")[2] for inside in suppressed for atom in inside if isinstance(atom, LibraryObject)
    }
    return CAUGHT if names & EXPECTED else ""


def of_test(state: ProjectState, test: ast.expr, scope: Scope) -> str:
    """Return the reason for a branch that depends on whether an operation exists, or "".

    Such a condition contains `hasattr(portal.cloudapi, "x")`, or `__doc__`, `__signature__` or `release` of a client.
    """
    for node in ast.walk(test):
        match node:
            case ast.Call(ast.Name("hasattr"), [holder, *_]):
                asked = expressions.evaluate(state, holder, scope)
            case ast.Attribute(holder, "__doc__" | "__signature__" | "release"):
                asked = expressions.evaluate(state, holder, scope)
            case _:
                continue
        if any(isinstance(atom, ClientValue | ClientPart | OperationMethod) for atom in asked):
            return ASKED
    return ""
