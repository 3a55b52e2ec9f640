"""Execute statements on possible values. Both branches of a condition are executed, and their results joined."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from ovcgen.usage.expressions import UNROLLED, Expressions
from ovcgen.usage.project_state import FunctionInfo, Module, last_name
from ovcgen.usage.usages import Import
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    AbstractValue,
    ClientPart,
    ClientValue,
    ConstantValue,
    ContextManagerValue,
    LibraryObject,
    OperationMethod,
    PartialValue,
    PassedArguments,
    PossibleValues,
    ProjectClass,
    ProjectFunction,
    ProjectInstance,
    ProjectModule,
    awaited,
    constant_value,
    elements,
    joined,
    merged,
    only_value,
    sequence_of,
)

DECORATORS = {  # decorator -> kind of function that it creates
    "property": "property",
    "cached_property": "property",
    "staticmethod": "staticmethod",
    "classmethod": "classmethod",
    "contextmanager": "contextmanager",
    "asynccontextmanager": "contextmanager",
    "fixture": "fixture",
    "yield_fixture": "fixture",
}
DECORATED = ProjectFunction | ProjectInstance | PartialValue  # callables of the project
EXPECTED = {"AttributeError", "TypeError"}
CAUGHT = "it stands where an AttributeError or a TypeError is expected"
ASKED = "it depends on a question whether the portal has something"


class Statements(Expressions):
    """The part of the interpreter that executes statements: `exec_If` for `ast.If`, and so on.

    An `exec_` method returns False if the code after the statement can't be reached. None and True mean that it can.
    """

    def read_module(self, module: Module) -> None:
        """Read a module from top to bottom; nothing happens if it was already read in this round.

        A module that nests too deeply is noted in `project.too_deep`.
        """
        if module.begun:
            return
        module.begun = True
        try:
            self.within(module.scope).execute(module.source.tree.body)
        except RecursionError:
            self.project.too_deep.add(module.source.file)

    def read_function(self, info: FunctionInfo) -> PossibleValues:
        """Interpret the body of a function whose parameters are bound in this scope. Return its possible results.

        A generator gives a container of the yielded values, a context manager (by its decorator) a ContextManagerValue,
        and a pytest fixture the yielded values.
        """
        if isinstance(info.node, ast.Lambda):
            return self.evaluate(info.node.body)
        falls = self.execute(info.node.body)
        value = joined(*self.scope.returned, constant_value(None) if falls and not self.scope.yielded else NOTHING)
        if not self.scope.yielded:
            return value
        yielded = joined(*self.scope.yielded)
        if "contextmanager" in info.kinds:
            return only_value(ContextManagerValue(yielded))
        return yielded if "fixture" in info.kinds else sequence_of(yielded, "generator")

    def execute(self, body: Sequence[ast.stmt]) -> bool:
        """Interpret statements in order, up to one after which no code can be reached; then return False, else True."""
        for statement in body:
            self.project.steps += 1
            execute = getattr(self, f"exec_{type(statement).__name__}", self._evaluate_children)
            if execute(statement) is False:
                return False
        return True

    def exec_Assign(self, statement: ast.Assign) -> None:
        """Interpret `one = other = value`: assign the possible values to each target."""
        value = self.evaluate(statement.value)
        self.scope.note_alias(statement.targets, statement.value)
        for target in statement.targets:
            self.assign(target, value)

    def exec_AnnAssign(self, statement: ast.AnnAssign) -> None:
        """Interpret `name: annotation = value`. Without a known value, the annotation gives the possible values."""
        info = self.project.classes[self.scope.owner] if self.scope.owner >= 0 else None
        if info and self.scope is info.scope and isinstance(statement.target, ast.Name):
            info.fields[statement.target.id] = statement.annotation
        if statement.value is not None:
            value = self.evaluate(statement.value)
            if value & ANYTHING or value == constant_value(None):  # None is usually only the initial value
                promised = self.type_hint(statement.annotation)
                value = value if promised & ANYTHING else joined(promised, value - ANYTHING)
            self.assign(statement.target, value)
        elif isinstance(statement.target, ast.Name) and self.scope.owner < 0:
            self.assign(statement.target, self.type_hint(statement.annotation))

    def exec_AugAssign(self, statement: ast.AugAssign) -> None:
        """Interpret `target += value` as `target = target + value`, and `target |= value` as merged dicts."""
        target, value = statement.target, statement.value
        if isinstance(statement.op, ast.BitOr) and isinstance(target, ast.Name):
            self.assign(target, merged([self.evaluate(target), self.evaluate(value)]))
        else:
            self.assign(target, self.evaluate(ast.BinOp(target, statement.op, value)))

    def exec_Delete(self, statement: ast.Delete) -> None:
        """Interpret `del params["key"]`. Other targets keep their values."""
        for target in statement.targets:
            if isinstance(target, ast.Subscript):
                deleted = self.evaluate(target.slice)
                self.item(self.evaluate(target.value), deleted, self.place_of(target))
                match [*deleted]:
                    case [ConstantValue(str(key))]:
                        self.remove_key(target.value, key)
                    case _:
                        self.remove_key(target.value, None)

    def exec_Return(self, statement: ast.Return) -> bool:
        """Record the possible values of a `return` in the scope. Always returns False: no code follows."""
        self.scope.returned.append(self.evaluate(statement.value))
        return False

    def exec_Raise(self, statement: ast.stmt) -> bool:
        """Evaluate the expressions of a `raise`, `break` or `continue`. Always returns False: no code follows."""
        self._evaluate_children(statement)
        return False

    exec_Continue = exec_Break = exec_Raise

    def exec_If(self, statement: ast.If) -> bool:
        """Interpret `if`, `elif` and `else`, and join the names of the branches. False if no branch reaches its end."""
        ends: list[dict[str, PossibleValues]] = []
        current: ast.If | None = statement
        tail: Sequence[ast.stmt] = ()
        outer = self.scope.guard
        while current is not None:  # iterate: long `elif` chains must not recurse deeply
            verdict = self.truth_value(current.test)
            before = dict(self.scope.names)
            self.scope.guard = outer or self._guard_of_test(current.test)
            if self.project.enters(verdict, current.body[0], holds=True):
                self.narrow(current.test, holds=True)
                if self.execute(current.body):
                    ends.append(self.scope.names)
            self.scope.names = before
            if not self.project.enters(verdict, current.orelse[0] if current.orelse else current.test, holds=False):
                self.scope.guard = outer
                return self.scope.merge(ends)
            self.narrow(current.test, holds=False)
            inner = current.orelse[0] if len(current.orelse) == 1 else None
            tail = current.orelse
            current = inner if isinstance(inner, ast.If) else None
        if self.execute(tail):
            ends.append(self.scope.names)
        self.scope.guard = outer
        return self.scope.merge(ends)

    def exec_For(self, statement: ast.For | ast.AsyncFor) -> None:
        """Interpret a `for` loop: once for each item of a short known list, else as a loop of unknown length."""
        iterated = self.evaluate(statement.iter)
        listed = elements(iterated)
        if listed and len(listed) <= UNROLLED and not self.project.is_over_budget:
            leaves = any(isinstance(inner, ast.Break) for node in statement.body for inner in ast.walk(node))
            ends = [dict(self.scope.names)] if leaves else []
            for value in listed:
                self.assign(statement.target, value)
                self.execute(statement.body)
                ends = [*ends, dict(self.scope.names)] if leaves else [dict(self.scope.names)]
            self.scope.merge(ends)
        else:
            item = self.each_of(awaited(iterated))
            self._loop(lambda: self.assign(statement.target, item), statement.body)
        self.execute(statement.orelse)

    exec_AsyncFor = exec_For

    def exec_While(self, statement: ast.While) -> None:
        """Interpret a `while` loop, whose body may also be skipped."""
        self._loop(lambda: self.truth_value(statement.test), statement.body)
        self.execute(statement.orelse)

    def _loop(self, begin: Callable[[], object], body: Sequence[ast.stmt]) -> None:
        """Execute a loop body twice, so that values of the first pass are seen at the start of the second."""
        for _ in range(2):
            before = dict(self.scope.names)
            begin()
            self.execute(body)
            self.scope.merge([before, self.scope.names])

    def exec_With(self, statement: ast.With | ast.AsyncWith) -> bool | None:
        """Interpret a `with` block: bind the names after `as`, then execute the body.

        False if the body does not reach its end, unless the context manager is one like `suppress(AttributeError)`.
        """
        outer = self.scope.guard
        for withitem in statement.items:
            opened = self.evaluate(withitem.context_expr)
            self.scope.guard = self.scope.guard or _guard_of_manager(opened)
            if withitem.optional_vars is not None:
                self.assign(withitem.optional_vars, self._entered(opened, withitem.context_expr))
        falls = self.execute(statement.body)
        guarded, self.scope.guard = self.scope.guard, outer
        return falls or bool(guarded and not outer)

    exec_AsyncWith = exec_With

    def exec_Try(self, statement: ast.Try) -> bool:
        """Interpret `try`. A handler starts with the names from before the body and those from within it.

        False if neither the body nor a handler reaches its end.
        """
        outer = self.scope.guard
        before = dict(self.scope.names)
        self.scope.guard = outer or _guard_of_handlers(statement.handlers)
        falls = self.execute(statement.body)
        if falls:
            falls = self.execute(statement.orelse)
        ends = [self.scope.names] if falls else []
        during = dict(self.scope.names)
        for handler in statement.handlers:
            self.scope.names = dict(before)
            self.scope.merge([before, during])
            self.scope.guard = outer or _guard_of_handlers([handler])
            if handler.name:
                self.scope.names[handler.name] = ANYTHING
            if self.execute(handler.body):
                ends.append(self.scope.names)
        self.scope.guard = outer
        self.scope.names = dict(during) if not ends else self.scope.names
        alive = self.scope.merge(ends)
        return self.execute(statement.finalbody) and alive

    exec_TryStar = exec_Try

    def exec_Match(self, statement: ast.Match) -> bool:
        """Interpret `match`: bind the names of each pattern, and join the cases and the case that nothing matches."""
        subject = self.evaluate(statement.subject)
        before = dict(self.scope.names)
        ends = [before]
        for case in statement.cases:
            self.scope.names = dict(before)
            self._capture(case.pattern, subject)
            if case.guard is not None:
                self.evaluate(case.guard)
            if self.execute(case.body):
                ends.append(self.scope.names)
        return self.scope.merge(ends)

    def exec_Global(self, statement: ast.Global | ast.Nonlocal) -> None:
        """Note names that belong to an enclosing scope."""
        self.scope.shared |= set(statement.names)

    exec_Nonlocal = exec_Global

    def exec_Import(self, statement: ast.Import) -> None:
        """Interpret an `import` statement: bind the imported modules to their names."""
        for alias in statement.names:
            self._note_import(alias.name, alias)
            root = alias.name.partition(".")[0]
            module = self._import_module(alias.name)
            self.scope.names[alias.asname or root] = module if alias.asname else self._import_module(root)

    def exec_ImportFrom(self, statement: ast.ImportFrom) -> None:
        """Interpret a `from ... import` statement: bind the imported names to their values."""
        name = self.project.absolute(self.scope.module, statement.level, statement.module or "")
        if not statement.level:
            self._note_import(name, statement)
        holder = self._import_module(name)
        for alias in statement.names:
            if alias.name == "*":
                self._import_all(holder)
                continue
            value = self.attribute(holder, alias.name)
            if value == ANYTHING and isinstance(next(iter(holder), None), ProjectModule):
                value = self._import_module(f"{name}.{alias.name}")
            self.scope.names[alias.asname or alias.name] = value

    def _import_module(self, name: str) -> PossibleValues:
        module = self.project.module_named(name, self.scope.module)
        if module is None or name.partition(".")[0] in (self.project.package, "ovcgen"):
            self.project.foreign_modules.add(name)
            return only_value(LibraryObject(name))
        if module is not self.scope.module:
            self.read_module(module)
        return only_value(ProjectModule(module.source.file))

    def _note_import(self, name: str, node: ast.alias | ast.stmt) -> None:
        if name.partition(".")[0] == self.project.package:
            self.project.imports[Import(self.place_of(node), name)] = None

    def _import_all(self, holder: PossibleValues) -> None:
        for atom in holder:
            if isinstance(atom, ProjectModule):
                names = self.project.by_file[atom.file].scope.names
                self.scope.names.update({name: value for name, value in names.items() if not name.startswith("_")})
            elif isinstance(atom, LibraryObject) and atom.name.removesuffix(".aio") in (self.project.package, "ovcgen"):
                for name in ("connect", self.project.client, "Task", "wait", "as_completed", "portal_client"):
                    self.scope.names[name] = only_value(LibraryObject(f"{atom.name}.{name}"))

    def exec_FunctionDef(self, statement: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Interpret a `def` statement: bind the name to the function after its decorators."""
        kinds: set[str] = set()
        others: list[PossibleValues] = []
        for decorator in reversed(statement.decorator_list):
            name = last_name(decorator.func if isinstance(decorator, ast.Call) else decorator)
            value = self.evaluate(decorator)
            if name in DECORATORS:
                kinds.add(DECORATORS[name])
            elif name in ("setter", "deleter"):
                return
            elif any(isinstance(atom, DECORATED) for atom in value):
                others.append(value)
        made = self.define_function(statement, frozenset(kinds))
        self.assign_name(statement.name, self._decorate(made, others))

    exec_AsyncFunctionDef = exec_FunctionDef

    def _decorate(self, made: PossibleValues, decorators: list[PossibleValues]) -> PossibleValues:
        """Return the function after project decorators. A decorator whose result is not known leaves it unchanged."""
        for decorator in decorators:
            wrapped = self.call(decorator, PassedArguments((made,)))
            callables = frozenset(atom for atom in wrapped if isinstance(atom, DECORATED))
            made = callables or made
        return made

    def exec_ClassDef(self, statement: ast.ClassDef) -> None:
        """Interpret a `class` statement: execute its body and bind the name to the class."""
        info = self.project.class_(statement, self.scope)
        info.scope.names = {}
        self.project.set_bases(info, joined(*(self.evaluate(base) for base in statement.bases)))
        for decorator in statement.decorator_list:
            self.evaluate(decorator)
        self.within(info.scope).execute(statement.body)
        self.assign_name(statement.name, only_value(ProjectClass(info.number)))

    def _entered(self, opened: PossibleValues, node: ast.expr) -> PossibleValues:
        """Return the value that `with` binds to the name after `as`."""
        found: list[PossibleValues] = []
        for atom in opened:
            match atom:
                case ContextManagerValue(inside):
                    found.append(inside)
                case ClientValue():
                    found.append(only_value(atom))
                case ProjectInstance():
                    found.append(self.at(node)._enter_instance(atom))
                case _:
                    found.append(ANYTHING)
        return joined(*found)

    def _enter_instance(self, atom: AbstractValue) -> PossibleValues:
        for name in ("__enter__", "__aenter__"):
            method = self.attribute(only_value(atom), name)
            if any(isinstance(function, ProjectFunction) for function in method):
                return self.call(method, PassedArguments())
        return only_value(atom)

    def _capture(self, pattern: ast.pattern, subject: PossibleValues) -> None:
        """Bind the names of a match pattern. Keys of a mapping pattern count as read."""
        match pattern:
            case ast.MatchAs(inner, name):
                if inner is not None:
                    self._capture(inner, subject)
                if name:
                    self.scope.names[name] = subject
            case ast.MatchMapping(keys, patterns, rest):
                for key, inner in zip(keys, patterns, strict=True):
                    value = self.item(subject, self.evaluate(key), self.place_of(key), strict=False)
                    self._capture(inner, value)
                if rest:
                    self.scope.names[rest] = ANYTHING
            case ast.MatchSequence(patterns):
                for inner in patterns:
                    self._capture(inner, self.each_of(subject))
            case ast.MatchOr(patterns):
                for inner in patterns:
                    self._capture(inner, subject)
            case ast.MatchClass(_, patterns, _, named):
                for inner in (*patterns, *named):
                    self._capture(inner, ANYTHING)
            case ast.MatchStar(str(name)):
                self.scope.names[name] = ANYTHING
            case ast.MatchValue(value):
                self.evaluate(value)

    def _guard_of_test(self, test: ast.expr) -> str:
        """Return the reason for a branch that depends on whether an operation exists, or "".

        The condition contains `hasattr(portal.cloudapi, "x")`, or `__doc__`, `__signature__` or `release` of a client.
        """
        for node in ast.walk(test):
            match node:
                case ast.Call(ast.Name("hasattr"), [holder, *_]):
                    asked = self.evaluate(holder)
                case ast.Attribute(holder, "__doc__" | "__signature__" | "release"):
                    asked = self.evaluate(holder)
                case _:
                    continue
            if any(isinstance(atom, ClientValue | ClientPart | OperationMethod) for atom in asked):
                return ASKED
        return ""


def _guard_of_handlers(handlers: Iterable[ast.ExceptHandler]) -> str:
    """Return the reason why code in a `try` may fail; "" if the handlers catch no AttributeError or TypeError."""
    for handler in handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(last_name(kind) in EXPECTED for kind in kinds):
            return CAUGHT
    return ""


def _guard_of_manager(opened: PossibleValues) -> str:
    """Return the reason for `with suppress(AttributeError)`, or ""."""
    suppressed = [atom.inside for atom in opened if isinstance(atom, ContextManagerValue)]
    classes = [atom.name for atom in joined(*suppressed) if isinstance(atom, LibraryObject)]
    names = {name.rpartition(".")[2] for name in classes}
    return CAUGHT if names & EXPECTED else ""
