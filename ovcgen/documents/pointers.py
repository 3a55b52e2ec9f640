"""Parse, follow and write JSON pointers (RFC 6901), also those in references such as `#/definitions/Pet`."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from urllib.parse import unquote

from ovcgen.documents.document import Json
from ovcgen.documents.errors import printable

POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*", re.DOTALL)
INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def steps(pointer: str) -> tuple[str, ...]:
    """Return the steps of a JSON pointer, unescaped.

    Raises:
        LookupError: it is not a JSON pointer.
    """
    if not POINTER.fullmatch(pointer):
        raise LookupError(pointer)
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def reference_steps(reference: str) -> tuple[str, ...]:
    """Return the steps of a reference within the document. Its pointer is percent-encoded, as URL fragments are.

    Raises:
        LookupError: it does not hold a JSON pointer.
    """
    return steps(unquote(reference.removeprefix("#")))


def at(value: Json, steps: Iterable[str]) -> Json:
    """Return the value at the end of the steps.

    Raises:
        LookupError: there is none.
    """
    for step in steps:
        if isinstance(value, dict):
            value = value[step]
        elif isinstance(value, list):
            value = value[index(step)]
        else:
            raise LookupError(step)
    return value


def anchor_path(value: Json, name: str) -> tuple[str, ...]:
    """Return the path of the first object with that `$anchor` (JSON Schema 2020-12, 8.2.2).

    Raises:
        LookupError: there is none.
    """
    waiting = deque[tuple[tuple[str, ...], Json]]([((), value)])
    while waiting:
        path, found = waiting.popleft()
        if isinstance(found, dict) and found.get("$anchor") == name:
            return path
        inside = found.items() if isinstance(found, dict) else enumerate(found)
        waiting += [((*path, str(step)), inner) for step, inner in inside if isinstance(inner, dict | list)]
    raise LookupError(name)


def index(step: str) -> int:
    """Return a step as a list index.

    Raises:
        LookupError: it is not an index.
    """
    if not INDEX.fullmatch(step):
        raise LookupError(step)
    return int(step)


def escaped(step: str | int) -> str:
    """Return a key or an index as one step of a JSON pointer."""
    return str(step).replace("~", "~0").replace("/", "~1")


def json_pointer(path: Iterable[str | int]) -> str:
    """Return the JSON pointer of a path."""
    return "".join(f"/{escaped(step)}" for step in path)


def printable_pointer(path: Iterable[str | int]) -> str:
    """Return the JSON pointer of a path for messages: printable ASCII, each step at most 120 characters."""
    return "".join(f"/{printable(escaped(step))}" for step in path)
