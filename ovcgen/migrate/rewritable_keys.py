"""Check whether a keyword or dict key in the source is only passed on as a keyword, so that it can be changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ovcgen.usage.source_files import Source
from ovcgen.usage.values import SourceSpan

ACTING = (
    ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
FILLING = {"update", "setdefault"}
HALVES = {"partial", "partialmethod"}
Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def is_for_one_call(source: Source, entry: SourceSpan, call: SourceSpan) -> bool:
    """Return whether a keyword or dict key is only passed on as a keyword, so that it can be changed where it stands.

    `entry` has to be a keyword of the call, of `partial(...)` or of `dict.update(...)`, or a key of a dict that is only
    used as `**dict`, also in several calls. The result is False if the entry is not found.

    Args:
        source: The file.
        entry: Position of the keyword or key.
        call: Position of the call. It counts for a keyword only: one of another call gives False.
    """
    parents = {child: node for node in ast.walk(source.tree) for child in ast.iter_child_nodes(node)}
    node = next((parent for parent in parents if _at(parent, source, entry)), None)
    if isinstance(node, ast.keyword):
        return _is_keyword_of(parents[node], source, call, parents)
    holder = parents.get(node) if node else None
    if isinstance(holder, ast.Dict):
        return _is_for_calls(holder, parents)
    return isinstance(holder, ast.Subscript) and _holds_nothing_else(holder.value, parents)


def has_effects(source: Source, entry: SourceSpan) -> bool:
    """Return whether evaluating the value of the keyword or key at `entry` may have side effects, such as a call.

    True as well if there is no such keyword or entry of a dict display, as for the key in `params["key"] = value`. An
    entry whose result is True can't be removed.
    """
    for node in ast.walk(source.tree):
        if isinstance(node, ast.keyword) and _at(node, source, entry):
            return _does_something(node.value)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None and _at(key, source, entry):
                    return _does_something(value)
    return True


def _does_something(value: ast.expr) -> bool:
    return any(isinstance(node, ACTING) for node in ast.walk(value))


def _at(node: ast.AST, source: Source, place: SourceSpan) -> bool:
    """Return whether a node is exactly at that source position."""
    if not isinstance(node, ast.keyword | ast.expr) or node.lineno != place.line or node.end_lineno != place.end_line:
        return False
    line, end = source.lines[node.lineno - 1], source.lines[place.end_line - 1]
    start = len(line[: node.col_offset].decode("utf-8", "replace"))
    stop = len(end[: node.end_col_offset].decode("utf-8", "replace"))
    return (start, stop) == (place.column, place.end_column)


def _is_keyword_of(call: ast.AST, source: Source, place: SourceSpan, parents: dict[ast.AST, ast.AST]) -> bool:
    """Return whether the keyword of `call` goes to the call at `place` only."""
    if not isinstance(call, ast.Call):
        return False
    if _at(call, source, place):
        return True
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in FILLING and isinstance(call.func, ast.Attribute):
        return _holds_nothing_else(call.func.value, parents)
    return name in HALVES


def _is_for_calls(node: ast.Dict, parents: dict[ast.AST, ast.AST]) -> bool:
    """Return whether a dict display is only used as `**dict`."""
    parent = parents[node]
    match parent:
        case ast.keyword(None):  # **{...}
            return True
        case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
            return _spread_only(name, _scope(parent, parents), parents)
    return False


def _holds_nothing_else(node: ast.expr, parents: dict[ast.AST, ast.AST]) -> bool:
    return isinstance(node, ast.Name) and _spread_only(node.id, _scope(node, parents), parents)


def _scope(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Scope:
    while not isinstance(node, Scope):
        node = parents[node]
    return node


def _spread_only(name: str, scope: Scope, parents: dict[ast.AST, ast.AST]) -> bool:
    """Return whether a name in a scope is only used as `**name` and to add keys. A parameter of the function is not."""
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        own = scope.args
        if name in {arg.arg for arg in (*own.posonlyargs, *own.args, *own.kwonlyargs, own.vararg, own.kwarg) if arg}:
            return False
    return all(_is_harmless(node, parents) for node in _loads(name, scope))


def _loads(name: str, scope: Scope) -> Iterator[ast.Name]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            yield node


def _is_harmless(node: ast.Name, parents: dict[ast.AST, ast.AST]) -> bool:
    """Return whether this use of a dict is `**name` in a call, or adds keys."""
    parent = parents[node]
    match parent:
        case ast.keyword(None):
            return isinstance(parents[parent], ast.Call)
        case ast.Subscript(_, _, ast.Store()):
            return True
        case ast.Attribute(_, method) if method in FILLING:
            return True
    return False
