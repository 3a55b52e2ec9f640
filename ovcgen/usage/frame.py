"""Define the part of the interpreter that all others build on: one scope, and access to the content of values."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from typing import Self

from ovcgen.usage.project_state import FunctionInfo, Located, Module, ProjectState, Scope, place_of
from ovcgen.usage.usages import Read, UnknownRead
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    NOWHERE,
    AbstractValue,
    ConstantValue,
    DictValue,
    LibraryObject,
    PassedArguments,
    PossibleValues,
    ResponseValue,
    SequenceValue,
    SourceSpan,
    TaskValue,
    TypedValue,
    constant_value,
    joined,
    only_value,
    sequence_of,
    typed,
)

ALL_KEYS = "every key of the answer is passed by its name, and which of them are needed can't be seen"


class Frame(ABC):
    """The interpretation of one scope. All parts of the interpreter are subclasses of it.

    Attributes:
        project: What is known of the whole project.
        scope: The names at the current point of reading.
        node: The call or attribute that is being evaluated; None for calls that are not in the source (decorators).
    """

    def __init__(self, project: ProjectState, scope: Scope, node: ast.expr | None = None) -> None:
        self.project = project
        self.scope = scope
        self.node = node

    def at(self, node: ast.expr) -> Self:
        """Return a frame of the same scope whose current `node` is this call or attribute."""
        return type(self)(self.project, self.scope, node)

    def within(self, scope: Scope) -> Self:
        """Return a frame of another scope, without a current node."""
        return type(self)(self.project, scope)

    @abstractmethod
    def evaluate(self, node: ast.expr | None) -> PossibleValues:
        """Return the possible values of an expression; None (no expression) gives the constant None."""

    @abstractmethod
    def call(self, called: PossibleValues, given: PassedArguments) -> PossibleValues:
        """Return the possible results of calling any of the values in `called`."""

    @abstractmethod
    def read_module(self, module: Module) -> None:
        """Interpret the statements of a module; nothing happens if it was already read in this round."""

    @abstractmethod
    def read_function(self, info: FunctionInfo) -> PossibleValues:
        """Interpret the body of a function whose parameters are bound in this scope. Return its possible results."""

    @property
    def place(self) -> SourceSpan:
        """Return the position of `node`, or NOWHERE without a node."""
        return NOWHERE if self.node is None else self.place_of(self.node)

    @property
    def call_node(self) -> ast.Call | None:
        """Return `node` if it is a call; None otherwise."""
        return self.node if isinstance(self.node, ast.Call) else None

    @property
    def is_used(self) -> bool:
        """Return whether the code uses the result of the call that is being evaluated."""
        return id(self.node) not in self.scope.module.ignored

    def place_of(self, node: Located) -> SourceSpan:
        """Return the position of a node, with columns in characters."""
        return place_of(node, self.scope.module.source)

    def item(
        self, holder: PossibleValues, key: PossibleValues, place: SourceSpan, *, strict: bool = True
    ) -> PossibleValues:
        """Return the possible values of `holder[key]`, and record parts of responses as read; NOTHING without a holder.

        `strict` is false if the key may be missing, as in `.get()`. `place` is the position to record.
        """
        return joined(*(self._item(atom, key, place, strict) for atom in holder)) if holder else NOTHING

    def _item(self, atom: AbstractValue, key: PossibleValues, place: SourceSpan, strict: bool) -> PossibleValues:
        constants = [atom.value for atom in key if isinstance(atom, ConstantValue)]
        names = [constant for constant in constants if isinstance(constant, str)]
        match atom:
            case ResponseValue():
                if not names and _is_slice(key):
                    return only_value(atom)
                return self._response_item(atom, names, place, strict)
            case DictValue(entries):
                found = [entry.value for name in names if (entry := atom.entry(name))]
                if found and len(found) == len(key):
                    return joined(*found)
                if atom.open:
                    self.note_unknown_read(names, place)
                return joined(ANYTHING, *(found if names else [entry.value for entry in entries]))
            case SequenceValue(listed, element):
                numbers = [index for index in constants if isinstance(index, int)]
                if listed is not None and len(numbers) == 1 == len(key) and -len(listed) <= numbers[0] < len(listed):
                    return listed[numbers[0]]
                if atom.kind == "dict":
                    self.note_unknown_read(names, place)
                return sequence_of(element, atom.kind) if _is_slice(key) else element
            case TypedValue("str") | LibraryObject("os.environ" | "sys.argv"):
                return typed("str")
        self.note_unknown_read(names, place)
        return ANYTHING

    def note_unknown_read(self, names: list[str], place: SourceSpan) -> None:
        """Record the keys that are read at `place` from a value of which nothing is known."""
        self.project.unknown_reads.update(dict.fromkeys(UnknownRead(place, name) for name in names))

    def note_all_keys(self, value: PossibleValues, place: SourceSpan) -> None:
        """Record that every key of a response is passed by its name, as in `**response`, to code that may read any."""
        for atom in value:
            if isinstance(atom, ResponseValue):
                for member in self.project.api_index.members(atom.dotted, atom.member):
                    self.project.record(Read(place, atom.dotted, member, False, atom.doubt or ALL_KEYS))

    def _response_item(
        self, response: ResponseValue, names: list[str], place: SourceSpan, strict: bool
    ) -> PossibleValues:
        """Return the part of a response and record that it is read."""
        if not names:
            return self._response_part(response, None)
        found = NOTHING
        for name in names:
            inner = self.project.api_index.inside(response.dotted, response.member, name)
            if inner is not None:
                self.project.record(Read(place, response.dotted, inner, strict, response.doubt))
                found = joined(found, self._response_part(response, name))
        return found or ANYTHING

    def _response_part(self, response: ResponseValue, key: str | None) -> PossibleValues:
        """Return the part of a response at a key (None: the items of a list); ANYTHING if there is none."""
        inner = self.project.api_index.inside(response.dotted, response.member, key)
        return ANYTHING if inner is None else only_value(ResponseValue(response.dotted, inner, response.doubt))

    def each_of(self, value: PossibleValues) -> PossibleValues:
        """Return the possible values of the items of a container.

        The result is ANYTHING for an empty container, which may be filled later, and NOTHING for an unreachable value.
        """
        return joined(*map(self._each_of, value)) or (ANYTHING if value else NOTHING)

    def _each_of(self, atom: AbstractValue) -> PossibleValues:
        match atom:
            case SequenceValue(listed, element, kind) if listed is not None or kind != "dict":
                return element
            case ResponseValue():
                return self._response_part(atom, None)
            case DictValue(entries, is_open):
                return joined(*(constant_value(entry.key) for entry in entries), ANYTHING if is_open else NOTHING)
            case ConstantValue(_, "str") | TypedValue("str"):
                return typed("str")
        return ANYTHING

    def kind_of(self, atom: AbstractValue) -> str:
        """Return the name of the Python type of a value, such as "str"; "" if it is not known."""
        match atom:
            case ConstantValue(_, kind) | TypedValue(kind):
                return kind
            case ResponseValue():
                return self.project.api_index.kind(atom.dotted, atom.member)
            case DictValue():
                return "dict"
            case SequenceValue(_, _, kind):
                return kind if kind != "future" else ""
            case TaskValue():
                return "Task"
        return ""


def _is_slice(key: PossibleValues) -> bool:
    return any(isinstance(part, TypedValue) and part.kind == "slice" for part in key)
