"""JSON pointers (RFC 6901): into values, and back into text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ovcgen.documents.document import Json
from ovcgen.documents.errors import printable

POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*", re.DOTALL)
INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def steps(pointer: str) -> tuple[str, ...]:
    """The steps of a JSON pointer; raises LookupError for what is none."""
    if not POINTER.fullmatch(pointer):
        raise LookupError(pointer)
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def at(value: Json, steps: Iterable[str]) -> Json:
    """What is there; raises LookupError where nothing is."""
    for step in steps:
        if isinstance(value, dict):
            value = value[step]
        elif isinstance(value, list):
            value = value[index(step)]
        else:
            raise LookupError(step)
    return value


def index(step: str) -> int:
    """A step into a list; raises LookupError for what is no index."""
    if not INDEX.fullmatch(step):
        raise LookupError(step)
    return int(step)


def pointer_of(path: Iterable[str | int]) -> str:
    """The pointer of a place, harmless on a terminal."""
    return "".join(f"/{printable(str(step).replace('~', '~0').replace('/', '~1'))}" for step in path)
