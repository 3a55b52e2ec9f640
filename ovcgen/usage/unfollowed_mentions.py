"""Find names of operations in the source that the interpreter did not follow.

It walks all syntax trees, independently of the interpreter. Each name that was neither followed nor proven to mean
something else is reported with its position, so that no use is missed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ovcgen.usage.api_index import OperationNames, is_distinctive
from ovcgen.usage.project_state import Module, ProjectState, last_name, place_of
from ovcgen.usage.relevant_files import mentions_client
from ovcgen.usage.string_expressions import text_of
from ovcgen.usage.usages import Escape, Lookup, Mention, OperationCall
from ovcgen.usage.values import SourceSpan

NOT_FOLLOWED = "it names an operation here, and what it is called on can't be told from reading"
IN_TEXT = "a text names an operation here, and what is done with it can't be told from reading"
NOT_CALLED = "how it is called can't be seen"
NEAR = 3  # number of enclosing expressions in which the actor is searched
MESSAGES = {"print", "debug", "info", "warning", "warn", "error", "exception", "critical", "log", "fail", "skip"}
RUNNING = {"eval", "exec", "compile"}
NAMING = {"getattr", "__getattribute__", "__getattr__", "attrgetter", "methodcaller", "getattr_static"}
LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def mentions(project: ProjectState) -> tuple[Mention, ...]:
    """Return the places that name an operation and were neither followed nor proven to mean something else, sorted.

    Methods that are looked up and never called are among them (`Mention.looked_up`). Docstrings, messages for people
    and code behind a `return` or `raise` do not count.
    """
    looked_up = {use.place for use in project.uses if isinstance(use, Lookup)}
    found: dict[Mention, None] = {}
    for module in project.modules:
        found.update(dict.fromkeys(_Sweep(project, module, looked_up).mentions()))
    found.update(dict.fromkeys(_never_called(project)))
    return tuple(sorted(found, key=lambda mention: (mention.place, mention.operations)))


def _never_called(project: ProjectState) -> Iterator[Mention]:
    """Yield operation methods that are looked up and of which no call is found."""
    called = {use.looked_up for use in project.uses if isinstance(use, OperationCall | Escape)} | project.inspected
    for use in project.uses:
        if isinstance(use, Lookup) and use.place not in called:
            yield Mention(use.place, (use.dotted,), NOT_CALLED, looked_up=True)


class _Sweep:
    """The search through one file."""

    def __init__(self, project: ProjectState, module: Module, looked_up: set[SourceSpan]) -> None:
        self._project, self._module, self._looked_up = project, module, looked_up
        self._names: OperationNames = project.operation_names
        self._parents: dict[ast.AST, ast.AST] = {}
        self._about_client = mentions_client(module.source, project.api_index, project.package)
        self._takes_values = project.takes_values

    def mentions(self) -> Iterator[Mention]:
        """Yield every place in the file that names an operation and was not followed."""
        waiting: list[ast.AST] = [self._module.source.tree]
        while waiting:
            node = waiting.pop()
            yield from self._mentioned(node)
            if isinstance(node, ast.JoinedStr):  # the parts of an f-string are not separate texts
                inner: list[ast.AST] = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            else:
                dead = _behind_the_end(node)
                inner = [child for child in ast.iter_child_nodes(node) if id(child) not in dead]
            for child in inner:
                self._parents[child] = node
                waiting.append(child)

    def _mentioned(self, node: ast.AST) -> Iterator[Mention]:
        match node:
            case ast.Attribute():
                found, why = self._attribute(node), NOT_FOLLOWED
            case ast.Constant(str() | bytes()) | ast.JoinedStr():
                found, why = self._text(node), IN_TEXT
            case ast.MatchClass(kwd_attrs=names):
                found, why = self._distinctive(names), NOT_FOLLOWED
            case ast.keyword(str(name)):
                found, why = self._distinctive([name]), NOT_FOLLOWED
            case _:
                return
        if found:
            place = place_of(node, self._module.source)
            if place not in self._looked_up:
                yield Mention(place, tuple(sorted(found)), why)

    def _distinctive(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(dotted for name in names if is_distinctive(name) for dotted in self._names.called(name))

    # attributes

    def _attribute(self, node: ast.Attribute) -> frozenset[str]:
        candidates = self._names.called(node.attr)
        if not candidates or (id(node) in self._project.identified and id(node) not in self._project.unidentified):
            return frozenset()
        if beside := self._names.with_actor_among(candidates, _words(node.value)):
            return beside
        if is_distinctive(node.attr):
            return candidates
        call = self._parents.get(node)
        if isinstance(call, ast.Call) and call.func is node:
            return self._fitting(candidates, call, call.args)
        return candidates if self._about_client and isinstance(node.ctx, ast.Load) else frozenset()

    def _fitting(self, candidates: frozenset[str], call: ast.Call, values: list[ast.expr]) -> frozenset[str]:
        """Return those of the candidates that accept the arguments of the call."""
        keywords = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
        if len(keywords) < len(call.keywords) or any(isinstance(value, ast.Starred) for value in values):
            return candidates if self._about_client else frozenset()
        if (values and not self._takes_values) or not (keywords or self._about_client):
            return frozenset()
        return frozenset(candidate for candidate in candidates if self._names.takes(candidate, len(values), keywords))

    # texts

    def _text(self, node: ast.Constant | ast.JoinedStr) -> frozenset[str]:
        text = text_of(node)
        named, alone, parent = self._names.named_in(text), self._names.named_by_whole(text), self._parents.get(node)
        called = last_name(parent.func) if isinstance(parent, ast.Call) else ""
        if called in RUNNING or ("." in text and "(" in text and self._about_client):
            named |= self._names.in_code(text)
        if not (named or alone) or self._is_message(node, text):
            return frozenset()
        place = place_of(node, self._module.source)
        if place in self._project.followed:
            return frozenset()
        if named or place in self._project.used_as_name or called in NAMING:
            return named or alone
        return self._names.with_actor_among(alone, self._around(node)) or self._passed(node, alone)

    def _is_message(self, node: ast.expr, text: str) -> bool:
        """Return whether a text is only for people: a docstring, or a message with spaces."""
        parent = self._parents.get(node)
        if isinstance(parent, ast.Expr) and isinstance(self._parents.get(parent), DOCUMENTED):
            return True
        while isinstance(parent, ast.BinOp):
            parent = self._parents.get(parent)
        if " " not in text.strip():
            return False
        if not isinstance(parent, ast.Call):
            return isinstance(parent, ast.Assert)
        return isinstance(self._parents.get(parent), ast.Raise) or last_name(parent.func) in MESSAGES

    def _around(self, node: ast.AST) -> Iterator[str]:
        """Yield the words near a text: in the call, tuple or dict that contains it."""
        inner = node
        for _ in range(NEAR):
            outer = self._parents.get(inner)
            if isinstance(outer, ast.Dict):
                yield from _beside_in_dict(outer, inner)
            elif isinstance(outer, ast.expr | ast.keyword | ast.Assign):
                for child in ast.iter_child_nodes(outer):
                    if child is not node:
                        yield from _words(child)
            else:
                return
            inner = outer

    def _passed(self, node: ast.AST, alone: frozenset[str]) -> frozenset[str]:
        """Return the operations that accept the keywords of the call: `run("enable", imageId=3)`."""
        call = self._parents.get(node)
        if not isinstance(call, ast.Call) or node not in call.args or not call.keywords:
            return frozenset()
        return self._fitting(alone, call, [])


def _behind_the_end(node: ast.AST) -> set[int]:
    """Return the ids of statements after a `return`, `raise`, `continue` or `break` in the same block."""
    dead: set[int] = set()
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            ends = [index for index, statement in enumerate(block) if isinstance(statement, LEAVING)]
            dead |= {id(unreachable) for unreachable in block[ends[0] + 1 :]} if ends else set()
    return dead


def _beside_in_dict(holder: ast.Dict, inner: ast.AST) -> Iterator[str]:
    for key, value in zip(holder.keys, holder.values, strict=True):
        if key is not None and (inner is key or inner is value):
            yield from _words(value if inner is key else key)


def _words(node: ast.AST) -> Iterator[str]:
    """Yield all names and short texts in an expression."""
    for inner in ast.walk(node):
        match inner:
            case ast.Name(name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Constant(str(text)) if len(text) <= 80:
                yield text
