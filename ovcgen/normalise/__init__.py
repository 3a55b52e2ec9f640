"""A document as served in, a well-formed document out: small corrections, in this order.

What the steps leave behind for the reader, on operations: `x-ovcgen-name` (the Python names of group, actor and
method), `x-ovcgen-alternative` (the verb that is not used where a path has two), `x-ovcgen-async` (takes `_async`);
on parameters: `x-ovcgen-key` (the Python keyword). What overlays write: `x-guest`, `x-retry`, `x-validator`,
`x-undeclared`, `x-one-of`, `x-capped`, `x-done-when` (`model.waiter` says what it holds), `x-use-instead`
(how the call that takes the place of a removed one is spelled).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from ovcgen.normalise import auth, dialect, names, overlay, responses, shared, tasks, types
from ovcgen.normalise.walk import Step
from ovcgen.spec import Document, Json

STEPS: Mapping[str, tuple[Step, ...]] = {
    "openvcloud": (
        shared.write_out,
        types.drop_meaningless,
        types.plain_base_path,
        responses.trim_texts,
        responses.distrust,
        auth.declare_logins,
        tasks.declare_actor,
        tasks.accept_async,
        names.name_operations,
        names.name_parameters,
    ),
    "plain": (
        shared.write_out,
        types.drop_meaningless,
        types.plain_base_path,
        names.name_operations,
        names.name_parameters,
    ),
}


def normalise(
    document: Document,
    corrections: Mapping[str, Json] | None = None,
    *,
    release: str = "",
) -> Document:
    """The document with its overlay applied and every quirk of its dialect taken out.

    Raises OverlayMissesTarget if a correction does not fit; `overlay.fitting` leaves those out beforehand.
    """
    corrected = overlay.apply(document, corrections, release=release) if corrections else document
    return reduce(lambda done, step: step(done), STEPS[dialect.of(document)], corrected)
