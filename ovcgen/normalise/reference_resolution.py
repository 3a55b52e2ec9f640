"""Find operations and the targets of JSON pointers and references in a document (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ovcgen.documents.document import VERBS, Document
from ovcgen.documents.pointers import at, reference_steps
from ovcgen.errors import SpecRefused


class DanglingReference(SpecRefused):
    """An error: a `$ref` leads to something that the document does not have, to another document, or to itself.

    Args:
        target: The value of the `$ref`.
    """

    def __init__(self, target: str) -> None:
        super().__init__(
            f"The document refers to {ascii(target)[:120]}, which it does not have.",
            fix="Correct that `$ref`, or add what it names to the document.",
        )


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (path, verb, operation object) of every operation, sorted by path and verb. The verb is in lower case.

    Extensions (`x-...`) are skipped, and so are verbs that Swagger 2.0 does not know. The objects are the document's
    own.
    """
    for path, item in sorted(document.get("paths", {}).items()):
        if is_path(path):
            for verb in sorted(item.keys() & VERBS):
                if isinstance(item[verb], dict):
                    yield path, verb, item[verb]


def is_path(key: str) -> bool:
    """Return whether a key of `paths` begins with a slash, and so is a path instead of an extension (`x-...`)."""
    return key.startswith("/")


def referenced(document: Document, target: str) -> dict[str, Any]:
    """Return the document's own object that a `$ref` such as `#/definitions/Pet` leads to.

    The object may be a `$ref` itself, which is not followed.

    Raises:
        DanglingReference: there is nothing, it is no object, or it is in another document.
    """
    try:
        found = at(document, reference_steps(target))
    except LookupError as error:
        raise DanglingReference(target) from error
    if not isinstance(found, dict) or not target.startswith("#/"):
        raise DanglingReference(target)
    return found


def resolved(document: Document, body: dict[str, Any]) -> dict[str, Any]:
    """Return `body`, or the object it refers to if it is a `$ref` (also through several references). Nothing is copied.

    Raises:
        DanglingReference: a reference leads nowhere, out of the document or in a circle, or its target is no object.
    """
    passed: set[str] = set()
    while isinstance(target := body.get("$ref"), str):
        if target in passed:
            raise DanglingReference(target)
        passed.add(target)
        body = referenced(document, target)
    return body
