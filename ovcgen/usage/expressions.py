"""Evaluate expressions to their possible values, and record the operations that they use."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import replace

from ovcgen.usage.calls import FunctionCalls
from ovcgen.usage.project_state import Scope
from ovcgen.usage.string_expressions import concatenated, formatted, from_place, keys_in_format, text_of
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    AbstractValue,
    ConstantValue,
    DictEntry,
    DictValue,
    LibraryObject,
    PassedArguments,
    PossibleValues,
    ResponseValue,
    SequenceValue,
    TaskValue,
    TypedValue,
    awaited,
    chained,
    constant_value,
    dict_with,
    elements,
    joined,
    key_of,
    keyword_variants,
    merged,
    only_value,
    opened,
    sequence_of,
    sequence_with,
    spread,
    typed,
)

VARIANTS = 8  # argument sets of one call that are distinguished
UNROLLED = 64  # a loop over more items is not unrolled
NONE = ConstantValue(None, "NoneType")


class Expressions(FunctionCalls):
    """The part of the interpreter that evaluates expressions: `eval_Call` for `ast.Call`, and so on.

    An `eval_` method returns the possible values of the expression; ANYTHING if nothing is known.
    """

    def evaluate(self, node: ast.expr | None) -> PossibleValues:
        """Return the possible values of an expression; None (no expression) gives the constant None."""
        if node is None:
            return constant_value(None)
        self.project.steps += 1
        evaluate = getattr(self, f"eval_{type(node).__name__}", self._evaluate_children)
        value: PossibleValues = evaluate(node)
        return value

    def _evaluate_children(self, node: ast.AST) -> PossibleValues:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.evaluate(child)
        return ANYTHING

    def eval_Constant(self, node: ast.Constant) -> PossibleValues:
        """Evaluate a literal; complex numbers and `...` give ANYTHING."""
        if isinstance(node.value, str):
            return constant_value(node.value, self.origins(node, node.value))
        return constant_value(node.value) if isinstance(node.value, int | float | bytes | None) else ANYTHING

    def eval_Name(self, node: ast.Name) -> PossibleValues:
        """Evaluate a name in its scope. An unbound one is a builtin, or begins an expression that creates a client."""
        found = self.scope.find(node.id)
        if found is None and node.id in self.project.api_index.client_roots:
            return only_value(LibraryObject(node.id))
        if found is None:
            return only_value(LibraryObject(f"builtins.{node.id}")) if hasattr(builtins, node.id) else ANYTHING
        slot = (self.scope.module.source.file, node.id)
        is_global = self.scope is self.scope.module.scope or node.id not in self.scope.names
        return opened(found) if is_global and slot in self.project.mutated else found

    def eval_Attribute(self, node: ast.Attribute) -> PossibleValues:
        """Evaluate `holder.name`, and record whether a name like an operation's led to a known value."""
        holder = self.evaluate(node.value)
        value = self.at(node).attribute(holder, node.attr)
        self.note_attribute(node, holder, value)
        return value

    def eval_Call(self, node: ast.Call) -> PossibleValues:
        """Evaluate a call for each possible set of its arguments, and join the results."""
        called = self.evaluate(node.func)
        found = NOTHING
        frame = self.at(node)
        for given in self.arguments(node):
            frame.note_request(given)
            found = joined(found, frame.call(called, given))
        return found

    def arguments(self, node: ast.Call) -> list[PassedArguments]:
        """Return the possible sets of arguments of a call (`**kwargs` may give several).

        Of more than VARIANTS (8) sets, the last one stands for all others, with unknown keywords.
        """
        givens = [PassedArguments()]
        for argument in node.args:
            starred = isinstance(argument, ast.Starred)
            value = self.evaluate(argument.value if isinstance(argument, ast.Starred) else argument)
            added = spread(value) if starred else PassedArguments((value,))
            givens = [given.after(added) for given in givens]
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is None:
                self.note_all_keys(value, self.place_of(keyword))
            else:
                entry = DictEntry(keyword.arg, value, self.place_of(keyword))
                givens = [given.after(PassedArguments(keywords=(entry,))) for given in givens]
                continue
            givens = [given.after(variant) for given in givens for variant in keyword_variants(value)]
            if len(givens) > VARIANTS:
                givens = [*givens[: VARIANTS - 1], replace(givens[-1], open=True, keywords=())]
        return givens

    def eval_Subscript(self, node: ast.Subscript) -> PossibleValues:
        """Evaluate `holder[key]`. A part of a response is recorded as read."""
        return self.item(self.evaluate(node.value), self.evaluate(node.slice), self.place_of(node))

    def eval_Slice(self, node: ast.Slice) -> PossibleValues:
        """Evaluate `start:stop:step` in a subscript: only the type, `slice`, is known."""
        self._evaluate_children(node)
        return typed("slice")

    def eval_Lambda(self, node: ast.Lambda) -> PossibleValues:
        """Return the function that a `lambda` creates."""
        return self.define_function(node, frozenset())

    def eval_IfExp(self, node: ast.IfExp) -> PossibleValues:
        """Evaluate `yes if test else no`: the values of both branches, or of one if the test is known."""
        verdict = self.truth_value(node.test)
        names = dict(self.scope.names)
        self.narrow(node.test, holds=True)
        yes = self.evaluate(node.body) if self.project.enters(verdict, node.body, holds=True) else NOTHING
        self.scope.names = dict(names)
        self.narrow(node.test, holds=False)
        no = self.evaluate(node.orelse) if self.project.enters(verdict, node.orelse, holds=False) else NOTHING
        self.scope.names = names
        return joined(yes, no)

    def eval_BoolOp(self, node: ast.BoolOp) -> PossibleValues:
        """Evaluate `and` and `or`: the values of all operands. Of an `or`, None counts in the last operand only."""
        values = [self.evaluate(expression) for expression in node.values]
        if isinstance(node.op, ast.Or):  # `or` skips None, except in the last operand
            values = [*(known - {NONE} for known in values[:-1]), values[-1]]
        return joined(*values)

    def eval_BinOp(self, node: ast.BinOp) -> PossibleValues:
        """Evaluate an operator. Texts, lists and dicts are joined; of numbers only the type is known."""
        parts: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):  # iterate: long sums must not recurse deeply
            parts.append(left.right)
            left = left.left
        values = [self.evaluate(expression) for expression in [left, *reversed(parts)]]
        kinds = {self.kind_of(atom) for value in values for atom in value}
        types = {type(atom) for value in values for atom in value}
        match node.op:
            case ast.BitOr():  # also a type such as `Portal | None`
                return merged(values) if types <= {DictValue} else joined(*values)
            case ast.Add() if "str" in kinds:
                return concatenated(values)
            case ast.Mod() if "str" in kinds:
                for key in keys_in_format(values[0]):
                    self.item(values[-1], constant_value(key), self.place_of(node))
                return formatted(values[0])
            case ast.Add() if types <= {SequenceValue}:
                return chained(values)
            case ast.Add() if "list" in kinds and types & {SequenceValue, ResponseValue}:
                return sequence_of(joined(*map(self.each_of, values)))
        if kinds <= {"int", "bool"} and not isinstance(node.op, ast.Div):
            return typed("int")
        return typed("float") if kinds <= {"int", "bool", "float"} else ANYTHING

    def eval_JoinedStr(self, node: ast.JoinedStr) -> PossibleValues:
        """Evaluate an f-string."""
        whole = concatenated([self._text_part(expression) for expression in node.values] or [constant_value("")])
        return from_place(whole, self.origins(node, text_of(node)))

    def _text_part(self, part: ast.expr) -> PossibleValues:
        """Return the text of one part of an f-string."""
        if isinstance(part, ast.Constant):
            return constant_value(part.value)
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        value = self.evaluate(inner)
        if isinstance(part, ast.FormattedValue) and (part.format_spec or part.conversion != -1):
            return typed("str")
        if all(isinstance(atom, ConstantValue) and atom.kind in ("str", "int") for atom in value):
            return joined(
                *(constant_value(str(atom.value), atom.origins) for atom in value if isinstance(atom, ConstantValue))
            )
        texts = frozenset(atom for atom in value if isinstance(atom, TypedValue) and atom.kind == "str")
        return texts if texts == value else texts | typed("str")

    def eval_Await(self, node: ast.Await) -> PossibleValues:
        """Evaluate `await`: the result of the awaitable, or of a task. A call that starts a task gives the task."""
        value = awaited(self.evaluate(node.value))
        if isinstance(node.value, ast.Call):
            return value
        tasks = [atom for atom in value if isinstance(atom, TaskValue)]
        return joined(value.difference(tasks), *(self.call_method(task, "result", PassedArguments()) for task in tasks))

    def eval_NamedExpr(self, node: ast.NamedExpr) -> PossibleValues:
        """Evaluate `(name := value)`, and bind the name."""
        value = self.evaluate(node.value)
        self.assign(node.target, value)
        return value

    def eval_Compare(self, node: ast.Compare) -> PossibleValues:
        """Evaluate a comparison. `"key" in response` counts as reading that key."""
        values = [self.evaluate(expression) for expression in (node.left, *node.comparators)]
        for left, operator, right in zip(values, node.ops, values[1:], strict=False):
            if isinstance(operator, ast.In | ast.NotIn):
                self.item(right, left, self.place_of(node), strict=False)
        return typed("bool")

    def eval_UnaryOp(self, node: ast.UnaryOp) -> PossibleValues:
        """Evaluate `not` (a bool), `-`, `+` and `~`. `-` of one known number is a constant; else the types are kept."""
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            return typed("bool")
        numbers = [atom.value for atom in value if isinstance(atom, ConstantValue) and atom.kind in ("int", "float")]
        if isinstance(node.op, ast.USub) and numbers and len(value) == 1:
            return constant_value(-numbers[0])
        return frozenset(TypedValue(atom.kind) if isinstance(atom, ConstantValue) else atom for atom in value)

    def eval_Yield(self, node: ast.Yield | ast.YieldFrom) -> PossibleValues:
        """Evaluate `yield` and `yield from`: record the yielded values in the scope, and return ANYTHING."""
        value = self.evaluate(node.value)
        self.scope.yielded.append(self.each_of(value) if isinstance(node, ast.YieldFrom) else value)
        return ANYTHING

    eval_YieldFrom = eval_Yield

    def eval_List(self, node: ast.List | ast.Tuple | ast.Set) -> PossibleValues:
        """Evaluate a list, tuple or set display."""
        kind = type(node).__name__.lower()
        values: list[PossibleValues] = []
        exact = True
        for element in node.elts:
            if isinstance(element, ast.Starred):
                inner = self.evaluate(element.value)
                whole = spread(inner)
                exact = exact and not whole.more
                values += whole.values if not whole.more else [self.each_of(inner)]
            else:
                values.append(self.evaluate(element))
        return sequence_with(values, kind) if exact else sequence_of(joined(*values), kind)

    eval_Tuple = eval_Set = eval_List

    def eval_Dict(self, node: ast.Dict) -> PossibleValues:
        """Evaluate a dict display. It is `open` if a key is not a constant string, or an unknown `**dict` is in it."""
        entries: list[DictEntry] = []
        is_open = False
        for key, value in zip(node.keys, node.values, strict=True):
            known = self.evaluate(value)
            if key is None:
                [inner, *others] = keyword_variants(known)
                entries += inner.keywords
                is_open = is_open or inner.open or bool(others)
            elif (name := key_of(self.evaluate(key))) is not None:
                entries.append(DictEntry(name, known, self.place_of(key)))
            else:
                is_open = True
        return dict_with(entries, open=is_open)

    def eval_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> PossibleValues:
        """Evaluate a comprehension of a list, set or dict, or a generator expression.

        The result is a list of the items if all are known, else one with their possible values. Of a dict, only the
        values are known.
        """
        key = ("comprehension", id(node), self.scope.key)
        scope = Scope(self.scope.module, self.scope, key, owner=self.scope.owner, guard=self.scope.guard)
        inner = self.within(scope)
        found: list[PossibleValues] = []
        exact = all(not generator.ifs for generator in node.generators)
        for _ in inner._iterations(node.generators):
            if isinstance(node, ast.DictComp):
                inner.evaluate(node.key)
                found.append(inner.evaluate(node.value))
            else:
                found.append(inner.evaluate(node.elt))
        if isinstance(node, ast.DictComp):
            return only_value(SequenceValue(None, joined(*found), "dict"))
        exact = exact and all(elements(inner.evaluate(generator.iter)) is not None for generator in node.generators)
        return sequence_with(found) if exact else sequence_of(joined(*found))

    eval_SetComp = eval_GeneratorExp = eval_DictComp = eval_ListComp

    def _iterations(self, generators: list[ast.comprehension]) -> Iterator[None]:
        """Bind the names of a comprehension, and yield once per item that is distinguished."""
        if not generators:
            yield
            return
        first, *others = generators
        iterated = self.evaluate(first.iter)
        found = elements(iterated)
        is_unrolled = found and len(found) <= UNROLLED and not self.project.is_over_budget
        for value in found if found and is_unrolled else [self.each_of(iterated)]:
            self.assign(first.target, value)
            if all(self.truth_value(test) is not False for test in first.ifs):
                yield from self._iterations(others)

    def truth_value(self, test: ast.expr) -> bool | None:
        """Return whether a condition holds; None if that is not known. `typing.TYPE_CHECKING` counts as true.

        The condition is evaluated, so the operations in it are recorded.
        """
        match test:
            case ast.UnaryOp(ast.Not(), inner):
                verdict = self.truth_value(inner)
                return None if verdict is None else not verdict
            case ast.BoolOp(operator, values):
                verdicts = [self.truth_value(expression) for expression in values]
                decisive = isinstance(operator, ast.Or)
                if decisive in verdicts:
                    return decisive
                return None if None in verdicts else not decisive
            case ast.Compare(left, [operator], [right]):
                return _compared(self.evaluate(left), operator, self.evaluate(right))
        match [*self.evaluate(test)]:
            case [LibraryObject("typing.TYPE_CHECKING")]:
                return True
            case [ConstantValue(constant)]:
                return bool(constant)
        return None

    def narrow(self, test: ast.expr, *, holds: bool) -> None:
        """Remove from names the values for which the condition does not hold (or, with `holds=False`, does hold).

        The names of the scope are changed in place. Known are `name`, `name is None`, `isinstance(name, ...)`, and
        `not`, `and` and `or` of them; another condition changes nothing.
        """
        match test:
            case ast.UnaryOp(ast.Not(), inner):
                self.narrow(inner, holds=not holds)
            case ast.BoolOp(ast.And(), values) if holds:
                for expression in values:
                    self.narrow(expression, holds=True)
            case ast.BoolOp(ast.Or(), values) if not holds:
                for expression in values:
                    self.narrow(expression, holds=False)
            case ast.Name(name) if holds:
                self.scope.keep(name, lambda atom: atom != NONE)
            case ast.Compare(
                ast.Name(name), [ast.Is() | ast.Eq() | ast.IsNot() | ast.NotEq() as operator], [ast.Constant(None)]
            ):
                is_none = isinstance(operator, ast.Is | ast.Eq) == holds
                self.scope.keep(name, lambda atom: (atom == NONE) == is_none or atom in ANYTHING)
            case ast.Call(ast.Name("isinstance"), [ast.Name(name), kind]):
                self._narrow_type(name, self.evaluate(kind), holds)

    def _narrow_type(self, name: str, kinds: PossibleValues, holds: bool) -> None:
        wanted = {kind.name.removeprefix("builtins.") for kind in kinds if isinstance(kind, LibraryObject)}
        value = self.scope.find(name)
        if value is None or len(wanted) != len(kinds) or not wanted <= {"str", "int", "float", "bool", "list", "dict"}:
            return
        kept: set[AbstractValue] = {atom for atom in value - ANYTHING if (self.kind_of(atom) in wanted) == holds}
        if not all(map(self.kind_of, value)):
            kept |= {TypedValue(kind) for kind in wanted} if holds else ANYTHING
        if kept or holds:
            self.scope.names[name] = frozenset(kept) or typed(min(wanted, default="object"))


def _compared(left: PossibleValues, operator: ast.cmpop, right: PossibleValues) -> bool | None:
    match [*left], operator, [*right]:
        case [ConstantValue() as value], ast.Eq() | ast.Is(), [ConstantValue() as other]:
            return value.same(other)
        case [ConstantValue() as value], ast.NotEq() | ast.IsNot(), [ConstantValue() as other]:
            return not value.same(other)
        case [ConstantValue() as value], ast.In() | ast.NotIn(), [SequenceValue(tuple(items))]:
            choices = [choice for item in items for choice in item]
            constants = [choice for choice in choices if isinstance(choice, ConstantValue)]
            if len(constants) == len(choices):
                return any(map(value.same, constants)) == isinstance(operator, ast.In)
    return None
