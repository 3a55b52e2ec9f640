"""Recognise OpenAPI 3 documents of any minor version, and refuse those that can't be used."""

from __future__ import annotations

from collections.abc import Sequence

from ovcgen.documents.document import Document, Problem
from ovcgen.documents.errors import NotAsWritten, NotSwagger, printable

MAJOR = "3"
CONTENTS = frozenset({"paths", "components", "webhooks"})  # one of them is needed


def is_openapi3(document: Document) -> bool:
    """Return whether a document says that it is OpenAPI 3, of any minor version, even of one that is not known yet.

    `openapi` may be a string or a number; without it the result is False.
    """
    return str(document.get("openapi")).split(".")[0] == MAJOR


def check_version(document: Document, source: str) -> None:
    """Check that a document says that it is OpenAPI 3, of any minor version. `source` is its name in error messages.

    Raises:
        NotSwagger: the document has another value of `openapi`, or none.
    """
    if not is_openapi3(document):
        raise NotSwagger(source, f"it says openapi: {printable(str(document.get('openapi')), 20)}")


def check_problems(document: Document, problems: Sequence[Problem], source: str, *, left: int, strict: bool) -> None:
    """Check that an OpenAPI 3 document can be used in spite of its problems. `source` names it in error messages.

    Args:
        document: The OpenAPI 3 document.
        problems: The mistakes that were found in the document; without any, the document is accepted.
        left: The number of operations that could be read. A document with only schemas or webhooks needs none.
        strict: Whether any problem is an error.

    Raises:
        NotAsWritten: the document has problems, and `strict` is set or nothing in it can be used. The latter means that
            `left` is 0, and that `paths` is not empty or `paths`, `components` and `webhooks` are all missing.
    """
    is_empty = not left and (bool(document.get("paths")) or CONTENTS.isdisjoint(document))
    if problems and (strict or is_empty):
        raise NotAsWritten(source, problems, strict=strict and not is_empty)
