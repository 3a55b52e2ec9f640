"""Recognise OpenAPI 3 documents, and refuse those of versions that are not known."""

from __future__ import annotations

from collections.abc import Sequence

from ovcgen.documents.document import Document, Problem
from ovcgen.documents.errors import NotAsWritten, NotSwagger, printable

MAJOR = "3"
CONTENTS = frozenset({"paths", "components", "webhooks"})  # one of them is needed


def is_openapi3(document: Document) -> bool:
    """Return whether a document says that it is OpenAPI 3, of any minor version.

    An unknown minor version or patch is no reason to refuse it.
    """
    return str(document.get("openapi")).split(".")[0] == MAJOR


def check_version(document: Document, source: str) -> None:
    """Check that the version of a document is known.

    Raises:
        NotSwagger: it says that it is OpenAPI, but not OpenAPI 3.
    """
    if not is_openapi3(document):
        raise NotSwagger(source, f"it says openapi: {printable(str(document.get('openapi')), 20)}")


def check_problems(document: Document, problems: Sequence[Problem], source: str, *, left: int, strict: bool) -> None:
    """Check that a document can be used in spite of its problems.

    Args:
        left: The number of operations that could be read. A document with only schemas or webhooks needs none.
        strict: Whether any problem is an error.

    Raises:
        NotAsWritten: the document has problems, and `strict` is set, no operation could be read, or it describes
            nothing.
    """
    is_empty = not left and (bool(document.get("paths")) or CONTENTS.isdisjoint(document))
    if problems and (strict or is_empty):
        raise NotAsWritten(source, problems, strict=strict and not is_empty)
