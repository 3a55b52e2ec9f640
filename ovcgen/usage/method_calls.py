"""Evaluate methods of dicts, lists, strings, responses, tasks, clients and unknown values."""

from __future__ import annotations

import ast

from ovcgen.usage.attribute_lookup import Attributes
from ovcgen.usage.string_expressions import text_method
from ovcgen.usage.usages import Escape
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    AbstractValue,
    ClientPart,
    ClientValue,
    ConstantValue,
    ContextManagerValue,
    DictEntry,
    DictValue,
    OperationMethod,
    PartialValue,
    PassedArguments,
    PossibleValues,
    ResponseValue,
    SequenceValue,
    TaskValue,
    TypedValue,
    UnknownValue,
    constant_value,
    dict_with,
    elements,
    future,
    joined,
    merged,
    only_value,
    sequence_of,
    sequence_with,
    typed,
)

ADDING = {"append", "add", "insert", "appendleft", "extend", "put", "put_nowait"}
CHANGED = {"clear", "remove", "discard", "update", "setdefault", "__setitem__", "extendleft", "reverse", "sort"}
READING = {"get", "pop", "setdefault", "__getitem__"}
LOGGING = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "write", "dumps"}


class Methods(Attributes):
    """The part of the interpreter that calls methods of values."""

    def call_method(self, holder: AbstractValue, name: str, given: PassedArguments) -> PossibleValues:
        """Return the possible results of `holder.name(...)`."""
        match holder:
            case ClientValue() if name == "__enter__":
                return only_value(holder)
            case ClientValue() if name == "task":
                return only_value(TaskValue(""))
            case ClientPart(doubt=doubt):  # of `portal.wait`
                dotted = self.project.api_index.waiters.get(name)
                return only_value(ResponseValue(dotted, "", doubt)) if dotted else ANYTHING
            case TaskValue(dotted, doubt):
                ended = only_value(ResponseValue(dotted, "", doubt)) if dotted else ANYTHING
                return ended if name == "result" else ANYTHING
            case SequenceValue(_, element, "future"):
                return element if name == "result" else ANYTHING
            case SequenceValue():
                return self._list_method(holder, name, given)
            case DictValue():
                return self._dict_method(holder, name, given)
            case ResponseValue():
                return self._response_method(holder, name, given)
            case ConstantValue(_, "str") | TypedValue("str"):
                return text_method(holder, name, given)
            case UnknownValue():
                return self._unknown_method(name, given)
        self.note_escape(given)
        return ANYTHING

    def _unknown_method(self, name: str, given: PassedArguments) -> PossibleValues:
        """Evaluate `pool.submit(function, ...)` and similar methods that call the function they are given."""
        if not given.values:
            return ANYTHING
        if name.startswith("enter_"):
            inside = [atom.inside for atom in given.values[0] if isinstance(atom, ContextManagerValue)]
            clients = frozenset(atom for atom in given.values[0] if isinstance(atom, ClientValue))
            return joined(*inside, clients) or ANYTHING
        target, rest = given.values[0], given.values[1:]
        if name == "run_in_executor" and rest:
            target, rest = rest[0], rest[1:]
        if name == "map":
            passed = PassedArguments(tuple(self.each_of(value) for value in rest))
            return sequence_of(self.call(target, passed))
        if name in ("apply", "apply_async") and rest:
            listed = elements(rest[0])
            return future(self.call(target, PassedArguments(listed or (), open=True, more=listed is None)))
        known = frozenset(atom for atom in target if not isinstance(atom, UnknownValue))
        return future(self.call(known, PassedArguments(rest, given.keywords, given.open))) if known else ANYTHING

    def _holder_node(self) -> ast.expr | None:
        """Return the object expression of a method call, such as `found` of `found.append(1)`; None for other nodes."""
        match self.node:
            case ast.Call(ast.Attribute(holder)):
                return holder
        return None

    def _list_method(self, holder: SequenceValue, name: str, given: PassedArguments) -> PossibleValues:
        node = self._holder_node()
        if name in ADDING and given.values and node is not None:
            value = given.values[-1]
            added = self.each_of(value) if name == "extend" else value
            self.replace_list(node, sequence_of(joined(holder.element, added), holder.kind))
            return constant_value(None)
        if name in CHANGED and node is not None:
            self.mark_mutated(node)
        if name in ("pop", "popleft", "get"):
            return holder.element or ANYTHING
        if name == "sort" and (key := given.keyword("key")):
            self.call(key, PassedArguments((holder.element,)))
        if holder.kind == "dict":
            self.note_reading_method(name, given)
            return _unknown_dict_method(holder, name, given)
        return sequence_of(holder.element, holder.kind) if name == "copy" else ANYTHING

    def _dict_method(self, holder: DictValue, name: str, given: PassedArguments) -> PossibleValues:
        node = self._holder_node()
        match name:
            case "get" | "setdefault" | "pop":
                key = given.first(ANYTHING)
                names = [atom.value for atom in key if isinstance(atom, ConstantValue) and isinstance(atom.value, str)]
                if name == "setdefault" and node is not None and names:
                    entries = [DictEntry(names[0], joined(*given.values[1:2]) or constant_value(None))]
                    self.change_dict(node, entries, weak=True)
                elif name == "pop" and node is not None:
                    self.remove_key(node, names[0] if len(names) == 1 else None)
                found = [entry.value for name in names if (entry := holder.entry(name))]
                if holder.open and len(found) < len(names):
                    self.note_unknown_read(names, self.place)
                other = ANYTHING if holder.open or not names else NOTHING
                return joined(*found, *given.values[1:2], other) or constant_value(None)
            case "update":
                if node is not None:
                    self._update_dict(given, node)
                return constant_value(None)
            case "items":
                pairs = [sequence_with((constant_value(entry.key), entry.value), "tuple") for entry in holder.entries]
                return sequence_of(joined(*pairs, ANYTHING)) if holder.open else sequence_with(pairs)
            case "values":
                values = [entry.value for entry in holder.entries]
                return sequence_of(joined(*values, ANYTHING)) if holder.open else sequence_with(values)
            case "keys":
                keys = [constant_value(entry.key) for entry in holder.entries]
                return sequence_of(joined(*keys, ANYTHING)) if holder.open else sequence_with(keys)
            case "copy":
                return only_value(holder)
            case "clear" | "popitem" | "__setitem__" if node is not None:
                self.change_dict(node, None)
        return ANYTHING

    def _update_dict(self, given: PassedArguments, node: ast.expr) -> None:
        match [*merged([*given.values, dict_with(given.keywords, open=given.open)])]:
            case [DictValue(entries, False)]:
                self.change_dict(node, [*entries])
            case _:
                self.change_dict(node, None)

    def _response_method(self, holder: ResponseValue, name: str, given: PassedArguments) -> PossibleValues:
        own = only_value(holder)
        api_index = self.project.api_index
        kind = api_index.kind(holder.dotted, holder.member)
        match name:
            case "get" | "pop" | "setdefault" | "__getitem__" if given.values and kind != "list":
                strict = name in ("pop", "__getitem__") and not given.values[1:]
                found = self.item(own, given.values[0], self.place, strict=strict)
                return joined(found, *(given.values[1:2] or [constant_value(None)]))
            case "pop":
                return self.each_of(own)
            case "copy":
                return own
            case "values" | "items":
                inner = api_index.inside(holder.dotted, holder.member, "")
                is_map = inner is not None and inner.endswith("*")
                value = only_value(ResponseValue(holder.dotted, str(inner), holder.doubt)) if is_map else ANYTHING
                return sequence_of(value if name == "values" else sequence_with((typed("str"), value), "tuple"))
            case "sort" if key := given.keyword("key"):
                self.call(key, PassedArguments((self.each_of(own),)))
        if kind == "str":
            return text_method(TypedValue("str"), name, given)
        return ANYTHING

    def note_reading_method(self, name: str, given: PassedArguments) -> None:
        """Record the keys that the methods `get`, `pop`, `setdefault` and `__getitem__` of an unknown value read."""
        if name in READING:
            key = given.first(NOTHING)
            names = [atom.value for atom in key if isinstance(atom, ConstantValue) and isinstance(atom.value, str)]
            self.note_unknown_read(names, self.place)

    def note_escape(self, given: PassedArguments) -> None:
        """Record the operations among these arguments, also in dicts and lists, as passed to unfollowed code."""
        waiting = [*given.values, *(keyword.value for keyword in given.keywords)]
        while waiting:
            for atom in waiting.pop():
                match atom:
                    case (OperationMethod() as method) | PartialValue(OperationMethod() as method):
                        doubt = method.doubt or self.scope.guard
                        self.project.record(Escape(self.place, method.dotted, doubt, method.place))
                    case DictValue(entries):
                        waiting += [entry.value for entry in entries]
                    case SequenceValue(_, element):
                        waiting.append(element)

    def mark_arguments_mutated(self) -> None:
        """Let containers that are passed hold anything, because the called code may change them. Log methods do not."""
        node = self.call_node
        if node is None or getattr(node.func, "attr", "") in LOGGING:
            return
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            if not isinstance(argument, ast.Starred):
                self.mark_mutated(argument)


def _unknown_dict_method(holder: SequenceValue, name: str, given: PassedArguments) -> PossibleValues:
    """Evaluate a method of a dict whose keys are not known."""
    if name in ("get", "pop", "setdefault"):
        return joined(holder.element, *given.values[1:])
    if name == "values":
        return sequence_of(holder.element)
    return sequence_of(sequence_with((ANYTHING, holder.element), "tuple")) if name == "items" else ANYTHING
