"""Define the abstract values of the analysis: what an expression may evaluate to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

WIDEST = 24  # possibilities of one value that are distinguished
DEEPEST = 6  # levels of nested containers that are distinguished
MOST = 1000  # items of a list that are distinguished
LONGEST = 10_000  # characters of a text that is kept


@dataclass(frozen=True, slots=True, order=True)
class SourceSpan:
    """A range in a file. Lines count from 1, columns from 0 in characters; the end column is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A value of which nothing is known."""


@dataclass(frozen=True, slots=True)
class ConstantValue:
    """A constant from the source.

    Attributes:
        value: The constant.
        kind: Name of its Python type; distinguishes `1` from `True`.
        origins: Positions of the texts that it is made of, if they name an operation.
    """

    value: Any
    kind: str
    origins: tuple[SourceSpan, ...] = ()

    def same(self, other: ConstantValue) -> bool:
        """Return whether two constants have the same value and type. `origins` are not compared."""
        return self.value == other.value and self.kind == other.kind


@dataclass(frozen=True, slots=True)
class TypedValue:
    """An unknown value of a known Python type.

    Attributes:
        kind: Name of the type, such as `str`, `int` or `list`.
        ending: The end of a text of which only the end is known, such as the path of a URL; "" if nothing is known.
        origins: Positions of the texts that it is made of, if they name an operation.
    """

    kind: str
    ending: str = ""
    origins: tuple[SourceSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryObject:
    """A module, class or function outside the project, by its full name, such as `functools.partial`."""

    name: str


@dataclass(frozen=True, slots=True)
class ClientValue:
    """A client of the API."""


@dataclass(frozen=True, slots=True)
class ClientPart:
    """A group or actor: `portal.cloudapi` or `portal.cloudapi.machines`.

    Attributes:
        path: The names from the group on, such as `("cloudapi", "machines")`.
        doubt: Why it may be something else; empty if it certainly is a part of a client.
    """

    path: tuple[str, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class OperationMethod:
    """The method of an operation, not called yet.

    Attributes:
        dotted: Name of the operation, such as `cloudapi.machines.get`.
        place: Position where it was looked up.
        doubt: Why it may be something else; empty if it certainly is the operation.
    """

    dotted: str
    place: SourceSpan
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ResponseValue:
    """The response of an operation, or a part of it.

    Attributes:
        dotted: Name of the operation, such as `cloudapi.machines.get`.
        member: Path of the part, such as `[].disks[].id`; empty for the whole response.
        doubt: Why it may be something else; empty if it certainly is that response.
    """

    dotted: str
    member: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class TaskValue:
    """The task of an operation that was called with `_async`.

    Attributes:
        dotted: Name of the operation, such as `cloudapi.machines.create`; empty if it is not known.
        doubt: Why it may be something else; empty if it certainly is that task.
    """

    dotted: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class DictEntry:
    """An entry of a dict, or a keyword argument of a call.

    Attributes:
        key: The key or the keyword.
        value: Its possible values.
        place: Position of the key; None if it is not written in the source.
    """

    key: str
    value: PossibleValues
    place: SourceSpan | None = None


@dataclass(frozen=True, slots=True)
class DictValue:
    """A dict with known keys.

    Attributes:
        entries: The entries with known keys.
        open: Whether it may have other keys as well.
        depth: Levels of nested containers, with this one.
    """

    entries: tuple[DictEntry, ...] = ()
    open: bool = False
    depth: int = 1

    def entry(self, key: str) -> DictEntry | None:
        """Return the entry with that key, or None."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class SequenceValue:
    """A list, tuple, set, generator, or another container of items.

    Attributes:
        items: Possible values of each item, in order; None if the number of items is not known.
        element: Possible values of any item.
        kind: Type of the container; "future" for an awaitable, "dict" for a dict of which only the values are known.
        depth: Levels of nested containers, with this one.
    """

    items: tuple[PossibleValues, ...] | None
    element: PossibleValues
    kind: str = "list"
    depth: int = 1


@dataclass(frozen=True, slots=True)
class ProjectFunction:
    """A function of the project.

    Attributes:
        number: Its index in `ProjectState.functions`.
        owner: Possible values of the object that it is bound to; empty if it is not bound.
    """

    number: int
    owner: PossibleValues = frozenset()


@dataclass(frozen=True, slots=True)
class ProjectClass:
    """A class of the project, by its index in `ProjectState.classes`."""

    number: int


@dataclass(frozen=True, slots=True)
class ProjectInstance:
    """An instance of a class of the project.

    Attributes:
        number: The index of the class in `ProjectState.classes`.
        after: For a `super()` object, the number of the class in whose method it is made; only the bases behind that
            class are searched. -1 for an ordinary instance.
    """

    number: int
    after: int = -1


@dataclass(frozen=True, slots=True)
class ProjectModule:
    """A module of the project, by the path of its file."""

    file: str


@dataclass(frozen=True, slots=True)
class PartialValue:
    """A function of which some arguments are already given (`functools.partial`).

    Attributes:
        target: The function.
        given: These arguments.
    """

    target: AbstractValue
    given: PassedArguments


@dataclass(frozen=True, slots=True)
class ContextManagerValue:
    """A context manager. `inside` are the possible values that `with` binds to the name after `as`."""

    inside: PossibleValues


@dataclass(frozen=True, slots=True)
class ValueMethod:
    """A method of a value that is not a project object, such as `append` of a list.

    Attributes:
        holder: The value.
        name: The name of the method.
    """

    holder: AbstractValue
    name: str


@dataclass(frozen=True, slots=True)
class PassedArguments:
    """The arguments of a call.

    Attributes:
        values: Possible values of the positional arguments, in order.
        keywords: Keyword arguments.
        open: Whether there may be more keywords.
        more: Whether there may be more positional arguments.
        positional: Number of `keywords` that the call passes by position; they are the first.
    """

    values: tuple[PossibleValues, ...] = ()
    keywords: tuple[DictEntry, ...] = ()
    open: bool = False
    more: bool = False
    positional: int = 0

    def first(self, otherwise: PossibleValues) -> PossibleValues:
        """Return the possible values of the first positional argument; `otherwise` if there is none."""
        return self.values[0] if self.values else otherwise

    def after_first(self) -> PassedArguments:
        """Return the arguments without the first positional one."""
        return replace(self, values=self.values[1:])

    def keyword(self, name: str) -> PossibleValues | None:
        """Return the possible values of a keyword; None if it is not in `keywords`. If `open`, it may yet be passed."""
        return next((keyword.value for keyword in self.keywords if keyword.key == name), None)

    def after(self, later: PassedArguments) -> PassedArguments:
        """Return these arguments followed by `later`. Keywords of `later` replace those with the same name."""
        names = {keyword.key for keyword in later.keywords}
        kept = tuple(keyword for keyword in self.keywords if keyword.key not in names)
        is_open, more = self.open or later.open, self.more or later.more
        return PassedArguments(self.values + later.values, kept + later.keywords, is_open, more)


AbstractValue = (
    UnknownValue
    | ConstantValue
    | TypedValue
    | LibraryObject
    | ClientValue
    | ClientPart
    | OperationMethod
    | ResponseValue
    | TaskValue
    | DictValue
    | SequenceValue
    | ProjectFunction
    | ProjectClass
    | ProjectInstance
    | ProjectModule
    | PartialValue
    | ContextManagerValue
    | ValueMethod
)
PossibleValues = frozenset[AbstractValue]  # the possible values; empty: not reached yet

NOWHERE = SourceSpan("", 0, 0, 0, 0)  # place of what is not written in the source
NOTHING: PossibleValues = frozenset()
ANYTHING: PossibleValues = frozenset({UnknownValue()})
DULL = (ConstantValue, TypedValue, DictValue, SequenceValue)


def only_value(atom: AbstractValue) -> PossibleValues:
    """Return a set of possible values that contains only `atom`."""
    return frozenset({atom})


def constant_value(value: Any, origins: tuple[SourceSpan, ...] = ()) -> PossibleValues:
    """Return the possible values of a constant: only itself.

    Only the type is kept of a text over LONGEST characters or an integer over 64 bits. `origins` are the positions of
    the texts that the constant is made of, if they name an operation.
    """
    kind = type(value).__name__
    is_long = len(value) > LONGEST if isinstance(value, str | bytes) else kind == "int" and value.bit_length() > 64
    return typed(kind) if is_long else only_value(ConstantValue(value, kind, origins))


def typed(kind: str) -> PossibleValues:
    """Return the possible values of something of which only the Python type is known, such as `str`."""
    return only_value(TypedValue(kind))


def joined(*values: PossibleValues) -> PossibleValues:
    """Return the union of several sets of possible values.

    If it has more than WIDEST (24) values, constants, known types and dicts in it become ANYTHING, and its lists one
    list of unknown length. Without arguments the result is NOTHING.
    """
    found: PossibleValues = frozenset().union(*values)
    if len(found) <= WIDEST:
        return found
    kept = frozenset(atom for atom in found if not isinstance(atom, DULL)) | ANYTHING
    lists = [atom for atom in found if isinstance(atom, SequenceValue) and atom.kind not in ("dict", "future")]
    return kept | sequence_of(joined(*(list_.element for list_ in lists))) if lists else kept


def sequence_with(items: Iterable[PossibleValues], kind: str = "list") -> PossibleValues:
    """Return the possible values of a container with these items in order.

    Above MOST items, only one set of possible values is kept for all of them. A container that nests deeper than
    DEEPEST levels is only known by its type.
    """
    listed = tuple(items)
    if len(listed) > MOST:
        return sequence_of(joined(*listed), kind)
    depth = 1 + max((_depth(known) for known in listed), default=0)
    if depth > DEEPEST:
        return typed(kind)
    return only_value(SequenceValue(listed, joined(*listed), kind, depth))


def sequence_of(element: PossibleValues, kind: str = "list") -> PossibleValues:
    """Return the possible values of a container of unknown length, whose items may have the values `element`."""
    depth = 1 + _depth(element)
    return typed(kind) if depth > DEEPEST else only_value(SequenceValue(None, element, kind, depth))


def dict_with(entries: Iterable[DictEntry], *, open: bool = False) -> PossibleValues:
    """Return the possible values of a dict with these entries; with `open`, the dict may have others too.

    Of several entries with one key, the last one counts.
    """
    last = {entry.key: entry for entry in entries}
    depth = 1 + max((_depth(entry.value) for entry in last.values()), default=0)
    return typed("dict") if depth > DEEPEST else frozenset({DictValue(tuple(last.values()), open, depth)})


def _depth(value: PossibleValues) -> int:
    return max((atom.depth for atom in value if isinstance(atom, DictValue | SequenceValue)), default=0)


def opened(value: PossibleValues) -> PossibleValues:
    """Return the same possible values, but containers among them may also hold anything else."""
    return frozenset(opened_atom(atom) for atom in value)


def opened_atom(atom: AbstractValue) -> AbstractValue:
    """Return the same value; if it is a list, set or dict, it may also hold anything else.

    That holds for containers inside, too. A tuple keeps its number of items.
    """
    match atom:
        case DictValue(entries, _, depth):
            inside = tuple(DictEntry(entry.key, opened(entry.value), entry.place) for entry in entries)
            return DictValue(inside, True, depth)
        case SequenceValue(_, element, "list" | "set" | "dict", depth) if depth < DEEPEST:
            return SequenceValue(None, joined(opened(element), ANYTHING), atom.kind, depth)
        case SequenceValue(tuple(listed), element, kind, depth):
            return SequenceValue(tuple(opened(inner) for inner in listed), opened(element), kind, depth)
    return atom


def key_of(value: PossibleValues) -> str | None:
    """Return the text that is the only constant among the possible values; None if there is no such text.

    Values that are no constants do not count.
    """
    match [atom.value for atom in value if isinstance(atom, ConstantValue)]:
        case [str(key)]:
            return key
    return None


def texts(value: PossibleValues) -> list[str] | None:
    """Return the possible texts, sorted; None if the value may be something other than a constant text."""
    found = [atom.value for atom in value if isinstance(atom, ConstantValue) and atom.kind == "str"]
    return sorted(found) if found and len(found) == len(value) else None


def elements(value: PossibleValues) -> tuple[PossibleValues, ...] | None:
    """Return the possible values of each item of a container, or of each key of a dict, in order.

    The result is None if they are not known exactly, or if the value may be one of several containers.
    """
    match [*value]:
        case [SequenceValue(listed)]:
            return listed
        case [DictValue(entries, False)]:
            return tuple(constant_value(entry.key) for entry in entries)
    return None


def awaited(value: PossibleValues) -> PossibleValues:
    """Return the possible results of `await value`. Values that are no awaitable are returned unchanged."""
    futures = [atom for atom in value if isinstance(atom, SequenceValue) and atom.kind == "future"]
    return joined(value.difference(futures), *(atom.element for atom in futures))


def future(value: PossibleValues) -> PossibleValues:
    """Return the possible values of an awaitable whose result has the values `value`."""
    return sequence_of(value, "future")


def merged(values: Iterable[PossibleValues]) -> PossibleValues:
    """Return the possible values of the union of dicts (`one | two | ...`).

    The result may have more keys (`open`) if one of the dicts may, or may be something other than a single dict.
    """
    entries: list[DictEntry] = []
    is_open = False
    for value in values:
        dicts = [atom for atom in value if isinstance(atom, DictValue)]
        entries += [entry for dict_ in dicts for entry in dict_.entries]
        is_open = is_open or len(value) != 1 or not dicts or dicts[0].open
    return dict_with(entries, open=is_open)


def chained(values: list[PossibleValues]) -> PossibleValues:
    """Return the possible values of a sum of lists (`one + two + ...`).

    The number of items is not known if that of one list is not known.
    """
    parts = [elements(value) for value in values]
    if all(part is not None for part in parts):
        return sequence_with([known for part in parts if part is not None for known in part])
    return sequence_of(joined(*(atom.element for value in values for atom in value if isinstance(atom, SequenceValue))))


def spread(value: PossibleValues) -> PassedArguments:
    """Return the positional arguments that `*value` passes; `more` is true if the items are not known exactly."""
    match [*value]:
        case [SequenceValue(tuple(items))]:
            return PassedArguments(items)
    return PassedArguments(more=True)


def keyword_variants(value: PossibleValues) -> list[PassedArguments]:
    """Return the arguments that `**value` may pass: one entry for each possible dict.

    If the value may be something other than a known dict, the last entry allows any keywords (`open`).
    """
    dicts = sorted((atom for atom in value if isinstance(atom, DictValue)), key=lambda known: len(known.entries))
    found = [PassedArguments(keywords=dict_.entries, open=dict_.open) for dict_ in dicts]
    return found if found and len(found) == len(value) else [*found, PassedArguments(open=True)]
