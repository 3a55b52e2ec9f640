"""Finding one's way in a document: its operations, and the places that pointers and references name (RFC 6901)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from ovcgen.errors import SpecRefused
from ovcgen.spec import Document, Json

VERBS = ("delete", "get", "head", "options", "patch", "post", "put")
POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*", re.DOTALL)
INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


class DanglingReference(SpecRefused):
    """A reference to a place that the document does not have."""

    def __init__(self, target: str) -> None:
        super().__init__(
            f"The document refers to {ascii(target)[:120]}, which it does not have.",
            fix="Correct that `$ref`, or add what it names to the document.",
        )


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every (path, verb, operation), sorted; extensions (`x-...`) are none."""
    for path, item in sorted(document.get("paths", {}).items()):
        for verb in VERBS:
            if is_path(path) and isinstance(item.get(verb), dict):
                yield path, verb, item[verb]


def is_path(key: str) -> bool:
    """Whether a key of `paths` is a path, and no extension."""
    return key.startswith("/")


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


def referenced(document: Document, target: str) -> dict[str, Any]:
    """The object that a `$ref` such as `#/definitions/Machine` names; raises DanglingReference."""
    try:
        found = at(document, steps(unquote(target.removeprefix("#"))))
    except LookupError as error:
        raise DanglingReference(target) from error
    if not isinstance(found, dict) or not target.startswith("#/"):
        raise DanglingReference(target)
    return found


def resolved(document: Document, body: dict[str, Any]) -> dict[str, Any]:
    """The object itself, or what it stands for; raises DanglingReference also for references in a circle."""
    passed: set[str] = set()
    while isinstance(target := body.get("$ref"), str):
        if target in passed:
            raise DanglingReference(target)
        passed.add(target)
        body = referenced(document, target)
    return body
