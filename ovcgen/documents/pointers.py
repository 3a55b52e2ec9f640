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
    """Return the unescaped keys and list indexes of a JSON pointer: `("paths", "/pets")` for `/paths/~1pets`.

    Indexes are strings, too. The result is () for "", the pointer of the whole document.

    Raises:
        LookupError: the text is not a JSON pointer; another one than "" begins with a slash.
    """
    if not POINTER.fullmatch(pointer):
        raise LookupError(pointer)
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def reference_steps(reference: str) -> tuple[str, ...]:
    """Return the keys and list indexes of a reference such as `#/definitions/Pet`, percent-decoded and unescaped.

    The `#` may be missing. The result is () for `#`, the whole document.

    Raises:
        LookupError: what follows the `#` is not a JSON pointer, as in a reference to another document.
    """
    return steps(unquote(reference.removeprefix("#")))


def at(value: Json, steps: Iterable[str]) -> Json:
    """Return the value that is reached from `value` by these steps, which are keys of objects and indexes of lists.

    Raises:
        LookupError: there is no such key or index, or a step leads into a scalar.
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
    """Return the path of the object whose `$anchor` is `name`, the nearest to the root (JSON Schema 2020-12, 8.2.2).

    All objects and lists inside of `value` are searched. Of two at the same depth the first one is returned.

    Raises:
        LookupError: no object has that anchor.
    """
    waiting = deque[tuple[tuple[str, ...], Json]]([((), value)] if isinstance(value, dict | list) else [])
    while waiting:
        path, found = waiting.popleft()
        if isinstance(found, dict) and found.get("$anchor") == name:
            return path
        inside = found.items() if isinstance(found, dict) else enumerate(found)
        waiting += [((*path, str(step)), inner) for step, inner in inside if isinstance(inner, dict | list)]
    raise LookupError(name)


def index(step: str) -> int:
    """Return a step of a JSON pointer, such as `0` or `12`, as a list index.

    Raises:
        LookupError: the step is not a number of at most nine digits without leading zeros, for example `-`.
    """
    if not INDEX.fullmatch(step):
        raise LookupError(step)
    return int(step)


def escaped(step: str | int) -> str:
    """Return a key or an index as one step of a JSON pointer: `~1pets` for `/pets`, `~0` for `~`."""
    return str(step).replace("~", "~0").replace("/", "~1")


def json_pointer(path: Iterable[str | int]) -> str:
    """Return the JSON pointer of a path (unescaped keys and list indexes); "" for an empty path."""
    return "".join(f"/{escaped(step)}" for step in path)


def printable_pointer(path: Iterable[str | int]) -> str:
    """Return the JSON pointer of a path for messages: printable ASCII, each step at most 120 characters.

    Other characters are escaped and long steps cut, as by `printable`, so it may not lead back to the place.
    """
    return "".join(f"/{printable(escaped(step))}" for step in path)
