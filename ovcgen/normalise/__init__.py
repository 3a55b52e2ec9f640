"""A document as served in, a well-formed document out: small corrections, in this order.

What the steps leave behind for the reader, on operations: `x-ovcgen-name` (the Python names of group, actor and
method), `x-ovcgen-id` (the declared operationId, where that could not stay), `x-ovcgen-alternative` (the verb that is
not used where a path has two), `x-ovcgen-async` (takes `_async`), `x-ovcgen-route` (the path that is called,
where it is not the declared one);
on parameters: `x-ovcgen-key` (the Python keyword), `x-ovcgen-unnamed` (a body whose name is ours), `x-ovcgen-task` (a
Task stands for its value); on the document: `x-ovcgen-dialect`. What overlays write: `x-guest`, `x-retry`,
`x-validator`, `x-undeclared`, `x-one-of`, `x-capped`, `x-done-when` (`model.waiter` says what it holds),
`x-use-instead` (how the call that takes the place of a removed one is spelled).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from ovcgen.documents.document import Document, Json
from ovcgen.normalise import dialects, overlay

__all__ = ["normalise"]


def normalise(
    document: Document,
    corrections: Mapping[str, Json] | None = None,
    *,
    release: str = "",
    spoken: str = "",
    as_declared: bool = False,
) -> Document:
    """The document with its overlay applied and every quirk of its dialect taken out.

    `spoken` is that dialect, which is recognised where it is not said. Raises OverlayMissesTarget if a correction does
    not fit; `overlay.fitting` leaves those out beforehand. `as_declared` keeps what a document declares, also where
    documents of that dialect are mostly wrong: for comparing documents, not for calling.
    """
    corrected = overlay.apply(document, corrections, release=release) if corrections else document
    dialect = dialects.of(document, spoken)
    steps = [step for step in dialect.steps if not (as_declared and step in dialect.doubts)]
    done: Document = reduce(lambda done, step: step(done), steps, corrected)
    return {**done, "x-ovcgen-dialect": dialect.name}
