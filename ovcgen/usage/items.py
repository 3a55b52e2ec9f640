"""Evaluate access to the content of a value: items, keys, iteration and `await`."""

from __future__ import annotations

from ovcgen.usage.scope import ProjectState
from ovcgen.usage.usages import Read
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    Atom,
    ConstantValue,
    DictEntry,
    DictValue,
    Known,
    LibraryObject,
    ProjectInstance,
    ResponseValue,
    SequenceValue,
    SourceSpan,
    TaskValue,
    TypedValue,
    UnknownValue,
    a_dict,
    fixed,
    joined,
    many,
    one,
    several,
    typed,
)


def item(state: ProjectState, holder: Known, key: Known, place: SourceSpan, *, strict: bool = True) -> Known:
    """Return the possible values of `holder[key]`. Parts of responses are recorded as read.

    `strict` is false if the key may be missing, as in `.get()`.
    """
    return joined(*(_item(state, atom, key, place, strict) for atom in holder)) if holder else NOTHING


def _item(state: ProjectState, atom: Atom, key: Known, place: SourceSpan, strict: bool) -> Known:
    constants = [atom.value for atom in key if isinstance(atom, ConstantValue)]
    names = [constant for constant in constants if isinstance(constant, str)]
    match atom:
        case ResponseValue():
            return _inside(state, atom, names, place, strict)
        case DictValue():
            found = [entry.value for name in names if (entry := atom.entry(name))]
            every = joined(*(entry.value for entry in atom.entries)) if atom.entries else NOTHING
            if len(found) == len(key) and found:
                return joined(*found)
            return joined(every, ANYTHING) if not names else joined(*found, ANYTHING)
        case SequenceValue(listed, each):
            numbers = [index for index in constants if isinstance(index, int)]
            if listed is not None and len(numbers) == 1 == len(key) and -len(listed) <= numbers[0] < len(listed):
                return listed[numbers[0]]
            sliced = any(isinstance(part, TypedValue) and part.kind == "slice" for part in key)
            return many(each, atom.kind) if sliced else each
        case TypedValue("str") | LibraryObject("os.environ" | "sys.argv"):
            return typed("str")
    return ANYTHING


def _inside(state: ProjectState, answer: ResponseValue, names: list[str], place: SourceSpan, strict: bool) -> Known:
    """Return the part of a response and record that it is read."""
    if not names:
        inner = state.surface.inside(answer.dotted, answer.member, None)
        return ANYTHING if inner is None else one(ResponseValue(answer.dotted, inner, answer.doubt))
    found = NOTHING
    for name in names:
        inner = state.surface.inside(answer.dotted, answer.member, name)
        if inner is not None:
            state.use(Read(place, answer.dotted, inner, strict, answer.doubt))
            found = joined(found, one(ResponseValue(answer.dotted, inner, answer.doubt)))
    return found or ANYTHING


def each_of(state: ProjectState, value: Known) -> Known:
    """Return the possible values of an item in iteration. ANYTHING for an empty container: it may be filled later."""
    return _each_of(state, value) or (ANYTHING if value else NOTHING)


def _each_of(state: ProjectState, value: Known) -> Known:
    found = NOTHING
    for atom in value:
        match atom:
            case SequenceValue(None, each, "dict"):
                found = joined(found, ANYTHING)
            case SequenceValue(_, each):
                found = joined(found, each)
            case ResponseValue():
                inner = state.surface.inside(atom.dotted, atom.member, None)
                found = joined(found, ANYTHING if inner is None else one(ResponseValue(atom.dotted, inner, atom.doubt)))
            case DictValue():
                keys = [fixed(entry.key) for entry in atom.entries]
                found = joined(found, *keys, ANYTHING if atom.open else NOTHING)
            case ConstantValue(_, "str") | TypedValue("str"):
                found = joined(found, typed("str"))
            case _:
                found = joined(found, ANYTHING)
    return found


def elements(value: Known) -> tuple[Known, ...] | None:
    """Return the items one by one; None if they are not known exactly."""
    if len(value) != 1:
        return None
    [atom] = value
    match atom:
        case SequenceValue(listed, _, _):
            return listed
        case DictValue(entries, False):
            return tuple(fixed(entry.key) for entry in entries)
    return None


def awaited(value: Known) -> Known:
    """Return the result of `await`."""
    return joined(
        *(atom.each if isinstance(atom, SequenceValue) and atom.kind == "future" else one(atom) for atom in value)
    )


def future(value: Known) -> Known:
    """Return an awaitable with that result."""
    return many(value, "future")


def merged(values: list[Known]) -> Known:
    """Return the dict `one | other`."""
    entries: list[DictEntry] = []
    is_open = False
    for value in values:
        dicts = [atom for atom in value if isinstance(atom, DictValue)]
        entries += [entry for dict_ in dicts for entry in dict_.entries]
        is_open = is_open or len(dicts) != 1 or any(dict_.open for dict_ in dicts)
    return a_dict(entries, open=is_open)


def chained(values: list[Known]) -> Known:
    """Return the list `one + other`."""
    parts = [elements(value) for value in values]
    if all(part is not None for part in parts):
        return several([known for part in parts if part is not None for known in part])
    return many(joined(*(atom.each for value in values for atom in value if isinstance(atom, SequenceValue))))


def kind_of(state: ProjectState, atom: Atom) -> str:
    """Return the Python type of a value, such as "str"; "" if it is not known."""
    match atom:
        case ConstantValue(_, kind) | TypedValue(kind):
            return kind
        case ResponseValue():
            return state.surface.kind(atom.dotted, atom.member)
        case DictValue():
            return "dict"
        case SequenceValue(_, _, kind):
            return kind if kind != "future" else ""
        case TaskValue():
            return "Task"
        case ProjectInstance() | UnknownValue():
            return ""
    return ""
