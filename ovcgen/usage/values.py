"""What an expression may stand for, as far as it matters to calls of a portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

WIDEST = 24  # ways in which one value is told apart
DEEPEST = 6  # containers in containers
MOST = 1000  # items of a list that are told apart
LONGEST = 10_000  # characters of a text


@dataclass(frozen=True, slots=True, order=True)
class SourceSpan:
    """A piece of a file: lines from 1, columns from 0 and in characters, as in Python's own syntax tree."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """Anything."""


@dataclass(frozen=True, slots=True)
class ConstantValue:
    """A value that stands in the source; `kind` keeps `1` and `True` apart.

    `origins` are the places of texts which it is made of and which name an operation.
    """

    value: Any
    kind: str
    origins: tuple[SourceSpan, ...] = ()

    def same(self, other: ConstantValue) -> bool:
        """Return whether both are equal in Python, wherever they were written."""
        return self.value == other.value and self.kind == other.kind


@dataclass(frozen=True, slots=True)
class TypedValue:
    """Some value of a Python type: `str`, `int`, `float`, `bool`, `list`, `dict`...

    `ending` is the end of a text of which only the end is known, such as the path of a URL.
    """

    kind: str
    ending: str = ""
    origins: tuple[SourceSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryObject:
    """A module, class or function that is not the project's, by its full name: `functools.partial`."""

    name: str


@dataclass(frozen=True, slots=True)
class ClientValue:
    """A portal."""


@dataclass(frozen=True, slots=True)
class ClientPart:
    """`portal.cloudapi` or `portal.cloudapi.machines`; `doubt` says why it may be no portal's at all."""

    path: tuple[str, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class OperationMethod:
    """`portal.cloudapi.machines.create`, not called yet; `place` is where it was looked up."""

    dotted: str
    place: SourceSpan
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class ResponseValue:
    """What a call answers, or what is in it: `member` is a path such as `[].disks[].id`."""

    dotted: str
    member: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class TaskValue:
    """A task."""

    dotted: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class DictEntry:
    """A key of a dict and what is there; `place` is where the key is written."""

    key: str
    value: Known
    place: SourceSpan | None = None


@dataclass(frozen=True, slots=True)
class DictValue:
    """A dict whose keys are known, but for others where it is `open`."""

    entries: tuple[DictEntry, ...] = ()
    open: bool = False
    depth: int = 1

    def entry(self, key: str) -> DictEntry | None:
        """The entry of that key."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class SequenceValue:
    """A list, tuple, set or generator: its `items` in order, or None where only what `each` may be is known."""

    items: tuple[Known, ...] | None
    each: Known
    kind: str = "list"
    depth: int = 1


@dataclass(frozen=True, slots=True)
class ProjectFunction:
    """A function of the project, by its number; `owner` is what it is bound to."""

    number: int
    owner: Known = frozenset()


@dataclass(frozen=True, slots=True)
class ProjectClass:
    """A class of the project, by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class ProjectInstance:
    """An object of a class of the project; `after` is the class whose `super()` it is."""

    number: int
    after: int = -1


@dataclass(frozen=True, slots=True)
class ProjectModule:
    """A module of the project."""

    file: str


@dataclass(frozen=True, slots=True)
class PartialValue:
    """A call that is half made."""

    target: Atom
    given: PassedArguments


@dataclass(frozen=True, slots=True)
class ContextManagerValue:
    """What `with` opens: `inside` is what stands after `as`."""

    inside: Known


@dataclass(frozen=True, slots=True)
class ValueMethod:
    """A method of a value that is not the project's, such as `append` of a list."""

    holder: Atom
    name: str


@dataclass(frozen=True, slots=True)
class PassedArguments:
    """The arguments of a call; `open` where there may be more keywords, `more` where there may be more values."""

    values: tuple[Known, ...] = ()
    keywords: tuple[DictEntry, ...] = ()
    open: bool = False
    more: bool = False
    positional: int = 0  # how many of the keywords were passed by their position

    def keyword(self, name: str) -> Known | None:
        """What is passed under that name."""
        return next((keyword.value for keyword in self.keywords if keyword.key == name), None)

    def after(self, later: PassedArguments) -> PassedArguments:
        """These arguments and then others, which win."""
        names = {keyword.key for keyword in later.keywords}
        kept = tuple(keyword for keyword in self.keywords if keyword.key not in names)
        return PassedArguments(
            self.values + later.values,
            kept + later.keywords,
            self.open or later.open,
            self.more or later.more,
        )


Atom = (
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
Known = frozenset[Atom]  # all that a value may be; nothing: no way leads there yet

NOTHING: Known = frozenset()
ANYTHING: Known = frozenset({UnknownValue()})
DULL = (ConstantValue, TypedValue, DictValue, SequenceValue)


def one(atom: Atom) -> Known:
    """That and nothing else."""
    return frozenset({atom})


def fixed(value: Any, origins: tuple[SourceSpan, ...] = ()) -> Known:
    """A value that stands in the source; of one that is too long, only its type."""
    kind = type(value).__name__
    is_long = len(value) > LONGEST if isinstance(value, str | bytes) else kind == "int" and value.bit_length() > 64
    return typed(kind) if is_long else frozenset({ConstantValue(value, kind, origins)})


def typed(kind: str) -> Known:
    """Some value of that type."""
    return frozenset({TypedValue(kind)})


def joined(*values: Known) -> Known:
    """All that any of them may be; what is too much to tell apart becomes anything."""
    found: Known = frozenset().union(*values)
    if len(found) <= WIDEST:
        return found
    kept = frozenset(atom for atom in found if not isinstance(atom, DULL)) | ANYTHING
    lists = [atom for atom in found if isinstance(atom, SequenceValue) and atom.kind not in ("dict", "future")]
    return kept | many(joined(*(list_.each for list_ in lists))) if lists else kept


def several(items: Iterable[Known], kind: str = "list") -> Known:
    """Those values in order."""
    listed = tuple(items)
    if len(listed) > MOST:
        return many(joined(*listed), kind)
    depth = 1 + max((_depth(known) for known in listed), default=0)
    if depth > DEEPEST:
        return typed(kind)
    return frozenset({SequenceValue(listed, joined(*listed), kind, depth)})


def many(each: Known, kind: str = "list") -> Known:
    """Some number of such values."""
    depth = 1 + _depth(each)
    return typed(kind) if depth > DEEPEST else frozenset({SequenceValue(None, each, kind, depth)})


def a_dict(entries: Iterable[DictEntry], *, open: bool = False) -> Known:
    """A dict with those keys; the later of two wins."""
    last = {entry.key: entry for entry in entries}
    depth = 1 + max((_depth(entry.value) for entry in last.values()), default=0)
    return typed("dict") if depth > DEEPEST else frozenset({DictValue(tuple(last.values()), open, depth)})


def _depth(value: Known) -> int:
    return max((atom.depth for atom in value if isinstance(atom, DictValue | SequenceValue)), default=0)


def opened(value: Known) -> Known:
    """Return the same containers, which may hold anything else by now."""
    return frozenset(_opened(atom) for atom in value)


def _opened(atom: Atom) -> Atom:
    match atom:
        case DictValue(entries, _, depth):
            return DictValue(
                tuple(DictEntry(entry.key, opened(entry.value), entry.place) for entry in entries), True, depth
            )
        case SequenceValue(_, each, "list" | "set" | "dict", depth) if depth < DEEPEST:
            return SequenceValue(None, joined(opened(each), ANYTHING), atom.kind, depth)
        case SequenceValue(tuple(listed), each, kind, depth):
            return SequenceValue(tuple(opened(inner) for inner in listed), opened(each), kind, depth)
    return atom


def texts(value: Known) -> list[str] | None:
    """The texts that it may be; None where it may be anything else."""
    found = [atom.value for atom in value if isinstance(atom, ConstantValue) and atom.kind == "str"]
    return sorted(found) if found and len(found) == len(value) else None
