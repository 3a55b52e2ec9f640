"""What is known while a project is read: its modules, functions and classes, and what their names may stand for."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ovcgen.usage.api_index import Surface
from ovcgen.usage.operation_names import OperationNames
from ovcgen.usage.sources import Source
from ovcgen.usage.usages import Absent, Import, Use
from ovcgen.usage.values import NOTHING, Known, SourceSpan, joined

if TYPE_CHECKING:
    from ovcgen.usage.imports import Modules

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Slot = tuple[Hashable, str]  # a class's number or a module's file, and a name in it


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, of a class, or of one call of a function, as far as that has been read."""

    module: Module
    parent: Scope | None
    key: Hashable
    names: dict[str, Known] = field(default_factory=dict)
    owner: int = -1  # the class in whose body, or in whose method, this is
    shared: set[str] = field(default_factory=set)  # declared global or nonlocal
    returned: list[Known] = field(default_factory=list)
    yielded: list[Known] = field(default_factory=list)
    aliases: dict[str, set[str]] = field(default_factory=dict)  # name -> other names of the same container
    guard: str = ""  # why what is used here may be expected to be missing

    def find(self, name: str) -> Known | None:
        """What that name stands for; None where nobody has bound it."""
        scope: Scope | None = self
        while scope is not None:
            is_class_around = scope is not self and isinstance(scope.key, tuple) and scope.key[:1] == ("class",)
            if name in scope.names and not is_class_around:
                return scope.names[name]
            scope = scope.parent
        return None


@dataclass(eq=False, slots=True)
class Module:
    """One file of the project."""

    source: Source
    name: str
    scope: Scope = field(init=False)
    begun: bool = False
    ignored: frozenset[int] = frozenset()  # calls whose outcome nobody takes

    def __post_init__(self) -> None:
        self.scope = Scope(self, None, self.source.file)
        alone = (node.value for node in ast.walk(self.source.tree) if isinstance(node, ast.Expr))
        self.ignored = frozenset(
            id(expression.value if isinstance(expression, ast.Await) else expression) for expression in alone
        )


@dataclass(eq=False, slots=True)
class FunctionInfo:
    """A function, with the scope that it was made in; `kinds` are its decorators as far as they matter."""

    number: int
    node: FunctionNode
    scope: Scope
    owner: int
    kinds: frozenset[str] = frozenset()
    defaults: dict[str, Known] = field(default_factory=dict)

    @property
    def abstract(self) -> bool:
        """Is there nothing in it but a promise that others keep?"""
        if isinstance(self.node, ast.Lambda) or len(self.node.body) > 2:
            return False
        last = self.node.body[-1]
        return isinstance(last, ast.Raise | ast.Pass) or (
            isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant)
        )

    @property
    def name(self) -> str:
        """Its own name."""
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class of the project: what is in its body, and the names and annotations of its fields in order."""

    number: int
    node: ast.ClassDef
    scope: Scope
    bases: Known = NOTHING
    fields: dict[str, ast.expr] = field(default_factory=dict)


class ProjectState:
    """All of it. What instances and modules hold grows from round to round; what is used is told by the last."""

    def __init__(self, modules: Modules, surface: Surface, package: str, client: str) -> None:
        self.modules = modules.listed
        self.named = modules.named
        self.absolute = modules.absolute
        self.surface = surface
        self.package = package
        self.client = client  # the name of its class
        self.functions: list[FunctionInfo] = []
        self.classes: list[ClassInfo] = []
        self.fixtures: dict[str, list[FunctionInfo]] = {}  # those of pytest, by their names
        self.slots: dict[Slot, Known] = {}
        self.mutated: set[Slot] = set()
        self.operation_names = OperationNames(surface)
        self.settled: set[int] = set()  # attributes called like an operation of which it was known what they are
        self.unsettled: set[int] = set()  # and those of which it was not, at least once
        self.followed: set[SourceSpan] = set()  # texts that name an operation and were used as its name
        self.used_as_name: set[SourceSpan] = set()  # and those used as a name on something that is not known
        self.inspected: set[SourceSpan] = set()  # methods of the portal of which an attribute is read
        self.foreign_modules: set[str] = set()  # modules that are imported and are not the project's
        self.absent: dict[Absent, None] = {}
        self.calls_of: dict[int, set[int]] = {}  # function, 0 for a module's own code -> the functions it calls
        self.reading: list[int] = [0]  # the functions that are being read, the innermost last
        self.ran: set[int] = set()  # functions that were read in this round
        self.earlier: dict[Hashable, Known] = {}  # results of the round before
        self.results: dict[Hashable, Known] = {}
        self.contexts: dict[int, int] = {}
        self.uses: dict[Use, None] = {}
        self.imports: dict[Import, None] = {}
        self.lineages: dict[int, list[int]] = {}  # class -> itself and its bases
        self.heirs: dict[int, list[int]] = {}
        self.too_deep: set[str] = set()
        self.passed: set[int] = set()  # branches that were left out somewhere
        self.taken: set[int] = set()  # and those that were read
        self.kept: set[int] = set()  # those that are read though no call in the project leads there
        self.steps = 0
        self.budget = 0
        self.takes_values = True  # may calls of the portal pass values without their names?
        self._numbers: dict[Hashable, int] = {}

    @property
    def hurried(self) -> bool:
        """Is there too much of it to tell every call of a function apart?"""
        return self.steps > self.budget

    def begin_round(self) -> None:
        """Forget what is told anew in each round."""
        self.earlier = self.results
        self.results, self.contexts, self.uses, self.steps = {}, {}, {}, 0
        self.passed, self.taken, self.ran, self.absent = set(), set(), set(), {}
        self.settled, self.unsettled, self.followed, self.used_as_name = set(), set(), set(), set()
        for module in self.modules:
            module.begun = False

    def entered_from_outside(self) -> set[int]:
        """Return the functions to read with unknown arguments: those that no code of the project leads to.

        Of functions that only call each other, or themselves, the first is one of them.
        """
        known = {id(function.node): None for function in self.functions}
        called = set().union(*(targets - {caller} for caller, targets in self.calls_of.items()))
        reached = self._reachable([0, *(number for number in known if number not in called)])
        found = {number for number in known if number not in called}
        for number in known:
            if number not in reached:
                found.add(number)
                reached |= self._reachable([number])
        return found

    def _reachable(self, start: list[int]) -> set[int]:
        found, waiting = set(start), list(start)
        while waiting:
            fresh = self.calls_of.get(waiting.pop(), set()) - found
            found |= fresh
            waiting.extend(fresh)
        return found

    def hold(self, slot: Slot, value: Known) -> None:
        """Let that place hold this too."""
        self.slots[slot] = joined(self.slots.get(slot, NOTHING), value)

    def function(self, node: FunctionNode, scope: Scope, owner: int, kinds: frozenset[str]) -> FunctionInfo:
        """The function of that definition in that scope, always under one number."""
        key = ("function", id(node), scope.key)
        if key not in self._numbers:
            self._numbers[key] = len(self.functions)
            self.functions.append(FunctionInfo(len(self.functions), node, scope, owner, kinds))
        info = self.functions[self._numbers[key]]
        info.scope, info.kinds = scope, kinds
        if "fixture" in kinds and info not in self.fixtures.setdefault(info.name, []):
            self.fixtures[info.name].append(info)
        return info

    def class_(self, node: ast.ClassDef, scope: Scope) -> ClassInfo:
        """The class of that definition, always under one number."""
        key = ("class", id(node))
        if key not in self._numbers:
            self._numbers[key] = len(self.classes)
            inside = Scope(scope.module, scope, key, owner=len(self.classes))
            self.classes.append(ClassInfo(len(self.classes), node, inside))
        return self.classes[self._numbers[key]]

    def place(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.pattern, scope: Scope) -> SourceSpan:
        """Where that is, in characters."""
        source = scope.module.source
        end_line = node.end_lineno or node.lineno
        return SourceSpan(
            source.file,
            node.lineno,
            _column(source, node.lineno, node.col_offset),
            end_line,
            _column(source, end_line, node.end_col_offset or 0),
        )

    def goes(self, verdict: bool | None, branch: ast.AST, *, holds: bool) -> bool:
        """Is that branch of a condition read? One that no call in the project reaches is read all the same."""
        if verdict is not (not holds) or id(branch) in self.kept:
            self.taken.add(id(branch))
            return True
        self.passed.add(id(branch))
        return False

    def use(self, use: Use) -> None:
        """Note it."""
        self.uses[use] = None


def _column(source: Source, line: int, offset: int) -> int:
    """The syntax tree counts bytes."""
    text = source.lines[line - 1] if line <= len(source.lines) else b""
    return len(text[:offset].decode("utf-8", "replace"))
