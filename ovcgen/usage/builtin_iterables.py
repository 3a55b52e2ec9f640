"""Python's own functions over the items of a value: `sorted`, `next`, `enumerate`, `zip`, `dict`..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovcgen.usage import calls, items
from ovcgen.usage.values import (
    ANYTHING,
    NOTHING,
    Dict,
    Entry,
    Given,
    Known,
    Several,
    a_dict,
    fixed,
    joined,
    many,
    several,
    typed,
)

if TYPE_CHECKING:
    from ovcgen.usage.calls import Site


def mapped(site: Site, given: Given) -> Known:
    target, rest = handed_over(given)
    each = Given(tuple(items.each_of(site.state, value) for value in rest.values))
    return many(calls.call(site, target, each))


def filtered(site: Site, given: Given) -> Known:
    target, rest = handed_over(given)
    if not rest.values:
        return ANYTHING
    each = items.each_of(site.state, rest.values[0])
    calls.call(site, target, Given((each,)))
    return many(each)


def same_items(site: Site, given: Given) -> Known:
    """`sorted`, `list`, `reversed`...: the same items, perhaps in another order."""
    if not given.values:
        return several(())
    each = items.each_of(site.state, given.values[0])
    if key := given.keyword("key"):
        calls.call(site, key, Given((each,)))
    return given.values[0] if items.elements(given.values[0]) is not None else many(each)


def one_item(site: Site, given: Given) -> Known:
    """`next`, `max`, `min`: one of the items, or a default."""
    if not given.values:
        return ANYTHING
    each = items.each_of(site.state, given.values[0])
    if key := given.keyword("key"):
        calls.call(site, key, Given((each,)))
    return joined(each, *given.values[1:], given.keyword("default") or NOTHING)


def enumerated(site: Site, given: Given) -> Known:
    listed = items.elements(given.values[0]) if given.values else None
    if listed is not None:
        return several(several((fixed(index), each), "tuple") for index, each in enumerate(listed))
    each = items.each_of(site.state, given.values[0]) if given.values else ANYTHING
    return many(several((typed("int"), each), "tuple"))


def zipped(site: Site, given: Given) -> Known:
    rows = [items.elements(each) for each in given.values]
    known = [row for row in rows if row is not None]
    if known and len(known) == len(rows):
        return several(several(each, "tuple") for each in zip(*known, strict=False))
    return many(several((items.each_of(site.state, each) for each in given.values), "tuple"))


def dict_of(_site: Site, given: Given) -> Known:
    entries: list[Entry] = []
    is_open = given.open
    for value in given.values:
        dicts = [each for each in value if isinstance(each, Dict)]
        entries += [entry for each in dicts for entry in each.entries]
        is_open = is_open or len(dicts) != len(value) or len(dicts) != 1 or dicts[0].open
        answers = frozenset(each for each in value if not isinstance(each, Dict | Several))
        if answers and not dicts:
            return answers  # a copy of an answer is read like it
    return a_dict([*entries, *given.keywords], open=is_open)


def handed_over(given: Given) -> tuple[Known, Given]:
    """The function that is handed over, and what is handed over with it."""
    if not given.values:
        return NOTHING, given
    return given.values[0], Given(given.values[1:], given.keywords, given.open, given.more)
