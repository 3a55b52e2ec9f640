"""Compare the results of one call on two releases: their types and keys, and values that describe an object's state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ovcgen.diff.sanitize import quoted
from ovcgen.rehearsal.exchange_alignment import same_objects

Json = Any
WORD = re.compile(r"[A-Z][A-Z_]+|")  # a status such as DELETED; names and texts are not compared
TYPES = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "an object"}


def result_differences(old: Json, new: Json) -> list[str]:
    """Return sentences about the differences of two results; [] if none is found.

    Types, keys, the lengths of lists, booleans and words in capitals (statuses; "" counts as one) are compared; other
    texts and numbers are not. Integers and fractions are the same type. Items of lists are compared with the item of
    the same name, or, if no names are equal and the lengths are, by position. A difference in many items is reported
    once.
    """
    return list(dict.fromkeys(_differences(old, new, "")))


def _differences(old: Json, new: Json, place: str) -> Iterator[str]:
    before, after = _type(old), _type(new)
    if before != after:
        yield f"{_subject(place)} is {after}; it was {before}"
    elif isinstance(old, dict):
        yield from _object(old, new, place)
    elif isinstance(old, list):
        yield from _list(old, new, place)
    elif old != new and _says_something(old) and _says_something(new):
        yield f"{_subject(place)} is {_written(new)}; it was {_written(old)}"


def _object(old: dict[str, Json], new: dict[str, Json], place: str) -> Iterator[str]:
    for key in sorted(old.keys() | new.keys()):
        inner = f"{place}.{key}" if place else key
        if key not in new:
            yield f"{_subject(inner)} is missing"
        elif key not in old:
            yield f"{_subject(inner)} is new"
        else:
            yield from _differences(old[key], new[key], inner)


def _list(old: list[Json], new: list[Json], place: str) -> Iterator[str]:
    inner = f"{place}[]"
    if len(old) != len(new):
        yield f"{_subject(place)} has {_items(len(new))}; it had {len(old)}"
    named = list(same_objects(old, new))
    if not named and len(old) == len(new):
        named = list(zip(old, new, strict=True))
    for before, after in named:
        yield from _differences(before, after, inner)


def _says_something(value: Json) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and WORD.fullmatch(value) is not None)


def _type(value: Json) -> str:
    return "null" if value is None else TYPES[type(value)]


def _written(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value or "empty"


def _subject(place: str) -> str:
    return quoted(place) if place else "the answer"


def _items(count: int) -> str:
    return f"{count} item{'' if count == 1 else 's'}"
