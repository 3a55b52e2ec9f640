"""Keep what is known of a project: its modules, functions and classes, and the possible values of their names."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from pathlib import Path, PurePath

from ovcgen.usage.api_index import ApiIndex, OperationNames
from ovcgen.usage.source_files import Source
from ovcgen.usage.usages import Absent, Import, UnknownRead, Use
from ovcgen.usage.values import (
    NOTHING,
    AbstractValue,
    PossibleValues,
    ProjectClass,
    ProjectInstance,
    ProjectModule,
    SourceSpan,
    joined,
    opened,
)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Located = ast.expr | ast.stmt | ast.keyword | ast.alias | ast.pattern  # nodes with a position
Slot = tuple[Hashable, str]  # (class number or module file, attribute name)


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, of a class, or of one call of a function, at the current point of reading.

    Attributes:
        module: The module that contains the scope.
        parent: The enclosing scope; None for a module.
        key: Identifies the scope; for a function it contains the arguments.
        names: Possible values of the names that are bound in this scope.
        owner: Number of the class in whose body or method this is; -1 outside of classes.
        shared: Names declared global or nonlocal.
        returned: Values of the `return` statements.
        yielded: Values of the `yield` expressions.
        aliases: Other names of the same container, by name.
        guard: Why the code expects that an operation may be missing; see `statements`. Empty if it does not.
    """

    module: Module
    parent: Scope | None
    key: Hashable
    names: dict[str, PossibleValues] = field(default_factory=dict)
    owner: int = -1
    shared: set[str] = field(default_factory=set)
    returned: list[PossibleValues] = field(default_factory=list)
    yielded: list[PossibleValues] = field(default_factory=list)
    aliases: dict[str, set[str]] = field(default_factory=dict)
    guard: str = ""

    def find(self, name: str) -> PossibleValues | None:
        """Return the possible values of a name, also from enclosing scopes except classes; None if it is not bound."""
        scope: Scope | None = self
        while scope is not None:
            is_class_around = scope is not self and isinstance(scope.key, tuple) and scope.key[:1] == ("class",)
            if name in scope.names and not is_class_around:
                return scope.names[name]
            scope = scope.parent
        return None

    def keep(self, name: str, fits: Callable[[AbstractValue], bool]) -> None:
        """Keep only the possible values of a name for which `fits` is true. If it is true for none, keep all.

        A name that is bound in an enclosing scope, or not at all, keeps its values.
        """
        value = self.find(name)
        if value is not None and name in self.names:
            self.names[name] = frozenset(filter(fits, value)) or value

    def merge(self, branches: Sequence[dict[str, PossibleValues]]) -> bool:
        """Set the names to the union of the names at the ends of branches. Return False if there are no branches.

        Callers pass only branches whose end can be reached. A name that not all branches bind has the values of those
        that do. Without branches the names stay as they are.
        """
        if branches:
            names = dict.fromkeys(name for branch in branches for name in branch)
            self.names = {name: joined(*(branch[name] for branch in branches if name in branch)) for name in names}
        return bool(branches)

    def note_alias(self, targets: list[ast.expr], value: ast.expr) -> None:
        """Record that all names in `targets = value` are names of the same container."""
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        for name in names:
            for others in self.aliases.values():
                others.discard(name)
            self.aliases[name] = set()
        names += [value.id] if isinstance(value, ast.Name) else []
        if len(names) > 1:
            group = set(names).union(*(self.aliases.get(name, ()) for name in names))
            for name in group:
                self.aliases[name] = group - {name}

    def open_aliases(self, name: str) -> None:
        """Let the containers that have another name of the same object hold anything, because `name` was changed."""
        for other in self.aliases.get(name, ()):
            if other in self.names:
                self.names[other] = opened(self.names[other])


@dataclass(eq=False, slots=True)
class Module:
    """A file of the project.

    Attributes:
        source: The parsed file.
        name: Its full name in imports.
        scope: The names of the module.
        begun: Whether it was read in this round.
        ignored: The `id()` of each expression whose result is not used.
    """

    source: Source
    name: str
    scope: Scope = field(init=False)
    begun: bool = False
    ignored: frozenset[int] = frozenset()  # ids of expressions whose result is not used

    def __post_init__(self) -> None:
        self.scope = Scope(self, None, self.source.file)
        alone = [node.value for node in ast.walk(self.source.tree) if isinstance(node, ast.Expr)]
        self.ignored = frozenset(
            id(expression.value if isinstance(expression, ast.Await) else expression) for expression in alone
        )


@dataclass(eq=False, slots=True)
class FunctionInfo:
    """A function with the scope of its definition.

    Attributes:
        number: Its index in `ProjectState.functions`; values refer to it by this number.
        node: Its definition in the syntax tree.
        scope: The scope that encloses the definition.
        owner: Number of its class; -1 for a function outside of classes.
        kinds: Decorators that matter, such as "property"; see `statements.DECORATORS`.
        defaults: Possible values of the defaults, by parameter.
    """

    number: int
    node: FunctionNode
    scope: Scope
    owner: int
    kinds: frozenset[str] = frozenset()
    defaults: dict[str, PossibleValues] = field(default_factory=dict)

    @property
    def abstract(self) -> bool:
        """Return whether the body is only a docstring, `pass`, `...` or `raise`."""
        if isinstance(self.node, ast.Lambda) or len(self.node.body) > 2:
            return False
        match self.node.body[-1]:
            case ast.Raise() | ast.Pass() | ast.Expr(ast.Constant()):
                return True
        return False

    @property
    def name(self) -> str:
        """Return the name of the function; `<lambda>` for a lambda."""
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class of the project.

    Attributes:
        number: Its index in `ProjectState.classes`; values refer to it by this number.
        node: Its definition in the syntax tree.
        scope: The names in its body.
        bases: Possible values of its base classes.
        fields: Annotations of its fields by name, in order.
    """

    number: int
    node: ast.ClassDef
    scope: Scope
    bases: PossibleValues = NOTHING
    fields: dict[str, ast.expr] = field(default_factory=dict)


class Modules:
    """The files of a project by all names under which they may be imported.

    Attributes:
        listed: The modules, in the order of the sources.
        by_file: The modules by the path of their file, as the user writes it.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self.listed = [Module(source, _module_name(source)) for source in sources]
        self.by_file = {module.source.file: module for module in self.listed}
        self._by_name: dict[str, list[Module]] = {}
        for module in self.listed:
            parts = _parts(module.source)
            for start in range(len(parts)):
                self._by_name.setdefault(".".join(parts[start:]), []).append(module)

    def named(self, name: str, asking: Module) -> Module | None:
        """Return the module with that import name that is nearest to `asking` in the file system, or None.

        The import name may begin at any folder below the given one: `b.c` finds `a/b/c.py`.
        """

        def nearness(module: Module) -> tuple[int, int]:
            pairs = zip(module.source.path.parts, asking.source.path.parts, strict=False)
            shared = takewhile(lambda pair: pair[0] == pair[1], pairs)
            return len([*shared]), -len(module.name)

        return max(self._by_name.get(name, []), key=nearness, default=None)

    def absolute(self, module: Module, level: int, name: str) -> str:
        """Return the full name of an import in a module. `level` is the number of dots before `name` (0 for none)."""
        parts = _parts(module.source)
        package = parts if module.source.path.stem == "__init__" else parts[:-1]
        base = package[: len(package) - (level - 1)] if level else []
        return ".".join([*base, *([name] if name else [])])


class ProjectState:
    """The state of the analysis of a project.

    Values of attributes and module names (`slots`) accumulate over all rounds. Uses are recorded anew in each round;
    those of the last round are the result.

    Args:
        modules: The files to interpret.
        api_index: The names of the release that the project uses.
        package: The import name of the SDK.
        client: The name of the SDK's client class.
    """

    def __init__(self, modules: Modules, api_index: ApiIndex, package: str, client: str) -> None:
        self.modules = modules.listed
        self.by_file = modules.by_file
        self.module_named = modules.named
        self.absolute = modules.absolute
        self.api_index = api_index
        self.package = package
        self.client = client  # name of the SDK's client class
        self.functions: list[FunctionInfo] = []
        self.classes: list[ClassInfo] = []
        self.fixtures: dict[str, list[FunctionInfo]] = {}  # pytest fixtures by name
        self.slots: dict[Slot, PossibleValues] = {}
        self.mutated: set[Slot] = set()
        self.operation_names = OperationNames(api_index)
        self.identified: set[int] = set()  # attributes named like an operation whose value is known
        self.unidentified: set[int] = set()  # the same, where the value was unknown at least once
        self.followed: set[SourceSpan] = set()  # texts that were used as the name of an operation
        self.used_as_name: set[SourceSpan] = set()  # texts that were used as an attribute name of an unknown value
        self.inspected: set[SourceSpan] = set()  # operation methods of which an attribute is read
        self.foreign_modules: set[str] = set()  # imported modules outside the project
        self.absent: dict[Absent, None] = {}
        self.unknown_reads: dict[UnknownRead, None] = {}
        self.calls_of: dict[int, set[int]] = {}  # caller (0: module code) -> called functions
        self.reading: list[int] = [0]  # stack of functions being read
        self.ran: set[int] = set()  # functions read in this round
        self.earlier: dict[Hashable, PossibleValues] = {}  # results of the previous round
        self.results: dict[Hashable, PossibleValues] = {}
        self.contexts: dict[int, int] = {}
        self.uses: dict[Use, None] = {}
        self.imports: dict[Import, None] = {}
        self.ancestors = cache(self._ancestors)
        self.subclasses = cache(self._subclasses)
        self.too_deep: set[str] = set()
        self.skipped: set[int] = set()  # branches that were skipped at least once
        self.executed: set[int] = set()  # branches that were read
        self.forced: set[int] = set()  # branches to read although no call reaches them
        self.steps = 0
        self.budget = 0
        self.takes_values = True  # whether calls may pass positional values
        self._numbers: dict[Hashable, int] = {}

    def name_in_sdk(self, name: str) -> str | None:
        """Return a dotted name of the SDK or of ovcgen without the package, such as `connect`; None for any other name.

        `aio.` is removed, too: asynchronous modules have the names of the blocking ones. So is `_client.`, the module
        of the client class. Names in `ovcgen.jumpscale` give None, because they are those of JumpScale.
        """
        if name.startswith("ovcgen.jumpscale."):
            return None
        root, _, rest = name.partition(".")
        return rest.removeprefix("aio.").removeprefix("_client.") if root in (self.package, "ovcgen") else None

    @property
    def is_over_budget(self) -> bool:
        """Return whether the step budget is used up, so that calls of a function are no longer analysed separately."""
        return self.steps > self.budget

    def begin_round(self) -> None:
        """Forget the uses and results of the previous round, before all modules are read again."""
        self.earlier = self.results
        self.results, self.contexts, self.uses, self.steps = {}, {}, {}, 0
        self.skipped, self.executed, self.ran, self.absent, self.unknown_reads = set(), set(), set(), {}, {}
        self.identified, self.unidentified, self.followed, self.used_as_name = set(), set(), set(), set()
        for module in self.modules:
            module.begun = False

    def is_called(self, info: FunctionInfo) -> bool:
        """Return whether code of the project calls the function."""
        return any(id(info.node) in functions for functions in self.calls_of.values())

    def unreached_functions(self) -> set[int]:
        """Return the functions that no project code reaches, and that are read with unknown arguments.

        A function is given by the `id()` of its syntax tree node, as in `calls_of`. Of functions that only call each
        other or themselves, the first is included.
        """
        known = {id(function.node): None for function in self.functions}
        called = set().union(*(targets - {caller} for caller, targets in self.calls_of.items()))
        uncalled = [number for number in known if number not in called]
        found, reached = set(uncalled), self._reachable([0, *uncalled])
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

    def add_value(self, slot: Slot, value: PossibleValues) -> None:
        """Add possible values to an attribute of a class or a name of a module, which `slot` identifies."""
        self.slots[slot] = joined(self.slots.get(slot, NOTHING), value)

    def value_of(self, slot: Slot) -> PossibleValues:
        """Return the possible values of an attribute of a class or a name of a module; NOTHING if none was assigned.

        Containers among them may hold anything if unfollowed code may have changed them (`mutated`).
        """
        value = self.slots.get(slot, NOTHING)
        return opened(value) if slot in self.mutated else value

    def set_bases(self, info: ClassInfo, bases: PossibleValues) -> None:
        """Set the possible base classes of a class in its record, and forget the cached ancestors and subclasses."""
        if bases != info.bases:
            info.bases = bases
            self.ancestors.cache_clear()
            self.subclasses.cache_clear()

    def _ancestors(self, number: int) -> list[int]:
        """Return the class and its bases in the project, nearest first."""
        found, waiting = [], [number]
        while waiting:
            current = waiting.pop(0)
            if current not in found:
                found.append(current)
                bases = self.classes[current].bases
                waiting += sorted(base.number for base in bases if isinstance(base, ProjectClass))
        return found

    def _subclasses(self, number: int) -> list[int]:
        """Return the subclasses of a class, direct or not."""
        others = (info.number for info in self.classes if info.number != number)
        return [other for other in others if number in self.ancestors(other)]

    def class_attribute(self, number: int, name: str, *, after: int = -1) -> PossibleValues:
        """Return the class attribute with that name, from the class or its nearest base; NOTHING if there is none.

        With `after`, only bases behind that class are searched (`super()`).
        """
        line = self.ancestors(number)
        for ancestor in line[line.index(after) + 1 :] if after in line else line:
            names = self.classes[ancestor].scope.names
            if name in names:
                return names[name]
        return NOTHING

    def instance_attribute(self, number: int, name: str) -> PossibleValues:
        """Return the possible values of an attribute of an instance; `number` is the number of its class.

        They are those that the class and its bases assign; if these assign none, those that its subclasses assign.
        """
        own = joined(*(self.value_of((ancestor, name)) for ancestor in self.ancestors(number)))
        return own or joined(*(self.value_of((subclass, name)) for subclass in self.subclasses(number)))

    def function(self, node: FunctionNode, scope: Scope, owner: int, kinds: frozenset[str]) -> FunctionInfo:
        """Return the record of a function definition in a scope. Repeated calls return the same record.

        They replace its scope and its kinds. A pytest fixture is added to `fixtures`.

        Args:
            node: The definition.
            scope: The scope that encloses the definition.
            owner: Number of the class in whose body it is; -1 outside of classes.
            kinds: Decorators that matter, such as "property".
        """
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
        """Return the record of a class definition. Repeated calls return the same record, also with another scope."""
        key = ("class", id(node))
        if key not in self._numbers:
            self._numbers[key] = len(self.classes)
            inside = Scope(scope.module, scope, key, owner=len(self.classes))
            self.classes.append(ClassInfo(len(self.classes), node, inside))
        return self.classes[self._numbers[key]]

    def enters(self, verdict: bool | None, branch: ast.AST, *, holds: bool) -> bool:
        """Return whether to read a branch, and record that it was read or skipped.

        A branch that no call reaches is read in a later round (`forced`).

        Args:
            verdict: The value of the condition; None if it is not known.
            branch: The first node of the branch.
            holds: The value of the condition for which the branch is executed.
        """
        if verdict is not (not holds) or id(branch) in self.forced:
            self.executed.add(id(branch))
            return True
        self.skipped.add(id(branch))
        return False

    def record(self, use: Use) -> None:
        """Add a use to the uses of this round; a use that is already there counts once."""
        self.uses[use] = None


def place_of(node: Located, source: Source) -> SourceSpan:
    """Return the position of a syntax tree node in a file, with columns in characters instead of bytes."""
    end_line = node.end_lineno or node.lineno
    start, end = _column(source, node.lineno, node.col_offset), _column(source, end_line, node.end_col_offset or 0)
    return SourceSpan(source.file, node.lineno, start, end_line, end)


def _column(source: Source, line: int, offset: int) -> int:
    """Return the column in characters. The syntax tree counts bytes."""
    text = source.lines[line - 1] if line <= len(source.lines) else b""
    return len(text[:offset].decode("utf-8", "replace"))


def slot_of(holder: AbstractValue, name: str) -> Slot | None:
    """Return the key under which the project stores an attribute's values: (class number or module file, name).

    None for values that are no instance, class or module of the project.
    """
    match holder:
        case ProjectInstance(number) | ProjectClass(number):
            return number, name
        case ProjectModule(file):
            return file, name
    return None


def last_name(node: ast.AST | None) -> str:
    """Return the last name of an expression: `three` of `three` or `one.two.three`; "" for anything else."""
    return str(node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", ""))


def _module_name(source: Source) -> str:
    return ".".join(_parts(source)) or source.path.stem


def _parts(source: Source) -> list[str]:
    """Return the dotted name of a file as parts, starting at the parent of the folder given by the user."""
    top = Path(os.path.realpath(source.home)).parent
    inside = source.path.relative_to(top) if source.path.is_relative_to(top) else PurePath(source.path.name)
    steps = list(inside.with_suffix("").parts)
    return steps[:-1] if steps[-1:] == ["__init__"] else steps
