"""Hold the state of the analysis: modules, functions and classes, and the possible values of their names."""

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
Slot = tuple[Hashable, str]  # (class number or module file, attribute name)


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, of a class, or of one call of a function, at the current point of reading.

    Attributes:
        key: Identifies the scope; for a function it contains the arguments.
        owner: Number of the class in whose body or method this is; -1 outside of classes.
        shared: Names declared global or nonlocal.
        returned: Values of the `return` statements.
        yielded: Values of the `yield` expressions.
        aliases: Other names of the same container, by name.
        guard: Why the code expects that an operation may be missing; see `guards`. Empty if it does not.
    """

    module: Module
    parent: Scope | None
    key: Hashable
    names: dict[str, Known] = field(default_factory=dict)
    owner: int = -1
    shared: set[str] = field(default_factory=set)
    returned: list[Known] = field(default_factory=list)
    yielded: list[Known] = field(default_factory=list)
    aliases: dict[str, set[str]] = field(default_factory=dict)
    guard: str = ""

    def find(self, name: str) -> Known | None:
        """Return the possible values of a name, searching enclosing scopes; None if it is not bound."""
        scope: Scope | None = self
        while scope is not None:
            is_class_around = scope is not self and isinstance(scope.key, tuple) and scope.key[:1] == ("class",)
            if name in scope.names and not is_class_around:
                return scope.names[name]
            scope = scope.parent
        return None


@dataclass(eq=False, slots=True)
class Module:
    """A file of the project. `begun` is whether it was read in this round."""

    source: Source
    name: str
    scope: Scope = field(init=False)
    begun: bool = False
    ignored: frozenset[int] = frozenset()  # ids of expressions whose result is not used

    def __post_init__(self) -> None:
        self.scope = Scope(self, None, self.source.file)
        alone = (node.value for node in ast.walk(self.source.tree) if isinstance(node, ast.Expr))
        self.ignored = frozenset(
            id(expression.value if isinstance(expression, ast.Await) else expression) for expression in alone
        )


@dataclass(eq=False, slots=True)
class FunctionInfo:
    """A function with the scope of its definition.

    Attributes:
        owner: Number of its class; -1 for a function outside of classes.
        kinds: Decorators that matter, such as "property"; see `definitions.KINDS`.
        defaults: Possible values of the defaults, by parameter.
    """

    number: int
    node: FunctionNode
    scope: Scope
    owner: int
    kinds: frozenset[str] = frozenset()
    defaults: dict[str, Known] = field(default_factory=dict)

    @property
    def abstract(self) -> bool:
        """Whether its body is only a docstring, `pass`, `...` or `raise`."""
        if isinstance(self.node, ast.Lambda) or len(self.node.body) > 2:
            return False
        last = self.node.body[-1]
        return isinstance(last, ast.Raise | ast.Pass) or (
            isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant)
        )

    @property
    def name(self) -> str:
        """Name of the function; `<lambda>` for a lambda."""
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class of the project.

    Attributes:
        scope: The names in its body.
        bases: Possible values of its base classes.
        fields: Annotations of its fields by name, in order.
    """

    number: int
    node: ast.ClassDef
    scope: Scope
    bases: Known = NOTHING
    fields: dict[str, ast.expr] = field(default_factory=dict)


class ProjectState:
    """The state of the analysis of a project.

    Values of attributes and module names (`slots`) accumulate over all rounds. Uses are recorded anew in each round;
    those of the last round are the result.
    """

    def __init__(self, modules: Modules, surface: Surface, package: str, client: str) -> None:
        self.modules = modules.listed
        self.named = modules.named
        self.absolute = modules.absolute
        self.surface = surface
        self.package = package
        self.client = client  # name of the SDK's client class
        self.functions: list[FunctionInfo] = []
        self.classes: list[ClassInfo] = []
        self.fixtures: dict[str, list[FunctionInfo]] = {}  # pytest fixtures by name
        self.slots: dict[Slot, Known] = {}
        self.mutated: set[Slot] = set()
        self.operation_names = OperationNames(surface)
        self.settled: set[int] = set()  # attributes named like an operation whose value is known
        self.unsettled: set[int] = set()  # the same, where the value was unknown at least once
        self.followed: set[SourceSpan] = set()  # texts that were used as the name of an operation
        self.used_as_name: set[SourceSpan] = set()  # texts that were used as an attribute name of an unknown value
        self.inspected: set[SourceSpan] = set()  # operation methods of which an attribute is read
        self.foreign_modules: set[str] = set()  # imported modules outside the project
        self.absent: dict[Absent, None] = {}
        self.calls_of: dict[int, set[int]] = {}  # caller (0: module code) -> called functions
        self.reading: list[int] = [0]  # stack of functions being read
        self.ran: set[int] = set()  # functions read in this round
        self.earlier: dict[Hashable, Known] = {}  # results of the previous round
        self.results: dict[Hashable, Known] = {}
        self.contexts: dict[int, int] = {}
        self.uses: dict[Use, None] = {}
        self.imports: dict[Import, None] = {}
        self.lineages: dict[int, list[int]] = {}  # class -> the class and its bases
        self.heirs: dict[int, list[int]] = {}
        self.too_deep: set[str] = set()
        self.passed: set[int] = set()  # branches that were skipped at least once
        self.taken: set[int] = set()  # branches that were read
        self.kept: set[int] = set()  # branches to read although no call reaches them
        self.steps = 0
        self.budget = 0
        self.takes_values = True  # whether calls may pass positional values
        self._numbers: dict[Hashable, int] = {}

    @property
    def hurried(self) -> bool:
        """Whether the step budget is used up, so that calls of a function are no longer analysed separately."""
        return self.steps > self.budget

    def begin_round(self) -> None:
        """Reset what is recorded anew in each round."""
        self.earlier = self.results
        self.results, self.contexts, self.uses, self.steps = {}, {}, {}, 0
        self.passed, self.taken, self.ran, self.absent = set(), set(), set(), {}
        self.settled, self.unsettled, self.followed, self.used_as_name = set(), set(), set(), set()
        for module in self.modules:
            module.begun = False

    def entered_from_outside(self) -> set[int]:
        """Return the functions to read with unknown arguments: those that no project code reaches.

        Of functions that only call each other or themselves, the first is included.
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
        """Add possible values to an attribute or module name."""
        self.slots[slot] = joined(self.slots.get(slot, NOTHING), value)

    def function(self, node: FunctionNode, scope: Scope, owner: int, kinds: frozenset[str]) -> FunctionInfo:
        """Return the record of a function definition in a scope. Repeated calls return the same record."""
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
        """Return the record of a class definition. Repeated calls return the same record."""
        key = ("class", id(node))
        if key not in self._numbers:
            self._numbers[key] = len(self.classes)
            inside = Scope(scope.module, scope, key, owner=len(self.classes))
            self.classes.append(ClassInfo(len(self.classes), node, inside))
        return self.classes[self._numbers[key]]

    def place(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.pattern, scope: Scope) -> SourceSpan:
        """Return the position of a node, with columns in characters."""
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
        """Return whether to read a branch. A branch that no call reaches is read in a later round (`kept`).

        `verdict` is the value of the condition (None: unknown), `holds` the value for which the branch is executed.
        """
        if verdict is not (not holds) or id(branch) in self.kept:
            self.taken.add(id(branch))
            return True
        self.passed.add(id(branch))
        return False

    def use(self, use: Use) -> None:
        """Record a use."""
        self.uses[use] = None


def _column(source: Source, line: int, offset: int) -> int:
    """Return the column in characters. The syntax tree counts bytes."""
    text = source.lines[line - 1] if line <= len(source.lines) else b""
    return len(text[:offset].decode("utf-8", "replace"))
