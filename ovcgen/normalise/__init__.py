"""Normalise a document: apply its overlay, then the steps of its dialect.

The steps write these keys for the reader.

- On operations: `x-ovcgen-name` (the Python names of group, actor and method), `x-ovcgen-id` (the declared
  operationId, if it had to be replaced), `x-ovcgen-alternative` (another method of the same path has the Python name),
  `x-ovcgen-async` (accepts `_async`), `x-ovcgen-route` (the path to request, if it is not the declared one).
- On parameters: `x-ovcgen-key` (the Python keyword), `x-ovcgen-unnamed` (a body without a name of its own;
  `documents.repair` has written it),
  `x-ovcgen-task` (a Task can be passed instead of its guid).
- On the document: `x-ovcgen-dialect`.

Overlays write `x-guest`, `x-retry`, `x-validator`, `x-undeclared`, `x-one-of`, `x-capped`, `x-done-when` (see
`model.readers.waiters`) and `x-use-instead` (the dotted name of the operation that replaces this one).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from ovcgen.documents.document import Document, Json
from ovcgen.documents.openapi3_checks import is_openapi3
from ovcgen.normalise import dialect_registry, overlay

__all__ = ["normalise"]


def normalise(
    document: Document,
    corrections: Mapping[str, Json] | None = None,
    *,
    release: str = "",
    dialect: str = "",
    as_declared: bool = False,
) -> Document:
    """Return the document with its overlay and the steps of its dialect applied, and the dialect in `x-ovcgen-dialect`.

    The given document is not changed. The dialect is detected in the document before the overlay is applied.

    Args:
        document: A Swagger 2.0 document. An OpenAPI 3 document is returned unchanged: `model.readers.openapi3` reads it
            as it is.
        corrections: The overlay; None for none. Use `overlay.applicable_part` first if it was written for another
            document.
        release: The name of the release, for error messages.
        dialect: The name of the dialect; "" to detect it.
        as_declared: Whether to skip the steps that discard declarations which this dialect mostly gets wrong. Use it to
            compare documents, not to generate calls.

    Raises:
        OverlayMissesTarget: a correction does not fit the document.
        DanglingReference: a `$ref` names something that the document does not have.
        KeyError: no dialect is named `dialect`.
        BrokenPlugin: a plugin that adds a dialect can't be used.
    """
    if is_openapi3(document):
        return document
    corrected = overlay.apply(document, corrections, release=release) if corrections else document
    chosen = dialect_registry.dialect_of(document, dialect)
    steps = [step for step in chosen.steps if not (as_declared and step in chosen.doubts)]
    done: Document = reduce(lambda done, step: step(done), steps, corrected)
    return {**done, "x-ovcgen-dialect": chosen.name}
