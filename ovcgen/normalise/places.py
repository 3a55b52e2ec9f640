"""Finding one's way in a document: its operations, and the places that pointers and references name (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from ovcgen.documents.document import Document
from ovcgen.documents.pointers import at, index, steps
from ovcgen.errors import SpecRefused

__all__ = ["VERBS", "DanglingReference", "at", "index", "is_path", "operations", "referenced", "resolved", "steps"]

VERBS = ("delete", "get", "head", "options", "patch", "post", "put")


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


def referenced(document: Document, target: str) -> dict[str, Any]:
    """The object that a `$ref` such as `#/definitions/Pet` names; raises DanglingReference."""
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
