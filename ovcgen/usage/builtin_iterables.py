"""Evaluate Python's own functions over iterables: `sorted`, `next`, `enumerate`, `zip`, `dict`, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovcgen.usage import calls, items
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    DictEntry,
    DictValue,
    Known,
    PassedArguments,
    SequenceValue,
    a_dict,
    fixed,
    joined,
    many,
    several,
    typed,
)

if TYPE_CHECKING:
    from ovcgen.usage.calls import CallSite


def mapped(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `map(function, ...)`."""
    target, rest = handed_over(given)
    each = PassedArguments(tuple(items.each_of(site.state, value) for value in rest.values))
    return many(calls.call(site, target, each))


def filtered(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `filter(function, ...)`."""
    target, rest = handed_over(given)
    if not rest.values:
        return ANYTHING
    each = items.each_of(site.state, rest.values[0])
    calls.call(site, target, PassedArguments((each,)))
    return many(each)


def same_items(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `sorted`, `list`, `reversed` and others that return the same items."""
    if not given.values:
        return several(())
    each = items.each_of(site.state, given.values[0])
    if key := given.keyword("key"):
        calls.call(site, key, PassedArguments((each,)))
    return given.values[0] if items.elements(given.values[0]) is not None else many(each)


def one_item(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `next`, `max` and `min`: one of the items, or a default."""
    if not given.values:
        return ANYTHING
    each = items.each_of(site.state, given.values[0])
    if key := given.keyword("key"):
        calls.call(site, key, PassedArguments((each,)))
    return joined(each, *given.values[1:], given.keyword("default") or NOTHING)


def enumerated(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `enumerate(...)`."""
    listed = items.elements(given.values[0]) if given.values else None
    if listed is not None:
        return several(several((fixed(index), each), "tuple") for index, each in enumerate(listed))
    each = items.each_of(site.state, given.values[0]) if given.values else ANYTHING
    return many(several((typed("int"), each), "tuple"))


def zipped(site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `zip(...)`."""
    rows = [items.elements(known) for known in given.values]
    known = [row for row in rows if row is not None]
    if known and len(known) == len(rows):
        return several(several(each, "tuple") for each in zip(*known, strict=False))
    return many(several((items.each_of(site.state, known) for known in given.values), "tuple"))


def dict_of(_site: CallSite, given: PassedArguments) -> Known:
    """Evaluate `dict(...)`."""
    entries: list[DictEntry] = []
    is_open = given.open
    for value in given.values:
        dicts = [atom for atom in value if isinstance(atom, DictValue)]
        entries += [entry for dict_ in dicts for entry in dict_.entries]
        is_open = is_open or len(dicts) != len(value) or len(dicts) != 1 or dicts[0].open
        answers = frozenset(atom for atom in value if not isinstance(atom, DictValue | SequenceValue))
        if answers and not dicts:
            return answers  # a copy of a response is treated like the response
    return a_dict([*entries, *given.keywords], open=is_open)


def handed_over(given: PassedArguments) -> tuple[Known, PassedArguments]:
    """Split the arguments into the function that is passed first and the arguments for it."""
    if not given.values:
        return NOTHING, given
    return given.values[0], PassedArguments(given.values[1:], given.keywords, given.open, given.more)
